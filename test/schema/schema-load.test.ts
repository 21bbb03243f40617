import { describe, expect, test } from 'vitest';
import { MAX_FILES, MAX_SOURCE_BYTES } from '../../src/bytecode/limits.ts';
import { MAX_SCHEMA_DEPTH } from '../../src/checker/schema-read.ts';
import { lines, load, loadSet, show } from './load.ts';

const OBJECT = { type: 'object' };
const reported = (files: { readonly [file: string]: unknown }, entry?: string): string[] => {
  const { set, diagnostics } = load(files, entry);
  expect(set === null).toBe(diagnostics.length > 0);
  return lines(diagnostics);
};
/** The diagnostics of one file `s.json`, without its name. */
const of = (schema: unknown): string[] => reported({ 's.json': schema }).map((l) => l.replace('s.json', ''));

describe('bad files', () => {
  test.each<[string, unknown, RegExp]>([
    ['empty', '', /^P2004 :0: the schema is not valid JSON: the text ends too early$/],
    ['not JSON', '{"type": object}', /^P2004 :9: .*`object` is not expected here$/],
    ['cut off', '{"type": "object"', /^P2004 :17: .*the text ends too early$/],
    ['more after it', '{} {}', /^P2004 :3: .*`\{` is not expected here$/],
    ['offsets count UTF-16', '{"a": "😀é", x}', /^P2004 :13: .*`x`/],
    ['a BOM counts as one', '\ufeff{"a": x}', /^P2004 :7: .*`x`/],
    ['not UTF-8', Uint8Array.of(0x7b, 0xff), /^P2003 : .*byte 1 cannot/],
    [
      'duplicate key',
      '{"properties": {"a": {"type": "x", "type": "string"}}}',
      /^P2006 :35#\/properties\/a: the object at `#\/properties\/a` has a key twice/,
    ],
    ['an array', [], /^P2008 #: .*it is an array, and a schema is an object, `true` or `false`$/],
    ['a string', '"x"', /^P2008 #: .*it is a string/],
    ['null', 'null', /^P2008 #: .*it is null/],
    [
      'unknown type',
      { properties: { a: { type: 'strin' } } },
      /^P2008 #\/properties\/a\/type: not a valid JSON Schema at `#\/properties\/a\/type`: it must be one of "array", "boolean"/,
    ],
    [
      'bad keyword value',
      { type: 'object', minProperties: -1 },
      /^P2008 #\/minProperties: .*it must be >= 0$/,
    ],
    [
      'not a schema inside',
      { properties: { a: 'string' } },
      /^P2008 #\/properties\/a: .*it must be object,boolean$/,
    ],
    ['draft 07 tuple in 2020-12', { items: [true] }, /^P2008 #\/items: .*it must be object,boolean$/],
    [
      'other dialect',
      { $schema: 'http://json-schema.org/draft-04/schema#' },
      /^P2007 #\/\$schema: .*draft-04.*2020-12/,
    ],
    [
      'no object',
      { type: 'string' },
      /^P2030 #: the schema describes a value of type string, but a request is a JSON object/,
    ],
    ['nothing', false, /^P2030 #: the schema describes nothing at all/],
  ])('%s', (_, schema, expected) => {
    const found = of(schema);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(expected);
  });

  test('the entry cannot be read', () => {
    const hint = '(schemas are files, named relative to the file that refers to them; nothing is fetched)';
    expect(reported({}, 'x/s.json')).toEqual([
      `P2001 x/s.json: cannot read the schema \`x/s.json\`: no such file ${hint}`,
    ]);
    expect(reported({}, '')).toEqual([`P2001 : cannot read the schema \`\`: no such file ${hint}`]);
  });

  test('a BOM is accepted', () => {
    expect(of(`\ufeff${JSON.stringify(OBJECT)}`)).toEqual([]);
  });

  test('several violations come together, those inside first', () => {
    expect(of({ properties: { a: { type: 1 }, b: { minLength: -1 }, c: { required: 'x' } } })).toHaveLength(
      3,
    );
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`p${i}`, { minLength: -1 }]));
    expect(of({ properties: many })).toHaveLength(10);
  });

  test('MAX_SCHEMA_DEPTH is inclusive', () => {
    const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
    const schema = (depth: number): string => `{"type":"object","default":${nested(depth - 1)}}`;
    expect(of(schema(MAX_SCHEMA_DEPTH))).toEqual([]);
    expect(of(schema(MAX_SCHEMA_DEPTH + 1))[0]).toMatch(/^P2005 .*more than 256 levels/);
    expect(of(nested(200_000))[0]).toMatch(/^P2005 /);
  });

  test('MAX_SOURCE_BYTES is inclusive', () => {
    const text = JSON.stringify(OBJECT);
    expect(of(text.padEnd(MAX_SOURCE_BYTES))).toEqual([]);
    expect(of(text.padEnd(MAX_SOURCE_BYTES + 1))[0]).toMatch(
      /^P2002 : the schema has more than 4194304 bytes/,
    );
  });
});

describe('references', () => {
  test.each<[string, { readonly [file: string]: unknown }, RegExp]>([
    [
      'no definition',
      { 's.json': { $ref: '#/$defs/X' } },
      /^P2020 s\.json#\/\$ref: the `\$ref` `#\/\$defs\/X` leads to nothing: `s\.json` has no schema at `#\/\$defs\/X`$/,
    ],
    ['not a schema', { 's.json': { title: 'x', $ref: '#/title' } }, /^P2020 .*no schema at `#\/title`$/],
    ['inherited names are not members', { 's.json': { $ref: '#/$defs/constructor', $defs: {} } }, /^P2020 /],
    ['no anchor', { 's.json': { $ref: '#x' } }, /^P2020 .*`s\.json` has no anchor `x`$/],
    [
      'no file',
      { 'd/s.json': { properties: { a: { $ref: '../t.json#/x' } } } },
      /^P2001 d\/s\.json#\/properties\/a\/\$ref: cannot read the schema `t\.json`: no such file \(schemas are files/,
    ],
    [
      'a name instead of a pointer',
      { 's.json': { $ref: 'Text' } },
      /^P2001 s\.json#\/\$ref: cannot read the schema `Text`/,
    ],
    [
      'nothing in that file',
      { 's.json': { $ref: 't.json#/x' }, 't.json': {} },
      /^P2020 .*`t\.json` has no schema at `#\/x`$/,
    ],
    [
      'http',
      { 's.json': { $ref: 'https://example.com/t.json#/a' } },
      /^P2021 s\.json#\/\$ref: the `\$ref` `https:\/\/example\.com\/t\.json#\/a` names a schema elsewhere, and schemas are never fetched \(save/,
    ],
    ['another urn', { 's.json': { $ref: 'urn:x' } }, /^P2021 /],
    ['//host', { 's.json': { $ref: '//example.com/t.json' } }, /^P2021 /],
    [
      'to itself',
      { 's.json': { $ref: '#' } },
      /^P2022 s\.json#\/\$ref: the `\$ref` at `#` refers to itself, through `s\.json#` /,
    ],
    [
      'target is no valid schema',
      { 's.json': { $ref: 't.json#/x/Y' }, 't.json': { x: { Y: { type: 'strin' } } } },
      /^P2008 t\.json#\/x\/Y\/type: /,
    ],
    ['a bad file', { 's.json': { $ref: 't.json' }, 't.json': '{' }, /^P2004 t\.json:1: /],
    [
      'two ids',
      { 's.json': { type: 'object', $defs: { A: { $id: 'urn:a' }, B: { $id: 'urn:a' } } } },
      /^P2023 s\.json#\/\$defs\/B: the \$id `urn:a` is declared twice, at `#\/\$defs\/A` and `#\/\$defs\/B`$/,
    ],
    [
      'two anchors',
      { 's.json': { type: 'object', $defs: { A: { $anchor: 'a' }, B: { $anchor: 'a' } } } },
      /^P2023 .*the \$anchor `a` is declared twice/,
    ],
  ])('%s', (_, files, expected) => {
    const found = reported(files);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(expected);
  });

  test('a circle is reported once, wherever it is entered', () => {
    const files = {
      's.json': {
        type: 'object',
        properties: { a: { $ref: '#/$defs/B' } },
        $defs: { A: { $ref: 't.json' }, B: { $ref: '#/$defs/A' } },
      },
      't.json': { $ref: 's.json#/$defs/B' },
    };
    expect(reported(files)).toEqual([
      'P2022 s.json#/$defs/A/$ref: the `$ref` at `#/$defs/A` refers to itself, through `t.json#` → `s.json#/$defs/B` → `s.json#/$defs/A` (a recursive schema needs a property or an item between the references)',
    ]);
  });

  test('an unreadable file is reported once', () => {
    expect(
      reported({ 's.json': { properties: { a: { $ref: 't.json' }, b: { $ref: 't.json#/x' } } } }),
    ).toHaveLength(1);
  });

  test('data that looks like a reference is data', () => {
    const files = {
      's.json': {
        type: 'object',
        const: { $ref: 'x.json' },
        default: { $ref: '#/y' },
        properties: { $ref: true, $id: true },
      },
    };
    expect(load(files).diagnostics).toEqual([]);
    const set = loadSet({
      's.json': { type: 'object', properties: { $ref: { type: 'string' }, enum: { type: 'integer' } } },
    });
    expect(show(set.root.shape)).toBe('{$ref?: string, enum?: int, ...}');
  });

  test('of other files only what is reached counts', () => {
    const files = {
      's.json': { $ref: 't.json#/$defs/A' },
      't.json': { $defs: { A: OBJECT, B: { $ref: 'gone.json' } } },
    };
    expect(reported(files)).toEqual([]);
  });

  test('a relative $id does not redirect file references', () => {
    const set = loadSet({
      'a/s.json': {
        $id: 'https://example.com/schemas/s.json',
        type: 'object',
        properties: { x: { $ref: 't.json' }, y: { $ref: 'https://example.com/schemas/s.json#/$defs/Y' } },
        $defs: { Y: { type: 'integer' } },
      },
      'a/t.json': { type: 'string' },
    });
    expect(show(set.root.shape)).toBe('{x?: string, y?: int, ...}');
  });

  test('a file without $schema has the dialect of the file that refers to it', () => {
    const tuple = { type: 'array', items: [true] };
    const files = (dialect: string): { [file: string]: unknown } => ({
      's.json': { $schema: dialect, type: 'object', properties: { x: { $ref: 't.json' } } },
      't.json': tuple,
    });
    expect(reported(files('http://json-schema.org/draft-07/schema#'))).toEqual([]);
    expect(reported(files('https://json-schema.org/draft/2020-12/schema'))[0]).toMatch(
      /^P2008 t\.json#\/items/,
    );
    const { root } = loadSet(files('http://json-schema.org/draft-07/schema#'));
    expect(show(root.shape)).toMatch(/^\{x\?: unsupported items at \/items/);
  });

  test('MAX_FILES is inclusive', () => {
    const files = (count: number): { [file: string]: unknown } => ({
      's.json': {
        type: 'object',
        properties: Object.fromEntries(
          Array.from({ length: count - 1 }, (_, i) => [`p${i}`, { $ref: `f${i}.json` }]),
        ),
      },
      ...Object.fromEntries(Array.from({ length: count - 1 }, (_, i) => [`f${i}.json`, true])),
    });
    expect(reported(files(MAX_FILES))).toEqual([]);
    expect(reported(files(MAX_FILES + 3))).toEqual([
      expect.stringMatching(/^P2009 s\.json#.*more than 256 files$/),
    ]);
  });

  test('long chains of references do not overflow', () => {
    const $defs: { [name: string]: unknown } = { D0: { type: 'string' } };
    for (let i = 1; i < 20_000; i++) $defs[`D${i}`] = { $ref: `#/$defs/D${i - 1}` };
    const { root } = loadSet({
      's.json': { type: 'object', properties: { x: { $ref: '#/$defs/D19999' } }, $defs },
    });
    expect(show(root.shape)).toBe('{x?: string, ...}');
  });
});
