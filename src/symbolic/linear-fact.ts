// Bounds on sums. With one term a bound is a fact about one place; with several it is a link between places.

import { FALSE, type Formula, TRUE } from './formula.ts';
import type { LinearTerm, Places } from './place.ts';
import { fromOrdinal, type Sum } from './value.ts';

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
  const divisor = terms.reduce((gcd, { factor }) => gcdOf(gcd, factor), 0n);
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

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

function gcdOf(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}
