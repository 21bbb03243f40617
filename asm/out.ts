// The decision as bytes: written behind everything else of the request, in memory that grows as it does.

import { TEXTS } from './generated.ts';
import { letterOf } from './json-check.ts';
import { reach } from './memory.ts';
import { runOut } from './request.ts';

let start: usize = 0;
let at: usize = 0;

export function beginOutput(address: usize): void {
  start = address;
  at = address;
}

export function outputStart(): usize {
  return start;
}

export function outputLength(): usize {
  return at - start;
}

/** Makes room for n bytes. When there is none nothing is written: the decision is replaced as a whole later. */
function room(n: usize): bool {
  return reach(at + n) || runOut();
}

export function put(byte: i32): void {
  if (room(1)) store<u8>(at++, <u8>byte);
}

export function write(p: usize, length: usize): void {
  if (!room(length)) return;
  memory.copy(at, p, length);
  at += length;
}

/** Writes a text of the table of texts. */
export function writeText(text: i32): void {
  const at = TEXTS + <usize>text;
  write(at + 1, load<u8>(at));
}

/** The hexadecimal digit of a number below 16. */
export function hexLetter(digit: i32): i32 {
  return digit + (digit < 10 ? 0x30 : 0x57);
}

/** A text as the inside of a JSON string (RFC 8785: only what must be escaped is). */
export function writeEscaped(p: usize, length: usize): void {
  if (!room(length)) return;
  for (const end = p + length; p < end; p++) {
    const c = <i32>load<u8>(p);
    if (c >= 0x20 && c != 0x22 && c != 0x5c) {
      store<u8>(at++, <u8>c);
      continue;
    }
    // An escape needs up to six bytes; what follows needs its room again.
    if (!room(6 + (end - p))) return;
    store<u8>(at++, 0x5c);
    let letter = c < 0x20 ? letterOf(c) : c;
    if (letter == 0x75) {
      store<u32>(at, 0x30303075);
      at += 3;
      if (c >= 0x10) store<u8>(at, 0x31);
      at++;
      letter = hexLetter(c & 15);
    }
    store<u8>(at++, <u8>letter);
  }
}

export function writeQuoted(p: usize, length: usize): void {
  put(0x22);
  writeEscaped(p, length);
  put(0x22);
}

export function writeNull(): void {
  if (!room(4)) return;
  store<u32>(at, 0x6c6c756e);
  at += 4;
}
