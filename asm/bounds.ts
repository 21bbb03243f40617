// The two bounds that a bundle states: machine steps and scanned bytes of the most expensive request. One backward pass over the nodes in
// binary64, in the one order that the contract fixes, so that every implementation gets the same numbers.

import { base, count, reference, rowOf, stringLength } from './bundle.ts';
import {
  ARM_key,
  ARM_node,
  ATOM_b,
  ATOM_EQ_STRING,
  ATOM_HAS_KEY,
  ATOM_HAS_KEY_AT,
  ATOM_IN_STRINGS,
  ATOM_KEYS_IN,
  ATOM_MATCH,
  ATOM_op,
  ATOM_other,
  ATOM_SCAN_SUFFIX,
  ATOM_slot,
  ATOM_UNIQUE,
  CALC_a,
  CALC_b,
  CALC_GET,
  CALC_LOWER,
  CALC_NORM,
  CALC_op,
  CALC_SIZE,
  CALC_UPPER,
  H_main,
  H_scan,
  H_shadow,
  H_steps,
  KIND_date,
  KIND_duration,
  KIND_string,
  KIND_timestamp,
  LANG_set,
  LANG_states,
  LIMITS_maxLength,
  MAX_LIST_ITEMS,
  MAX_MAP_ENTRIES,
  MAX_NODES,
  MAX_SCAN_BYTES,
  MAX_STEPS,
  MAX_STRING_BYTES,
  NODE_CALC,
  NODE_END,
  NODE_f,
  NODE_SWITCH,
  NODE_t,
  NODE_TEST,
  NODE_word,
  NODE_ANY,
  NONE,
  NONE16,
  QUANT_elem,
  QUANT_flags,
  QUANT_list,
  S_ATOM,
  S_ARM,
  S_CALC,
  S_LANG,
  S_LIMITS,
  S_NODE,
  S_QUANT,
  S_SETS,
  S_SLOT,
  S_SWITCH,
  SETS_count,
  SETS_first,
  SLOT_key,
  SLOT_kind,
  SLOT_limits,
  SLOT_parent,
  SLOT_via,
  SWITCH_count,
  SWITCH_first,
  SWITCH_slot,
  VALUES_FLAG,
  VERIFY_bounds,
  VIA_bound,
  VIA_calc,
  VIA_constant,
  VIA_element,
  VIA_value,
  Z_ARM,
} from './generated.ts';
import { reach } from './memory.ts';
import { kindIn, OUT_OF_MEMORY } from './verify-slots.ts';

/** Kinds that are read from a text. */
const TEXTS: i32 = (1 << KIND_string) | (1 << KIND_timestamp) | (1 << KIND_date) | (1 << KIND_duration);

/** Per node steps and scan, per set its longest text and all its texts, per slot its subtree and how often it is read: f64 each. */
let ofNode: usize = 0;
let ofSet: usize = 0;
let ofSlot: usize = 0;
let steps: f64 = 0;
let scan: f64 = 0;

export function verifyBounds(start: usize, scratch: usize): i32 {
  ofNode = scratch;
  ofSet = ofNode + ((<usize>count(S_NODE)) << 4);
  ofSlot = ofSet + ((<usize>count(S_SETS)) << 4);
  if (!reach(ofSlot + ((<usize>count(S_SLOT)) << 4))) return OUT_OF_MEMORY;
  measureSets();
  measureSlots();
  for (let i = count(S_NODE); i-- > 0; ) measureNode(i);
  addRegion(0);
  const shadow = load<u32>(start, H_shadow);
  if (shadow != NONE) addRegion(shadow);
  if (load<f64>(start, H_steps) != steps || steps > MAX_STEPS) return VERIFY_bounds;
  return load<f64>(start, H_scan) != scan || scan > MAX_SCAN_BYTES ? VERIFY_bounds : 0;
}

function nodePlace(node: u32): usize {
  return ofNode + ((<usize>node) << 4);
}

function slotPlace(slot: u32): usize {
  return ofSlot + ((<usize>slot) << 4);
}

function addRegion(node: u32): void {
  const at = nodePlace(node);
  steps += load<f64>(at);
  scan += load<f64>(at, 8);
}

function slotRow(slot: u32): usize {
  return rowOf(S_SLOT, slot);
}

function measureSets(): void {
  for (let i: u32 = 0; i < count(S_SETS); i++) {
    const row = rowOf(S_SETS, i);
    let longest: f64 = 0;
    let sum: f64 = 0;
    if (load<u8>(row) == 1) {
      let at = load<u32>(row, SETS_first);
      for (const end = at + load<u32>(row, SETS_count); at < end; at++) {
        const length = <f64>stringLength(reference(at));
        longest = max(longest, length);
        sum += length;
      }
    }
    store<f64>(ofSet + ((<usize>i) << 4), longest);
    store<f64>(ofSet + ((<usize>i) << 4), sum, 8);
  }
}

// Subtree sizes, and the values that the projection reads: at most MAX_NODES for what hangs under templates.
function measureSlots(): void {
  const n = count(S_SLOT);
  steps = 0;
  scan = 0;
  for (let i: u32 = 0; i < n; i++) store<f64>(slotPlace(i), 1);
  for (let i = n; i-- > 1; ) {
    const row = slotRow(i);
    const parent = <usize>load<u16>(row, SLOT_parent);
    // A bound slot belongs to its quantifier, not to the slot that it iterates over.
    if (parent == NONE16 || load<u8>(row, SLOT_via) == VIA_bound) continue;
    const at = slotPlace(<u32>parent);
    store<f64>(at, load<f64>(at) + load<f64>(slotPlace(i)));
  }
  for (let i: u32 = 0; i < n; i++) {
    const row = slotRow(i);
    const via = <i32>load<u8>(row, SLOT_via);
    const parent = <u32>load<u16>(row, SLOT_parent);
    let times: f64 = 0;
    if (via != VIA_bound && via != VIA_calc && via != VIA_constant) {
      times = parent == NONE16 ? 1 : load<f64>(slotPlace(parent), 8);
      if (via == VIA_element) times *= listItems(parent);
      else if (via == VIA_value) times *= MAX_MAP_ENTRIES;
      times = min<f64>(times, MAX_NODES);
      steps += times;
      if (isText(row)) scan += times * textLength(row);
    }
    store<f64>(slotPlace(i), times, 8);
  }
}

function isText(row: usize): bool {
  return kindIn(load<u8>(row, SLOT_kind), TEXTS);
}

function maxLength(row: usize): u32 {
  const limits = load<u32>(row, SLOT_limits);
  return limits == NONE ? NONE : load<u32>(rowOf(S_LIMITS, limits), LIMITS_maxLength);
}

function listItems(slot: u32): f64 {
  return <f64>min(maxLength(slotRow(slot)), <u32>MAX_LIST_ITEMS);
}

// A code point has at most four bytes. The limits of bound and calc slots are taken as stated.
/** Bytes of the longest text of a slot; of a constant that is none 0. */
export function textLength(row: usize): f64 {
  const key = load<u32>(row, SLOT_key);
  if (load<u8>(row, SLOT_via) == VIA_constant) return key == NONE ? 0 : <f64>stringLength(key);
  return min<f64>(4 * <f64>maxLength(row), MAX_STRING_BYTES);
}

function measureNode(i: u32): void {
  const node = rowOf(S_NODE, i);
  const op = <i32>load<u8>(node, NODE_word);
  const a = load<u32>(node, NODE_word) >> 8;
  let own: i32 = 1;
  let items: f64 = 0;
  let looked: f64 = 0;
  let nextSteps: f64 = 0;
  let nextScan: f64 = 0;
  if (op != NODE_END) {
    const t = nodePlace(load<u32>(node, NODE_t));
    const f = nodePlace(load<u32>(node, NODE_f));
    nextSteps = max(load<f64>(t), load<f64>(f));
    nextScan = max(load<f64>(t, 8), load<f64>(f, 8));
  }
  if (op == NODE_TEST) {
    const row = rowOf(S_ATOM, a);
    const atom = <i32>load<u8>(row, ATOM_op);
    looked = atomScan(row, atom);
    if (atom == ATOM_UNIQUE) own += MAX_LIST_ITEMS;
    if (atom == ATOM_KEYS_IN) own += MAX_MAP_ENTRIES;
  } else if (op == NODE_CALC) looked = calcScan(rowOf(S_CALC, a));
  else if (op == NODE_SWITCH) {
    const row = rowOf(S_SWITCH, a);
    const n = load<u32>(row, SWITCH_count);
    if (n > 1) own += <i32>(32 - clz(n - 1));
    let longest: f64 = 0;
    let arm = rowOf(S_ARM, load<u32>(row, SWITCH_first));
    for (const end = arm + <usize>n * Z_ARM; arm < end; arm += Z_ARM) {
      longest = max(longest, <f64>stringLength(load<u32>(arm, ARM_key)));
      const to = nodePlace(load<u32>(arm, ARM_node));
      nextSteps = max(nextSteps, load<f64>(to));
      nextScan = max(nextScan, load<f64>(to, 8));
    }
    looked = min(longest, textLength(slotRow(load<u16>(row, SWITCH_slot))));
  } else if (op >= NODE_ANY && op < NODE_END) {
    const row = rowOf(S_QUANT, a);
    items =
      load<u16>(row, QUANT_flags) & VALUES_FLAG
        ? <f64>MAX_MAP_ENTRIES
        : listItems(load<u16>(row, QUANT_list));
    const body = nodePlace(i + 1);
    looked = items * load<f64>(body, 8);
    items *= 1 + load<f64>(slotPlace(load<u16>(row, QUANT_elem))) + load<f64>(body);
  }
  store<f64>(nodePlace(i), <f64>own + items + nextSteps);
  store<f64>(nodePlace(i), looked + nextScan, 8);
}

function atomScan(row: usize, op: i32): f64 {
  const length = textLength(slotRow(load<u16>(row, ATOM_slot)));
  const b = load<u32>(row, ATOM_b);
  if (op == ATOM_IN_STRINGS) return min(load<f64>(ofSet + ((<usize>b) << 4)), length);
  if (op == ATOM_MATCH) {
    const lang = rowOf(S_LANG, b);
    if (load<u32>(lang, LANG_states)) return length;
    const set = load<u32>(lang, LANG_set);
    return min(
      load<f64>(ofSet + ((<usize>set) << 4), 8),
      <f64>load<u32>(rowOf(S_SETS, set), SETS_count) * length,
    );
  }
  if (op == ATOM_HAS_KEY) return <f64>stringLength(b);
  if (op == ATOM_HAS_KEY_AT) return textLength(slotRow(load<u16>(row, ATOM_other)));
  if (op >= ATOM_EQ_STRING && op <= ATOM_SCAN_SUFFIX)
    return length + textLength(slotRow(load<u16>(row, ATOM_other)));
  if (op == ATOM_KEYS_IN) return MAX_MAP_ENTRIES * load<f64>(ofSet + ((<usize>b) << 4));
  return op == ATOM_UNIQUE ? <f64>MAX_LIST_ITEMS * MAX_STRING_BYTES : 0;
}

function calcScan(row: usize): f64 {
  const op = <i32>load<u8>(row, CALC_op);
  if (op == CALC_GET) return textLength(slotRow(load<u16>(row, CALC_b)));
  if (op == CALC_LOWER || op == CALC_UPPER || op == CALC_NORM)
    return textLength(slotRow(load<u16>(row, CALC_a)));
  if (op != CALC_SIZE) return 0;
  const a = slotRow(load<u16>(row, CALC_a));
  return isText(a) ? textLength(a) : 0;
}
