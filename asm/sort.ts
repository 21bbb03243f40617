// Merge sort of tape nodes. A sort has a bound that no input can defeat: with n log n comparisons and at most MAX_REQUEST_BYTES of text
// in all keys together, a megabyte of equal-looking keys costs some twenty passes over it. A hash table promises less.

import { numberOf, TAG_BYTE, textAddress, textLength } from './tape.ts';
import { JSON_number, JSON_string, JSON_bool } from './generated.ts';
import { compare } from './text.ts';

/** Order of scalars: by type, then by value. Equal as JSON means 0. */
export function order(a: usize, b: usize): i32 {
  const tag = <i32>load<u8>(a, TAG_BYTE);
  const d = tag - <i32>load<u8>(b, TAG_BYTE);
  if (d) return d;
  if (tag == JSON_string) return compare(textAddress(a), textLength(a), textAddress(b), textLength(b));
  if (tag != JSON_number && tag != JSON_bool) return 0;
  const x = numberOf(a);
  const y = numberOf(b);
  return i32(x > y) - i32(x < y);
}

/** Sorts n addresses at `list`, stable; `spare` is as large. Returns where the result is: `list` or `spare`. */
export function sort(list: usize, spare: usize, n: i32): usize {
  for (let run = 1; run < n; run <<= 1) {
    for (let from = 0; from < n; from += run << 1)
      merge(list, spare, from, min(from + run, n), min(from + (run << 1), n));
    const swap = list;
    list = spare;
    spare = swap;
  }
  return list;
}

function merge(list: usize, out: usize, from: i32, middle: i32, end: i32): void {
  let a = list + ((<usize>from) << 2);
  let b = list + ((<usize>middle) << 2);
  const aEnd = b;
  const bEnd = list + ((<usize>end) << 2);
  for (let to = out + ((<usize>from) << 2); a < aEnd || b < bEnd; to += 4) {
    if (b >= bEnd || (a < aEnd && order(load<u32>(a), load<u32>(b)) <= 0)) {
      store<u32>(to, load<u32>(a));
      a += 4;
    } else {
      store<u32>(to, load<u32>(b));
      b += 4;
    }
  }
}
