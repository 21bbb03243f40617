// `+ - *`, unary minus: operand types, scales and intervals (LANGUAGE: operators, ranges and overflow).

import { MAX_DECIMAL, MAX_DURATION_MS, MAX_SAFE_INT, MAX_SCALE } from '../bytecode/limits.ts';
import { type Context, type Env, exprText, knowsRanges } from './context.ts';
import {
  checkNumeral,
  coerce,
  durationExpr,
  isSafeDuration,
  literalExpr,
  numeralExpr,
  rescale,
  trim,
} from './literal.ts';
import type { Exact, TypedExpr } from './typed.ts';
import {
  DURATION,
  decimalType,
  INT,
  isNumeric,
  type NumericType,
  scaleOf,
  type Type,
  typeText,
} from './types.ts';

const DAY_MS = 86_400_000;
/** From 0001-01-01 to 9999-12-31. */
const CALENDAR_MS = 3_652_058 * DAY_MS;

/** Types `left op right`. `exact`: a direct operand of a comparison, where one `+` or `-` needs no bound; its interval may then leave the range. */
export function typeArithmetic(
  context: Context,
  env: Env,
  op: '+' | '-' | '*',
  left: TypedExpr,
  right: TypedExpr,
  span: TypedExpr['span'],
  exact: boolean,
): TypedExpr | null {
  if (context.rejectOptional(env, left) || context.rejectOptional(env, right)) return null;
  const l = coerceOperand(context, env, left, right.type);
  const r = coerceOperand(context, env, right, left.type);
  if (l === null || r === null || !numeralsFit(context, env, l, r)) return null;
  const folded = fold(op, l, r, span);
  if (folded !== null) return folded;
  const type =
    isNumeric(l.type) && isNumeric(r.type)
      ? numericResult(op, l.type, r.type)
      : temporalResult(context, env, op, l, r, span);
  if (type === null) return null;
  if (type === 'mismatch')
    return context.report(env, 'P3025', span, {
      op,
      left: typeText(l.type),
      right: typeText(r.type),
      hint: numberHint(l.type, r.type),
    });
  const expr: TypedExpr = { kind: 'arithmetic', op, left: l, right: r, type, optional: false, span };
  if (!knowsRanges(env.mode)) return { ...expr, type: clamp(type) };
  if (type.kind === 'decimal' && type.scale !== null && type.scale > MAX_SCALE)
    return context.reportRange(env, 'P3011', span, { scale: type.scale });
  if (!(exact && op !== '*') && leavesRange(type)) return reportOverflow(context, env, expr);
  if (!widens(l.type, type, op) || !widens(r.type, type, op)) return reportOverflow(context, env, expr);
  return expr;
}

// Where ranges are not known yet, a result is taken to stay in its range, so that the expression around it is checked.
function clamp(type: Type): Type {
  switch (type.kind) {
    case 'int':
      return INT;
    case 'decimal':
      return decimalType(type.scale === null ? null : Math.min(type.scale, MAX_SCALE));
    case 'duration':
      return DURATION;
    default:
      return type;
  }
}

function numberHint(left: Type, right: Type): string {
  return left.kind === 'number' || right.kind === 'number'
    ? 'a `number` can only be compared; give its schema a `multipleOf` (such as 0.01) to make it a decimal'
    : '';
}

// A string literal beside a timestamp is a timestamp, beside a duration a duration; beside a date it can only be a date.
function coerceOperand(context: Context, env: Env, expr: TypedExpr, other: Type): TypedExpr | null {
  if (expr.kind !== 'literal' || expr.literal.kind !== 'string') return expr;
  return coerce(context, env, expr, other);
}

function fold(op: '+' | '-' | '*', l: TypedExpr, r: TypedExpr, span: TypedExpr['span']): TypedExpr | null {
  if (l.kind !== 'literal' || r.kind !== 'literal') return null;
  const a = l.literal;
  const b = r.literal;
  if (a.kind === 'exact' && b.kind === 'exact') {
    const value = trim(applyExact(op, a.value, b.value));
    return numeralExpr(value, value.scale, span);
  }
  if (a.kind === 'duration' && b.kind === 'duration' && op !== '*') {
    const ms = op === '+' ? a.value + b.value : a.value - b.value;
    return isSafeDuration(ms) ? durationExpr(ms, span) : null;
  }
  if (a.kind === 'duration' && b.kind === 'exact' && b.value.scale === 0 && op === '*') {
    const ms = a.value * Number(b.value.k);
    return isSafeDuration(ms) ? durationExpr(ms, span) : null;
  }
  return null;
}

function applyExact(op: '+' | '-' | '*', a: Exact, b: Exact): Exact {
  if (op === '*') return { k: a.k * b.k, scale: a.scale + b.scale };
  const scale = Math.max(a.scale, b.scale);
  const x = rescale(a, scale);
  const y = rescale(b, scale);
  return { k: op === '+' ? x + y : x - y, scale };
}

/** The scaled interval of a numeric type at a scale. */
function intervalAt(type: NumericType, scale: number): [number, number] {
  const factor = 10 ** (scale - scaleOf(type));
  return [type.lo * factor, type.hi * factor];
}

function numericResult(op: '+' | '-' | '*', l: NumericType, r: NumericType): Type {
  const generic = (l.kind === 'decimal' && l.scale === null) || (r.kind === 'decimal' && r.scale === null);
  if (generic) return decimalType(null);
  const ls = scaleOf(l);
  const rs = scaleOf(r);
  const decimal = l.kind === 'decimal' || r.kind === 'decimal';
  if (op === '*') {
    const corners = [l.lo * r.lo, l.lo * r.hi, l.hi * r.lo, l.hi * r.hi].map((x) => x + 0);
    const lo = Math.min(...corners);
    const hi = Math.max(...corners);
    return decimal ? decimalType(ls + rs, lo, hi) : { kind: 'int', lo, hi };
  }
  const scale = Math.max(ls, rs);
  const [llo, lhi] = intervalAt(l, scale);
  const [rlo, rhi] = intervalAt(r, scale);
  const lo = op === '+' ? llo + rlo : llo - rhi;
  const hi = op === '+' ? lhi + rhi : lhi - rlo;
  return decimal ? decimalType(scale, lo, hi) : { kind: 'int', lo, hi };
}

function temporalResult(
  context: Context,
  env: Env,
  op: '+' | '-' | '*',
  l: TypedExpr,
  r: TypedExpr,
  span: TypedExpr['span'],
): Type | 'mismatch' | null {
  const a = l.type;
  const b = r.type;
  if (a.kind === 'duration' && b.kind === 'duration' && op !== '*') {
    return op === '+'
      ? { kind: 'duration', lo: a.lo + b.lo, hi: a.hi + b.hi }
      : { kind: 'duration', lo: a.lo - b.hi, hi: a.hi - b.lo };
  }
  if (op === '*' && a.kind === 'duration' && b.kind === 'int') return durationTimes(a, b);
  if (op === '*' && b.kind === 'duration' && a.kind === 'int') return durationTimes(b, a);
  if (a.kind === 'timestamp' && b.kind === 'duration' && op !== '*')
    return { kind: 'timestamp', computed: true };
  if (a.kind === 'duration' && b.kind === 'timestamp' && op === '+')
    return { kind: 'timestamp', computed: true };
  if (a.kind === 'timestamp' && b.kind === 'timestamp' && op === '-') return { kind: 'difference' };
  if (a.kind === 'date' && b.kind === 'date' && op === '-') {
    const reach = dateReach(l) + dateReach(r) + CALENDAR_MS;
    return { kind: 'duration', lo: -reach, hi: reach };
  }
  if (a.kind === 'date' && b.kind === 'duration' && op !== '*') {
    const whole = r.kind === 'literal' && r.literal.kind === 'duration' && r.literal.value % DAY_MS === 0;
    return whole ? { kind: 'date', computed: true } : context.report(env, 'P3026', span);
  }
  return 'mismatch';
}

/** How far additions may take a date out of years 1 to 9999. */
function dateReach(expr: TypedExpr): number {
  switch (expr.kind) {
    case 'arithmetic':
      return expr.right.kind === 'literal' && expr.right.literal.kind === 'duration'
        ? dateReach(expr.left) + Math.abs(expr.right.literal.value)
        : Infinity;
    case 'coalesce':
      return Math.max(dateReach(expr.left), dateReach(expr.right));
    case 'let':
      return dateReach(expr.let.value);
    case 'call':
      return dateReach(expr.body);
    default:
      return expr.type.kind === 'date' && expr.type.computed ? Infinity : 0;
  }
}

function durationTimes(
  duration: Extract<Type, { kind: 'duration' }>,
  times: Extract<Type, { kind: 'int' }>,
): Type {
  const corners = [
    duration.lo * times.lo,
    duration.lo * times.hi,
    duration.hi * times.lo,
    duration.hi * times.hi,
  ].map((x) => x + 0);
  return { kind: 'duration', lo: Math.min(...corners), hi: Math.max(...corners) };
}

/** Whether the interval of a type leaves the range in which its values are exact. */
export function leavesRange(type: Type): boolean {
  switch (type.kind) {
    case 'int':
      return type.lo < -MAX_SAFE_INT || type.hi > MAX_SAFE_INT;
    case 'decimal':
      return (
        type.scale !== null && (type.scale > MAX_SCALE || type.lo < -MAX_DECIMAL || type.hi > MAX_DECIMAL)
      );
    case 'duration':
      return type.lo < -MAX_DURATION_MS || type.hi > MAX_DURATION_MS;
    default:
      return false;
  }
}

// An operand must also be exact after it is widened to the scale of the result.
function widens(operand: Type, result: Type, op: '+' | '-' | '*'): boolean {
  if (op === '*' || result.kind !== 'decimal' || result.scale === null || !isNumeric(operand)) return true;
  const [lo, hi] = intervalAt(operand, result.scale);
  return lo >= -MAX_DECIMAL && hi <= MAX_DECIMAL;
}

/** Whether a numeric operand stays exact when a comparison widens it to `scale`. */
export function fitsScale(type: NumericType, scale: number): boolean {
  const own = type.kind === 'int' ? 0 : type.scale;
  if (own === null || own === scale) return true;
  const [lo, hi] = intervalAt(type, scale);
  return lo >= -MAX_DECIMAL && hi <= MAX_DECIMAL;
}

/** Whether a value, or the items of a list, fit the scale that is declared for them; an obligation or a parameter says it. */
export function fitsDeclared(context: Context, env: Env, value: TypedExpr, declared: Type): boolean {
  const have = value.type.kind === 'list' ? value.type.item.type : value.type;
  const want = declared.kind === 'list' ? declared.item.type : declared;
  if (!knowsRanges(env.mode) || !isNumeric(have) || want.kind !== 'decimal' || want.scale === null)
    return true;
  if (fitsScale(have, want.scale)) return true;
  reportOverflow(context, env, value);
  return false;
}

/** Reports numerals that no number of the language can hold. */
export function numeralsFit(context: Context, env: Env, ...exprs: readonly TypedExpr[]): boolean {
  return exprs.every((expr) => expr.kind !== 'literal' || checkNumeral(context, env, expr) !== null);
}

export function reportOverflow(context: Context, env: Env, expr: TypedExpr): null {
  return context.reportRange(env, 'P3027', expr.span, {
    type: typeText(expr.type),
    fields: unboundedFields(context, expr).join(', ') || 'the operands',
  });
}

/** The references in an expression whose schema states no bound: those need `maximum`. */
function unboundedFields(context: Context, expr: TypedExpr): string[] {
  const found = new Set<string>();
  const all = new Set<string>();
  const visit = (e: TypedExpr): void => {
    const passed = e.kind === 'binding' ? context.passed.get(e.binding) : undefined;
    if (e.kind === 'arithmetic' || e.kind === 'coalesce') {
      visit(e.left);
      visit(e.right);
    } else if (e.kind === 'negate') visit(e.arg);
    else if (e.kind === 'let') visit(e.let.value);
    else if (e.kind === 'call') visit(e.body);
    else if (passed !== undefined) visit(passed);
    else if (e.kind !== 'literal') {
      all.add(exprText(e));
      const type = e.type.kind === 'list' ? e.type.item.type : e.type;
      if (type.kind === 'int' && (type.hi >= MAX_SAFE_INT || type.lo <= -MAX_SAFE_INT))
        found.add(exprText(e));
      if (type.kind === 'decimal' && (type.hi >= MAX_DECIMAL || type.lo <= -MAX_DECIMAL))
        found.add(exprText(e));
      if (type.kind === 'duration') found.add(exprText(e));
    }
  };
  visit(expr);
  return [...(found.size > 0 ? found : all)].map((name) => `\`${name}\``);
}

/** Types `-arg`. */
export function typeNegation(
  context: Context,
  env: Env,
  arg: TypedExpr,
  span: TypedExpr['span'],
): TypedExpr | null {
  if (context.rejectOptional(env, arg)) return null;
  if (arg.kind === 'literal') {
    if (arg.literal.kind === 'exact') {
      const digits = arg.type.kind === 'decimal' ? (arg.type.scale ?? 0) : 0;
      return numeralExpr({ k: -arg.literal.value.k, scale: arg.literal.value.scale }, digits, span);
    }
    if (arg.literal.kind === 'duration') return durationExpr(0 - arg.literal.value, span);
    if (arg.literal.kind === 'number')
      return literalExpr({ kind: 'number', value: 0 - arg.literal.value }, arg.type, span);
  }
  const { type } = arg;
  if (type.kind !== 'int' && type.kind !== 'decimal' && type.kind !== 'duration') {
    return context.rejectType(env, arg, 'an int, a decimal or a duration');
  }
  return { kind: 'negate', arg, type: { ...type, lo: 0 - type.hi, hi: 0 - type.lo }, optional: false, span };
}
