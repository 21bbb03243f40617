// Verifies RULE, FRAGMENT and PIECE: what a decision is written from.

import { base, count, record, reference, stringAddress, stringLength } from './bundle.ts';
import {
  FORMAT_decimal,
  FORMAT_bool,
  FORMAT_date,
  FORMAT_duration,
  FORMAT_int,
  FORMAT_string,
  FRAGMENT_count,
  FRAGMENT_first,
  KIND_bool,
  KIND_date,
  KIND_decimal,
  KIND_duration,
  KIND_int,
  KIND_list,
  KIND_string,
  KIND_timestamp,
  LAST_FORMAT,
  LIST_FLAG,
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
  Z_FRAGMENT,
  Z_PIECE,
  Z_REFS,
  Z_RULE,
} from './generated.ts';
import { beginJson, isJsonComplete, takeJsonText, takeJsonValue } from './json-check.ts';
import { kindOfFormat } from './list-item.ts';
import { refuse } from './refusal.ts';
import { usedRefs, useRef } from './verify-data.ts';
import { isTemplate, slotKind, slotRoot, slotRow, slotVia } from './verify-slots.ts';

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
    const code = verifyRule(record(S_RULE, Z_RULE, i), i < n - 2, i == n - 1);
    if (code) return code;
  }
  if (fragments != count(S_FRAGMENT)) return refuse(VERIFY_order, record(S_FRAGMENT, Z_FRAGMENT, fragments) + FRAGMENT_first);
  if (pieces != count(S_PIECE)) return refuse(VERIFY_order, record(S_PIECE, Z_PIECE, pieces) + PIECE_text);
  return usedRefs() == count(S_REFS) ? 0 : refuse(VERIFY_order, record(S_REFS, Z_REFS, usedRefs()));
}

function verifyRule(row: usize, named: bool, onInvalid: bool): i32 {
  if (<u32>load<u8>(row, RULE_effect) >= count(S_EFFECT)) return refuse(VERIFY_index, row + RULE_effect);
  const severity = <i32>load<u8>(row, RULE_severity);
  if (severity != NO_SEVERITY && <u32>severity >= count(S_SEVERITY)) return refuse(VERIFY_index, row + RULE_severity);
  const flags = <i32>load<u16>(row, RULE_flags);
  if (flags & ~SHADOW_FLAG) return refuse(VERIFY_reserved, row + RULE_flags);
  if (flags && !named) return refuse(VERIFY_rule, row + RULE_flags);
  if ((load<u32>(row, RULE_name) != NONE) != named) return refuse(VERIFY_rule, row + RULE_name);
  if ((load<u32>(row, RULE_matched) != NONE) != named) return refuse(VERIFY_rule, row + RULE_matched);
  let code = verifyFragment(row + RULE_matched, true, false);
  if (!code) code = verifyFragment(row + RULE_message, false, !onInvalid);
  if (!code) code = verifyFragment(row + RULE_obligations, true, !onInvalid);
  return code || verifyRemediations(row);
}

function verifyRemediations(row: usize): i32 {
  const n = load<u32>(row, RULE_remediationCount);
  if (load<u32>(row, RULE_remediations) != usedRefs()) return refuse(VERIFY_order, row + RULE_remediations);
  if (n > count(S_REFS) - usedRefs()) return refuse(VERIFY_index, row + RULE_remediationCount);
  for (let k: u32 = 0; k < n; k++) {
    const at = useRef();
    if (reference(at) >= count(S_STR)) return refuse(VERIFY_index, record(S_REFS, Z_REFS, at));
  }
  return 0;
}

function verifyFragment(at: usize, json: bool, holes: bool): i32 {
  const fragment = load<u32>(at);
  if (fragment == NONE) return 0;
  if (fragment != fragments) return refuse(VERIFY_order, at);
  fragments++;
  const row = record(S_FRAGMENT, Z_FRAGMENT, fragment);
  if (load<u32>(row, FRAGMENT_first) != pieces) return refuse(VERIFY_order, row + FRAGMENT_first);
  const n = load<u32>(row, FRAGMENT_count);
  if (n > count(S_PIECE) - pieces) return refuse(VERIFY_index, row + FRAGMENT_count);
  beginJson();
  for (let k: u32 = 0; k < n; k++, pieces++) {
    const code = verifyPiece(record(S_PIECE, Z_PIECE, pieces), k == n - 1, json, holes);
    if (code) return code;
  }
  return json && !isJsonComplete() ? refuse(VERIFY_fragment, row + FRAGMENT_first) : 0;
}

function verifyPiece(row: usize, last: bool, json: bool, holes: bool): i32 {
  const text = load<u32>(row, PIECE_text);
  const slot = <u32>load<u16>(row, PIECE_slot);
  // Neighbouring texts are one text, and there is no empty one: a fragment has one writing.
  if (slot == NONE16 && !last) return refuse(VERIFY_fragment, row + PIECE_slot);
  if (slot == NONE16 && text == NONE) return refuse(VERIFY_fragment, row + PIECE_text);
  if (text != NONE) {
    const length = stringLength(text);
    if (length == 0) return refuse(VERIFY_fragment, row + PIECE_text);
    if (json) jsonBytes += length;
    if (jsonBytes > <u64>MAX_BUNDLE_BYTES) return refuse(VERIFY_limit, row + PIECE_text);
    const p = stringAddress(text);
    if (json && !takeJsonText(p, p + length)) return refuse(VERIFY_fragment, row + PIECE_text);
  }
  const format = <i32>load<u8>(row, PIECE_format);
  const scale = <i32>load<u8>(row, PIECE_scale);
  if (slot == NONE16) {
    if (format) return refuse(VERIFY_fragment, row + PIECE_format);
    return scale ? refuse(VERIFY_fragment, row + PIECE_scale) : 0;
  }
  if (!holes) return refuse(VERIFY_fragment, row + PIECE_slot);
  if (json && !takeJsonValue()) return refuse(VERIFY_fragment, row + PIECE_slot);
  return verifyHole(row, slot, format, scale);
}

function verifyHole(row: usize, slot: u32, code: i32, scale: i32): i32 {
  const format = code & ~LIST_FLAG;
  if (format < 1 || format > LAST_FORMAT) return refuse(VERIFY_code, row + PIECE_format);
  if (slotKind(slot) != (code & LIST_FLAG ? KIND_list : kindOfFormat(format))) return refuse(VERIFY_kind, row + PIECE_slot);
  if (isTemplate(slot)) return refuse(VERIFY_kind, row + PIECE_slot);
  if (slotVia(slotRoot(slot)) == VIA_bound) return refuse(VERIFY_region, row + PIECE_slot);
  if (scale > (format == FORMAT_decimal ? MAX_SCALE : 0)) return refuse(VERIFY_fragment, row + PIECE_scale);
  const differs = code == FORMAT_decimal && scale != <i32>load<u8>(slotRow(slot), SLOT_scale);
  return differs ? refuse(VERIFY_fragment, row + PIECE_scale) : 0;
}
