// Expressions: the one switch over the parsed forms. Each case types its operands and says which facts follow.

import type { Expr } from '../ast.ts';
import { MAX_LIST_ITEMS } from '../bytecode/limits.ts';
import { leavesRange, numeralsFit, reportOverflow, typeArithmetic, typeNegation } from './arithmetic.ts';
import { checkCall } from './call.ts';
import { checkCoalesce } from './coalesce.ts';
import { comparisonFacts, typeComparison } from './compare.ts';
import {
  type Checked,
  type CheckOptions,
  type Context,
  type Env,
  exprText,
  knowsRanges,
  unparen,
} from './context.ts';
import { type Facts, join } from './facts.ts';
import { durationExpr, exactOf, isSafeDuration, literalExpr, numeralExpr } from './literal.ts';
import { checkIn } from './membership.ts';
import { checkPattern, checkText } from './patterns.ts';
import { checkIndex, checkMember, checkName, checkRequest } from './reference.ts';
import { bindVariable } from './scope.ts';
import { checkHas, checkIs } from './type-test.ts';
import type { TypedExpr } from './typed.ts';
import { BOOL, isNumeric, type Slotted, STRING, type Type, typeText, UNKNOWN } from './types.ts';
import { MAX_UNFOLDED } from './unfolding.ts';
import { unify } from './unify.ts';

/** Types an expression under what is known at its place. */
export function check(context: Context, expr: Expr, env: Env, options: CheckOptions = {}): Checked {
  const checked = context.unfolding.level(() => checkForm(context, expr, env, options));
  if (checked !== null) return checked;
  if (context.unfolding.firstRefusal())
    context.report(null, 'P3052', env.mode.kind === 'call' ? env.mode.span : expr.span, {
      what: 'levels of lets and defs in one another',
      max: MAX_UNFOLDED,
    });
  return plain(null, env.facts);
}

function checkForm(context: Context, expr: Expr, env: Env, options: CheckOptions): Checked {
  switch (expr.kind) {
    case 'paren':
      return check(context, expr.inner, env, options);
    case 'and':
    case 'or':
      return checkJunction(context, expr, env);
    case 'not': {
      const arg = checkCondition(context, expr.arg, env);
      return {
        expr: arg.expr && { kind: 'not', arg: arg.expr, type: BOOL, optional: false, span: expr.span },
        whenTrue: arg.whenFalse,
        whenFalse: arg.whenTrue,
      };
    }
    case 'compare': {
      const left = check(context, expr.left, env, { exact: true }).expr;
      const right = check(context, expr.right, env, { exact: true }).expr;
      const typed = left && right && typeComparison(context, env, expr.op, left, right, expr.span);
      return { expr: typed, ...comparisonFacts(env.facts, typed) };
    }
    case 'in':
      return negatable(expr, checkIn(context, expr, env));
    case 'contains':
    case 'starts_with':
    case 'ends_with':
      return negatable(expr, plain(checkText(context, expr, env), env.facts));
    case 'matches':
      return negatable(expr, plain(checkPattern(context, expr, env), env.facts));
    case 'is':
      return negatable(expr, checkIs(context, expr, env));
    case 'has':
      return checkHas(context, expr, env);
    case 'under':
      return plain(context.report(env, 'P3005', expr.span, { what: '`under`' }), env.facts);
    default:
      return plain(checkValue(context, expr, env, options), env.facts);
  }
}

function checkValue(context: Context, expr: Expr, env: Env, options: CheckOptions): TypedExpr | null {
  switch (expr.kind) {
    case 'string':
      if (expr.str.stars.length > 0 && !options.stars) return context.report(env, 'P3029', expr.span);
      return literalExpr({ kind: 'string', value: expr.str.value, stars: expr.str.stars }, STRING, expr.span);
    case 'bool':
      return literalExpr({ kind: 'bool', value: expr.value }, BOOL, expr.span);
    case 'number': {
      const digits = expr.text.split('.')[1]?.length ?? 0;
      return numeralExpr(exactOf(expr.text), digits, expr.span);
    }
    case 'duration':
      if (!isSafeDuration(expr.ms))
        return context.report(env, 'P3021', expr.span, { value: expr.text, type: 'duration' });
      return durationExpr(expr.ms, expr.span);
    case 'list':
      return checkList(context, expr, env, options);
    case 'binary':
      return expr.op === '??'
        ? checkCoalesce(context, expr, env)
        : checkArithmetic(context, expr, env, options);
    case 'negate': {
      const arg = check(context, expr.arg, env).expr;
      return arg && typeNegation(context, env, arg, expr.span);
    }
    case 'request':
      return checkRequest(context, expr.span, env);
    case 'name':
      return checkName(context, expr.name, expr.span, env, options);
    case 'member':
      return checkMember(context, expr, env, options);
    case 'index':
      return checkIndex(context, expr, env, options);
    case 'call':
      return checkCall(context, expr, env);
    case 'quantifier':
      return checkQuantifier(context, expr, env);
    default:
      throw new Error(`unreachable expression ${expr.kind}`);
  }
}

function plain(expr: TypedExpr | null, facts: Facts): Checked {
  return { expr, whenTrue: facts, whenFalse: facts };
}

// `x not in xs` is `not (x in xs)`.
function negatable(written: { readonly negated: boolean }, checked: Checked): Checked {
  if (!written.negated) return checked;
  const { expr } = checked;
  return {
    expr: expr && { kind: 'not', arg: expr, type: BOOL, optional: false, span: expr.span },
    whenTrue: checked.whenFalse,
    whenFalse: checked.whenTrue,
  };
}

/** Types an expression that must be a condition. */
export function checkCondition(context: Context, expr: Expr, env: Env): Checked {
  const checked = check(context, expr, env);
  if (checked.expr === null) return checked;
  if (checked.expr.type.kind !== 'bool') {
    const { expr: found } = checked;
    const hint = found.optional ? `write \`has ${exprText(found)}\` to ask whether it is there` : '';
    return plain(context.report(env, 'P3031', expr.span, { found: typeText(found.type), hint }), env.facts);
  }
  if (context.rejectOptional(env, checked.expr)) return plain(null, env.facts);
  return checked;
}

function checkJunction(context: Context, expr: Extract<Expr, { kind: 'and' | 'or' }>, env: Env): Checked {
  const and = expr.kind === 'and';
  const args: TypedExpr[] = [];
  let failed = false;
  let going = env.facts;
  let leaving: Facts | null = null;
  for (const arg of expr.args) {
    if (expr.kind === 'or' && arg.kind === 'and') context.report(env, 'P3901', arg.span);
    const checked = checkCondition(context, arg, { ...env, facts: going });
    if (checked.expr === null) failed = true;
    else args.push(checked.expr);
    going = and ? checked.whenTrue : checked.whenFalse;
    const out = and ? checked.whenFalse : checked.whenTrue;
    leaving = leaving === null ? out : join(leaving, out);
  }
  const left = leaving ?? env.facts;
  const typed: TypedExpr | null = failed
    ? null
    : { kind: expr.kind, args, type: BOOL, optional: false, span: expr.span };
  return { expr: typed, whenTrue: and ? going : left, whenFalse: and ? left : going };
}

function checkArithmetic(
  context: Context,
  expr: Extract<Expr, { kind: 'binary' }>,
  env: Env,
  options: CheckOptions,
): TypedExpr | null {
  const left = check(context, expr.left, env).expr;
  const right = check(context, expr.right, env).expr;
  if (left === null || right === null || expr.op === '??') return null;
  return typeArithmetic(context, env, expr.op, left, right, expr.span, options.exact ?? false);
}

function checkList(
  context: Context,
  expr: Extract<Expr, { kind: 'list' }>,
  env: Env,
  options: CheckOptions,
): TypedExpr | null {
  const items: TypedExpr[] = [];
  let item: Type | null = null;
  let failed = false;
  for (const written of expr.items) {
    const typed = check(context, written, env, options.stars ? { stars: true } : {}).expr;
    if (typed === null || context.rejectOptional(env, typed)) {
      failed = true;
      continue;
    }
    if (typed.kind === 'list' || typed.type.kind === 'difference') {
      failed = true;
      context.rejectType(env, typed, 'an item that a written list can hold');
      continue;
    }
    const merged: Type | null = item === null ? typed.type : unify(item, typed.type);
    if (merged === null) {
      failed = true;
      context.report(env, 'P3032', typed.span, {
        first: typeText(item ?? UNKNOWN),
        found: typeText(typed.type),
      });
      continue;
    }
    item = merged;
    items.push(typed);
  }
  if (failed) return null;
  // Constants alone take the type of what they are compared with.
  const value = items.find((i) => i.kind !== 'literal');
  if (item !== null && isNumeric(item) && value !== undefined && knowsRanges(env.mode)) {
    if (!numeralsFit(context, env, ...items)) return null;
    if (leavesRange(item)) return reportOverflow(context, env, value);
  }
  const type: Type = {
    kind: 'list',
    item: { type: item ?? UNKNOWN, optional: false },
    minItems: items.length,
    maxItems: items.length,
  };
  return { kind: 'list', items, type, optional: false, span: expr.span };
}

function checkQuantifier(
  context: Context,
  expr: Extract<Expr, { kind: 'quantifier' }>,
  env: Env,
): TypedExpr | null {
  const list = check(context, expr.list, env).expr;
  if (list === null) return null;
  if (list.type.kind === 'unknown' && context.rejectOptional(env, list)) return null;
  if (list.optional) return context.report(env, 'P3034', unparen(expr.list).span, { name: exprText(list) });
  if (list.type.kind !== 'list') return context.rejectType(env, list, 'a list');
  if (list.kind === 'list' && (expr.op === 'count' || expr.op === 'first'))
    return context.report(env, 'P3035', expr.span, { op: expr.op });
  const slotted: Slotted = list.type.item;
  const { scope, binding } = bindVariable(context, env, context.properties, expr.variable, slotted);
  context.passed.set(binding, list);
  if (context.untyped.has(list)) context.untypedBindings.add(binding);
  const body = checkCondition(context, expr.body, { ...env, scope }).expr;
  if (body === null) return null;
  const base = { kind: 'quantifier', op: expr.op, variable: binding, list, body, span: expr.span } as const;
  switch (expr.op) {
    case 'any':
    case 'all':
      return { ...base, type: BOOL, optional: false };
    case 'count':
      return {
        ...base,
        type: { kind: 'int', lo: 0, hi: list.type.maxItems ?? MAX_LIST_ITEMS },
        optional: false,
      };
    case 'first':
      return { ...base, type: slotted.type, optional: true };
  }
}
