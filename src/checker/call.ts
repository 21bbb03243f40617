// Calls: the built-in functions, and defs, whose bodies are checked once against the declared types and typed again for each call.

import type { Expr, Span } from '../ast.ts';
import { MAX_LIST_ITEMS, MAX_MAP_ENTRIES, MAX_STRING_BYTES } from '../bytecode/limits.ts';
import { fitsDeclared } from './arithmetic.ts';
import { type Context, didYouMean, type Env, knowsRanges } from './context.ts';
import { check } from './expr.ts';
import { coerce } from './literal.ts';
import { type DefSymbol, isValueName, Scope } from './scope.ts';
import { resolveType } from './type-name.ts';
import type { Binding, TypedExpr } from './typed.ts';
import { decimalType, isAssignable, isNumeric, STRING, type Type, typeText } from './types.ts';

/** Calls that one written call, and that all calls of a policy, may expand to. */
const MAX_EXPANSIONS = 10_000;
const MAX_ALL_EXPANSIONS = 300_000;

/** Names of the built-in functions. */
export const BUILT_IN_FUNCTIONS = ['size', 'lower', 'upper', 'date', 'weekday', 'minute_of_day'] as const;

export function checkCall(
  context: Context,
  expr: Extract<Expr, { kind: 'call' }>,
  env: Env,
): TypedExpr | null {
  const name = expr.callee.name;
  const symbol = env.scope.find(name);
  if (symbol?.kind === 'def') return callDef(context, expr, env, symbol);
  if (symbol !== null) return context.report(env, 'P3056', expr.callee.span, { name, hint: '' });
  switch (name) {
    case 'size':
      return checkSize(context, expr, env);
    case 'lower':
    case 'upper': {
      const arg = soleArgument(context, expr, env);
      if (arg === null) return null;
      if (arg.type.kind !== 'string') return context.rejectType(env, arg, 'a string');
      return { kind: 'case', op: name, arg, type: STRING, optional: false, span: expr.span };
    }
    case 'date':
    case 'weekday':
    case 'minute_of_day':
      return checkCalendar(context, expr, env, name);
    default: {
      const defs = [...env.scope.visible()].filter((n) => env.scope.find(n)?.kind === 'def');
      return context.report(env, 'P3056', expr.callee.span, {
        name,
        hint: didYouMean(name, [...BUILT_IN_FUNCTIONS, ...defs]),
      });
    }
  }
}

function soleArgument(context: Context, expr: Extract<Expr, { kind: 'call' }>, env: Env): TypedExpr | null {
  const [first] = expr.args;
  if (first === undefined || expr.args.length !== 1)
    return context.report(env, 'P3057', expr.span, {
      name: expr.callee.name,
      wanted: 1,
      found: expr.args.length,
    });
  const arg = check(context, first, env).expr;
  return arg === null || context.rejectOptional(env, arg) ? null : arg;
}

function checkSize(context: Context, expr: Extract<Expr, { kind: 'call' }>, env: Env): TypedExpr | null {
  const arg = soleArgument(context, expr, env);
  if (arg === null) return null;
  const { type } = arg;
  const untyped = context.untyped.has(arg);
  let hi: number;
  if (type.kind === 'string') hi = MAX_STRING_BYTES;
  // Under an unknown nothing bounds a container that no quantifier enters.
  else if (type.kind === 'list') hi = type.maxItems ?? (untyped ? 2 ** 32 : MAX_LIST_ITEMS);
  else if (type.kind === 'map' || (type.kind === 'record' && type.keys))
    hi = untyped ? 2 ** 32 : MAX_MAP_ENTRIES;
  else return context.rejectType(env, arg, 'a string, a list or a map');
  const lo = type.kind === 'list' ? type.minItems : 0;
  return { kind: 'size', arg, type: { kind: 'int', lo, hi }, optional: false, span: expr.span };
}

function checkCalendar(
  context: Context,
  expr: Extract<Expr, { kind: 'call' }>,
  env: Env,
  op: 'date' | 'weekday' | 'minute_of_day',
): TypedExpr | null {
  const [first, second] = expr.args;
  if (first === undefined || second === undefined || expr.args.length !== 2) {
    return context.report(env, 'P3057', expr.span, { name: op, wanted: 2, found: expr.args.length });
  }
  const arg = check(context, first, env).expr;
  const offset = check(context, second, env).expr;
  if (arg === null || offset === null || context.rejectOptional(env, arg)) return null;
  const instant = coerce(context, env, arg, { kind: 'timestamp', computed: false });
  if (instant === null) return null;
  if (instant.type.kind !== 'timestamp') return context.rejectType(env, instant, 'a timestamp');
  const minutes =
    offset.kind === 'literal' && offset.literal.kind === 'string'
      ? offsetMinutes(offset.literal.value)
      : null;
  if (minutes === null) return context.report(env, 'P3058', second.span);
  const type: Type =
    op === 'date'
      ? { kind: 'date', computed: instant.type.computed }
      : op === 'weekday'
        ? { kind: 'int', lo: 1, hi: 7 }
        : { kind: 'int', lo: 0, hi: 1439 };
  return {
    kind: 'calendar',
    op,
    arg: instant,
    offsetMinutes: minutes,
    type,
    optional: false,
    span: expr.span,
  };
}

function offsetMinutes(text: string): number | null {
  if (text === 'Z') return 0;
  const match = /^([+-])([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (match === null) return null;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return match[1] === '-' ? 0 - minutes : minutes;
}

/** Resolves the parameters of a def and checks its body once, against their declared types. */
export function typeDef(context: Context, symbol: DefSymbol): void {
  if (symbol.state !== 'declared') return;
  symbol.state = 'checking';
  const env: Env = { facts: symbol.facts, scope: symbol.scope, mode: { kind: 'policy' } };
  const params: { ast: (typeof symbol.item.params)[number]; type: Type }[] = [];
  const seen = new Set<string>();
  let failed = false;
  for (const ast of symbol.item.params) {
    if (seen.has(ast.name.name) || isValueName(symbol.scope.find(ast.name.name)))
      context.report(null, 'P3002', ast.name.span, { name: ast.name.name });
    else if (context.properties.includes(ast.name.name))
      context.report(null, 'P3003', ast.name.span, { name: ast.name.name });
    seen.add(ast.name.name);
    const type = resolveType(context, env, ast.type);
    if (type === null) failed = true;
    else params.push({ ast, type });
  }
  if (!failed) {
    symbol.params = params;
    const scope = new Scope(symbol.scope);
    for (const { ast, type } of params) declareParam(context, scope, ast.name.name, type, null);
    const before = context.diagnostics.length;
    context.unfolding.apart(() =>
      check(context, symbol.item.body, { facts: symbol.facts, scope, mode: { kind: 'definition' } }),
    );
    symbol.broken = context.hasErrorsSince(before);
  }
  symbol.state = 'done';
}

function declareParam(
  context: Context,
  scope: Scope,
  name: string,
  type: Type,
  literal: TypedExpr | null,
): Binding {
  const binding: Binding = { name, slotted: { type, optional: type.kind === 'unknown' } };
  // What a parameter of a named record type refers to may lie under an unknown.
  context.untypedBindings.add(binding);
  scope.declare(name, { kind: 'binding', binding, literal });
  return binding;
}

function callDef(
  context: Context,
  expr: Extract<Expr, { kind: 'call' }>,
  env: Env,
  symbol: DefSymbol,
): TypedExpr | null {
  const name = expr.callee.name;
  symbol.used = true;
  if (symbol.state === 'declared') {
    if (context.positional) return context.report(env, 'P3037', expr.callee.span, { name });
    typeDef(context, symbol);
  }
  if (symbol.state === 'checking') return context.report(env, 'P3006', expr.callee.span, { name });
  if (env.mode.kind === 'invariant' && !symbol.facts.isEmpty())
    return context.report(env, 'P3092', expr.callee.span, { name });
  const { params } = symbol;
  if (params === null) return null;
  if (params.length !== expr.args.length)
    return context.report(env, 'P3057', expr.span, { name, wanted: params.length, found: expr.args.length });
  if (!countExpansion(context, env)) {
    // One report says it: every further call would say it again.
    if (!context.exhausted) context.report(null, 'P3059', callSpan(env, expr), { name });
    context.exhausted = true;
    return null;
  }
  const bound = bindArguments(context, expr, env, symbol.scope, params);
  // A cycle of defs is reported where the bodies are checked; here it only has to end.
  if (bound === null || context.expanding.has(symbol)) return null;
  const { scope, bindings, args } = bound;
  const mode = {
    kind: 'call' as const,
    span: callSpan(env, expr),
    ranges: knowsRanges(env.mode),
    broken: symbol.broken || (env.mode.kind === 'call' && env.mode.broken),
  };
  context.expanding.add(symbol);
  const body = check(context, symbol.item.body, { facts: symbol.facts, scope, mode }).expr;
  context.expanding.delete(symbol);
  if (body === null) return null;
  const { span } = expr;
  const applied = (inner: TypedExpr): TypedExpr => {
    const { type, optional } = inner;
    return { kind: 'call', name, params: bindings, args, body: inner, type, optional, span };
  };
  if (body.kind !== 'list') return applied(body);
  // A written list stays one, so that its items can be compared one by one.
  const items = body.items.map((item) => (item.kind === 'literal' ? { ...item, span } : applied(item)));
  return { ...body, items };
}

// The arguments of a call, and a scope in which the parameters stand for them; null after a reported error.
function bindArguments(
  context: Context,
  expr: Extract<Expr, { kind: 'call' }>,
  env: Env,
  outer: Scope,
  params: NonNullable<DefSymbol['params']>,
): { readonly scope: Scope; readonly bindings: Binding[]; readonly args: TypedExpr[] } | null {
  const args: TypedExpr[] = [];
  const bindings: Binding[] = [];
  const scope = new Scope(outer);
  for (const [i, { ast, type }] of params.entries()) {
    const arg = checkArgument(context, env, expr.args[i]!, ast.name.name, type);
    if (arg === null) continue;
    args.push(arg);
    // A constant stays one in the body, but what is declared unknown is a value to be tested.
    const literal = (arg.kind === 'literal' || arg.kind === 'list') && type.kind !== 'unknown' ? arg : null;
    const binding = declareParam(context, scope, ast.name.name, paramType(type, arg.type), literal);
    context.passed.set(binding, arg);
    bindings.push(binding);
  }
  return args.length === params.length ? { scope, bindings, args } : null;
}

// Inside another call errors are told at the outermost one, the one that a person can change.
function callSpan(env: Env, expr: Extract<Expr, { kind: 'call' }>): Span {
  return env.mode.kind === 'call' ? env.mode.span : expr.span;
}

// Calls in the bodies of calls multiply; a limit stops a policy that would not end.
function countExpansion(context: Context, env: Env): boolean {
  if (env.mode.kind !== 'call') context.expansions = 0;
  context.expansions += 1;
  context.allExpansions += 1;
  return context.expansions <= MAX_EXPANSIONS && context.allExpansions <= MAX_ALL_EXPANSIONS;
}

function checkArgument(
  context: Context,
  env: Env,
  written: Expr,
  param: string,
  type: Type,
): TypedExpr | null {
  const lenient = type.kind === 'unknown';
  const checked = check(context, written, env, { ...(lenient ? { steps: true } : {}), stars: true }).expr;
  if (checked === null || (!lenient && context.rejectOptional(env, checked))) return null;
  // What the projection has typed is stored by its type, so that there is nothing left to test.
  if (lenient && checked.type.kind !== 'unknown' && !context.untyped.has(checked)) {
    const what = `a value of type ${typeText(checked.type)} as an argument of type \`unknown\``;
    return context.report(env, 'P3005', written.span, { what });
  }
  const arg = coerce(context, env, checked, type);
  if (arg === null) return null;
  if (!isAssignable(arg.type, type))
    return context.report(env, 'P3060', written.span, {
      param,
      wanted: typeText(type),
      found: typeText(arg.type),
    });
  return fitsDeclared(context, env, arg, type) ? arg : null;
}

// The declared kind with the argument's scale and interval: these are checked per call.
function paramType(declared: Type, actual: Type): Type {
  if (declared.kind === 'decimal' && actual.kind === 'int' && declared.scale !== null) {
    const factor = 10 ** declared.scale;
    return decimalType(declared.scale, actual.lo * factor, actual.hi * factor);
  }
  if (declared.kind === 'decimal' && actual.kind === 'decimal' && declared.scale !== null) {
    if (actual.scale === null) return declared;
    const factor = 10 ** (declared.scale - actual.scale);
    return decimalType(declared.scale, actual.lo * factor, actual.hi * factor);
  }
  if (declared.kind === 'decimal' && isNumeric(actual)) return actual;
  if (declared.kind === 'list' && actual.kind === 'list')
    return {
      kind: 'list',
      item: { type: paramType(declared.item.type, actual.item.type), optional: declared.item.optional },
      minItems: actual.minItems,
      maxItems: actual.maxItems,
    };
  if (declared.kind === actual.kind && HAS_RANGE.has(declared.kind)) return actual;
  return declared;
}

const HAS_RANGE: ReadonlySet<Type['kind']> = new Set(['int', 'duration', 'timestamp', 'date']);
