// Long runs of the comparison against enumeration: `npm run fuzz-diff -- --minutes N --seed S`. Prints every pair of versions on which the
// report is wrong, made smaller, as source files; the exit code is 1 when there is one.

import { judgePair } from '../test/diff/oracle/engine.ts';
import { PAIR_KINDS } from '../test/diff/oracle/pairs.ts';
import { firstFailure, Tally } from '../test/diff/oracle/run.ts';

const RUNS_PER_SEED = 50;

export function main(args: readonly string[]): number {
  const minutes = Number(option(args, '--minutes') ?? 5);
  let seed = Number(option(args, '--seed') ?? Date.now() % 2 ** 31);
  if (!(minutes > 0) || !Number.isSafeInteger(seed)) {
    console.error('usage: npm run fuzz-diff -- --minutes N --seed S');
    return 2;
  }
  const end = Date.now() + minutes * 60_000;
  const tally = new Tally();
  const seen = new Set<string>();
  let progress = Date.now();
  for (; Date.now() < end; seed++) {
    for (const kind of PAIR_KINDS) {
      const failure = firstFailure(kind, seed, RUNS_PER_SEED, judgePair, tally);
      if (failure === null || seen.has(failure)) continue;
      seen.add(failure);
      console.log(`seed ${seed}: ${failure}\n`);
    }
    if (Date.now() - progress > 30_000) {
      progress = Date.now();
      console.error(`${tally.summary()}; next seed ${seed}`);
    }
  }
  console.log(`${tally.summary()}; ${seen.size} failures; next seed ${seed}`);
  return seen.size > 0 ? 1 : 0;
}

function option(args: readonly string[], name: string): string | undefined {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args[at + 1];
}
