// The fields of the IR: places of the request that the policy reads, and values derived from them. A static field is created once, when it is
// first read, with everything its schema says. A bound variable or a derived container reads places of the request through an alias, so each
// read below it also marks the places it may stand for (its origins): those are what the projection validates.

import { MAX_DEPTH } from '../bytecode/limits.ts';
import type { SlotKind } from '../bytecode/opcodes.ts';
import type { SchemaNode, Shape } from '../checker/shape.ts';
import { sameNode } from '../checker/types.ts';
import { IrBuilder } from '../ir/builder.ts';
import type { Constant, Derived, Field, FieldId, FieldLimits, SetId } from '../ir/ir.ts';
import { limitsOf, widest } from './field-limits.ts';
import { joinShapes } from './shape-join.ts';

interface Meta {
  readonly kind: SlotKind;
  readonly scale: number;
  /** The schema at this place; null under an unknown and for computed scalars. */
  readonly shape: Shape | null;
  /** Static places whose values this field may hold: itself, when it is one. */
  readonly origins: readonly FieldId[];
  readonly depth: number;
}

type Spec = Pick<Field, 'kind' | 'scale' | 'limits' | 'unique' | 'discriminator'>;

const BLANK = {
  parent: null,
  key: null,
  optional: true,
  nullable: false,
  closed: null,
  branch: null,
  derived: null,
  constant: null,
} as const;
const PLAIN: Spec = { kind: 'unknown', scale: 0, limits: null, unique: false, discriminator: null };

export class Fields {
  readonly ir = new IrBuilder();
  readonly root: FieldId;
  readonly #meta: Meta[] = [];
  readonly #closed = new Map<FieldId, SetId>();

  constructor(root: SchemaNode) {
    const spec = this.#spec(root.shape);
    this.root = this.#add({ ...BLANK, ...spec, via: 'root', optional: false }, root.shape, null, 1);
  }

  kind(field: FieldId): SlotKind {
    return this.#meta[field]!.kind;
  }

  scale(field: FieldId): number {
    return this.#meta[field]!.scale;
  }

  /** Keys that close a record of which an optional member is read, by field. */
  closedSets(): ReadonlyMap<FieldId, SetId> {
    return this.#closed;
  }

  /** The member `key` of an object; under an unknown it is unknown. */
  member(parent: FieldId, key: string): FieldId {
    const meta = this.#meta[parent]!;
    const core = meta.shape?.core;
    for (const origin of meta.origins) if (origin !== parent) this.member(origin, key);
    let shape: Shape | null = null;
    let optional = true;
    let spec = PLAIN;
    if (core?.kind === 'record') {
      const node = core.properties.get(key);
      shape = node?.shape ?? null;
      optional = !core.required.has(key);
      if (optional && core.additional === false) this.#close(parent, core.properties.keys());
    } else if (core?.kind === 'map') {
      shape = core.value ? core.value.shape : null;
      optional = !core.required.has(key);
      this.#closeEmpty(parent);
    } else if (core?.kind === 'union' && key === core.discriminator) {
      const values = core.branches.flatMap((branch) => branch.values);
      spec = {
        ...PLAIN,
        kind: 'string',
        limits: {
          min: -Infinity,
          max: Infinity,
          minLength: null,
          maxLength: null,
          set: this.ir.strings(values),
        },
      };
      optional = false;
    }
    if (shape !== null) spec = this.#spec(shape);
    const row = {
      ...BLANK,
      ...spec,
      parent,
      via: 'member' as const,
      key,
      optional,
      nullable: shape?.nullable ?? false,
    };
    return this.#add(
      row,
      shape,
      this.#isStatic(parent) ? null : meta.origins.map((origin) => this.member(origin, key)),
      meta.depth + 1,
    );
  }

  /** The member `key` of an object read as unknown, whatever its schema says: what `is` tests. */
  unknownMember(parent: FieldId, key: string): FieldId {
    const meta = this.#meta[parent]!;
    if (meta.kind === 'unknown') return this.member(parent, key);
    const origins = this.#isStatic(parent)
      ? null
      : meta.origins.map((origin) => this.unknownMember(origin, key));
    return this.#add({ ...BLANK, ...PLAIN, parent, via: 'member', key }, null, origins, meta.depth + 1);
  }

  /** One branch of a union, as a record that exists when the discriminator is one of the branch's values. */
  branch(union: FieldId, node: SchemaNode): FieldId {
    const meta = this.#meta[union]!;
    const core = meta.shape?.core;
    // All values of the branch, also where facts exclude some: the projection judges the branch that the request selects.
    const values =
      core?.kind === 'union' ? (core.branches.find((b) => sameNode(b.node, node))?.values ?? []) : [];
    const origins = this.#isStatic(union) ? null : meta.origins.map((origin) => this.branch(origin, node));
    const row = {
      ...BLANK,
      ...this.#spec(node.shape),
      parent: union,
      via: 'view' as const,
      branch: this.ir.strings(values),
    };
    return this.#add(row, node.shape, origins, meta.depth);
  }

  /** An unknown value read as a scalar of a kind: absent when it is not one. */
  view(parent: FieldId, kind: SlotKind, scale: number): FieldId {
    return this.#add(
      { ...BLANK, ...PLAIN, kind, scale, parent, via: 'view' },
      null,
      [],
      this.#meta[parent]!.depth,
    );
  }

  /** The same value as unknown, so that `is` can test it. */
  asUnknown(field: FieldId): FieldId {
    const meta = this.#meta[field]!;
    if (meta.kind === 'unknown' || field === this.root) return field;
    const row = this.ir.fieldRow(field);
    // A branch of a union is the same value as the union.
    if (row.branch !== null && row.parent !== null) return this.asUnknown(row.parent);
    if (row.via === 'member' && row.parent !== null && row.key !== null)
      return this.unknownMember(row.parent, row.key);
    const origins = meta.origins.map((origin) => this.asUnknown(origin));
    return this.#add({ ...row, ...PLAIN, optional: true, nullable: false }, null, origins, meta.depth);
  }

  /** What every item of a list (or unknown) must satisfy; read when any item is. */
  #element(list: FieldId): FieldId {
    const meta = this.#meta[list]!;
    const shape = meta.shape?.core.kind === 'list' ? (meta.shape.core.items?.shape ?? null) : null;
    return this.#template(list, 'element', shape, meta.depth);
  }

  /** What every value of a map (or unknown) must satisfy. */
  #value(map: FieldId): FieldId {
    const meta = this.#meta[map]!;
    const shape =
      meta.shape?.core.kind === 'map' && meta.shape.core.value ? meta.shape.core.value.shape : null;
    this.#closeEmpty(map);
    return this.#template(map, 'value', shape, meta.depth);
  }

  /** An object that allows no key at all is a closed one. */
  #closeEmpty(map: FieldId): void {
    const core = this.#meta[map]!.shape?.core;
    if (core?.kind === 'map' && core.value === false) this.#close(map, []);
  }

  // What a variable or result holds was judged where it stands in the request.
  #close(field: FieldId, keys: Iterable<string>): void {
    if (this.#isStatic(field) && !this.#closed.has(field)) this.#closed.set(field, this.ir.strings(keys));
  }

  #template(parent: FieldId, via: 'element' | 'value', shape: Shape | null, depth: number): FieldId {
    const spec = shape === null ? PLAIN : this.#spec(shape);
    // An entry of a map is optional under every key, and null there is absence as in any optional place.
    const optional = shape === null || shape.nullable || via === 'value';
    return this.#add(
      { ...BLANK, ...spec, parent, via, optional, nullable: shape?.nullable ?? false },
      shape,
      null,
      depth + 1,
    );
  }

  /** The variable of a quantifier over a list. `height` counts the quantifiers inside its body, so that nested variables differ. */
  bound(list: FieldId, height: number): FieldId {
    const meta = this.#meta[list]!;
    const origins = meta.origins.map((origin) => this.#element(origin));
    const shape = meta.shape?.core.kind === 'list' ? (meta.shape.core.items?.shape ?? null) : null;
    return this.#variable(list, shape, origins, String(height));
  }

  /** The variable that runs over the values of an object. */
  boundValue(object: FieldId, height: number): FieldId {
    const meta = this.#meta[object]!;
    const origins = meta.origins.map((origin) => this.#unknownValue(origin));
    return this.#variable(object, null, origins, `values ${height}`);
  }

  #unknownValue(object: FieldId): FieldId {
    return this.#template(object, 'value', null, this.#meta[object]!.depth);
  }

  // Variables over the items (or the values) of one field at one height share a slot: equal quantifiers are then equal atoms. What tells
  // them apart is kept in `key`, which a bound field does not use otherwise.
  #variable(list: FieldId, shape: Shape | null, origins: readonly FieldId[], key: string): FieldId {
    const spec = shape === null ? PLAIN : this.#spec(shape);
    const row = { ...BLANK, ...spec, parent: list, via: 'bound' as const, key };
    return this.#add(row, shape, origins, this.#meta[list]!.depth + 1);
  }

  /** Marks a list or map as read as a whole: what its schema says of items or values is then enforced. */
  readWhole(field: FieldId): void {
    for (const origin of this.#meta[field]!.origins) {
      const kind = this.#meta[origin]!.kind;
      if (kind === 'map') this.#value(origin);
    }
  }

  /** Item `index` of a list. */
  at(list: FieldId, index: number): FieldId {
    const meta = this.#meta[list]!;
    const shape = meta.shape?.core.kind === 'list' ? (meta.shape.core.items?.shape ?? null) : null;
    return this.#container(
      { op: 'AT', args: [list], imm: index },
      shape,
      meta.origins.map((origin) => this.#element(origin)),
    );
  }

  /** The value under a key known at run time. */
  get(map: FieldId, key: FieldId): FieldId {
    const meta = this.#meta[map]!;
    const shape =
      meta.shape?.core.kind === 'map' && meta.shape.core.value ? meta.shape.core.value.shape : null;
    return this.#container(
      { op: 'GET', args: [map, key], imm: 0 },
      shape,
      meta.origins.map((origin) => this.#value(origin)),
    );
  }

  /** The first element of a list for which a condition holds. */
  first(list: FieldId, elem: FieldId, body: number): FieldId {
    const meta = this.#meta[elem]!;
    return this.#container({ op: 'FIRST', list, elem, body }, meta.shape, meta.origins);
  }

  /** `a`, or `b` when `a` is absent; both of one kind, or both containers. */
  coalesce(a: FieldId, b: FieldId): FieldId {
    const [x, y] = [this.#meta[a]!, this.#meta[b]!];
    const origins = [...new Set([...x.origins, ...y.origins])];
    const derived: Derived = { op: 'COALESCE', args: [a, b], imm: 0 };
    const kind = x.kind === 'int' && y.kind === 'number' ? 'number' : x.kind;
    if (x.shape !== null && (y.shape !== null || kind === x.kind)) {
      const limits = widest(this.ir.fieldRow(a), this.ir.fieldRow(b));
      return this.#container(derived, joinShapes(x.shape, y.shape), origins, limits);
    }
    return this.#add({ ...BLANK, ...PLAIN, kind, scale: x.scale, via: 'calc', derived }, null, origins, 1);
  }

  #container(
    derived: Derived,
    shape: Shape | null,
    origins: readonly FieldId[],
    limits?: FieldLimits | null,
  ): FieldId {
    const own = shape === null ? PLAIN : this.#spec(shape);
    const spec = limits === undefined ? own : { ...own, limits };
    return this.#add({ ...BLANK, ...spec, via: 'calc', derived }, shape, [...new Set(origins)], 1);
  }

  /** A computed scalar. */
  scalar(derived: Derived, kind: SlotKind, scale = 0): FieldId {
    return this.#add({ ...BLANK, ...PLAIN, kind, scale, via: 'calc', derived }, null, [], 1);
  }

  constant(constant: Constant, kind: SlotKind, scale = 0): FieldId {
    return this.#add(
      { ...BLANK, ...PLAIN, kind, scale, via: 'constant', optional: false, constant },
      null,
      [],
      1,
    );
  }

  #isStatic(field: FieldId): boolean {
    const { origins } = this.#meta[field]!;
    return origins.length === 1 && origins[0] === field;
  }

  // `origins` null: the field is a static place of its own. Only there anything is an error.
  #add(
    row: Omit<Field, 'id'>,
    shape: Shape | null,
    origins: readonly FieldId[] | null,
    depth: number,
  ): FieldId {
    const id = this.ir.field(origins === null ? row : { ...row, unique: false });
    if (this.#meta[id] !== undefined) return id;
    this.#meta[id] = {
      kind: row.kind,
      scale: row.scale,
      shape: row.kind === 'unknown' ? null : shape,
      origins: origins ?? [id],
      depth,
    };
    // A list that is read is read with its items; deeper than the depth limit a request is invalid anyway.
    if (origins === null && row.kind === 'list' && depth <= MAX_DEPTH) this.#element(id);
    return id;
  }

  #spec(shape: Shape): Spec {
    const { core } = shape;
    switch (core.kind) {
      case 'bool':
        return {
          ...PLAIN,
          kind: 'bool',
          limits: limitsOf({ set: core.values && this.ir.numbers(core.values.map(Number)) }),
        };
      case 'string':
        return {
          ...PLAIN,
          kind: 'string',
          limits: limitsOf({
            minLength: core.minLength,
            maxLength: core.maxLength,
            set: core.values && this.ir.strings(core.values),
          }),
        };
      case 'int':
      case 'decimal':
      case 'number': {
        const bounds = {
          min: core.min ?? -Infinity,
          max: core.max ?? Infinity,
          set: core.values && this.ir.numbers(core.values),
        };
        return {
          ...PLAIN,
          kind: core.kind,
          scale: core.kind === 'decimal' ? core.scale : 0,
          limits: limitsOf(bounds),
        };
      }
      case 'timestamp':
      case 'date':
      case 'duration':
      case 'localTimestamp':
      case 'unknown':
        return { ...PLAIN, kind: core.kind };
      case 'record':
        return { ...PLAIN, kind: 'record' };
      case 'map':
        return {
          ...PLAIN,
          kind: 'map',
          limits: limitsOf({ minLength: core.minProperties, maxLength: core.maxProperties }),
        };
      case 'list':
        return {
          ...PLAIN,
          kind: 'list',
          unique: core.unique,
          limits: limitsOf({ minLength: core.minItems, maxLength: core.maxItems }),
        };
      case 'union': {
        const values = this.ir.strings(core.branches.flatMap((branch) => branch.values));
        return { ...PLAIN, kind: 'union', discriminator: { key: core.discriminator, values } };
      }
      case 'null':
      case 'never':
      case 'anyOf':
        return PLAIN;
    }
  }
}
