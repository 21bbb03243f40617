// Random condition schemas: a model of the types that the generators of policies and requests share.

import { variant } from './coalesce.ts';
import type { Draw } from './draw.ts';

export interface Prop {
  readonly name: string;
  readonly type: Model;
  readonly required: boolean;
  readonly nullable: boolean;
}

export type RecordModel = {
  readonly t: 'record';
  readonly props: readonly Prop[];
  readonly closed: boolean;
  readonly additional: Model | null;
  /** Its name under `$defs`. */
  readonly def: string | null;
};

export type UnionModel = {
  readonly t: 'union';
  readonly tag: string;
  readonly keyword: 'oneOf' | 'anyOf';
  readonly branches: readonly { readonly values: readonly string[]; readonly record: RecordModel }[];
};

/** Bounds of numbers are plain numbers; null for none. */
export type Model =
  | { readonly t: 'bool' | 'timestamp' | 'date' | 'duration' | 'local' | 'unknown' }
  | {
      readonly t: 'string';
      readonly values: readonly string[] | null;
      readonly min: number | null;
      readonly max: number | null;
    }
  | {
      readonly t: 'int' | 'number' | 'decimal';
      readonly scale: number;
      readonly min: number | null;
      readonly max: number | null;
      readonly values: readonly number[] | null;
      /** Another way to say the same. */
      readonly json?: { readonly [keyword: string]: unknown };
    }
  | RecordModel
  | UnionModel
  | { readonly t: 'map'; readonly value: Model; readonly min: number | null; readonly max: number | null }
  | {
      readonly t: 'list';
      readonly item: Model;
      readonly nullableItem: boolean;
      readonly min: number;
      readonly max: number | null;
      readonly unique: boolean;
    }
  /** Only as targets of `is`. */
  | { readonly t: 'anyOf'; readonly branches: readonly Model[] }
  | {
      readonly t: 'raw';
      readonly json: { readonly [keyword: string]: unknown };
      readonly samples: readonly unknown[];
    };

export interface SchemaModel {
  readonly root: RecordModel | UnionModel;
  /** Definitions that `is` may name; the branches of unions are among them. */
  readonly defs: ReadonlyMap<string, Model>;
}

export const STRINGS = [
  'a',
  'b',
  'read',
  'write',
  '',
  'a.b',
  'a.b.c',
  'A',
  'é',
  '😀',
  'a😀b',
  '/etc/passwd',
  'etc/../x',
  '../a',
  '..',
  'a..b',
  '*',
  '\\',
  '"q"',
  'two words',
  '\u{10FFFF}',
  '\u{FFFF}',
  'e\u{301}',
  'rm -rf /',
  '__proto__',
  'line\nbreak',
] as const;

/** Schemas for `is` with what the other models do not say, each with values on both sides of it. */
const RAW: readonly (readonly [{ readonly [keyword: string]: unknown }, readonly unknown[]])[] = [
  [{ type: ['integer', 'string'], minimum: 0, maxLength: 2 }, [0, -1, 'ab', 'abc', '😀😀', 0.5]],
  [{ enum: ['a', 1, true, null] }, ['a', 1, true, null, 'b', '1', false]],
  [{ const: true }, [true, false, 1]],
  [{ const: 0.1 }, [0.1, 0.2, '0.1']],
  [{ type: 'number', exclusiveMinimum: 0, maximum: 1 }, [0, 5e-324, 1, 1.0000000000000002, -0]],
  [{ type: 'number', multipleOf: 0.01, exclusiveMaximum: 1, minimum: -1 }, [0.99, 1, 0.999, -1, -1.01, 1e20]],
  [{ type: 'integer', exclusiveMinimum: 0.5, multipleOf: 1 }, [0, 1, 2 ** 53 - 1, 2 ** 53, 1.5]],
  [
    { type: 'array', uniqueItems: true, items: { type: 'number' } },
    [[1, 1], [1, 2], [0, -0], [], ['1'], [null]],
  ],
  [
    { type: 'array', uniqueItems: true, items: { type: 'string' }, minItems: 1 },
    [[], ['a', 'a'], ['a', 'b'], ['e\u{301}', 'é']],
  ],
  [{ type: 'array', items: { type: ['object', 'null'], required: ['a'] } }, [[null], [{ a: 1 }], [{}], [1]]],
  [{ type: 'object', minProperties: 1, maxProperties: 2 }, [{}, { a: 1 }, { a: 1, b: 2, c: 3 }, []]],
  [{ type: 'object', required: ['a', '__proto__'] }, [{ a: 1 }, JSON.parse('{"a":null,"__proto__":1}')]],
  [{ type: 'object', additionalProperties: false }, [{}, { a: 1 }]],
  [
    {
      type: 'object',
      properties: { a: { type: 'integer' } },
      additionalProperties: { type: 'string' },
      minProperties: 1,
    },
    [{ a: 1 }, { a: 1, b: 'x' }, { b: 1 }, { a: null }, {}],
  ],
  [{ anyOf: [{ type: 'string', format: 'date' }, { type: 'null' }] }, ['2026-01-01', null, '2026-02-30', 1]],
  [
    { type: 'string', format: 'date-time-local' },
    ['2026-01-01T00:00:00', '2026-01-01T00:00:00Z', '2026-01-01t24:00:00'],
  ],
  [{ type: 'boolean', enum: [true] }, [true, false]],
  [{ oneOf: [{ type: 'array', maxItems: 1 }, { type: 'object' }] }, [[], [1, 2], {}, 'x']],
];

/** Numbers whose bounds are said in other words. */
const SAID_OTHERWISE: readonly Model[] = [
  {
    t: 'int',
    scale: 0,
    min: 1,
    max: 5,
    values: null,
    json: { type: 'integer', exclusiveMinimum: 0, maximum: 5.5 },
  },
  {
    t: 'int',
    scale: 0,
    min: 1,
    max: 5,
    values: null,
    json: { type: 'integer', minimum: 0.5, exclusiveMaximum: 6 },
  },
  {
    t: 'decimal',
    scale: 2,
    min: 0.01,
    max: 9.99,
    values: null,
    json: { type: 'number', multipleOf: 0.01, exclusiveMinimum: 0, exclusiveMaximum: 10 },
  },
  {
    t: 'decimal',
    scale: 1,
    min: null,
    max: null,
    values: [0.1, 2.5],
    json: { enum: [0.1, 2.5], multipleOf: 0.1, type: 'number' },
  },
  { t: 'number', scale: 0, min: null, max: null, values: [0.1, 2], json: { enum: [0.1, 2] } },
];

const NAMES = [
  'n0',
  'n1',
  'n2',
  'n3',
  'amount',
  'env',
  'Zed',
  'message',
  'default',
  'user-agent',
  'é t',
  '__proto__x',
  'n4',
  'n5',
  'n6',
] as const;

class SchemaMaker {
  readonly #draw: Draw;
  readonly #defs = new Map<string, Model>();

  constructor(draw: Draw) {
    this.#draw = draw;
  }

  make(): SchemaModel {
    const draw = this.#draw;
    for (let i = draw.int(4); i > 0; i--) this.#define(`D${i}`);
    const root = draw.once(12) ? this.#union(2) : this.#record(0, 4, 10, 'x');
    return { root, defs: this.#defs };
  }

  #define(name: string): void {
    const draw = this.#draw;
    const model = draw.oneOf<Model>(
      [4, () => ({ ...this.#record(1, 1, 4, 'y'), def: name })],
      [1, () => this.#scalar()],
      [1, () => this.#list(1)],
      [1, () => this.#map(1)],
      [1, () => ({ t: 'anyOf', branches: [this.#scalar(), this.#list(2), this.#record(2, 1, 2, 'y')] })],
      [1, () => this.#union(2)],
      [
        3,
        () => {
          const [json, samples] = draw.pick(RAW);
          return { t: 'raw', json, samples };
        },
      ],
    );
    this.#defs.set(name, model);
  }

  #type(depth: number): Model {
    if (depth >= 3) return this.#scalar();
    const first = depth === 0 ? 1 : 0;
    return this.#draw.oneOf<Model>(
      [10, () => this.#scalar()],
      [2, () => this.#record(depth + 1, 1, 4, 'r')],
      [3 + first, () => this.#list(depth + 1)],
      [2, () => this.#map(depth + 1)],
      [2, () => ({ t: 'unknown' })],
      [1, () => this.#union(depth + 1)],
    );
  }

  #scalar(): Model {
    const draw = this.#draw;
    return draw.oneOf<Model>(
      [3, () => ({ t: 'string', values: null, min: null, max: null })],
      [3, () => this.#number('int', 0)],
      [2, () => ({ t: 'bool' })],
      [3, () => this.#enum()],
      [2, () => this.#number('decimal', draw.pick([2, 1, 0, 3, 6, 15]))],
      [1, () => this.#number('number', 0)],
      [1, () => draw.pick(SAID_OTHERWISE)],
      [2, () => ({ t: 'timestamp' })],
      [1, () => ({ t: 'date' })],
      [1, () => ({ t: 'duration' })],
      [1, () => (draw.once(3) ? { t: 'local' } : { t: 'timestamp' })],
      [1, () => ({ t: 'string', values: null, min: draw.int(3), max: 3 + draw.int(4) })],
    );
  }

  #enum(): Model {
    if (this.#draw.once(10))
      return { t: 'string', values: Array.from({ length: 20 }, (_, i) => `e${i}`), min: null, max: null };
    const values = this.#draw.list(1, 4, () => this.#draw.pick(STRINGS));
    return { t: 'string', values: [...new Set(values)], min: null, max: null };
  }

  #number(t: 'int' | 'decimal' | 'number', scale: number): Model {
    const draw = this.#draw;
    const bounds = draw.pick([
      [0, 100],
      [null, null],
      [-1000, 1000],
      [0, null],
      [1, 6],
    ] as const);
    const values = draw.once(10) ? [1, 5, -3] : null;
    if (values !== null) return { t, scale, min: null, max: null, values };
    const [min, max] = scale === 15 && bounds[1] !== null ? [0, 0.5] : bounds;
    return { t, scale, min: scale === 15 ? (min === null ? null : 0) : min, max, values: null };
  }

  #record(depth: number, min: number, max: number, prefix: string): RecordModel {
    const draw = this.#draw;
    const names = new Set(draw.list(min, max, () => draw.pick(NAMES)));
    const types: Model[] = [];
    const props = [...names].map((name) => {
      // A second place for nearly the same values.
      const containers = types.filter(({ t }) => t === 'list' || t === 'map');
      const near = draw.oneOf<Model | null>(
        [6, () => null],
        [3, () => (containers.length > 0 ? draw.pick(containers) : null)],
        [1, () => (types.length > 0 ? draw.pick(types) : null)],
      );
      const type = near === null ? this.#type(depth) : variant(draw, near);
      types.push(type);
      return {
        // Only the request uses the bare names: nothing else may be called like one of its properties.
        name: prefix === 'x' ? name : name.length > 2 ? name : `${prefix}${name}`,
        type,
        required: near === null && !draw.once(3),
        nullable: draw.once(8),
      };
    });
    const additional = !draw.once(12) || depth === 0 ? null : this.#scalar();
    return { t: 'record', props, closed: additional === null && draw.once(2), additional, def: null };
  }

  #list(depth: number): Model {
    const draw = this.#draw;
    const item = this.#type(depth);
    const comparable =
      item.t === 'string' ||
      item.t === 'int' ||
      item.t === 'decimal' ||
      item.t === 'number' ||
      item.t === 'date';
    return {
      t: 'list',
      item,
      nullableItem: item.t !== 'unknown' && draw.once(8),
      min: draw.once(4) ? 1 + draw.int(2) : 0,
      max: draw.once(3) ? null : 3 + draw.int(4),
      unique: comparable && draw.once(4),
    };
  }

  #map(depth: number): Model {
    const draw = this.#draw;
    const max = draw.once(4) ? 2 + draw.int(3) : null;
    return { t: 'map', value: this.#type(depth), min: draw.once(8) ? 1 : null, max };
  }

  #union(depth: number): UnionModel {
    const draw = this.#draw;
    const tag = draw.pick(['kind', 'tag']);
    const at = this.#defs.size;
    const branches = draw.list(2, 3, (i) => {
      const values = i === 1 && draw.once(2) ? [`v${i}`, `w${i}`] : [`v${i}`];
      const inner = this.#record(depth + 1, 1, 3, 'u');
      const own: Prop = {
        name: tag,
        type: { t: 'string', values, min: null, max: null },
        required: true,
        nullable: false,
      };
      const def = `B${at}_${i}`;
      const record: RecordModel = { ...inner, additional: null, props: [own, ...inner.props], def };
      this.#defs.set(def, record);
      return { values, record };
    });
    return { t: 'union', tag, keyword: draw.pick(['oneOf', 'anyOf'] as const), branches };
  }
}

export function makeSchema(draw: Draw): SchemaModel {
  return new SchemaMaker(draw).make();
}
