// One scalar of the tape → one slot value, with the checks of its limits in the order of their codes.

import { setHas } from './bundle.ts';
import {
  INVALID_enum,
  INVALID_format,
  INVALID_length,
  INVALID_multiple_of,
  INVALID_range,
  INVALID_type,
  JSON_bool,
  JSON_number,
  JSON_string,
  KIND_bool,
  KIND_date,
  KIND_decimal,
  KIND_duration,
  KIND_int,
  KIND_localTimestamp,
  KIND_number,
  KIND_string,
  LIMITS_max,
  LIMITS_maxLength,
  LIMITS_min,
  LIMITS_minLength,
  LIMITS_set,
  MAX_DECIMAL,
  MAX_SAFE_INT,
  NONE,
  SLOT_scale,
} from './generated.ts';
import { pow10 } from './number.ts';
import { AUX, LENGTH, MICROS, stringId, UNKNOWN_ID, VALUE } from './slots.ts';
import { numberOf, textAddress, textLength } from './tape.ts';
import { codePoints } from './text.ts';
import { parsed, parsedMicros, parseTime } from './time.ts';

/** Writes the value at `to`; 0 or the code of the first check that fails. `limits` may be 0. */
export function convert(kind: i32, row: usize, limits: usize, node: usize, tag: i32, to: usize): i32 {
  const wanted = kind == KIND_bool ? JSON_bool : kind <= KIND_number ? JSON_number : JSON_string;
  if (tag != wanted) return INVALID_type;
  if (wanted == JSON_string) return convertText(kind, limits, node, to);
  const x = numberOf(node);
  const set = limits ? load<u32>(limits, LIMITS_set) : NONE;
  let v = x;
  let bound = MAX_SAFE_INT;
  let fits = true;
  if (kind == KIND_decimal) {
    const scale = pow10(load<u8>(row, SLOT_scale));
    v = x * scale;
    const rounded = nearest(v);
    // The grid is that of the doubles nearest to the decimals: 0.29 × 100 is a little less than 29, and is 29 all the same.
    fits = rounded / scale == x;
    if (fits) v = rounded;
    bound = MAX_DECIMAL;
  } else if (kind == KIND_int) fits = floor(x) == x;
  else bound = Infinity;
  v += 0;
  store<f64>(to, v, VALUE);
  if (set != NONE && !(fits && setHas(set, v))) return INVALID_enum;
  if (v > bound || v < -bound || outside(limits, v)) return INVALID_range;
  return fits ? 0 : kind == KIND_int ? INVALID_range : INVALID_multiple_of;
}

function outside(limits: usize, v: f64): bool {
  return limits != 0 && (v < load<f64>(limits, LIMITS_min) || v > load<f64>(limits, LIMITS_max));
}

function convertText(kind: i32, limits: usize, node: usize, to: usize): i32 {
  const p = textAddress(node);
  const length = textLength(node);
  const set = limits ? load<u32>(limits, LIMITS_set) : NONE;
  if (kind == KIND_string) {
    store<u32>(to, UNKNOWN_ID, AUX);
    store<u32>(to, <u32>p, VALUE);
    store<u32>(to, <u32>length, LENGTH);
    if (set != NONE && !setHas(set, stringId(to))) return INVALID_enum;
    return limits ? checkLength(limits, p, length) : 0;
  }
  const fits = parseTime(kind, p, length);
  // It is a string in every respect but its format: views of it read the text.
  if (kind == KIND_localTimestamp) store<u32>(to, <u32>node, AUX);
  else if (fits) {
    store<f64>(to, parsed, VALUE);
    store<f64>(to, parsedMicros, MICROS);
  }
  if (kind == KIND_date || kind == KIND_duration) {
    if (set != NONE && !(fits && setHas(set, parsed))) return INVALID_enum;
    if (fits && outside(limits, parsed)) return INVALID_range;
  }
  return fits ? 0 : INVALID_format;
}

function checkLength(limits: usize, p: usize, length: usize): i32 {
  const least = load<u32>(limits, LIMITS_minLength);
  const most = load<u32>(limits, LIMITS_maxLength);
  const n = <u32>codePoints(p, length);
  // No number is larger than NONE.
  return (least != NONE && n < least) || n > most ? INVALID_length : 0;
}
