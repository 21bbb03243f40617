// The shape of a schema place, read from its keywords. Nodes are made once per place and read when they are asked for.

import { type Children, listCore, objectCore } from './schema-container.ts';
import type { SchemaGraph, SchemaPlace } from './schema-graph.ts';
import {
  assertions,
  concerns,
  declaredTypes,
  isObject,
  type JsonObject,
  KEYWORD_TYPE,
  member,
  pointerTo,
  SUPPORTED,
  type TypeName,
  typesOfValues,
  whyUnsupported,
} from './schema-keywords.ts';
import {
  accepted,
  boolCore,
  type CoreResult,
  intCore,
  NEVER,
  numberCore,
  refusedFormat,
  stringCore,
  type Values,
} from './schema-scalar.ts';
import { combine, joinBranches, refusedShape, shapeAt, typesOfShape } from './schema-union.ts';
import type { Core, SchemaNode, Shape } from './shape.ts';

/** `anyOf` and `$ref` inside each other, without a property or item between. */
const MAX_ALTERNATIVES_DEPTH = 64;

/** Makes the nodes of one schema set. */
export class Shapes implements Children {
  private readonly graph: SchemaGraph;
  private readonly entry: string;
  private readonly nodes = new Map<string, SchemaNode>();
  /** Places whose shape is just being read. */
  private readonly active = new Set<string>();

  constructor(graph: SchemaGraph, entry: string) {
    this.graph = graph;
    this.entry = entry;
  }

  /** The node of a place, after its `$ref` chain. */
  node(file: string, pointer: string): SchemaNode {
    const place = this.graph.resolve(this.graph.place(file, pointer));
    const key = `${place.file}#${place.pointer}`;
    let node = this.nodes.get(key);
    if (node === undefined) {
      node = new LazyNode(place, this.defName(place), () => this.read(place, key));
      this.nodes.set(key, node);
    }
    return node;
  }

  private defName(place: SchemaPlace): string | null {
    const name = /^\/(?:\$defs|definitions)\/([^/]+)$/.exec(place.pointer)?.[1];
    if (place.file !== this.entry || name === undefined) return null;
    return name.replaceAll('~1', '/').replaceAll('~0', '~');
  }

  /** The JSON of a child, after its `$ref` chain. */
  json(file: string, pointer: string): JsonObject | boolean {
    return this.graph.resolve(this.graph.place(file, pointer)).json;
  }

  private read(place: SchemaPlace, key: string): { shape: Shape; final: boolean } {
    const again = this.active.has(key);
    if (again || this.active.size >= MAX_ALTERNATIVES_DEPTH) {
      const keyword = isObject(place.json) && member(place.json, 'oneOf') !== undefined ? 'oneOf' : 'anyOf';
      const why = again
        ? 'the schema contains itself without a property or an item between'
        : 'too many alternatives inside each other';
      return { shape: refusedShape(place, keyword, why), final: false };
    }
    this.active.add(key);
    const shape = this.compute(place);
    this.active.delete(key);
    return { shape, final: true };
  }

  private compute(place: SchemaPlace): Shape {
    const { json } = place;
    if (!isObject(json)) return shapeAt(place, { kind: json ? 'unknown' : 'never' }, false, null);
    const keys = assertions(json);
    if (keys.length === 0) return shapeAt(place, { kind: 'unknown' }, false, null);
    if (keys.includes('$ref')) {
      const beside = keys.find((k) => k !== '$ref');
      return refusedShape(
        place,
        '$ref',
        `\`${beside}\` beside it is not supported: write both into one schema`,
      );
    }
    if (keys.includes('anyOf') || keys.includes('oneOf')) return this.alternatives(place, json, keys);
    return this.single(place, json, keys);
  }

  private alternatives(place: SchemaPlace, json: JsonObject, keys: readonly string[]): Shape {
    const keyword = keys.includes('anyOf') ? 'anyOf' : 'oneOf';
    const other = keys.find((k) => !SUPPORTED.has(k));
    if (other !== undefined) return refusedShape(place, other, whyUnsupported(other));
    const beside = keys.find((k) => k !== keyword && k !== 'type');
    if (beside !== undefined) {
      return refusedShape(
        place,
        keyword,
        `\`${beside}\` beside it is not supported: move it into every branch`,
      );
    }
    const branches = (member(json, keyword) as readonly unknown[]).map((_, i) =>
      this.node(place.file, pointerTo(place.pointer, keyword, i)),
    );
    const types = declaredTypes(json);
    const outside = (type: TypeName): boolean =>
      types !== null && !types.has(type) && !(type === 'integer' && types.has('number'));
    if (branches.some((b) => [...typesOfShape(b.shape)].some(outside))) {
      return refusedShape(place, keyword, '`type` beside it is not supported: move it into every branch');
    }
    return joinBranches(place, keyword, branches, this);
  }

  private single(place: SchemaPlace, json: JsonObject, keys: readonly string[]): Shape {
    const values = allowedValues(json);
    const types = declaredTypes(json) ?? (values === null ? null : typesOfValues(values));
    const unsupported = keys.find((k) => !SUPPORTED.has(k) && (types === null || concerns(k, types)));
    if (types === null) {
      const keyword = unsupported ?? keys[0]!;
      const why = `it lets every other value pass: add "type": "${KEYWORD_TYPE.get(keyword)}"`;
      return refusedShape(place, keyword, unsupported === undefined ? why : whyUnsupported(unsupported));
    }
    let refusal =
      unsupported === undefined
        ? refusedFormat(json)
        : { keyword: unsupported, why: whyUnsupported(unsupported) };
    const cores: Core[] = [];
    for (const type of CORE_TYPES) {
      // A `number` is also any integer.
      if (!types.has(type) || (type === 'integer' && types.has('number'))) continue;
      const result = this.core(type, place, json, values);
      refusal ??= result.refused;
      if (result.core.kind !== 'never') cores.push(result.core);
    }
    const nullable = types.has('null') && (values === null || values.includes(null));
    return combine(place, cores, nullable, refusal);
  }

  private core(type: TypeName, place: SchemaPlace, json: JsonObject, values: Values): CoreResult {
    switch (type) {
      case 'null':
        return accepted(NEVER);
      case 'boolean':
        return boolCore(values);
      case 'integer':
        return intCore(json, values);
      case 'number':
        return numberCore(json, values);
      case 'string':
        return stringCore(json, values);
      case 'array':
        return listCore(json, place, values?.filter(Array.isArray) ?? null, this);
      case 'object':
        return objectCore(json, place, values?.filter(isObject) ?? null, this);
    }
  }
}

/** In this order the types of one place become branches; null is not one of them. */
const CORE_TYPES = ['boolean', 'integer', 'number', 'string', 'array', 'object'] as const;

/** What `enum` and `const` allow together; null without them. */
function allowedValues(schema: JsonObject): Values {
  const constant = member(schema, 'const');
  const enumerated = member(schema, 'enum') as readonly unknown[] | undefined;
  if (constant === undefined) return enumerated === undefined ? null : [...new Set(enumerated)];
  const scalar = typeof constant !== 'object' || constant === null;
  return enumerated === undefined || !scalar || enumerated.includes(constant) ? [constant] : [];
}

class LazyNode implements SchemaNode {
  readonly file: string;
  readonly pointer: string;
  readonly defName: string | null;
  readonly #read: () => { shape: Shape; final: boolean };
  #shape: Shape | null = null;

  constructor(place: SchemaPlace, defName: string | null, read: () => { shape: Shape; final: boolean }) {
    this.file = place.file;
    this.pointer = place.pointer;
    this.defName = defName;
    this.#read = read;
  }

  get shape(): Shape {
    if (this.#shape !== null) return this.#shape;
    const { shape, final } = this.#read();
    if (final) this.#shape = shape;
    return shape;
  }
}
