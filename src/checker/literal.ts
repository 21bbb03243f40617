// Literals: exact numbers, and what a literal becomes beside a typed operand (LANGUAGE: literals).

import { MAX_DECIMAL, MAX_DURATION_MS, MAX_SAFE_INT, MAX_SCALE } from '../bytecode/limits.ts';
import { parseDate, parseDuration, parseTimestamp } from '../value/time.ts';
import { type Context, didYouMean, type Env } from './context.ts';
import type { Exact, Literal, TypedExpr } from './typed.ts';
import { decimalType, isAssignable, isNumeric, type Type, typeText } from './types.ts';
import { storedAlike, unify } from './unify.ts';

export type LiteralExpr = Extract<TypedExpr, { kind: 'literal' }>;

/** The exact value of a numeral as written, without trailing zeros behind the point. */
export function exactOf(text: string): Exact {
  const [whole = '0', fraction = ''] = text.split('.');
  return trim({ k: BigInt(whole + fraction), scale: fraction.length });
}

/** Without trailing zeros behind the point. */
export function trim(value: Exact): Exact {
  let { k, scale } = value;
  while (scale > 0 && k % 10n === 0n) {
    k /= 10n;
    scale -= 1;
  }
  return { k, scale };
}

export function exactText(value: Exact): string {
  const digits = (value.k < 0n ? -value.k : value.k).toString().padStart(value.scale + 1, '0');
  const cut = digits.length - value.scale;
  return `${value.k < 0n ? '-' : ''}${digits.slice(0, cut)}${value.scale > 0 ? `.${digits.slice(cut)}` : ''}`;
}

/** k at a larger scale. */
export function rescale(value: Exact, scale: number): bigint {
  return value.k * 10n ** BigInt(scale - value.scale);
}

export function literalExpr(literal: Literal, type: Type, span: TypedExpr['span']): LiteralExpr {
  return { kind: 'literal', literal, type, optional: false, span };
}

/** The type that a numeral has on its own: int, or a decimal with as many digits as written. */
export function numeralExpr(value: Exact, digits: number, span: TypedExpr['span']): LiteralExpr {
  const scale = Math.max(value.scale, digits);
  const k = Number(rescale(value, scale));
  return literalExpr(
    { kind: 'exact', value },
    scale === 0 ? { kind: 'int', lo: k, hi: k } : decimalType(scale, k, k),
    span,
  );
}

/** Reports a numeral outside the range of its own type. */
export function checkNumeral(context: Context, env: Env, expr: LiteralExpr): LiteralExpr | null {
  if (expr.literal.kind !== 'exact') return expr;
  const { type } = expr;
  const limit = type.kind === 'decimal' ? MAX_DECIMAL : MAX_SAFE_INT;
  const scale = type.kind === 'decimal' ? (type.scale ?? 0) : 0;
  const k = rescale(expr.literal.value, Math.max(scale, expr.literal.value.scale));
  if (scale > MAX_SCALE || k > BigInt(limit) || k < -BigInt(limit)) {
    return context.report(env, 'P3021', expr.span, {
      value: exactText(expr.literal.value),
      type: typeText(type),
    });
  }
  return expr;
}

/** A literal or a list of them: what a constant let is at each use. */
export function isConstant(expr: TypedExpr): boolean {
  return (
    expr.kind === 'literal' || (expr.kind === 'list' && expr.items.every((item) => item.kind === 'literal'))
  );
}

/** Converts a literal to the type of the operand beside it; anything else is returned as it is. Null after a reported error. */
export function coerce(context: Context, env: Env, expr: TypedExpr, target: Type): TypedExpr | null {
  if (expr.kind === 'list') return target.kind === 'list' ? coerceList(context, env, expr, target) : expr;
  if (expr.kind !== 'literal') return expr;
  const { literal } = expr;
  switch (literal.kind) {
    case 'exact':
      return coerceExact(context, env, expr, literal.value, target);
    case 'string':
      return coerceString(context, env, expr, literal.value, target);
    default:
      return expr;
  }
}

function coerceList(
  context: Context,
  env: Env,
  expr: Extract<TypedExpr, { kind: 'list' }>,
  target: Extract<Type, { kind: 'list' }>,
): TypedExpr | null {
  const items: TypedExpr[] = [];
  for (const item of expr.items) {
    const coerced = coerce(context, env, item, target.item.type);
    if (coerced === null) return null;
    items.push(coerced);
  }
  if (!items.every((item) => isAssignable(item.type, target.item.type))) return { ...expr, items };
  // The items' own interval, where the target has a wider one.
  const own = items
    .map((item) => item.type)
    .reduce<Type | null>((a, b) => a && unify(a, b), items[0]?.type ?? null);
  const narrower = own !== null && isNumeric(own) && storedAlike(own, target.item.type);
  const type: Type = {
    kind: 'list',
    item: { type: narrower ? own : target.item.type, optional: false },
    minItems: items.length,
    maxItems: items.length,
  };
  return { ...expr, items, type };
}

function coerceExact(
  context: Context,
  env: Env,
  expr: LiteralExpr,
  value: Exact,
  target: Type,
): TypedExpr | null {
  if (target.kind === 'number') {
    const double = Number(exactText(value));
    if (!Number.isFinite(double))
      return context.report(env, 'P3021', expr.span, { value: exactText(value), type: 'number' });
    return literalExpr({ kind: 'number', value: double }, target, expr.span);
  }
  if (target.kind !== 'int' && target.kind !== 'decimal') return expr;
  if (target.kind === 'decimal' && target.scale === null) return checkNumeral(context, env, expr);
  const scale = target.kind === 'int' ? 0 : (target.scale ?? 0);
  if (value.scale > scale)
    return context.report(env, 'P3022', expr.span, { value: exactText(value), type: typeText(target) });
  return checkNumeral(context, env, numeralExpr(value, scale, expr.span));
}

function coerceString(
  context: Context,
  env: Env,
  expr: LiteralExpr,
  text: string,
  target: Type,
): TypedExpr | null {
  const bad = (format: string): null =>
    context.report(env, 'P3023', expr.span, { value: JSON.stringify(text), type: target.kind, format });
  switch (target.kind) {
    case 'string':
      if (target.values !== null && !target.values.includes(text)) {
        return context.report(env, 'P3024', expr.span, {
          value: JSON.stringify(text),
          type: typeText(target),
          hint: didYouMean(text, target.values),
        });
      }
      return literalExpr(expr.literal, { kind: 'string', values: [text] }, expr.span);
    case 'timestamp': {
      const parsed = parseTimestamp(text);
      return parsed === null
        ? bad('RFC 3339 with offset, such as 2026-01-31T09:00:00Z')
        : literalExpr({ kind: 'timestamp', ...parsed }, target, expr.span);
    }
    case 'date': {
      const days = parseDate(text);
      return days === null
        ? bad('YYYY-MM-DD')
        : literalExpr({ kind: 'date', value: days }, { kind: 'date', computed: false }, expr.span);
    }
    case 'duration': {
      const ms = parseDuration(text);
      return ms === null
        ? bad('ISO 8601 without years and months, such as PT1H30M')
        : durationExpr(ms, expr.span);
    }
    default:
      return expr;
  }
}

export function durationExpr(ms: number, span: TypedExpr['span']): LiteralExpr {
  return literalExpr({ kind: 'duration', value: ms }, { kind: 'duration', lo: ms, hi: ms }, span);
}

export function isSafeDuration(ms: number): boolean {
  return Number.isSafeInteger(ms) && Math.abs(ms) <= MAX_DURATION_MS;
}
