// Verifies the tables that hold data only: META, STR, SETS, LANG.

import { base, count, numberAt, record, reference, stringAddress, stringLength } from './bundle.ts';
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
  Z_LANG,
  Z_REFS,
  Z_SETS,
  Z_STR,
} from './generated.ts';
import { refuse } from './refusal.ts';
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
  return load<u8>(record(S_SETS, Z_SETS, set), SETS_kind);
}

export function verifyData(): i32 {
  refs = 0;
  nums = 0;
  const combining = <i32>load<u8>(base(S_META), META_combining);
  if (combining != 1 && combining != 2) return refuse(VERIFY_code, base(S_META) + META_combining);
  let code = verifyStrings();
  for (let i: u32 = 0; !code && i < count(S_SETS); i++) code = verifySet(record(S_SETS, Z_SETS, i));
  return code || verifyLanguages();
}

function verifyStrings(): i32 {
  const total = count(S_BYTES);
  let cursor: u32 = 0;
  for (let i: u32 = 0; i < count(S_STR); i++) {
    const row = record(S_STR, Z_STR, i);
    if (load<u32>(row, STR_offset) != cursor) return refuse(VERIFY_order, row + STR_offset);
    const length = load<u32>(row, STR_length);
    if (length > total - cursor) return refuse(VERIFY_index, row + STR_length);
    const p = stringAddress(i);
    if (!isUtf8(p, p + length)) return refuse(VERIFY_utf8, row + STR_offset);
    if (i > 0 && compare(stringAddress(i - 1), stringLength(i - 1), p, length) >= 0) {
      return refuse(VERIFY_order, row + STR_offset);
    }
    cursor += length;
  }
  return cursor == total ? 0 : refuse(VERIFY_order, base(S_BYTES) + cursor);
}

function verifySet(row: usize): i32 {
  const kind = <i32>load<u8>(row, SETS_kind);
  if (kind != SET_STRINGS && kind != SET_NUMBERS) return refuse(VERIFY_code, row + SETS_kind);
  if (load<u32>(row, SETS_first) != refs) return refuse(VERIFY_order, row + SETS_first);
  const n = load<u32>(row, SETS_count);
  if (n > count(S_REFS) - refs) return refuse(VERIFY_index, row + SETS_count);
  for (let k: u32 = 0; k < n; k++, refs++) {
    const at = record(S_REFS, Z_REFS, refs);
    const value = reference(refs);
    if (kind == SET_NUMBERS) {
      if (value != nums) return refuse(VERIFY_order, at);
      if (value >= count(S_NUMS)) return refuse(VERIFY_index, at);
      if (k > 0 && !(numberAt(value - 1) < numberAt(value))) return refuse(VERIFY_order, at);
      nums++;
    } else {
      if (value >= count(S_STR)) return refuse(VERIFY_index, at);
      if (k > 0 && reference(refs - 1) >= value) return refuse(VERIFY_order, at);
    }
  }
  return 0;
}

function verifyLanguages(): i32 {
  let cursor: u32 = 0;
  for (let i: u32 = 0; i < count(S_LANG); i++) {
    const row = record(S_LANG, Z_LANG, i);
    const kind = <i32>load<u8>(row, LANG_kind);
    if (kind < 1 || kind > LAST_LANG) return refuse(VERIFY_code, row + LANG_kind);
    const set = load<u32>(row, LANG_set);
    if (setKind(set) != SET_STRINGS) return refuse(VERIFY_kind, row + LANG_set);
    if (load<u32>(row, LANG_first) != cursor) return refuse(VERIFY_order, row + LANG_first);
    const classes = <u32>load<u16>(row, LANG_classes);
    const states = load<u32>(row, LANG_states);
    if (kind == LANG_prefix || kind == LANG_suffix) {
      if (classes) return refuse(VERIFY_operand, row + LANG_classes);
      if (states) return refuse(VERIFY_operand, row + LANG_states);
      continue;
    }
    if (classes < 1 || classes > 256) return refuse(VERIFY_table, row + LANG_classes);
    if (states < 1 || states > <u32>MAX_STATES) return refuse(VERIFY_table, row + LANG_states);
    const words: u32 = 256 + states * classes + ((states + 15) >> 4);
    if (words > count(S_TABLES) - cursor) return refuse(VERIFY_index, row + LANG_states);
    const code = verifyAutomaton(base(S_TABLES) + (<usize>cursor << 1), classes, states);
    if (code) return code;
    cursor += words;
  }
  return cursor == count(S_TABLES) ? 0 : refuse(VERIFY_order, base(S_TABLES) + (<usize>cursor << 1));
}

function verifyAutomaton(at: usize, classes: u32, states: u32): i32 {
  for (const end = at + 512; at < end; at += 2) {
    if (<u32>load<u16>(at) >= classes) return refuse(VERIFY_table, at);
  }
  for (const end = at + (<usize>(states * classes) << 1); at < end; at += 2) {
    const target = <u32>load<u16>(at);
    if (target >= states && target != 0xffff) return refuse(VERIFY_table, at);
  }
  at += <usize>((states - 1) >> 4) << 1;
  const used = states & 15;
  return used && <u32>load<u16>(at) >> used ? refuse(VERIFY_reserved, at) : 0;
}
