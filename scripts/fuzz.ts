// Long property-based runs: `npm run fuzz -- --minutes N --seed S`. Prints every disagreement between the evaluators and the executable
// specification with the smallest policy, schema and request that show it; the exit code is 1 when there is one.

import fc from 'fast-check';
import { makeCase } from '../test/parity/policies.ts';
import { explain, reduced, SEEDS, showCase, Tally } from '../test/parity/properties.ts';

const RUNS_PER_SEED = 200;

export function main(args: readonly string[]): number {
  const minutes = Number(option(args, '--minutes') ?? 5);
  let seed = Number(option(args, '--seed') ?? Date.now() % 2 ** 31);
  if (!(minutes > 0) || !Number.isSafeInteger(seed)) {
    console.error('usage: npm run fuzz -- --minutes N --seed S');
    return 2;
  }
  const end = Date.now() + minutes * 60_000;
  const tally = new Tally();
  const seen = new Set<string>();
  let progress = Date.now();
  for (; Date.now() < end; seed++) {
    report(seed, tally, seen);
    if (Date.now() - progress > 30_000) {
      progress = Date.now();
      console.error(summary(tally, seed));
    }
  }
  console.log(summary(tally, seed));
  if (tally.missing.length > 0) console.log(`operations never reached: ${tally.missing.join(', ')}`);
  return seen.size > 0 ? 1 : 0;
}

function option(args: readonly string[], name: string): string | undefined {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args[at + 1];
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
