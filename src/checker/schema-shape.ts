// The shape of a schema place, read from its keywords. Nodes are made once per place and read when they are asked for.

import type { SchemaGraph, SchemaPlace } from './schema-graph.ts';
import {
  assertions,
  isObject,
  type JsonObject,
  type JsonType,
  KEYWORD_TYPE,
  member,
  pointerTo,
  SUPPORTED,
  whyUnsupported,
} from './schema-keywords.ts';
import { listCore, objectCore } from './schema-container.ts';
import {
  boolCore,
  type CoreResult,
  intCore,
  numberCore,
  type Refusal,
  refusedFormat,
  stringCore,
  type Values,
} from './schema-scalar.ts';
import { combine, joinBranches } from './schema-union.ts';
import type { Core, SchemaNode, Shape } from './shape.ts';

/** `anyOf` and `$ref` inside each other, without a property or item between. */
const MAX_ALTERNATIVES_DEPTH = 64;

/** Makes the nodes of one schema set. */
export class Shapes {
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
    if (this.active.has(key) || this.active.size >= MAX_ALTERNATIVES_DEPTH) {
      const why = this.active.has(key)
        ? 'the schema contains itself without a property or an item between'
        : 'too many alternatives inside each other';
      return { shape: shapeOf(place, { kind: 'unknown' }, false, { keyword: alternatives(place), why }), final: false };
    }
    this.active.add(key);
    try {
      return { shape: this.compute(place), final: true };
    } finally {
      this.active.delete(key);
    }
  }

  private compute(place: SchemaPlace): Shape {
    const { json } = place;
    if (!isObject(json)) return shapeOf(place, { kind: json ? 'unknown' : 'never' }, false, null);
    const keys = assertions(json);
    if (keys.length === 0) return shapeOf(place, { kind: 'unknown' }, false, null);
    if (keys.includes('$ref')) {
      const beside = keys.find((k) => k !== '$ref');
      return refusedShape(place, '$ref', `\`${beside}\` beside it is not supported: put both into one schema`);
    }
    if (keys.includes('anyOf') || keys.includes('oneOf')) return this.alternatives(place, json, keys);
    return this.single(place, json, keys);
  }

  private alternatives(place: SchemaPlace, json: JsonObject, keys: readonly string[]): Shape {
    const keyword = keys.includes('anyOf') ? 'anyOf' : 'oneOf';
    const other = keys.find((k) => k !== keyword && !SUPPORTED.has(k));
    if (other !== undefined) return refusedShape(place, other, whyUnsupported(other));
    const beside = keys.find((k) => k !== keyword && k !== 'type');
    if (beside !== undefined) {
      return refusedShape(place, keyword, `\`${beside}\` beside it is not supported: move it into every branch`);
    }
    const branches = (member(json, keyword) as readonly unknown[]).map((_, i) =>
      this.node(place.file, pointerTo(place.pointer, keyword, i)),
    );
    const types = typesOf(json);
    if (types !== null && !branches.every((b) => jsonTypes(b.shape).every((t) => types.has(t)))) {
      return refusedShape(place, keyword, '`type` beside it is not supported: move it into every branch');
    }
    const joined = joinBranches(keyword, branches, this);
    return shapeOf(place, joined.core, joined.nullable, joined.refused ?? null, joined.inner);
  }

  private single(place: SchemaPlace, json: JsonObject, keys: readonly string[]): Shape {
    const values = allowedValues(json);
    const types = typesOf(json) ?? (values === null ? null : typesOfValues(values));
    if (types === null) {
      const keyword = keys.find((k) => !SUPPORTED.has(k));
      if (keyword !== undefined) return refusedShape(place, keyword, whyUnsupported(keyword));
      const type = KEYWORD_TYPE.get(keys[0]!)!;
      return refusedShape(place, keys[0]!, `it passes every other value: add "type": "${type}"`);
    }
    const relevant = keys.filter((k) => types.has(KEYWORD_TYPE.get(k) ?? 'any'));
    const unsupported = [...relevant, ...keys.filter((k) => !KEYWORD_TYPE.has(k))].find((k) => !SUPPORTED.has(k));
    const refusal: Refusal | null =
      unsupported === undefined
        ? refusedFormat(json)
        : { keyword: unsupported, why: whyUnsupported(unsupported) };
    const cores: Core[] = [];
    let first: Refusal | null = refusal;
    for (const type of CORE_TYPES.filter((t) => types.has(t) && (t !== 'integer' || !types.has('any number')))) {
      const result = this.core(type, place, json, values);
      first ??= result.refused;
      if (result.core.kind !== 'never') cores.push(result.core);
    }
    const nullable = types.has('null') && (values === null || values.includes(null));
    return combine(place, cores, nullable, first);
  }

  private core(type: CoreType, place: SchemaPlace, json: JsonObject, values: Values): CoreResult {
    switch (type) {
      case 'boolean':
        return boolCore(values);
      case 'integer':
        return intCore(json, values);
      case 'any number':
        return numberCore(json, values);
      case 'string':
        return stringCore(json, values);
      case 'array':
        return listCore(json, place, values, this);
      case 'object':
        return objectCore(json, place, values, this);
    }
  }
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
