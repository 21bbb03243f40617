// Where the sections of the loaded bundle are, and reading access to them. Records are read where they stand: nothing is decoded.

import {
  NONE,
  REFS_index,
  S_BYTES,
  S_NUMS,
  S_REFS,
  S_SETS,
  S_STR,
  SECTION_COUNT,
  SECTION_ENTRY,
  SECTION_SIZES,
  SECTION_TABLE_OFFSET,
  SETS_count,
  SETS_first,
  STR_length,
  STR_offset,
  Z_REFS,
  Z_SETS,
  Z_STR,
} from './generated.ts';
import { compare } from './text.ts';

/** Address and number of records of each section. */
const SECTIONS: usize = memory.data(8 * 32);

/** Reads the section table of the bundle at `start`; the table itself must be inside memory. */
export function locate(start: usize): void {
  for (let i: usize = 0; i < <usize>SECTION_COUNT; i++) {
    const entry = start + <usize>SECTION_TABLE_OFFSET + i * <usize>SECTION_ENTRY;
    store<u32>(SECTIONS + i * 8, <u32>start + load<u32>(entry));
    store<u32>(SECTIONS + i * 8, load<u32>(entry, 4), 4);
  }
}

// @ts-ignore: decorator
@inline
export function base(section: i32): usize {
  return load<u32>(SECTIONS + ((<usize>section) << 3));
}

// @ts-ignore: decorator
@inline
export function count(section: i32): u32 {
  return load<u32>(SECTIONS + ((<usize>section) << 3), 4);
}

/** Address of a record. */
// @ts-ignore: decorator
@inline
export function record(section: i32, size: i32, index: u32): usize {
  return base(section) + <usize>index * <usize>size;
}

/** The record that `rowOf` was asked for last: where the verifier is when it refuses. */
let looked: usize = 0;

export function lookAt(at: usize): void {
  looked = at;
}

export function lookedAt(): usize {
  return looked;
}

/** The same by a table of sizes: shorter code where speed does not matter. */
export function rowOf(section: i32, index: u32): usize {
  looked = base(section) + <usize>index * <usize>load<u8>(SECTION_SIZES + section);
  return looked;
}

export function stringAddress(id: u32): usize {
  return base(S_BYTES) + load<u32>(record(S_STR, Z_STR, id), STR_offset);
}

export function stringLength(id: u32): usize {
  return load<u32>(record(S_STR, Z_STR, id), STR_length);
}

/** Id of a text in the dictionary; NONE when it is not there. STR is sorted. */
export function findString(p: usize, length: usize): u32 {
  let low: u32 = 0;
  let high = count(S_STR);
  while (low < high) {
    const middle = (low + high) >> 1;
    const d = compare(stringAddress(middle), stringLength(middle), p, length);
    if (d == 0) return middle;
    if (d < 0) low = middle + 1;
    else high = middle;
  }
  return NONE;
}

// @ts-ignore: decorator
@inline
export function reference(at: u32): u32 {
  return load<u32>(record(S_REFS, Z_REFS, at), REFS_index);
}

// @ts-ignore: decorator
@inline
export function numberAt(at: u32): f64 {
  return load<f64>(base(S_NUMS) + ((<usize>at) << 3));
}

/** Whether a set of strings holds the string with this id. */
export function setHasId(set: u32, id: u32): bool {
  const row = record(S_SETS, Z_SETS, set);
  let low = load<u32>(row, SETS_first);
  let high = low + load<u32>(row, SETS_count);
  while (low < high) {
    const middle = (low + high) >> 1;
    const found = reference(middle);
    if (found == id) return true;
    if (found < id) low = middle + 1;
    else high = middle;
  }
  return false;
}

/** Whether a set of strings holds a text. */
export function setHasText(set: u32, p: usize, length: usize): bool {
  const id = findString(p, length);
  return id != NONE && setHasId(set, id);
}

export function setHasNumber(set: u32, value: f64): bool {
  const row = record(S_SETS, Z_SETS, set);
  let low = load<u32>(row, SETS_first);
  let high = low + load<u32>(row, SETS_count);
  while (low < high) {
    const middle = (low + high) >> 1;
    const found = numberAt(reference(middle));
    if (found == value) return true;
    if (found < value) low = middle + 1;
    else high = middle;
  }
  return false;
}
