import { describe, expect, test } from 'vitest';
import { isRecursive } from '../../src/checker/schema.ts';
import { loadSet, propertyOf, show } from './load.ts';

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
