// Classes of numbers. Integers and decimals are exact multiples of a power of ten; a place may be read on several such grids, and as a
// binary64 as well.

import { firstAtLeast, gridBounds, nearest, type ValueClass } from './partition.ts';
import type { Fact } from './place.ts';
import { fromOrdinal, ordinal } from './value.ts';

type NumberFact = Extract<Fact, { is: 'number' }>;
export type GridClass = Extract<ValueClass, { is: 'grid' }>;
export type DoubleClass = Extract<ValueClass, { is: 'double' }>;

/** Grids that some fact reads, coarsest first. */
function scalesOf(facts: readonly NumberFact[]): number[] {
  const scales = new Set(facts.flatMap(({ scale }) => (scale === null ? [] : [scale])));
  return [...scales].sort((a, b) => a - b);
}

/** Classes of the numbers on some grid, ascending. */
export function gridClasses(facts: readonly NumberFact[]): GridClass[] {
  const scales = scalesOf(facts);
  const digits = scales.at(-1);
  if (digits === undefined) return [];
  const starts = new Set<bigint>();
  for (const fact of facts) {
    const { from, to } = gridBounds(fact, digits);
    if (from !== null) starts.add(from);
    if (to !== null) starts.add(to + 1n);
  }
  const sorted = [...starts].sort((a, b) => (a < b ? -1 : 1));
  const classes: GridClass[] = [];
  for (let i = 0; i <= sorted.length; i++) {
    const lo = i === 0 ? null : sorted[i - 1]!;
    const hi = i === sorted.length ? null : sorted[i]! - 1n;
    scales.forEach((scale, level) => {
      const coarser = level === 0 ? null : scales[level - 1]!;
      const grid: GridClass = { is: 'grid', lo, hi, scale, coarser, digits };
      if (gridValues(grid, 1).length > 0) classes.push(grid);
    });
  }
  return classes;
}

/** Some values of a class in units of 10^-digits, the smallest in size first as far as the bounds allow. */
export function gridValues({ lo, hi, scale, coarser, digits }: GridClass, count: number): bigint[] {
  const step = 10n ** BigInt(digits - scale);
  const avoid = coarser === null ? null : 10n ** BigInt(digits - coarser);
  const first =
    lo === null ? (hi === null || hi >= 0n ? 0n : hi) : lo > 0n ? lo : hi !== null && hi < 0n ? hi : 0n;
  const values: bigint[] = [];
  const isIn = (n: bigint): boolean => (lo === null || n >= lo) && (hi === null || n <= hi);
  const downwards = first < 0n || (hi !== null && first === hi && first !== lo);
  const walk = (start: bigint, by: bigint): void => {
    // Of ten multiples in a row at most one is on a coarser grid, so an eleventh step finds nothing new.
    for (
      let n = start, tries = 0;
      values.length < count && isIn(n) && tries < count * 2 + 11;
      n += by, tries++
    )
      if ((avoid === null || n % avoid !== 0n) && !values.includes(n)) values.push(n);
  };
  const up = ((first % step) + step) % step === 0n ? first : first - (((first % step) + step) % step) + step;
  const down = first - (((first % step) + step) % step);
  if (downwards) {
    walk(down, -step);
    walk(up, step);
  } else {
    walk(up, step);
    walk(down, -step);
  }
  return values;
}

/** Classes of the numbers on no grid, ascending; of all numbers, where there is no grid. */
export function offGridClasses(facts: readonly NumberFact[]): DoubleClass[] {
  const digits = scalesOf(facts).at(-1) ?? null;
  const lowest = ordinal(-Number.MAX_VALUE);
  const highest = ordinal(Number.MAX_VALUE);
  const starts = new Set<bigint>([lowest]);
  for (const { scale, lo, hi } of facts) {
    if (scale !== null) continue;
    if (lo > -Infinity) starts.add(ordinal(lo));
    if (hi < Infinity) starts.add(ordinal(hi) + 1n);
  }
  const sorted = [...starts].sort((a, b) => (a < b ? -1 : 1));
  const classes: DoubleClass[] = [];
  sorted.forEach((start, i) => {
    const end = (sorted[i + 1] ?? highest + 1n) - 1n;
    if (end < start || start > highest || end < lowest) return;
    const range: DoubleClass = { is: 'double', lo: fromOrdinal(start), hi: fromOrdinal(end), digits };
    if (digits === null || doubleValues(range, 1).length > 0) classes.push(range);
  });
  return classes;
}

/** Some values of a class, distinct. */
export function doubleValues({ lo, hi, digits }: DoubleClass, count: number): number[] {
  const candidates = [0.5, -0.5, lo, hi, lo / 2 + hi / 2];
  for (let i = 1n; i <= BigInt(count) + 20n; i++) {
    candidates.push(
      fromOrdinal(ordinal(lo) + i),
      fromOrdinal(ordinal(hi) - i),
      Number(i) + 0.5,
      Number(-i) - 0.5,
    );
    if (digits === null) candidates.push(Number(i) - 1, 1 - Number(i));
    else
      candidates.push(
        Number(`${i}5e-${digits + 1}`),
        Number(`-${i}5e-${digits + 1}`),
        Number(`${10n * i + 1n}e-${digits + 2}`),
      );
  }
  const values = new Set<number>();
  for (const candidate of candidates) {
    if (candidate < lo || candidate > hi || values.size >= count) continue;
    if (digits === null || !isOnGrid(candidate, digits)) values.add(candidate + 0);
  }
  return [...values];
}

function isOnGrid(value: number, digits: number): boolean {
  return nearest(firstAtLeast(value, digits), digits) === value;
}
