// The schemas of a policy as one schema of dialect 2020-12: every reference is resolved as the checker resolves it, so that a validator
// needs no files, identifiers or anchors and cannot understand them differently.

import { SchemaFile } from '../checker/schema-file.ts';
import { SchemaGraph, type SchemaPlace } from '../checker/schema-graph.ts';
import { isObject, isSchema, type JsonObject, member, pointerTo } from '../checker/schema-keywords.ts';
import type { SchemaSet } from '../checker/shape.ts';

export type Schema = JsonObject | boolean;

export interface FlatSchema {
  /** The entry schema. The place of every `$ref` stands under `$defs`. */
  readonly root: Schema;
  /** What each `$ref` means, by its text. */
  readonly targets: ReadonlyMap<string, Schema>;
  /** A keyword that has no meaning here, with its place; null when there is none. */
  readonly problem: string | null;
}

/** Identifies the flat schema, so that its parts can be compiled alone. */
export const FLAT_ID = 'policyc:request';

const words = (text: string): readonly string[] => text.split(' ');

const SINGLE = words(
  'additionalProperties unevaluatedProperties items unevaluatedItems contains propertyNames not if then else',
);
const LISTS = words('allOf anyOf oneOf prefixItems');
const MAPS = words('properties patternProperties dependentSchemas');
const VALUES = words(
  'type const enum minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern format minItems ' +
    'maxItems uniqueItems minContains maxContains required minProperties maxProperties dependentRequired default examples',
);
/** Keywords that draft-07 does not know. */
const NEW: ReadonlySet<string> = new Set(
  words(
    'prefixItems unevaluatedProperties unevaluatedItems minContains maxContains dependentRequired dependentSchemas $dynamicRef',
  ),
);

/** Makes one schema of the files. */
export function flatten(set: SchemaSet): FlatSchema {
  const graph = new SchemaGraph();
  for (const { file, json, dialect } of set.files) graph.add(new SchemaFile(file, json as Schema, dialect));
  return new Flattening(graph).run(graph.place(set.files[0]!.file, ''));
}

class Flattening {
  private readonly graph: SchemaGraph;
  private readonly names = new Map<string, string>();
  private readonly pending: [ref: string, place: SchemaPlace][] = [];
  private problem: string | null = null;

  constructor(graph: SchemaGraph) {
    this.graph = graph;
  }

  run(entry: SchemaPlace): FlatSchema {
    const root = this.copy(entry);
    const targets = new Map<string, Schema>();
    for (let next = this.pending.pop(); next !== undefined; next = this.pending.pop()) {
      targets.set(next[0], this.copy(next[1]));
    }
    const defs = Object.fromEntries(
      [...targets].map(([ref, schema]) => [ref.slice(ref.lastIndexOf('/') + 1), schema]),
    );
    if (targets.size === 0) return { root, targets, problem: this.problem };
    const base: JsonObject = typeof root === 'boolean' ? (root ? {} : { not: true }) : root;
    return { root: { ...base, $defs: defs }, targets, problem: this.problem };
  }

  private copy(place: SchemaPlace): Schema {
    const { json, file } = place;
    if (!isObject(json)) return json;
    const isOld = this.graph.files.get(file)!.dialect === 'draft-07';
    const ref = member(json, '$ref');
    // Draft 07 ignores everything beside a `$ref`.
    if (isOld && typeof ref === 'string') return { $ref: this.refer(place, ref) };
    const at: Copy = (schema, ...keys) =>
      this.copy({ file, pointer: pointerTo(place.pointer, ...keys), json: schema });
    const known = isOld ? Object.fromEntries(Object.entries(json).filter(([key]) => !NEW.has(key))) : json;
    if (member(known, '$dynamicRef') !== undefined)
      this.problem ??= `\`$dynamicRef\` at \`${file}#${place.pointer}\` is not supported`;
    const parts = new Map<string, unknown>(
      VALUES.flatMap((key) => (Object.hasOwn(known, key) ? [[key, known[key]]] : [])),
    );
    if (typeof ref === 'string') parts.set('$ref', this.refer(place, ref));
    copyParts(known, at, parts);
    if (isOld) copyTuple(known, at, parts);
    copyDependencies(known, at, parts);
    nameablePrototype(parts);
    // Ajv refuses an empty list, which allows nothing.
    const allowed = parts.get('enum');
    return Array.isArray(allowed) && allowed.length === 0 ? false : Object.fromEntries(parts);
  }

  private refer(place: SchemaPlace, ref: string): string {
    const followed = this.graph.follow(place, ref);
    if (followed.kind !== 'place') throw new Error(`unchecked reference ${ref} in ${place.file}`);
    const target = followed.place;
    const key = `${target.file}#${target.pointer}`;
    const known = this.names.get(key);
    if (known !== undefined) return known;
    const name = `${FLAT_ID}#/$defs/${this.names.size}`;
    this.names.set(key, name);
    this.pending.push([name, target]);
    return name;
  }
}

type Copy = (schema: Schema, ...keys: (string | number)[]) => Schema;
type Parts = Map<string, unknown>;

function copyParts(json: JsonObject, at: Copy, parts: Parts): void {
  for (const key of SINGLE) {
    const schema = member(json, key);
    if (isSchema(schema)) parts.set(key, at(schema, key));
  }
  for (const key of LISTS) {
    const list = member(json, key);
    if (Array.isArray(list))
      parts.set(
        key,
        list.map((schema: Schema, i) => at(schema, key, i)),
      );
  }
  for (const key of MAPS) {
    const map = member(json, key);
    if (isObject(map)) parts.set(key, copyMap(map, key, at));
  }
}

function copyMap(map: JsonObject, key: string, at: Copy): JsonObject {
  return Object.fromEntries(Object.entries(map).map(([name, json]) => [name, at(json as Schema, key, name)]));
}

/** A list under `items` is what `prefixItems` is now. */
function copyTuple(json: JsonObject, at: Copy, parts: Parts): void {
  const items = member(json, 'items');
  if (!Array.isArray(items)) return;
  parts.set(
    'prefixItems',
    items.map((schema: Schema, i) => at(schema, 'items', i)),
  );
  const rest = member(json, 'additionalItems');
  if (isSchema(rest)) parts.set('items', at(rest, 'additionalItems'));
}

/** `dependencies` are either lists of names or schemas. Ajv knows them in both dialects. */
function copyDependencies(json: JsonObject, at: Copy, parts: Parts): void {
  const dependencies = member(json, 'dependencies');
  if (!isObject(dependencies)) return;
  const entries = Object.entries(dependencies);
  const dependentRequired = Object.fromEntries(entries.filter(([, value]) => Array.isArray(value)));
  const schemas = Object.fromEntries(entries.filter(([, value]) => !Array.isArray(value)));
  const both = { dependentRequired, dependentSchemas: copyMap(schemas, 'dependencies', at) };
  parts.set('allOf', [...((parts.get('allOf') as Schema[] | undefined) ?? []), both]);
}

/** Ajv passes over a property of this name; a pattern it takes. */
function nameablePrototype(parts: Parts): void {
  const key = '__proto__';
  const properties = parts.get('properties');
  if (!isObject(properties) || !Object.hasOwn(properties, key)) return;
  const patterns = parts.get('patternProperties') as JsonObject | undefined;
  parts.set('patternProperties', { ...patterns, [`^${key}$`]: properties[key] });
}
