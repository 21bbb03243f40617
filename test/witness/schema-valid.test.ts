// Validation of requests: all of JSON Schema, with multiples and formats as the projection judges them.

import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/value/json.ts';
import { SchemaValidator } from '../../src/witness/schema-valid.ts';
import { loadSet } from '../schema/load.ts';

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
