// Dates, timestamps and durations, exact and without `Date`: text to numbers and back, and the calendar arithmetic of the machine.
// A timestamp is the pair (seconds since 1970 UTC, microseconds 0..999999); a date is days since 1970-01-01; a duration is whole
// milliseconds.

import { MAX_DURATION_MS } from '../bytecode/limits.ts';

const DAY_SECONDS = 86_400;
/** 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z. */
const MIN_SECONDS = -62_135_596_800;
const MAX_SECONDS = 253_402_300_799;

export interface Timestamp {
  readonly seconds: number;
  readonly micros: number;
}

/** Value of the `count` digits at `at`, or -1 when one of them is no digit. */
function digits(text: string, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = text.charCodeAt(i) - 48;
    // Past the end of the text this is NaN, and the comparison fails as well.
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

// Both directions count in years that begin in March, so that the leap day is the last of its year (400 years = 146,097 days).
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const monthFromMarch = (month + 9) % 12;
  const dayOfYear = Math.floor((153 * monthFromMarch + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function civilFromDays(days: number): { year: number; month: number; day: number } {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

/** Days of the `YYYY-MM-DD` at the start of the text, or NaN. */
function leadingDate(text: string): number {
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 2);
  const day = digits(text, 8, 2);
  if (text[4] !== '-' || text[7] !== '-') return Number.NaN;
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return Number.NaN;
  return daysFromCivil(year, month, day);
}

/** Seconds of the `YYYY-MM-DDThh:mm:ss` at the start of the text, read as UTC, or NaN. */
function leadingDateTime(text: string): number {
  const days = leadingDate(text);
  const separator = text[10];
  if (separator !== 'T' && separator !== 't') return Number.NaN;
  if (text[13] !== ':' || text[16] !== ':') return Number.NaN;
  const hour = digits(text, 11, 2);
  const minute = digits(text, 14, 2);
  const second = digits(text, 17, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return Number.NaN;
  return days * DAY_SECONDS + hour * 3600 + minute * 60 + second;
}

/** Index behind the fraction that may follow the seconds at 19, or -1 when a point has no digit behind it. */
function fractionEnd(text: string): number {
  if (text[19] !== '.') return 19;
  const end = digitsEnd(text, 20);
  return end === 20 ? -1 : end;
}

/** Reads an RFC 3339 date-time with offset, years 1 to 9999 in the text and in UTC. Digits after the sixth of a fraction are cut. */
export function parseTimestamp(text: string): Timestamp | null {
  const local = leadingDateTime(text);
  const end = fractionEnd(text);
  if (Number.isNaN(local) || end < 0) return null;
  let micros = 0;
  for (let i = 0; i < 6; i++) micros = micros * 10 + (20 + i < end ? digits(text, 20 + i, 1) : 0);
  let offset = 0;
  const sign = text[end];
  if (sign === 'Z' || sign === 'z') {
    if (text.length !== end + 1) return null;
  } else {
    const hours = digits(text, end + 1, 2);
    const minutes = digits(text, end + 4, 2);
    if ((sign !== '+' && sign !== '-') || text[end + 3] !== ':' || text.length !== end + 6) return null;
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return null;
    offset = (hours * 60 + minutes) * (sign === '-' ? -60 : 60);
  }
  const seconds = local - offset;
  return seconds < MIN_SECONDS || seconds > MAX_SECONDS ? null : { seconds, micros };
}

/** Whether the text is an RFC 3339 date-time without an offset. */
export function isLocalTimestamp(text: string): boolean {
  return !Number.isNaN(leadingDateTime(text)) && fractionEnd(text) === text.length;
}

const two = (n: number): string => (n < 10 ? `0${n}` : `${n}`);

/** RFC 3339 in UTC, with as many fraction digits as needed. */
export function formatTimestamp(seconds: number, micros: number): string {
  const days = Math.floor(seconds / DAY_SECONDS);
  const rest = seconds - days * DAY_SECONDS;
  const time = `${two(Math.floor(rest / 3600))}:${two(Math.floor(rest / 60) % 60)}:${two(rest % 60)}`;
  return `${formatDate(days)}T${time}${fraction(micros, 6)}Z`;
}

/** `.` and the digits of a fraction without trailing zeros; nothing for zero. */
function fraction(value: number, width: number): string {
  return value === 0 ? '' : `.${String(value).padStart(width, '0').replace(/0+$/, '')}`;
}

/** Reads `YYYY-MM-DD`, years 1 to 9999: days since 1970-01-01. */
export function parseDate(text: string): number | null {
  const days = text.length === 10 ? leadingDate(text) : Number.NaN;
  return Number.isNaN(days) ? null : days;
}

/** `YYYY-MM-DD`. A year outside 0..9999, which only arithmetic can reach, has more digits or a minus sign. */
export function formatDate(days: number): string {
  const { year, month, day } = civilFromDays(days);
  const digitsOfYear = String(Math.abs(year)).padStart(4, '0');
  return `${year < 0 ? '-' : ''}${digitsOfYear}-${two(month)}-${two(day)}`;
}

/** Components of a duration in their order, with their length in milliseconds; those from `FIRST_TIME_UNIT` on stand behind the `T`. */
const UNITS: readonly (readonly [letter: string, ms: number])[] = [
  ['W', 604_800_000],
  ['D', 86_400_000],
  ['H', 3_600_000],
  ['M', 60_000],
  ['S', 1_000],
];
const FIRST_TIME_UNIT = 2;

/**
 * Reads `[-]P[nW][nD][T[nH][nM][nS]]`: at least one component, one behind a `T`, a fraction (with a point) on the last one only,
 * the result a whole number of milliseconds within the limit.
 */
export function parseDuration(text: string): number | null {
  const negative = text[0] === '-';
  let at = negative ? 2 : 1;
  if (text[at - 1] !== 'P' || at === text.length) return null;
  let total = 0;
  let unit = 0;
  let unitsEnd = FIRST_TIME_UNIT;
  while (at < text.length) {
    if (text[at] === 'T' && unitsEnd === FIRST_TIME_UNIT) {
      at++;
      unit = FIRST_TIME_UNIT;
      unitsEnd = UNITS.length;
    }
    const wholeEnd = digitsEnd(text, at);
    const end = text[wholeEnd] === '.' ? digitsEnd(text, wholeEnd + 1) : wholeEnd;
    if (wholeEnd === at || text[end - 1] === '.') return null;
    while (unit < unitsEnd && UNITS[unit]![0] !== text[end]) unit++;
    if (unit === unitsEnd) return null;
    const length = UNITS[unit++]![1];
    if (end !== wholeEnd) {
      if (end + 1 !== text.length) return null;
      const part = fractionOf(length, text, wholeEnd + 1, end);
      if (part < 0) return null;
      total += part;
    }
    // Rounding is monotone and the limit is exact, so an inexact product or sum is above it as well.
    total += wholeNumber(text, at, wholeEnd) * length;
    if (total > MAX_DURATION_MS) return null;
    at = end + 1;
  }
  return negative ? 0 - total : total;
}

function digitsEnd(text: string, from: number): number {
  let end = from;
  while (digits(text, end, 1) >= 0) end++;
  return end;
}

/** Value of the digits in `text[from..to)`, or a number above every limit. */
function wholeNumber(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to && value <= MAX_DURATION_MS; i++) value = value * 10 + digits(text, i, 1);
  return value;
}

/** `length` times the decimal fraction in `text[from..to)`, or -1 when that is not whole. */
function fractionOf(length: number, text: string, from: number, to: number): number {
  // From the last digit: if the whole sum is an integer, then so is each partial one.
  let value = 0;
  for (let i = to - 1; i >= from; i--) {
    const sum = digits(text, i, 1) * length + value;
    if (sum % 10 !== 0) return -1;
    value = sum / 10;
  }
  return value;
}

/** The canonical text: `PT0S`, `PT1H30M`, `P1DT2H`, `-PT0.5S`. Weeks are written as days. */
export function formatDuration(ms: number): string {
  if (ms === 0) return 'PT0S';
  let rest = Math.abs(ms);
  let date = '';
  let time = '';
  for (const [letter, length] of UNITS.slice(1)) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (letter === 'D') date = count === 0 ? '' : `${count}D`;
    else if (letter !== 'S') time += count === 0 ? '' : `${count}${letter}`;
    else if (count !== 0 || rest !== 0) time += `${count}${fraction(rest, 3)}S`;
  }
  return `${ms < 0 ? '-' : ''}P${date}${time === '' ? '' : `T${time}`}`;
}

/** Calendar day at an offset from UTC. */
export function dateAt(seconds: number, offsetMinutes: number): number {
  return Math.floor((seconds + offsetMinutes * 60) / DAY_SECONDS);
}

/** 1 (Monday) to 7 at an offset from UTC. */
export function weekdayAt(seconds: number, offsetMinutes: number): number {
  const days = dateAt(seconds, offsetMinutes);
  // 1970-01-01 was a Thursday.
  return days + 4 - Math.floor((days + 3) / 7) * 7;
}

/** 0 to 1439 at an offset from UTC. */
export function minuteOfDayAt(seconds: number, offsetMinutes: number): number {
  const local = seconds + offsetMinutes * 60;
  return Math.floor((local - Math.floor(local / DAY_SECONDS) * DAY_SECONDS) / 60);
}

/** The timestamp `ms` milliseconds later (earlier, when negative), exact. */
export function addDuration(seconds: number, micros: number, ms: number): Timestamp {
  const part = ((ms % 1000) + 1000) % 1000;
  const sum = micros + part * 1000;
  const carry = sum >= 1_000_000 ? 1 : 0;
  return { seconds: seconds + (ms - part) / 1000 + carry, micros: sum - carry * 1_000_000 };
}
