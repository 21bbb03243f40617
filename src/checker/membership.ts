// `in` and `contains` on lists, and keys of objects.

import type { Expr } from '../ast.ts';
import { coercePair, comparable, operand, valueFacts } from './compare.ts';
import type { Checked, Context, Env } from './context.ts';
import { check } from './expr.ts';
import type { Facts } from './facts.ts';
import { coerce } from './literal.ts';
import type { TypedExpr } from './typed.ts';
import { BOOL } from './types.ts';

/** `x in xs` and `k in m`. */
export function checkIn(
  context: Context,
  expr: Extract<Expr, { kind: 'in' | 'contains' | 'starts_with' | 'ends_with' | 'under' }>,
  env: Env,
): Checked {
  const left = check(context, expr.left, env).expr;
  const right = check(context, expr.right, env).expr;
  if (left === null || right === null || context.rejectOptional(env, left)) return plain(null, env.facts);
  if (context.rejectOptional(env, right)) return plain(null, env.facts);
  const { type } = right;
  if (type.kind === 'map' || (type.kind === 'record' && type.keys)) {
    if (left.type.kind !== 'string')
      return plain(context.rejectType(env, left, 'a string (the key)'), env.facts);
    return plain(
      { kind: 'hasKey', key: left, object: right, type: BOOL, optional: false, span: expr.span },
      env.facts,
    );
  }
  if (type.kind !== 'list')
    return plain(
      context.rejectType(env, right, 'a list, a map or an object known by `is object`'),
      env.facts,
    );
  const typed = typeMembership(context, env, left, right, expr.span);
  if (typed === null || right.kind !== 'list') return plain(typed, env.facts);
  const values = right.items.flatMap((item) =>
    item.kind === 'literal' && item.literal.kind === 'string' ? [item.literal.value] : [],
  );
  return values.length === right.items.length
    ? { expr: typed, ...valueFacts(env.facts, left, values) }
    : plain(typed, env.facts);
}

function plain(expr: TypedExpr | null, facts: Facts): Checked {
  return { expr, whenTrue: facts, whenFalse: facts };
}

/** Types `item in list`, and `list contains item`. */
export function typeMembership(
  context: Context,
  env: Env,
  item: TypedExpr,
  list: TypedExpr,
  span: TypedExpr['span'],
): TypedExpr | null {
  if (list.type.kind !== 'list') return null;
  if (item.type.kind === 'difference') return context.rejectType(env, item, 'a value that a list can hold');
  if (list.kind !== 'list') {
    const sought = coerce(context, env, item, list.type.item.type);
    if (sought === null) return null;
    const items = { type: list.type.item.type, expr: list };
    if (!comparable(context, env, '==', 'in', operand(sought), items, span)) return null;
    return { kind: 'in', item: sought, list, type: BOOL, optional: false, span };
  }
  // A literal that is sought takes the type of the members, if one of them has a type of its own.
  const typed = list.items.some((member) => member.kind !== 'literal');
  const sought = typed ? coerce(context, env, item, list.type.item.type) : item;
  if (sought === null) return null;
  const items: TypedExpr[] = [];
  for (const member of list.items) {
    const pair = coercePair(context, env, sought, member);
    if (pair === null) return null;
    if (!comparable(context, env, '==', 'in', operand(pair[0]), operand(pair[1]), member.span)) return null;
    items.push(pair[1]);
  }
  return { kind: 'in', item: sought, list: { ...list, items }, type: BOOL, optional: false, span };
}
