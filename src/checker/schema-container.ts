// Cores of objects and arrays. Their children are nodes, not read here.

import type { SchemaPlace } from './schema-graph.ts';
import { assertions, isObject, type JsonObject, member, pointerTo } from './schema-keywords.ts';
import { accepted, type CoreResult, NEVER, numberOf, refused, type Values } from './schema-scalar.ts';
import type { Core, SchemaNode } from './shape.ts';

/** Where children come from. */
export interface Children {
  node(file: string, pointer: string): SchemaNode;
  /** The JSON of a place after its `$ref` chain. */
  json(file: string, pointer: string): JsonObject | boolean;
}

export function objectCore(
  schema: JsonObject,
  place: SchemaPlace,
  values: Values,
  children: Children,
): CoreResult {
  if (values !== null) return noValues(schema, values.length > 0);
  const minProperties = numberOf(schema, 'minProperties');
  const maxProperties = numberOf(schema, 'maxProperties');
  if (minProperties !== null && maxProperties !== null && minProperties > maxProperties)
    return accepted(NEVER);
  const required = new Set([...((member(schema, 'required') ?? []) as string[])].sort());
  const additional = additionalOf(schema, place, children);
  const properties = member(schema, 'properties');
  if (!isObject(properties)) {
    return accepted({ kind: 'map', value: additional, required, minProperties, maxProperties });
  }
  const nodes = Object.keys(properties)
    .sort()
    .map((name) => [name, children.node(place.file, pointerTo(place.pointer, 'properties', name))] as const);
  const core: Core = {
    kind: 'record',
    properties: new Map(nodes),
    required,
    additional,
    minProperties,
    maxProperties,
  };
  return accepted(core);
}

function additionalOf(schema: JsonObject, place: SchemaPlace, children: Children): SchemaNode | false | null {
  const additional = member(schema, 'additionalProperties');
  // Beside `patternProperties`, which is not supported, the keys that are allowed are not known: the object counts as open.
  if (additional === false) return member(schema, 'patternProperties') === undefined ? false : null;
  return additional === undefined ? null : restricting(place, 'additionalProperties', children);
}

/** The node of a child, or null when the child allows everything. */
function restricting(place: SchemaPlace, keyword: string, children: Children): SchemaNode | null {
  const pointer = pointerTo(place.pointer, keyword);
  const json = children.json(place.file, pointer);
  const anything = isObject(json) ? assertions(json).length === 0 : json;
  return anything ? null : children.node(place.file, pointer);
}

/** Items whose equality as values is their equality as JSON. */
const COMPARABLE: ReadonlySet<Core['kind']> = new Set(['bool', 'string', 'int', 'decimal', 'number', 'date']);

export function listCore(
  schema: JsonObject,
  place: SchemaPlace,
  values: Values,
  children: Children,
): CoreResult {
  if (values !== null) return noValues(schema, values.length > 0);
  const written = member(schema, 'items');
  if (Array.isArray(written))
    return refused('items', 'lists have items of one type; use an object for a tuple');
  const minItems = numberOf(schema, 'minItems');
  const maxItems = numberOf(schema, 'maxItems');
  if (minItems !== null && maxItems !== null && minItems > maxItems) return accepted(NEVER);
  const items = written === undefined ? null : restricting(place, 'items', children);
  const unique = member(schema, 'uniqueItems') === true;
  if (unique && (items === null || !COMPARABLE.has(items.shape.core.kind))) {
    return refused('uniqueItems', 'it is supported for lists of strings, numbers, booleans and dates');
  }
  return accepted({ kind: 'list', items, minItems, maxItems, unique });
}

function noValues(schema: JsonObject, some: boolean): CoreResult {
  if (!some) return accepted(NEVER);
  const keyword = member(schema, 'enum') === undefined ? 'const' : 'enum';
  return refused(keyword, 'its values must be strings, numbers, booleans or null');
}
