// `contains`, `starts_with`, `ends_with` and `matches`: the right side is a constant (a text or a list of texts), or for the first three a
// string known at run time.

import type { Expr, Pattern, Str } from '../ast.ts';
import { MAX_PATTERN_BYTES, MAX_PATTERNS } from '../bytecode/limits.ts';
import { parsePattern } from '../ir/pattern.ts';
import { utf8Length } from '../value/text.ts';
import { type Context, type Env, knowsRanges } from './context.ts';
import { check } from './expr.ts';
import { typeMembership } from './membership.ts';
import { checkName } from './reference.ts';
import type { TypedExpr } from './typed.ts';
import { BOOL } from './types.ts';

type TextExpr = Extract<Expr, { kind: 'in' | 'contains' | 'starts_with' | 'ends_with' | 'under' }>;

export function checkText(context: Context, expr: TextExpr, env: Env): TypedExpr | null {
  const left = check(context, expr.left, env).expr;
  const right = check(context, expr.right, env).expr;
  if (
    left === null ||
    right === null ||
    context.rejectOptional(env, left) ||
    context.rejectOptional(env, right)
  )
    return null;
  if (expr.kind === 'contains' && left.type.kind === 'list')
    return typeMembership(context, env, right, left, expr.span);
  if (left.type.kind !== 'string')
    return context.rejectType(env, left, expr.kind === 'contains' ? 'a string or a list' : 'a string');
  const op =
    expr.kind === 'contains' ? 'contains' : expr.kind === 'starts_with' ? 'starts_with' : 'ends_with';
  const base = { kind: 'text', op, subject: left, type: BOOL, optional: false, span: expr.span } as const;
  if (right.kind === 'literal' || right.kind === 'list') {
    const texts = constantTexts(context, env, right);
    return texts && { ...base, texts };
  }
  if (right.type.kind === 'list') {
    // The list parameter of a def is a constant at each call, where the body is typed again.
    return !knowsRanges(env.mode)
      ? { ...base, texts: [] }
      : context.reportRange(env, 'P3050', right.span, {});
  }
  if (right.type.kind !== 'string')
    return context.rejectType(env, right, 'a string or a constant list of strings');
  return { ...base, texts: right };
}

function constantTexts(context: Context, env: Env, expr: TypedExpr): string[] | null {
  const items = expr.kind === 'list' ? expr.items : [expr];
  if (items.length === 0) return context.report(env, 'P3051', expr.span);
  if (items.length > MAX_PATTERNS)
    return context.report(env, 'P3052', expr.span, { what: 'texts', max: MAX_PATTERNS });
  const texts: string[] = [];
  for (const item of items) {
    if (item.kind !== 'literal' || item.literal.kind !== 'string') {
      return item.type.kind === 'string'
        ? context.report(env, 'P3050', item.span)
        : context.rejectType(env, item, 'a string');
    }
    if (item.literal.value === '') return context.report(env, 'P3053', item.span);
    if (utf8Length(item.literal.value) > MAX_PATTERN_BYTES)
      return context.report(env, 'P3052', item.span, { what: 'bytes in a text', max: MAX_PATTERN_BYTES });
    texts.push(item.literal.value);
  }
  return texts;
}

export function checkPattern(
  context: Context,
  expr: Extract<Expr, { kind: 'matches' }>,
  env: Env,
): TypedExpr | null {
  const subject = check(context, expr.left, env).expr;
  const patterns = subject && patternTexts(context, env, expr.pattern);
  if (subject === null || patterns === null || context.rejectOptional(env, subject)) return null;
  if (subject.type.kind !== 'string') return context.rejectType(env, subject, 'a string');
  return {
    kind: 'matches',
    pattern: patterns.kind,
    subject,
    patterns: patterns.texts,
    type: BOOL,
    optional: false,
    span: expr.span,
  };
}

/** The canonical patterns of a written pattern; null after a reported error. */
export function patternTexts(
  context: Context,
  env: Env,
  pattern: Pattern,
): { kind: 'glob' | 'dotted' | 'path'; texts: string[] } | null {
  if (pattern.kind === 'regex')
    return context.report(env, 'P3005', pattern.span, { what: 'a regular expression' });
  const kind = pattern.pattern;
  if (kind === 'host' || kind === 'cidr')
    return context.report(env, 'P3005', pattern.span, { what: `\`matches ${kind}\`` });
  const items = patternItems(context, env, pattern);
  if (items === null) return null;
  if (items.length === 0) return context.report(env, 'P3051', pattern.span);
  if (items.length > MAX_PATTERNS)
    return context.report(env, 'P3052', pattern.span, { what: 'patterns', max: MAX_PATTERNS });
  const texts: string[] = [];
  for (const item of items) {
    if (utf8Length(item.value) > MAX_PATTERN_BYTES)
      return context.report(env, 'P3052', item.span, { what: 'bytes in a pattern', max: MAX_PATTERN_BYTES });
    const parsed = parsePattern(kind, item.value, item.stars);
    if (!parsed.ok) return context.report(env, 'P3054', item.span, { kind, problem: parsed.problem });
    texts.push(parsed.canonical);
  }
  return { kind, texts };
}

function patternItems(
  context: Context,
  env: Env,
  pattern: Extract<Pattern, { kind: 'pattern' }>,
): Str[] | null {
  const { value } = pattern;
  if ('value' in value) return [value];
  const options = { stars: true };
  const typed =
    'name' in value
      ? checkName(context, value.name, value.span, env, options)
      : check(context, value, env, options).expr;
  if (typed === null) return null;
  if (typed.kind !== 'literal' && typed.kind !== 'list') {
    if (!knowsRanges(env.mode) && typed.kind === 'binding')
      return [{ value: 'x', stars: [], span: typed.span }];
    return context.reportRange(env, 'P3055', pattern.span, {});
  }
  const strings: Str[] = [];
  for (const item of typed.kind === 'list' ? typed.items : [typed]) {
    if (item.kind !== 'literal' || item.literal.kind !== 'string')
      return context.report(env, 'P3055', pattern.span);
    strings.push({ value: item.literal.value, stars: item.literal.stars, span: item.span });
  }
  return strings;
}
