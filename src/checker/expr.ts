// Expressions: the one switch over the parsed forms. Each case types its operands and says which facts follow.

import type { Expr } from '../ast.ts';
import { MAX_LIST_ITEMS } from '../bytecode/limits.ts';
import { typeArithmetic, typeNegation } from './arithmetic.ts';
import { checkCall } from './call.ts';
import { coercePair, comparisonFacts, comparisonProblem, typeComparison, valueFacts } from './compare.ts';
import { type Checked, type CheckOptions, type Context, type Env, exprText, unparen } from './context.ts';
import { type Facts, join } from './facts.ts';
import { coerce, durationExpr, exactOf, isSafeDuration, literalExpr, numeralExpr } from './literal.ts';
import { checkPattern, checkText } from './patterns.ts';
import { checkHas, checkIndex, checkIs, checkMember, checkName, checkRequest } from './reference.ts';
import { bindVariable } from './scope.ts';
import type { TypedExpr } from './typed.ts';
import { BOOL, isNumeric, type Slotted, STRING, type Type, typeText, UNKNOWN } from './types.ts';

/** Types an expression under what is known at its place. */
export function check(context: Context, expr: Expr, env: Env, options: CheckOptions = {}): Checked {
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
  const type: Type = {
    kind: 'list',
    item: { type: item ?? UNKNOWN, optional: false },
    minItems: items.length,
    maxItems: items.length,
  };
  return { kind: 'list', items, type, optional: false, span: expr.span };
}

function checkCoalesce(
  context: Context,
  expr: Extract<Expr, { kind: 'binary' }>,
  env: Env,
): TypedExpr | null {
  const left = check(context, expr.left, env, { steps: true }).expr;
  const right = check(context, expr.right, env, { steps: true }).expr;
  if (left === null || right === null) return null;
  if (!left.optional) context.report(env, 'P3902', expr.left.span, { name: exprText(left) });
  const converted = coerce(context, env, right, left.type);
  if (converted === null) return null;
  const type = unify(left.type, converted.type);
  if (
    type === null ||
    type.kind === 'record' ||
    type.kind === 'union' ||
    type.kind === 'either' ||
    type.kind === 'difference'
  ) {
    return context.report(env, 'P3033', expr.span, {
      left: typeText(left.type),
      right: typeText(converted.type),
    });
  }
  return {
    kind: 'coalesce',
    left,
    right: converted,
    type,
    optional: left.optional && converted.optional,
    span: expr.span,
  };
}

function checkIn(
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

/** Types `item in list`, and `list contains item`. */
export function typeMembership(
  context: Context,
  env: Env,
  item: TypedExpr,
  list: TypedExpr,
  span: TypedExpr['span'],
): TypedExpr | null {
  if (list.type.kind !== 'list') return null;
  if (list.kind === 'list') {
    const items: TypedExpr[] = [];
    for (const member of list.items) {
      const pair = coercePair(context, env, item, member);
      if (pair === null) return null;
      if (!comparable(context, env, pair[0], pair[1].type, member.span)) return null;
      items.push(pair[1]);
    }
    return { kind: 'in', item, list: { ...list, items }, type: BOOL, optional: false, span };
  }
  const converted = coerce(context, env, item, list.type.item.type);
  if (converted === null || !comparable(context, env, converted, list.type.item.type, span)) return null;
  return { kind: 'in', item: converted, list, type: BOOL, optional: false, span };
}

function comparable(
  context: Context,
  env: Env,
  item: TypedExpr,
  other: Type,
  span: TypedExpr['span'],
): boolean {
  const problem =
    item.type.kind === 'difference'
      ? 'a difference of timestamps is in no list'
      : comparisonProblem('==', item.type, other);
  if (problem !== null)
    context.report(env, 'P3028', span, {
      op: 'in',
      left: typeText(item.type),
      right: typeText(other),
      hint: problem,
    });
  return problem === null;
}

function checkQuantifier(
  context: Context,
  expr: Extract<Expr, { kind: 'quantifier' }>,
  env: Env,
): TypedExpr | null {
  const list = check(context, expr.list, env).expr;
  if (list === null) return null;
  if (list.optional) return context.report(env, 'P3034', unparen(expr.list).span, { name: exprText(list) });
  if (list.type.kind !== 'list') return context.rejectType(env, list, 'a list');
  if (list.kind === 'list' && (expr.op === 'count' || expr.op === 'first'))
    return context.report(env, 'P3035', expr.span, { op: expr.op });
  const slotted: Slotted = list.type.item;
  const { scope, binding } = bindVariable(context, env, context.properties, expr.variable, slotted);
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
