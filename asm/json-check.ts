// Checks a JSON text that comes in pieces with holes between them. Only compact writing is accepted, because fragments are copied into
// decisions as they are. Every string, number and literal is whole inside one piece: a token never spans a hole.

/** From U+0008 on; the escape of U+000B has no letter. */
const LETTERS: usize = memory.data<u8>([0x62, 0x74, 0x6e, 0x75, 0x66, 0x72]);

const MAX_FRAGMENT_DEPTH: i32 = 31;

const VALUE: i32 = 0;
const VALUE_OR_END: i32 = 1;
const KEY: i32 = 2;
const KEY_OR_END: i32 = 3;
const COLON: i32 = 4;
const AFTER: i32 = 5;

let expect: i32 = 0;
let depth: i32 = 0;
/** Bit d: the container at depth d is an object. */
let objects: i32 = 0;

/** Begins a new text. */
export function beginJson(): void {
  expect = VALUE;
  depth = 0;
}

/** Whether the text may end here. */
export function isJsonComplete(): bool {
  return depth == 0 && expect == AFTER;
}

/** Whether a value may stand here. */
export function takeJsonValue(): bool {
  if (expect > VALUE_OR_END) return false;
  expect = AFTER;
  return true;
}

/** Whether the text may go on with [p, end). */
export function takeJsonText(p: usize, end: usize): bool {
  while (p && p < end) p = token(p, end);
  return p != 0;
}

/** Where the token ends; 0 when it is wrong. */
function token(p: usize, end: usize): usize {
  const c = <i32>load<u8>(p);
  if (c == 0x22) {
    if ((expect | 1) == KEY_OR_END) expect = COLON;
    else if (!takeJsonValue()) return 0;
    return stringEnd(p + 1, end);
  }
  let fits: bool;
  // Braces differ from brackets in one bit.
  const bracket = c & 0xdf;
  if (bracket == 0x5b) fits = openContainer(c != 0x5b);
  else if (bracket == 0x5d) fits = closeContainer(c != 0x5d);
  else if (c == 0x2c) {
    fits = depth > 0 && expect == AFTER;
    if (fits) expect = inObject() ? KEY : VALUE;
  } else if (c == 0x3a) {
    fits = expect == COLON;
    expect = VALUE;
  } else {
    if (!takeJsonValue()) return 0;
    return c == 0x2d || <u32>c - 0x30 < 10 ? numberEnd(p, end) : wordEnd(p, end);
  }
  return fits ? p + 1 : 0;
}

function inObject(): bool {
  return ((objects >> (depth - 1)) & 1) != 0;
}

function openContainer(object: bool): bool {
  if (depth == MAX_FRAGMENT_DEPTH || !takeJsonValue()) return false;
  const bit = 1 << depth++;
  objects = object ? objects | bit : objects & ~bit;
  expect = object ? KEY_OR_END : VALUE_OR_END;
  return true;
}

function closeContainer(object: bool): bool {
  if (depth == 0 || inObject() != object) return false;
  if (expect != AFTER && expect != (object ? KEY_OR_END : VALUE_OR_END)) return false;
  depth--;
  expect = AFTER;
  return true;
}

function stringEnd(p: usize, end: usize): usize {
  while (p < end) {
    const c = <i32>load<u8>(p++);
    if (c == 0x22) return p;
    if (c < 0x20) return 0;
    if (c != 0x5c) continue;
    const escaped = at(p++, end);
    if (escaped == 0x75) {
      for (let k = 0; k < 4; k++) if (hexDigit(at(p++, end)) < 0) return 0;
    } else if (unescape(escaped) < 0) return 0;
  }
  return 0;
}

/** The value of a hexadecimal digit; -1 when it is none. */
export function hexDigit(c: i32): i32 {
  if (<u32>(c - 0x30) < 10) return c - 0x30;
  c = (c | 0x20) - 0x61;
  return <u32>c < 6 ? c + 10 : -1;
}

/** The letter that stands for a control character in an escape; `u` when there is none. */
export function letterOf(c: i32): i32 {
  return <u32>(c - 8) < 6 ? <i32>load<u8>(LETTERS + <usize>(c - 8)) : 0x75;
}

/** What an escape of one letter stands for; -1 when there is no such escape. */
export function unescape(c: i32): i32 {
  if (c == 0x22 || c == 0x5c || c == 0x2f) return c;
  for (let i = 0; i < 6; i++) if (letterOf(i + 8) == c) return i + 8;
  return -1;
}

function at(p: usize, end: usize): i32 {
  return p < end ? <i32>load<u8>(p) : 0;
}

/** Behind a run of digits; 0 when there is none. */
function digitsEnd(p: usize, end: usize): usize {
  const from = p;
  while (<u32>(at(p, end) - 0x30) < 10) p++;
  return p == from ? 0 : p;
}

/** Behind the number at p; 0 when there is none. */
export function numberEnd(p: usize, end: usize): usize {
  if (at(p, end) == 0x2d) p++;
  p = at(p, end) == 0x30 ? p + 1 : digitsEnd(p, end);
  if (p && at(p, end) == 0x2e) p = digitsEnd(p + 1, end);
  if (p && (at(p, end) | 0x20) == 0x65) {
    const sign = at(++p, end);
    p = digitsEnd(sign == 0x2b || sign == 0x2d ? p + 1 : p, end);
  }
  return p;
}

/** Behind the literal at p; 0 when there is none. */
export function wordEnd(p: usize, end: usize): usize {
  if (p + 4 > end) return 0;
  const word = load<u32>(p);
  if (word == 0x65757274 || word == 0x6c6c756e) return p + 4;
  return p + 5 <= end && word == 0x736c6166 && load<u8>(p, 4) == 0x65 ? p + 5 : 0;
}
