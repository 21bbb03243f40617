// Verifies RULE, FRAGMENT and PIECE: what a decision is written from.

import { claim, count, reference, rowOf, stringAddress, stringLength } from './bundle.ts';
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
import { isTemplate, kindIn, slotKind, slotRoot, slotRow, slotVia } from './verify-slots.ts';

const NO_SEVERITY: i32 = 255;

/** Bytes of JSON read so far: many pieces may share one text. */
let jsonBytes: u64 = 0;

export function beginRules(): void {
  jsonBytes = 0;
}

/** `left`: how many rules there are from this one on. The last one is the outcome of an invalid request, the one before it the default. */
export function verifyRule(row: usize, left: u32): i32 {
  const named = left > 2;
  const onInvalid = left == 1;
  if (<u32>load<u8>(row, RULE_effect) >= count(S_EFFECT)) return VERIFY_index;
  const severity = <i32>load<u8>(row, RULE_severity);
  if (severity != NO_SEVERITY && <u32>severity >= count(S_SEVERITY)) return VERIFY_index;
  const flags = <i32>load<u16>(row, RULE_flags);
  if (flags & ~SHADOW_FLAG) return VERIFY_reserved;
  const fits =
    (load<u32>(row, RULE_name) != NONE) == named &&
    (load<u32>(row, RULE_matched) != NONE) == named &&
    (named || !flags);
  if (!fits) return VERIFY_rule;
  let code = verifyFragment(row + RULE_matched, true, false);
  if (!code) code = verifyFragment(row + RULE_message, false, !onInvalid);
  if (!code) code = verifyFragment(row + RULE_obligations, true, !onInvalid);
  return code || verifyRemediations(row);
}

function verifyRemediations(row: usize): i32 {
  let at = load<u32>(row, RULE_remediations);
  const n = load<u32>(row, RULE_remediationCount);
  const code = claim(S_REFS, at, n);
  if (code) return code;
  for (const end = at + n; at < end; at++) if (reference(at) >= count(S_STR)) return VERIFY_index;
  return 0;
}

function verifyFragment(at: usize, json: bool, holes: bool): i32 {
  const fragment = load<u32>(at);
  if (fragment == NONE) return 0;
  const row = rowOf(S_FRAGMENT, fragment);
  let piece = load<u32>(row, FRAGMENT_first);
  const n = load<u32>(row, FRAGMENT_count);
  let code = claim(S_FRAGMENT, fragment, 1) || claim(S_PIECE, piece, n);
  beginJson();
  for (const end = piece + n; !code && piece < end; piece++)
    code = verifyPiece(rowOf(S_PIECE, piece), piece == end - 1, json, holes);
  if (code) return code;
  return json && !isJsonComplete() ? VERIFY_fragment : 0;
}

function verifyPiece(row: usize, last: bool, json: bool, holes: bool): i32 {
  const text = load<u32>(row, PIECE_text);
  const slot = <u32>load<u16>(row, PIECE_slot);
  // Neighbouring texts are one text, and there is no empty one: a fragment has one writing.
  if (slot == NONE16 && (!last || text == NONE)) return VERIFY_fragment;
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
    return format | scale ? VERIFY_fragment : 0;
  }
  if (!holes || (json ? !takeJsonValue() : (format & LIST_FLAG) != 0)) return VERIFY_fragment;
  return verifyHole(row, slot, format, scale);
}

function verifyHole(row: usize, slot: u32, code: i32, scale: i32): i32 {
  const format = code & ~LIST_FLAG;
  if (format < 1 || format > LAST_FORMAT) return VERIFY_code;
  const mask = code & LIST_FLAG ? MASK_LIST : 1 << kindOfFormat(format);
  if (!kindIn(slotKind(slot), mask) || isTemplate(slot)) return VERIFY_kind;
  if (slotVia(slotRoot(slot)) == VIA_bound) return VERIFY_region;
  if (scale > (format == FORMAT_decimal ? MAX_SCALE : 0)) return VERIFY_fragment;
  const differs = code == FORMAT_decimal && scale != <i32>load<u8>(slotRow(slot), SLOT_scale);
  return differs ? VERIFY_fragment : 0;
}
