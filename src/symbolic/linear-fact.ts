// Bounds on sums. With one term a bound is a fact about one place; with several it is a link between places.

import { MAX_SAFE_INT } from '../bytecode/limits.ts';
import { floorDivide, gcd } from '../theory/linear-system.ts';
import { FALSE, type Formula, TRUE } from './formula.ts';
import { TIME_BOUNDS } from './partition.ts';
import type { LinearTerm, Places } from './place.ts';
import { fromOrdinal, micros, type Sum, scaleSum } from './value.ts';

const SAFE = BigInt(MAX_SAFE_INT);
/** Beyond these there is no exact time. */
const FIRST_TIME = micros(-MAX_SAFE_INT, 0);
const LAST_TIME = micros(MAX_SAFE_INT, 999_999);

/** Whether a sum of times is exact. It may leave the years that can be written; only a long chain of sums leaves the exact integers. */
export function isExactTime(places: Places, sum: Sum): Formula {
  const [least, most] = reachOf(sum);
  if (least >= FIRST_TIME && most <= LAST_TIME) return TRUE;
  return places.formulas.and(
    linearAtMost(places, scaleSum(sum, -1n), -FIRST_TIME),
    linearAtMost(places, sum, LAST_TIME),
  );
}

/** Bounds that a sum keeps for every request. */
function reachOf(sum: Sum): readonly [bigint, bigint] {
  let [least, most] = [sum.constant, sum.constant];
  for (const { source, factor } of sum.terms) {
    const [lo, hi] = source.of === 'time' ? TIME_BOUNDS[source.kind] : [-SAFE, SAFE];
    least += factor * (factor > 0n ? lo : hi);
    most += factor * (factor > 0n ? hi : lo);
  }
  return [least, most];
}

/** Whether the sum is at most `bound`, on the sum's grid; where a term has no value it means nothing. */
export function linearAtMost(places: Places, sum: Sum, bound: bigint): Formula {
  const { terms } = sum;
  const rest = bound - sum.constant;
  const [first] = terms;
  if (first === undefined) return rest >= 0n ? TRUE : FALSE;
  if (terms.length === 1) return oneTermAtMost(places, first, rest);
  // One writing for a sum and its negation: the first factor is positive.
  if (first.factor < 0n) {
    const negated = terms.map(({ source, factor }) => ({ source, factor: -factor }));
    return manyTermsAtMost(places, negated, -rest - 1n) ^ 1;
  }
  return manyTermsAtMost(places, terms, rest);
}

function manyTermsAtMost(places: Places, terms: readonly LinearTerm[], bound: bigint): Formula {
  const divisor = terms.reduce((common, { factor }) => gcd(common, factor), 0n);
  return places.link({
    is: 'linear',
    terms: terms.map(({ source, factor }) => ({ source, factor: factor / divisor })),
    rel: '<=',
    bound: floorDivide(bound, divisor),
  });
}

function oneTermAtMost(places: Places, { source, factor }: LinearTerm, bound: bigint): Formula {
  const hi = factor > 0n ? floorDivide(bound, factor) : null;
  const lo = factor > 0n ? null : -floorDivide(bound, -factor);
  switch (source.of) {
    case 'count': {
      // At most n: not at least n + 1.
      if (hi !== null) return places.formulas.atLeast(clamp(hi + 1n), source.formulas) ^ 1;
      return places.formulas.atLeast(clamp(lo!), source.formulas);
    }
    case 'time':
      return places.fact(source.place, { is: 'time', kind: source.kind, lo, hi });
    case 'double':
      return places.fact(source.place, {
        is: 'number',
        scale: null,
        lo: lo === null ? -Infinity : fromOrdinal(lo),
        hi: hi === null ? Infinity : fromOrdinal(hi),
      });
    case 'number':
      return places.fact(source.place, {
        is: 'number',
        scale: source.scale,
        lo: lo === null ? -Infinity : Number(lo),
        hi: hi === null ? Infinity : Number(hi),
      });
  }
}

// Counts of items are small: what lies beyond says nothing more.
function clamp(count: bigint): number {
  return count > 100_000n ? 100_000 : Number(count);
}
