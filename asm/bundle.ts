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
  SETS_kind,
  STR_length,
  STR_offset,
  VERIFY_index,
  VERIFY_order,
  Z_REFS,
  Z_STR,
} from './generated.ts';
import { compare } from './text.ts';

/** Of each section the address, the number of records, and how many of them are claimed: u32 each, 16 bytes a row. */
const SECTIONS: usize = memory.data(16 * 32);

/** Reads the section table of the bundle at `start`; the table itself must be inside memory. */
export function locate(start: usize): void {
  for (let i: usize = 0; i < <usize>SECTION_COUNT; i++) {
    const entry = start + <usize>SECTION_TABLE_OFFSET + i * <usize>SECTION_ENTRY;
    const to = SECTIONS + (i << 4);
    store<u32>(to, <u32>start + load<u32>(entry));
    store<u32>(to, load<u32>(entry, 4), 4);
    store<u32>(to, 0, 8);
  }
}

// @ts-ignore: decorator
@inline
export function base(section: i32): usize {
  return load<u32>(SECTIONS + ((<usize>section) << 4));
}

export function count(section: i32): u32 {
  return load<u32>(SECTIONS + ((<usize>section) << 4), 4);
}

/** Claims the next n records of a section for the record that names them. Sections are used up in order: each record has one owner. */
export function claim(section: i32, first: u32, n: u32): i32 {
  const at = SECTIONS + ((<usize>section) << 4);
  const used = load<u32>(at, 8);
  if (first != used) return VERIFY_order;
  if (n > load<u32>(at, 4) - used) return VERIFY_index;
  store<u32>(at, used + n, 8);
  return 0;
}

/** Whether each record of a section has its owner. */
export function allClaimed(section: i32): i32 {
  return claim(section, count(section), 0);
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

/** Whether a set holds a number, or the string with this id. */
export function setHas(set: u32, wanted: f64): bool {
  const row = rowOf(S_SETS, set);
  const strings = load<u8>(row, SETS_kind) == 1;
  let low = load<u32>(row, SETS_first);
  let high = low + load<u32>(row, SETS_count);
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = reference(middle);
    const found = strings ? <f64>at : numberAt(at);
    if (found == wanted) return true;
    if (found < wanted) low = middle + 1;
    else high = middle;
  }
  return false;
}

/** Whether a set of strings holds a text. */
export function setHasText(set: u32, p: usize, length: usize): bool {
  return setHas(set, findString(p, length));
}
