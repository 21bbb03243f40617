// Reads one JSON object (RFC 8259) inside the source text. The text is not standing alone, so JSON.parse cannot
// say where the object ends; it would also accept duplicate keys and lone surrogates.

import type { DiagnosticCode } from '../diagnostic/diagnostic.ts';
import { MAX_JSON_DEPTH } from './limits.ts';
import { codeOf, type Report } from './report.ts';

/** What was read: the value, or null after an error (already reported), and where the object ends. */
export interface JsonReading {
  readonly value: { readonly [key: string]: unknown } | null;
  readonly end: number;
}

/** Reads the object that begins with the `{` at `start`. */
export function readJson(source: string, start: number, report: Report): JsonReading {
  const reader = new Reader(source, start);
  try {
    const value = reader.object(1);
    return { value, end: reader.at };
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    report.add(error.code, error.start, error.end, error.args);
    return { value: null, end: endOfObject(source, start) };
  }
}

/** Where the object that begins at `start` probably ends: its brace, or the end of the text. */
function endOfObject(source: string, start: number): number {
  const parts = /[{}]|"(?:[^"\\\n]|\\.)*"?/g;
  parts.lastIndex = start;
  let depth = 0;
  for (let part = parts.exec(source); part !== null; part = parts.exec(source)) {
    if (part[0] === '{') depth++;
    else if (part[0] === '}' && --depth === 0) return parts.lastIndex;
  }
  return source.length;
}

/** Control flow only: it never leaves this file. */
class JsonError extends Error {
  readonly code: DiagnosticCode;
  readonly start: number;
  readonly end: number;
  readonly args: { readonly [name: string]: string | number };
  constructor(code: DiagnosticCode, start: number, end: number, args: JsonError['args']) {
    super(code);
    this.code = code;
    this.start = start;
    this.end = end;
    this.args = args;
  }
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WORD = /[A-Za-z_$][\w$]*|[^\s]/uy;
const ESCAPES: { readonly [letter: string]: string } = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

class Reader {
  at: number;
  private readonly source: string;
  constructor(source: string, at: number) {
    this.source = source;
    this.at = at;
  }

  object(depth: number): { [key: string]: unknown } {
    this.enter(depth);
    const value: { [key: string]: unknown } = {};
    const seen = new Set<string>();
    if (this.took('}')) return value;
    do {
      this.space();
      const start = this.at;
      if (this.source[start] !== '"') this.fail('a key in double quotes');
      const key = this.string();
      if (seen.has(key)) throw new JsonError('P1202', start, this.at, { key: JSON.stringify(key) });
      seen.add(key);
      if (!this.took(':')) this.fail('`:` after the key');
      const member = this.value(depth);
      // Plain assignment to `__proto__` would set the prototype.
      Object.defineProperty(value, key, {
        value: member,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    } while (this.took(','));
    if (!this.took('}')) this.fail('`,` or `}`');
    return value;
  }

  private array(depth: number): unknown[] {
    this.enter(depth);
    const value: unknown[] = [];
    if (this.took(']')) return value;
    do value.push(this.value(depth));
    while (this.took(','));
    if (!this.took(']')) this.fail('`,` or `]`');
    return value;
  }

  /** Steps over the opening bracket. */
  private enter(depth: number): void {
    if (depth > MAX_JSON_DEPTH) {
      throw new JsonError('P1203', this.at, this.at + 1, { limit: MAX_JSON_DEPTH });
    }
    this.at++;
  }

  private value(depth: number): unknown {
    this.space();
    const char = this.source[this.at];
    if (char === '{') return this.object(depth + 1);
    if (char === '[') return this.array(depth + 1);
    if (char === '"') return this.string();
    if (char === '-' || (char !== undefined && char >= '0' && char <= '9')) return this.number();
    for (const [text, value] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const) {
      if (this.source.startsWith(text, this.at) && !/[\w$]/.test(this.source[this.at + text.length] ?? '')) {
        this.at += text.length;
        return value;
      }
    }
    return this.fail('a value');
  }

  private number(): number {
    NUMBER.lastIndex = this.at;
    const text = NUMBER.exec(this.source)?.[0];
    if (text === undefined) return this.fail('a digit after `-`');
    const end = this.at + text.length;
    if (/[\w.]/.test(this.source[end] ?? '')) {
      const written = /[\w.+-]*/y;
      written.lastIndex = this.at;
      const found = written.exec(this.source)?.[0] ?? text;
      const reason = `\`${found}\` is not a JSON number`;
      throw new JsonError('P1201', this.at, this.at + found.length, { reason, hint: '' });
    }
    const value = Number(text);
    if (!Number.isFinite(value)) throw new JsonError('P1204', this.at, end, { found: text });
    this.at = end;
    return value;
  }

  private string(): string {
    const start = this.at++;
    let value = '';
    for (;;) {
      const char = this.source[this.at];
      if (char === undefined || char === '\n' || char === '\r') {
        const reason = 'this string has no closing `"` on its line';
        throw new JsonError('P1201', start, this.at, { reason, hint: 'write a line break as \\n' });
      }
      this.at++;
      if (char === '"') break;
      if (char === '\\') value += this.escape();
      else if (char >= ' ') value += char;
      else {
        const reason = `the control character ${codeOf(char)} must be escaped`;
        throw new JsonError('P1201', this.at - 1, this.at, { reason, hint: '' });
      }
    }
    if (!value.isWellFormed()) {
      const lone = /\p{Surrogate}/u.exec(value)?.[0] ?? '';
      throw new JsonError('P1205', start, this.at, { code: codeOf(lone) });
    }
    return value;
  }

  private escape(): string {
    const letter = this.source[this.at++] ?? '';
    const plain = ESCAPES[letter];
    if (plain !== undefined) return plain;
    const hex = this.source.slice(this.at, this.at + 4);
    if (letter === 'u' && /^[0-9a-fA-F]{4}$/.test(hex)) {
      this.at += 4;
      return String.fromCharCode(Number.parseInt(hex, 16));
    }
    const hint = 'the escapes of JSON are \\" \\\\ \\/ \\b \\f \\n \\r \\t \\u0041';
    const reason = `unknown escape \`\\${letter}\``;
    throw new JsonError('P1201', this.at - 2, this.at, { reason, hint });
  }

  private space(): void {
    while (' \t\n\r'.includes(this.source[this.at] ?? 'x')) this.at++;
  }

  private took(char: string): boolean {
    this.space();
    if (this.source[this.at] !== char) return false;
    this.at++;
    return true;
  }

  private fail(expected: string): never {
    this.space();
    WORD.lastIndex = this.at;
    const found = WORD.exec(this.source)?.[0];
    const reason = `expected ${expected}, found ${found === undefined ? 'the end of the file' : `\`${found}\``}`;
    throw new JsonError('P1201', this.at, this.at + (found?.length ?? 0), { reason, hint: hintFor(found) });
  }
}

function hintFor(found: string | undefined): string {
  if (found === "'") return 'JSON strings are written in double quotes';
  if (found === '}' || found === ']') return 'JSON has no comma before a closing bracket';
  if (found === '/' || found === '#') return 'JSON has no comments';
  if (found === 'None' || found === 'True' || found === 'False') return 'JSON has `null`, `true` and `false`';
  return '';
}
