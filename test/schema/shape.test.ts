import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRecursive } from '../../src/checker/schema.ts';
import { loadSet, property, propertyOf, show } from './load.ts';

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

describe('references', () => {
  const set = loadSet({
    'dir/main.json': {
      $ref: '#/$defs/Request',
      $defs: {
        Request: {
          type: 'object',
          properties: {
            alias: { $ref: '#/$defs/Alias', description: 'annotations are ignored' },
            anchor: { $ref: '#money' },
            embedded: { $ref: 'urn:x:item' },
            inner: { $ref: 'urn:x:item#/$defs/Inner' },
            near: { $ref: 'parts/common.json#/$defs/Id' },
            far: { $ref: '../shared.json' },
            self: { $ref: 'main.json#/$defs/Text' },
            escaped: { $ref: '#/$defs/a~1b%20c' },
            odd: { $ref: 'parts/common.json#/components/Thing' },
            optional: { anyOf: [{ $ref: '#/$defs/Text' }, { type: 'null' }] },
          },
        },
        Alias: { $ref: '#/$defs/Text' },
        Text: { type: 'string', minLength: 1 },
        Money: { $anchor: 'money', type: 'number', multipleOf: 0.01 },
        Item: {
          $id: 'urn:x:item',
          type: 'array',
          items: { $ref: '#/$defs/Inner' },
          $defs: { Inner: { type: 'integer' } },
        },
        'a/b c': { type: 'boolean' },
      },
    },
    'dir/parts/common.json': {
      components: { Thing: { type: 'integer', minimum: 7 } },
      $defs: { Id: { $ref: '#/$defs/Raw' }, Raw: { type: 'string', maxLength: 8 } },
    },
    'shared.json': {
      $schema: 'http://json-schema.org/draft-07/schema#',
      $ref: '#/definitions/S',
      definitions: { S: { $id: '#s', const: 's' } },
    },
  });

  test.each([
    ['alias', 'string 1..', 'dir/main.json', '/$defs/Text', 'Text'],
    ['anchor', 'decimal(2)', 'dir/main.json', '/$defs/Money', 'Money'],
    ['embedded', 'list<int>', 'dir/main.json', '/$defs/Item', 'Item'],
    ['inner', 'int', 'dir/main.json', '/$defs/Item/$defs/Inner', null],
    ['near', 'string ..8', 'dir/parts/common.json', '/$defs/Raw', null],
    ['far', '"s"', 'shared.json', '/definitions/S', null],
    ['self', 'string 1..', 'dir/main.json', '/$defs/Text', 'Text'],
    ['escaped', 'bool', 'dir/main.json', '/$defs/a~1b c', 'a/b c'],
    ['odd', 'int 7..', 'dir/parts/common.json', '/components/Thing', null],
    ['optional', 'string 1.. or null', 'dir/main.json', '/$defs/Request/properties/optional', null],
  ])('%s', (name, expected, file, pointer, defName) => {
    const node = propertyOf(set.root, name);
    expect(show(node.shape)).toBe(expected);
    expect(node).toMatchObject({ file, pointer, defName });
  });

  test('equal places are the same node', () => {
    expect(propertyOf(set.root, 'alias')).toBe(set.definitions.get('Text'));
    expect(set.definitions.get('Alias')).toBe(set.definitions.get('Text'));
    expect(propertyOf(set.root, 'self')).toBe(set.definitions.get('Text'));
  });

  test('definitions and files', () => {
    expect([...set.definitions.keys()]).toEqual(['Alias', 'Item', 'Money', 'Request', 'Text', 'a/b c']);
    expect(set.files.map((f) => f.file)).toEqual(['dir/main.json', 'shared.json', 'dir/parts/common.json']);
    expect(set.root.defName).toBe('Request');
  });

  test('draft 07 ignores `$id` beside `$ref`, and `definitions` gives types too', () => {
    const draft = loadSet({
      's.json': {
        $schema: 'http://json-schema.org/draft-07/schema#',
        type: 'object',
        definitions: { A: { type: 'string' }, B: { $id: 'urn:b', $ref: '#/definitions/A' } },
        properties: { b: { $ref: '#/definitions/B' } },
      },
    });
    expect(show(draft.root.shape)).toBe('{b?: string, ...}');
    expect([...draft.definitions.keys()]).toEqual(['A', 'B']);
  });
});

describe('recursion', () => {
  const tree = loadSet({
    's.json': {
      type: 'object',
      properties: {
        tree: { $ref: '#/$defs/Tree' },
        flat: { $ref: '#/$defs/Leaf' },
        list: { $ref: '#/$defs/List' },
        both: { $ref: '#/$defs/Both' },
      },
      $defs: {
        Tree: { oneOf: [{ $ref: '#/$defs/Leaf' }, { $ref: '#/$defs/Node' }] },
        Leaf: { type: 'object', required: ['kind'], properties: { kind: { const: 'leaf' } } },
        Node: {
          type: 'object',
          required: ['kind', 'left'],
          properties: {
            kind: { const: 'node' },
            left: { anyOf: [{ $ref: '#/$defs/Tree' }, { type: 'null' }] },
          },
        },
        List: { type: 'array', items: { $ref: '#/$defs/List' } },
        Both: { type: 'object', properties: { a: { $ref: '#/$defs/Leaf' }, b: { $ref: '#/$defs/Leaf' } } },
      },
    },
  });

  test('is harmless until it is read, one level at a time', () => {
    expect(show(propertyOf(tree.root, 'tree').shape)).toBe(
      'union kind [leaf: {kind: "leaf", ...}] [node: {kind: "node", left: union kind [leaf: {kind: …, ...}] [node: {kind: …, left: …, ...}] or null, ...}]',
    );
  });

  test('is found wherever it is below', () => {
    expect(isRecursive(propertyOf(tree.root, 'tree'))).toBe(true);
    expect(isRecursive(propertyOf(tree.root, 'list'))).toBe(true);
    expect(isRecursive(tree.root)).toBe(true);
    expect(isRecursive(propertyOf(tree.root, 'flat'))).toBe(false);
    expect(isRecursive(propertyOf(tree.root, 'both'))).toBe(false);
  });

  test('without a property or item between is refused where it is read', () => {
    const set = loadSet({
      's.json': {
        type: 'object',
        properties: { a: { $ref: '#/$defs/A' } },
        $defs: {
          A: { anyOf: [{ $ref: '#/$defs/B' }, { type: 'null' }] },
          B: { anyOf: [{ $ref: '#/$defs/A' }, { type: 'string' }] },
        },
      },
    });
    expect(show(propertyOf(set.root, 'a').shape)).toMatch(
      /unsupported anyOf at .*: the schema contains itself/,
    );
  });

  test('long chains of alternatives neither overflow nor hang', () => {
    const $defs: { [name: string]: unknown } = { D0: { type: 'string' } };
    for (let i = 1; i < 20000; i++)
      $defs[`D${i}`] = { anyOf: [{ $ref: `#/$defs/D${i - 1}` }, { type: 'integer' }] };
    const set = loadSet({
      's.json': { type: 'object', properties: { x: { $ref: '#/$defs/D19999' } }, $defs },
    });
    expect(show(propertyOf(set.root, 'x').shape)).toMatch(/too many alternatives/);
  });
});

test('the order of keys does not matter', () => {
  const reverse = (json: unknown): unknown => {
    if (Array.isArray(json)) return json.map(reverse);
    if (typeof json !== 'object' || json === null) return json;
    return Object.fromEntries(
      Object.entries(json)
        .map(([k, v]) => [k, reverse(v)])
        .reverse(),
    );
  };
  const schema = {
    type: 'object',
    required: ['b', 'a'],
    properties: {
      b: {
        oneOf: [
          { type: 'object', required: ['k', 'j'], properties: { k: { const: '1' }, j: { const: '1' } } },
          { type: 'object', required: ['j', 'k'], properties: { j: { const: '2' }, k: { const: '2' } } },
        ],
      },
      a: { minLength: 2, type: ['string', 'integer'], minimum: 1 },
      c: { not: true, allOf: [true], type: 'string' },
    },
    $defs: { Z: { type: 'string' }, Y: { $ref: '#/$defs/Z' } },
  };
  const [first, second] = [schema, reverse(schema)].map((s) => loadSet({ 's.json': s }));
  expect(show(first!.root.shape)).toBe(show(second!.root.shape));
  expect([...first!.definitions.keys()]).toEqual([...second!.definitions.keys()]);
});
