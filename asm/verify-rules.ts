// Verifies RULE, FRAGMENT and PIECE: what a decision is written from.

import { base, count, reference, rowOf, stringAddress, stringLength } from './bundle.ts';
import {
  FORMAT_decimal,
  FRAGMENT_count,
  FRAGMENT_first,
  LAST_FORMAT,
  LIST_FLAG,
  MASK_LIST,
  MAX_BUNDLE_BYTES,
  MAX_SCALE,
  NONE,
  NONE16,
  PIECE_format,
  PIECE_scale,
  PIECE_slot,
  PIECE_text,
  RULE_effect,
  RULE_flags,
  RULE_matched,
  RULE_message,
  RULE_name,
  RULE_obligations,
  RULE_remediationCount,
  RULE_remediations,
  RULE_severity,
  S_EFFECT,
  S_FRAGMENT,
  S_PIECE,
  S_REFS,
  S_RULE,
  S_SEVERITY,
  S_STR,
  SHADOW_FLAG,
  SLOT_scale,
  VERIFY_code,
  VERIFY_fragment,
  VERIFY_index,
  VERIFY_kind,
  VERIFY_limit,
  VERIFY_order,
  VERIFY_region,
  VERIFY_reserved,
  VERIFY_rule,
  VIA_bound,
  Z_REFS,
} from './generated.ts';
import { beginJson, isJsonComplete, takeJsonText, takeJsonValue } from './json-check.ts';
import { kindOfFormat } from './list-item.ts';
import { usedRefs, useRef } from './verify-data.ts';
import { isTemplate, kindIn, slotKind, slotRoot, slotRow, slotVia } from './verify-slots.ts';

const NO_SEVERITY: i32 = 255;

let fragments: u32 = 0;
let pieces: u32 = 0;
/** Bytes of JSON read so far: many pieces may share one text. */
let jsonBytes: u64 = 0;

export function verifyRules(): i32 {
  fragments = 0;
  pieces = 0;
  jsonBytes = 0;
  const n = count(S_RULE);
  for (let i: u32 = 0; i < n; i++) {
    const code = verifyRule(rowOf(S_RULE, i), i < n - 2, i == n - 1);
    if (code) return code;
  }
  if (fragments != count(S_FRAGMENT)) return VERIFY_order;
  if (pieces != count(S_PIECE)) return VERIFY_order;
  return usedRefs() == count(S_REFS) ? 0 : VERIFY_order;
}

function verifyRule(row: usize, named: bool, onInvalid: bool): i32 {
  if (<u32>load<u8>(row, RULE_effect) >= count(S_EFFECT)) return VERIFY_index;
  const severity = <i32>load<u8>(row, RULE_severity);
  if (severity != NO_SEVERITY && <u32>severity >= count(S_SEVERITY)) return VERIFY_index;
  const flags = <i32>load<u16>(row, RULE_flags);
  if (flags & ~SHADOW_FLAG) return VERIFY_reserved;
  if (flags && !named) return VERIFY_rule;
  if ((load<u32>(row, RULE_name) != NONE) != named) return VERIFY_rule;
  if ((load<u32>(row, RULE_matched) != NONE) != named) return VERIFY_rule;
  let code = verifyFragment(row + RULE_matched, true, false);
  if (!code) code = verifyFragment(row + RULE_message, false, !onInvalid);
  if (!code) code = verifyFragment(row + RULE_obligations, true, !onInvalid);
  return code || verifyRemediations(row);
}

function verifyRemediations(row: usize): i32 {
  const n = load<u32>(row, RULE_remediationCount);
  if (load<u32>(row, RULE_remediations) != usedRefs()) return VERIFY_order;
  if (n > count(S_REFS) - usedRefs()) return VERIFY_index;
  for (let k: u32 = 0; k < n; k++) {
    const at = useRef();
    if (reference(at) >= count(S_STR)) return VERIFY_index;
  }
  return 0;
}

function verifyFragment(at: usize, json: bool, holes: bool): i32 {
  const fragment = load<u32>(at);
  if (fragment == NONE) return 0;
  if (fragment != fragments) return VERIFY_order;
  fragments++;
  const row = rowOf(S_FRAGMENT, fragment);
  if (load<u32>(row, FRAGMENT_first) != pieces) return VERIFY_order;
  const n = load<u32>(row, FRAGMENT_count);
  if (n > count(S_PIECE) - pieces) return VERIFY_index;
  beginJson();
  for (let k: u32 = 0; k < n; k++, pieces++) {
    const code = verifyPiece(rowOf(S_PIECE, pieces), k == n - 1, json, holes);
    if (code) return code;
  }
  return json && !isJsonComplete() ? VERIFY_fragment : 0;
}

function verifyPiece(row: usize, last: bool, json: bool, holes: bool): i32 {
  const text = load<u32>(row, PIECE_text);
  const slot = <u32>load<u16>(row, PIECE_slot);
  // Neighbouring texts are one text, and there is no empty one: a fragment has one writing.
  if (slot == NONE16 && !last) return VERIFY_fragment;
  if (slot == NONE16 && text == NONE) return VERIFY_fragment;
  if (text != NONE) {
    const length = stringLength(text);
    if (length == 0) return VERIFY_fragment;
    if (json) jsonBytes += length;
    if (jsonBytes > <u64>MAX_BUNDLE_BYTES) return VERIFY_limit;
    const p = stringAddress(text);
    if (json && !takeJsonText(p, p + length)) return VERIFY_fragment;
  }
  const format = <i32>load<u8>(row, PIECE_format);
  const scale = <i32>load<u8>(row, PIECE_scale);
  if (slot == NONE16) {
    if (format) return VERIFY_fragment;
    return scale ? VERIFY_fragment : 0;
  }
  if (!holes) return VERIFY_fragment;
  if (json && !takeJsonValue()) return VERIFY_fragment;
  return verifyHole(row, slot, format, scale);
}

function verifyHole(row: usize, slot: u32, code: i32, scale: i32): i32 {
  const format = code & ~LIST_FLAG;
  if (format < 1 || format > LAST_FORMAT) return VERIFY_code;
  const mask = code & LIST_FLAG ? MASK_LIST : 1 << kindOfFormat(format);
  if (!kindIn(slotKind(slot), mask)) return VERIFY_kind;
  if (isTemplate(slot)) return VERIFY_kind;
  if (slotVia(slotRoot(slot)) == VIA_bound) return VERIFY_region;
  if (scale > (format == FORMAT_decimal ? MAX_SCALE : 0)) return VERIFY_fragment;
  const differs = code == FORMAT_decimal && scale != <i32>load<u8>(slotRow(slot), SLOT_scale);
  return differs ? VERIFY_fragment : 0;
}
