import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { property, show } from './load.ts';

const shape = (schema: unknown): string => show(property(schema).shape);

const OVERLAP =
  'two branches may hold at once: give them different JSON types, or a required property with different constants';

describe('scalars', () => {
  test.each<[unknown, string]>([
    [{ type: 'boolean' }, 'bool'],
    [{ const: true }, 'true'],
    [{ type: 'boolean', enum: [true, false, 'x'] }, 'true | false'],
    [{ type: 'string' }, 'string'],
    [{ type: 'string', minLength: 1, maxLength: 5 }, 'string 1..5'],
    [{ type: 'string', minLength: 5, maxLength: 1 }, 'never'],
    [{ type: 'string', enum: ['b', 'a', 'b'] }, '"b" | "a"'],
    [{ type: 'string', enum: ['', 'ab', '😀'], minLength: 1, maxLength: 1 }, '"😀"'],
    [{ enum: ['a', 'b'], const: 'b' }, '"b"'],
    [{ enum: ['a', 'b'], const: 'c' }, 'never'],
    [{ const: 'a' }, '"a"'],
    [{ type: 'string', const: 1 }, 'never'],
    [{ type: 'string', format: 'date-time' }, 'timestamp'],
    [{ type: 'string', format: 'date' }, 'date'],
    [{ type: 'string', format: 'duration' }, 'duration'],
    [{ type: 'string', format: 'date-time-local' }, 'localTimestamp'],
    [{ type: 'integer', format: 'date' }, 'int'],
    [{ type: 'integer' }, 'int'],
    [{ type: 'integer', minimum: 1, maximum: 5 }, 'int 1..5'],
    [{ type: 'integer', minimum: 0.5, maximum: 4.5 }, 'int 1..4'],
    [{ type: 'integer', minimum: -0.5 }, 'int 0..'],
    [{ type: 'integer', exclusiveMinimum: 1, exclusiveMaximum: 5 }, 'int 2..4'],
    [{ type: 'integer', exclusiveMinimum: 1.5, minimum: 0, exclusiveMaximum: 4.5, maximum: 9 }, 'int 2..4'],
    [{ type: 'integer', minimum: 5, maximum: 1 }, 'never'],
    [{ type: 'integer', minimum: -1e300, maximum: 1e300 }, 'int'],
    [{ type: 'integer', minimum: 1e300 }, 'never'],
    [{ type: 'integer', enum: [1, 2, 2.5, 9], maximum: 5 }, 'int ..5 {1,2}'],
    [{ type: 'integer', multipleOf: 1 }, 'int'],
    [{ type: 'integer', minLength: 3, pattern: '^a' }, 'int'],
    [{ enum: [1, 2] }, 'int {1,2}'],
    [{ enum: [1, 2.5] }, 'number {1,2.5}'],
    [{ type: 'number' }, 'number'],
    [{ type: 'number', minimum: 0, maximum: 1.5 }, 'number 0..1.5'],
    [{ type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 }, 'number 5e-324..0.9999999999999999'],
    [{ type: 'number', exclusiveMinimum: -1 }, 'number -0.9999999999999999..'],
    [{ type: 'number', exclusiveMaximum: 0 }, 'number ..-5e-324'],
    [{ type: 'number', enum: [1, 2] }, 'number {1,2}'],
    [{ type: ['integer', 'number'] }, 'number'],
    [{ type: 'number', multipleOf: 0.01 }, 'decimal(2)'],
    [{ type: 'number', multipleOf: 0.1 }, 'decimal(1)'],
    [{ type: 'number', multipleOf: 1e-6 }, 'decimal(6)'],
    [{ type: 'number', multipleOf: 1e-15 }, 'decimal(15)'],
    [{ type: 'number', multipleOf: 1 }, 'decimal(0)'],
    [{ type: 'number', multipleOf: 0.01, minimum: 0, maximum: 10.005 }, 'decimal(2) 0..1000'],
    [{ type: 'number', multipleOf: 0.01, minimum: -10.005 }, 'decimal(2) -1000..'],
    [
      { type: 'number', multipleOf: 0.01, exclusiveMinimum: 0.07, exclusiveMaximum: 0.29 },
      'decimal(2) 8..28',
    ],
    [{ type: 'number', multipleOf: 0.01, minimum: 1e300 }, 'never'],
    [{ type: 'number', multipleOf: 0.01, minimum: -1e300, maximum: 1e300 }, 'decimal(2)'],
    [{ type: 'number', multipleOf: 0.01, enum: [1, 0.29, 0.001] }, 'decimal(2) {100,29}'],
    [{ type: 'null' }, 'null'],
    [{ const: null }, 'null'],
    [true, 'unknown'],
    [{}, 'unknown'],
    [{ title: 'anything', default: 3, examples: [1] }, 'unknown'],
    [false, 'never'],
  ])('%j', (schema, expected) => {
    expect(shape(schema)).toBe(expected);
  });

  test('decimal bounds agree with comparing in binary64', () => {
    const limit = fc.oneof(
      fc.double({ min: -100, max: 100, noNaN: true }),
      fc.integer({ min: -9999, max: 9999 }).map((k) => k / 100),
    );
    fc.assert(
      fc.property(
        limit,
        limit,
        fc.integer({ min: -11000, max: 11000 }),
        fc.boolean(),
        (min, max, k, open) => {
          const keys = open
            ? { exclusiveMinimum: min, exclusiveMaximum: max }
            : { minimum: min, maximum: max };
          const { core } = property({ type: 'number', multipleOf: 0.01, ...keys }).shape;
          const x = k / 100;
          const valid = open ? x > min && x < max : x >= min && x <= max;
          expect(core.kind === 'decimal' && k >= core.min! && k <= core.max!).toBe(valid);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('null', () => {
  test.each<[unknown, string]>([
    [{ type: ['string', 'null'] }, 'string or null'],
    [{ type: ['string', 'null'], enum: ['a', null] }, '"a" or null'],
    [{ type: ['string', 'null'], enum: ['a'] }, '"a"'],
    [{ enum: ['a', null] }, '"a" or null'],
    [{ anyOf: [{ type: 'integer', minimum: 0 }, { type: 'null' }] }, 'int 0.. or null'],
    [{ oneOf: [{ type: 'null' }, { type: 'string', format: 'date' }] }, 'date or null'],
    [
      { oneOf: [{ type: 'null' }, { type: ['string', 'null'] }] },
      `unsupported oneOf at /properties/x/oneOf: ${OVERLAP}`,
    ],
    [{ anyOf: [{ type: 'null' }, { type: ['string', 'null'] }] }, 'string or null'],
    [{ anyOf: [{ type: 'null' }, true] }, 'unknown'],
    [{ anyOf: [{ type: 'null' }] }, 'null'],
  ])('%j', (schema, expected) => {
    expect(shape(schema)).toBe(expected);
  });
});

describe('containers', () => {
  test.each<[unknown, string]>([
    [{ type: 'object' }, 'map<unknown>'],
    [{ type: 'object', additionalProperties: true }, 'map<unknown>'],
    [{ type: 'object', additionalProperties: { type: 'integer' } }, 'map<int>'],
    [{ type: 'object', additionalProperties: false }, 'map<nothing>'],
    [{ type: 'object', required: ['b', 'a'], minProperties: 1 }, 'map<unknown> with a,b 1..'],
    [{ type: 'object', properties: {} }, '{...}'],
    [
      { type: 'object', properties: { b: true, a: { type: 'string' } }, required: ['a'] },
      '{a: string, b?: unknown, ...}',
    ],
    [
      { type: 'object', properties: { a: {} }, additionalProperties: false, maxProperties: 3 },
      '{a?: unknown} ..3',
    ],
    [{ type: 'object', properties: {}, additionalProperties: { type: 'string' } }, '{...string}'],
    [{ type: 'object', properties: { constructor: { type: 'string' } } }, '{constructor?: string, ...}'],
    [{ type: 'array' }, 'list<unknown>'],
    [{ type: 'array', items: true }, 'list<unknown>'],
    [{ type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 4 }, 'list<string> 1..4'],
    [{ type: 'array', items: { type: ['integer', 'null'] } }, 'list<int or null>'],
    [{ type: 'array', items: { type: 'string' }, uniqueItems: true }, 'unique list<string>'],
    [{ type: 'array', items: false }, 'list<never>'],
    [{ type: 'array', minItems: 3, maxItems: 2 }, 'never'],
    [
      { type: ['array', 'null'], items: { $ref: '#' } },
      'list<{x?: list<{x?: …, ...}> or null, ...}> or null',
    ],
  ])('%j', (schema, expected) => {
    expect(shape(schema)).toBe(expected);
  });
});

describe('alternatives', () => {
  const branch = (kind: unknown, more: object = {}): object => ({
    type: 'object',
    required: ['kind'],
    properties: { kind, ...more },
  });
  test.each<[unknown, string]>([
    [{ type: ['string', 'integer'], minLength: 2, minimum: 1 }, 'anyOf(int 1.., string 2..)'],
    [{ enum: ['a', 1, true, null] }, 'anyOf(true, int {1}, "a") or null'],
    [
      {
        anyOf: [
          { type: 'string', minLength: 1 },
          { type: 'string', maxLength: 9 },
        ],
      },
      'anyOf(string 1.., string ..9)',
    ],
    [
      { oneOf: [{ type: 'string' }, { type: 'array' }, { type: 'object' }] },
      'anyOf(string, list<unknown>, map<unknown>)',
    ],
    [{ oneOf: [{ const: 'a', title: 'A' }, { const: 'b' }] }, '"a" | "b"'],
    [{ anyOf: [{ const: 'a' }, { enum: ['a', 'b'] }] }, '"a" | "b"'],
    [
      { oneOf: [{ const: 'a' }, { enum: ['a', 'b'] }] },
      `unsupported oneOf at /properties/x/oneOf: ${OVERLAP}`,
    ],
    [{ oneOf: [{ const: 1 }, { const: 2 }, { type: 'string' }] }, 'anyOf(int {1}, int {2}, string)'],
    [
      { oneOf: [{ type: 'integer' }, { type: 'number' }] },
      `unsupported oneOf at /properties/x/oneOf: ${OVERLAP}`,
    ],
    [{ oneOf: [true, { type: 'number' }] }, `unsupported oneOf at /properties/x/oneOf: ${OVERLAP}`],
    [{ type: 'string', oneOf: [{ const: 'a' }, { const: 'b' }] }, '"a" | "b"'],
    [{ type: ['number', 'null'], anyOf: [{ type: 'integer' }, { type: 'null' }] }, 'int or null'],
    [
      { oneOf: [branch({ const: 'a' }), branch({ const: 'b' }, { n: { type: 'integer' } })] },
      'union kind [a: {kind: "a", ...}] [b: {kind: "b", n?: int, ...}]',
    ],
    [
      { anyOf: [branch({ enum: ['a', 'c'] }), branch({ const: 'b' }), { type: 'null' }] },
      'union kind [a|c: {kind: "a" | "c", ...}] [b: {kind: "b", ...}] or null',
    ],
    [
      { anyOf: [branch({ const: 'a' }), branch({ const: 'a' })] },
      'anyOf({kind: "a", ...}, {kind: "a", ...})',
    ],
    [
      { oneOf: [branch({ const: 'a' }), branch({ const: 'a' })] },
      `unsupported oneOf at /properties/x/oneOf: ${OVERLAP}`,
    ],
    [
      { anyOf: [branch({ const: 'a' }), branch({ type: 'string' })] },
      'anyOf({kind: "a", ...}, {kind: string, ...})',
    ],
    [
      { oneOf: [branch({ const: 'a' }), branch({ const: 'b' }), { type: 'string' }] },
      'anyOf({kind: "a", ...}, {kind: "b", ...}, string)',
    ],
    [
      { anyOf: [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, { type: 'integer' }] },
      'anyOf(string, int) or null',
    ],
    [
      { anyOf: [{ anyOf: [{ type: 'string' }, { type: 'boolean' }] }, { type: 'integer' }] },
      'anyOf(string, bool, int)',
    ],
    [{ anyOf: [false, { type: 'integer' }] }, 'int'],
    [{ anyOf: [false] }, 'never'],
  ])('%j', (schema, expected) => {
    expect(shape(schema)).toBe(expected);
  });

  test('the discriminator is the first property by name of the first branch that qualifies', () => {
    const of = (a: string, b: string, version: string): object => ({
      type: 'object',
      required: ['a', 'b', 'version'],
      properties: { version: { const: version }, b: { const: b }, a: { const: a } },
    });
    expect(shape({ oneOf: [of('x', 'p', '1'), of('x', 'q', '2')] })).toMatch(/^union b /);
  });

  test('an unsupported keyword in one branch of a union spares the others', () => {
    const node = property({ oneOf: [{ ...branch({ const: 'a' }), not: {} }, branch({ const: 'b' })] });
    expect(node.shape.unsupported).toBeNull();
    const { core } = node.shape;
    expect(core.kind === 'union' && core.branches.map((b) => b.node.shape.unsupported?.keyword)).toEqual([
      'not',
      undefined,
    ]);
  });
});

describe('unsupported keywords', () => {
  test.each<[unknown, string, RegExp]>([
    [{ type: 'string', pattern: '^a' }, 'pattern', /match the string in the policy/],
    [{ type: 'string', format: 'uri' }, 'format', /"uri" is not one of `date-time`, `date`/],
    [{ type: 'integer', format: 'int64' }, 'format', /"int64"/],
    [{ type: 'string', format: 'date', minLength: 2 }, 'format', /`minLength` beside it/],
    [{ type: 'string', format: 'date', enum: ['2020-01-01'] }, 'format', /`enum` beside it/],
    [{ type: 'integer', multipleOf: 5 }, 'multipleOf', /only 1/],
    [{ type: 'number', multipleOf: 0.05 }, 'multipleOf', /0\.01/],
    [{ type: 'number', multipleOf: 10 }, 'multipleOf', /0\.01/],
    [{ type: 'number', multipleOf: 1e-16 }, 'multipleOf', /1e-15/],
    [{ type: 'object', patternProperties: { a: true } }, 'patternProperties', /./],
    [{ type: 'object', propertyNames: { type: 'string' } }, 'propertyNames', /./],
    [{ type: 'object', dependentRequired: { a: ['b'] } }, 'dependentRequired', /./],
    [{ type: 'array', prefixItems: [true] }, 'prefixItems', /./],
    [{ type: 'array', contains: true }, 'contains', /any/],
    [{ type: 'array', items: { type: 'object' }, uniqueItems: true }, 'uniqueItems', /./],
    [{ type: 'array', uniqueItems: true }, 'uniqueItems', /./],
    [{ type: 'string', not: { const: 'a' } }, 'not', /./],
    [{ type: 'string', if: true }, 'if', /./],
    [{ allOf: [{ type: 'string' }] }, 'allOf', /merge/],
    [{ type: 'string', 'x-internal': true }, 'x-internal', /./],
    [{ enum: ['a', { b: 1 }] }, 'enum', /strings, numbers, booleans or null/],
    [{ const: [] }, 'const', /strings, numbers, booleans or null/],
    [{ properties: { a: true } }, 'properties', /add "type": "object"/],
    [{ items: true, minItems: 2 }, 'items', /add "type": "array"/],
    [{ minLength: 1 }, 'minLength', /add "type": "string"/],
    [{ format: 'date' }, 'format', /add "type": "string"/],
    [{ minimum: 1 }, 'minimum', /add "type": "number"/],
    [{ anyOf: [true], oneOf: [true] }, 'anyOf', /`oneOf` beside it/],
    [{ anyOf: [{ type: 'string' }], minLength: 1 }, 'anyOf', /`minLength` beside it/],
    [{ type: 'object', anyOf: [{ required: ['a'] }] }, 'anyOf', /`type` beside it/],
    [{ $ref: '#/$defs/T', minLength: 1 }, '$ref', /`minLength` beside it/],
  ])('%j', (schema, keyword, why) => {
    const { unsupported } = property(schema, { $defs: { T: { type: 'string' } } }).shape;
    expect(unsupported).toMatchObject({ keyword, file: 's.json', pointer: `/properties/x/${keyword}` });
    expect(unsupported?.why).toMatch(why);
  });

  test('the first by name is reported, whatever their order', () => {
    const a = property({ type: 'string', pattern: 'a', not: false, contentEncoding: 'base64' });
    const b = property({ contentEncoding: 'base64', not: false, pattern: 'a', type: 'string' });
    expect(a.shape).toEqual(b.shape);
    expect(a.shape.unsupported?.keyword).toBe('contentEncoding');
  });

  test('they reach through anyOf, with the place where they stand', () => {
    const { unsupported } = property(
      { anyOf: [{ $ref: '#/$defs/Bad' }, { type: 'null' }] },
      { $defs: { Bad: { type: 'string', pattern: 'a' } } },
    ).shape;
    expect(unsupported).toMatchObject({ keyword: 'pattern', pointer: '/$defs/Bad/pattern' });
  });
});
