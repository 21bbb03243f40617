// Random condition schemas whose valid requests can be enumerated (`open` ones only sampled).

import type { Json } from '../../../src/value/json.ts';
import type { Draw } from '../../parity/draw.ts';
import { enumerate, type Schema } from './enumerate.ts';

export interface Prop {
  readonly name: string;
  readonly type: Type;
  readonly required: boolean;
  readonly nullable: boolean;
}

export interface RecordType {
  readonly t: 'record';
  readonly props: readonly Prop[];
}

export interface UnionType {
  readonly t: 'union';
  readonly tag: string;
  readonly branches: readonly {
    readonly def: string;
    readonly value: string;
    readonly record: RecordType;
  }[];
}

/** Bounds of decimals are scaled. What `values` or bounds leave open, and the last line, is not finite. */
export type Type =
  | { readonly t: 'bool' }
  | { readonly t: 'string'; readonly values: readonly string[] | null }
  | { readonly t: 'int'; readonly min: number | null; readonly max: number | null }
  | { readonly t: 'decimal'; readonly scale: number; readonly min: number; readonly max: number }
  | {
      readonly t: 'list';
      readonly item: Type;
      readonly nullableItem: boolean;
      readonly min: number;
      readonly max: number;
      readonly unique: boolean;
    }
  | RecordType
  | UnionType
  | { readonly t: 'timestamp' | 'date' | 'unknown' }
  | { readonly t: 'map'; readonly value: Type };

export interface World {
  readonly root: RecordType;
  /** Open: some place allows infinitely many values. */
  readonly open: boolean;
}

/** Texts that differ in what is easily mistaken: case, normal form, separators, code units. */
export const TRICKY = [
  'a',
  'ab',
  'aB',
  '',
  'a.b',
  'a.b.c',
  'a/b',
  'a/b/../c',
  'é',
  'e\u{301}',
  '😀',
  'a😀',
  '../a',
  '/etc/x',
  '/etc/../x',
  '.',
  'a..b',
  '*',
  'A',
] as const;

const MODES = ['read', 'write', 'exec', 'drop'] as const;
const TIMES = [
  '2026-03-02T00:00:00Z',
  '2026-03-02T00:59:59.999999Z',
  '2026-03-02T01:00:00Z',
  '2026-03-01T23:59:59Z',
  '2026-03-07T12:00:00+02:00',
];
const DATES = ['2026-02-28', '2026-03-01', '2026-03-02'];

/** A world with at most `limit` requests. */
export function makeWorld(draw: Draw, limit: number, open: boolean): World {
  const props: Prop[] = [];
  const wanted = 3 + draw.int(4);
  let size = 1;
  for (let i = 0; i < wanted * 2 && props.length < wanted; i++) {
    const type = open && draw.once(3) ? openType(draw) : makeType(draw, i, 0);
    const required = !draw.once(3);
    const prop = {
      name: `${PREFIX[type.t]}${i}`,
      type,
      required,
      nullable: draw.once(6) && type.t !== 'unknown',
    };
    const own = sizeOf(prop);
    if (size * own > limit) continue;
    size *= own;
    props.push(prop);
  }
  return { root: { t: 'record', props }, open };
}

const PREFIX = {
  bool: 'b',
  string: 's',
  int: 'n',
  decimal: 'd',
  list: 'l',
  record: 'o',
  union: 'u',
  timestamp: 't',
  date: 'day',
  unknown: 'x',
  map: 'm',
} as const;

function makeType(draw: Draw, id: number, depth: number): Type {
  const nested = depth === 0 ? 1 : 0;
  const int = (): Type => {
    const min = draw.int(4) - 2;
    return { t: 'int', min, max: min + 1 + draw.int(4) };
  };
  return draw.oneOf<Type>(
    [3, int],
    [2, () => ({ t: 'string', values: MODES.slice(0, 2 + draw.int(3)) })],
    [2, () => ({ t: 'bool' })],
    [3, () => ({ t: 'string', values: subset(draw, TRICKY, 2 + draw.int(4)) })],
    [
      1,
      () => {
        const scale = 1 + draw.int(2);
        const min = draw.int(4) - 2;
        return { t: 'decimal', scale, min, max: min + 2 + draw.int(3) };
      },
    ],
    [3 * nested, () => makeList(draw, id)],
    [nested, () => makeRecord(draw, id)],
    [nested, () => makeUnion(draw, id)],
  );
}

function makeList(draw: Draw, id: number): Type {
  const item = draw.oneOf<Type>(
    [2, () => ({ t: 'string', values: MODES.slice(0, 2 + draw.int(2)) })],
    [2, () => ({ t: 'int', min: 0, max: 1 + draw.int(2) })],
    [1, () => ({ t: 'string', values: subset(draw, TRICKY, 2 + draw.int(2)) })],
    [2, () => makeRecord(draw, id)],
  );
  const large = item.t === 'record';
  const max = large ? 2 : 2 + draw.int(2);
  const nullableItem = draw.once(8);
  return { t: 'list', item, nullableItem, min: draw.once(4) ? 1 : 0, max, unique: !large && draw.once(3) };
}

function makeRecord(draw: Draw, id: number): RecordType {
  const props = draw.list(1, 2, (i): Prop => {
    const type = makeType(draw, id, 1);
    return { name: `${PREFIX[type.t]}_${i}`, type, required: !draw.once(3), nullable: draw.once(8) };
  });
  return { t: 'record', props };
}

function makeUnion(draw: Draw, id: number): UnionType {
  const branches = draw.list(2, 3, (i) => ({
    def: `U${id}_${i}`,
    value: ['p', 'q', 'r'][i]!,
    record: makeRecord(draw, id),
  }));
  return { t: 'union', tag: 'kind', branches };
}

function openType(draw: Draw): Type {
  return draw.oneOf<Type>(
    [3, () => ({ t: 'string', values: null })],
    [2, () => ({ t: 'int', min: draw.once(2) ? 0 : null, max: draw.once(2) ? 1000 : null })],
    [2, () => ({ t: 'timestamp' })],
    [1, () => ({ t: 'date' })],
    [1, () => ({ t: 'map', value: { t: 'int', min: 0, max: 1 } })],
    [1, () => ({ t: 'unknown' })],
  );
}

function subset(draw: Draw, from: readonly string[], count: number): readonly string[] {
  const left = [...from];
  return Array.from({ length: count }, () => left.splice(draw.int(left.length), 1)[0]!);
}

function sizeOf(prop: Prop): number {
  const schema = schemaOf({ root: { t: 'record', props: [prop] }, open: true });
  return enumerate(schema, 100_000, sample).length;
}

/** The requests of a world: all of them, or of an open world a sample. */
export function requestsOf(world: World, limit: number): readonly Json[] {
  return enumerate(schemaOf(world), limit, world.open ? sample : null);
}

function sample(place: Schema): readonly Json[] {
  if (place.format === 'date-time') return TIMES;
  if (place.format === 'date') return DATES;
  if (place.type === 'integer') return [-1, 0, 1, 2, 999, 1000].filter((n) => allowed(n, place));
  if (place.type === 'string') return TRICKY.slice(0, 12);
  if (place.type === 'object') return [{}, { a: 0 }, { a: 1 }, { b: 1 }, { a: 0, b: 0 }];
  return ['a', 1, null, true, [], ['a'], { a: 1 }];
}

function allowed(n: number, { minimum, maximum }: Schema): boolean {
  return n >= ((minimum as number | undefined) ?? n) && n <= ((maximum as number | undefined) ?? n);
}

/** The condition schema of a world. */
export function schemaOf(world: World): Schema {
  const defs: Record<string, Schema> = {};
  return { ...recordSchema(world.root, defs), ...(Object.keys(defs).length > 0 ? { $defs: defs } : {}) };
}

function recordSchema(
  record: RecordType,
  defs: Record<string, Schema>,
  first: Record<string, Schema> = {},
): Schema {
  const props = record.props.map(({ name, type, nullable }) => {
    const schema = typeSchema(type, defs);
    return [name, nullable ? { anyOf: [schema, { type: 'null' }] } : schema] as const;
  });
  const required = record.props.filter((prop) => prop.required).map((prop) => prop.name);
  return {
    type: 'object',
    properties: { ...first, ...Object.fromEntries(props) },
    required: [...Object.keys(first), ...required],
    additionalProperties: false,
  };
}

function typeSchema(type: Type, defs: Record<string, Schema>): Schema {
  switch (type.t) {
    case 'bool':
      return { type: 'boolean' };
    case 'string':
      return type.values === null ? { type: 'string' } : { type: 'string', enum: type.values };
    case 'int':
      return {
        type: 'integer',
        ...(type.min === null ? {} : { minimum: type.min }),
        ...(type.max === null ? {} : { maximum: type.max }),
      };
    case 'decimal': {
      const parts = 10 ** type.scale;
      return {
        type: 'number',
        multipleOf: 1 / parts,
        minimum: type.min / parts,
        maximum: type.max / parts,
      };
    }
    case 'list': {
      const { item, nullableItem, min, max, unique } = type;
      const items = typeSchema(item, defs);
      return {
        type: 'array',
        items: nullableItem ? { anyOf: [items, { type: 'null' }] } : items,
        maxItems: max,
        ...(min > 0 ? { minItems: min } : {}),
        ...(unique ? { uniqueItems: true } : {}),
      };
    }
    case 'record':
      return recordSchema(type, defs);
    case 'union':
      for (const { def, value, record } of type.branches)
        defs[def] = recordSchema(record, defs, { [type.tag]: { const: value } });
      return { oneOf: type.branches.map(({ def }) => ({ $ref: `#/$defs/${def}` })) };
    case 'timestamp':
      return { type: 'string', format: 'date-time' };
    case 'date':
      return { type: 'string', format: 'date' };
    case 'map':
      return { type: 'object', additionalProperties: typeSchema(type.value, defs) };
    case 'unknown':
      return {};
  }
}
