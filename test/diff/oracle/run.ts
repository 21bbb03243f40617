// Many pairs in a row: what the tests do for a minute and `scripts/fuzz-diff.ts` for long.

import fc from 'fast-check';
import type { Judged } from './judge.ts';
import { type Built, makePair, type PairKind, SEEDS, showPair } from './pairs.ts';
import { reduced } from './reduce.ts';

/** What a run has seen. */
export class Tally {
  pairs = 0;
  discarded = 0;
  requests = 0;
  cells = 0;
  /** Pairs without any cell. */
  same = 0;
  undecided = 0;
  readonly refusals = new Map<string, number>();

  get discardRate(): number {
    return this.discarded / Math.max(1, this.pairs + this.discarded);
  }

  get undecidedRate(): number {
    return this.undecided / Math.max(1, this.pairs);
  }

  summary(): string {
    const share = (rate: number): string => `${(rate * 100).toFixed(1)} %`;
    return (
      `${this.pairs} pairs (${share(this.discardRate)} discarded), ${this.requests} requests, ${this.cells} cells, ` +
      `${this.same} pairs without any, ${share(this.undecidedRate)} undecided`
    );
  }
}

export type Judge = (built: Built) => Judged;

/** The first pair of a run that is judged wrongly, made smaller, as text; null when there is none. */
export function firstFailure(
  kind: PairKind,
  seed: number,
  numRuns: number,
  judge: Judge,
  tally: Tally,
): string | null {
  let failing: Built | null = null;
  const property = fc.property(SEEDS, (seeds) => {
    const built = makePair(kind, seeds, (codes) => count(tally.refusals, codes));
    if (built === null) {
      tally.discarded += 1;
      return true;
    }
    const { problems, undecided, cells } = judge(built);
    tally.pairs += 1;
    tally.requests += built.requests.length;
    tally.cells += cells;
    if (cells === 0) tally.same += 1;
    if (undecided) tally.undecided += 1;
    if (problems.length > 0) failing ??= built;
    return problems.length === 0;
  });
  fc.check(property, { seed, numRuns, endOnFailure: true });
  return failing === null ? null : showFailure(failing, judge);
}

function showFailure(failing: Built, judge: Judge): string {
  const small = reduced(failing, (built) => judge(built).problems.length > 0);
  return `${judge(small).problems.join('\n')}\n${showPair(small)}`;
}

function count(counts: Map<string, number>, codes: readonly string[]): void {
  for (const text of codes) {
    const code = text.split(' ', 1)[0]!;
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
}
