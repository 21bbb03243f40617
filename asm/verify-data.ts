// Verifies the tables that hold data only: META, STR, SETS, LANG.

import { base, count, numberAt, reference, rowOf, stringAddress, stringLength } from './bundle.ts';
import {
  LANG_classes,
  LANG_first,
  LANG_kind,
  LANG_prefix,
  LANG_set,
  LANG_states,
  LANG_suffix,
  LAST_LANG,
  MAX_STATES,
  META_combining,
  S_BYTES,
  S_LANG,
  S_META,
  S_NUMS,
  S_REFS,
  S_SETS,
  S_STR,
  S_TABLES,
  SETS_count,
  SETS_first,
  SETS_kind,
  STR_length,
  STR_offset,
  VERIFY_code,
  VERIFY_index,
  VERIFY_kind,
  VERIFY_operand,
  VERIFY_order,
  VERIFY_reserved,
  VERIFY_table,
  VERIFY_utf8,
} from './generated.ts';
import { compare, isUtf8 } from './text.ts';

export const SET_STRINGS: i32 = 1;
export const SET_NUMBERS: i32 = 2;

/** Next free record of REFS and of NUMS: the records of the bundle use them up in order. */
let refs: u32 = 0;
let nums: u32 = 0;

export function usedRefs(): u32 {
  return refs;
}

export function useRef(): u32 {
  return refs++;
}

export function usedNums(): u32 {
  return nums;
}

export function useNums(n: u32): void {
  nums += n;
}

export function setKind(set: u32): i32 {
  return load<u8>(rowOf(S_SETS, set), SETS_kind);
}

export function verifyData(): i32 {
  refs = 0;
  nums = 0;
  const combining = <i32>load<u8>(base(S_META), META_combining);
  if (combining != 1 && combining != 2) return VERIFY_code;
  let code = verifyStrings();
  for (let i: u32 = 0; !code && i < count(S_SETS); i++) code = verifySet(rowOf(S_SETS, i));
  return code || verifyLanguages();
}

function verifyStrings(): i32 {
  const total = count(S_BYTES);
  let cursor: u32 = 0;
  for (let i: u32 = 0; i < count(S_STR); i++) {
    const row = rowOf(S_STR, i);
    if (load<u32>(row, STR_offset) != cursor) return VERIFY_order;
    const length = load<u32>(row, STR_length);
    if (length > total - cursor) return VERIFY_index;
    const p = stringAddress(i);
    if (!isUtf8(p, p + length)) return VERIFY_utf8;
    if (i > 0 && compare(stringAddress(i - 1), stringLength(i - 1), p, length) >= 0) {
      return VERIFY_order;
    }
    cursor += length;
  }
  return cursor == total ? 0 : VERIFY_order;
}

function verifySet(row: usize): i32 {
  const kind = <i32>load<u8>(row, SETS_kind);
  if (kind != SET_STRINGS && kind != SET_NUMBERS) return VERIFY_code;
  if (load<u32>(row, SETS_first) != refs) return VERIFY_order;
  const n = load<u32>(row, SETS_count);
  if (n > count(S_REFS) - refs) return VERIFY_index;
  for (let k: u32 = 0; k < n; k++, refs++) {
    const at = rowOf(S_REFS, refs);
    const value = reference(refs);
    if (kind == SET_NUMBERS) {
      if (value != nums) return VERIFY_order;
      if (value >= count(S_NUMS)) return VERIFY_index;
      if (k > 0 && !(numberAt(value - 1) < numberAt(value))) return VERIFY_order;
      nums++;
    } else {
      if (value >= count(S_STR)) return VERIFY_index;
      if (k > 0 && reference(refs - 1) >= value) return VERIFY_order;
    }
  }
  return 0;
}

function verifyLanguages(): i32 {
  let cursor: u32 = 0;
  for (let i: u32 = 0; i < count(S_LANG); i++) {
    const row = rowOf(S_LANG, i);
    const kind = <i32>load<u8>(row, LANG_kind);
    if (kind < 1 || kind > LAST_LANG) return VERIFY_code;
    const set = load<u32>(row, LANG_set);
    if (setKind(set) != SET_STRINGS) return VERIFY_kind;
    if (load<u32>(row, LANG_first) != cursor) return VERIFY_order;
    const classes = <u32>load<u16>(row, LANG_classes);
    const states = load<u32>(row, LANG_states);
    if (kind == LANG_prefix || kind == LANG_suffix) {
      if (classes) return VERIFY_operand;
      if (states) return VERIFY_operand;
      continue;
    }
    if (classes < 1 || classes > 256) return VERIFY_table;
    if (states < 1 || states > <u32>MAX_STATES) return VERIFY_table;
    const words: u32 = 256 + states * classes + ((states + 15) >> 4);
    if (words > count(S_TABLES) - cursor) return VERIFY_index;
    const code = verifyAutomaton(base(S_TABLES) + ((<usize>cursor) << 1), classes, states);
    if (code) return code;
    cursor += words;
  }
  return cursor == count(S_TABLES) ? 0 : VERIFY_order;
}

function verifyAutomaton(at: usize, classes: u32, states: u32): i32 {
  for (const end = at + 512; at < end; at += 2) {
    if (<u32>load<u16>(at) >= classes) return VERIFY_table;
  }
  for (const end = at + ((<usize>(states * classes)) << 1); at < end; at += 2) {
    const target = <u32>load<u16>(at);
    if (target >= states && target != 0xffff) return VERIFY_table;
  }
  at += (<usize>((states - 1) >> 4)) << 1;
  const used = states & 15;
  return used && <u32>load<u16>(at) >> used ? VERIFY_reserved : 0;
}
