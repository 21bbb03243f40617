// Written types: after `is` they become a test, in parameters and obligations a type.

import type { TypeExpr } from '../ast.ts';
import { MAX_SCALE } from '../bytecode/limits.ts';
import { type Context, didYouMean, type Env } from './context.ts';
import { isRecursive } from './schema.ts';
import type { SchemaNode } from './shape.ts';
import type { TypeTest } from './typed.ts';
import {
  ANY_LIST,
  BOOL,
  DATE,
  DURATION,
  decimalType,
  INT,
  NUMBER,
  OBJECT,
  STRING,
  TIMESTAMP,
  type Type,
  typeOfNode,
  UNKNOWN,
} from './types.ts';

const BUILT_IN: { readonly [name: string]: Type } = {
  bool: BOOL,
  int: INT,
  number: NUMBER,
  string: STRING,
  timestamp: TIMESTAMP,
  date: DATE,
  duration: DURATION,
  unknown: UNKNOWN,
  list: ANY_LIST,
  object: OBJECT,
};

const NAMES = [...Object.keys(BUILT_IN), 'decimal', 'null', 'map'];

function definition(context: Context, name: string): SchemaNode | null {
  return context.schemas.definitions.get(name) ?? null;
}

function unknownType(context: Context, env: Env, type: Extract<TypeExpr, { kind: 'named' }>): null {
  const candidates = [...NAMES, ...context.schemas.definitions.keys()];
  return context.report(env, 'P3010', type.span, {
    name: type.name,
    hint: didYouMean(type.name, candidates),
  });
}

/** A type for a parameter or an obligation; null after a reported error. */
export function resolveType(context: Context, env: Env, type: TypeExpr): Type | null {
  switch (type.kind) {
    case 'decimal':
      if (type.scale !== null && type.scale > MAX_SCALE)
        return context.report(env, 'P3011', type.span, { scale: type.scale });
      return decimalType(type.scale);
    case 'list': {
      const item = resolveType(context, env, type.item);
      return item === null
        ? null
        : { kind: 'list', item: { type: item, optional: false }, minItems: 0, maxItems: null };
    }
    case 'map': {
      const value = resolveType(context, env, type.item);
      return value === null ? null : { kind: 'map', value: { type: value, optional: false } };
    }
    case 'named': {
      const builtIn = type.quoted ? undefined : BUILT_IN[type.name];
      if (builtIn !== undefined && Object.hasOwn(BUILT_IN, type.name)) return builtIn;
      const node = definition(context, type.name);
      if (node === null) return unknownType(context, env, type);
      if (context.rejectUnsupported(env, node, type.span)) return null;
      return typeOfNode(node).type;
    }
  }
}

/**
 * What `is TYPE` tests; null after a reported error. `branch`: the subject is a union, whose branch is told by its discriminator alone;
 * otherwise the whole type is validated.
 */
export function resolveTest(context: Context, env: Env, type: TypeExpr, branch = false): TypeTest | null {
  switch (type.kind) {
    case 'decimal':
      if (type.scale === null) return context.report(env, 'P3013', type.span);
      if (type.scale > MAX_SCALE) return context.report(env, 'P3011', type.span, { scale: type.scale });
      return { kind: 'scalar', type: decimalType(type.scale) };
    case 'list':
    case 'map': {
      const item = resolveTest(context, env, type.item);
      if (item === null) return null;
      if (item.kind === 'unknown') return { kind: type.kind === 'list' ? 'list' : 'object' };
      return { kind: type.kind === 'list' ? 'listOf' : 'mapOf', item };
    }
    case 'named': {
      if (!type.quoted) {
        if (type.name === 'null' || type.name === 'unknown' || type.name === 'object' || type.name === 'list')
          return { kind: type.name };
        const builtIn = BUILT_IN[type.name];
        if (builtIn !== undefined && Object.hasOwn(BUILT_IN, type.name))
          return { kind: 'scalar', type: builtIn };
      }
      const node = definition(context, type.name);
      if (node === null) return unknownType(context, env, type);
      if (branch) return { kind: 'schema', node };
      if (isRecursive(node))
        return context.report(env, 'P3005', type.span, {
          what: `\`is\` with the recursive type \`${type.name}\``,
        });
      return rejectUnsupportedInside(context, env, node, type) ? null : { kind: 'schema', node };
    }
  }
}

// Everything that `is T` reaches is validated, so an unsupported keyword anywhere in it is an error.
function rejectUnsupportedInside(context: Context, env: Env, node: SchemaNode, type: TypeExpr): boolean {
  const seen = new Set<SchemaNode>();
  const pending = [node];
  let rejected = false;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (context.rejectUnsupported(env, next, type.span)) rejected = true;
    const shapes = [next.shape];
    for (let shape = shapes.pop(); shape !== undefined; shape = shapes.pop()) {
      const core = shape.core;
      if (core.kind === 'record') {
        pending.push(...core.properties.values());
        if (core.additional) pending.push(core.additional);
      } else if (core.kind === 'map' && core.value) pending.push(core.value);
      else if (core.kind === 'list' && core.items !== null) pending.push(core.items);
      else if (core.kind === 'union') pending.push(...core.branches.map((branch) => branch.node));
      else if (core.kind === 'anyOf') shapes.push(...core.branches);
    }
  }
  return rejected;
}

/** The type that a reference has when a test on it is true; null when the test tells nothing about reading it. */
export function testedType(test: TypeTest): Type | null {
  switch (test.kind) {
    case 'schema': {
      const type = typeOfNode(test.node).type;
      return type.kind === 'unknown' || type.kind === 'null' || test.node.shape.nullable ? null : type;
    }
    case 'scalar':
      return test.type;
    case 'object':
      return OBJECT;
    case 'list':
      return ANY_LIST;
    case 'listOf': {
      const item = testedType(test.item);
      return { kind: 'list', item: { type: item ?? UNKNOWN, optional: false }, minItems: 0, maxItems: null };
    }
    case 'mapOf': {
      const value = testedType(test.item);
      return { kind: 'map', value: { type: value ?? UNKNOWN, optional: false } };
    }
    default:
      return null;
  }
}
