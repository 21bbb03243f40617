// How many quantifiers stand inside each other in an expression, lets and calls expanded. Variables of a quantifier are numbered by the height
// of its body, so that two live variables never share a slot; the contract limits the height.

import type { TypedExpr } from '../checker/typed.ts';
import { testHeight } from './lower-is.ts';

const known = new WeakMap<TypedExpr, number>();

/** 0 for an expression without quantifiers. */
export function quantifierHeight(expr: TypedExpr): number {
  const cached = known.get(expr);
  if (cached !== undefined) return cached;
  const height = measure(expr);
  known.set(expr, height);
  return height;
}

function measure(expr: TypedExpr): number {
  switch (expr.kind) {
    case 'quantifier':
      return Math.max(quantifierHeight(expr.list), 1 + quantifierHeight(expr.body));
    case 'in':
      return Math.max(quantifierHeight(expr.item) + 1, quantifierHeight(expr.list));
    case 'is':
      return Math.max(quantifierHeight(expr.subject), testHeight(expr.test));
    default:
      return Math.max(0, ...operands(expr).map(quantifierHeight));
  }
}

/** The direct operands of an expression, the value of a let and the body of a call included. */
export function operands(expr: TypedExpr): readonly TypedExpr[] {
  switch (expr.kind) {
    case 'literal':
    case 'request':
    case 'binding':
      return [];
    case 'list':
      return expr.items;
    case 'let':
      return [expr.let.value];
    case 'member':
      return [expr.object];
    case 'at':
      return [expr.list];
    case 'get':
      return [expr.map, expr.key];
    case 'and':
    case 'or':
      return expr.args;
    case 'not':
    case 'negate':
    case 'size':
    case 'case':
    case 'calendar':
      return [expr.arg];
    case 'compare':
    case 'arithmetic':
    case 'coalesce':
      return [expr.left, expr.right];
    case 'in':
      return [expr.item, expr.list];
    case 'hasKey':
      return [expr.key, expr.object];
    case 'text':
      return 'kind' in expr.texts ? [expr.subject, expr.texts] : [expr.subject];
    case 'matches':
    case 'is':
    case 'has':
      return [expr.subject];
    case 'quantifier':
      return [expr.list, expr.body];
    case 'call':
      return [...expr.args, expr.body];
  }
}
