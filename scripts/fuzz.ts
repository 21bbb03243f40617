// Long property-based runs: `npm run fuzz -- --minutes N --seed S`. Prints every disagreement between the evaluators and the executable
// specification with the smallest policy, schema and request that show it; the exit code is 1 when there is one.

import fc from 'fast-check';
import { makeCase } from '../test/parity/policies.ts';
import { explain, reduced, SEEDS, showCase, Tally } from '../test/parity/properties.ts';
import { longRun } from './long-run.ts';

const RUNS_PER_SEED = 200;

export function main(args: readonly string[]): number {
  const tally = new Tally();
  const seen = new Set<string>();
  const isRun = longRun(
    'fuzz',
    args,
    (seed) => report(seed, tally, seen),
    (seed) => summary(tally, seed),
  );
  if (!isRun) return 2;
  if (tally.missing.length > 0) console.log(`operations never reached: ${tally.missing.join(', ')}`);
  return seen.size > 0 ? 1 : 0;
}

/** One batch; tells the smallest case of a disagreement once. */
function report(seed: number, tally: Tally, seen: Set<string>): void {
  const property = fc.property(SEEDS, (seeds) => explain(seeds, tally) === null);
  const { counterexample } = fc.check(property, { seed, numRuns: RUNS_PER_SEED, endOnFailure: true });
  if (counterexample === null) return;
  const small = reduced(counterexample[0]);
  const shown = `${explain(small, new Tally())}\n${showCase(makeCase(small))}`;
  if (seen.has(shown)) return;
  seen.add(shown);
  console.log(`seed ${seed}: ${shown}\n`);
}

function summary(tally: Tally, seed: number): string {
  const refusals = [...tally.refusals].sort(([, a], [, b]) => b - a).slice(0, 8);
  return (
    `${tally.cases} policies (${(tally.discardRate * 100).toFixed(1)} % discarded), ${tally.requests} requests ` +
    `(${tally.invalid} invalid, ${tally.defaulted} by default); next seed ${seed}; ` +
    `refused by ${refusals.map(([code, n]) => `${code} ${n}`).join(', ')}`
  );
}
