// The tape: a JSON text as nodes of 16 bytes, a container before what it holds.
//
//   +0  tag u8     one bit of JSON_KINDS
//   +1  raw u8     1: a number that is still text
//   +4  next u32   address behind the node and all below it
//   +8  string, raw number   address u32, length u32 (strings unescaped in place)
//       number, bool         f64
//       array, object        number of items or keys u32, address of the sorted keys u32 (0: few keys, no index)
//
// An object holds, per member, a node for the key (a string whose next is the value) and the value. Numbers stay text until they are
// read: most of a request is not.

import { JSON_number } from './generated.ts';
import { parseNumber } from './number.ts';
import { compare, equal } from './text.ts';

export const NODE_BYTES: usize = 16;
export const TAG_BYTE: usize = 0;
export const RAW_BYTE: usize = 1;
export const NEXT: usize = 4;
export const PAYLOAD: usize = 8;

// @ts-ignore: decorator
@inline
export function tagOf(node: usize): i32 {
  return <i32>load<u8>(node, TAG_BYTE);
}

// @ts-ignore: decorator
@inline
export function nextOf(node: usize): usize {
  return load<u32>(node, NEXT);
}

// @ts-ignore: decorator
@inline
export function textAddress(node: usize): usize {
  return load<u32>(node, PAYLOAD);
}

// @ts-ignore: decorator
@inline
export function textLength(node: usize): usize {
  return load<u32>(node, PAYLOAD + 4);
}

/** Items of an array, keys of an object. */
// @ts-ignore: decorator
@inline
export function sizeOf(node: usize): i32 {
  return <i32>load<u32>(node, PAYLOAD);
}

/** The value of a number or bool. */
export function numberOf(node: usize): f64 {
  if (load<u8>(node, RAW_BYTE)) {
    const p = textAddress(node);
    store<f64>(node, parseNumber(p, p + textLength(node)), PAYLOAD);
    store<u8>(node, 0, RAW_BYTE);
  }
  return load<f64>(node, PAYLOAD);
}

export function isFinite(value: f64): bool {
  return value - value == 0;
}

/** A number that binary64 cannot hold. */
export function isHuge(node: usize): bool {
  return tagOf(node) == JSON_number && !isFinite(numberOf(node));
}

/** The value under a key of an object; 0 when there is none. */
export function member(object: usize, key: usize, length: usize): usize {
  const index = load<u32>(object, PAYLOAD + 4);
  if (index) return search(index, sizeOf(object), key, length);
  let at = object + NODE_BYTES;
  for (let n = sizeOf(object); n > 0; n--) {
    const value = at + NODE_BYTES;
    if (textLength(at) == length && equal(textAddress(at), key, length)) return value;
    at = nextOf(value);
  }
  return 0;
}

function search(index: usize, n: i32, key: usize, length: usize): usize {
  let low = 0;
  while (low < n) {
    const middle = (low + n) >> 1;
    const at = <usize>load<u32>(index + ((<usize>middle) << 2));
    const d = compare(textAddress(at), textLength(at), key, length);
    if (d == 0) return at + NODE_BYTES;
    if (d < 0) low = middle + 1;
    else n = middle;
  }
  return 0;
}
