// RFC 3339 date-times, dates and ISO 8601 durations. A timestamp is a pair, seconds since 1970 and microseconds, because microseconds in
// one double are exact for some three centuries only.

import { KIND_date, KIND_duration, KIND_timestamp, MAX_DURATION_MS } from './generated.ts';
import { inRange } from './slots.ts';

/** The components of a duration in their order, W D H M S, and their milliseconds. */
const LETTERS: usize = memory.data<u8>([0x57, 0x44, 0x48, 0x4d, 0x53]);
const UNITS: usize = memory.data<i32>([604800000, 86400000, 3600000, 60000, 1000]);

let p: usize = 0;
let end: usize = 0;

/** Results of the last successful parse: seconds, days or milliseconds; and microseconds. */
export let parsed: f64 = 0;
export let parsedMicros: f64 = 0;

/** n digits as a number; -1 when they are not there. */
function digits(n: i32): i32 {
  let value = 0;
  for (; n > 0; n--) {
    const digit = p < end ? <u32>load<u8>(p) - 0x30 : 10;
    if (digit > 9) return -1;
    value = value * 10 + digit;
    p++;
  }
  return value;
}

function take(c: i32): bool {
  if (p >= end || <i32>load<u8>(p) != c) return false;
  p++;
  return true;
}

function takeLetter(c: i32): bool {
  if (p >= end || (<i32>load<u8>(p) | 0x20) != c) return false;
  p++;
  return true;
}

/** Days since 1970-01-01 of a day of the Gregorian calendar. */
function daysOf(year: i32, month: i32, day: i32): i32 {
  // Years that begin in March put the leap day at their end.
  const y = month <= 2 ? year - 1 : year;
  const era = floorDiv(y, 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468;
}

function floorDiv(a: i32, b: i32): i32 {
  const q = a / b;
  return q * b > a ? q - 1 : q;
}

function daysIn(year: i32, month: i32): i32 {
  if (month == 2) return (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
  return 30 + ((month + (month >> 3)) & 1);
}

/** YYYY-MM-DD of the years 1 to 9999, into `parsed` as days. */
function readDate(): bool {
  const year = digits(4);
  if (year < 1 || !take(0x2d)) return false;
  const month = digits(2);
  if (<u32>(month - 1) > 11 || !take(0x2d)) return false;
  const day = digits(2);
  if (<u32>(day - 1) >= <u32>daysIn(year, month)) return false;
  parsed = daysOf(year, month, day);
  return true;
}

/** hh:mm, in minutes; -1 when it is none. */
function readClock(): i32 {
  const hour = digits(2);
  if (<u32>hour > 23 || !take(0x3a)) return -1;
  const minute = digits(2);
  if (<u32>minute > 59) return -1;
  return hour * 60 + minute;
}

function readFraction(): bool {
  parsedMicros = 0;
  if (!take(0x2e)) return true;
  let micros = 0;
  let n = 0;
  while (true) {
    const digit = digits(1);
    if (digit < 0) break;
    // Digits after the sixth are cut off.
    if (n++ < 6) micros = micros * 10 + digit;
  }
  for (let i = n; i < 6; i++) micros *= 10;
  parsedMicros = micros;
  return n > 0;
}

/** What follows the date of a date-time: its T, the clock, seconds. */
function readTimeOfDay(): bool {
  if (!takeLetter(0x74)) return false;
  const clock = readClock();
  if (clock < 0 || !take(0x3a)) return false;
  const second = digits(2);
  if (<u32>second > 59) return false;
  parsed = parsed * 86400 + (clock * 60 + second);
  return readFraction();
}

/** Reads a text of a kind that stands for a time or a duration; false when it is none. */
export function parseTime(kind: i32, at: usize, length: usize): bool {
  p = at;
  end = at + length;
  if (kind == KIND_duration) return readDuration();
  if (!readDate()) return false;
  if (kind != KIND_date && !readTimeOfDay()) return false;
  return (kind != KIND_timestamp || readZone()) && p == end;
}

function readZone(): bool {
  if (!takeLetter(0x7a)) {
    const west = take(0x2d);
    if (!west && !take(0x2b)) return false;
    const offset = readClock();
    if (offset < 0) return false;
    parsed += west ? offset * 60 : -offset * 60;
  }
  // The years 1 to 9999 hold in UTC too.
  return inRange(KIND_timestamp, parsed);
}

/** ISO 8601 without years and months, in whole milliseconds. */
function readDuration(): bool {
  const negative = take(0x2d);
  if (!take(0x50)) return false;
  let total: f64 = 0;
  // Components come in the order W D T H M S: `next` is the least rank that may follow.
  let next = 0;
  let fraction = false;
  let time = false;
  while (p < end) {
    // A T without a component behind it leaves no number to read.
    if (!time && take(0x54)) time = true;
    if (fraction) return false;
    const whole = readWhole();
    if (whole < 0) return false;
    const start = p;
    if (take(0x2e)) {
      fraction = true;
      while (digits(1) >= 0);
      if (p == start + 1) return false;
    }
    const stop = p;
    if (p >= end) return false;
    const letter = <i32>load<u8>(p++);
    let rank = 0;
    while (rank < 5 && letter != load<u8>(LETTERS + rank)) rank++;
    if (rank == 5) return false;
    const unit = load<i32>(UNITS + (rank << 2));
    // Days stand before T, hours behind it.
    if (rank < next || rank >= 2 != time) return false;
    next = rank + 1;
    total += whole * <f64>unit;
    if (fraction) {
      const part = fractionOf(start + 1, stop, unit);
      if (part < 0) return false;
      total += <f64>part;
    }
  }
  if (next == 0 || total > MAX_DURATION_MS) return false;
  parsed = negative ? 0 - total : total;
  return true;
}

/** Digits as a number, -1 when there are none. Beyond MAX_DURATION_MS only the size matters. */
function readWhole(): f64 {
  const start = p;
  let value: f64 = 0;
  while (true) {
    const digit = digits(1);
    if (digit < 0) break;
    value = min<f64>(value * 10 + <f64>digit, 1e16);
  }
  return p == start ? -1 : value;
}

/** 0.DIGITS units in milliseconds; -1 when that is no whole number. */
function fractionOf(from: usize, to: usize, unit: i32): i64 {
  while (to > from && load<u8>(to - 1) == 0x30) to--;
  // 2^10 and 5^8 are the largest powers in a week: more digits never give a whole number.
  if (to - from > 10) return -1;
  let value: i64 = 0;
  let scale: i64 = 1;
  for (; from < to; from++) {
    value = value * 10 + (<i64>load<u8>(from) - 0x30);
    scale *= 10;
  }
  value *= unit;
  return value % scale == 0 ? value / scale : -1;
}

/** The calendar day of a number of days since 1970, into year, month and day. */
export let year: i32 = 0;
export let month: i32 = 0;
export let day: i32 = 0;

export function toCalendar(days: f64): void {
  const z = days + 719468;
  const era = <i32>floor(z / 146097);
  const dayOfEra = <i32>(z - <f64>era * 146097);
  const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
  const dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const shifted = (5 * dayOfYear + 2) / 153;
  day = dayOfYear - (153 * shifted + 2) / 5 + 1;
  month = shifted < 10 ? shifted + 3 : shifted - 9;
  year = era * 400 + yearOfEra + i32(month <= 2);
}
