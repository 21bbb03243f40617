// Slot values as text, into a small buffer: numbers from exact integers, so that no shortest-double printing is needed.

import {
  FORMAT_bool,
  FORMAT_date,
  FORMAT_decimal,
  FORMAT_duration,
  FORMAT_timestamp,
  MAX_SAFE_INT,
} from './generated.ts';
import { pow10 } from './number.ts';
import { day, month, toCalendar, year } from './time.ts';

/** Longest text of a value that is not a string. */
const BUFFER: usize = memory.data(96);

let at: usize = 0;

export const printed: usize = BUFFER;

function put(byte: i32): void {
  store<u8>(at++, <u8>byte);
}

/** At least `least` decimal digits. */
function digits(value: u64, least: i32): void {
  let n = 1;
  for (let rest = value / 10; rest; rest /= 10) n++;
  n = max(n, least);
  at += n;
  for (let to = at - 1; n > 0; n--, to--) {
    store<u8>(to, <u8>(0x30 + <i32>(value % 10)));
    value /= 10;
  }
}

// A bundle may put more into a slot than its kind can hold; the text is then that of the nearest bound.
function magnitude(v: f64): u64 {
  return <u64>min(abs(v), MAX_SAFE_INT);
}

/** Prints the value of a slot; the length of its text. `json`: decimals as the numbers that they are, else with all their digits. */
export function print(format: i32, scale: i32, v: f64, micros: f64, json: bool): usize {
  at = BUFFER;
  if (format == FORMAT_bool) {
    if (v != 0) {
      store<u32>(at, 0x65757274);
      return 4;
    }
    store<u64>(at, 0x65736c6166);
    return 5;
  }
  if (format == FORMAT_timestamp) timestamp(v, micros);
  else if (format == FORMAT_date) date(v);
  else {
    if (v < 0) put(0x2d);
    const k = magnitude(v);
    if (format == FORMAT_duration) duration(k);
    else if (format == FORMAT_decimal && scale) {
      if (json) jsonDecimal(k, scale);
      else fixedDecimal(k, scale);
    } else digits(k, 1);
  }
  return at - BUFFER;
}

/** k ÷ 10^scale with all its digits. */
function fixedDecimal(k: u64, scale: i32): void {
  const unit = <u64>pow10(scale);
  digits(k / unit, 1);
  put(0x2e);
  digits(k % unit, scale);
}

/** k ÷ 10^scale as ECMAScript prints the number: no trailing zeros, an exponent below 10^-6. */
function jsonDecimal(k: u64, scale: i32): void {
  while (scale > 0 && k % 10 == 0) {
    k /= 10;
    scale--;
  }
  if (scale == 0) {
    digits(k, 1);
    return;
  }
  let n = 0;
  for (let rest = k; rest; rest /= 10) n++;
  if (n - scale > -6) {
    fixedDecimal(k, scale);
    return;
  }
  const unit = <u64>pow10(n - 1);
  digits(k / unit, 1);
  if (n > 1) {
    put(0x2e);
    digits(k % unit, n - 1);
  }
  put(0x65);
  put(0x2d);
  digits(scale - n + 1, 1);
}

function date(days: f64): void {
  toCalendar(max(min(days, 1e11), -1e11));
  if (year < 0) put(0x2d);
  digits(abs(year), 4);
  put(0x2d);
  digits(month, 2);
  put(0x2d);
  digits(day, 2);
}

function timestamp(seconds: f64, micros: f64): void {
  const days = floor(seconds / 86400);
  date(days);
  put(0x54);
  let rest = <i32>(seconds - days * 86400);
  digits(rest / 3600, 2);
  rest %= 3600;
  put(0x3a);
  digits(rest / 60, 2);
  put(0x3a);
  digits(rest % 60, 2);
  fraction(<u64>micros, 6);
  put(0x5a);
}

/** A fraction of n digits without its trailing zeros. */
function fraction(k: u64, n: i32): void {
  if (k == 0) return;
  put(0x2e);
  while (k % 10 == 0) {
    k /= 10;
    n--;
  }
  digits(k, n);
}

/** Milliseconds as PnDTnHnMnS. */
function duration(ms: u64): void {
  put(0x50);
  const days = ms / 86400000;
  if (days) {
    digits(days, 1);
    put(0x44);
  }
  ms -= days * 86400000;
  if (ms == 0 && days) return;
  put(0x54);
  part(ms / 3600000, 0x48);
  part((ms / 60000) % 60, 0x4d);
  const seconds = ms % 60000;
  if (seconds || (ms == 0 && !days)) {
    digits(seconds / 1000, 1);
    fraction(seconds % 1000, 3);
    put(0x53);
  }
}

function part(n: u64, letter: i32): void {
  if (n == 0) return;
  digits(n, 1);
  put(letter);
}
