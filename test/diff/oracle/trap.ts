// Traps written by hand: two versions, and what their comparison must say. One file each, in sections:
//
//   # why this is a trap
//   fields:        name: JSON Schema, one a line; `name?` is optional. The request is a closed object of these.
//   schema:        or the whole JSON Schema. `old fields:`, `new fields:`, `old schema:`, `new schema:` where they differ.
//   old: new:      the policies; header lines that are not written are the usual ones.
//   cells:         `from -> to kind direction: old rules -> new rules`, or `none`.
//   unknown:       where the comparison leaves a question open: a part of each reason, one a line.
//   requests:      where the schema allows infinitely many: some that show every cell, one a line.

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Json } from '../../../src/value/json.ts';
import { enumerate, NotEnumerable, type Schema } from './enumerate.ts';
import type { Version } from './subject.ts';

export interface Trap {
  readonly name: string;
  readonly why: string;
  readonly old: Version;
  readonly next: Version;
  /** Sorted lines. */
  readonly cells: readonly string[];
  /** Parts of the reasons why a question stays open. */
  readonly unknown: readonly string[];
  readonly requests: readonly Json[];
  /** The requests are all that there are. */
  readonly complete: boolean;
}

const FOLDER = fileURLToPath(new URL('../traps/', import.meta.url));
const MAX_REQUESTS = 20_000;
/** The usual header, in the order in which headers are put. */
const HEADER: readonly (readonly [string, string | null])[] = [
  ['policy', 'policy p'],
  ['request', 'request from "s.json"'],
  ['effects', 'effects allow < ask < deny'],
  ['combining', 'combining most_restrictive'],
  ['default', 'default allow'],
  ['on', null],
];

export function readTraps(): readonly Trap[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.trap'))
    .sort()
    .map((file) => parseTrap(file.slice(0, -'.trap'.length), readFileSync(FOLDER + file, 'utf8')));
}

/** One trap file. What `showPair` writes is one. */
export function parseTrap(name: string, text: string): Trap {
  const [why, ...lines] = text.trimEnd().split('\n');
  const sections = new Map<string, string[]>();
  let section: string[] = [];
  for (const line of lines) {
    const title = /^((?:old |new )?(?:fields|schema)|old|new|cells|unknown|requests):$/.exec(line)?.[1];
    if (title === undefined) section.push(line);
    else {
      section = [];
      sections.set(title, section);
    }
  }
  const version = (side: 'old' | 'new'): Version => {
    const written = sections.get(side);
    if (written === undefined) throw new Error(`${name}: no section ${side}`);
    return { source: sourceOf(written), schema: schemaOf(name, sections, side) };
  };
  const [old, next] = [version('old'), version('new')];
  const cells = sections.get('cells') ?? [];
  return {
    name,
    why: why!.replace(/^# /, ''),
    ...{ old, next },
    cells: cells[0] === 'none' ? [] : [...cells].sort(),
    unknown: sections.get('unknown') ?? [],
    ...requestsOf([old.schema, next.schema], sections.get('requests')),
  };
}

function sourceOf(lines: readonly string[]): string {
  const wordOf = (line: string): string => line.split(' ', 1)[0]!;
  const header = HEADER.flatMap(
    ([word, usual]) => lines.find((line) => wordOf(line) === word) ?? usual ?? [],
  );
  return `${[...header, ...lines.filter((line) => !header.includes(line))].join('\n')}\n`;
}

function schemaOf(name: string, sections: ReadonlyMap<string, readonly string[]>, side: string): Schema {
  const schema = sections.get(`${side} schema`) ?? sections.get('schema');
  if (schema !== undefined) return JSON.parse(schema.join('\n'));
  const fields = sections.get(`${side} fields`) ?? sections.get('fields');
  if (fields === undefined) throw new Error(`${name}: no schema`);
  const parsed = fields.map((line) => {
    const [, field, optional, json] = /^(\w+)(\??): (.*)$/.exec(line)!;
    return { field: field!, required: optional === '', schema: JSON.parse(json!) as Schema };
  });
  return {
    type: 'object',
    properties: Object.fromEntries(parsed.map(({ field, schema }) => [field, schema])),
    required: parsed.filter(({ required }) => required).map(({ field }) => field),
    additionalProperties: false,
  };
}

function requestsOf(schemas: readonly Schema[], written: readonly string[] | undefined) {
  if (written !== undefined)
    return { requests: written.map((line) => JSON.parse(line) as Json), complete: false };
  try {
    return { requests: schemas.flatMap((schema) => enumerate(schema, MAX_REQUESTS)), complete: true };
  } catch (error) {
    if (error instanceof NotEnumerable) throw new Error(`requests are needed: ${error.message}`);
    throw error;
  }
}
