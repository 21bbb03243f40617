// Parity: on random policies over random schemas and random requests, every evaluator gives the decision of the executable specification
// (test/spec). The seed is printed when a property fails; POLICYC_SEED repeats a run, POLICYC_RUNS makes it longer.
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { makeCase } from './policies.ts';
import { explain, reduced, SEEDS, showCase, Tally } from './properties.ts';

const SEED = Number(process.env.POLICYC_SEED ?? Date.now() % 2 ** 31);
const RUNS = Number(process.env.POLICYC_RUNS ?? 2000);

describe(`generated policies (POLICYC_SEED=${SEED})`, () => {
  const tally = new Tally();

  it('every evaluator agrees with the specification', { timeout: Number.POSITIVE_INFINITY }, () => {
    let why: string | null = null;
    const property = fc.property(SEEDS, (seeds) => {
      why = explain(seeds, tally);
      return why === null;
    });
    const { counterexample } = fc.check(property, { seed: SEED, numRuns: RUNS, endOnFailure: true });
    if (counterexample === null) return;
    const small = reduced(counterexample[0]);
    expect.fail(`seed ${SEED}: ${explain(small, new Tally())}\n${showCase(makeCase(small))}`);
  });

  it('the generator reaches every operation of the machine', () => {
    // A run that ended at a disagreement has seen too little.
    const complete = tally.cases >= RUNS;
    expect(complete ? tally.missing : []).toEqual([]);
  });

  it('few policies are discarded, and the requests are of all sorts', () => {
    expect(tally.discardRate).toBeLessThan(0.2);
    expect(tally.invalid / tally.requests).toBeGreaterThan(0.05);
    expect(tally.requests - tally.invalid - tally.defaulted).toBeGreaterThan(tally.requests * 0.1);
  });

  afterAll(() => {
    console.info(
      `parity: seed ${SEED}, ${tally.cases} policies (${tally.discarded} discarded), ${tally.requests} requests`,
    );
  });
});
