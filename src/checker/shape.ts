// What one place of a condition schema allows, read from its keywords one level deep. Children are schema nodes, resolved when they are
// asked for, so that recursive schemas are harmless until something reads into them.

/** A resolved place of a schema: `$ref` chains are followed, so equal places are the same object. */
export interface SchemaNode {
  /** File as given on the command line or relative to it, for diagnostics. */
  readonly file: string;
  /** RFC 6901 pointer of the place in that file (after following `$ref`). */
  readonly pointer: string;
  /** Name under `$defs`/`definitions` of the entry schema, when the place is such a definition itself. */
  readonly defName: string | null;
  readonly shape: Shape;
}

/** Numbers are scaled (decimal). Bounds are inclusive, open bounds are null. `values`: from `enum`/`const`, without null; null when free. */
export type Core =
  | { readonly kind: 'bool'; readonly values: readonly boolean[] | null }
  | {
      readonly kind: 'string';
      readonly values: readonly string[] | null;
      readonly minLength: number | null;
      readonly maxLength: number | null;
    }
  | {
      readonly kind: 'int';
      readonly min: number | null;
      readonly max: number | null;
      readonly values: readonly number[] | null;
    }
  | {
      readonly kind: 'decimal';
      readonly scale: number;
      readonly min: number | null;
      readonly max: number | null;
      readonly values: readonly number[] | null;
    }
  | {
      readonly kind: 'number';
      readonly min: number | null;
      readonly max: number | null;
      readonly values: readonly number[] | null;
    }
  | { readonly kind: 'timestamp' | 'date' | 'duration'; readonly minLength: null }
  /** An RFC 3339 date-time without offset, read as a string; only allowed as an `is` target or an unread field. */
  | { readonly kind: 'localTimestamp' }
  | {
      readonly kind: 'record';
      /** Sorted by name, so that nothing depends on the order in the file. */
      readonly properties: ReadonlyMap<string, SchemaNode>;
      readonly required: ReadonlySet<string>;
      /** `false`: closed; null: open; a node: every other key's value must satisfy it. */
      readonly additional: false | null | SchemaNode;
      readonly minProperties: number | null;
      readonly maxProperties: number | null;
    }
  /** An object without `properties`; `value` null means unknown values; `false`: no key is allowed. */
  | {
      readonly kind: 'map';
      readonly value: SchemaNode | null | false;
      readonly required: ReadonlySet<string>;
      readonly minProperties: number | null;
      readonly maxProperties: number | null;
    }
  /** `items` null means unknown items. */
  | {
      readonly kind: 'list';
      readonly items: SchemaNode | null;
      readonly minItems: number | null;
      readonly maxItems: number | null;
      readonly unique: boolean;
    }
  | { readonly kind: 'unknown' }
  /** Only null is allowed. */
  | { readonly kind: 'null' }
  /** Nothing is allowed (`false`). */
  | { readonly kind: 'never' }
  /** `oneOf`/`anyOf` whose branches are records that all require the property `discriminator` with pairwise disjoint string constants. */
  | {
      readonly kind: 'union';
      readonly discriminator: string;
      readonly branches: readonly { readonly node: SchemaNode; readonly values: readonly string[] }[];
    }
  /** Any other `anyOf`, disjoint `oneOf` or type array, not nested in itself: readable only as an `is` target over unknown. */
  | { readonly kind: 'anyOf'; readonly branches: readonly Shape[] };

export interface Unsupported {
  readonly keyword: string;
  readonly file: string;
  readonly pointer: string;
  readonly why: string;
}

export interface Shape {
  readonly core: Core;
  /** null is allowed besides `core`. False for the cores `unknown` and `null`, which say it themselves. */
  readonly nullable: boolean;
  /** A keyword that is not supported here, with its place: using the shape is a compile error; else null. */
  readonly unsupported: Unsupported | null;
  readonly file: string;
  readonly pointer: string;
}

/** The schemas of one policy: the entry file and everything it refers to. */
export interface SchemaSet {
  readonly root: SchemaNode;
  /** `$defs` and `definitions` of the entry schema, by name. */
  readonly definitions: ReadonlyMap<string, SchemaNode>;
  /** Every file read, entry first, with its parsed content: for the bundle's reproducibility, `types` and witnesses. */
  readonly files: readonly {
    readonly file: string;
    readonly json: unknown;
    readonly dialect: '2020-12' | 'draft-07';
  }[];
}
