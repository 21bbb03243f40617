import { describe, expect, test } from 'vitest';
import type { CalendarCondition } from '../../src/theory/calendar.ts';
import { findTime } from '../../src/theory/calendar.ts';
import { formatTimestamp, minuteOfDayAt, parseTimestamp, weekdayAt } from '../../src/value/time.ts';

type Interval = readonly [bigint, bigint];

const SECOND = 1_000_000n;
const MINUTE = 60n * SECOND;
const DAY = 1440n * MINUTE;

function time(text: string): bigint {
  const parsed = parseTimestamp(text);
  if (parsed === null) throw new Error(text);
  return BigInt(parsed.seconds) * SECOND + BigInt(parsed.micros);
}

function textOf(at: bigint): string {
  const micros = ((at % SECOND) + SECOND) % SECOND;
  return formatTimestamp(Number((at - micros) / SECOND), Number(micros));
}

const FIRST = time('0001-01-01T00:00:00Z');
const LAST = time('9999-12-31T23:59:59.999999Z');

function weekday(from: number, to: number, offsetMinutes = 0, holds = true): CalendarCondition {
  return { part: 'weekday', offsetMinutes, values: [[from, to]], holds };
}

function minutes(from: number, to: number, offsetMinutes = 0, holds = true): CalendarCondition {
  return { part: 'minuteOfDay', offsetMinutes, values: [[from, to]], holds };
}

function satisfied({ part, offsetMinutes, values, holds }: CalendarCondition, at: bigint): boolean {
  const micros = ((at % SECOND) + SECOND) % SECOND;
  const seconds = Number((at - micros) / SECOND);
  const value = (part === 'weekday' ? weekdayAt : minuteOfDayAt)(seconds, offsetMinutes);
  return values.some(([from, to]) => from <= value && value <= to) === holds;
}

function expectTimes(
  intervals: readonly Interval[],
  conditions: readonly CalendarCondition[],
  count: number,
): readonly bigint[] {
  const result = findTime(intervals, conditions, count);
  if (result.kind !== 'times') throw new Error('expected times');
  expect(new Set(result.times).size).toBe(result.times.length);
  for (const at of result.times) {
    expect(intervals.some(([from, to]) => from <= at && at <= to)).toBe(true);
    for (const condition of conditions) expect(satisfied(condition, at)).toBe(true);
  }
  return result.times;
}

/** Whether a time satisfies the conditions: tries the start of an interval and of each minute in it. */
function exists(intervals: readonly Interval[], conditions: readonly CalendarCondition[]): boolean {
  const fits = (at: bigint): boolean => conditions.every((condition) => satisfied(condition, at));
  return intervals.some(([from, to]) => {
    if (from <= to && fits(from)) return true;
    const minute = from - (((from % MINUTE) + MINUTE) % MINUTE) + MINUTE;
    for (let at = minute; at <= to; at += MINUTE) if (fits(at)) return true;
    return false;
  });
}

function numbers(seed: number): (from: number, to: number) => number {
  let state = seed;
  return (from, to) => {
    state = (state * 48_271) % 2_147_483_647;
    return from + (state % (to - from + 1));
  };
}

test('random conditions against the trial of every minute', () => {
  const next = numbers(7);
  const seen = { times: 0, none: 0 };
  for (let trial = 0; trial < 250; trial++) {
    const intervals = Array.from({ length: next(1, 3) }, (): Interval => {
      const from =
        BigInt(next(-20_000, 20_000)) * DAY + BigInt(next(0, 86_400)) * SECOND + BigInt(next(0, 9));
      const length = [0, 59_000_000, 3_600_000_000, 40_000_000_000][next(0, 3)]!;
      return [from, from + BigInt(next(0, length)) - 1n];
    });
    const conditions = Array.from({ length: next(1, 4) }, (): CalendarCondition => {
      const offset = next(-1439, 1439);
      const holds = next(0, 2) > 0;
      const day = next(1, 7);
      const minute = next(0, 1439);
      return next(0, 1) === 0
        ? weekday(day, next(day, 7), offset, holds)
        : minutes(minute, next(minute, 1439), offset, holds);
    });
    const result = findTime(intervals, conditions, 3);
    seen[result.kind]++;
    expect(result.kind).toBe(exists(intervals, conditions) ? 'times' : 'none');
    if (result.kind === 'times') expectTimes(intervals, conditions, 3);
    else {
      const core = result.core.map((at) => conditions[at]!);
      expect(exists(intervals, core)).toBe(false);
      for (const one of core) {
        const rest = core.filter((other) => other !== one);
        expect(exists(intervals, rest)).toBe(true);
      }
    }
  }
  expect(Math.min(seen.times, seen.none)).toBeGreaterThan(40);
});

describe('which times', () => {
  test('an open interval gives a date in 2026', () => {
    // 2026-01-01 is a Thursday.
    const times = expectTimes([[FIRST, LAST]], [weekday(1, 1), minutes(540, 1020)], 2);
    expect(times.map(textOf)).toEqual(['2026-01-05T09:00:00Z', '2026-01-05T09:01:00Z']);
    expect(expectTimes([[FIRST, LAST]], [], 1).map(textOf)).toEqual(['2026-01-01T00:00:00Z']);
  });

  test('an open interval that ends before gives its last week', () => {
    const open: Interval = [FIRST, time('1999-06-16T12:00:30Z')];
    expect(expectTimes([open], [weekday(7, 7)], 1).map(textOf)).toEqual(['1999-06-13T00:00:00Z']);
    expect(expectTimes([open], [weekday(7, 7), minutes(60, 60)], 3).map(textOf)).toEqual([
      '1999-05-30T01:00:00Z',
      '1999-06-06T01:00:00Z',
      '1999-06-13T01:00:00Z',
    ]);
    const short: Interval = [FIRST, FIRST + DAY];
    expect(expectTimes([short], [minutes(60, 60)], 1)).toEqual([FIRST + 60n * MINUTE]);
  });

  test('a closed one gives the first whole second or minute', () => {
    const from = time('2026-03-04T05:06:07.000001Z');
    expect(expectTimes([[from, LAST]], [], 2).map(textOf)).toEqual([
      '2026-03-04T05:06:08Z',
      '2026-03-04T05:07:00Z',
    ]);
    expect(expectTimes([[from, from + 5n]], [], 1)).toEqual([from]);
  });

  test('the offset moves the day', () => {
    // Sunday, 23:30 UTC is Monday, 01:30 two hours east, and half past midnight is Sunday two hours west.
    const sunday = time('2026-01-04T23:30:00Z');
    expect(findTime([[sunday, sunday]], [weekday(1, 1, 120), minutes(90, 90, 120)], 1).kind).toBe('times');
    const monday = time('2026-01-05T00:30:00Z');
    expect(findTime([[monday, monday]], [weekday(7, 7, -120), minutes(1350, 1350, -120)], 1).kind).toBe(
      'times',
    );
    expect(findTime([[monday, monday]], [weekday(7, 7)], 1)).toEqual({ kind: 'none', core: [0] });
  });

  test('intervals come in turn', () => {
    const a = time('2026-01-01T00:00:00Z');
    const intervals: Interval[] = [
      [a, a + DAY],
      [a + 30n * DAY, a + 31n * DAY],
    ];
    expect(expectTimes(intervals, [], 3)).toEqual([a, a + 30n * DAY, a + MINUTE]);
  });
});

describe('how many times', () => {
  test('every one that there is, and not more', () => {
    const at = time('2026-01-01T00:00:59.999998Z');
    expect([...expectTimes([[at, at + 4n]], [], 9)].sort()).toEqual([at, at + 1n, at + 2n, at + 3n, at + 4n]);
    expect(expectTimes([[at, at + 4n]], [minutes(1, 1)], 9)).toHaveLength(3);
    expect(expectTimes([[at, at + 4n]], [minutes(1, 1)], 2)).toHaveLength(2);
    // The same times twice.
    const both: Interval[] = [
      [at, at + 4n],
      [at + 1n, at + 4n],
    ];
    expect(expectTimes(both, [minutes(1, 1)], 9)).toHaveLength(3);
  });
});

describe('none', () => {
  test('of no interval, or of an empty one, without conditions', () => {
    expect(findTime([], [weekday(1, 7)], 1)).toEqual({ kind: 'none', core: [] });
    expect(findTime([[1n, 0n]], [weekday(1, 7)], 1)).toEqual({ kind: 'none', core: [] });
  });

  test('the core leaves away what is not needed', () => {
    const conditions = [minutes(0, 600), weekday(1, 5), minutes(700, 800), weekday(6, 7, 60)];
    expect(findTime([[FIRST, LAST]], [...conditions, weekday(2, 2)], 1)).toEqual({
      kind: 'none',
      core: [3, 4],
    });
    expect(findTime([[FIRST, LAST]], conditions.slice(0, 3), 1)).toEqual({ kind: 'none', core: [0, 2] });
    // Weekdays and weekends meet in the hour between the two offsets.
    expect(findTime([[FIRST, LAST]], [weekday(1, 5), weekday(6, 7, 60)], 1).kind).toBe('times');
    expect(findTime([[FIRST, LAST]], [weekday(1, 5, 0, false), weekday(6, 7, 0, false)], 1)).toEqual({
      kind: 'none',
      core: [0, 1],
    });
    const saturday: Interval = [time('2026-01-03T00:00:00Z'), time('2026-01-03T23:59:59.999999Z')];
    expect(findTime([saturday], conditions.slice(0, 2), 1)).toEqual({ kind: 'none', core: [1] });
    expect(findTime([[saturday[0] - 1n, saturday[1]]], [weekday(5, 5)], 1)).toEqual({
      kind: 'times',
      times: [saturday[0] - 1n],
    });
  });
});
