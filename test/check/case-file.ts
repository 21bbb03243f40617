// Case files: chunks of policy items with the diagnostics that they must give, written where they begin.
//
//   ### title
//   deny r when nobody          //~ P3001
//   deny s when price * 2 > 1   //~ P3027 "price"
//
// A mark lists codes and, in quotes, words that the texts of this line must contain. A chunk without marks gives no diagnostic at all.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Diagnostic, describe } from '../../src/diagnostic/diagnostic.ts';
import type { Host } from '../../src/policy.ts';

const FOLDER = join(import.meta.dirname, 'cases');

export interface Case {
  readonly title: string;
  readonly source: string;
}

/** Declarations that stand above a chunk unless it makes them itself. */
const HEADER = [
  'request from "standard.schema.json"',
  'effects allow < deny',
  'combining most_restrictive',
  'default deny',
  'allow standard when flag',
];

export function readCases(name: string): Case[] {
  const [, ...chunks] = readFileSync(join(FOLDER, name), 'utf8').split(/^### /m);
  return chunks.map((chunk) => {
    const end = chunk.indexOf('\n');
    return { title: chunk.slice(0, end), source: complete(chunk.slice(end + 1).trimEnd()) };
  });
}

/** A chunk with its header; one that begins with `policy` is a whole file. */
export function complete(chunk: string): string {
  if (/^policy\b/m.test(chunk)) return `${chunk}\n`;
  const stated = new Set(
    chunk.split('\n').map((line) => (line.startsWith('allow') ? '' : line.split(' ')[0])),
  );
  const strange = stated.has('effects') && !/^effects allow\b/m.test(chunk);
  const header = HEADER.filter(
    (line) => !stated.has(line.split(' ')[0]) && !(strange && line.startsWith('allow')),
  );
  return ['policy case', ...header, `${chunk}\n`].join('\n');
}

/** The policy as `case.policy` beside the schemas of the cases. */
export function hostOf(source: string): Host {
  return {
    readFile(path) {
      if (path === 'case.policy') return { ok: true, bytes: new TextEncoder().encode(source) };
      try {
        return { ok: true, bytes: readFileSync(join(FOLDER, path)) };
      } catch (error) {
        return { ok: false, reason: String(error) };
      }
    },
  };
}

/** Codes by line, such as `7 P3020`, sorted. */
export function marked(source: string): string[] {
  return source.split('\n').flatMap((line, i) => marksOf(line).codes.map((code) => `${i + 1} ${code}`));
}

/** Quoted words of a line's mark that its diagnostics do not contain. */
export function missingWords(source: string, diagnostics: readonly Diagnostic[]): string[] {
  return source.split('\n').flatMap((line, i) => {
    const here = diagnostics.filter((one) => lineOf(source, one) === i + 1);
    const texts = here.map((one) => `${describe(one).message} ${describe(one).hint ?? ''}`).join('\n');
    return marksOf(line).words.filter((word) => !texts.includes(word));
  });
}

function marksOf(line: string): { codes: string[]; words: string[] } {
  const mark = line.split('//~')[1] ?? '';
  const words = [...mark.matchAll(/"([^"]*)"/g)].map((match) => match[1] ?? '');
  return { codes: mark.replace(/"[^"]*"/g, '').match(/P\d{4}/g) ?? [], words };
}

export function found(source: string, diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map((one) => `${lineOf(source, one)} ${one.code}`);
}

/** A diagnostic without a place in the policy counts for the first line. */
function lineOf(source: string, one: Diagnostic): number {
  if (one.place.file !== 'case.policy' || one.place.span === null) return 1;
  return source.slice(0, one.place.span.start).split('\n').length;
}
