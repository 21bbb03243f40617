import { describe, expect, test } from 'vitest';
import { MAX_JSON_DEPTH, MAX_NAME, MAX_NESTING, MAX_SOURCE_BYTES } from '../../src/parser/limits.ts';
import { parsePolicy, parsePolicyBytes } from '../../src/parser/parse.ts';

const codes = (source: string): string[] => parsePolicy(source, 'p').diagnostics.map((d) => d.code);
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('MAX_NESTING', () => {
  const shapes: readonly (readonly [string, (n: number) => string])[] = [
    ['parentheses', (n) => `policy p let x = ${'('.repeat(n)}a${')'.repeat(n)}`],
    ['lists', (n) => `policy p let x = ${'['.repeat(n)}a${']'.repeat(n)}`],
    ['indexes', (n) => `policy p let x = ${'a['.repeat(n)}0${']'.repeat(n)}`],
    ['calls', (n) => `policy p let x = ${'f(1, '.repeat(n)}a${')'.repeat(n)}`],
    ['quantifiers', (n) => `policy p let x = ${'any(v in xs: '.repeat(n)}a${')'.repeat(n)}`],
    ['not', (n) => `policy p let x = ${'not '.repeat(n)}a`],
    ['members', (n) => `policy p let x = a${'.a'.repeat(n)}`],
    ['sums', (n) => `policy p let x = a${' + a'.repeat(n)}`],
    ['types', (n) => `policy p def f(x: ${'list<'.repeat(n)}int${'>'.repeat(n)}) = x`],
    ['groups', (n) => `policy p ${'group g when a { '.repeat(n)}allow x ${'}'.repeat(n)}`],
  ];
  test.each(shapes)('%s', (_, shape) => {
    expect(codes(shape(MAX_NESTING))).toEqual([]);
    expect(codes(shape(MAX_NESTING + 1))).toEqual(['P1304']);
    expect(codes(shape(5_000))).toEqual(['P1304']);
    expect(codes(shape(100_000))).toEqual(['P1304']);
    expect(parsePolicy(shape(MAX_NESTING + 1), 'p').tree).toBeNull();
  });

  test('everything at once fits on the stack', () => {
    const expression = `${'any(x in [f('.repeat(42)}not -a${')]: b)'.repeat(42)}`;
    expect(
      codes(`policy p ${'group g when a { '.repeat(128)}allow x when ${expression} ${'}'.repeat(128)}`),
    ).toEqual([]);
  });

  test('chains of `and` and `or` do not nest', () => {
    expect(codes(`policy p let x = a${' and a or b'.repeat(50_000)}`)).toEqual([]);
  });

  test('minus signs do not repeat', () => {
    expect(codes(`policy p let x = ${'- '.repeat(100_000)}a`)).toEqual(['P1301']);
  });

  test('brackets that are never closed do not add up', () => {
    expect(new Set(codes(`policy p ${'deny x when (a\n'.repeat(300)}`.slice(0, 1_000)))).toEqual(
      new Set(['P1301']),
    );
  });
});

describe('names and JSON', () => {
  test('MAX_NAME', () => {
    expect(codes(`policy p let ${'n'.repeat(MAX_NAME)} = 1`)).toEqual([]);
    expect(codes(`policy p let ${'n'.repeat(MAX_NAME + 1)} = 1`)).toEqual(['P1113']);
  });
  test('MAX_JSON_DEPTH', () => {
    const nested = (n: number): string => `policy p let x = request ${'{"a":'.repeat(n)}1${'}'.repeat(n)}`;
    expect(codes(nested(MAX_JSON_DEPTH))).toEqual([]);
    expect(codes(nested(MAX_JSON_DEPTH + 1))).toEqual(['P1203']);
    expect(codes(nested(100_000))).toEqual(['P1203']);
    expect(codes(`policy p let x = request {"a": ${'['.repeat(63)}${']'.repeat(63)}}`)).toEqual([]);
    expect(codes(`policy p let x = request {"a": ${'['.repeat(64)}${']'.repeat(64)}}`)).toEqual(['P1203']);
  });
});

describe('bytes', () => {
  const padded = (size: number): string => `policy p allow x //${' '.repeat(size - 19)}`;
  test('MAX_SOURCE_BYTES', () => {
    for (const parse of [
      (text: string) => parsePolicy(text, 'p'),
      (text: string) => parsePolicyBytes(bytes(text), 'p'),
    ]) {
      expect(parse(padded(MAX_SOURCE_BYTES)).diagnostics).toEqual([]);
      const over = parse(padded(MAX_SOURCE_BYTES + 1));
      expect(over.tree).toBeNull();
      expect(over.diagnostics).toMatchObject([
        {
          code: 'P1002',
          place: { span: null },
          args: { size: MAX_SOURCE_BYTES + 1, limit: MAX_SOURCE_BYTES },
        },
      ]);
    }
    expect(parsePolicy(padded(MAX_SOURCE_BYTES - 1).replace('  ', ' é'), 'p').diagnostics).toEqual([]);
    expect(codes(padded(MAX_SOURCE_BYTES).replace('  ', ' é'))).toEqual(['P1002']);
  });

  test('a file of that size parses in a few seconds', () => {
    let source = 'policy p\neffects allow < deny\n';
    const rule = (i: number): string =>
      `deny rule_${i} when action == "a" and env in ["x", "y"] and amount + 3 >= 10.50\n  unless role == "sre" reason "R"\n`;
    for (let i = 0; source.length + 200 < MAX_SOURCE_BYTES; i++) source += rule(i);
    const start = performance.now();
    const { tree, diagnostics } = parsePolicyBytes(bytes(source), 'p');
    expect(performance.now() - start).toBeLessThan(15_000);
    expect(diagnostics).toEqual([]);
    expect(tree?.items.length).toBeGreaterThan(30_000);
  }, 30_000);

  test('tokens of megabytes are no danger', () => {
    for (const text of [
      '1'.repeat(4e6),
      '1d'.repeat(2e6),
      `"${'a\\n'.repeat(1e6)}"`,
      `a matches /${'a\\/'.repeat(1e6)}/`,
    ]) {
      expect(codes(`policy p let x = ${text}`).length).toBeLessThan(2);
    }
  });

  test.each<[string, number[], string, object]>([
    ['a bad byte', [...bytes('policy p'), 0xff], 'P1003', { offset: 8 }],
    ['an overlong form', [...bytes('policy é'), 0xc0, 0x80], 'P1003', { offset: 9 }],
    ['a cut character', [...bytes('policy p // '), 0xe2, 0x82], 'P1003', {}],
    ['a NUL', [...bytes('policy\0p')], 'P1004', {}],
    [
      'UTF-16',
      [0xff, 0xfe, 0x70, 0, 0x6f, 0],
      'P1004',
      { hint: 'it looks like UTF-16: save the file as UTF-8' },
    ],
    ['no bytes', [], 'P1001', {}],
  ])('%s', (_, list, code, args) => {
    const { tree, diagnostics } = parsePolicyBytes(Uint8Array.from(list), 'p');
    expect(tree).toBeNull();
    expect(diagnostics).toMatchObject([{ code, args }]);
  });

  test('a byte order mark is part of the text', () => {
    expect(parsePolicyBytes(bytes('\ufeffpolicy p'), 'p')).toMatchObject({
      tree: { name: { name: 'p', span: { start: 8, end: 9 } } },
      diagnostics: [],
    });
  });

  test('a lone surrogate in the text', () => {
    expect(codes('policy p let x = "\ud800"')).toEqual(['P1005']);
  });
});
