// The interpreter: walks the branch graph forward. Only the body of a quantifier runs inside another run, and these are nested at most
// MAX_QUANTIFIERS deep.

import { test } from './atoms.ts';
import { base, count, record, rowOf, setHasText } from './bundle.ts';
import { calculate } from './calc.ts';
import {
  ARM_key,
  ARM_node,
  JSON_list,
  JSON_object,
  MAX_LIST_ITEMS,
  MAX_MAP_ENTRIES,
  MEMO_FLAG,
  NODE_ALL,
  NODE_ANY,
  NODE_BAR,
  NODE_CALC,
  NODE_COUNT,
  NODE_END,
  NODE_f,
  NODE_FIRST,
  NODE_HIT,
  NODE_SWITCH,
  NODE_t,
  NODE_TEST,
  NODE_word,
  NONE,
  NONE16,
  QUANT_dst,
  QUANT_elem,
  QUANT_except,
  QUANT_flags,
  QUANT_list,
  S_ARM,
  S_NODE,
  S_QUANT,
  S_SWITCH,
  SWITCH_count,
  SWITCH_first,
  SWITCH_slot,
  VALUES_FLAG,
  Z_ARM,
  Z_NODE,
} from './generated.ts';
import { answer, computed, copySlot, hit, markComputed, setAnswer } from './machine-state.ts';
import { assign } from './project.ts';
import { ABSENT, AUX, PRESENT, STATE, stringId, VALUE, value } from './slots.ts';
import { NODE_BYTES, nextOf, sizeOf, tagOf, textAddress, textLength } from './tape.ts';

/** A run that needs only the deciding stratum stops at its end. */
let early: bool = false;
let anyHit: bool = false;

export function start(stopEarly: bool): void {
  early = stopEarly;
  anyHit = false;
}

/** Runs from a node to an END; the code of that END. */
export function run(node: u32): i32 {
  while (true) {
    const at = record(S_NODE, Z_NODE, node);
    const word = load<u32>(at, NODE_word);
    const a = word >> 8;
    switch (word & 0xff) {
      case NODE_TEST:
        node = test(a) ? load<u32>(at, NODE_t) : load<u32>(at, NODE_f);
        continue;
      case NODE_SWITCH:
        node = choose(a, load<u32>(at, NODE_t));
        continue;
      case NODE_HIT:
        hit(a);
        anyHit = true;
        break;
      case NODE_BAR:
        if (early && anyHit) return 0;
        break;
      case NODE_CALC:
        calculate(a);
        break;
      case NODE_END:
        return <i32>a;
      default:
        node = quantify(word & 0xff, a, node + 1) ? load<u32>(at, NODE_t) : load<u32>(at, NODE_f);
        continue;
    }
    node = load<u32>(at, NODE_t);
  }
}

/** The arm of the string in the slot, by binary search over dictionary ids. */
function choose(index: u32, otherwise: u32): u32 {
  const row = rowOf(S_SWITCH, index);
  const at = value(load<u16>(row, SWITCH_slot));
  if (load<u32>(at, STATE) != PRESENT) return otherwise;
  const id = stringId(at);
  let low = load<u32>(row, SWITCH_first);
  let high = low + load<u32>(row, SWITCH_count);
  while (low < high) {
    const middle = (low + high) >> 1;
    const arm = record(S_ARM, Z_ARM, middle);
    const key = load<u32>(arm, ARM_key);
    if (key == id) return load<u32>(arm, ARM_node);
    if (key < id) low = middle + 1;
    else high = middle;
  }
  return otherwise;
}

/** The answer of ANY and ALL; COUNT and FIRST set their result and answer true. */
function quantify(op: i32, index: u32, body: u32): bool {
  const row = rowOf(S_QUANT, index);
  const flags = load<u16>(row, QUANT_flags);
  const dst = <u32>load<u16>(row, QUANT_dst);
  if (flags & MEMO_FLAG) {
    if (dst != NONE16) {
      if (computed(dst)) return true;
      markComputed(dst);
    } else {
      const known = answer(index);
      if (known) return known == 2;
    }
  }
  const yes = iterate(op, row, flags, dst, body);
  if (flags & MEMO_FLAG && dst == NONE16) setAnswer(index, yes);
  return yes;
}

function iterate(op: i32, row: usize, flags: i32, dst: u32, body: u32): bool {
  const elem = <u32>load<u16>(row, QUANT_elem);
  const except = load<u32>(row, QUANT_except);
  const list = value(load<u16>(row, QUANT_list));
  const node = load<u32>(list, STATE) == PRESENT ? <usize>load<u32>(list, AUX) : 0;
  const values = (flags & VALUES_FLAG) != 0;
  let found = 0;
  // What is larger than the stated bounds allow is not there, like a typed list of that size below an unknown.
  const most = values ? MAX_MAP_ENTRIES : MAX_LIST_ITEMS;
  if (!node || tagOf(node) != (values ? JSON_object : JSON_list) || sizeOf(node) > most) {
    if (dst != NONE16) setAbsent(dst);
    return dst != NONE16;
  }
  let item = node + NODE_BYTES;
  for (let n = sizeOf(node); n > 0; n--, item = nextOf(item)) {
    if (values) {
      const key = item;
      item += NODE_BYTES;
      if (except != NONE && setHasText(except, textAddress(key), textLength(key))) continue;
    }
    assign(elem, item);
    const yes = run(body) == 1;
    if (op == NODE_ALL) {
      if (!yes) return false;
    } else if (yes) {
      found++;
      if (op != NODE_COUNT) break;
    }
  }
  if (op == NODE_ANY) return found != 0;
  if (op == NODE_COUNT) {
    store<u32>(value(dst), PRESENT, STATE);
    store<f64>(value(dst), found, VALUE);
  } else if (op == NODE_FIRST) {
    if (found) copySlot(elem, dst);
    else setAbsent(dst);
  }
  return true;
}

function setAbsent(slot: u32): void {
  store<u32>(value(slot), ABSENT, STATE);
  copySlot(slot, slot);
}
