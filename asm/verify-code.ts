// Verifies NODE: a forward branch graph in regions. One pass finds the regions and checks each node, a second one the jumps, a third
// one the strata.

import { allClaimed, base, claim, count, rowOf } from './bundle.ts';
import {
  ARM_node,
  ATOM_other,
  ATOM_slot,
  CALC_a,
  H_highestOpcode,
  H_main,
  H_shadow,
  KIND_int,
  MAX_QUANTIFIERS,
  META_combining,
  NODE_BAR,
  LAST_NODE,
  NODE_COUNT,
  NODE_END,
  NODE_f,
  NODE_FIRST,
  NODE_HIT,
  NODE_ROWS,
  NODE_SWITCH,
  NODE_t,
  NODE_word,
  NONE,
  NONE16,
  QUANT_dst,
  QUANT_elem,
  QUANT_list,
  QUANT_stop,
  RULE_effect,
  RULE_flags,
  S_ARM,
  S_ATOM,
  S_CALC,
  S_EFFECT,
  S_META,
  S_NODE,
  S_QUANT,
  S_RULE,
  S_SWITCH,
  SHADOW_FLAG,
  SWITCH_count,
  SWITCH_first,
  SWITCH_slot,
  VERIFY_code,
  VERIFY_index,
  VERIFY_jump,
  VERIFY_kind,
  VERIFY_opcode,
  VERIFY_operand,
  VERIFY_order,
  VERIFY_region,
  VERIFY_stratum,
  VIA_bound,
  Z_ARM,
} from './generated.ts';
import { reach } from './memory.ts';
import { highestCode, isCode, takes } from './verify-operands.ts';
import { OUT_OF_MEMORY, slotKind, slotRoot, slotVia } from './verify-slots.ts';

const MAIN: u32 = 0;
const SHADOW: u32 = 1;
/** From the first operand to the second, in ATOM as in CALC. */
const SECOND: usize = ATOM_other - ATOM_slot;

/** Region of each node, u32: MAIN, SHADOW, or 2 + the quantifier whose body it is in. */
let regions: usize = 0;
/** Open bodies, outermost first: quantifier, stop and element slot, u32 each. */
const OPEN: usize = memory.data(12 * 8);
let open: i32 = 0;
let top: u32 = 0;
let shadowStart: u32 = 0;

export function beginCode(scratch: usize): void {
  regions = scratch;
  open = 0;
  top = MAIN;
  shadowStart = NONE;
}

/** What is known only when all nodes have been seen: where regions end, and where jumps lead. */
export function verifyFlow(start: usize): i32 {
  const n = count(S_NODE);
  let code = verifyEnd(start, n - 1);
  for (let i: u32 = 0; !code && i < n; i++) code = verifyJumps(node(i), i);
  if (!code) code = verifyStrata(start, n);
  return code || (load<u16>(start, H_highestOpcode) == highestCode() ? 0 : VERIFY_opcode);
}

function node(i: u32): usize {
  return rowOf(S_NODE, i);
}

function region(i: u32): u32 {
  return load<u32>(regions + ((<usize>i) << 2));
}

function setRegion(i: u32, value: u32): void {
  store<u32>(regions + ((<usize>i) << 2), value);
}

/** The innermost open body. */
function body(): usize {
  return OPEN + <usize>(open - 1) * 12;
}

function bodyStop(): u32 {
  return load<u32>(body(), 4);
}

export function verifyNode(at: usize, i: u32): i32 {
  if (i == 0 && !reach(regions + ((<usize>count(S_NODE)) << 2))) return OUT_OF_MEMORY;
  setRegion(i, open ? 2 + load<u32>(body()) : top);
  const op = <i32>load<u8>(at, NODE_word);
  const a = load<u32>(at, NODE_word) >> 8;
  if (!isCode(op, LAST_NODE)) return VERIFY_code;
  const kind = <i32>load<u8>(NODE_ROWS + <usize>op - 1) & 0x7f;
  // The default and the outcome of an invalid request are no rules that code can hit.
  const size: u32 = op == NODE_END ? 3 : op == NODE_HIT ? count(S_RULE) - 2 : count(kind);
  if (a >= size) return VERIFY_index;
  return op == NODE_END ? closeRegion(i, a) : verifyInner(op, kind, i, a);
}

function closeRegion(i: u32, a: u32): i32 {
  if (open) {
    if (i < bodyStop() || a != 1 + i - bodyStop()) return VERIFY_region;
    if (a == 2) open--;
    return 0;
  }
  if (a != 0) return VERIFY_region;
  if (i == count(S_NODE) - 1) return 0;
  if (top == SHADOW) return VERIFY_region;
  top = SHADOW;
  shadowStart = i + 1;
  return 0;
}

function verifyInner(op: i32, kind: i32, i: u32, a: u32): i32 {
  if (open && i >= bodyStop()) return VERIFY_region;
  const row = rowOf(kind, a);
  if (kind == S_ATOM || kind == S_CALC) {
    const first = row + (kind == S_ATOM ? ATOM_slot : CALC_a);
    return inScope(first) && inScope(first + SECOND) ? 0 : VERIFY_region;
  }
  if (kind == S_SWITCH) return claim(S_SWITCH, a, 1) || (inScope(row + SWITCH_slot) ? 0 : VERIFY_region);
  if (kind == S_QUANT) return openBody(op, row, i, a);
  if (open) return VERIFY_region;
  if (kind == S_EFFECT) return top == SHADOW ? VERIFY_region : 0;
  const shadow = (load<u16>(row, RULE_flags) & SHADOW_FLAG) != 0;
  return shadow != (top == SHADOW) ? VERIFY_stratum : 0;
}

function openBody(op: i32, row: usize, i: u32, a: u32): i32 {
  const code = claim(S_QUANT, a, 1);
  if (code) return code;
  if (!inScope(row + QUANT_list)) return VERIFY_region;
  const dst = <u32>load<u16>(row, QUANT_dst);
  const elem = <u32>load<u16>(row, QUANT_elem);
  if ((dst != NONE16) != (op == NODE_COUNT || op == NODE_FIRST)) return VERIFY_operand;
  if (dst != NONE16) {
    const fits = op == NODE_COUNT ? slotKind(dst) == KIND_int : takes(elem, dst);
    if (!fits) return VERIFY_kind;
  }
  const stop = load<u32>(row, QUANT_stop);
  const outer = open ? bodyStop() : count(S_NODE) - 1;
  if (stop <= i || stop + 1 >= outer || open == MAX_QUANTIFIERS) return VERIFY_region;
  open++;
  const at = body();
  store<u32>(at, a);
  store<u32>(at, stop, 4);
  store<u32>(at, elem, 8);
  return 0;
}

/** A bound slot has a value only inside the body of its quantifier. */
function inScope(at: usize): bool {
  const slot = <u32>load<u16>(at);
  if (slot == NONE16) return true;
  const root = slotRoot(slot);
  if (slotVia(root) != VIA_bound) return true;
  for (let i = 0; i < open; i++) if (load<u32>(OPEN + <usize>i * 12, 8) == root) return true;
  return false;
}

function verifyEnd(start: usize, last: u32): i32 {
  const at = node(last);
  if (open || load<u8>(at, NODE_word) != NODE_END) return VERIFY_region;
  const code = allClaimed(S_QUANT) || allClaimed(S_SWITCH);
  if (code) return code;
  return load<u32>(start, H_main) == 0 && load<u32>(start, H_shadow) == shadowStart ? 0 : VERIFY_region;
}

function verifyJumps(at: usize, i: u32): i32 {
  const t = load<u32>(at, NODE_t);
  const f = load<u32>(at, NODE_f);
  const op = <i32>load<u8>(at, NODE_word);
  if (op == NODE_END) {
    return t | f ? VERIFY_jump : 0;
  }
  const home = region(i);
  if (min(t, f) <= i) return VERIFY_jump;
  if (region(t) != home || region(f) != home) return VERIFY_region;
  if (!(load<u8>(NODE_ROWS + <usize>op - 1) & 0x80) && f != t) return VERIFY_jump;
  if (op != NODE_SWITCH) return 0;
  return verifyArms(load<u32>(at, NODE_word) >> 8, i, NONE);
}

/** The arms of a switch at node i lead forward inside its region, and not beyond `bar`. */
function verifyArms(index: u32, i: u32, bar: u32): i32 {
  const row = rowOf(S_SWITCH, index);
  let arm = rowOf(S_ARM, load<u32>(row, SWITCH_first)) + ARM_node;
  for (let n = load<u32>(row, SWITCH_count); n > 0; n--, arm += Z_ARM) {
    const to = load<u32>(arm);
    if (to <= i) return VERIFY_jump;
    if (to > bar) return VERIFY_stratum;
    if (region(to) != region(i)) return VERIFY_region;
  }
  return 0;
}

// most_restrictive: strata from the strongest effect down, each closed by the BAR of its effect, which no path goes around.
// first_applicable: no BAR, and a hit ends the program.
function verifyStrata(start: usize, n: u32): i32 {
  const restrictive = load<u8>(base(S_META), META_combining) == 1;
  const shadow = load<u32>(start, H_shadow);
  const mainEnd = (shadow == NONE ? n : shadow) - 1;
  let bar = mainEnd;
  let effect = -1;
  for (let i = mainEnd; i-- > 0; ) {
    if (region(i) != MAIN) continue;
    const at = node(i);
    const op = <i32>load<u8>(at, NODE_word);
    const a = load<u32>(at, NODE_word) >> 8;
    if (max(load<u32>(at, NODE_t), load<u32>(at, NODE_f)) > bar) return VERIFY_stratum;
    if (op == NODE_SWITCH) {
      const code = verifyArms(a, i, bar);
      if (code) return code;
    } else if (op == NODE_BAR) {
      if (!restrictive || <i32>a <= effect) return VERIFY_stratum;
      bar = i;
      effect = <i32>a;
    } else if (op == NODE_HIT) {
      const fits = restrictive
        ? <i32>load<u8>(rowOf(S_RULE, a), RULE_effect) == effect
        : load<u32>(at, NODE_t) == mainEnd;
      if (!fits) return VERIFY_stratum;
    }
  }
  return 0;
}
