// From the text of one policy file to its tree.

import type { PolicyFile } from '../ast.ts';
import { type Args, type Diagnostic, type DiagnosticCode, diagnostic } from '../diagnostic/diagnostic.ts';
import { braces, nestedTooDeeply } from './brackets.ts';
import { PolicyParser } from './grammar.ts';
import { MAX_SOURCE_BYTES } from './limits.ts';
import { codeOf, Report } from './report.ts';
import { scan } from './scanner.ts';

/** What parsing gives: a tree as far as one could be built, and what is wrong with the text. */
export interface Parsed {
  readonly tree: PolicyFile | null;
  readonly diagnostics: Diagnostic[];
}

// Building the parser analyses the whole grammar: once, and only when something is parsed.
let parser: PolicyParser | undefined;

/**
 * Parses the text of a policy file. `file` is the name that diagnostics show. The tree is null when nothing usable
 * could be built; with errors it may lack the parts that could not be read.
 */
export function parsePolicy(text: string, file: string): Parsed {
  const size = text.length * 3 <= MAX_SOURCE_BYTES ? 0 : new TextEncoder().encode(text).length;
  if (size > MAX_SOURCE_BYTES) return hopeless(file, 'P1002', { size, limit: MAX_SOURCE_BYTES });
  const nul = text.indexOf('\0');
  if (nul >= 0) return hopeless(file, 'P1004', { hint: nulHint(text) }, nul);
  const report = new Report(file);
  const lone = text.isWellFormed() ? null : /\p{Surrogate}/u.exec(text);
  if (lone !== null) report.add('P1005', lone.index, lone.index + 1, { code: codeOf(lone[0]) });

  const scanned = scan(lone === null ? text : text.toWellFormed(), report);
  const { tokens } = scanned;
  if (tokens.length === 0) {
    if (report.diagnostics.length === 0) report.add('P1001', 0, 0);
    return { tree: null, diagnostics: report.diagnostics };
  }
  if (nestedTooDeeply(tokens, report)) return { tree: null, diagnostics: report.diagnostics };
  parser ??= new PolicyParser();
  const tree = parser.parse(scanned, braces(tokens), report);
  return { tree, diagnostics: report.diagnostics };
}

/** Parses the bytes of a policy file: UTF-8, with or without a byte order mark. */
export function parsePolicyBytes(bytes: Uint8Array, file: string): Parsed {
  if (bytes.length > MAX_SOURCE_BYTES) {
    return hopeless(file, 'P1002', { size: bytes.length, limit: MAX_SOURCE_BYTES });
  }
  // The mark stays in the text, so that places count from its true beginning.
  const decode = (part: Uint8Array): string =>
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(part);
  try {
    return parsePolicy(decode(bytes), file);
  } catch (error) {
    if (!(error instanceof TypeError) || isUtf8(bytes)) throw error;
  }
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (bytes.includes(0)) return hopeless(file, 'P1004', { hint: utf16 ? SAVE_AS_UTF8 : '' });
  return hopeless(file, 'P1003', { offset: firstBadByte(bytes) });
}

const SAVE_AS_UTF8 = 'it looks like UTF-16: save the file as UTF-8';

/** UTF-16 read as UTF-8 has a NUL beside every letter. */
function nulHint(text: string): string {
  return /^(?:\0[^\0]|[^\0]\0){2}/.test(text) ? SAVE_AS_UTF8 : '';
}

function hopeless(file: string, code: DiagnosticCode, args: Args, at: number | null = null): Parsed {
  const span = at === null ? null : { start: at, end: at + 1 };
  return { tree: null, diagnostics: [diagnostic(code, { file, span }, args)] };
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Offset of the first byte that does not belong to valid UTF-8: the end of the longest decodable prefix. */
function firstBadByte(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    const decoder = new TextDecoder('utf-8', { fatal: true });
    try {
      decoder.decode(bytes.subarray(0, middle), { stream: true });
      good = middle;
    } catch {
      bad = middle;
    }
  }
  return good;
}
