import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Automaton } from '../../src/bytecode/bundle.ts';
import type { AtomOp, SlotKind } from '../../src/bytecode/opcodes.ts';
import { JSON_KINDS } from '../../src/bytecode/opcodes.ts';
import { buildAutomaton } from '../../src/compiler/automaton.ts';
import { Assembly, type Tree, verdict } from './assemble.ts';

type More = Parameters<Assembly['atom']>[2] & {
  set?: readonly (string | number)[];
  lang?: [string, string[]];
};

/** Whether the atom holds for x (and y, both optional) of the request. */
function holds(
  op: AtomOp,
  kind: SlotKind | Tree,
  more: More = {},
  other?: SlotKind,
): (x?: unknown, y?: unknown) => boolean {
  const tree = typeof kind === 'string' ? { kind } : kind;
  const members: { [key: string]: Tree } = { x: { ...tree, as: 'x', optional: true } };
  if (other !== undefined) members.y = { kind: other, as: 'y', optional: true };
  const assembly = new Assembly({ kind: 'record', members });
  const index = more.set === undefined ? more.index : assembly.set(more.set);
  const atom = assembly.atom(op, 'x', {
    ...(index === undefined ? {} : { index }),
    ...(more.key === undefined ? {} : { key: more.key }),
    ...(more.bounds === undefined ? {} : { bounds: more.bounds }),
    ...(other === undefined ? {} : { other: 'y' }),
  });
  const evaluator = assembly.load([assembly.when('hit', atom)]);
  return (x, y) => {
    const found = verdict(evaluator, { x, y });
    if (found !== '' && found !== 'hit') throw new Error(found);
    return found === 'hit';
  };
}

describe('one slot', () => {
  test('PRESENT', () => {
    for (const [kind, value] of [
      ['int', 0],
      ['bool', false],
      ['string', ''],
      ['list', []],
      ['record', {}],
      ['unknown', 0],
    ] as const) {
      const present = holds('PRESENT', kind);
      expect([present(value), present(null), present()]).toEqual([true, false, false]);
    }
  });

  test('KIND_IS', () => {
    const values: [keyof typeof JSON_KINDS, unknown][] = [
      ['null', null],
      ['bool', false],
      ['number', 0],
      ['string', ''],
      ['list', []],
      ['object', {}],
    ];
    for (const [name, mask] of Object.entries(JSON_KINDS)) {
      const isKind = holds('KIND_IS', 'unknown', { index: mask });
      for (const [kind, value] of values) expect(isKind(value)).toBe(kind === name);
      expect(isKind()).toBe(false);
    }
    expect(holds('KIND_IS', 'unknown', { index: 3 })(true)).toBe(true);
  });

  test('HAS_KEY', () => {
    const has = holds('HAS_KEY', 'unknown', { key: 'k' });
    expect([has({ k: 1 }), has({ k: null }), has({ j: 1 }), has([]), has('k'), has(null), has()]).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
    expect(holds('HAS_KEY', 'unknown', { key: 'length' })([1])).toBe(false);
    expect(holds('HAS_KEY', 'unknown', { key: 'toString' })({})).toBe(false);
    const proto = holds('HAS_KEY', 'map', { key: '__proto__' });
    expect([proto({}), proto(JSON.parse('{"__proto__":1}'))]).toEqual([false, true]);
  });

  test('HAS_KEY_AT', () => {
    const has = holds('HAS_KEY_AT', 'map', {}, 'string');
    expect([has({ k: 1 }, 'k'), has({ k: 1 }, 'j'), has({ k: 1 }), has(undefined, 'k')]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  test('IN_STRINGS', () => {
    const one = holds('IN_STRINGS', 'string', { set: ['a'] });
    expect([one('a'), one('b'), one()]).toEqual([true, false, false]);
    const many = holds('IN_STRINGS', 'string', { set: ['a', 'é', '😀', 'x', 'y', 'z'] });
    expect([many('😀'), many('é'), many('ab'), many()]).toEqual([true, true, false, false]);
  });

  test('IN_NUMBERS', () => {
    const one = holds('IN_NUMBERS', 'int', { set: [0] });
    expect([one(0), one(-0), one(1), one()]).toEqual([true, true, false, false]);
    const many = holds('IN_NUMBERS', { kind: 'decimal', scale: 1 }, { set: [-5, 15] });
    expect([many(1.5), many(-0.5), many(15), many()]).toEqual([true, true, false, false]);
    const bool = holds('IN_NUMBERS', 'bool', { set: [1] });
    expect([bool(true), bool(false), bool()]).toEqual([true, false, false]);
  });

  test('RANGE', () => {
    const range = holds('RANGE', 'int', { bounds: [-1, 1] });
    expect([range(-2), range(-1), range(1), range(2), range()]).toEqual([false, true, true, false, false]);
    expect(holds('RANGE', 'number', { bounds: [Number.NEGATIVE_INFINITY, 0.5] })(-1e300)).toBe(true);
    expect(holds('RANGE', 'date', { bounds: [0, 1] })('1970-01-02')).toBe(true);
    expect(holds('RANGE', 'duration', { bounds: [3_600_000, 3_600_000] })('PT60M')).toBe(true);
  });

  test('RANGE_TIME', () => {
    const range = holds('RANGE_TIME', 'timestamp', { bounds: [0, 500_000, 1, 500_000] });
    const at = (fraction: string): boolean => range(`1970-01-01T00:00:0${fraction}Z`);
    expect(['0.499999', '0.5', '0.9', '1', '1.5', '1.500001', '2'].map(at)).toEqual([
      false,
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(range()).toBe(false);
  });

  test('KEYS_IN', () => {
    const within = holds('KEYS_IN', 'unknown', { set: ['a', 'b'] });
    expect([
      within({}),
      within({ a: 1, b: 2 }),
      within({ a: 1, c: 2 }),
      within([]),
      within('a'),
      within(),
    ]).toEqual([true, true, false, false, false, false]);
  });

  test('UNIQUE', () => {
    const unique = holds('UNIQUE', 'unknown');
    expect(unique([1, '1', true, null, {}, {}, [], []])).toBe(true);
    for (const list of [[1, 1.0], [0, -0], ['a', 'b', 'a'], [null, null], {}, 'aa'])
      expect(unique(list)).toBe(false);
    expect(unique()).toBe(false);
  });
});

describe('two slots', () => {
  const table: [AtomOp, SlotKind, unknown, unknown, boolean[]][] = [
    ['EQ_NUMBER', 'int', 1, 2, [false, true, false]],
    ['LT_NUMBER', 'int', 1, 2, [true, false, false]],
    ['LE_NUMBER', 'int', 1, 2, [true, true, false]],
    ['EQ_TIME', 'timestamp', '1969-12-31T23:59:59.9Z', '1970-01-01T00:00:00Z', [false, true, false]],
    ['LT_TIME', 'timestamp', '1969-12-31T23:59:59.9Z', '1970-01-01T00:00:00Z', [true, false, false]],
    ['LE_TIME', 'timestamp', '1969-12-31T23:59:59.9Z', '1970-01-01T00:00:00Z', [true, true, false]],
    ['LT_TIME', 'timestamp', '1970-01-01T00:00:00.1Z', '1970-01-01T00:00:00.2Z', [true, false, false]],
    ['EQ_STRING', 'string', 'a', 'b', [false, true, false]],
  ];
  test.each(table)('%s of %s', (op, kind, low, high, [less, equal, greater]) => {
    const compare = holds(op, kind, {}, kind);
    expect([compare(low, high), compare(low, low), compare(high, low)]).toEqual([less, equal, greater]);
    expect([compare(low), compare(undefined, low), compare()]).toEqual([false, false, false]);
  });

  test('SCAN_CONTAINS, SCAN_PREFIX, SCAN_SUFFIX', () => {
    const scans = (['SCAN_CONTAINS', 'SCAN_PREFIX', 'SCAN_SUFFIX'] as const).map((op) =>
      holds(op, 'string', {}, 'string'),
    );
    const all = (x?: string, y?: string): boolean[] => scans.map((scan) => scan(x, y));
    expect(all('abc', 'b')).toEqual([true, false, false]);
    expect(all('abc', 'ab')).toEqual([true, true, false]);
    expect(all('abc', 'bc')).toEqual([true, false, true]);
    expect(all('abc', '')).toEqual([true, true, true]);
    expect(all('abc', 'abcd')).toEqual([false, false, false]);
    expect(all('abc')).toEqual([false, false, false]);
    expect(all(undefined, '')).toEqual([false, false, false]);
  });
});

/** `a*` over code points, and é twice: classes other, a, lead of é, tail of é. */
function smallAutomaton(): Automaton {
  const classOf = new Uint8Array(256);
  classOf[0x61] = 1;
  classOf[0xc3] = 2;
  classOf[0xa9] = 3;
  const dead = 0xffff;
  return {
    classes: 4,
    classOf,
    next: new Uint16Array([dead, 0, 1, dead, dead, dead, dead, 2, dead, dead, dead, dead]),
    accept: new Uint8Array([1, 0, 1]),
  };
}

describe('MATCH', () => {
  const matcher = (
    kind: 'contains' | 'prefix' | 'suffix' | 'glob',
    texts: string[],
    automaton: Automaton | null = null,
  ) => {
    const assembly = new Assembly({
      kind: 'record',
      members: { x: { kind: 'string', as: 'x', optional: true } },
    });
    const atom = assembly.atom('MATCH', 'x', { index: assembly.lang(kind, texts, automaton) });
    const evaluator = assembly.load([assembly.when('hit', atom)]);
    return (x?: string) => verdict(evaluator, { x }) === 'hit';
  };

  test('texts, few and many', () => {
    const many = Array.from({ length: 40 }, (_, i) => `k${i}k${'z'.repeat(i % 5)}`);
    for (const texts of [['ab'], ['ab', 'cd'], many]) {
      const [prefix, suffix] = [matcher('prefix', texts), matcher('suffix', texts)];
      for (const subject of ['ab', 'abx', 'xab', 'xcdx', 'k7kzz', 'k7kzz!', '!k7kzz', 'k7k', '']) {
        expect(prefix(subject)).toBe(texts.some((part) => subject.startsWith(part)));
        expect(suffix(subject)).toBe(texts.some((part) => subject.endsWith(part)));
      }
      expect([prefix(), suffix()]).toEqual([false, false]);
    }
    const built = buildAutomaton('contains', ['b', 'dd']);
    const contains = matcher('contains', ['b', 'dd'], built.ok ? built.automaton : null);
    expect([contains('abc'), contains('xddx'), contains('d'), contains()]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test('the automaton of a language that says something else than its texts', () => {
    for (const texts of [['b'], ['b', 'dd'], ['']]) {
      const contains = matcher('contains', texts, smallAutomaton());
      expect(['abc', 'dd', '', 'aaa', 'é'].map((x) => contains(x))).toEqual([false, false, true, true, true]);
    }
  });

  test('automaton over UTF-8 bytes', () => {
    const match = matcher('glob', ['*'], smallAutomaton());
    expect(['', 'aaa', 'aé', 'é', 'éa', 'b', '😀', 'aê', '\u0800'].map((x) => match(x))).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
    expect(match()).toBe(false);
  });

  test('an automaton sees the bytes that the platform encodes', () => {
    // One state per byte position, accepting exactly the UTF-8 bytes of one text.
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 6 }),
        fc.string({ unit: 'binary', maxLength: 6 }),
        (a, b) => {
          const bytes = new TextEncoder().encode(a);
          const classOf = Uint8Array.from({ length: 256 }, (_, i) => i);
          const next = new Uint16Array((bytes.length + 1) * 256).fill(0xffff);
          for (const [i, byte] of bytes.entries()) next[i * 256 + byte] = i + 1;
          const accept = new Uint8Array(bytes.length + 1);
          accept[bytes.length] = 1;
          const match = matcher('glob', ['*'], { classes: 256, classOf, next, accept });
          expect([match(a), match(b)]).toEqual([true, a === b]);
        },
      ),
    );
  });
});

test('SWITCH goes to the arm of the string, else to the default', () => {
  const assembly = new Assembly({
    kind: 'record',
    members: { x: { kind: 'string', as: 'x', optional: true } },
  });
  assembly.when('a', 0);
  assembly.when('b', 0);
  assembly.when('other', 0);
  assembly.switches.push({
    slot: assembly.slot('x'),
    arms: [
      { key: 'a', node: 1 },
      { key: 'b', node: 2 },
    ],
  });
  assembly.node('SWITCH', 0, 3);
  for (const index of [0, 1, 2]) assembly.node('HIT', index, 4);
  const evaluator = assembly.load();
  expect(
    [{ x: 'a' }, { x: 'b' }, { x: 'c' }, {}, { x: '' }].map((request) => verdict(evaluator, request)),
  ).toEqual(['a', 'b', 'other', 'other', 'other']);
});
