// Message templates: constant text and `{reference}` holes; `{{` and `}}` are braces.

import type { Expr, Span, Str } from '../ast.ts';
import { MAX_NESTING } from '../bytecode/limits.ts';
import { numeralsFit } from './arithmetic.ts';
import { type Context, type Env, exprText } from './context.ts';
import { check } from './expr.ts';
import type { TemplatePart } from './typed.ts';
import { isPrintable, typeText } from './types.ts';

/** Types a template under the facts of its rule; null after a reported error. */
export function checkTemplate(context: Context, env: Env, str: Str): TemplatePart[] | null {
  if (str.stars.length > 0) return context.report(env, 'P3029', str.span);
  const parts: TemplatePart[] = [];
  let text = '';
  let failed = false;
  let i = 0;
  const source = str.value;
  while (i < source.length) {
    const ch = source[i]!;
    if ((ch === '{' || ch === '}') && source[i + 1] === ch) {
      text += ch;
      i += 2;
    } else if (ch === '{') {
      const end = source.indexOf('}', i);
      const hole = end < 0 ? null : parseReference(source.slice(i + 1, end), str.span);
      if (hole === null) {
        context.report(env, 'P3061', str.span, {
          text: end < 0 ? source.slice(i) : source.slice(i, end + 1),
        });
        return null;
      }
      if (text !== '') parts.push(text);
      text = '';
      const typed = check(context, hole, env).expr;
      if (typed === null || context.rejectOptional(env, typed) || !numeralsFit(context, env, typed))
        failed = true;
      else if (!isPrintable(typed.type)) {
        failed = true;
        context.report(env, 'P3062', str.span, {
          name: exprText(typed),
          type: typeText(typed.type),
          hint: printHint(typed.type.kind),
        });
      } else parts.push(typed);
      i = end + 1;
    } else if (ch === '}') {
      context.report(env, 'P3061', str.span, { text: '}' });
      return null;
    } else {
      text += ch;
      i += 1;
    }
  }
  if (text !== '') parts.push(text);
  return failed ? null : parts;
}

/** Why a value of this kind cannot be printed. */
export function printHint(kind: string): string {
  if (kind === 'number')
    return 'give its schema a `multipleOf` (such as 0.01), so that it is an exact decimal';
  if (kind === 'timestamp' || kind === 'date') return 'a computed time may lie outside years 1 to 9999';
  return '';
}

// A stable reference: NAME or `request`, then `.name`, `["key"]`, `[0]` or `[reference]`.
function parseReference(text: string, span: Span): Expr | null {
  const reader = { text, at: 0, steps: 0 };
  const expr = readReference(reader, span);
  skipSpace(reader);
  return reader.at === text.length ? expr : null;
}

interface Reader {
  readonly text: string;
  at: number;
  /** Names, members and indexes so far: a reference is as deep as an expression may be, at most. */
  steps: number;
}

function skipSpace(reader: Reader): void {
  while (reader.text[reader.at] === ' ') reader.at += 1;
}

function readName(reader: Reader): string | null {
  const match = /^[A-Za-z_]\w*/.exec(reader.text.slice(reader.at));
  if (match === null) return null;
  reader.at += match[0].length;
  return match[0];
}

function readReference(reader: Reader, span: Span): Expr | null {
  skipSpace(reader);
  const name = readName(reader);
  if (name === null) return null;
  let expr: Expr = name === 'request' ? { kind: 'request', span } : { kind: 'name', name, span };
  for (;;) {
    reader.steps += 1;
    if (reader.steps > MAX_NESTING) return null;
    const ch = reader.text[reader.at];
    if (ch === '.') {
      reader.at += 1;
      const member = readName(reader);
      if (member === null) return null;
      expr = { kind: 'member', object: expr, name: { name: member, span }, span };
    } else if (ch === '[') {
      reader.at += 1;
      const index = readIndex(reader, span);
      if (index === null || reader.text[reader.at] !== ']') return null;
      reader.at += 1;
      expr = { kind: 'index', object: expr, index, span };
    } else return expr;
  }
}

function readIndex(reader: Reader, span: Span): Expr | null {
  const rest = reader.text.slice(reader.at);
  const number = /^\d+/.exec(rest);
  if (number !== null) {
    reader.at += number[0].length;
    return { kind: 'number', text: number[0], span };
  }
  const key = /^"([^"\\]*)"/.exec(rest);
  if (key !== null) {
    reader.at += key[0].length;
    return { kind: 'string', str: { value: key[1] ?? '', stars: [], span }, span };
  }
  return readReference(reader, span);
}
