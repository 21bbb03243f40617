import { describe, expect, test } from 'vitest';
import { MAX_SAFE_INT, MAX_STRING_BYTES } from '../../src/bytecode/limits.ts';
import type { Tree } from './assemble.ts';
import { errorOf, errors, of, record } from './projected.ts';

describe('absent and null', () => {
  test.each([
    [{}, ['required /x', 'type /x', '']],
    [{ optional: true }, ['', '', '']],
    [{ nullable: true }, ['required /x', '', '']],
  ])('%j', (flags, expected) => {
    for (const [kind, value] of [
      ['int', 1],
      ['string', ''],
      ['record', {}],
      ['list', []],
      ['map', {}],
      ['date', '2026-01-01'],
    ] as const) {
      const check = errorOf(of(kind, flags));
      expect([check(), check(null), check(value)]).toEqual(expected);
    }
  });

  test('of an unknown null is a value', () => {
    const check = errorOf(of('unknown'));
    expect([check(), check(null), check({})]).toEqual(['required /x', '', '']);
    expect(errorOf(of('unknown', { optional: true }))()).toBe('');
  });

  test('a required member is missed only in a parent that is there', () => {
    const check = errors(record({ a: record({ b: of('int') }, { optional: true }) }));
    expect([check({}), check({ a: null }), check({ a: {} }), check({ a: { b: 1 } })]).toEqual([
      '',
      '',
      'required /a/b',
      '',
    ]);
  });

  test('the request itself', () => {
    const check = errors(record({}));
    expect([
      check({}),
      check([]),
      check(null),
      check(1),
      check('a'),
      check(undefined),
      check(() => 1),
    ]).toEqual(['', 'type ', 'type ', 'type ', 'type ', 'not_plain ', 'not_plain ']);
  });
});

describe('scalars', () => {
  test.each<[string, Tree, [unknown, string][]]>([
    [
      'bool',
      of('bool'),
      [
        [true, ''],
        [1, 'type'],
        ['true', 'type'],
      ],
    ],
    [
      'bool const',
      of('bool', { allowed: [1] }),
      [
        [true, ''],
        [false, 'enum'],
      ],
    ],
    [
      'int',
      of('int'),
      [
        [1, ''],
        [-0, ''],
        [1.5, 'range'],
        [MAX_SAFE_INT, ''],
        [-MAX_SAFE_INT, ''],
        [MAX_SAFE_INT + 1, 'range'],
        ['1', 'type'],
        [Number.NaN, 'number'],
        [Infinity, 'number'],
      ],
    ],
    [
      'int bounds',
      of('int', { limits: { min: -1, max: 2 } }),
      [
        [-1, ''],
        [2, ''],
        [-2, 'range'],
        [3, 'range'],
      ],
    ],
    [
      'int enum',
      of('int', { allowed: [1, 2], limits: { max: 1 } }),
      [
        [1, ''],
        [3, 'enum'],
        [1.5, 'enum'],
        [2, 'range'],
      ],
    ],
    [
      'decimal',
      of('decimal', { scale: 2, limits: { min: 1, max: 1000 } }),
      [
        [0.01, ''],
        [10, ''],
        [1.1, ''],
        [1.001, 'multiple_of'],
        [0, 'range'],
        [0.001, 'range'],
        [10.01, 'range'],
        [10.001, 'range'],
        [1e300, 'range'],
        ['1.10', 'type'],
      ],
    ],
    [
      'decimal, widest',
      of('decimal', { scale: 2 }),
      [
        [9_999_999_999_999.99, ''],
        [10_000_000_000_000, 'range'],
        [-1e20, 'range'],
      ],
    ],
    [
      'decimal enum',
      of('decimal', { scale: 1, allowed: [5, 15] }),
      [
        [0.5, ''],
        [1.5, ''],
        [1, 'enum'],
        [0.55, 'enum'],
      ],
    ],
    [
      'number',
      of('number', { limits: { min: 0, max: 1 } }),
      [
        [0.1, ''],
        [1.01, 'range'],
        [-0, ''],
        [Number.NaN, 'number'],
      ],
    ],
    [
      'number enum',
      of('number', { allowed: [0.5] }),
      [
        [0.5, ''],
        [0.25, 'enum'],
      ],
    ],
    [
      'string',
      of('string'),
      [
        ['', ''],
        [1, 'type'],
        ['\ud800', 'utf8'],
        [['a'], 'type'],
        [Infinity, 'number'],
      ],
    ],
    [
      'string length',
      of('string', { limits: { minLength: 2, maxLength: 3 } }),
      [
        ['a', 'length'],
        ['ab', ''],
        ['abc', ''],
        ['abcd', 'length'],
        ['😀', 'length'],
        ['😀😀😀', ''],
        ['😀😀😀😀', 'length'],
      ],
    ],
    [
      'enum',
      of('string', { allowed: ['a', 'b'] }),
      [
        ['a', ''],
        ['c', 'enum'],
        ['\udfff', 'utf8'],
        [null, 'type'],
      ],
    ],
    [
      'large enum',
      of('string', { allowed: ['a', 'b', 'c', 'd', 'e', 'f'] }),
      [
        ['f', ''],
        ['g', 'enum'],
      ],
    ],
    [
      'timestamp',
      of('timestamp'),
      [
        ['2026-01-01T00:00:00Z', ''],
        ['2026-01-01', 'format'],
        ['\ud800', 'utf8'],
        [0, 'type'],
      ],
    ],
    [
      'local timestamp',
      of('localTimestamp'),
      [
        ['2026-01-01T00:00:00', ''],
        ['2026-01-01T00:00:00Z', 'format'],
        [0, 'type'],
      ],
    ],
    [
      'date',
      of('date', { limits: { minLength: 10 } }),
      [
        ['2026-01-01', ''],
        ['2026-02-29', 'format'],
        ['2026', 'length'],
      ],
    ],
    [
      'date enum',
      of('date', { allowed: [0] }),
      [
        ['1970-01-01', ''],
        ['1970-01-02', 'enum'],
        ['x', 'enum'],
      ],
    ],
    [
      'duration',
      of('duration', { limits: { max: 1000 } }),
      [
        ['PT1S', ''],
        ['PT2S', 'range'],
        ['1s', 'format'],
        [5, 'type'],
      ],
    ],
  ])('%s', (_name, tree, cases) => {
    for (const [value, code] of cases)
      expect([value, errorOf(tree)(value)]).toEqual([value, code === '' ? '' : `${code} /x`]);
  });

  test('what is no JSON', () => {
    for (const value of [() => 1, Symbol('s'), 1n]) {
      for (const kind of ['bool', 'int', 'string', 'record', 'list', 'map', 'unknown', 'date'] as const) {
        expect(errorOf(of(kind))(value)).toBe('not_plain /x');
      }
    }
  });

  test('bytes of a string on both sides of the limit', () => {
    for (const kind of ['string', 'unknown'] as const) {
      const check = errorOf(of(kind));
      expect(check('x'.repeat(MAX_STRING_BYTES))).toBe('');
      expect(check('x'.repeat(MAX_STRING_BYTES + 1))).toBe('limit /x');
      expect(check('€'.repeat(MAX_STRING_BYTES / 3))).toBe('');
      expect(check(`€${'é'.repeat(MAX_STRING_BYTES / 2 - 1)}`)).toBe('limit /x');
    }
    expect(errorOf(of('string', { allowed: ['a'] }))('x'.repeat(MAX_STRING_BYTES + 1))).toBe('limit /x');
    expect(errorOf(of('string', { limits: { maxLength: 3 } }))('x'.repeat(MAX_STRING_BYTES + 1))).toBe(
      'limit /x',
    );
  });
});
