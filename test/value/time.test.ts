import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_DURATION_MS } from '../../src/bytecode/limits.ts';
import {
  addDuration,
  dateAt,
  formatDate,
  formatDuration,
  formatTimestamp,
  isLocalTimestamp,
  minuteOfDayAt,
  parseDate,
  parseDuration,
  parseTimestamp,
  weekdayAt,
} from '../../src/value/time.ts';

const seconds = fc.integer({ min: -62_135_596_800, max: 253_402_300_799 });

describe('timestamps', () => {
  test.each([
    ['1970-01-01T00:00:00Z', 0, 0],
    ['1970-01-01t00:00:00z', 0, 0],
    ['1969-12-31T23:59:59.999999Z', -1, 999_999],
    ['1970-01-01T01:00:00+01:00', 0, 0],
    ['1970-01-01T00:00:00-00:00', 0, 0],
    ['1970-01-01T00:00:00.1234569Z', 0, 123_456],
    ['1970-01-01T00:00:00.5+23:59', -86_340, 500_000],
    ['0001-01-01T00:00:00Z', -62_135_596_800, 0],
    ['9999-12-31T23:59:59.9999999Z', 253_402_300_799, 999_999],
    ['2000-02-29T12:00:00Z', 951_825_600, 0],
  ])('%s', (text, s, micros) => {
    expect(parseTimestamp(text)).toEqual({ seconds: s, micros });
  });

  test.each([
    '',
    '1970-01-01',
    '1970-01-01 00:00:00Z',
    '1970-01-01T00:00Z',
    '1970-01-01T00:00:00',
    '1970-01-01T00:00:60Z',
    '1970-01-01T24:00:00Z',
    '1970-01-01T00:60:00Z',
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59-00:01',
    '1970-01-01T00:00:00.Z',
    '1970-01-01T00:00:00,5Z',
    '1970-01-01T00:00:00+24:00',
    '1970-01-01T00:00:00+01:60',
    '1970-01-01T00:00:00+0100',
    '1970-01-01T00:00:00Z ',
    '1970-01-01T00:00:00+01:000',
    '1970-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '1970-13-01T00:00:00Z',
    '1970-00-01T00:00:00Z',
    '1970-01-00T00:00:00Z',
    '1970-1-01T00:00:00Z',
    '+970-01-01T00:00:00Z',
    '1970-01-01T00:00:0٣Z',
  ])('rejects %s', (text) => {
    expect(parseTimestamp(text)).toBeNull();
  });

  test('agrees with Date', () => {
    fc.assert(
      fc.property(seconds, fc.integer({ min: 0, max: 999 }), (s, ms) => {
        const date = new Date(s * 1000 + ms);
        expect(parseTimestamp(date.toISOString())).toEqual({ seconds: s, micros: ms * 1000 });
        expect(weekdayAt(s, 0) % 7).toBe(date.getUTCDay());
        expect(minuteOfDayAt(s, 0)).toBe(date.getUTCHours() * 60 + date.getUTCMinutes());
        expect(formatDate(dateAt(s, 0))).toBe(date.toISOString().slice(0, 10));
      }),
    );
  });

  test('a formatted timestamp reads as itself', () => {
    fc.assert(
      fc.property(seconds, fc.integer({ min: 0, max: 999_999 }), (s, micros) => {
        expect(parseTimestamp(formatTimestamp(s, micros))).toEqual({ seconds: s, micros });
      }),
    );
    expect(formatTimestamp(0, 0)).toBe('1970-01-01T00:00:00Z');
    expect(formatTimestamp(0, 120_000)).toBe('1970-01-01T00:00:00.12Z');
    expect(formatTimestamp(-1, 1)).toBe('1969-12-31T23:59:59.000001Z');
  });

  test('the offset moves day, weekday and minute', () => {
    expect([dateAt(0, -1), weekdayAt(0, -1), minuteOfDayAt(0, -1)]).toEqual([-1, 3, 1439]);
    expect([dateAt(86_399, 1), weekdayAt(86_399, 1), minuteOfDayAt(86_399, 1)]).toEqual([1, 5, 0]);
  });

  test('local timestamps', () => {
    expect(isLocalTimestamp('2026-01-01T00:00:00')).toBe(true);
    expect(isLocalTimestamp('2026-01-01t00:00:00.25')).toBe(true);
    for (const text of [
      '2026-01-01T00:00:00Z',
      '2026-01-01T00:00',
      '2026-01-01 00:00:00',
      '2026-01-01T00:00:00.',
    ]) {
      expect(isLocalTimestamp(text)).toBe(false);
    }
  });
});

describe('dates', () => {
  test('read and written', () => {
    expect(parseDate('1970-01-01')).toBe(0);
    expect(parseDate('1969-12-31')).toBe(-1);
    expect(parseDate('2024-02-29')).toBe(19_782);
    for (const text of ['2023-02-29', '2023-2-09', '2023-02-09 ', '0000-01-01', '2023/02/09']) {
      expect(parseDate(text)).toBeNull();
    }
    fc.assert(
      fc.property(fc.integer({ min: -719_162, max: 2_932_896 }), (days) => {
        expect(parseDate(formatDate(days))).toBe(days);
      }),
    );
    expect([formatDate(-719_163), formatDate(-719_529), formatDate(2_932_897)]).toEqual([
      '0000-12-31',
      '-0001-12-31',
      '10000-01-01',
    ]);
  });
});

describe('durations', () => {
  test.each([
    ['PT0S', 0],
    ['-PT0S', 0],
    ['P1W', 604_800_000],
    ['P1W1DT1H1M1.5S', 694_861_500],
    ['P0.5D', 43_200_000],
    ['PT0.001S', 1],
    ['PT1.50000000000000000S', 1500],
    ['P0.0078125D', 675_000],
    ['-PT90M', -5_400_000],
    ['PT0000000000000000000000001S', 1000],
    ['PT1000000000000S', MAX_DURATION_MS],
  ])('%s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each([
    '',
    'P',
    '-P',
    'PT',
    'P1DT',
    'P1Y',
    'P1M',
    'PT1D',
    'P1H',
    'PT1S1M',
    'PT1HT1M',
    'PTT1H',
    'P1D1W',
    'P1D1D',
    'PT1.5M1S',
    'PT1.S',
    'PT.5S',
    'PT1,5S',
    'PT0.0001S',
    'PT1000000000000.001S',
    'PT99999999999999999999999999S',
    'P99999999999999999999999999W',
    '+PT1S',
    'PT1S ',
    'PT1',
    'pt1s',
    '--PT1S',
    'PT-1S',
  ])('rejects %s', (text) => {
    expect(parseDuration(text)).toBeNull();
  });

  test('a formatted duration reads as itself', () => {
    fc.assert(
      fc.property(fc.integer({ min: -MAX_DURATION_MS, max: MAX_DURATION_MS }), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
    );
    expect([0, 5_400_000, 93_600_000, 86_400_000, -500, 604_800_000, 60_000].map(formatDuration)).toEqual([
      'PT0S',
      'PT1H30M',
      'P1DT2H',
      'P1D',
      '-PT0.5S',
      'P7D',
      'PT1M',
    ]);
  });

  test('addition is exact on both sides of every carry', () => {
    fc.assert(
      fc.property(
        seconds,
        fc.integer({ min: 0, max: 999_999 }),
        fc.integer({ min: -MAX_DURATION_MS, max: MAX_DURATION_MS }),
        (s, micros, ms) => {
          const sum = addDuration(s, micros, ms);
          const total = BigInt(s) * 1_000_000n + BigInt(micros) + BigInt(ms) * 1000n;
          expect(BigInt(sum.seconds) * 1_000_000n + BigInt(sum.micros)).toBe(total);
          expect(sum.micros >= 0 && sum.micros < 1_000_000).toBe(true);
        },
      ),
    );
  });
});
