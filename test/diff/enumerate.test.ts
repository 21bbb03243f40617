// The comparison against enumeration: over small worlds every request is decided under both versions, and the report must say just that.
// The seed is printed; POLICYC_SEED repeats a run, POLICYC_RUNS makes it longer.

import { afterAll, describe, expect, it } from 'vitest';
import { judgePair } from './oracle/engine.ts';
import type { PairKind } from './oracle/pairs.ts';
import { firstFailure, Tally } from './oracle/run.ts';

const SEED = Number(process.env.POLICYC_SEED ?? Date.now() % 2 ** 31);
const RUNS = Number(process.env.POLICYC_RUNS ?? 2300);

/** Share of the runs. */
const KINDS: readonly (readonly [PairKind, number, string])[] = [
  ['independent', 0.15, 'two policies over one schema'],
  ['edited', 0.3, 'a policy and an edited copy'],
  ['rewritten', 0.2, 'a policy and the same written differently'],
  ['evolved', 0.15, 'a policy over two releases of a schema'],
  ['upgraded', 0.1, 'a policy and an edited copy over two releases of a schema'],
  ['open', 0.1, 'an edited copy over an open schema, against a sample'],
];

/** Part of the pairs for which the engine may leave a question open. */
const MAX_UNDECIDED = 0.02;

describe(`comparison and enumeration (POLICYC_SEED=${SEED})`, () => {
  const tallies = new Map(KINDS.map(([kind]) => [kind, new Tally()]));

  for (const [kind, share, name] of KINDS)
    it(name, { timeout: Number.POSITIVE_INFINITY }, () => {
      const failure = firstFailure(kind, SEED, Math.ceil(RUNS * share), judgePair, tallies.get(kind)!);
      if (failure !== null) expect.fail(`seed ${SEED}: ${failure}`);
    });

  it('hardly any question stays open', () => {
    const finite = [...tallies].filter(([kind]) => kind !== 'open').map(([, tally]) => tally);
    const pairs = finite.reduce((sum, tally) => sum + tally.pairs, 0);
    const undecided = finite.reduce((sum, tally) => sum + tally.undecided, 0);
    expect(undecided / Math.max(1, pairs)).toBeLessThanOrEqual(MAX_UNDECIDED);
  });

  it('few pairs are discarded, and there are both changes and none', () => {
    for (const [kind, tally] of tallies) {
      expect(tally.discardRate, kind).toBeLessThan(0.2);
      // A run that ended at a failure has seen too little.
      if (tally.pairs < 100) continue;
      if (kind === 'rewritten') expect(tally.cells, kind).toBe(0);
      else expect(tally.cells, kind).toBeGreaterThan(tally.pairs / 4);
      if (kind !== 'independent') expect(tally.same, kind).toBeGreaterThan(tally.pairs / 10);
    }
  });

  afterAll(() => {
    for (const [kind, tally] of tallies) console.info(`seed ${SEED}, ${kind}: ${tally.summary()}`);
  });
});
