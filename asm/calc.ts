// Calculations: values derived from slots. Total: what cannot be computed leaves the result absent.

import {
  CALC_a,
  CALC_ADD,
  CALC_AT,
  CALC_b,
  CALC_COALESCE,
  CALC_DATE,
  CALC_dst,
  CALC_flags,
  CALC_GET,
  CALC_imm,
  CALC_LOWER,
  CALC_MINUTE_OF_DAY,
  CALC_MUL,
  CALC_NORM,
  CALC_op,
  CALC_SET,
  CALC_SIZE,
  CALC_SUB,
  CALC_TIME_ADD,
  CALC_TIME_SUB,
  CALC_WEEKDAY,
  JSON_list,
  JSON_object,
  KIND_string,
  MAX_SAFE_INT,
  MEMO_FLAG,
  S_CALC,
} from './generated.ts';
import { rowOf } from './bundle.ts';
import { buffer, computed, copySlot, markComputed } from './machine-state.ts';
import { normalise } from './pattern.ts';
import { assign } from './project.ts';
import { ABSENT, AUX, kindOf, LENGTH, MICROS, PRESENT, STATE, UNKNOWN_ID, VALUE, value } from './slots.ts';
import { member, NODE_BYTES, nextOf, sizeOf, tagOf } from './tape.ts';
import { codePoints } from './text.ts';

/** Computes the calc with this index into its slot. */
export function calculate(index: u32): void {
  const row = rowOf(S_CALC, index);
  const dst = <u32>load<u16>(row, CALC_dst);
  if (load<u8>(row, CALC_flags) & MEMO_FLAG) {
    if (computed(dst)) return;
    markComputed(dst);
  }
  const op = <i32>load<u8>(row, CALC_op);
  const to = value(dst);
  const imm = load<i32>(row, CALC_imm);
  if (op == CALC_SET) {
    setNumber(to, imm);
    return;
  }
  const aSlot = <u32>load<u16>(row, CALC_a);
  const a = value(aSlot);
  const bSlot = <u32>load<u16>(row, CALC_b);
  if (op == CALC_COALESCE) {
    copySlot(load<u32>(a, STATE) == PRESENT ? aSlot : bSlot, dst);
    return;
  }
  store<u32>(to, ABSENT, STATE);
  if (load<u32>(a, STATE) != PRESENT) {
    if (op == CALC_AT || op == CALC_GET) clearBelow(dst);
    return;
  }
  if (op <= CALC_TIME_SUB || op == CALC_GET) {
    const b = value(bSlot);
    if (load<u32>(b, STATE) != PRESENT) {
      if (op == CALC_GET) clearBelow(dst);
      return;
    }
    if (op == CALC_GET) get(dst, load<u32>(a, AUX), b);
    else arithmetic(op, to, a, load<f64>(b, VALUE));
  } else if (op == CALC_AT) at(dst, load<u32>(a, AUX), imm);
  else if (op >= CALC_DATE && op <= CALC_MINUTE_OF_DAY) timePart(op, to, load<f64>(a, VALUE) + <f64>imm * 60);
  else if (op == CALC_SIZE) size(to, aSlot, a);
  else makeText(op, dst, to, a);
}

function clearBelow(dst: u32): void {
  copySlot(dst, dst);
}

// Adding zero turns a negative zero into zero.
function setNumber(to: usize, v: f64): void {
  store<u32>(to, PRESENT, STATE);
  store<f64>(to, v + 0, VALUE);
}

function arithmetic(op: i32, to: usize, a: usize, b: f64): void {
  const x = load<f64>(a, VALUE);
  let v = x + b;
  if (op == CALC_SUB) v = x - b;
  else if (op == CALC_MUL) v = x * b;
  else if (op != CALC_ADD) {
    const ms = op == CALC_TIME_SUB ? -b : b;
    const whole = floor(ms / 1000);
    let micros = load<f64>(a, MICROS) + (ms - whole * 1000) * 1000;
    let seconds = x + whole;
    if (micros >= 1000000) {
      micros -= 1000000;
      seconds += 1;
    }
    store<f64>(to, micros, MICROS);
    // Beyond the integers there is no exact time.
    v = abs(b) <= MAX_SAFE_INT && abs(seconds) <= MAX_SAFE_INT ? seconds : NaN;
  }
  if (v == v) setNumber(to, v);
}

function timePart(op: i32, to: usize, local: f64): void {
  const days = floor(local / 86400);
  if (op == CALC_DATE) setNumber(to, days);
  // 1970-01-01 was a Thursday.
  else if (op == CALC_WEEKDAY) setNumber(to, days + 3 - floor((days + 3) / 7) * 7 + 1);
  else setNumber(to, floor((local - days * 86400) / 60));
}

function size(to: usize, slot: u32, a: usize): void {
  if (kindOf(slot) == KIND_string) {
    setNumber(to, codePoints(load<u32>(a, VALUE), load<u32>(a, LENGTH)));
    return;
  }
  const node = <usize>load<u32>(a, AUX);
  if (tagOf(node) & (JSON_list | JSON_object)) setNumber(to, sizeOf(node));
}

function at(dst: u32, list: usize, index: i32): void {
  if (tagOf(list) != JSON_list || index >= sizeOf(list)) {
    clearBelow(dst);
    return;
  }
  let item = list + NODE_BYTES;
  while (index-- > 0) item = nextOf(item);
  assign(dst, item);
}

function get(dst: u32, object: usize, key: usize): void {
  const found =
    tagOf(object) == JSON_object ? member(object, load<u32>(key, VALUE), load<u32>(key, LENGTH)) : 0;
  if (found) assign(dst, found);
  else clearBelow(dst);
}

function makeText(op: i32, dst: u32, to: usize, a: usize): void {
  const p = <usize>load<u32>(a, VALUE);
  let length = <usize>load<u32>(a, LENGTH);
  const out = buffer(dst, length + 1);
  if (!out) return;
  if (op == CALC_NORM) {
    length = normalise(p, length, out);
    if (!length) return;
  } else {
    const first: u32 = op == CALC_LOWER ? 0x41 : 0x61;
    for (let i: usize = 0; i < length; i++) {
      const c = <u32>load<u8>(p + i);
      store<u8>(out + i, <u8>(c - first < 26 ? c ^ 0x20 : c));
    }
  }
  store<u32>(to, PRESENT, STATE);
  store<u32>(to, UNKNOWN_ID, AUX);
  store<u32>(to, <u32>out, VALUE);
  store<u32>(to, <u32>length, LENGTH);
}
