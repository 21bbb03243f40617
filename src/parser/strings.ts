// Reads string literals and their escapes.

import type { Str } from '../ast.ts';
import { codeOf, type Report } from './report.ts';

const ESCAPES: { readonly [letter: string]: string } = {
  '"': '"',
  '\\': '\\',
  n: '\n',
  r: '\r',
  t: '\t',
  '*': '*',
};
const PLAIN = /[^"'`\u201d\u2019\\\n\r]+/y;

/**
 * Reads the string whose opening quote stands at `start`. `close` is `"`, or the quote of another language that was
 * already reported. The string ends with its line at the latest.
 */
export function readQuoted(
  source: string,
  start: number,
  close: string,
  report: Report,
): { str: Str; end: number } {
  const stars: number[] = [];
  let value = '';
  let at = start + 1;
  for (;;) {
    PLAIN.lastIndex = at;
    const plain = PLAIN.exec(source)?.[0];
    if (plain !== undefined) {
      value += plain;
      at += plain.length;
    }
    const char = source[at];
    if (char === undefined || char === '\n' || char === '\r') {
      if (close === '"') report.add('P1105', start, at);
      break;
    }
    if (char === close) {
      at++;
      break;
    }
    if (char !== '\\') {
      value += char;
      at++;
      continue;
    }
    if (source[at + 1] === '*') stars.push(value.length);
    const read = readEscape(source, at, close, report);
    value += read.value;
    at = read.end;
  }
  return { str: { value, stars, span: { start, end: at } }, end: at };
}

const CODE_POINT = /\\u\{([^}"\n\r]*)\}/y;

function readEscape(
  source: string,
  at: number,
  close: string,
  report: Report,
): { value: string; end: number } {
  const letter = source[at + 1] ?? '';
  const plain = ESCAPES[letter];
  if (plain !== undefined) return { value: plain, end: at + 2 };
  if (letter === '\n' || letter === '\r' || letter === '') {
    report.add('P1106', at, at + 1, { found: '\\' });
    return { value: '', end: at + 1 };
  }
  CODE_POINT.lastIndex = at;
  const match = letter === 'u' ? CODE_POINT.exec(source) : null;
  if (match === null) {
    const shown = String.fromCodePoint(source.codePointAt(at + 1) as number);
    const end = at + 1 + shown.length;
    if (close === '"') report.add('P1106', at, end, { found: `\\${shown}` });
    return { value: shown, end };
  }
  const end = at + match[0].length;
  const digits = match[1] as string;
  const code = /^[0-9a-fA-F]{1,6}$/.test(digits) ? Number.parseInt(digits, 16) : Number.NaN;
  const reason = whyNotScalar(code);
  if (reason === '') return { value: String.fromCodePoint(code), end };
  report.add('P1107', at, end, { found: match[0].slice(0, 24), reason });
  return { value: '\ufffd', end };
}

function whyNotScalar(code: number): string {
  if (Number.isNaN(code)) return 'between the braces stand one to six hexadecimal digits';
  if (code > 0x10ffff) return 'the last character is U+10FFFF';
  if (code >= 0xd800 && code <= 0xdfff)
    return `${codeOf(String.fromCharCode(code))} is half of a surrogate pair`;
  return '';
}
