// From text to tokens. Written by hand, because a good diagnostic for a bad token needs to know what was meant,
// and because what `{` and `/` begin depends on the token before them. What is unreadable is reported, and where
// the meaning is plain (`&&`, 'single quotes') the right token is made all the same, so that parsing goes on.

import type { TokenType } from 'chevrotain';
import { readJson } from './json-literal.ts';
import { MAX_NAME } from './limits.ts';
import { type NumberReading, readNumber } from './numbers.ts';
import { codeOf, excerpt, type Report } from './report.ts';
import { readQuoted } from './strings.ts';
import * as t from './tokens.ts';

export interface Scanned {
  readonly tokens: t.SourceToken[];
  /** Something unreadable, already reported, stands at the end of the text. */
  readonly endTainted: boolean;
}

/** Cuts the text into tokens; white space and comments vanish, errors go into the report. */
export function scan(source: string, report: Report): Scanned {
  const scanner = new Scanner(source, report);
  scanner.run();
  return { tokens: scanner.tokens, endTainted: scanner.tainted };
}

const IDENTIFIER = /[A-Za-z_][A-Za-z0-9_]*/y;
const REGEX = /\/((?:[^/\\\n\r]|\\[^\n\r])*)\/([A-Za-z]*)/y;
const AND = t.word('and');
const OR = t.word('or');
const NOT = t.word('not');
const MATCHES = t.word('matches');
const REQUEST = t.word('request');
const WITH = t.word('with');

/** Operators of other languages: what is written, what to write, the token that is meant (null: none). */
const FOREIGN: readonly (readonly [string, string, TokenType | null])[] = [
  ['===', '==', t.EqEq],
  ['!==', '!=', t.NotEq],
  ['<>', '!=', t.NotEq],
  ['&&', 'and', AND],
  ['||', 'or', OR],
  ['=>', '->', t.Arrow],
  ['=~', 'matches', null],
  ['**', '*', t.Star],
  ['++', '+', t.Plus],
  ['?.', '.', t.Dot],
];

const CHARACTER_HINTS: { readonly [char: string]: string } = {
  ';': 'nothing ends a line or an item: leave it out',
  $: 'names hold letters, digits and `_`',
  '@': 'names hold letters, digits and `_`',
  '%': 'there is no remainder operator',
  '?': 'there is no conditional expression: write two rules, or `a ?? b` for an absent value',
  '\\': 'a backslash stands only in strings and regular expressions',
  '\u00a0': 'this is a no-break space: write a plain space',
  '\ufeff': 'a byte order mark stands only at the beginning of a file',
};

class Scanner {
  readonly tokens: t.SourceToken[] = [];
  private readonly source: string;
  private readonly report: Report;
  private at = 0;
  private line = 1;
  private lineOfLast = 0;
  tainted = false;

  constructor(source: string, report: Report) {
    this.source = source;
    this.report = report;
  }

  run(): void {
    if (this.source.startsWith('\ufeff')) this.at = 1;
    while (this.at < this.source.length) this.next();
  }

  private next(): void {
    const char = this.source[this.at] as string;
    if (char === '\n') {
      this.line++;
      this.at++;
    } else if (char === ' ' || char === '\t' || char === '\r') this.at++;
    else if (this.source.startsWith('//', this.at)) this.skipLine();
    else if (/[A-Za-z_]/.test(char)) this.identifier();
    else if (/[0-9]/.test(char)) this.number(readNumber(this.source, this.at));
    else if (char === '"') this.quoted('"');
    else if (char === '{' && this.beginsJson()) this.json();
    else if (char === '/' && !this.source.startsWith('/*', this.at)) this.slash();
    else if (!this.foreign(char) && !this.symbol()) this.unknown();
  }

  private last(back = 1): TokenType | undefined {
    return this.tokens[this.tokens.length - back]?.tokenType;
  }

  private push(type: TokenType, end: number, payload: t.TokenPayload = null, image = ''): void {
    const { tokens, source, at, line, tainted } = this;
    tokens.push({
      tokenType: type,
      tokenTypeIdx: type.tokenTypeIdx as number,
      image: image || source.slice(at, end),
      startOffset: at,
      endOffset: end - 1,
      index: tokens.length,
      firstOnLine: line !== this.lineOfLast,
      tainted,
      payload,
    });
    this.tainted = false;
    this.lineOfLast = line;
    this.at = end;
  }

  private skipLine(): void {
    const end = this.source.indexOf('\n', this.at);
    this.at = end < 0 ? this.source.length : end;
  }

  private identifier(): void {
    IDENTIFIER.lastIndex = this.at;
    const text = IDENTIFIER.exec(this.source)?.[0] as string;
    const end = this.at + text.length;
    if (text.length > MAX_NAME) {
      const args = { found: text.slice(0, 20), length: text.length, limit: MAX_NAME };
      this.report.add('P1113', this.at, end, args);
    }
    this.push(text === '_' ? t.Underscore : (t.wordType(text) ?? t.Id), end);
  }

  private number(reading: NumberReading): void {
    const { type, end, payload, error } = reading;
    if (error !== null) {
      const found = excerpt(this.source.slice(this.at, end));
      this.report.add(error.code, this.at, end, { found, reason: error.reason, hint: error.hint });
    }
    this.push(type, end, payload);
  }

  private quoted(quote: string): void {
    const { str, end } = readQuoted(this.source, this.at, quote, this.report);
    this.push(t.Str_, end, str);
  }

  private beginsJson(): boolean {
    const last = this.last();
    return (last === REQUEST || last === WITH) && this.last(2) !== t.Dot;
  }

  private json(): void {
    const { value, end } = readJson(this.source, this.at, this.report);
    const { at } = this;
    this.push(t.Json, end, { value: value ?? {}, span: { start: at, end } });
    for (let i = this.source.indexOf('\n', at); i >= 0 && i < end; i = this.source.indexOf('\n', i + 1))
      this.line++;
    this.lineOfLast = this.line;
    // An object without end has swallowed the rest of the file.
    this.tainted = value === null && end === this.source.length;
  }

  /** A regular expression after `matches`; after an operand a division, which does not exist. */
  private slash(): void {
    const afterOperand = [t.Id, t.Int, t.Fraction, t.Dur, t.Str_, t.RParen, t.RBracket].includes(
      this.last() as TokenType,
    );
    if (afterOperand && this.last() !== MATCHES) {
      this.report.add('P1110', this.at, this.at + 1);
      this.push(t.Star, this.at + 1, null, '*');
      return;
    }
    REGEX.lastIndex = this.at;
    const match = REGEX.exec(this.source);
    if (match === null) {
      const start = this.at;
      this.skipLine();
      this.report.add('P1111', start, this.at);
      const end = this.at;
      this.at = start;
      this.push(t.Regex, end, { source: '', flags: '' });
      return;
    }
    const [whole, source, flags] = match as unknown as [string, string, string];
    const end = this.at + whole.length;
    if (!/^(?:i?s?|si)$/.test(flags)) this.report.add('P1112', end - flags.length, end, { found: flags });
    this.push(t.Regex, end, { source, flags });
  }

  /** Notations of other languages; true when one was found, reported and stepped over. */
  private foreign(char: string): boolean {
    const { source, at } = this;
    if (char === "'" || char === '`' || char === '\u201c' || char === '\u2018') {
      const close = char === '\u201c' ? '\u201d' : char === '\u2018' ? '\u2019' : char;
      const name = char === "'" ? 'single quotes' : char === '`' ? 'backticks' : 'typographic quotes';
      this.report.add('P1103', at, at + 1, { found: name });
      this.quoted(close);
      return true;
    }
    if (char === '#' || source.startsWith('/*', at)) return this.comment(char);
    const row = FOREIGN.find(([text]) => source.startsWith(text, at));
    if (row !== undefined) {
      const [text, use, type] = row;
      this.report.add('P1102', at, at + text.length, { found: text, use });
      if (type !== null) this.push(type, at + text.length, null, use);
      else this.skipUnknown(text.length);
      return true;
    }
    if ((char === '!' && source[at + 1] !== '=') || (char === '&' && source[at + 1] !== '&')) {
      this.report.add('P1102', at, at + 1, { found: char, use: char === '!' ? 'not' : 'and' });
      this.push(char === '!' ? NOT : AND, at + 1, null, char === '!' ? 'not' : 'and');
      return true;
    }
    return false;
  }

  private comment(char: string): boolean {
    const { source, at } = this;
    if (char === '#') {
      this.report.add('P1104', at, at + 1, { found: '`#`' });
      this.skipLine();
      return true;
    }
    this.report.add('P1104', at, at + 2, { found: '`/*`' });
    const close = source.indexOf('*/', at + 2);
    const end = close < 0 ? source.length : close + 2;
    for (let i = source.indexOf('\n', at); i >= 0 && i < end; i = source.indexOf('\n', i + 1)) this.line++;
    this.at = end;
    return true;
  }

  private symbol(): boolean {
    const row = t.SYMBOLS.find(([text]) => this.source.startsWith(text, this.at));
    if (row === undefined) return false;
    const [text, type] = row;
    if (type === t.Dot && this.leadingDot()) return true;
    this.push(type, this.at + text.length);
    return true;
  }

  /** `.5`: a dot that follows nothing it could select from. */
  private leadingDot(): boolean {
    const next = this.source[this.at + 1] ?? '';
    if (!/[0-9]/.test(next) || /[\w)\]"}]/.test(this.source[this.at - 1] ?? ' ')) return false;
    const end = readNumber(this.source, this.at + 1).end;
    const found = this.source.slice(this.at, end);
    const hint = `write \`0${found}\``;
    this.report.add('P1108', this.at, end, { found, reason: 'it begins with a dot', hint });
    this.push(t.Fraction, end);
    return true;
  }

  private unknown(): void {
    const char = String.fromCodePoint(this.source.codePointAt(this.at) as number);
    const shown = /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(char) ? `\`${char}\`` : 'that cannot be shown';
    const hint = CHARACTER_HINTS[char] ?? (/\p{L}/u.test(char) ? 'names are written in ASCII' : '');
    this.report.add('P1101', this.at, this.at + char.length, { char: shown, code: codeOf(char), hint });
    // A run of them is one mistake: text in another script, a pasted rule of dashes.
    let length = char.length;
    for (;;) {
      const code = this.source.codePointAt(this.at + length);
      if (code === undefined || (code < 128 && code !== char.codePointAt(0))) break;
      length += code > 0xffff ? 2 : 1;
    }
    this.skipUnknown(length);
  }

  private skipUnknown(length: number): void {
    this.at += length;
    this.tainted = true;
  }
}
