// Long property-based runs: `npm run fuzz -- --minutes N --seed S`. Prints every disagreement between the evaluators and the executable
// specification with the smallest policy, schema and request that show it; the exit code is 1 when there is one.

import fc from 'fast-check';
import { makeCase } from '../test/parity/policies.ts';
import { broken, SEEDS, showCase, Tally } from '../test/parity/properties.ts';

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
  let shown = '';
  const property = fc.property(SEEDS, (seeds) => {
    const why = attempt(seeds, tally);
    if (why !== null) shown = why;
    return why === null;
  });
  const details = fc.check(property, { seed, numRuns: RUNS_PER_SEED });
  const [counterexample] = details.counterexample ?? [];
  if (counterexample === undefined) return;
  const key = shown.slice(0, 200);
  if (seen.has(key)) return;
  seen.add(key);
  console.log(`seed ${seed}: ${shown}\n${showCase(makeCase(counterexample))}\n`);
}

function attempt(seeds: Parameters<typeof broken>[0], tally: Tally): string | null {
  try {
    return broken(seeds, tally);
  } catch (error) {
    return `thrown: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
}

function summary(tally: Tally, seed: number): string {
  const refusals = [...tally.refusals].sort(([, a], [, b]) => b - a).slice(0, 8);
  return (
    `${tally.cases} policies (${(tally.discardRate * 100).toFixed(1)} % discarded), ${tally.requests} requests ` +
    `(${tally.invalid} invalid, ${tally.defaulted} by default); next seed ${seed}; ` +
    `refused by ${refusals.map(([code, n]) => `${code} ${n}`).join(', ')}`
  );
}
