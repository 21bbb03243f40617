// What is known of each slot (the plan, made at load) and what it holds (the value, made per request).
//
// Plan, 24 bytes:   +0 end u32: first slot that is not below it   +4 key address u32   +8 key length u32
//                   +12 limits: address of its record, 0 none     +16 address of its SLOT record   +20 marks u32
// Value, 24 bytes:  +0 state u32   +4 aux u32   +8 f64, or text address u32 and length u32   +16 f64: microseconds of a timestamp
//   aux is the tape node of a container or an unknown, and the dictionary id of a string (UNKNOWN_ID: not looked up yet).

import {
  CONSTANT_RANGES,
  KIND_list,
  KIND_string,
  KIND_unknown,
  LIMITS_max,
  LIMITS_min,
  NONE,
  S_LIMITS,
  S_SLOT,
  SLOT_key,
  SLOT_kind,
  SLOT_limits,
  SLOT_parent,
  SLOT_via,
  VIA_bound,
  VIA_calc,
  VIA_constant,
  VIA_element,
  VIA_member,
  VIA_root,
  VIA_value,
  VIA_view,
} from './generated.ts';
import { count, findString, rowOf, stringAddress, stringLength } from './bundle.ts';

export const PLAN_BYTES: usize = 24;
export const VALUE_BYTES: usize = 24;

export const END: usize = 0;
export const KEY: usize = 4;
export const KEY_LENGTH: usize = 8;
export const LIMITS: usize = 12;
export const ROW: usize = 16;
export const MARKS: usize = 20;

export const STATE: usize = 0;
export const AUX: usize = 4;
export const VALUE: usize = 8;
export const LENGTH: usize = 12;
export const MICROS: usize = 16;

export const ABSENT: u32 = 0;
export const PRESENT: u32 = 1;
/** A present null, which only an unknown can hold. */
export const NULL: u32 = 2;

/** Under the request along typed places: what does not fit makes the request invalid. */
export const STRICT: u32 = 1;
/** Below a bound or calc slot: the value was judged where it stands in the request, so nothing is an error here. */
export const QUIET: u32 = 2;
export const HAS_ELEMENT: u32 = 4;
export const HAS_VALUE: u32 = 8;

export const UNKNOWN_ID: u32 = 0xfffffffe;

let plans: usize = 0;
let values: usize = 0;

export function plan(slot: u32): usize {
  return plans + <usize>slot * PLAN_BYTES;
}

// @ts-ignore: decorator
@inline
export function value(slot: u32): usize {
  return values + <usize>slot * VALUE_BYTES;
}

export function kindOf(slot: u32): i32 {
  return <i32>load<u8>(rowOf(S_SLOT, slot), SLOT_kind);
}

/** Bytes that the plans and two copies of the values take. */
export function slotBytes(): usize {
  return <usize>count(S_SLOT) * (PLAN_BYTES + 2 * VALUE_BYTES) + 16;
}

/** Whether a number is one that a constant of the kind may be. */
export function inRange(kind: i32, v: f64): bool {
  const range = CONSTANT_RANGES + ((<usize>(kind - 1)) << 4);
  return v >= load<f64>(range) && v <= load<f64>(range, 8);
}

/** Forgets the last request from a slot on: all are absent but the constants, which the second copy of the values holds. */
export function clear(from: u32): void {
  const bytes = <usize>count(S_SLOT) * VALUE_BYTES;
  const skip = <usize>from * VALUE_BYTES;
  memory.copy(values + skip, values + bytes + skip, bytes - skip);
}

/** Forgets slot `from` and all before `to`. */
export function forget(from: u32, to: u32): void {
  for (let i = from; i < to; i++) store<u32>(value(i), ABSENT, STATE);
}

/** Makes the plans at `at`, and the values behind them. */
export function preparePlans(at: usize, emptyList: usize): void {
  const n = count(S_SLOT);
  plans = at;
  values = at + <usize>n * PLAN_BYTES;
  const bytes = <usize>n * VALUE_BYTES;
  memory.fill(at, 0, slotBytes());
  for (let i: u32 = 0; i < n; i++) prepare(i, values + bytes + <usize>i * VALUE_BYTES, emptyList);
  for (let i = n; i-- > 0; ) {
    let end = i + 1;
    while (end < n && below(end) && load<u16>(rowOf(S_SLOT, end), SLOT_parent) == i)
      end = load<u32>(plan(end), END);
    store<u32>(plan(i), end, END);
  }
  clear(0);
}

function below(slot: u32): bool {
  const via = <i32>load<u8>(rowOf(S_SLOT, slot), SLOT_via);
  return via >= VIA_member && via <= VIA_view;
}

function prepare(i: u32, initial: usize, emptyList: usize): void {
  const row = rowOf(S_SLOT, i);
  const to = plan(i);
  store<u32>(to, <u32>row, ROW);
  const key = load<u32>(row, SLOT_key);
  if (key != NONE) {
    store<u32>(to, <u32>stringAddress(key), KEY);
    store<u32>(to, <u32>stringLength(key), KEY_LENGTH);
  }
  const limits = load<u32>(row, SLOT_limits);
  if (limits != NONE) store<u32>(to, <u32>rowOf(S_LIMITS, limits), LIMITS);
  const via = <i32>load<u8>(row, SLOT_via);
  let marks: u32 = 0;
  if (via == VIA_root) marks = STRICT;
  else if (via == VIA_bound || via == VIA_calc || via == VIA_constant) marks = QUIET;
  else {
    const parent = <u32>load<u16>(row, SLOT_parent);
    const above = plan(parent);
    marks = load<u32>(above, MARKS) & (STRICT | QUIET);
    if (kindOf(parent) == KIND_unknown) marks &= ~STRICT;
    if (via == VIA_element) store<u32>(above, load<u32>(above, MARKS) | HAS_ELEMENT, MARKS);
    if (via == VIA_value) store<u32>(above, load<u32>(above, MARKS) | HAS_VALUE, MARKS);
  }
  store<u32>(to, marks, MARKS);
  if (via == VIA_constant) prepareConstant(to, row, initial, emptyList);
}

function prepareConstant(from: usize, row: usize, initial: usize, emptyList: usize): void {
  const kind = <i32>load<u8>(row, SLOT_kind);
  store<u32>(initial, PRESENT, STATE);
  if (kind == KIND_string) {
    store<u32>(initial, load<u32>(row, SLOT_key), AUX);
    store<u32>(initial, load<u32>(from, KEY), VALUE);
    store<u32>(initial, load<u32>(from, KEY_LENGTH), LENGTH);
  } else if (kind == KIND_list) store<u32>(initial, <u32>emptyList, AUX);
  else {
    const limits = <usize>load<u32>(from, LIMITS);
    store<f64>(initial, load<f64>(limits, LIMITS_min), VALUE);
    store<f64>(initial, load<f64>(limits, LIMITS_max), MICROS);
  }
}

/** Dictionary id of the string that a slot holds, looked up at most once. */
export function stringId(at: usize): u32 {
  let id = load<u32>(at, AUX);
  if (id == UNKNOWN_ID) {
    id = findString(load<u32>(at, VALUE), load<u32>(at, LENGTH));
    store<u32>(at, id, AUX);
  }
  return id;
}
