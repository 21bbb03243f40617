// One timestamp under conditions on its local calendar. At an offset of whole minutes (RFC 3339, section 5.6: time-numoffset) weekday
// and minute of the day depend on the minute of UTC only and repeat every week, so a table of one week decides every interval.

import { minuteOfDayAt, weekdayAt } from '../value/time.ts';

/** The part of the timestamp, at the offset, lies in one of the inclusive ranges, or in none of them. */
export interface CalendarCondition {
  readonly part: 'weekday' | 'minuteOfDay';
  readonly offsetMinutes: number;
  readonly values: readonly (readonly [number, number])[];
  readonly holds: boolean;
}

export type CalendarResult =
  | { readonly kind: 'times'; readonly times: readonly bigint[] }
  /** These conditions already exclude every time of the intervals. */
  | { readonly kind: 'none'; readonly core: readonly number[] };

/** Both ends belong to it; microseconds since 1970. */
type Interval = readonly [bigint, bigint];

const SECOND = 1_000_000n;
const MINUTE = 60n * SECOND;
const WEEK_MINUTES = 10_080;
const WEEK = BigInt(WEEK_MINUTES) * MINUTE;
/** 0001-01-01T00:00:00Z: an interval from there is open. */
const FIRST_TIME = -62_135_596_800n * SECOND;
/** 2026-01-01T00:00:00Z, where the search in an open interval starts. */
const RECENT = 1_767_225_600n * SECOND;

/**
 * Up to `count` different times that lie in an interval and satisfy every condition, fewer only when there are no more. They are
 * whole minutes or seconds near the start of their interval where it has such, and those of an open interval lie in 2026.
 */
export function findTime(
  intervals: readonly Interval[],
  conditions: readonly CalendarCondition[],
  count: number,
): CalendarResult {
  const present = intervals.filter(([from, to]) => from <= to);
  const tables = conditions.map(weekOf);
  const waits = waitsOf(tables);
  if (present.some((interval) => hasTime(interval, waits))) {
    return { kind: 'times', times: [...collect(present, waits, count)] };
  }
  let core = [...conditions.keys()];
  for (const candidate of conditions.keys()) {
    const rest = core.filter((at) => at !== candidate);
    const without = waitsOf(rest.map((at) => tables[at]!));
    if (!present.some((interval) => hasTime(interval, without))) core = rest;
  }
  return { kind: 'none', core };
}

/** 1 for each minute of the week (from the epoch on) in which the condition is satisfied. */
function weekOf({ part, offsetMinutes, values, holds }: CalendarCondition): Uint8Array {
  const partAt = part === 'weekday' ? weekdayAt : minuteOfDayAt;
  return Uint8Array.from({ length: WEEK_MINUTES }, (_, minute) => {
    const value = partAt(minute * 60, offsetMinutes);
    return values.some(([from, to]) => from <= value && value <= to) === holds ? 1 : 0;
  });
}

/** For each minute of the week the minutes until the next one that every table allows, or null when there is none. */
function waitsOf(tables: readonly Uint8Array[]): Uint16Array | null {
  const waits = new Uint16Array(WEEK_MINUTES);
  let next = -1;
  // Twice around: the first round finds the first allowed minute, which follows the last one.
  for (let minute = 2 * WEEK_MINUTES - 1; minute >= 0; minute--) {
    const at = minute % WEEK_MINUTES;
    if (tables.every((table) => table[at] === 1)) next = minute;
    if (minute < WEEK_MINUTES && next >= 0) waits[at] = next - minute;
  }
  return next < 0 ? null : waits;
}

function minuteOf(time: bigint): bigint {
  const rest = time % MINUTE;
  return (time - rest) / MINUTE - (rest < 0n ? 1n : 0n);
}

/** The first allowed minute from this one on. */
function nextMinute(minute: bigint, waits: Uint16Array): bigint {
  const at = Number(minute % BigInt(WEEK_MINUTES));
  return minute + BigInt(waits[at < 0 ? at + WEEK_MINUTES : at]!);
}

function hasTime([from, to]: Interval, waits: Uint16Array | null): boolean {
  return waits !== null && nextMinute(minuteOf(from), waits) * MINUTE <= to;
}

/** Times of all intervals: first one of each, then one of each minute, then any. */
function collect(intervals: readonly Interval[], waits: Uint16Array | null, count: number): Set<bigint> {
  const times = new Set<bigint>();
  if (waits === null) return times;
  for (const [perInterval, perMinute] of [
    [1, 1],
    [count, 1],
    [count, count],
  ] as const) {
    for (const interval of intervals) {
      let minutes = 0;
      for (const part of minutesOf(interval, waits, count)) {
        for (const time of timesOf(part, perMinute)) {
          if (times.size >= count) return times;
          times.add(time);
        }
        if (++minutes >= perInterval) break;
      }
    }
  }
  return times;
}

/** The allowed minutes of an interval from a good start on, cut to it: all of them, or at least `count`. */
function* minutesOf([from, to]: Interval, waits: Uint16Array, count: number): Generator<Interval> {
  const start = minuteOf(startOf([from, to], BigInt(count) * WEEK));
  for (
    let minute = nextMinute(start, waits);
    minute * MINUTE <= to;
    minute = nextMinute(minute + 1n, waits)
  ) {
    const opens = minute * MINUTE;
    const closes = opens + MINUTE - 1n;
    yield [opens < from ? from : opens, closes > to ? to : closes];
  }
}

/** Where to look: from the start on, but in an open interval from a recent date on, or in that time before its end. */
function startOf([from, to]: Interval, enough: bigint): bigint {
  if (from > FIRST_TIME) return from;
  if (to - enough >= RECENT) return RECENT;
  return to - enough > from ? to - enough : from;
}

/** Up to `count` times of one minute, or of a part of it: whole seconds first. */
function* timesOf([from, to]: Interval, count: number): Generator<bigint> {
  const rest = ((from % SECOND) + SECOND) % SECOND;
  let left = count;
  const whole = rest === 0n ? from : from - rest + SECOND;
  for (let time = whole; time <= to && left > 0; time += SECOND, left--) yield time;
  for (let time = from; time <= to && left > 0; time++) {
    if ((time - whole) % SECOND === 0n) continue;
    yield time;
    left--;
  }
}
