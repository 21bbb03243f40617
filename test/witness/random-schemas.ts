// Random schemas, random values that are usually valid under them, and random parts of such values.

import type { Json } from '../../src/value/json.ts';
import type { Plan } from '../../src/witness/complete-plan.ts';
import type { Draw } from '../parity/draw.ts';

type Schema = { readonly [key: string]: unknown };

const NAMES = ['a', 'b', 'c', 'd'];

/** The schema of an object, with what makes completion hard: conditions, choices, dependencies. */
export function randomSchema(draw: Draw): Schema {
  return objectSchema(draw, 2);
}

function objectSchema(draw: Draw, depth: number): Schema {
  const names = NAMES.slice(0, 1 + draw.int(NAMES.length));
  const properties = Object.fromEntries(names.map((name) => [name, anySchema(draw, depth)]));
  const required = names.filter(() => draw.int(2) === 1);
  const more: { [key: string]: unknown } = {};
  if (draw.once(4)) more.additionalProperties = false;
  if (draw.once(5)) more.minProperties = draw.int(3);
  if (draw.once(5)) more.dependentRequired = { [draw.pick(NAMES)]: [draw.pick(names)] };
  if (draw.once(5)) {
    more.if = { properties: { [names[0]!]: constantOf(draw) }, required: [names[0]] };
    more[draw.pick(['then', 'else'])] = { required: [draw.pick(names)] };
  }
  if (draw.once(6)) more.anyOf = [{ required: [draw.pick(names)] }, { minProperties: 2 }];
  return { type: 'object', properties, required, ...more };
}

function constantOf(draw: Draw): Schema {
  return draw.pick([{ type: 'integer' }, { type: 'string' }, { const: 0 }, { type: 'object' }]);
}

function anySchema(draw: Draw, depth: number): Schema {
  const leaf = depth === 0;
  return draw.oneOf<Schema>(
    [3, () => ({ type: 'integer', minimum: draw.int(5) })],
    [2, () => ({ type: 'number', multipleOf: draw.pick([0.01, 0.5, 3]), minimum: draw.int(7) })],
    [2, () => ({ type: 'string', minLength: draw.int(4) })],
    [1, () => ({ type: 'string', pattern: draw.pick(['^[a-z]{2,5}$', '^(x|yz)+$', 'q\\d?$', '^[^a]']) })],
    [1, () => ({ type: 'string', format: draw.pick(['date', 'date-time', 'duration', 'uuid']) })],
    [
      2,
      () => ({
        enum: draw.pick([
          ['p', 'q'],
          [1, 2, 'z'],
          [null, true],
        ]),
      }),
    ],
    [1, () => ({ type: ['boolean', 'null'] })],
    [leaf ? 0 : 3, () => objectSchema(draw, depth - 1)],
    [leaf ? 0 : 2, () => listSchema(draw, depth - 1)],
    [leaf ? 0 : 2, () => unionSchema(draw, depth - 1)],
    [
      leaf ? 0 : 1,
      () => ({ allOf: [{ type: 'integer' }, { maximum: 9 + draw.int(3) }, { not: { const: 0 } }] }),
    ],
  );
}

function listSchema(draw: Draw, depth: number): Schema {
  const unique = draw.once(3);
  const list = { type: 'array', items: anySchema(draw, depth), minItems: draw.int(3) };
  return unique ? { ...list, uniqueItems: true } : list;
}

function unionSchema(draw: Draw, depth: number): Schema {
  const branches = ['k', 'l', 'm'].slice(0, 1 + draw.int(3)).map((tag) => {
    const { properties, required, ...rest } = objectSchema(draw, depth);
    return {
      ...rest,
      properties: { ...(properties as Schema), t: { const: tag } },
      required: ['t', ...(required as string[])],
    };
  });
  return { [draw.pick(['oneOf', 'anyOf'])]: branches };
}

const PATTERN_TEXTS: { readonly [pattern: string]: readonly string[] } = {
  '^[a-z]{2,5}$': ['abc', 'zz'],
  '^(x|yz)+$': ['x', 'yzx'],
  'q\\d?$': ['q', 'aq7'],
  '^[^a]': ['b', '7a'],
};
const FORMAT_TEXTS: { readonly [format: string]: readonly string[] } = {
  date: ['2024-02-29', '1999-12-31'],
  'date-time': ['2024-02-29T10:00:00.5+02:00', '1999-12-31T23:59:59Z'],
  duration: ['PT5M', '-P1D'],
  uuid: ['123e4567-e89b-42d3-a456-426614174000'],
};

/** A value made for the schema; what its conditions ask for is left to luck. */
export function instanceOf(draw: Draw, schema: Schema): Json {
  if (schema.enum !== undefined) return draw.pick(schema.enum as Json[]);
  if (schema.const !== undefined) return schema.const as Json;
  if (schema.allOf !== undefined) return 1 + draw.int(9);
  const branches = (schema.oneOf ?? (schema.type === 'object' ? undefined : schema.anyOf)) as
    | Schema[]
    | undefined;
  if (branches !== undefined) return instanceOf(draw, draw.pick(branches));
  const least = (schema.minimum as number | undefined) ?? 0;
  switch (schema.type) {
    case 'integer':
      return least + draw.int(4);
    case 'number': {
      const step = schema.multipleOf as number;
      return step === 0.01
        ? (least * 100 + draw.int(300)) / 100
        : (Math.ceil(least / step) + draw.int(9)) * step;
    }
    case 'string':
      if (schema.pattern !== undefined) return draw.pick(PATTERN_TEXTS[schema.pattern as string]!);
      if (schema.format !== undefined) return draw.pick(FORMAT_TEXTS[schema.format as string]!);
      return 'rstuvw'.slice(draw.int(3));
    case 'array':
      return draw.list(schema.minItems as number, 3, () => instanceOf(draw, schema.items as Schema));
    case 'object': {
      const required = schema.required as string[];
      const members = Object.entries(schema.properties as { [name: string]: Schema })
        .filter(([name]) => required.includes(name) || draw.int(2) === 1)
        .map(([name, member]) => [name, instanceOf(draw, member)]);
      return Object.fromEntries(members);
    }
    default:
      return draw.pick([true, null]);
  }
}

/** A plan with which the value agrees: some parts of it, some of what it does not have, other parts left open. */
export function keptOf(draw: Draw, value: Json): Plan {
  if (Array.isArray(value)) return { list: value.map((item: Json) => keptOf(draw, item)) };
  if (typeof value !== 'object' || value === null) {
    return value !== null && draw.once(5) ? { free: true } : { fixed: value };
  }
  const members = new Map<string, Plan | 'absent'>();
  for (const [name, member] of Object.entries(value as { [name: string]: Json })) {
    if (draw.int(2) === 1) members.set(name, keptOf(draw, member));
  }
  for (const name of NAMES) if (!Object.hasOwn(value, name) && draw.once(3)) members.set(name, 'absent');
  return { object: members, open: true };
}
