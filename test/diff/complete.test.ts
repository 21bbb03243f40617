// Completed requests: valid under the whole schema, with what was fixed as it was. And the validator that says so.

import fc from 'fast-check';
import { afterAll, describe, expect, it, test } from 'vitest';
import { completeRequest } from '../../src/diff/complete.ts';
import { agrees, type Plan } from '../../src/diff/complete-plan.ts';
import type { Json } from '../../src/diff/report.ts';
import { SchemaValidator } from '../../src/diff/schema-valid.ts';
import { Draw } from '../parity/draw.ts';
import { loadSet } from '../schema/load.ts';
import { instanceOf, keptOf, randomSchema } from './random-schemas.ts';

const of = (schema: object): SchemaValidator => new SchemaValidator(loadSet({ 's.json': schema }));
/** Whether a request with the member `x` is valid, by the schema of `x`. */
const valid = (schema: object, x: Json): boolean =>
  of({ type: 'object', properties: { x: schema } }).validate({ x }).length === 0;

describe('validation', () => {
  test.each([
    [0.01, 0.29, true],
    [0.01, 19.99, true],
    [0.01, 4.35, true],
    [0.01, -4.35, true],
    [0.01, 0.295, false],
    [0.01, 1e-9, false],
    [1, 3, true],
    [1, 3.5, false],
    [0.05, 0.35, true],
    [0.05, 0.36, false],
    [2.5, 7.5, true],
    [1e-20, 3e-20, true],
    [3e22, 9e22, true],
    [7, 49, true],
    [7, 50, false],
    [7, 0, true],
  ])('multiples of %f: %f is %s', (multipleOf, x, expected) => {
    expect(valid({ type: 'number', multipleOf }, x)).toBe(expected);
  });

  test('an integer may be larger than a decimal', () => {
    expect(valid({ type: 'integer', multipleOf: 1 }, 2 ** 53 - 1)).toBe(true);
    expect(valid({ type: 'number', multipleOf: 1 }, 2 ** 53 - 1)).toBe(false);
  });

  test.each([
    ['date-time', '2026-01-31T09:00:00.123456Z', true],
    ['date-time', '2026-01-31t09:00:00+01:00', true],
    ['date-time', '2026-01-31T09:00:00', false],
    ['date-time', '2026-02-30T09:00:00Z', false],
    ['date-time', '2026-01-31T23:59:60Z', false],
    ['date-time-local', '2026-01-31T09:00:00', true],
    ['date-time-local', '2026-01-31T09:00:00Z', false],
    ['date', '2024-02-29', true],
    ['date', '2023-02-29', false],
    ['duration', 'PT0.001S', true],
    ['duration', 'PT0.0001S', false],
    ['duration', 'P1Y', false],
    ['email', 'no address', true],
    ['of-my-own', 'anything', true],
  ])('format %s: %s is %s', (format, x, expected) => {
    expect(valid({ type: 'string', format }, x)).toBe(expected);
  });

  test('references to other files, anchors and embedded identifiers', () => {
    const set = loadSet({
      'a/entry.json': {
        $id: 'https://example.com/entry',
        type: 'object',
        properties: {
          money: { $ref: 'parts/money.json' },
          code: { $ref: 'parts/money.json#code' },
          again: { $ref: '#/$defs/again' },
          embedded: { $ref: 'https://example.com/embedded' },
        },
        $defs: {
          again: { type: 'array', items: { $ref: '#' } },
          e: { $id: 'https://example.com/embedded', $ref: '#/$defs/inner', $defs: { inner: { const: 1 } } },
        },
      },
      'a/parts/money.json': {
        type: 'object',
        required: ['amount'],
        properties: { amount: { type: 'number', multipleOf: 0.01 }, code: { $ref: '../code.json' } },
        $defs: { code: { $anchor: 'code', $ref: '../code.json' } },
      },
      'a/code.json': { enum: ['EUR', 'CHF'] },
    });
    const validator = new SchemaValidator(set);
    const lines = (request: Json): readonly string[] => validator.validate(request);
    expect(validator.problem).toBeNull();
    const again = [{ money: { amount: 4.35, code: 'CHF' } }];
    expect(lines({ money: { amount: 0.29, code: 'EUR' }, code: 'EUR', again, embedded: 1 })).toEqual([]);
    expect(lines({ money: {} })).toEqual(["/money must have required property 'amount'"]);
    expect(lines({ code: 'USD' })).toHaveLength(1);
    expect(lines({ again: [{ again: [{ embedded: 2 }] }] })).toEqual([
      '/again/0/again/0/embedded must be equal to constant',
    ]);
  });

  test('draft-07: definitions, dependencies, lists under items, nothing beside a reference', () => {
    const validator = of({
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      definitions: { text: { type: 'string' } },
      properties: {
        a: { $ref: '#/definitions/text', minLength: 5 },
        b: { items: [{ type: 'integer' }], additionalItems: false },
        d: { dependentRequired: { x: ['y'] }, prefixItems: [false] },
      },
      dependencies: { a: ['b'], c: { required: ['d'] } },
    });
    const isValid = (request: Json): boolean => validator.validate(request).length === 0;
    expect(isValid({ a: '', b: [1] })).toBe(true);
    expect(isValid({ a: 1, b: [1] })).toBe(false);
    expect(isValid({ a: '' })).toBe(false);
    expect(isValid({ b: ['x'] })).toBe(false);
    expect(isValid({ b: [1, 2] })).toBe(false);
    expect(isValid({ c: 1 })).toBe(false);
    expect(isValid({ c: 1, d: { x: 1 } })).toBe(true);
    expect(isValid({ d: [1] })).toBe(true);
  });

  test('names of the prototype are names like any other', () => {
    const validator = of({
      type: 'object',
      properties: JSON.parse('{ "__proto__": { "type": "integer" }, "constructor": { "type": "string" } }'),
      required: ['constructor'],
      additionalProperties: false,
    });
    const isValid = (text: string): boolean => validator.validate(JSON.parse(text)).length === 0;
    expect(isValid('{}')).toBe(false);
    expect(isValid('{"constructor":""}')).toBe(true);
    expect(isValid('{"constructor":"","__proto__":1}')).toBe(true);
    expect(isValid('{"constructor":"","__proto__":"1"}')).toBe(false);
  });

  test('keywords of other dialects, empty enumerations and patterns that need no Unicode are taken', () => {
    expect(valid({ nullable: true, $async: true, discriminator: 1 }, 1)).toBe(true);
    expect(valid({ enum: [] }, 1)).toBe(false);
    expect(valid({ type: 'string', pattern: '^\\_$' }, '_')).toBe(true);
  });

  test('what cannot be validated is said', () => {
    const request = (x: object): SchemaValidator => of({ type: 'object', properties: { x } });
    expect(request({ pattern: '(' }).problem).toMatch(/cannot be compiled/);
    expect(request({ $dynamicRef: '#a' }).problem).toMatch(/\$dynamicRef.*s\.json#\/properties\/x/);
    expect(request({ pattern: '(' }).validate({})).toHaveLength(1);
    const endless = of({ type: 'object', allOf: [{ $ref: '#' }] });
    expect(endless.validate({})).toHaveLength(1);
  });
});

/** A plan as the tests write it: `ABSENT`, `FREE`, objects and lists of plans, anything else fixed. */
const ABSENT = Symbol('absent');
const FREE = Symbol('free');
const CLOSED = Symbol('closed');
type Written = unknown;

function planOf(written: Written): Plan {
  if (written === FREE) return { free: true };
  if (Array.isArray(written)) return { list: written.map(planOf) };
  if (typeof written !== 'object' || written === null) return { fixed: written as Json };
  const members = Object.entries(written);
  return {
    object: new Map(members.map(([name, w]) => [name, w === ABSENT ? 'absent' : planOf(w)])),
    open: !Object.hasOwn(written, CLOSED),
  };
}

interface Case {
  readonly name: string;
  readonly schema: object;
  readonly plan: Written;
  /** The completed request; null when there is none. */
  readonly request: Json;
}

const object = (
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
const int = { type: 'integer' };
const text = { type: 'string' };

const CASES: readonly Case[] = [
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

describe('completion', () => {
  test.each(CASES)('$name', ({ schema, plan: written, request }) => {
    const set = loadSet({ 's.json': schema });
    const validator = new SchemaValidator(set);
    const plan = planOf(written);
    const completed = completeRequest(plan, set, validator);
    if (request === null) {
      expect(completed).toEqual({ kind: 'failed', reason: expect.stringMatching(/./) });
      return;
    }
    expect(completed).toEqual({ kind: 'request', request });
    if (completed.kind !== 'request') return;
    expect(validator.validate(completed.request)).toEqual([]);
    expect(agrees(plan, completed.request)).toBe(true);
    expect(completeRequest(plan, set, null)).toEqual(completed);
  });

  test('the reason names what is wrong with what is fixed', () => {
    const set = loadSet({ 's.json': object({ a: int }) });
    const completed = completeRequest(planOf({ a: 'x' }), set, null);
    expect(completed).toMatchObject({ reason: expect.stringContaining('/a must be integer') });
  });

  test('without schemas the request is the plan', () => {
    const plan = planOf({ a: { b: 1, c: ABSENT }, d: [2, FREE] });
    expect(completeRequest(plan, null, null)).toEqual({
      kind: 'request',
      request: { a: { b: 1 }, d: [2, true] },
    });
  });

  test('a search that finds nothing ends', () => {
    const parts = Array.from({ length: 12 }, (_, i) => ({
      anyOf: [{ required: [`p${i}`] }, { required: [`q${i}`] }],
    }));
    const set = loadSet({
      's.json': { type: 'object', allOf: parts, not: { required: ['a'] }, maxProperties: 3 },
    });
    expect(completeRequest(planOf({}), set, null)).toMatchObject({ kind: 'failed' });
  });
});

describe('agreement with a plan', () => {
  test.each([
    [{ a: 1 }, { a: 1, b: 2 }, true],
    [{ a: 1 }, { b: 2 }, false],
    [{ a: 1, [CLOSED]: true }, { a: 1, b: 2 }, false],
    [{ a: ABSENT }, { a: null }, false],
    [{ a: FREE }, { a: null }, false],
    [{ a: [1] }, { a: [1, 2] }, false],
    [{ a: [1, 2] }, { a: [2, 1] }, false],
    [[], {}, false],
    [{}, [], false],
  ])('%j and %j', (written, value, expected) => {
    expect(agrees(planOf(written), value as Json)).toBe(expected);
  });
});

const SEED = Number(process.env.POLICYC_SEED ?? Date.now() % 2 ** 31);
const RUNS = 400;

describe(`random schemas (POLICYC_SEED=${SEED})`, () => {
  let completed = 0;
  let failed = 0;
  const open: string[] = [];

  it('parts of valid requests are completed', () => {
    const property = fc.property(
      fc.array(fc.nat({ max: 999_983 }), { minLength: 120, maxLength: 200 }),
      (choices) => {
        const draw = new Draw(choices);
        const schema = randomSchema(draw);
        const instance = instanceOf(draw, schema);
        const set = loadSet({ 's.json': schema });
        const validator = new SchemaValidator(set);
        if (validator.validate(instance).length > 0) return;
        const plan = keptOf(draw, instance);
        const made = completeRequest(plan, set, validator);
        if (made.kind === 'failed') {
          failed++;
          open.push(JSON.stringify({ schema, instance, reason: made.reason }));
          return;
        }
        completed++;
        expect(validator.validate(made.request)).toEqual([]);
        expect(agrees(plan, made.request)).toBe(true);
      },
    );
    fc.assert(property, { seed: SEED, numRuns: RUNS });
  });

  it('nearly always, and of most random requests there was a part to complete', () => {
    expect(completed + failed).toBeGreaterThan(RUNS / 3);
    expect(completed / (completed + failed), open[0]).toBeGreaterThanOrEqual(0.97);
  });

  afterAll(() => {
    console.info(`completion: seed ${SEED}, ${completed} completed, ${failed} failed`);
  });
});
