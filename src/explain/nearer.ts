// Values nearer to those of the request: the solver is content with any number of a range, a reader wants the one next to the bound.

import { timeOf } from '../symbolic/fact-of-text.ts';
import type { Partition, ValueClass } from '../symbolic/partition.ts';
import type { TimeKind } from '../symbolic/place.ts';
import { spellingsOfTime } from '../symbolic/theory-texts.ts';
import type { Json } from '../value/json.ts';
import { type Change, changesBetween, replaced } from './change.ts';
import type { Flipped, Trial } from './flip.ts';

/** Ranges of values that are tried for one member, and steps towards the bound within one. */
const MAX_RANGES = 48;

/** Values in a row: numbers on a grid, or times. */
interface Axis {
  readonly from: bigint;
  readonly to: bigint;
  write(position: bigint): Json;
  /** The position of a class nearest to the one of the request; null when it has none here. */
  nearest(of: ValueClass): bigint | null;
}

/** The same change with nearer values, as far as they get the effect too. */
export function nearer(
  flipped: Flipped,
  original: Json,
  partition: (pointer: string) => Partition | null,
  attempt: (request: Json) => Trial,
): Flipped {
  let best = flipped;
  for (const change of flipped.changes) {
    const classes = partition(change.pointer);
    const axis = classes === null ? null : axisOf(change, classes);
    if (axis === null) continue;
    const works = (position: bigint): boolean => {
      const request = replaced(best.request, change.pointer, axis.write(position));
      const trial = attempt(request);
      if ('reason' in trial) return false;
      best = { request, changes: changesBetween(original, request), decision: trial.decision };
      return true;
    };
    approach(axis, classes!.classes, works);
  }
  return best;
}

function approach(axis: Axis, classes: readonly ValueClass[], works: (position: bigint) => boolean): void {
  const distance = (position: bigint): bigint =>
    position > axis.from ? position - axis.from : axis.from - position;
  const bounds = classes
    .map((each) => axis.nearest(each))
    .filter((position) => position !== null)
    .filter((position) => position !== axis.from && distance(position) < distance(axis.to))
    .sort((a, b) => (distance(a) < distance(b) ? -1 : 1));
  let good = bounds.slice(0, MAX_RANGES).find(works) ?? axis.to;
  // Within a range a sum with other members may have the bound.
  let bad = axis.from;
  while (distance(good) > 1n && good - bad !== 1n && bad - good !== 1n) {
    const middle = (good + bad) / 2n;
    if (middle === good || middle === bad) break;
    if (works(middle)) good = middle;
    else bad = middle;
  }
}

function axisOf(change: Change, { classes }: Partition): Axis | null {
  const { old, new: next } = change;
  if (typeof old === 'number' && typeof next === 'number') return numberAxis(old, next, classes);
  if (typeof old !== 'string' || typeof next !== 'string') return null;
  const kinds = new Set(classes.flatMap((each) => (each.is === 'time' ? [each.kind] : [])));
  for (const kind of kinds) {
    const from = timeOf(kind, old);
    const to = timeOf(kind, next);
    if (from !== null && to !== null) return timeAxis(kind, from, to);
  }
  return null;
}

function clamped(value: bigint, lo: bigint | null, hi: bigint | null): bigint {
  if (lo !== null && value < lo) return lo;
  return hi !== null && value > hi ? hi : value;
}

function timeAxis(kind: TimeKind, from: bigint, to: bigint): Axis {
  return {
    from,
    to,
    write: (position) => spellingsOfTime(kind, position)[0]!,
    nearest: (of) => (of.is === 'time' && of.kind === kind ? clamped(from, of.lo, of.hi) : null),
  };
}

const MAX_DIGITS = 15;

function numberAxis(old: number, next: number, classes: readonly ValueClass[]): Axis | null {
  const grid = classes.flatMap((each) => (each.is === 'grid' ? [each.digits] : []));
  // Where integers alone are read, a fraction can only be the value to go away from.
  const digits = Math.max(0, ...grid, digitsOf(next));
  if (digits > MAX_DIGITS || digitsOf(old) > MAX_DIGITS) return null;
  const position = (value: number): bigint | null => {
    const scaled = Math.round(value * 10 ** digits);
    return Number.isSafeInteger(scaled) ? BigInt(scaled) : null;
  };
  const from = position(old);
  const to = position(next);
  if (from === null || to === null) return null;
  return {
    from,
    to,
    write: (at) => Number(`${at}e-${digits}`),
    nearest: (of) => {
      if (of.is !== 'grid') return null;
      const step = 10n ** BigInt(digits - of.scale);
      const at = clamped(from, of.lo, of.hi);
      const below = at - (((at % step) + step) % step);
      const candidate = at === below ? at : at < from ? below : below + step;
      return clamped(candidate, of.lo, of.hi) === candidate ? candidate : null;
    },
  };
}

function digitsOf(value: number): number {
  const text = String(value);
  if (text.includes('e')) return MAX_DIGITS + 1;
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.length - point - 1;
}
