// The smallest change of a request, judged by brute force: in worlds whose valid requests can all be written down, no request with the
// wanted effect is nearer than the one that was found, and where none was found there is none.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flip } from '../../src/explain/flip.ts';
import type { Json } from '../../src/value/json.ts';
import { canonical } from '../diff/oracle/enumerate.ts';
import { validator } from '../diff/oracle/judge.ts';
import { type Built, makePair, type PairKind, SEEDS } from '../diff/oracle/pairs.ts';
import type { Subject } from '../diff/oracle/subject.ts';

const SEED = Number(process.env.POLICYC_SEED ?? 11);
const WORLDS = Number(process.env.POLICYC_RUNS ?? 120);
/** More than any question of these worlds needs. */
const BUDGET_MS = 60_000;

/** How many members differ; one that is added or removed counts once, items of lists are compared by index. */
function distance(a: Json, b: Json): number {
  if (Array.isArray(a) && Array.isArray(b)) {
    const [short, long] = a.length < b.length ? [a, b] : [b, a];
    return short.reduce((sum: number, item, i) => sum + distance(item, long[i]), long.length - short.length);
  }
  if (isRecord(a) && isRecord(b)) {
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
    return keys.reduce((sum, key) => {
      if (!Object.hasOwn(a, key) || !Object.hasOwn(b, key)) return sum + 1;
      return sum + distance(a[key]!, b[key]!);
    }, 0);
  }
  return canonical(a) === canonical(b) ? 0 : 1;
}

function isRecord(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface Outcome {
  readonly kind: 'flipped' | 'impossible' | 'unknown';
  readonly minimal: boolean;
  readonly changes: number;
}

/** `open`: the requests are only some of those that are valid. */
function check(
  subject: Subject,
  requests: readonly Json[],
  request: Json,
  effect: string,
  open: boolean,
): Outcome {
  const side = {
    bytes: subject.compiled.bytes,
    ir: subject.compiled.ir,
    schemas: subject.compiled.typed.schemas,
  };
  const reaching = requests.filter((each) => subject.evaluator.evaluate(each).effect === effect);
  const best = Math.min(...reaching.map((each) => distance(request, each)));
  const result = flip(side, request, effect, BUDGET_MS);
  const told = `${subject.version.source}\n${JSON.stringify(subject.version.schema)}\n${JSON.stringify(request)} to ${effect}: ${JSON.stringify(result)}, best ${best}`;
  if (result.kind === 'impossible') {
    expect(best, told).toBe(Infinity);
    return { kind: 'impossible', minimal: true, changes: 0 };
  }
  expect(result.atLeast, told).toBeLessThanOrEqual(best);
  if (result.kind === 'unknown') return { kind: 'unknown', minimal: false, changes: 0 };
  expect(validator(subject.version.schema)(result.request), told).toBe(true);
  expect(subject.evaluator.evaluate(result.request), told).toMatchObject({ effect, invalid: null });
  expect(distance(request, result.request), told).toBe(result.changes.length);
  if (result.minimal && !open) expect(result.changes.length, told).toBe(best);
  if (result.minimal) expect(result.changes.length, told).toBeLessThanOrEqual(best);
  return { kind: 'flipped', minimal: result.minimal, changes: result.changes.length };
}

function worlds(kind: PairKind, count: number): readonly Built[] {
  const samples = fc.sample(SEEDS, { seed: SEED, numRuns: count });
  return samples.flatMap((seeds) => makePair(kind, seeds) ?? []);
}

/** Every other effect, for two requests of each world. */
function outcomesIn(built: readonly Built[]): readonly Outcome[] {
  return built.flatMap(({ pair, old, requests }) =>
    [13, 7932].flatMap((at) => {
      const request = requests[at % requests.length]!;
      const current = old.evaluator.evaluate(request).effect;
      const others = old.effects.filter((each) => each !== current);
      return others.map((effect) => check(old, requests, request, effect, pair.old.world.open));
    }),
  );
}

function report(name: string, outcomes: readonly Outcome[]): void {
  const flipped = outcomes.filter(({ kind }) => kind === 'flipped');
  const proved = outcomes.filter(({ minimal }) => minimal);
  const sizes = [...new Set(flipped.map(({ changes }) => changes))].sort();
  console.info(
    `${name}: ${outcomes.length} questions, ${flipped.length} flipped, ${proved.length} proved, sizes ${sizes.join()}`,
  );
}

describe(`the smallest change (POLICYC_SEED=${SEED})`, () => {
  it('is the smallest of all requests', { timeout: Number.POSITIVE_INFINITY }, () => {
    const outcomes = outcomesIn(worlds('edited', WORLDS));
    report('finite worlds', outcomes);
    const flipped = outcomes.filter(({ kind }) => kind === 'flipped');
    expect(flipped.length).toBeGreaterThanOrEqual(100);
    expect(flipped.filter(({ minimal }) => minimal).length / flipped.length).toBeGreaterThan(0.99);
    expect(outcomes.some(({ changes }) => changes > 1)).toBe(true);
    expect(outcomes.filter(({ kind }) => kind === 'unknown').length / outcomes.length).toBeLessThan(0.03);
  });

  it('is not beaten by a sample of an infinite world', { timeout: Number.POSITIVE_INFINITY }, () => {
    const outcomes = outcomesIn(worlds('open', WORLDS / 3));
    report('open worlds', outcomes);
    expect(outcomes.filter(({ minimal }) => minimal).length / outcomes.length).toBeGreaterThan(0.8);
  });
});
