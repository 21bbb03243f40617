import { describe, expect, test } from 'vitest';
import {
  MAX_LIST_ITEMS,
  MAX_MAP_ENTRIES,
  MAX_NODES,
  MAX_SAFE_INT,
  MAX_STRING_BYTES,
} from '../../src/bytecode/limits.ts';
import type { SlotKind } from '../../src/bytecode/opcodes.ts';
import { Assembly, type StepSpec, type Tree, verdict } from './assemble.ts';
import { errorOf, errors, of, record } from './projected.ts';

describe('objects', () => {
  test('closed records', () => {
    const check = errorOf(record({ a: of('int', { optional: true }) }, { closed: ['a', 'b'] }));
    expect([
      check({}),
      check({ a: 1, b: 2 }),
      check({ A: 1 }),
      check({ a: 'x', c: 1 }),
      check({ c: undefined }),
    ]).toEqual(['', '', 'unknown_key /x', 'unknown_key /x', '']);
    expect(check(JSON.parse('{"__proto__":1}'))).toBe('unknown_key /x');
  });

  test('number of members', () => {
    const check = errorOf(record({}, { limits: { minLength: 1, maxLength: 2 }, closed: ['a', 'b', 'c'] }));
    expect([
      check({}),
      check({ a: 1 }),
      check({ a: 1, b: 1 }),
      check({ a: 1, b: 1, c: 1 }),
      check({ a: undefined }),
    ]).toEqual(['size /x', '', '', 'size /x', 'size /x']);
    expect(check({ d: 1, e: 1, f: 1 })).toBe('size /x');
  });

  test('the order of errors is the order of keys, a container before its members', () => {
    const check = errors(record({ a: record({ z: of('int') }), B: of('int'), 'a/~': of('int') }));
    expect(check({})).toBe('required /B');
    expect(check({ B: 1, a: { z: 'x' }, 'a/~': 'x' })).toBe('type /a/z');
    expect(check({ B: 1, a: { z: 1 }, 'a/~': 'x' })).toBe('type /a~1~0');
    expect(check({ B: 1, a: [], 'a/~': 1 })).toBe('type /a');
  });

  test('unions judge the selected branch alone', () => {
    const union = of('union', {
      union: { key: 'kind', values: ['p', 'q'] },
      views: [
        record({ n: of('int'), only: of('int', { as: 'only' }) }, { branch: ['p'] }),
        record({ n: of('string', { as: 'text' }) }, { branch: ['q'], closed: ['kind', 'n'] }),
      ],
    });
    const check = errorOf(union);
    expect(check({ kind: 'p', n: 1, only: 2 })).toBe('');
    expect(check({ kind: 'p', n: 'a', only: 2 })).toBe('type /x/n');
    expect(check({ kind: 'q', n: 'a', only: 'x' })).toBe('unknown_key /x');
    expect(check({ kind: 'q', n: 'a' })).toBe('');
    expect([check({ kind: 'r' }), check({ kind: 1 }), check({}), check([]), check(null)]).toEqual([
      'no_branch /x',
      'no_branch /x',
      'no_branch /x',
      'type /x',
      'type /x',
    ]);
    const assembly = new Assembly(record({ x: union }));
    const evaluator = assembly.load([
      assembly.when('only', assembly.atom('PRESENT', 'only')),
      assembly.when('text', assembly.atom('PRESENT', 'text')),
    ]);
    expect(verdict(evaluator, { x: { kind: 'p', n: 1, only: 2 } })).toBe('only');
    expect(verdict(evaluator, { x: { kind: 'q', n: 'a' } })).toBe('text');
  });
});

describe('lists and maps', () => {
  test('items in order, each with its members', () => {
    const check = errorOf(
      of('list', {
        element: record({ a: of('int'), b: of('list', { element: of('string', { nullable: true }) }) }),
      }),
    );
    expect(check([])).toBe('');
    expect(check([{ a: 1, b: ['x', null] }])).toBe('');
    expect(check([{ a: 1, b: ['x', 2] }, 5])).toBe('type /x/0/b/1');
    expect(check([{ a: 1, b: [] }, { b: 1 }])).toBe('required /x/1/a');
    expect(check([null])).toBe('type /x/0');
    expect(check({ 0: 1 })).toBe('type /x');
  });

  test('holes', () => {
    const sparse = [1, 2];
    delete sparse[0];
    for (const kind of ['int', 'unknown'] as const) {
      const check = errorOf(of('list', { element: of(kind) }));
      expect([check(sparse), check([1, undefined])]).toEqual(['not_plain /x/0', 'not_plain /x/1']);
    }
  });

  test('number of items, and items that repeat', () => {
    const check = errorOf(
      of('list', { limits: { minLength: 1, maxLength: 2 }, unique: true, element: of('int') }),
    );
    expect([check([]), check([1]), check([1, 2, 3]), check([1, 1]), check(['a', 'a'])]).toEqual([
      'size /x',
      '',
      'size /x',
      'not_unique /x',
      'type /x/0',
    ]);
    expect(errorOf(of('list', { unique: true }))(['a', 'a'])).toBe('not_unique /x');
  });

  test('lists and maps on both sides of their limits', () => {
    const list = (n: number): number[] => new Array<number>(n).fill(0);
    const map = (n: number): object => Object.fromEntries(list(n).map((_, i) => [`k${i}`, i]));
    for (const more of [{}, { element: of('int') }]) {
      const check = errorOf(of('list', more));
      expect([check(list(MAX_LIST_ITEMS)), check(list(MAX_LIST_ITEMS + 1))]).toEqual(['', 'limit /x']);
    }
    for (const more of [{}, { value: of('int') }]) {
      const check = errorOf(of('map', more));
      expect([check(map(MAX_MAP_ENTRIES)), check(map(MAX_MAP_ENTRIES + 1))]).toEqual(['', 'limit /x']);
    }
    const unknown = errorOf(of('unknown', { element: of('unknown'), value: of('unknown') }));
    expect([unknown(list(MAX_LIST_ITEMS)), unknown(list(MAX_LIST_ITEMS + 1))]).toEqual(['', 'limit /x']);
    expect([unknown(map(MAX_MAP_ENTRIES)), unknown(map(MAX_MAP_ENTRIES + 1))]).toEqual(['', 'limit /x']);
    const untouched = errorOf(of('unknown'));
    expect([untouched(list(MAX_LIST_ITEMS + 1)), untouched(map(MAX_MAP_ENTRIES + 1))]).toEqual(['', '']);
  });

  test('errors in a map are reported at the map, the earliest code first', () => {
    const check = errorOf(
      of('map', {
        value: record({ a: of('int', { limits: { max: 5 } }), b: of('list', { element: of('int') }) }),
      }),
    );
    const good = { a: 1, b: [1] };
    expect(check({ k: good })).toBe('');
    expect(check({ k: { a: 6, b: [] }, l: good })).toBe('range /x');
    expect(check({ k: { a: 6, b: [] }, l: { a: 1, b: ['x'] } })).toBe('type /x');
    expect(check({ k: { a: 6, b: [] }, l: { a: 1 } })).toBe('required /x');
    expect(check({ l: { a: 1 }, k: { a: 6, b: [] } })).toBe('required /x');
    expect(check({ k: good, '\ud800': good })).toBe('utf8 /x');
    expect(check({ k: good, l: undefined })).toBe('');
    expect(check(JSON.parse('{"__proto__":{"a":9,"b":[]}}'))).toBe('range /x');
    expect(errorOf(of('map'))({ '\ud800': 1 })).toBe('utf8 /x');
    const sized = errorOf(of('map', { limits: { minLength: 1 }, value: of('int') }));
    expect([sized({}), sized({ a: undefined }), sized({ a: 1 })]).toEqual(['size /x', 'size /x', '']);
    // The members of a typed map that are read by name are part of it.
    const named = errorOf(of('map', { members: { k: of('int', { optional: true }) }, value: of('int') }));
    expect([named({ k: 1 }), named({ k: 'a' }), named({ j: 'a' }), named({ k: 'a', j: Number.NaN })]).toEqual(
      ['', 'type /x', 'type /x', 'number /x'],
    );
    const nested = errorOf(of('list', { element: of('map', { value: of('map', { value: of('int') }) }) }));
    expect(nested([{}, { a: { b: 'c' } }])).toBe('type /x/1');
  });

  test('the number of values on both sides of its limit', () => {
    const check = errors(
      record({ x: of('list', { element: of('list', { element: of('int') }) }), z: of('int') }),
    );
    // x, z, 64 lists, and the items.
    const items = MAX_NODES - 2 - 64;
    const lists = (n: number): number[][] =>
      Array.from({ length: 64 }, (_, i) =>
        new Array<number>(Math.min(1024, Math.max(0, n - i * 1024))).fill(0),
      );
    expect(check({ x: lists(items), z: 0 })).toBe('');
    expect(check({ x: lists(items + 1), z: 0 })).toBe('limit /z');
    expect(check({ x: lists(items + 2), z: 0 })).toBe(`limit /x/63/${items + 2 - 63 * 1024 - 1}`);
    const map = errors(record({ x: of('map', { value: of('list', { element: of('int') }) }) }));
    const entries = (n: number): object => Object.fromEntries(lists(n).map((list, i) => [`k${i}`, list]));
    expect(map({ x: entries(MAX_NODES - 1 - 64) })).toBe('');
    expect(map({ x: entries(MAX_NODES - 64) })).toBe('limit /x');
    // Crossing it ends the search for an earlier code, wherever that stands.
    expect(map({ x: { ...entries(MAX_NODES - 64), k0: ['x'] } })).toBe('type /x');
    expect(map({ x: { a: [0, 0, 'x'], ...entries(MAX_NODES - 64) } })).toBe('limit /x');
    expect(map({ x: { ...entries(MAX_NODES - 64), z: [0, 0, 'x'] } })).toBe('limit /x');
  });
});

describe('below an unknown', () => {
  const views: [SlotKind, unknown[], unknown[]][] = [
    ['bool', [true, false], [0, 'true', null]],
    ['int', [1, -0, MAX_SAFE_INT], [1.5, MAX_SAFE_INT + 1, '1', null, true]],
    ['decimal', [1.25, 1, -0.01], [0.001, 1e20, '1']],
    ['number', [1.5, 1e300], ['1', null]],
    ['string', ['', 'a'], [1, null, ['a']]],
    ['timestamp', ['2026-01-01T00:00:00Z'], ['2026-01-01', 0]],
    ['localTimestamp', ['2026-01-01T00:00:00'], ['2026-01-01T00:00:00Z']],
    ['date', ['2026-01-01'], ['2026-01-32', 0]],
    ['duration', ['PT1S'], ['P1Y', 0]],
    ['list', [[], [1]], [{}, 'a', null]],
    ['record', [{}], [[], 'a', null]],
    ['map', [{ a: 1 }], [[], null]],
    ['unknown', [1, 'a', {}, []], []],
  ];
  test.each(views)('a view as %s', (kind, inside, outside) => {
    const scale = kind === 'decimal' ? 2 : 0;
    const assembly = new Assembly(
      record({
        x: of('unknown', { optional: true, views: [of(kind, { as: 'v', scale, limits: { max: 0 } })] }),
      }),
    );
    const evaluator = assembly.load([assembly.when('hit', assembly.atom('PRESENT', 'v'))]);
    for (const x of inside) expect([x, verdict(evaluator, { x })]).toEqual([x, 'hit']);
    for (const x of [...outside, undefined]) expect([x, verdict(evaluator, { x })]).toEqual([x, '']);
  });

  test('members, and members of members', () => {
    const deep = of('unknown', { as: 'c', views: [of('int', { as: 'n' })] });
    const tree = of('unknown', {
      members: { a: of('unknown', { as: 'a', members: { c: deep } }), b: of('int', { as: 'b' }) },
    });
    const assembly = new Assembly(record({ x: tree }));
    const steps: StepSpec[] = ['a', 'b', 'c', 'n'].map((name) =>
      assembly.when(name, assembly.atom('PRESENT', name)),
    );
    steps.push(assembly.when('null', assembly.atom('KIND_IS', 'a', { index: 1 })));
    const evaluator = assembly.load(steps);
    const check = (x: unknown): string => verdict(evaluator, { x });
    expect(check({ a: { c: 1 }, b: 2 })).toBe('a b c n');
    expect(check({ a: { c: '1' }, b: '2' })).toBe('a c');
    expect(check({ a: null })).toBe('null');
    for (const x of [[{ c: 1 }], 'a', null, {}]) expect(check(x)).toBe('');
    expect(check(Object.assign([], { b: 1 }))).toBe('');
    expect(check({ b: Number.NaN })).toBe('number /x/b');
    expect(check({ a: { c: '\ud800' } })).toBe('utf8 /x/a/c');
    expect(check({ a: { c: () => 1 } })).toBe('not_plain /x/a/c');
    expect(check({ a: { c: 'x'.repeat(MAX_STRING_BYTES + 1) } })).toBe('limit /x/a/c');
    expect(check({ other: Number.NaN })).toBe('');
  });

  test('templates judge what every JSON value must be', () => {
    const check = errorOf(
      of('unknown', { element: of('unknown', { members: { k: of('unknown') } }), value: of('unknown') }),
    );
    expect([check([1, 'a', null, {}, { k: 1 }]), check({ a: 1, b: null }), check('a')]).toEqual(['', '', '']);
    expect(check([1, Number.NaN])).toBe('number /x/1');
    expect(check([{ k: '\ud800' }])).toBe('utf8 /x/0/k');
    expect(check({ a: 1n, b: Infinity })).toBe('not_plain /x');
    expect(check({ '\ud800': 1 })).toBe('utf8 /x');
  });

  test('a union below an unknown', () => {
    const union = of('union', {
      as: 'u',
      union: { key: 'k', values: ['p'] },
      views: [record({ n: of('int', { as: 'n' }) }, { branch: ['p'] })],
    });
    const assembly = new Assembly(record({ x: of('unknown', { views: [union] }) }));
    const evaluator = assembly.load([
      assembly.when('u', assembly.atom('PRESENT', 'u')),
      assembly.when('n', assembly.atom('PRESENT', 'n')),
    ]);
    const found = [{ k: 'p', n: 1 }, { k: 'p', n: 'a' }, { k: 'q', n: 1 }, 'a'].map((x) =>
      verdict(evaluator, { x }),
    );
    expect(found).toEqual(['u n', 'u', '', '']);
  });
});

describe('nesting', () => {
  const nested = (kind: 'record' | 'unknown', depth: number): Tree =>
    depth === 1
      ? of(kind, { members: { k: of('unknown', { optional: true }) } })
      : of(kind, { members: { k: nested(kind, depth - 1) } });
  const value = (depth: number): unknown => {
    let inner: unknown = {};
    for (let i = 1; i < depth; i++) inner = { k: inner };
    return inner;
  };
  test('entered containers on both sides of the limit', () => {
    for (const kind of ['record', 'unknown'] as const) {
      expect(verdict(new Assembly(nested(kind, 64)).load(), value(64))).toBe('');
      expect(verdict(new Assembly(nested(kind, 65)).load(), value(65))).toBe(`limit ${'/k'.repeat(64)}`);
      // What is not entered is not judged.
      expect(verdict(new Assembly(nested(kind, 64)).load(), value(70))).toBe('');
    }
  });
});
