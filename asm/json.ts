// JSON text → tape, in one pass without recursion. Errors are ordered as the language says: UTF-8 over the whole text first, then the
// first of a syntax error, a container too deep or an escaped lone surrogate, and only then keys that occur twice.

import {
  INVALID_depth,
  INVALID_json,
  INVALID_too_large,
  INVALID_utf8,
  JSON_bool,
  JSON_list,
  JSON_null,
  JSON_number,
  JSON_object,
  JSON_string,
  MAX_DEPTH,
} from './generated.ts';
import { hexDigit, numberEnd, unescape, wordEnd } from './json-check.ts';
import { reach } from './memory.ts';
import { order, sort } from './sort.ts';
import { NEXT, NODE_BYTES, nextOf, PAYLOAD, RAW_BYTE, TAG_BYTE, tagOf } from './tape.ts';
import { isUtf8 } from './text.ts';

/** Up to this many keys are compared with each other; more are sorted. */
const FEW_KEYS: i32 = 8;

/** The zero behind a request ends every scan. */
const NO_END: usize = usize.MAX_VALUE;

const STACK: usize = memory.data(4 * 64);

let p: usize = 0;
let top: usize = 0;
/** The first repeated key of the text, and the object that holds it. */
let repeated: usize = 0;
let holder: usize = 0;

/** Where the tape ends. */
export function tapeEnd(): usize {
  return top;
}

/** The object of the key whose repetition begins first; 0 when no key is repeated. */
export function repeatedIn(): usize {
  return holder;
}

/** Reads [start, end) and writes the tape at `tape`. The byte at `end` must be free: a zero there ends every scan. */
export function parse(start: usize, end: usize, tape: usize): i32 {
  p = start;
  top = tape;
  repeated = usize.MAX_VALUE;
  holder = 0;
  if (!isUtf8(start, end)) return INVALID_utf8;
  store<u8>(end, 0);
  let depth = 0;
  while (true) {
    let c = skip();
    if (!reach(top + NODE_BYTES * 2)) return INVALID_too_large;
    let code = 0;
    if (c == 0x22) code = readText();
    else if (c == 0x7b || c == 0x5b) {
      if (depth == MAX_DEPTH) return INVALID_depth;
      const node = top;
      store<u32>(STACK + ((<usize>depth) << 2), <u32>node);
      depth++;
      store<u32>(node, c == 0x7b ? JSON_object : JSON_list);
      store<u64>(node, 0, PAYLOAD);
      top += NODE_BYTES;
      p++;
      // '{' + 2 = '}', '[' + 2 = ']'
      if (skip() != c + 2) {
        if (c == 0x7b) {
          code = readKey();
          if (code) return code;
        }
        continue;
      }
      p++;
      depth--;
      store<u32>(node, <u32>top, NEXT);
    } else if (c == 0x2d || <u32>(c - 0x30) < 10) code = readNumber();
    else code = readWord(c);
    if (code) return code;
    // Behind a value.
    while (true) {
      c = skip();
      if (depth == 0) return p == end ? 0 : INVALID_json;
      const container = <usize>load<u32>(STACK + ((<usize>(depth - 1)) << 2));
      const isObject = tagOf(container) == JSON_object;
      store<u32>(container, load<u32>(container, PAYLOAD) + 1, PAYLOAD);
      if (c == 0x2c) {
        p++;
        if (isObject) {
          skip();
          code = readKey();
          if (code) return code;
        }
        break;
      }
      if (c != (isObject ? 0x7d : 0x5d)) return INVALID_json;
      p++;
      depth--;
      if (isObject && !closeObject(container)) return INVALID_too_large;
      store<u32>(container, <u32>top, NEXT);
    }
  }
}

/** Passes white space; the byte behind it. */
function skip(): i32 {
  let c = <i32>load<u8>(p);
  while (c <= 0x20 && (c == 0x20 || c == 0x0a || c == 0x0d || c == 0x09)) c = <i32>load<u8>(++p);
  return c;
}

function push(tag: i32, raw: i32, address: usize, length: usize): void {
  store<u8>(top, <u8>tag, TAG_BYTE);
  store<u8>(top, <u8>raw, RAW_BYTE);
  store<u32>(top, <u32>(top + NODE_BYTES), NEXT);
  store<u32>(top, <u32>address, PAYLOAD);
  store<u32>(top, <u32>length, PAYLOAD + 4);
  top += NODE_BYTES;
}

/** A key and its colon. */
function readKey(): i32 {
  if (load<u8>(p) != 0x22) return INVALID_json;
  if (!reach(top + NODE_BYTES * 2)) return INVALID_too_large;
  const code = readText();
  if (code) return code;
  if (skip() != 0x3a) return INVALID_json;
  p++;
  return 0;
}

function readWord(c: i32): i32 {
  const end = wordEnd(p, NO_END);
  if (!end) return INVALID_json;
  push(c == 0x6e ? JSON_null : JSON_bool, 0, 0, 0);
  store<f64>(top - NODE_BYTES, i32(c == 0x74), PAYLOAD);
  p = end;
  return 0;
}

/** Checks a numeral and keeps its place: it becomes a number when it is read. */
function readNumber(): i32 {
  const end = numberEnd(p, NO_END);
  if (!end) return INVALID_json;
  push(JSON_number, 1, p, end - p);
  p = end;
  return 0;
}

/** A string, unescaped in place: an escape is never shorter than what it stands for. */
function readText(): i32 {
  const start = ++p;
  while (true) {
    const c = <i32>load<u8>(p);
    if (c == 0x22) {
      push(JSON_string, 0, start, p++ - start);
      return 0;
    }
    if (c == 0x5c) break;
    if (c < 0x20) return INVALID_json;
    p++;
  }
  let to = p;
  while (true) {
    let c = <i32>load<u8>(p++);
    if (c == 0x22) break;
    if (c < 0x20) return INVALID_json;
    if (c == 0x5c) {
      c = <i32>load<u8>(p++);
      if (c == 0x75) {
        c = readEscapedUnit();
        if (c < 0) return INVALID_json;
        if (c >= 0xd800 && c < 0xe000) {
          // A pair is one code point; half of it alone is no text.
          if (c >= 0xdc00 || load<u16>(p) != 0x755c) return INVALID_utf8;
          p += 2;
          const second = readEscapedUnit();
          if (second < 0xdc00 || second > 0xdfff) return INVALID_utf8;
          c = 0x10000 + ((c - 0xd800) << 10) + (second - 0xdc00);
        }
        to = encode(to, c);
        continue;
      }
      c = unescape(c);
      if (c < 0) return INVALID_json;
    }
    store<u8>(to++, <u8>c);
  }
  push(JSON_string, 0, start, to - start);
  return 0;
}

/** Four hexadecimal digits; -1 when they are not. */
function readEscapedUnit(): i32 {
  let unit = 0;
  for (let i = 0; i < 4; i++) {
    const digit = hexDigit(load<u8>(p));
    if (digit < 0) return -1;
    unit = (unit << 4) | digit;
    p++;
  }
  return unit;
}

function encode(to: usize, c: i32): usize {
  if (c < 0x80) {
    store<u8>(to, <u8>c);
    return to + 1;
  }
  let more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  store<u8>(to++, <u8>(((0xff00 >> (more + 1)) & 0xff) | (c >> (6 * more))));
  while (more-- > 0) store<u8>(to++, <u8>(0x80 | ((c >> (6 * more)) & 0x3f)));
  return to;
}

/** Looks for repeated keys; gives an object of many keys its index. False when memory ends. */
function closeObject(object: usize): bool {
  const n = <i32>load<u32>(object, PAYLOAD);
  if (n > FEW_KEYS) return indexKeys(object, n);
  let key = nextOf(object + NODE_BYTES * 2);
  for (let i = 1; i < n; i++, key = nextOf(key + NODE_BYTES)) {
    let other = object + NODE_BYTES;
    for (let k = 0; k < i; k++, other = nextOf(other + NODE_BYTES)) {
      if (order(key, other) == 0) note(key, object);
    }
  }
  return true;
}

function note(key: usize, object: usize): void {
  if (key >= repeated) return;
  repeated = key;
  holder = object;
}

function indexKeys(object: usize, n: i32): bool {
  const bytes = (<usize>n) << 2;
  const list = top;
  const spare = list + bytes;
  if (!reach(spare + bytes)) return false;
  let key = object + NODE_BYTES;
  for (let at = list; at < spare; at += 4) {
    store<u32>(at, <u32>key);
    key = nextOf(key + NODE_BYTES);
  }
  const sorted = sort(list, spare, n);
  if (sorted != list) memory.copy(list, sorted, bytes);
  // The sort is stable: of equal keys the first in the text comes first.
  for (let at = list + 4; at < spare; at += 4) {
    if (order(load<u32>(at - 4), load<u32>(at)) == 0) note(load<u32>(at), object);
  }
  store<u32>(object, <u32>list, PAYLOAD + 4);
  top = (list + bytes + 15) & ~15;
  return true;
}
