// Verifies the tables that hold data only: META, STR, SETS, LANG.

import { base, claim, count, numberAt, rowOf, stringAddress, stringLength } from './bundle.ts';
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
  Z_REFS,
} from './generated.ts';
import { compare, isUtf8 } from './text.ts';

export const SET_STRINGS: i32 = 1;
export const SET_NUMBERS: i32 = 2;

export function setKind(set: u32): i32 {
  return load<u8>(rowOf(S_SETS, set), SETS_kind);
}

export function verifyMeta(): i32 {
  const combining = <i32>load<u8>(base(S_META), META_combining);
  return <u32>(combining - 1) > 1 ? VERIFY_code : 0;
}

export function verifyString(row: usize, i: u32): i32 {
  const length = load<u32>(row, STR_length);
  const code = claim(S_BYTES, load<u32>(row, STR_offset), length);
  if (code) return code;
  const p = stringAddress(i);
  if (!isUtf8(p, p + length)) return VERIFY_utf8;
  const ascends = i == 0 || compare(stringAddress(i - 1), stringLength(i - 1), p, length) < 0;
  return ascends ? 0 : VERIFY_order;
}

export function verifySet(row: usize): i32 {
  const kind = <i32>load<u8>(row, SETS_kind);
  if (kind != SET_STRINGS && kind != SET_NUMBERS) return VERIFY_code;
  const first = load<u32>(row, SETS_first);
  const n = load<u32>(row, SETS_count);
  let code = claim(S_REFS, first, n);
  for (let k: u32 = 0; !code && k < n; k++) {
    const at = rowOf(S_REFS, first + k);
    const value = load<u32>(at);
    let ascends = true;
    if (kind == SET_NUMBERS) {
      code = claim(S_NUMS, value, 1);
      if (!code && k > 0) ascends = numberAt(value - 1) < numberAt(value);
    } else {
      if (value >= count(S_STR)) code = VERIFY_index;
      else if (k > 0) ascends = load<u32>(at - Z_REFS) < value;
    }
    if (!ascends) return VERIFY_order;
  }
  return code;
}

export function verifyLanguage(row: usize): i32 {
  const kind = <i32>load<u8>(row, LANG_kind);
  if (<u32>(kind - 1) >= <u32>LAST_LANG) return VERIFY_code;
  if (setKind(load<u32>(row, LANG_set)) != SET_STRINGS) return VERIFY_kind;
  const first = load<u32>(row, LANG_first);
  const code = claim(S_TABLES, first, 0);
  if (code) return code;
  const classes = <u32>load<u16>(row, LANG_classes);
  const states = load<u32>(row, LANG_states);
  if (kind == LANG_prefix || kind == LANG_suffix) return classes | states ? VERIFY_operand : 0;
  if (classes - 1 >= 256 || states - 1 >= <u32>MAX_STATES) return VERIFY_table;
  const words: u32 = 256 + states * classes + ((states + 15) >> 4);
  return (
    claim(S_TABLES, first, words) || verifyAutomaton(base(S_TABLES) + ((<usize>first) << 1), classes, states)
  );
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
