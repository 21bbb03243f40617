// Verifies SLOT and LIMITS: the tree of what a bundle reads, in projection order.

import { claim, count, rowOf, stringAddress, stringLength } from './bundle.ts';
import {
  ALL_SLOT_FLAGS,
  FLAG_closed,
  FLAG_needsId,
  FLAG_nullable,
  FLAG_optional,
  FLAG_scanned,
  FLAG_unique,
  LAST_KIND,
  KIND_decimal,
  KIND_list,
  KIND_localTimestamp,
  KIND_map,
  KIND_number,
  KIND_record,
  KIND_string,
  KIND_timestamp,
  KIND_union,
  KIND_unknown,
  LIMITS_max,
  LIMITS_maxLength,
  LIMITS_min,
  LIMITS_minLength,
  LIMITS_set,
  MASK_NUMERIC,
  MASK_OBJECT,
  MASK_SIZED,
  MAX_BUNDLE_BYTES,
  MAX_SCALE,
  NONE,
  NONE16,
  S_LIMITS,
  S_SLOT,
  SLOT_aux,
  SLOT_branch,
  SLOT_flags,
  SLOT_key,
  SLOT_kind,
  SLOT_limits,
  SLOT_parent,
  SLOT_scale,
  SLOT_set,
  SLOT_via,
  VERIFY_code,
  VERIFY_kind,
  VERIFY_limit,
  VERIFY_order,
  VERIFY_reserved,
  VERIFY_slot,
  VIA_bound,
  VIA_calc,
  VIA_constant,
  LAST_VIA,
  VIA_element,
  VIA_member,
  VIA_root,
  VIA_value,
  VIA_view,
} from './generated.ts';
import { reach } from './memory.ts';
import { inRange } from './slots.ts';
import { beforeUtf16 } from './text.ts';
import { SET_NUMBERS, SET_STRINGS, setKind } from './verify-data.ts';

/** Bits of a place: inside an element or value template; below an unknown; bound, calc or constant, or below such a slot. */
const TEMPLATE: i32 = 1;
const LOOSE: i32 = 2;
const LATER: i32 = 4;

/** Memory ended while loading: not a fault of the bundle. */
export const OUT_OF_MEMORY: i32 = 255;

// Per slot 8 bytes: root u16 (the slot without parent, or bound slot, that it hangs under), place u8, pad,
// last child u16, pad. The path to the last slot is kept behind them, 2 bytes per slot.
let facts: usize = 0;
let path: usize = 0;
let depth: i32 = 0;
let keyBytes: u64 = 0;

export function slotFactBytes(): usize {
  return (<usize>count(S_SLOT) * 10 + 15) & ~15;
}

export function slotRow(slot: u32): usize {
  return rowOf(S_SLOT, slot);
}

export function slotKind(slot: u32): i32 {
  return load<u8>(slotRow(slot), SLOT_kind);
}

export function slotVia(slot: u32): i32 {
  return load<u8>(slotRow(slot), SLOT_via);
}

export function slotFlags(slot: u32): i32 {
  return load<u16>(slotRow(slot), SLOT_flags);
}

export function slotRoot(slot: u32): u32 {
  return load<u16>(facts + ((<usize>slot) << 3));
}

export function isTemplate(slot: u32): bool {
  return (placeOf(slot) & TEMPLATE) != 0;
}

function placeOf(slot: u32): i32 {
  return load<u8>(facts + ((<usize>slot) << 3), 2);
}

/** Whether the kind of a slot is in a mask. */
export function kindIn(kind: i32, mask: i32): bool {
  return ((mask >> kind) & 1) != 0;
}

export function beginSlots(scratch: usize): void {
  facts = scratch;
  path = scratch + ((<usize>count(S_SLOT)) << 3);
  keyBytes = 0;
}

export function verifySlot(row: usize, i: u32): i32 {
  if (i == 0) {
    if (!reach(facts + slotFactBytes())) return OUT_OF_MEMORY;
    memory.fill(facts, 0, slotFactBytes());
  }
  const via = <i32>load<u8>(row, SLOT_via);
  const kind = <i32>load<u8>(row, SLOT_kind);
  const flags = <i32>load<u16>(row, SLOT_flags);
  const parent = <u32>load<u16>(row, SLOT_parent);
  let code = verifyCodes(row, via, kind, flags);
  if (!code) code = verifyParent(via, kind, parent, i);
  if (!code) code = verifyTree(row, via, parent, i);
  if (!code) code = verifyTemplate(via, parent, i);
  if (!code) code = verifyFlags(kind, flags, placeOf(i));
  if (!code) code = verifyAttached(row, via, kind, flags, parent);
  if (!code) code = verifyLimits(row, via, kind, flags, placeOf(i));
  return code;
}

function verifyCodes(row: usize, via: i32, kind: i32, flags: i32): i32 {
  if (<u32>(via - 1) >= <u32>LAST_VIA || <u32>(kind - 1) >= <u32>LAST_KIND) return VERIFY_code;
  if (flags & ~ALL_SLOT_FLAGS) return VERIFY_reserved;
  const scale = <i32>load<u8>(row, SLOT_scale);
  return scale > (kind == KIND_decimal ? MAX_SCALE : 0) ? VERIFY_slot : 0;
}

function verifyParent(via: i32, kind: i32, parent: u32, i: u32): i32 {
  if ((via == VIA_root) != (i == 0)) return VERIFY_slot;
  if (via == VIA_root || via == VIA_calc || via == VIA_constant) {
    if (parent != NONE16) return VERIFY_slot;
    return via == VIA_root && !kindIn(kind, MASK_OBJECT) ? VERIFY_slot : 0;
  }
  if (parent >= i) return VERIFY_slot;
  const object = MASK_OBJECT;
  const list = 1 << KIND_list;
  const unknown = 1 << KIND_unknown;
  let mask = object | list;
  if (via == VIA_member || via == VIA_value) mask = object;
  else if (via == VIA_element) mask = list | unknown;
  else if (via == VIA_view) mask = unknown | (1 << KIND_union) | (1 << KIND_localTimestamp);
  const above = slotKind(parent);
  // A local timestamp is read as the string that it is.
  const fits = kindIn(above, mask) && (above != KIND_localTimestamp || kind == KIND_string);
  return fits ? 0 : VERIFY_slot;
}

// Members sorted by key come first, then views, then the templates, at most one of each.
function rank(via: i32): i32 {
  return via == VIA_member ? 1 : via == VIA_view ? 2 : via == VIA_element ? 3 : 4;
}

/** Slots stand in depth-first order, siblings sorted. */
function verifyTree(row: usize, via: i32, parent: u32, i: u32): i32 {
  if (via == VIA_root || via > VIA_view) {
    depth = 1;
    store<u16>(path, <u16>i);
    return 0;
  }
  while (depth > 0 && load<u16>(path + ((<usize>(depth - 1)) << 1)) != parent) depth--;
  if (depth == 0) return VERIFY_order;
  store<u16>(path + ((<usize>depth) << 1), <u16>i);
  depth++;
  // Last child + 1, so that 0 is none: slot 0 is nobody's child.
  const family = facts + ((<usize>parent) << 3);
  const last = <u32>load<u16>(family, 4);
  store<u16>(family, <u16>i, 4);
  const key = load<u32>(row, SLOT_key);
  if (via == VIA_member) {
    if (key == NONE) return VERIFY_slot;
    keyBytes += stringLength(key);
    if (keyBytes > <u64>MAX_BUNDLE_BYTES) return VERIFY_limit;
  }
  return last == 0 || ascends(last, via, key) ? 0 : VERIFY_order;
}

function ascends(last: u32, via: i32, key: u32): bool {
  const before = rank(slotVia(last));
  const now = rank(via);
  if (before != now) return before < now;
  if (now != 1) return now == 2;
  const lastKey = load<u32>(slotRow(last), SLOT_key);
  return beforeUtf16(stringAddress(lastKey), stringLength(lastKey), stringAddress(key), stringLength(key));
}

function verifyTemplate(via: i32, parent: u32, i: u32): i32 {
  const below = via >= VIA_member && via <= VIA_view;
  const at = facts + ((<usize>i) << 3);
  store<u16>(at, <u16>(below ? slotRoot(parent) : i));
  let place = LATER;
  if (i == 0) place = 0;
  else if (below) {
    place = placeOf(parent);
    if (slotKind(parent) == KIND_unknown) place |= LOOSE;
    if (via == VIA_element || via == VIA_value) place |= TEMPLATE;
  }
  store<u8>(at, <u8>place, 2);
  return via == VIA_bound && isTemplate(parent) ? VERIFY_slot : 0;
}

function verifyFlags(kind: i32, flags: i32, place: i32): i32 {
  let known = FLAG_optional | FLAG_nullable;
  if (kind == KIND_string) known |= FLAG_needsId | FLAG_scanned;
  // Below an unknown and in what is computed nothing is an error.
  else if (!(place & (LOOSE | LATER))) {
    if (kind == KIND_list) known |= FLAG_unique;
    else if (kind == KIND_record || kind == KIND_map) known |= FLAG_closed;
  }
  return flags & ~known ? VERIFY_slot : 0;
}

function verifyAttached(row: usize, via: i32, kind: i32, flags: i32, parent: u32): i32 {
  const wantsKey = via == VIA_member || (via == VIA_constant && kind == KIND_string);
  if ((load<u32>(row, SLOT_key) != NONE) != wantsKey) return VERIFY_slot;
  const wantsSet = (flags & FLAG_closed) != 0 || kind == KIND_union;
  let code = verifySetField(row + SLOT_set, wantsSet);
  if (code) return code;
  const wantsBranch = via == VIA_view && slotKind(parent) == KIND_union;
  code = verifySetField(row + SLOT_branch, wantsBranch);
  if (code) return code;
  return (load<u32>(row, SLOT_aux) != NONE) != (kind == KIND_union) ? VERIFY_slot : 0;
}

function verifySetField(at: usize, wanted: bool): i32 {
  const set = load<u32>(at);
  if ((set != NONE) != wanted) return VERIFY_slot;
  return wanted && setKind(set) != SET_STRINGS ? VERIFY_kind : 0;
}

function verifyLimits(row: usize, via: i32, kind: i32, flags: i32, place: i32): i32 {
  const limits = load<u32>(row, SLOT_limits);
  const constant = via == VIA_constant;
  const numeric = kindIn(kind, MASK_NUMERIC);
  const isNumber = numeric || kind == KIND_timestamp;
  const isKnown = isNumber || kind == KIND_string || kind == KIND_list;
  if (constant && (!isKnown || (limits != NONE) != isNumber)) return VERIFY_slot;
  if (limits == NONE) return 0;
  const code = claim(S_LIMITS, limits, 1);
  if (code) return code;
  const at = rowOf(S_LIMITS, limits);
  const set = load<u32>(at, LIMITS_set);
  if (set != NONE) {
    const wanted = kind == KIND_string ? SET_STRINGS : numeric ? SET_NUMBERS : 0;
    if (constant || setKind(set) != wanted) return VERIFY_kind;
    if (kind == KIND_string && !(flags & FLAG_needsId)) return VERIFY_slot;
  }
  const sized = (load<u32>(at, LIMITS_minLength) & load<u32>(at, LIMITS_maxLength)) != NONE;
  const low = load<f64>(at, LIMITS_min);
  const high = load<f64>(at, LIMITS_max);
  const fits = constant
    ? !sized && isConstant(kind, low, high)
    : (place & (LOOSE | LATER)) != LOOSE &&
      (!sized || kindIn(kind, MASK_SIZED)) &&
      (numeric || (low == -Infinity && high == Infinity));
  return fits ? 0 : VERIFY_slot;
}

function isConstant(kind: i32, v: f64, micros: f64): bool {
  if (!inRange(kind, v) || (kind != KIND_number && floor(v) != v)) return false;
  return kind == KIND_timestamp ? micros >= 0 && micros < 1000000 && floor(micros) == micros : micros == 0;
}
