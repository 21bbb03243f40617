// Comparisons: which kinds may meet, what a literal becomes, which facts follow (LANGUAGE: operators, narrowing).

import type { RelOp } from '../ast.ts';
import { fitsScale, leavesRange, numeralsFit, reportOverflow } from './arithmetic.ts';
import { type Context, type Env, knowsRanges } from './context.ts';
import { assume, type Facts, memberKey, type Outcomes, referenceKey } from './facts.ts';
import { coerce } from './literal.ts';
import type { TypedExpr } from './typed.ts';
import { BOOL, DURATION, isNumeric, STRING, scaleOf, type Type, typeText } from './types.ts';

/** Types `left op right`; operands are already typed. */
export function typeComparison(
  context: Context,
  env: Env,
  op: RelOp,
  left: TypedExpr,
  right: TypedExpr,
  span: TypedExpr['span'],
): TypedExpr | null {
  if (context.rejectOptional(env, left) || context.rejectOptional(env, right)) return null;
  const pair = coercePair(context, env, left, right);
  if (pair === null) return null;
  const [l, r] = pair;
  if (!comparable(context, env, op, op, operand(l), operand(r), span)) return null;
  if (knowsRanges(env.mode) && leavesRange(l.type) && leavesRange(r.type))
    return reportOverflow(context, env, r);
  return { kind: 'compare', op, left: l, right: r, type: BOOL, optional: false, span };
}

/** Converts a literal on one side to the type of the other; null after a reported error. */
export function coercePair(
  context: Context,
  env: Env,
  left: TypedExpr,
  right: TypedExpr,
): [TypedExpr, TypedExpr] | null {
  if (isRaw(left) && isRaw(right)) return numeralsFit(context, env, left, right) ? [left, right] : null;
  const l = isRaw(right) ? left : coerce(context, env, left, besideType(right.type));
  const r = coerce(context, env, right, besideType(left.type));
  return l === null || r === null ? null : [l, r];
}

// A numeral or a text that takes its type from what stands beside it.
function isRaw(expr: TypedExpr): boolean {
  return expr.kind === 'literal' && (expr.literal.kind === 'exact' || expr.literal.kind === 'string');
}

function besideType(type: Type): Type {
  return type.kind === 'difference' ? DURATION : type;
}

/** One side of a comparison: its type, and the expression that messages name. */
export interface Operand {
  readonly type: Type;
  readonly expr: TypedExpr;
}

/** An expression as a side of a comparison. A text compared with another constant is any string. */
export function operand(expr: TypedExpr): Operand {
  return { expr, type: expr.kind === 'literal' && expr.literal.kind === 'string' ? STRING : expr.type };
}

/** Whether two values can be compared, exactly at the larger of their scales; reports it otherwise. `written`: the operator in the source. */
export function comparable(
  context: Context,
  env: Env,
  op: RelOp,
  written: string,
  left: Operand,
  right: Operand,
  span: TypedExpr['span'],
): boolean {
  const hint = comparisonProblem(op, left.type, right.type);
  if (hint !== null) {
    const args = { op: written, left: typeText(left.type), right: typeText(right.type), hint };
    context.report(env, 'P3028', span, args);
    return false;
  }
  if (!isNumeric(left.type) || !isNumeric(right.type) || !knowsRanges(env.mode)) return true;
  const scale = Math.max(scaleOf(left.type), scaleOf(right.type));
  for (const { type, expr } of [left, right]) {
    if (isNumeric(type) && !fitsScale(type, scale)) {
      reportOverflow(context, env, expr);
      return false;
    }
  }
  return true;
}

/** Why two types cannot be compared, or null when they can. */
function comparisonProblem(op: RelOp, a: Type, b: Type): string | null {
  const order = op !== '==' && op !== '!=';
  if (isNumeric(a) && isNumeric(b)) return null;
  const pair = [a.kind, b.kind];
  if (pair.includes('number')) {
    if (a.kind === 'number' && b.kind === 'number') return null;
    if (pair.includes('int')) return null;
    if (pair.includes('decimal'))
      return 'a `number` and a decimal cannot be compared exactly; give the schema of the number a `multipleOf`';
  }
  if (pair.includes('difference')) {
    return pair.includes('duration')
      ? null
      : 'the difference of two timestamps can only be compared with a duration';
  }
  if (a.kind === 'string' && b.kind === 'string') {
    if (order) return 'strings have no order; use `==`, `in`, `starts_with` or `matches`';
    if (a.values !== null && b.values !== null && !a.values.some((v) => b.values?.includes(v)))
      return 'the two have no value in common';
    return null;
  }
  if (a.kind === 'bool' && b.kind === 'bool') return order ? 'truth values have no order' : null;
  if (a.kind === b.kind && (a.kind === 'timestamp' || a.kind === 'date' || a.kind === 'duration'))
    return null;
  if (pair.includes('unknown')) return 'narrow the unknown value first, with `is`';
  if (
    pair.some(
      (kind) =>
        kind === 'list' || kind === 'record' || kind === 'map' || kind === 'union' || kind === 'either',
    )
  ) {
    return 'lists, records, maps and unions cannot be compared; compare what is in them';
  }
  return 'both sides must be of one kind';
}

/** The facts that `ref == literal` and `ref != literal` give. */
export function comparisonFacts(facts: Facts, expr: TypedExpr | null): Outcomes {
  if (expr?.kind !== 'compare' || (expr.op !== '==' && expr.op !== '!='))
    return { whenTrue: facts, whenFalse: facts };
  const [ref, literal] = expr.left.kind === 'literal' ? [expr.right, expr.left] : [expr.left, expr.right];
  if (literal.kind !== 'literal' || literal.literal.kind !== 'string')
    return { whenTrue: facts, whenFalse: facts };
  const outcomes = valueFacts(facts, ref, [literal.literal.value]);
  return expr.op === '==' ? outcomes : { whenTrue: outcomes.whenFalse, whenFalse: outcomes.whenTrue };
}

/** The facts that "the string `ref` is one of these" and its negation give. */
export function valueFacts(facts: Facts, ref: TypedExpr, values: readonly string[]): Outcomes {
  const key = referenceKey(ref);
  if (key === null || ref.type.kind !== 'string') return { whenTrue: facts, whenFalse: facts };
  const all = ref.type.values;
  const others = all === null ? null : all.filter((v) => !values.includes(v));
  return {
    whenTrue: assume(facts, key, { present: true, values }),
    whenFalse: others === null ? facts : assume(facts, key, { values: others }),
  };
}

/** The facts that `is` on a union gives: which discriminator values remain. */
export function branchFacts(
  facts: Facts,
  subject: string,
  discriminator: string,
  values: readonly string[],
  all: readonly string[],
): Outcomes {
  const key = memberKey(subject, discriminator);
  const present = assume(facts, subject, { present: true });
  return {
    whenTrue: assume(present, key, { present: true, values }),
    whenFalse: assume(facts, key, { values: all.filter((v) => !values.includes(v)) }),
  };
}
