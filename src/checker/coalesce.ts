// `a ?? b`: the value of b where a, or a step on the way to it, is absent.

import type { Expr } from '../ast.ts';
import { fitsScale, leavesRange, reportOverflow } from './arithmetic.ts';
import { type Context, type Env, exprText, knowsRanges } from './context.ts';
import { check } from './expr.ts';
import { coerce } from './literal.ts';
import type { TypedExpr } from './typed.ts';
import { isNumeric, type Type, typeText } from './types.ts';
import { unify } from './unify.ts';

export function checkCoalesce(
  context: Context,
  expr: Extract<Expr, { kind: 'binary' }>,
  env: Env,
): TypedExpr | null {
  const left = check(context, expr.left, env, { steps: true }).expr;
  const right = check(context, expr.right, env, { steps: true }).expr;
  if (left === null || right === null) return null;
  if (!left.optional) context.report(env, 'P3902', expr.left.span, { name: exprText(left) });
  // A constant that a call passes is never absent.
  if (left.kind === 'literal' || left.kind === 'list') return left;
  if (right.kind === 'list' && right.items.length > 0)
    return context.report(env, 'P3005', expr.right.span, { what: 'a written list with items after `??`' });
  if (isOutsideEnum(left.type, right))
    return context.report(env, 'P3024', right.span, {
      value: exprText(right),
      type: typeText(left.type),
      hint: `write \`has ${exprText(left)} and …\` to treat an absent value apart`,
    });
  const converted = coerce(context, env, right, left.type);
  if (converted === null) return null;
  const type = unify(left.type, converted.type);
  if (isRecordLike(left.type) && isRecordLike(converted.type))
    return context.report(env, 'P3005', expr.span, { what: '`??` between records' });
  if (type === null || type.kind === 'difference')
    return context.report(env, 'P3033', expr.span, {
      left: typeText(left.type),
      right: typeText(converted.type),
    });
  // Containers under an unknown are stored as they came, others as their schema says.
  const untyped = context.untyped.has(left);
  const isContainer = type.kind === 'list' || type.kind === 'map';
  if (isContainer && converted.kind !== 'list' && untyped !== context.untyped.has(converted))
    return context.report(env, 'P3005', expr.span, {
      what: `\`??\` between a ${type.kind} of the schema and a ${type.kind} under an unknown`,
    });
  const optional = left.optional && converted.optional;
  const typed: TypedExpr = { kind: 'coalesce', left, right: converted, type, optional, span: expr.span };
  if (untyped) context.untyped.add(typed);
  const isExact = !leavesRange(type) && fitsItems(left.type, type) && fitsItems(converted.type, type);
  return !isExact && knowsRanges(env.mode) ? reportOverflow(context, env, typed) : typed;
}

/** Whether the numbers in a list stay exact when they are read at the scale of the items of the whole. */
function fitsItems(part: Type, whole: Type): boolean {
  if (part.kind !== 'list' || whole.kind !== 'list' || part.maxItems === 0) return true;
  const [item, read] = [part.item.type, whole.item.type];
  if (isNumeric(item) && read.kind === 'decimal') return read.scale === null || fitsScale(item, read.scale);
  return fitsItems(item, read);
}

function isRecordLike(type: Type): boolean {
  return type.kind === 'record' || type.kind === 'union' || type.kind === 'either';
}

function isOutsideEnum(type: Type, right: TypedExpr): boolean {
  return (
    type.kind === 'string' &&
    right.kind === 'literal' &&
    right.literal.kind === 'string' &&
    type.values?.includes(right.literal.value) === false
  );
}
