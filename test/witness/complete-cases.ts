// Schemas by hand, with parts of requests and what they are completed to.

import { expect } from 'vitest';
import type { Json } from '../../src/value/json.ts';
import type { Plan } from '../../src/witness/complete-plan.ts';

/** A plan as the tests write it: `ABSENT`, `FREE`, objects and lists of plans, anything else fixed. */
export const ABSENT = Symbol('absent');
export const FREE = Symbol('free');
export const CLOSED = Symbol('closed');
type Written = unknown;

export function planOf(written: Written): Plan {
  if (written === FREE) return { free: true };
  if (Array.isArray(written)) return { list: written.map(planOf) };
  if (typeof written !== 'object' || written === null) return { fixed: written as Json };
  const members = Object.entries(written);
  return {
    object: new Map(members.map(([name, w]) => [name, w === ABSENT ? 'absent' : planOf(w)])),
    open: !Object.hasOwn(written, CLOSED),
  };
}

export interface Case {
  readonly name: string;
  readonly schema: object;
  readonly plan: Written;
  /** The completed request; null when there is none. */
  readonly request: Json;
}

export const object = (
  properties: object,
  required: readonly string[] = Object.keys(properties),
  rest = {},
): object => ({
  type: 'object',
  properties,
  required,
  ...rest,
});
const when = (condition: object, yes: object, no: object): object =>
  Object.fromEntries([
    ['type', 'object'],
    ['if', condition],
    ['then', yes],
    ['else', no],
  ]);
export const int = { type: 'integer' };
const text = { type: 'string' };

export const CASES: readonly Case[] = [
  { name: 'nothing to add', schema: object({ a: int }), plan: { a: 5 }, request: { a: 5 } },
  {
    name: 'required scalars',
    schema: object({
      a: int,
      b: text,
      c: { type: 'boolean' },
      d: { type: 'null' },
      e: { type: 'number', exclusiveMinimum: 2 },
    }),
    plan: { a: 5 },
    request: { a: 5, b: '', c: false, d: null, e: 3 },
  },
  {
    name: 'numbers between bounds and on grids',
    schema: object({
      a: { ...int, minimum: 3, multipleOf: 7 },
      b: { type: 'number', minimum: 0.291, multipleOf: 0.01 },
      c: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
      d: { ...int, maximum: -5 },
      e: { type: 'number', multipleOf: 0.25, allOf: [{ multipleOf: 0.1 }], exclusiveMinimum: 0 },
    }),
    plan: {},
    request: { a: 7, b: 0.3, c: 0.5, d: -5, e: 0.5 },
  },
  {
    name: 'constants, enumerations, defaults and examples',
    schema: object({
      a: { const: 'x' },
      b: { enum: [3, 4] },
      c: { ...text, default: 'd' },
      d: { ...int, examples: ['no', 9] },
    }),
    plan: {},
    request: { a: 'x', b: 3, c: 'd', d: 9 },
  },
  {
    name: 'texts of formats',
    schema: object({
      a: { ...text, format: 'date-time' },
      b: { ...text, format: 'date' },
      c: { ...text, format: 'duration' },
      d: { ...text, format: 'uuid', pattern: '^[0-9a-f-]{36}$' },
      e: { ...text, minLength: 3 },
    }),
    plan: {},
    request: {
      a: '2026-01-01T00:00:00Z',
      b: '2026-01-01',
      c: 'PT0S',
      d: '00000000-0000-4000-8000-000000000000',
      e: 'aaa',
    },
  },
  {
    name: 'texts of patterns',
    schema: object({
      a: { ...text, pattern: '^(EUR|CHF) [1-9]\\d{2,}$' },
      b: { ...text, pattern: '^[A-Z]{2}-(?:x|yy)+?\\.$', minLength: 6 },
      c: { ...text, pattern: '^(?=.*\\d)[a-z\\d]{4}$' },
      d: { ...text, pattern: '^(?<q>[\'"])\\w+\\k<q>$' },
      e: { ...text, pattern: '^\\p{Lu}\\u0041$', maxLength: 2 },
    }),
    plan: {},
    request: expect.anything() as unknown as Json,
  },
  {
    name: 'nested objects and references',
    schema: object({ a: { $ref: '#/$defs/p' }, b: int }, ['a', 'b'], {
      $defs: { p: object({ x: int, y: text }) },
    }),
    plan: { a: { x: 1 } },
    request: { a: { x: 1, y: '' }, b: 0 },
  },
  {
    name: 'a recursive schema, as shallow as it can be',
    schema: object({ a: { $ref: '#/$defs/n' } }, ['a'], {
      $defs: { n: object({ next: { anyOf: [{ $ref: '#/$defs/n' }, { type: 'null' }] } }) },
    }),
    plan: {},
    request: { a: { next: null } },
  },
  {
    name: 'oneOf by a discriminator that is fixed',
    schema: {
      type: 'object',
      oneOf: [
        object({ t: { const: 'a' }, x: int }),
        object({ t: { const: 'b' }, y: int }),
        object({ t: { const: 'c' }, z: int }),
      ],
    },
    plan: { t: 'c' },
    request: { t: 'c', z: 0 },
  },
  {
    name: 'oneOf by what must be absent',
    schema: { type: 'object', oneOf: [object({ x: int }), object({ y: int })] },
    plan: { x: ABSENT },
    request: { y: 0 },
  },
  {
    name: 'oneOf whose first branch lies within the second',
    schema: { type: 'object', oneOf: [object({ x: int }), object({ x: { type: 'number' }, y: int })] },
    plan: { y: 1 },
    request: expect.objectContaining({ y: 1 }) as Json,
  },
  {
    name: 'anyOf below a member',
    schema: object({ a: { anyOf: [object({ x: text }), object({ y: int })] } }),
    plan: { a: { x: 7 } },
    request: { a: { x: 7, y: 0 } },
  },
  {
    name: 'if that holds for what is fixed',
    schema: when(
      { properties: { t: { const: 'a' } }, required: ['t'] },
      { required: ['x'] },
      { required: ['y'] },
    ),
    plan: { t: 'a' },
    request: { t: 'a', x: null },
  },
  {
    name: 'if that does not hold for what is fixed',
    schema: when({ properties: { t: { const: 'a' } } }, { required: ['x'] }, { required: ['y'] }),
    plan: { t: 'b' },
    request: { t: 'b', y: null },
  },
  {
    name: 'if that must hold because `else` cannot',
    schema: { type: 'object', if: object({ t: { const: 'a' } }), else: false },
    plan: {},
    request: { t: 'a' },
  },
  {
    name: 'dependentRequired, one after the other',
    schema: object({ a: int }, [], { dependentRequired: { a: ['b'], b: ['c'], z: ['y'] } }),
    plan: { a: 1 },
    request: { a: 1, b: null, c: null },
  },
  {
    name: 'dependentSchemas',
    schema: object({ a: int }, [], { dependentSchemas: { a: object({ b: { const: 2 } }) } }),
    plan: { a: 1 },
    request: { a: 1, b: 2 },
  },
  {
    name: 'lists of the least length, without repetition',
    schema: object({
      a: { type: 'array', items: int, minItems: 2 },
      b: { type: 'array', items: text, minItems: 3, uniqueItems: true },
      c: { type: 'array', items: { enum: ['p', 'q'] }, minItems: 2, uniqueItems: true },
      d: { type: 'array', prefixItems: [text, { const: 4 }], items: { type: 'boolean' }, minItems: 3 },
    }),
    plan: {},
    request: { a: [0, 0], b: ['', 'b', 'c'], c: ['p', 'q'], d: ['', 4, false] },
  },
  {
    name: 'different lists and maps',
    schema: object({
      a: { type: 'array', uniqueItems: true, minItems: 3, items: { type: 'array', items: int } },
      b: {
        type: 'array',
        uniqueItems: true,
        minItems: 2,
        items: { type: 'object', additionalProperties: int },
      },
    }),
    plan: {},
    request: { a: [[], [0], [1]], b: [{}, { b: 0 }] },
  },
  {
    name: 'items of a plan are completed, each as it must be',
    schema: object({ a: { type: 'array', items: object({ x: int, y: text }) } }),
    plan: { a: [{ x: 1 }, { x: 2 }] },
    request: {
      a: [
        { x: 1, y: '' },
        { x: 2, y: '' },
      ],
    },
  },
  {
    name: 'items that differ only in what is added',
    schema: object({ a: { type: 'array', uniqueItems: true, items: object({ x: int, y: text }) } }),
    plan: { a: [{ x: 1 }, { x: 1 }] },
    request: {
      a: [
        { x: 1, y: '' },
        { x: 1, y: 'b' },
      ],
    },
  },
  {
    name: 'items that differ only when an earlier one gives way',
    schema: object({ a: { type: 'array', uniqueItems: true, items: object({ x: { enum: [1, 2] } }, []) } }),
    plan: { a: [{}, { x: ABSENT }, { x: 1 }] },
    request: { a: [{ x: 2 }, {}, { x: 1 }] },
  },
  {
    name: 'contains, in a free list and in one of fixed length',
    schema: object({
      a: { type: 'array', contains: { const: 5 }, minContains: 2 },
      b: { type: 'array', items: object({ k: int }), contains: object({ v: { const: 1 } }) },
    }),
    plan: { b: [{ k: 1 }, { k: 2, v: ABSENT }] },
    request: { a: [5, 5], b: [{ k: 1, v: 1 }, { k: 2 }] },
  },
  {
    name: 'allOf of parts that narrow one another',
    schema: object({
      a: int,
      b: {
        allOf: [{ type: 'number' }, { minimum: 2 }, { type: ['integer', 'string'] }, { not: { const: 2 } }],
      },
    }),
    plan: { a: 1 },
    request: { a: 1, b: 3 },
  },
  {
    name: 'minProperties, with names that are allowed',
    schema: object({
      a: {
        type: 'object',
        minProperties: 2,
        propertyNames: { pattern: '^k\\d$' },
        additionalProperties: int,
      },
      b: { type: 'object', minProperties: 1, properties: { p: text, q: int }, additionalProperties: false },
      c: {
        type: 'object',
        minProperties: 1,
        patternProperties: { '^z-': text },
        additionalProperties: false,
      },
    }),
    plan: { b: { p: ABSENT } },
    request: { a: { k0: 0, k1: 0 }, b: { q: 0 }, c: { 'z-': '' } },
  },
  {
    name: 'a free value is there and not null',
    schema: object({ a: { type: ['null', 'integer'] }, b: { type: ['null', 'integer'] } }),
    plan: { a: FREE },
    request: { a: 0, b: null },
  },
  {
    name: 'a constant object that agrees with the plan',
    schema: object({
      a: {
        enum: [
          { x: 1, y: 2 },
          { x: 2, y: 3 },
        ],
      },
    }),
    plan: { a: { x: 2 } },
    request: { a: { x: 2, y: 3 } },
  },
  {
    name: 'not, by another candidate',
    schema: object({ a: { ...int, minimum: 0 }, b: text }, ['a', 'b'], {
      not: { properties: { a: { const: 0 }, b: { const: 'q' } } },
    }),
    plan: { b: 'q' },
    request: { a: 1, b: 'q' },
  },
  { name: 'a fixed value of the wrong type', schema: object({ a: int }), plan: { a: 'x' }, request: null },
  {
    name: 'a required member that must be absent',
    schema: object({ a: int }),
    plan: { a: ABSENT },
    request: null,
  },
  {
    name: 'a closed object without what is required',
    schema: object({ a: int, b: int }),
    plan: { a: 1, [CLOSED]: true },
    request: null,
  },
  {
    name: 'too few items',
    schema: object({ a: { type: 'array', minItems: 2 } }),
    plan: { a: [1] },
    request: null,
  },
  {
    name: 'nothing satisfies a required member',
    schema: object({ a: int, b: false }),
    plan: { a: 1 },
    request: null,
  },
  {
    name: 'equal items',
    schema: object({ a: { type: 'array', uniqueItems: true } }),
    plan: { a: [1, 1] },
    request: null,
  },
  { name: 'a schema without end', schema: object({ a: { $ref: '#' } }), plan: {}, request: null },
  {
    name: 'a dependency on what must be absent',
    schema: object({}, [], { dependentRequired: { a: ['b'] } }),
    plan: { a: 1, b: ABSENT },
    request: null,
  },
];
