// The theory of one string against all short words over a small alphabet, judged by the obvious matchers. The seed is printed when the
// property fails; POLICYC_SEED repeats a run, POLICYC_RUNS makes it longer.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Lang } from '../../src/ir/ir.ts';
import { parsePattern } from '../../src/ir/pattern.ts';
import { StringTheory, type WordsResult } from '../../src/theory/strings.ts';
import type { Reading, StringCondition, StringTest } from '../../src/theory/strings-literal.ts';
import { accepts, NORMAL_PATH, tableMachine, UTF8 } from '../../src/theory/strings-machine.ts';
import { normalizePath } from '../../src/value/path.ts';
import { slowMatch } from '../pattern/slow-matcher.ts';

const SEED = Number(process.env.POLICYC_SEED ?? Date.now() % 2 ** 31);
const RUNS = Number(process.env.POLICYC_RUNS ?? 500);

const ALPHABET = ['a', 'b', '.', '/', 'A', 'é'];
const WORDS = allWords(4);

function allWords(longest: number): string[] {
  const words = [''];
  let last = words.slice();
  for (let length = 1; length <= longest; length++) {
    last = last.flatMap((word) => ALPHABET.map((letter) => word + letter));
    words.push(...last);
  }
  return words;
}

const READ: Record<Reading, (text: string) => string> = {
  same: (text) => text,
  lower: (text) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()),
  upper: (text) => text.replace(/[a-z]/g, (letter) => letter.toUpperCase()),
};

function passes(test: StringTest, text: string): boolean {
  switch (test.kind) {
    case 'lang':
      return slowMatch(test.lang.kind, test.lang.texts, text);
    case 'texts':
      return test.texts.includes(text);
    case 'normalPath':
      return normalizePath(text) === text;
    case 'length': {
      const length = [...text].length;
      return length >= test.min && length <= test.max;
    }
  }
}

function satisfies({ test, reading, holds }: StringCondition, word: string): boolean {
  return passes(test, READ[reading](word)) === holds;
}

function satisfiesAll(conditions: readonly StringCondition[], word: string): boolean {
  return conditions.every((condition) => satisfies(condition, word));
}

// Shorthands for conditions.
function lang(kind: Lang['kind'], ...texts: string[]): StringCondition {
  return { test: { kind: 'lang', lang: { kind, texts } }, reading: 'same', holds: true };
}
function texts(...list: string[]): StringCondition {
  return { test: { kind: 'texts', texts: list }, reading: 'same', holds: true };
}
function length(min: number, max = Number.POSITIVE_INFINITY): StringCondition {
  return { test: { kind: 'length', min, max }, reading: 'same', holds: true };
}
const NORMAL: StringCondition = { test: { kind: 'normalPath' }, reading: 'same', holds: true };
function not(condition: StringCondition): StringCondition {
  return { ...condition, holds: !condition.holds };
}
function read(reading: Reading, condition: StringCondition): StringCondition {
  return { ...condition, reading };
}

function find(count: number, ...conditions: StringCondition[]): WordsResult {
  return new StringTheory().find(conditions, count);
}

/** The words found, after judging them. */
function words(count: number, ...conditions: StringCondition[]): readonly string[] {
  const result = find(count, ...conditions);
  if (result.kind !== 'words') throw new Error(JSON.stringify(result));
  expect(result.words.filter((word) => !satisfiesAll(conditions, word))).toEqual([]);
  expect(new Set(result.words).size).toBe(result.words.length);
  expect(result.words.every((word) => word.isWellFormed())).toBe(true);
  return result.words;
}

function core(...conditions: StringCondition[]): readonly number[] {
  const result = find(1, ...conditions);
  if (result.kind !== 'none') throw new Error(JSON.stringify(result));
  return result.core;
}

const SHORT_TEXT = fc.string({ unit: fc.constantFrom(...ALPHABET), maxLength: 3 });

function patternsOf(kind: 'glob' | 'dotted' | 'path'): fc.Arbitrary<readonly string[]> {
  const one = fc
    .string({ unit: fc.constantFrom(...ALPHABET, '*', '*', '**', '/**/', '.**'), minLength: 1, maxLength: 4 })
    .map((text) => parsePattern(kind, text, []))
    .filter((parsed) => parsed.ok)
    .map((parsed) => (parsed.ok ? parsed.canonical : ''));
  return fc.uniqueArray(one, { minLength: 1, maxLength: 3 });
}

const LANG: fc.Arbitrary<Lang> = fc.oneof(
  fc.record({
    kind: fc.constantFrom<Lang['kind'][]>('contains', 'prefix', 'suffix'),
    texts: fc.uniqueArray(SHORT_TEXT, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ kind: fc.constant<'glob'>('glob'), texts: patternsOf('glob') }),
  fc.record({ kind: fc.constant<'dotted'>('dotted'), texts: patternsOf('dotted') }),
  fc.record({ kind: fc.constant<'path'>('path'), texts: patternsOf('path') }),
);

const TEST: fc.Arbitrary<StringTest> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant<'lang'>('lang'), lang: LANG }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant<'texts'>('texts'),
      texts: fc.uniqueArray(SHORT_TEXT, { maxLength: 6 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant<StringTest>({ kind: 'normalPath' }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant<'length'>('length'),
      min: fc.integer({ min: 0, max: 5 }),
      max: fc.constantFrom(0, 1, 2, 3, 4, 6, Number.POSITIVE_INFINITY),
    }),
  },
);

const CONDITIONS: fc.Arbitrary<readonly StringCondition[]> = fc
  .array(
    fc.record({
      test: TEST,
      reading: fc.constantFrom<Reading[]>('same', 'same', 'same', 'lower', 'upper'),
      holds: fc.boolean(),
    }),
    { minLength: 1, maxLength: 5 },
  )
  // Path languages are over normal forms; of other texts they say nothing.
  .map((list) =>
    list.some(({ test }) => test.kind === 'lang' && test.lang.kind === 'path') ? [...list, NORMAL] : list,
  );

/** Holds what an answer says against the short words that satisfy the conditions. */
function judge(
  conditions: readonly StringCondition[],
  count: number,
  short: readonly string[],
  result: WordsResult,
): void {
  if (result.kind === 'unknown') return;
  if (result.kind === 'none') {
    expect(short).toEqual([]);
    return;
  }
  expect(result.words.filter((word) => !satisfiesAll(conditions, word))).toEqual([]);
  expect(new Set(result.words).size).toBe(result.words.length);
  expect(result.words.length).toBeGreaterThan(0);
  expect(result.words.length).toBeLessThanOrEqual(count);
  if (result.all) expect(short.filter((word) => !result.words.includes(word))).toEqual([]);
  const bytes = result.words.map((word) => new TextEncoder().encode(word).length);
  expect(bytes).toEqual([...bytes].sort((x, y) => x - y));
}

describe(`random conjunctions (POLICYC_SEED=${SEED})`, () => {
  const tally = { words: 0, none: 0, all: 0, ended: 0 };
  // One for all runs, as a comparison uses it: what it remembers must not mislead it.
  const theory = new StringTheory();
  const hasty = new StringTheory({ states: 60 });

  it('agree with all short words', { timeout: Number.POSITIVE_INFINITY }, () => {
    const property = fc.property(CONDITIONS, fc.integer({ min: 1, max: 6 }), (conditions, count) => {
      const short = WORDS.filter((word) => satisfiesAll(conditions, word));
      const quick = hasty.find(conditions, count);
      judge(conditions, count, short, quick);
      if (quick.kind === 'unknown') tally.ended++;
      const result = theory.find(conditions, count);
      if (result.kind === 'unknown') throw new Error(result.reason);
      judge(conditions, count, short, result);
      tally[result.kind]++;
      if (result.kind === 'none') {
        const alone = result.core.map((index) => conditions[index]!);
        // Nothing in a core is superfluous.
        const whole = alone.map((_, index) => index);
        expect(new StringTheory().find(alone, 1)).toEqual({ kind: 'none', core: whole });
        return;
      }
      if (result.all) tally.all++;
      else expect(result.words.length).toBe(count);
      const shortest = short.find((word) => !word.includes('é'));
      const first = new TextEncoder().encode(result.words[0]!).length;
      if (shortest !== undefined) expect(first).toBeLessThanOrEqual(shortest.length);
    });
    fc.assert(property, { seed: SEED, numRuns: RUNS, endOnFailure: false });
  });

  it('have words, have none, have finitely many, and end budgets', () => {
    const least = Math.floor(RUNS / 50);
    expect(tally.words).toBeGreaterThan(least);
    expect(tally.none).toBeGreaterThan(least);
    expect(tally.all).toBeGreaterThan(least);
    expect(tally.ended).toBeGreaterThan(least);
  });
});

describe('machines', () => {
  const SAME = Uint8Array.from({ length: 256 }, (_, byte) => byte);

  /** All sequences of up to `longest` of these bytes. */
  function sequences(bytes: readonly number[], longest: number): Uint8Array[] {
    let last: number[][] = [[]];
    const all = last.slice();
    for (let i = 0; i < longest; i++) {
      last = last.flatMap((sequence) => bytes.map((byte) => [...sequence, byte]));
      all.push(...last);
    }
    return all.map((sequence) => Uint8Array.from(sequence));
  }

  function isUtf8(bytes: Uint8Array): boolean {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes);
      return true;
    } catch {
      return false;
    }
  }

  it('well-formed UTF-8', () => {
    const machine = tableMachine(UTF8, SAME, true);
    const edges = [
      0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0,
      0xf1, 0xf3, 0xf4, 0xf5, 0xff,
    ];
    const all = [...sequences([...SAME], 2), ...sequences(edges, 3)];
    for (const tail of sequences([0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc2], 4)) {
      all.push(...[0xe0, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5].map((lead) => Uint8Array.of(lead, ...tail)));
    }
    expect(all.filter((bytes) => accepts(machine, bytes) !== isUtf8(bytes))).toEqual([]);
  });

  it('normal forms of paths', () => {
    const machine = tableMachine(NORMAL_PATH, SAME, true);
    const isNormal = (bytes: Uint8Array): boolean => {
      const text = new TextDecoder().decode(bytes);
      return normalizePath(text) === text;
    };
    const all = [...sequences([0x2e, 0x2f, 0x61], 9), ...sequences([0x2e, 0x2f, 0x61, 0x5c, 0], 5)];
    expect(all.filter((bytes) => accepts(machine, bytes) !== isNormal(bytes))).toEqual([]);
  });
});

describe('words', () => {
  it('of nothing are friendly, shortest first', () => {
    expect(words(4)).toEqual(['', 'a', 'b', 'c']);
  });

  it('of overlapping patterns', () => {
    expect(words(3, lang('glob', 'a*'), not(lang('glob', 'ab*')))).toEqual(['a', 'aa', 'ac']);
    expect(core(lang('glob', 'ab*'), not(lang('glob', 'a*')))).toEqual([0, 1]);
  });

  it('tell ** from *', () => {
    expect(words(1, lang('dotted', 'a.**'), not(lang('dotted', 'a.*')))).toEqual(['a']);
    expect(words(1, lang('dotted', 'a.**'), not(lang('dotted', 'a.*', 'a')))).toEqual(['a.a.a']);
    expect(core(lang('dotted', 'a.*'), not(lang('dotted', 'a.**')))).toEqual([0, 1]);
    expect(words(1, lang('path', '/etc/**'), NORMAL, not(lang('path', '/etc/*')))).toEqual(['/etc']);
  });

  it('of three demands among two hundred refusals', () => {
    const refused = Array.from({ length: 200 }, (_, i) => not(lang('contains', `tool-${i} --force`)));
    const demands = [lang('contains', 'sudo '), lang('contains', 'tool-'), lang('contains', ' --force')];
    expect(words(3, ...refused, ...demands)).toHaveLength(3);
    // Only one refusal contradicts a demand.
    expect(core(...refused, ...demands, lang('glob', 'x*tool-77 --force*'))).toEqual([77, 203]);
  });

  it('of many demands, though not the shortest', () => {
    const demands = Array.from({ length: 14 }, (_, i) => lang('contains', `word${i}!`));
    expect(words(1, ...demands)).toHaveLength(1);
  });

  it('of readings', () => {
    expect(core(length(0), read('lower', lang('contains', 'rM')))).toEqual([1]);
    expect(words(8, read('lower', texts('rm')))).toHaveLength(4);
    expect(words(1, read('lower', lang('contains', 'rm')), not(lang('contains', 'rm')))).toEqual(['rM']);
    expect(core(read('upper', texts('A')), not(texts('a', 'A')))).toEqual([0, 1]);
    expect(words(1, read('upper', texts('É')))).toEqual(['É']);
    expect(core(read('upper', texts('é', 'a')), not(texts('é')))).toEqual([0, 1]);
  });

  it('of normal paths', () => {
    expect(words(1, NORMAL, lang('contains', '..'))).toEqual(['..']);
    expect(words(1, NORMAL, lang('suffix', '/..'))).toEqual(['../..']);
    expect(core(NORMAL, lang('prefix', '/'), lang('suffix', '/..'))).toEqual([0, 1, 2]);
    expect(core(NORMAL, lang('glob', 'a/../*'))).toEqual([0, 1]);
    expect(core(NORMAL, texts('', 'a/', 'a//b', './a', 'a\0'))).toEqual([0, 1]);
    expect(words(1, not(NORMAL), not(texts('')), not(lang('contains', '/')))).toEqual(['\0']);
  });

  it('of lengths', () => {
    const [long] = words(1, length(300), lang('contains', 'rm -rf'), not(lang('suffix', 'a')));
    expect(long).toHaveLength(300);
    expect(core(length(0, 5), not(lang('contains', 'x')), lang('contains', 'sixsix', 'seven77'))).toEqual([
      0, 2,
    ]);
    expect(words(100, length(1, 1), not(lang('glob', '*a*')))).toHaveLength(100);
    expect(core(length(3, 2), lang('contains', 'a'))).toEqual([0]);
    expect(core(not(length(0)))).toEqual([0]);
    expect(words(1, not(length(0, 3)))).toEqual(['aaaa']);
  });

  it('count code points', () => {
    expect(words(1, length(1, 1), lang('contains', '😀'))).toEqual(['😀']);
    expect(core(length(2, 2), texts('😀', 'é', '日'))).toEqual([0, 1]);
    expect(words(1, length(2, 2), lang('prefix', '😀'), lang('suffix', '😀'))).toEqual(['😀😀']);
    // Characters have no halves.
    expect(core(lang('glob', '*😀*'), not(lang('contains', '😀')))).toEqual([0, 1]);
  });

  it('leave ASCII only when they must', () => {
    const ascii = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
    expect(words(1, length(1), not(lang('contains', ...ascii)))).toEqual(['é']);
    expect(words(1, length(1), not(lang('contains', ...ascii.slice(1))))).toEqual(['é']);
    expect(words(1, lang('contains', '\uFEFFx'))).toEqual(['\uFEFFx']);
    expect(words(1, length(1), not(lang('contains', ...ascii.slice(0x20, 0x7f))))).toEqual(['é']);
  });

  it('of an enum without its values', () => {
    const all = texts('low', 'medium', 'high');
    expect(core(all, not(texts('low', 'x')), lang('glob', '*'), not(texts('medium', 'high')))).toEqual([
      0, 1, 3,
    ]);
    expect(find(5, all, not(texts('medium')))).toEqual({ kind: 'words', words: ['low', 'high'], all: true });
    expect(find(2, all, not(texts('medium')))).toEqual({ kind: 'words', words: ['low', 'high'], all: true });
    expect(find(1, all, not(texts('medium')))).toEqual({ kind: 'words', words: ['low'], all: false });
    expect(core(texts('\uD83D'))).toEqual([0]);
    expect(core(read('lower', texts('\uD83D')))).toEqual([0]);
  });

  it('a core goes without the enum where the other conditions contradict each other', () => {
    expect(core(texts('ax', 'b'), lang('prefix', 'a'), not(lang('contains', 'a')))).toEqual([1, 2]);
  });
});

describe('what cannot be decided', () => {
  const huge = lang(
    'glob',
    ...Array.from({ length: 40 }, (_, i) => `*${String.fromCodePoint(0x100 + i)}*x*y${i}`),
  );

  const theory = new StringTheory();

  it('names the language whose automaton is too large', () => {
    const result = theory.find([huge], 1);
    expect(result).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('*Ā*x*y0') });
  });

  it('may still be refuted by the other conditions', () => {
    expect(theory.find([huge, texts('a'), lang('prefix', 'b')], 1)).toEqual({ kind: 'none', core: [1, 2] });
    expect(theory.find([huge, not(huge)], 1)).toEqual({ kind: 'none', core: [0, 1] });
  });

  it('a state that was seen is not paid for again', () => {
    const demands = Array.from({ length: 5 }, (_, i) => lang('contains', `word${i}!`));
    const result = new StringTheory({ states: 9_000 }).find([...demands, length(0, 23)], 1);
    expect(result).toEqual({ kind: 'none', core: [0, 1, 2, 3, 5] });
  });

  it('says when the budget ended', () => {
    const result = new StringTheory({ states: 50 }).find([length(300), lang('contains', 'a')], 1);
    expect(result).toEqual({ kind: 'unknown', reason: 'the search for a text ended after 50 states' });
  });

  it('never claims that there are no other words', () => {
    const result = new StringTheory({ states: 400 }).find([lang('contains', 'a')], 1000);
    expect(result).toMatchObject({ kind: 'words', all: false });
  });
});
