// References: names, members, indexes, `has` and `is`, with what the facts at their place say about them.

import type { Expr, Span } from '../ast.ts';
import { type CheckOptions, type Context, didYouMean, type Env, exprText, unparen } from './context.ts';
import { check } from './expr.ts';
import { narrow, referenceKey } from './facts.ts';
import { resolveLet } from './let.ts';
import { rejectUnreadable } from './readable.ts';
import { unknownName } from './scope.ts';
import type { Binding, TypedExpr } from './typed.ts';
import { memberOf, propertyNames, type Slotted, sameNode, type Type, typeOfNode, typeText } from './types.ts';
import { storedAlike, unify } from './unify.ts';

type Reference = Extract<TypedExpr, { kind: 'request' | 'let' | 'binding' | 'member' | 'at' | 'get' }>;

// Gives a reference the type that the facts at its place leave. References whose declared type is unknown or a union may be tested by `is`,
// whatever is known of them already; what lies under an unknown is not validated by the projection.
function narrowed(context: Context, env: Env, expr: Reference, object: TypedExpr | null): TypedExpr | null {
  const open =
    expr.type.kind === 'unknown' ||
    expr.type.kind === 'union' ||
    (expr.type.kind === 'record' && expr.kind === 'binding' && isUntyped(context, expr.binding));
  const untyped = expr.type.kind === 'unknown' || (object !== null && context.untyped.has(object));
  const slotted = narrow(expr, referenceKey(expr), env.facts);
  if (slotted === null) return context.report(env, 'P3038', expr.span, { name: exprText(expr) });
  const result = { ...expr, type: slotted.type, optional: slotted.optional };
  if (open) context.testable.add(result);
  if (untyped) context.untyped.add(result);
  return result;
}

// A parameter of a record type may stand for a value under an unknown, until a call shows what it stands for.
function isUntyped(context: Context, binding: Binding): boolean {
  const passed = context.passed.get(binding);
  return context.untypedBindings.has(binding) && (passed === undefined || context.untyped.has(passed));
}

export function checkRequest(context: Context, span: Span, env: Env): TypedExpr | null {
  const { type } = typeOfNode(context.schemas.root);
  return narrowed(context, env, { kind: 'request', type, optional: false, span }, null);
}

export function checkName(
  context: Context,
  name: string,
  span: Span,
  env: Env,
  options: CheckOptions,
): TypedExpr | null {
  const symbol = env.scope.find(name);
  if (symbol === null) {
    if (context.properties.includes(name)) {
      const request = checkRequest(context, span, env);
      return request && memberAccess(context, env, request, { name, span }, span);
    }
    return unknownName(context, env, name, span, [...env.scope.visible(), ...context.properties]);
  }
  switch (symbol.kind) {
    case 'binding': {
      if (symbol.literal !== null) return constantUse(context, env, symbol.literal, span, options);
      const { binding } = symbol;
      const expr = narrowed(
        context,
        env,
        { kind: 'binding', binding, type: binding.slotted.type, optional: binding.slotted.optional, span },
        null,
      );
      if (expr !== null && isUntyped(context, binding)) context.untyped.add(expr);
      return expr;
    }
    case 'let': {
      symbol.used = true;
      const value = resolveLet(context, env, symbol, name, span);
      if (value === null) return null;
      context.unfolding.use(symbol.height);
      if (value.value.kind === 'literal' || value.value.kind === 'list')
        return constantUse(context, env, value.value, span, options);
      return narrowed(
        context,
        env,
        { kind: 'let', let: value, type: value.value.type, optional: value.value.optional, span },
        value.value,
      );
    }
    case 'request':
      symbol.used = true;
      return context.report(env, 'P3036', span, { name, what: 'a request for tests' });
    case 'def':
      return context.report(env, 'P3036', span, { name, what: 'a def; call it with its arguments' });
    default:
      return context.report(env, 'P3036', span, {
        name,
        what: `${symbol.kind === 'invariant' ? 'an' : 'a'} ${symbol.kind}`,
      });
  }
}

// A constant stays a literal at each use, so that it is checked against the enum or the scale it meets there; a written list stays
// written, because only fields can be walked.
function constantUse(
  context: Context,
  env: Env,
  value: TypedExpr,
  span: Span,
  options: CheckOptions,
): TypedExpr | null {
  if (!options.stars) {
    const literals = value.kind === 'list' ? value.items : [value];
    if (
      literals.some(
        (item) => item.kind === 'literal' && item.literal.kind === 'string' && item.literal.stars.length > 0,
      )
    ) {
      return context.report(env, 'P3029', span);
    }
  }
  // An item that does not fit is told where the list is used: it may fit elsewhere.
  return value.kind === 'list'
    ? { ...value, items: value.items.map((item) => ({ ...item, span })), span }
    : { ...value, span };
}

export function checkMember(
  context: Context,
  expr: Extract<Expr, { kind: 'member' }>,
  env: Env,
  options: CheckOptions,
): TypedExpr | null {
  const object = checkStep(context, expr.object, env, options);
  return object && memberAccess(context, env, object, expr.name, expr.span);
}

// An inner step of a postfix expression: present, unless the whole may be absent.
function checkStep(context: Context, written: Expr, env: Env, options: CheckOptions): TypedExpr | null {
  const object = check(context, written, env, options.steps ? { steps: true } : {}).expr;
  if (object === null) return null;
  if (object.kind === 'literal')
    return context.report(env, 'P3039', unparen(written).span, { type: typeText(object.type) });
  // An unknown value must be tested anyway, which says what its absence means.
  if (!options.steps && object.type.kind !== 'unknown' && context.rejectOptional(env, object)) return null;
  return object;
}

function memberAccess(
  context: Context,
  env: Env,
  object: TypedExpr,
  name: { name: string; span: Span },
  span: Span,
): TypedExpr | null {
  const member = memberType(context, env, object, object.type, name);
  if (member === null) return null;
  // An unknown value is only read after a test, which says what absence means.
  if (
    member.optional &&
    member.type.kind !== 'unknown' &&
    object.type.kind === 'record' &&
    !context.untyped.has(object)
  )
    lintOpenRecord(context, env, object, name);
  const optional = member.optional || object.optional;
  return narrowed(
    context,
    env,
    { kind: 'member', object, name: name.name, type: member.type, optional, span },
    object,
  );
}

function memberType(
  context: Context,
  env: Env,
  object: TypedExpr,
  type: Type,
  name: { name: string; span: Span },
): Slotted | null {
  switch (type.kind) {
    case 'record': {
      const result = memberOf(type.parts, name.name);
      if (!result.ok) {
        if (result.why === 'conflict')
          return context.report(env, 'P3041', name.span, { name: name.name, object: exprText(object) });
        const names = propertyNames(type.parts);
        return context.report(env, 'P3040', name.span, {
          name: name.name,
          object: exprText(object),
          hint: didYouMean(name.name, names),
        });
      }
      const typed = !context.untyped.has(object);
      if (result.nodes.some((node) => rejectUnreadable(context, env, node, name.span, typed))) return null;
      return result.slotted;
    }
    case 'union': {
      if (name.name === type.discriminator)
        return {
          type: { kind: 'string', values: type.branches.flatMap((branch) => branch.values) },
          optional: false,
        };
      const missing = type.branches.filter((branch) => !memberOf([branch.node], name.name).ok);
      if (missing.length > 0) {
        const all = propertyNames(type.branches.map((branch) => branch.node));
        if (!all.includes(name.name))
          return context.report(env, 'P3040', name.span, {
            name: name.name,
            object: exprText(object),
            hint: didYouMean(name.name, all),
          });
        const first = missing[0]!;
        return context.report(env, 'P3042', name.span, {
          name: name.name,
          branch: first.node.defName ?? first.values.join(', '),
          discriminator: type.discriminator,
        });
      }
      return commonType(
        context,
        env,
        object,
        type.branches.map((branch) => typeOfNode(branch.node).type),
        name,
      );
    }
    case 'either':
      return commonType(context, env, object, type.types, name);
    case 'map':
      return context.report(env, 'P3045', name.span, { name: name.name, object: exprText(object) });
    case 'unknown':
      return context.report(env, 'P3046', name.span, { name: name.name, object: exprText(object) });
    default:
      return context.report(env, 'P3039', name.span, { type: typeText(type) });
  }
}

/** The type of a member that several record types share: one scalar type for all, or readable further where all agree. */
function commonType(
  context: Context,
  env: Env,
  object: TypedExpr,
  records: readonly Type[],
  name: { name: string; span: Span },
): Slotted | null {
  let type: Type | null = null;
  let optional = false;
  const types: Type[] = [];
  for (const record of records) {
    const member = memberType(context, env, object, record, name);
    if (member === null) return null;
    optional ||= member.optional;
    types.push(member.type);
  }
  if (types.every((t) => t.kind === 'record')) {
    const [first] = types;
    const same = first?.kind === 'record' && types.every((t) => t.kind === 'record' && sameParts(t, first));
    return { type: same && first !== undefined ? first : { kind: 'either', types }, optional };
  }
  for (const next of types) {
    type = type === null ? next : storedAlike(type, next) ? unify(type, next) : null;
    if (type === null)
      return context.report(env, 'P3041', name.span, { name: name.name, object: exprText(object) });
  }
  return type === null ? null : { type, optional };
}

function sameParts(a: Extract<Type, { kind: 'record' }>, b: Extract<Type, { kind: 'record' }>): boolean {
  return (
    a.parts.length === b.parts.length &&
    a.parts.every((part) => b.parts.some((other) => sameNode(part, other)))
  );
}

// A misspelt key of an optional member of an open object is silently absent.
function lintOpenRecord(
  context: Context,
  env: Env,
  object: TypedExpr,
  name: { name: string; span: Span },
): void {
  if (object.type.kind !== 'record') return;
  const open = object.type.parts.some(
    (part) =>
      part.shape.core.kind === 'record' &&
      part.shape.core.additional !== false &&
      part.shape.core.properties.has(name.name) &&
      !part.shape.core.required.has(name.name),
  );
  if (open && !context.lintedOpen.has(`${referenceKey(object)}.${name.name}`)) {
    context.lintedOpen.add(`${referenceKey(object)}.${name.name}`);
    context.report(env, 'P3904', name.span, { name: name.name, object: exprText(object) });
  }
}

export function checkIndex(
  context: Context,
  expr: Extract<Expr, { kind: 'index' }>,
  env: Env,
  options: CheckOptions,
): TypedExpr | null {
  const object = checkStep(context, expr.object, env, options);
  if (object === null) return null;
  const index = check(context, expr.index, env).expr;
  if (index === null || context.rejectOptional(env, index)) return null;
  const { type } = object;
  if (type.kind === 'list') {
    const at = listIndex(index);
    if (at === null) return context.report(env, 'P3047', expr.index.span);
    if (object.kind === 'list') {
      const item = object.items[at];
      return item === undefined
        ? context.report(env, 'P3088', expr.index.span, { index: at, found: object.items.length })
        : { ...item, span: expr.span };
    }
    const optional = object.optional || type.item.optional || type.minItems <= at;
    return narrowed(
      context,
      env,
      { kind: 'at', list: object, index: at, type: type.item.type, optional, span: expr.span },
      object,
    );
  }
  if (index.type.kind !== 'string')
    return context.rejectType(
      env,
      index,
      type.kind === 'map' || type.kind === 'record' ? 'a string (the key)' : 'a key or index',
    );
  const literal = index.kind === 'literal' && index.literal.kind === 'string' ? index.literal.value : null;
  if (type.kind === 'record' && literal !== null && (!type.keys || memberOf(type.parts, literal).ok)) {
    return memberAccess(context, env, object, { name: literal, span: expr.index.span }, expr.span);
  }
  if ((type.kind === 'union' || type.kind === 'either') && literal !== null)
    return memberAccess(context, env, object, { name: literal, span: expr.index.span }, expr.span);
  if (type.kind === 'map' || (type.kind === 'record' && type.keys)) {
    const value: Type = type.kind === 'map' ? type.value.type : { kind: 'unknown' };
    return narrowed(
      context,
      env,
      { kind: 'get', map: object, key: index, type: value, optional: true, span: expr.span },
      object,
    );
  }
  if (type.kind === 'unknown')
    return context.report(env, 'P3046', expr.span, { name: literal ?? 'an index', object: exprText(object) });
  return context.report(env, 'P3048', expr.span, { type: typeText(type) });
}

function listIndex(index: TypedExpr): number | null {
  if (index.kind !== 'literal' || index.literal.kind !== 'exact' || index.type.kind !== 'int') return null;
  const { k } = index.literal.value;
  return k >= 0n && k < 1n << 31n ? Number(k) : null;
}
