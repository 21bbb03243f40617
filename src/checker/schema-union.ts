// Shapes made of several: type arrays, `anyOf` and `oneOf`.

import type { Children } from './schema-container.ts';
import type { SchemaPlace } from './schema-graph.ts';
import { isObject, type JsonObject, pointerTo, TYPE_NAMES, type TypeName } from './schema-keywords.ts';
import type { Refusal } from './schema-scalar.ts';
import type { Core, SchemaNode, Shape, Unsupported } from './shape.ts';

export function shapeAt(place: SchemaPlace, core: Core, nullable: boolean, refusal: Refusal | null): Shape {
  const { file, pointer } = place;
  const unsupported =
    refusal === null
      ? null
      : { keyword: refusal.keyword, file, pointer: pointerTo(pointer, refusal.keyword), why: refusal.why };
  return {
    core,
    nullable: nullable && core.kind !== 'null' && core.kind !== 'unknown',
    unsupported,
    file,
    pointer,
  };
}

export function refusedShape(place: SchemaPlace, keyword: string, why: string): Shape {
  return shapeAt(place, { kind: 'unknown' }, false, { keyword, why });
}

/** One shape from the cores of the types that a place allows besides null. */
export function combine(
  place: SchemaPlace,
  cores: readonly Core[],
  nullable: boolean,
  refusal: Refusal | null,
): Shape {
  const [first] = cores;
  if (first === undefined) return shapeAt(place, { kind: nullable ? 'null' : 'never' }, false, refusal);
  if (cores.length === 1) return shapeAt(place, first, nullable, refusal);
  const branches = cores.map((core) => shapeAt(place, core, false, null));
  return shapeAt(place, { kind: 'anyOf', branches }, nullable, refusal);
}

/** The JSON types that a shape allows. */
export function typesOfShape(shape: Shape): ReadonlySet<TypeName> {
  const types = new Set(typesOfCore(shape.core));
  if (shape.nullable) types.add('null');
  return types;
}

function typesOfCore(core: Core): Iterable<TypeName> {
  switch (core.kind) {
    case 'bool':
      return ['boolean'];
    case 'int':
      return ['integer'];
    case 'decimal':
    case 'number':
      return ['number'];
    case 'string':
    case 'timestamp':
    case 'date':
    case 'duration':
    case 'localTimestamp':
      return ['string'];
    case 'record':
    case 'map':
    case 'union':
      return ['object'];
    case 'list':
      return ['array'];
    case 'null':
      return ['null'];
    case 'never':
      return [];
    case 'unknown':
      return TYPE_NAMES;
    case 'anyOf':
      return core.branches.flatMap((branch) => [...typesOfShape(branch)]);
  }
}

/** The shape of `anyOf` or `oneOf` with these branches. */
export function joinBranches(
  place: SchemaPlace,
  keyword: 'anyOf' | 'oneOf',
  branches: readonly SchemaNode[],
  children: Children,
): Shape {
  const nullable = branches.some((b) => typesOfShape(b.shape).has('null') && b.shape.core.kind !== 'unknown');
  const rest = branches.filter(({ shape }) => shape.core.kind !== 'null' && shape.core.kind !== 'never');
  const discriminated = rest.length > 1 ? discriminatorOf(rest, children) : null;
  const shapes = rest.flatMap(({ shape }) =>
    shape.core.kind === 'anyOf' ? shape.core.branches : [{ ...shape, nullable: false }],
  );
  const constants = mergeConstants(shapes);
  const refusal = keyword === 'oneOf' ? whyNotExclusive(branches, rest, discriminated, children) : null;
  if (discriminated !== null) {
    // Only the selected branch is judged, so an unsupported keyword in another one is no concern of this place.
    return shapeAt(place, { kind: 'union', ...discriminated }, nullable, refusal);
  }
  const core =
    constants ?? (shapes.length === 1 ? shapes[0]!.core : { kind: 'anyOf' as const, branches: shapes });
  const shape =
    shapes.length === 0 ? combine(place, [], nullable, refusal) : shapeAt(place, core, nullable, refusal);
  return { ...shape, unsupported: shape.unsupported ?? innerRefusal(branches) };
}

function innerRefusal(branches: readonly SchemaNode[]): Unsupported | null {
  for (const { shape } of branches) if (shape.unsupported !== null) return shape.unsupported;
  return null;
}

/** `oneOf` means "exactly one"; it is supported where that is the same as "any of". */
function whyNotExclusive(
  branches: readonly SchemaNode[],
  rest: readonly SchemaNode[],
  discriminated: Discriminated | null,
  children: Children,
): Refusal | null {
  const nulls = branches.filter((b) => typesOfShape(b.shape).has('null')).length;
  // One discriminator tells all branches apart: no need to compare them pair by pair.
  if (nulls <= 1 && discriminated !== null) return null;
  if (nulls <= 1 && allDisjoint(rest, children)) return null;
  const why =
    'two branches may hold at once: give them different JSON types, or a required property with different constants';
  return { keyword: 'oneOf', why };
}

function allDisjoint(nodes: readonly SchemaNode[], children: Children): boolean {
  const constants = nodes.map((node) => constantsOf(node.shape.core));
  const of = constants[0]?.of;
  if (constants.every((c) => c !== null && c.of === of)) {
    const values = constants.flatMap((c) => [...c!.values]);
    return new Set(values).size === values.length;
  }
  if (nodes.length > MAX_COMPARED_BRANCHES) return false;
  return nodes.every((a, i) => nodes.slice(i + 1).every((b) => areDisjoint(a, b, children)));
}

/** Branches of one `oneOf` that are compared pair by pair. */
const MAX_COMPARED_BRANCHES = 256;

function areDisjoint(a: SchemaNode, b: SchemaNode, children: Children): boolean {
  const kinds = new Set(jsonTypes(b));
  const common = jsonTypes(a).filter((t) => t !== 'null' && kinds.has(t));
  if (common.length === 0) return true;
  if (discriminatorOf([a, b], children) !== null) return true;
  const first = constantsOf(a.shape.core);
  const second = constantsOf(b.shape.core);
  return (
    first !== null &&
    second !== null &&
    first.of === second.of &&
    !first.values.some((v) => second.values.includes(v))
  );
}

/** Integers are numbers here: `1` may be both. */
function jsonTypes(node: SchemaNode): TypeName[] {
  return [...typesOfShape(node.shape)].map((t) => (t === 'integer' ? 'number' : t));
}

interface Constants {
  /** Constants with equal `of` are comparable. */
  readonly of: string;
  readonly values: readonly (string | number | boolean)[];
}

function constantsOf(core: Core): Constants | null {
  switch (core.kind) {
    case 'bool':
    case 'string':
    case 'int':
    case 'number':
      return core.values === null ? null : { of: core.kind, values: core.values };
    case 'decimal':
      return core.values === null ? null : { of: `decimal ${core.scale}`, values: core.values };
    default:
      return null;
  }
}

/** Branches that are constants of one type are one enumeration, however it was written. */
function mergeConstants(shapes: readonly Shape[]): Core | null {
  const constants = shapes.map((s) => constantsOf(s.core));
  const [first] = constants;
  const core = shapes[0]?.core;
  if (first === undefined || first === null || core === undefined) return null;
  if (constants.some((c) => c === null || c.of !== first.of)) return null;
  const values = [...new Set(constants.flatMap((c) => [...c!.values]))];
  const bounds = { min: null, max: null };
  switch (core.kind) {
    case 'bool':
      return { kind: 'bool', values: values as boolean[] };
    case 'string':
      return { kind: 'string', values: values as string[], minLength: null, maxLength: null };
    case 'decimal':
      return { kind: 'decimal', scale: core.scale, ...bounds, values: values as number[] };
    case 'int':
    case 'number':
      return { kind: core.kind, ...bounds, values: values as number[] };
    default:
      return null;
  }
}

type Discriminated = Pick<Extract<Core, { kind: 'union' }>, 'discriminator' | 'branches'>;

/** The first property, by name, that every branch requires with constants of its own. */
function discriminatorOf(nodes: readonly SchemaNode[], children: Children): Discriminated | null {
  const [first] = nodes;
  if (first === undefined || first.shape.core.kind !== 'record') return null;
  for (const discriminator of first.shape.core.properties.keys()) {
    const branches: { node: SchemaNode; values: readonly string[] }[] = [];
    const taken = new Set<string>();
    for (const node of nodes) {
      const values = constantsUnder(node.shape, discriminator, children);
      if (values === null || values.some((v) => taken.has(v))) break;
      for (const value of values) taken.add(value);
      branches.push({ node, values });
    }
    if (branches.length === nodes.length) return { discriminator, branches };
  }
  return null;
}

function constantsUnder(shape: Shape, property: string, children: Children): readonly string[] | null {
  const { core } = shape;
  if (core.kind !== 'record' || !core.required.has(property)) return null;
  const node = core.properties.get(property);
  // Only constants are looked at: reading any other property here could lead back to the union that is being read.
  if (node === undefined || !isConstant(children.json(node.file, node.pointer))) return null;
  const inner = node.shape;
  if (inner.core.kind !== 'string' || inner.nullable || inner.unsupported !== null) return null;
  return inner.core.values;
}

function isConstant(json: JsonObject | boolean): boolean {
  return isObject(json) && ('const' in json || 'enum' in json);
}
