// What the machine remembers during one run: which results are computed, what memoised quantifiers answered, which rules are hit, and
// the buffers of texts that calculations make.

import { count } from './bundle.ts';
import { END, forget, plan, STATE, ABSENT, value, VALUE_BYTES } from './slots.ts';
import { refresh } from './project.ts';
import { keep } from './request.ts';
import { S_QUANT, S_RULE, S_SLOT } from './generated.ts';

// Per slot a buffer {address u32, capacity u32} and a byte "computed", per quantifier a byte, per rule a bit.
let buffers: usize = 0;
let stamps: usize = 0;
let answers: usize = 0;
let hits: usize = 0;
let end: usize = 0;
/** First and behind the last word of the hit set that is not zero. */
let firstWord: u32 = 0;
let lastWord: u32 = 0;

export function stateBytes(): usize {
  return <usize>count(S_SLOT) * 9 + <usize>count(S_QUANT) + hitBytes() + 32;
}

function hitBytes(): usize {
  return ((<usize>count(S_RULE) + 63) >> 6) << 3;
}

export function prepareState(at: usize): void {
  hits = at;
  buffers = hits + hitBytes();
  stamps = buffers + ((<usize>count(S_SLOT)) << 3);
  answers = stamps + <usize>count(S_SLOT);
  end = answers + <usize>count(S_QUANT);
  memory.fill(at, 0, stateBytes());
}

/** Begins a run. */
export function resetState(): void {
  memory.fill(buffers, 0, end - buffers);
  if (lastWord > firstWord)
    memory.fill(hits + ((<usize>firstWord) << 3), 0, (<usize>(lastWord - firstWord)) << 3);
  firstWord = u32.MAX_VALUE;
  lastWord = 0;
}

export function computed(slot: u32): bool {
  return load<u8>(stamps + <usize>slot) != 0;
}

export function markComputed(slot: u32): void {
  store<u8>(stamps + <usize>slot, 1);
}

/** 0: not asked yet, 1: false, 2: true. */
export function answer(quant: u32): i32 {
  return load<u8>(answers + <usize>quant);
}

export function setAnswer(quant: u32, yes: bool): void {
  store<u8>(answers + <usize>quant, <u8>(1 + i32(yes)));
}

export function hit(rule: u32): void {
  const word = rule >> 6;
  const at = hits + ((<usize>word) << 3);
  store<u64>(at, load<u64>(at) | ((<u64>1) << (rule & 63)));
  firstWord = min(firstWord, word);
  lastWord = max(lastWord, word + 1);
}

/** The first rule from `rule` on that is hit, in declaration order; -1 when there is none. */
export function nextHit(rule: u32): i32 {
  let word = max(rule >> 6, firstWord);
  let bits: u64 = word < lastWord ? load<u64>(hits + ((<usize>word) << 3)) : 0;
  if (word == rule >> 6) bits &= u64.MAX_VALUE << (rule & 63);
  while (bits == 0) {
    if (++word >= lastWord) return -1;
    bits = load<u64>(hits + ((<usize>word) << 3));
  }
  return <i32>(word << 6) + <i32>ctz(bits);
}

/** Room for a text that a calculation makes into `slot`, used again in every round of a quantifier; 0 when memory ends. */
export function buffer(slot: u32, size: usize): usize {
  const at = buffers + ((<usize>slot) << 3);
  if (load<u32>(at, 4) < <u32>size) {
    // Twice the need: the sizes of one slot's buffers add up to no more than four times the largest.
    const fresh = keep(size << 1);
    if (!fresh) return 0;
    store<u32>(at, <u32>fresh);
    store<u32>(at, <u32>(size << 1), 4);
  }
  return load<u32>(at);
}

/** Gives `to` the value of `from`, and reads what lies below it. */
export function copySlot(from: u32, to: u32): void {
  memory.copy(value(to), value(from), VALUE_BYTES);
  const below = load<u32>(plan(to), END);
  if (below == to + 1) return;
  if (load<u32>(value(to), STATE) == ABSENT) forget(to + 1, below);
  else refresh(to);
}
