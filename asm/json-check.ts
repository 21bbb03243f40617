// Checks a JSON text that comes in pieces with holes between them. Only compact writing is accepted, because fragments are copied into
// decisions as they are. Every string, number and literal is whole inside one piece: a token never spans a hole.

const MAX_FRAGMENT_DEPTH: i32 = 31;

const VALUE: i32 = 0;
const VALUE_OR_END: i32 = 1;
const KEY: i32 = 2;
const KEY_OR_END: i32 = 3;
const COLON: i32 = 4;
const AFTER: i32 = 5;

let expect: i32 = VALUE;
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
    if (expect == KEY || expect == KEY_OR_END) expect = COLON;
    else if (!takeJsonValue()) return 0;
    return stringEnd(p + 1, end);
  }
  let fits: bool;
  if (c == 0x7b || c == 0x5b) fits = openContainer(c == 0x7b);
  else if (c == 0x7d || c == 0x5d) fits = closeContainer(c == 0x7d);
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
    if (p >= end) return 0;
    const escaped = <i32>load<u8>(p++);
    if (escaped == 0x75) {
      for (let k = 0; k < 4; k++, p++) if (p >= end || !isHex(load<u8>(p))) return 0;
    } else if (
      escaped != 0x22 &&
      escaped != 0x5c &&
      escaped != 0x2f &&
      escaped != 0x62 &&
      escaped != 0x66 &&
      escaped != 0x6e &&
      escaped != 0x72 &&
      escaped != 0x74
    ) {
      return 0;
    }
  }
  return 0;
}

function isHex(c: i32): bool {
  return <u32>(c - 0x30) < 10 || <u32>((c | 0x20) - 0x61) < 6;
}

function at(p: usize, end: usize): i32 {
  return p < end ? <i32>load<u8>(p) : 0;
}

/** Behind a run of digits; p itself when there is none. */
function digitsEnd(p: usize, end: usize): usize {
  while (<u32>(at(p, end) - 0x30) < 10) p++;
  return p;
}

function numberEnd(p: usize, end: usize): usize {
  if (at(p, end) == 0x2d) p++;
  let from = p;
  if (at(p, end) == 0x30) p++;
  else {
    p = digitsEnd(p, end);
    if (p == from) return 0;
  }
  if (at(p, end) == 0x2e) {
    from = p + 1;
    p = digitsEnd(from, end);
    if (p == from) return 0;
  }
  if ((at(p, end) | 0x20) == 0x65) {
    p++;
    const sign = at(p, end);
    if (sign == 0x2b || sign == 0x2d) p++;
    from = p;
    p = digitsEnd(from, end);
    if (p == from) return 0;
  }
  return p;
}

function wordEnd(p: usize, end: usize): usize {
  if (p + 4 > end) return 0;
  const word = load<u32>(p);
  if (word == 0x65757274 || word == 0x6c6c756e) return p + 4;
  return p + 5 <= end && word == 0x736c6166 && load<u8>(p, 4) == 0x65 ? p + 5 : 0;
}
