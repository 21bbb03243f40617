import fc from 'fast-check';
import { CharSet, DFA, NFA } from 'refa';
import { describe, expect, test } from 'vitest';
import { type Automaton, DEAD } from '../../src/bytecode/bundle.ts';
import { MAX_STATES } from '../../src/bytecode/limits.ts';
import { accepts, buildAutomaton } from '../../src/compiler/automaton.ts';
import type { Lang } from '../../src/ir/ir.ts';
import { type PatternKind, parsePattern } from '../../src/ir/pattern.ts';
import { normalizePath } from '../../src/value/path.ts';
import { slowMatch } from './slow-matcher.ts';

function build(kind: Lang['kind'], texts: readonly string[]): Automaton {
  const built = buildAutomaton(kind, texts);
  if (!built.ok) throw new Error(built.reason);
  return built.automaton;
}

function canonical(kind: PatternKind, text: string): string {
  const parsed = parsePattern(kind, text, []);
  if (!parsed.ok) throw new Error(`${text} ${parsed.problem}`);
  return parsed.canonical;
}

/** As an evaluator does it: paths are normalised first. */
function matches(kind: PatternKind, patterns: readonly string[], subject: string): boolean {
  const text = kind === 'path' ? normalizePath(subject) : subject;
  return (
    text !== null &&
    accepts(
      build(
        kind,
        patterns.map((p) => canonical(kind, p)),
      ),
      text,
    )
  );
}

/** Layout promises of an automaton: sizes, numbering breadth first, classes by first byte and distinct, no useless state. */
function checkLayout(a: Automaton): void {
  const states = a.accept.length;
  expect(a.classOf).toHaveLength(256);
  expect(a.next).toHaveLength(states * a.classes);
  expect([...new Set(a.classOf)]).toEqual(Array.from({ length: a.classes }, (_, i) => i));
  const met = [0];
  for (const target of a.next) if (target !== DEAD && !met.includes(target)) met.push(target);
  expect(met).toEqual(Array.from({ length: states }, (_, i) => i));
  const columns = Array.from({ length: a.classes }, (_, c) =>
    Array.from({ length: states }, (_, s) => a.next[s * a.classes + c]).join(),
  );
  expect(new Set(columns).size).toBe(a.classes);
}

/** The number of states of the minimal automaton of the same language, by another implementation. */
function minimalStates(a: Automaton): number {
  const nodes = Array.from({ length: a.accept.length }, () => NFA.nodeFactory.createNode());
  const finals = new Set(nodes.filter((_, s) => a.accept[s] === 1));
  nodes.forEach((node, s) => {
    a.classOf.forEach((c, byte) => {
      const to = a.next[s * a.classes + c]!;
      if (to !== DEAD) node.link(nodes[to]!, CharSet.fromCharacter(255, byte));
    });
  });
  const dfa = DFA.fromFA(NFA.fromBuilder({ initial: nodes[0]!, finals } as never, { maxCharacter: 255 }));
  dfa.minimize();
  return [...dfa.nodes()].length;
}

describe('matching', () => {
  const table: readonly [PatternKind, string, readonly string[], readonly string[]][] = [
    ['glob', 'a*', ['a', 'ab', 'a/b\nc'], ['', 'b', 'ba']],
    ['glob', '*/*.pem', ['x/a.pem', '/.pem', 'a/b/c.pem'], ['a.pem', 'x/a.pem2']],
    ['glob', '*', ['', '😀', 'a\nb'], []],
    ['glob', 'a?[b]', ['a?[b]'], ['axb', 'a?b']],
    ['glob', '*😀*', ['😀', 'x😀y'], ['', '😁', '\u{1F601}']],
    ['dotted', 'a.**', ['a', 'a.b', 'a.b.c'], ['', 'ab', 'b.a', 'a.', 'a..b', 'a.b.']],
    ['dotted', '**.b', ['b', 'a.b', 'a.c.b'], ['', 'a', 'b.a', '.b', 'a..b']],
    ['dotted', 'a.**.z', ['a.z', 'a.b.z', 'a.z.z'], ['a', 'z', 'az', 'a..z']],
    ['dotted', '*', ['a', '*', '日本'], ['', 'a.b', '.']],
    ['dotted', '**', ['a', 'a.b'], ['', '.', 'a.', '.a', 'a..b']],
    ['dotted', 'a*.c', ['a.c', 'ab.c'], ['a.b.c', '.c']],
    ['dotted', 'payment.execute.*', ['payment.execute.eu'], ['payment.execute', 'payment.execute.']],
    [
      'path',
      '/etc/**',
      ['/etc', '/etc/', '/etc/a/b', '//etc/./x', '/a/../etc'],
      ['/', 'etc', '/etcetera', '/etc/..'],
    ],
    ['path', '/**', ['/', '/a', '/..', '/a/b'], ['.', 'a', '..', '']],
    ['path', '**', ['a', 'a/b', '.', 'a/..', '.env'], ['/', '/a', '..', '../a', '']],
    ['path', '**/.env', ['.env', 'a/.env', './a//.env'], ['../.env', '/.env', '.env/a']],
    ['path', '/**/.env', ['/.env', '/a/b/.env', '/../.env'], ['.env', 'a/.env']],
    ['path', '../**', ['..', '../a', 'a/../../b'], ['../..', '../../a', 'a', '.', '/..']],
    ['path', '../../**', ['../..', '../../a'], ['..', '../a', '../../..']],
    ['path', '*', ['a', '...', '.a'], ['.', '..', 'a/b', '/a', '']],
    ['path', '.*', ['.env', '...', '..a'], ['.', '..', 'a']],
    ['path', '*.', ['a.', '...'], ['.', '..']],
    ['path', '.', ['.', './', 'a/..'], ['', 'a', '..', '/']],
    ['path', 'a/..', ['.'], ['a']],
    ['path', '/', ['/', '//', '/..'], ['', '.', '/a']],
    ['path', 'a\\b/*', ['a\\b/c'], ['a/b/c']],
    ['path', '/src/**/*.ts', ['/src/a.ts', '/src/b/c/a.ts'], ['/src/ts', '/src/a.tsx']],
    ['path', '/a', ['/a'], ['/a\0', '/b']],
  ];
  test.each(table)('%s %j', (kind, pattern, yes, no) => {
    expect(yes.filter((s) => !matches(kind, [pattern], s))).toEqual([]);
    expect(no.filter((s) => matches(kind, [pattern], s))).toEqual([]);
  });

  test('a list is the union of its patterns', () => {
    const patterns = ['**/.env', '/etc/**', '../**/.env'];
    expect(['.env', '/etc', '../x/.env'].every((s) => matches('path', patterns, s))).toBe(true);
    expect(['x', '/etcc', '../../.env'].some((s) => matches('path', patterns, s))).toBe(false);
  });

  test('plain texts', () => {
    const texts = ['rm -rf', 'mkfs', '日'];
    expect(accepts(build('contains', texts), 'sudo rm -rf /')).toBe(true);
    expect(accepts(build('contains', texts), '今日')).toBe(true);
    expect(accepts(build('contains', texts), 'rm -r -f')).toBe(false);
    expect(accepts(build('prefix', texts), 'mkfs.ext4')).toBe(true);
    expect(accepts(build('prefix', texts), ' mkfs')).toBe(false);
    expect(accepts(build('suffix', texts), 'x mkfs')).toBe(true);
    expect(accepts(build('suffix', texts), 'mkfs x')).toBe(false);
  });

  test('no text matches nothing, the empty text everything', () => {
    expect(accepts(build('contains', []), '')).toBe(false);
    expect(build('glob', []).accept).toEqual(Uint8Array.of(0));
    for (const kind of ['contains', 'prefix', 'suffix'] as const) {
      expect(build(kind, ['']).accept).toEqual(Uint8Array.of(1));
      expect(accepts(build(kind, ['']), 'x')).toBe(true);
    }
  });
});

describe('automata against the obvious matcher', () => {
  const piece = fc.constantFrom('a', 'b', '*', '*', '.', '/', '..', '**', '😀', 'é', '\\');
  const pattern = fc.array(piece, { minLength: 1, maxLength: 8 }).map((p) => p.join(''));
  const subject = fc
    .array(fc.constantFrom('a', 'b', '.', '/', '..', '😀', '😁', 'é', 'è', '\\', '\n'), { maxLength: 9 })
    .map((p) => p.join(''));

  test.each(['glob', 'dotted', 'path'] as const)('%s', (kind) => {
    fc.assert(
      fc.property(
        fc.array(pattern, { maxLength: 4 }),
        fc.array(subject, { maxLength: 12 }),
        (sources, subjects) => {
          const texts = sources.flatMap((s) => {
            const parsed = parsePattern(kind, s, []);
            return parsed.ok ? [parsed.canonical] : [];
          });
          const automaton = build(kind, texts);
          checkLayout(automaton);
          for (const s of [...subjects, ...texts]) {
            const text = kind === 'path' ? normalizePath(s) : s;
            if (text !== null)
              expect([s, accepts(automaton, text)]).toEqual([s, slowMatch(kind, texts, text)]);
          }
        },
      ),
      { numRuns: 1500 },
    );
  });

  test.each(['contains', 'prefix', 'suffix'] as const)('%s', (kind) => {
    const text = fc
      .array(fc.constantFrom('a', 'b', '😀', '😁', 'é'), { maxLength: 5 })
      .map((p) => p.join(''));
    fc.assert(
      fc.property(
        fc.array(text, { maxLength: 6 }),
        fc.array(subject, { maxLength: 12 }),
        (texts, subjects) => {
          const automaton = build(kind, texts);
          checkLayout(automaton);
          for (const s of [...subjects, ...texts])
            expect(accepts(automaton, s)).toBe(slowMatch(kind, texts, s));
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('no automaton can be smaller', () => {
    const kinds = fc.constantFrom('glob', 'dotted', 'path', 'contains', 'prefix', 'suffix');
    fc.assert(
      fc.property(kinds, fc.array(pattern, { maxLength: 3 }), (kind, sources) => {
        const isPattern = kind === 'glob' || kind === 'dotted' || kind === 'path';
        const texts = sources.flatMap((s) => {
          const parsed = isPattern ? parsePattern(kind, s, []) : ({ ok: true, canonical: s } as const);
          return parsed.ok ? [parsed.canonical] : [];
        });
        const automaton = build(kind, texts);
        expect(automaton.accept.length).toBe(minimalStates(automaton));
      }),
      { numRuns: 300 },
    );
  });

  test('the order and the writing of the patterns do not matter', () => {
    expect(build('dotted', ['a.**', 'b'])).toEqual(build('dotted', ['b', 'a', 'a.**', 'a.*']));
    expect(build('contains', ['ab', 'abc'])).toEqual(build('contains', ['ab']));
    expect(build('glob', ['*ab*'])).toEqual(build('contains', ['ab']));
    expect(build('glob', ['ab*', 'c*'])).toEqual(build('prefix', ['c', 'ab']));
    expect(build('glob', ['*ab', '*c'])).toEqual(build('suffix', ['c', 'ab']));
  });
});

describe('size', () => {
  const words = (n: number, length: number): string[] => {
    let seed = 7;
    return Array.from({ length: n }, () =>
      Array.from({ length }, () => {
        seed = (seed * 1103515245 + 12345) % 2147483648;
        return String.fromCharCode(97 + ((seed >> 8) % 26));
      }).join(''),
    );
  };

  test('a thousand texts are quick', () => {
    const texts = words(1000, 12);
    const started = performance.now();
    const automata = [
      build('contains', texts),
      build(
        'glob',
        texts.map((t) => `*${t}*`),
      ),
    ];
    expect(performance.now() - started).toBeLessThan(4000);
    expect(automata[0]).toEqual(automata[1]);
    expect(texts.every((t) => accepts(automata[0]!, `x${t}y`))).toBe(true);
    expect(accepts(automata[0]!, texts[0]!.slice(1))).toBe(false);
  });

  test.each([
    ['dotted', ['**.a.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*']],
    ['glob', Array.from({ length: 40 }, (_, i) => `*${words(41, 3)[i]}*${words(41, 3)[i + 1]}*x`)],
    ['dotted', Array.from({ length: 30 }, (_, i) => `**.${words(31, 3)[i]}.**.${words(31, 3)[i + 1]}.**.x`)],
    ['path', Array.from({ length: 4000 }, (_, i) => `**/${'ab'.repeat(100)}${i}`)],
    ['contains', words(4096, 4000)],
    ['prefix', words(300, 400)],
  ] as const)('%s blow-up gives up in bounded time', (kind, texts) => {
    const started = performance.now();
    expect(buildAutomaton(kind, texts)).toEqual({ ok: false, reason: 'too_many_states' });
    expect(performance.now() - started).toBeLessThan(4000);
  });

  test('exactly MAX_STATES states fit', () => {
    const chain = (states: number): string => 'a'.repeat(states - 1);
    expect(build('prefix', [chain(MAX_STATES)]).accept).toHaveLength(MAX_STATES);
    expect(buildAutomaton('prefix', [chain(MAX_STATES + 1)]).ok).toBe(false);
  });
});
