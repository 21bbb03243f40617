// The vocabulary: every kind of token, with the categories that the grammar asks for.
// The scanner (scanner.ts) makes the tokens; the patterns here are never used for scanning.

import { createToken, type IToken, Lexer, type TokenType } from 'chevrotain';
import type { JsonLiteral, Str } from '../ast.ts';

/** A token of the scanner. */
export interface SourceToken extends IToken {
  /** Position in the token list. */
  readonly index: number;
  /** Nothing but white space or comments stands before it on its line. */
  readonly firstOnLine: boolean;
  /** Something unreadable, already reported, stands directly before it. */
  readonly tainted: boolean;
  readonly payload: TokenPayload;
}

/** What the scanner has read: the value of a Str, a Json, a Dur (milliseconds) or a Regex. */
export type TokenPayload =
  | Str
  | JsonLiteral
  | number
  | { readonly source: string; readonly flags: string }
  | null;

const kind = (name: string, label: string, ...categories: TokenType[]): TokenType =>
  createToken({ name, label, pattern: Lexer.NA, categories });
const symbol = (name: string, text: string, ...categories: TokenType[]): TokenType =>
  kind(name, `\`${text}\``, ...categories);

// Categories: never made by the scanner.
/** A name where reserved words are legal: after `.`, as an obligation or a `with` key. */
export const Name = kind('Name', 'a name');
/** An infix operator written with symbols, `and` or `or`. */
export const InfixOp = kind('InfixOp', 'an operator');
/** An infix operator of arithmetic, or `??`. */
export const ArithmeticOp = kind('ArithmeticOp', 'an operator', InfixOp);
/** An infix operator that has a `not` form. */
export const WordOp = kind('WordOp', '`in`, `contains`, `starts_with`, `ends_with`, `under` or `matches`');
/** A number; Int is one of its kinds. */
export const Num = kind('Num', 'a number');

export const Id = kind('Id', 'a name', Name);
export const Int = kind('Int', 'a whole number', Num);
export const Fraction = kind('Fraction', 'a number', Num);
export const Dur = kind('Dur', 'a duration');
export const Str_ = kind('Str', 'a string');
export const Regex = kind('Regex', 'a regular expression');
export const Json = kind('Json', 'a JSON object');

export const Underscore = symbol('Underscore', '_');
export const LParen = symbol('LParen', '(');
export const RParen = symbol('RParen', ')');
export const LBracket = symbol('LBracket', '[');
export const RBracket = symbol('RBracket', ']');
export const LCurly = symbol('LCurly', '{');
export const RCurly = symbol('RCurly', '}');
export const Comma = symbol('Comma', ',');
export const Colon = symbol('Colon', ':');
export const DotDot = symbol('DotDot', '..');
export const Dot = symbol('Dot', '.');
export const Arrow = symbol('Arrow', '->');
export const Bar = symbol('Bar', '|');
export const Assign = symbol('Assign', '=');
export const EqEq = symbol('EqEq', '==', InfixOp);
export const NotEq = symbol('NotEq', '!=', InfixOp);
export const LessEq = symbol('LessEq', '<=', InfixOp);
export const GreaterEq = symbol('GreaterEq', '>=', InfixOp);
export const Less = symbol('Less', '<', InfixOp);
export const Greater = symbol('Greater', '>', InfixOp);
export const Plus = symbol('Plus', '+', ArithmeticOp);
export const Minus = symbol('Minus', '-', ArithmeticOp);
export const Star = symbol('Star', '*', ArithmeticOp);
export const Coalesce = symbol('Coalesce', '??', ArithmeticOp);

const RESERVED: readonly string[] = (
  'absent all any combining complete count def default effects expect extend extends false final first from ' +
  'group has import invalid invariant is let matches message never not on open policy reason remediation request ' +
  'severities severity shadow table tags test tighten_only true unique unless version when with ' +
  // For later use.
  'between else emit except exists if intersects max meta min module namespace sealed subset_of sum then total where'
).split(' ');
const CONTEXTUAL =
  'most_restrictive first_applicable always glob dotted path host cidr decimal list map'.split(' ');

const words = new Map<string, TokenType>();
for (const word of RESERVED) words.set(word, symbol(`kw_${word}`, word, Name));
for (const word of ['and', 'or']) words.set(word, symbol(`kw_${word}`, word, Name, InfixOp));
for (const word of ['in', 'contains', 'starts_with', 'ends_with', 'under']) {
  words.set(word, symbol(`kw_${word}`, word, Name, WordOp));
}
// Contextual words are names everywhere but in the one place that asks for them.
for (const word of CONTEXTUAL) words.set(word, symbol(`ctx_${word}`, word, Id));

/** The token type of a word with its own meaning; undefined for any other identifier. */
export function wordType(word: string): TokenType | undefined {
  return words.get(word);
}

/** The token type of a word that the grammar itself names. */
export function word(text: string): TokenType {
  const type = words.get(text);
  if (type === undefined) throw new Error(`the vocabulary has no word ${text}`);
  return type;
}

/** True for the words that nothing may be declared as. */
export function isReserved(type: TokenType): boolean {
  return type.name.startsWith('kw_');
}

/** The symbols, longest first where one begins another. */
export const SYMBOLS: readonly (readonly [string, TokenType])[] = [
  ['..', DotDot],
  ['->', Arrow],
  ['==', EqEq],
  ['!=', NotEq],
  ['<=', LessEq],
  ['>=', GreaterEq],
  ['??', Coalesce],
  ['(', LParen],
  [')', RParen],
  ['[', LBracket],
  [']', RBracket],
  ['{', LCurly],
  ['}', RCurly],
  [',', Comma],
  [':', Colon],
  ['.', Dot],
  ['|', Bar],
  ['=', Assign],
  ['<', Less],
  ['>', Greater],
  ['+', Plus],
  ['-', Minus],
  ['*', Star],
];

/** Everything the parser may meet, categories included. */
export const VOCABULARY: TokenType[] = [
  ...[Name, InfixOp, ArithmeticOp, WordOp, Num, Id, Int, Fraction, Dur, Str_, Regex, Json, Underscore],
  ...SYMBOLS.map(([, type]) => type),
  ...words.values(),
];
