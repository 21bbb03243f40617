// Long runs of the comparison against enumeration: `npm run fuzz-diff -- --minutes N --seed S`. Prints every pair of versions on which the
// report is wrong, made smaller, as source files; the exit code is 1 when there is one.

import { judgePair } from '../test/diff/oracle/engine.ts';
import { PAIR_KINDS } from '../test/diff/oracle/pairs.ts';
import { firstFailure, Tally } from '../test/diff/oracle/run.ts';
import { longRun } from './long-run.ts';

const RUNS_PER_SEED = 50;

export function main(args: readonly string[]): number {
  const tally = new Tally();
  const seen = new Set<string>();
  const batch = (seed: number): void => {
    for (const kind of PAIR_KINDS) {
      const failure = firstFailure(kind, seed, RUNS_PER_SEED, judgePair, tally);
      if (failure === null || seen.has(failure)) continue;
      seen.add(failure);
      console.log(`seed ${seed}: ${failure}\n`);
    }
  };
  const summary = (seed: number): string => `${tally.summary()}; ${seen.size} failures; next seed ${seed}`;
  if (!longRun('fuzz-diff', args, batch, summary)) return 2;
  return seen.size > 0 ? 1 : 0;
}
