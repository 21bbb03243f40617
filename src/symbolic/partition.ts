// The classes of values at a place: all values of a class are alike to every fact that is asked of the place, except for the facts that look
// into a text or a calendar. Those are lazy: a class does not say whether they hold, a theory finds a value for which they do.

import { MAX_SAFE_INT } from '../bytecode/limits.ts';
import { textFactHolds, timeFactHolds } from './fact-of-text.ts';
import { gridClasses, offGridClasses } from './partition-numbers.ts';
import { ABSENT, BOOL, type Fact, LIST, NULL, NUMBER, OBJECT, STRING, type TimeKind } from './place.ts';
import { micros } from './value.ts';

export type ValueClass =
  | { readonly is: 'absent' }
  | { readonly is: 'null' }
  | { readonly is: 'bool'; readonly value: boolean }
  /** Multiples of 10^-scale within the bounds, which count 10^-digits; not multiples of a coarser scale that is asked for. */
  | {
      readonly is: 'grid';
      readonly lo: bigint | null;
      readonly hi: bigint | null;
      readonly scale: number;
      readonly coarser: number | null;
      readonly digits: number;
    }
  /** Binary64 numbers within the bounds that are on no grid. `digits`: the finest grid, or null for none. */
  | { readonly is: 'double'; readonly lo: number; readonly hi: number; readonly digits: number | null }
  | { readonly is: 'text'; readonly text: string }
  /** Texts that write a time within the bounds and are none of the named texts. */
  | { readonly is: 'time'; readonly kind: TimeKind; readonly lo: bigint; readonly hi: bigint }
  | { readonly is: 'localTimestamp' }
  /** Texts that are no named text, and no time where times are asked for. */
  | { readonly is: 'otherText' }
  | { readonly is: 'list' }
  | { readonly is: 'object' };

/** First and last value of each kind of time. */
export const TIME_BOUNDS: { readonly [kind in TimeKind]: readonly [bigint, bigint] } = {
  timestamp: [micros(-62_135_596_800, 0), micros(253_402_300_799, 999_999)],
  date: [-719_162n, 2_932_896n],
  duration: [-1_000_000_000_000_000n, 1_000_000_000_000_000n],
};

/** What a fact says of one class. */
export type Truth = boolean | 'lazy';

export class Partition {
  readonly classes: readonly ValueClass[];
  readonly times: readonly TimeKind[];
  readonly local: boolean;
  readonly texts: readonly string[];

  /** The classes that a place needs for these facts. A count is a place that holds a number of its own, never text. */
  constructor(facts: readonly Fact[], isCount: boolean) {
    const numbers = facts.filter((fact) => fact.is === 'number');
    this.texts = [...new Set(facts.flatMap((fact) => (fact.is === 'strings' ? fact.texts : [])))].sort();
    this.times = (['timestamp', 'date', 'duration'] as const).filter((kind) =>
      facts.some(
        (fact) =>
          (fact.is === 'time' && fact.kind === kind) || (fact.is === 'calendar' && kind === 'timestamp'),
      ),
    );
    this.local = facts.some((fact) => fact.is === 'localTimestamp');
    if (isCount) {
      const natural: Fact = { is: 'number', scale: 0, lo: 0, hi: Infinity };
      const counts = gridClasses([...numbers, natural]).filter(({ lo }) => lo !== null && lo >= 0n);
      this.classes = [{ is: 'absent' }, ...counts];
      return;
    }
    this.classes = [
      { is: 'absent' },
      { is: 'null' },
      { is: 'bool', value: false },
      { is: 'bool', value: true },
      ...gridClasses(numbers),
      ...offGridClasses(numbers),
      ...this.texts.map((text) => ({ is: 'text' as const, text })),
      ...this.times.flatMap((kind) => timeClasses(facts, kind)),
      ...(this.local ? [{ is: 'localTimestamp' as const }] : []),
      { is: 'otherText' },
      { is: 'list' },
      { is: 'object' },
    ];
  }

  /** What a fact says of a class. */
  truth(fact: Fact, of: ValueClass): Truth {
    switch (fact.is) {
      case 'kind':
        return (fact.mask & kindOf(of)) !== 0;
      case 'bool':
        return of.is === 'bool' && of.value === fact.value;
      case 'number':
        return numberTruth(fact, of);
      case 'time':
        if (of.is === 'text') return timeFactHolds(fact, of.text);
        return of.is === 'time' && of.kind === fact.kind && within(of.lo, of.hi, fact.lo, fact.hi);
      case 'localTimestamp':
      case 'strings':
      case 'text':
      case 'path':
      case 'calendar':
        return textTruth(fact, of);
    }
  }
}

type NumberFact = Extract<Fact, { is: 'number' }>;

function within(lo: bigint, hi: bigint, from: bigint | null, to: bigint | null): boolean {
  return (from === null || lo >= from) && (to === null || hi <= to);
}

function numberTruth(fact: NumberFact, of: ValueClass): boolean {
  if (of.is === 'double') return fact.scale === null && of.lo >= fact.lo && of.hi <= fact.hi;
  if (of.is !== 'grid' || (fact.scale !== null && of.scale > fact.scale)) return false;
  const { from, to } = gridBounds(fact, of.digits);
  return (
    (from === null || (of.lo !== null && of.lo >= from)) && (to === null || (of.hi !== null && of.hi <= to))
  );
}

function textTruth(
  fact: Extract<Fact, { is: 'localTimestamp' | 'strings' | 'text' | 'path' | 'calendar' }>,
  of: ValueClass,
): Truth {
  switch (of.is) {
    case 'text':
      return textFactHolds(fact, of.text);
    case 'time':
      if (fact.is === 'calendar') return of.kind === 'timestamp' ? 'lazy' : false;
      return fact.is === 'text' || fact.is === 'path' ? 'lazy' : false;
    case 'localTimestamp':
      if (fact.is === 'localTimestamp') return true;
      return fact.is === 'text' || fact.is === 'path' ? 'lazy' : false;
    case 'otherText':
      return fact.is === 'text' || fact.is === 'path' ? 'lazy' : false;
    default:
      return false;
  }
}

/** JSON type of the values of a class, as a bit of a mask. */
export function kindOf(of: ValueClass): number {
  switch (of.is) {
    case 'absent':
      return ABSENT;
    case 'null':
      return NULL;
    case 'bool':
      return BOOL;
    case 'grid':
    case 'double':
      return NUMBER;
    case 'text':
    case 'time':
    case 'localTimestamp':
    case 'otherText':
      return STRING;
    case 'list':
      return LIST;
    case 'object':
      return OBJECT;
  }
}

/** Whether a class holds one value. */
export function isSingle(of: ValueClass): boolean {
  switch (of.is) {
    case 'null':
    case 'bool':
    case 'text':
      return true;
    case 'grid':
      return of.lo !== null && of.lo === of.hi;
    case 'double':
      return of.lo === of.hi;
    default:
      return false;
  }
}

function timeClasses(facts: readonly Fact[], kind: TimeKind): ValueClass[] {
  const [first, last] = TIME_BOUNDS[kind];
  const starts = new Set<bigint>([first]);
  for (const fact of facts) {
    if (fact.is !== 'time' || fact.kind !== kind) continue;
    if (fact.lo !== null && fact.lo > first && fact.lo <= last) starts.add(fact.lo);
    if (fact.hi !== null && fact.hi >= first && fact.hi < last) starts.add(fact.hi + 1n);
  }
  const sorted = [...starts].sort((a, b) => (a < b ? -1 : 1));
  return sorted.map((lo, i) => ({ is: 'time', kind, lo, hi: (sorted[i + 1] ?? last + 1n) - 1n }));
}

interface GridBounds {
  readonly digits: number;
  readonly from: bigint | null;
  readonly to: bigint | null;
}

const known = new WeakMap<NumberFact, GridBounds>();

/** The bounds of a fact about numbers, in units of 10^-digits; null for open ends. */
export function gridBounds(fact: NumberFact, digits: number): GridBounds {
  let bounds = known.get(fact);
  // Every class of a place asks for the same.
  if (bounds?.digits !== digits) {
    bounds = { digits, ...boundsAt(fact, digits) };
    known.set(fact, bounds);
  }
  return bounds;
}

function boundsAt(fact: NumberFact, digits: number): Pick<GridBounds, 'from' | 'to'> {
  const unit = 10n ** BigInt(digits - (fact.scale ?? digits));
  if (fact.scale !== null)
    return {
      from: fact.lo === -Infinity ? null : BigInt(Math.ceil(fact.lo)) * unit,
      to: fact.hi === Infinity ? null : BigInt(Math.floor(fact.hi)) * unit,
    };
  return {
    from: fact.lo === -Infinity ? null : firstAtLeast(fact.lo, digits),
    to: fact.hi === Infinity ? null : -firstAtLeast(-fact.hi, digits),
  };
}

/** The binary64 nearest to n * 10^-digits. */
export function nearest(n: bigint, digits: number): number {
  return Number(`${n}e-${digits}`);
}

/** The smallest n for which the binary64 nearest to n * 10^-digits is at least `bound`. */
export function firstAtLeast(bound: number, digits: number): bigint {
  const guess = bound * 10 ** digits;
  if (Math.abs(guess) < MAX_SAFE_INT) {
    let n = BigInt(Math.ceil(guess));
    while (nearest(n, digits) < bound) n += 1n;
    while (nearest(n - 1n, digits) >= bound) n -= 1n;
    return n;
  }
  // Too many steps of the grid lie beside a binary64 that is so large: found by halves.
  const unit = 10n ** BigInt(digits);
  const step = (BigInt(Math.ceil(Math.abs(bound))) * unit) / 2n ** 50n + unit;
  const exact = BigInt(Math.trunc(bound)) * unit;
  let [below, at] = [exact - step, exact + step];
  while (at - below > 1n) {
    const middle = (below + at) / 2n;
    if (nearest(middle, digits) >= bound) at = middle;
    else below = middle;
  }
  return at;
}
