// Whether the policy can read a place of the schema: everything it says must be supported, because the projection enforces all of it.

import type { Span } from '../ast.ts';
import { MAX_DEPTH } from '../bytecode/limits.ts';
import type { Context, Env } from './context.ts';
import type { SchemaNode } from './shape.ts';

// Keywords that bind members to each other. On an object that is only a container on the way to a field they are not enforced, as its
// `required` is not; a keyword that says more about the members themselves (`allOf`, `not`, …) may not be ignored.
const CONDITIONAL: ReadonlySet<string> = new Set([
  'if',
  'then',
  'else',
  'dependentRequired',
  'dependentSchemas',
  'dependencies',
  'patternProperties',
  'propertyNames',
]);

/**
 * Reports a place that cannot be read; returns whether it did. Records and unions are only containers on the way to what is read.
 * `typed`: the projection validates the place; under an unknown only `is` does.
 */
export function rejectUnreadable(
  context: Context,
  env: Env,
  node: SchemaNode,
  span: Span,
  typed: boolean,
  depth = 0,
): boolean {
  const { core } = node.shape;
  // A list of lists that contains itself has no end; no request is that deep.
  if (depth > MAX_DEPTH) return false;
  const container = core.kind === 'record' || core.kind === 'union';
  if (container && CONDITIONAL.has(node.shape.unsupported?.keyword ?? '')) return false;
  if (context.rejectUnsupported(env, node, span)) return true;
  if (typed && (core.kind === 'never' || core.kind === 'null')) {
    context.report(env, 'P3066', span, {
      where: `${node.file}#${node.pointer}`,
      allows: core.kind === 'null' ? 'only null' : 'nothing',
    });
    return true;
  }
  if (typed && core.kind === 'anyOf') {
    context.report(env, 'P3005', span, {
      what: `a field of several types without a discriminator (${node.file}#${node.pointer})`,
    });
    return true;
  }
  if (core.kind === 'list' && core.items !== null)
    return rejectUnreadable(context, env, core.items, span, typed, depth + 1);
  if (core.kind === 'map' && core.value)
    return rejectUnreadable(context, env, core.value, span, typed, depth + 1);
  return false;
}
