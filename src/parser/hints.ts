// Hints for what people write who come from other languages.

import type { IToken } from 'chevrotain';
import * as t from './tokens.ts';

const WORDS: ReadonlyMap<string, string> = new Map([
  ['else', 'there is no `else`: write another rule, or `unless`'],
  ['if', 'there is no `if`: write `when`'],
  ['then', 'there is no `then`: the effect stands before the rule’s name: `deny my_rule when …`'],
  ['where', 'there is no `where`: write `when`'],
  ['exists', 'write `has x`, or `any(x in xs: …)` for a list'],
  ['between', 'write `a >= low and a <= high`'],
  ['AND', 'write `and`'],
  ['OR', 'write `or`'],
  ['NOT', 'write `not`'],
  ['IN', 'write `in`'],
  ['equals', 'compare with `==`'],
  ['eq', 'compare with `==`'],
  ['ne', 'compare with `!=`'],
  ['like', 'write `matches glob "…"`'],
  ['startsWith', 'write `starts_with`'],
  ['startswith', 'write `starts_with`'],
  ['endsWith', 'write `ends_with`'],
  ['endswith', 'write `ends_with`'],
  ['includes', 'write `contains`'],
  ['include', 'write `contains`'],
]);

/** What ends the head of a block that is missing a word. */
const HEADS = new Set([t.RParen, t.Str_]);

/** A hint that depends on what was found only; empty when there is none. */
export function hintFor(found: IToken, previous: IToken): string {
  const { tokenType: type, image } = found;
  if (type === t.Assign)
    return 'compare with `==`; only `let`, `def` and the parameters of an effect have `=`';
  if (type === t.Bar) return 'write `or`; `|` stands only between the alternatives of a table cell';
  if (type === t.LCurly && !HEADS.has(previous.tokenType))
    return 'only groups, tables, tests and imports have blocks';
  if (type === t.Json) return 'a JSON object stands only in tests and after `let NAME = request`';
  if (type === t.Regex) return 'a regular expression stands only after `matches`';
  if (type === t.Colon) return 'only arguments after `with`, parameters, row labels and quantifiers have `:`';
  const hint = WORDS.get(image);
  if (hint !== undefined) return hint;
  return previous.tokenType === t.Id ? (WORDS.get(previous.image) ?? '') : '';
}

/** A hint that depends on what was expected; empty when there is none. */
export function missingHint(expected: string, found: IToken, previous: IToken): string {
  const { tokenType: type, image } = found;
  if (expected === t.Str_.LABEL && (type === t.Id || type === t.Int || type === t.Fraction)) {
    return `put quotes around it: \`"${image}"\``;
  }
  if (expected === 'the name of a policy' && type === t.Str_) return 'the name is written without quotes';
  if (expected === t.Greater.LABEL && type === t.GreaterEq) return 'write a space between `>` and `=`';
  if (expected === 'the name of a parameter' && type === t.RParen)
    return 'a def without parameters is a `let`';
  if (expected === PATTERN && (type === t.Str_ || type === t.LBracket || type === t.Id)) {
    return `write the kind of the pattern: \`matches glob ${type === t.LBracket ? '[…]' : image}\``;
  }
  if (type === t.Minus && previous.tokenType === t.Minus) return 'a double negation needs parentheses';
  if (expected === t.Colon.LABEL && type === t.Assign) return 'write `:`';
  if (expected === BOUND && (type === t.Assign || (type.CATEGORIES ?? []).includes(t.InfixOp)))
    return 'write `always EFFECT`, `always >= EFFECT` or `always <= EFFECT`';
  if (expected === EXPRESSION && type === t.LCurly) return 'a JSON object follows `request` or `with`';
  return '';
}

/** What stands at the place of an operand. */
export const EXPRESSION = 'an expression';
/** What follows `always`. */
export const BOUND = 'an effect, `>=` or `<=`';
/** What follows `matches`. */
export const PATTERN =
  'a pattern (`glob`, `dotted`, `path`, `host` or `cidr`, then a string or a list) or a /regex/';
