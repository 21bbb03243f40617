// UTF-8 texts as address and length.

/** Whether [p, end) is well-formed UTF-8: no overlong form, no surrogate, nothing above U+10FFFF. */
export function isUtf8(p: usize, end: usize): bool {
  while (p < end) {
    // Most text is ASCII: eight bytes at a time.
    while (p + 8 <= end && (load<u64>(p) & 0x8080808080808080) == 0) p += 8;
    if (p >= end) break;
    const lead = <i32>load<u8>(p++);
    if (lead < 0x80) continue;
    if (lead < 0xc2 || lead > 0xf7) return false;
    const more = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    if (p + more > end) return false;
    let point = lead & (0x3f >> more);
    for (let left = more; left > 0; left--) {
      const c = <i32>load<u8>(p++);
      if ((c & 0xc0) != 0x80) return false;
      point = (point << 6) | (c & 0x3f);
    }
    // Of two bytes only the lead says whether they are too many.
    if (point >> (5 * more + 1) == 0 && more > 1) return false;
    if (point >> 11 == 0x1b || point > 0x10ffff) return false;
  }
  return true;
}

export function equal(a: usize, b: usize, length: usize): bool {
  const end = a + length;
  while (a + 8 <= end) {
    if (load<u64>(a) != load<u64>(b)) return false;
    a += 8;
    b += 8;
  }
  while (a < end) if (load<u8>(a++) != load<u8>(b++)) return false;
  return true;
}

/** Order by bytes, which is the order of code points. */
export function compare(a: usize, aLength: usize, b: usize, bLength: usize): i32 {
  const end = a + min(aLength, bLength);
  while (a < end) {
    const d = <i32>load<u8>(a++) - <i32>load<u8>(b++);
    if (d) return d;
  }
  return <i32>aLength - <i32>bLength;
}

/** Whether text a comes before text b by UTF-16 code units: there, surrogates come before U+E000. */
export function beforeUtf16(a: usize, aLength: usize, b: usize, bLength: usize): bool {
  const end = a + min(aLength, bLength);
  while (a < end) {
    const x = <i32>load<u8>(a++);
    const y = <i32>load<u8>(b++);
    if (x != y) return unitRank(x) < unitRank(y);
  }
  return aLength < bLength;
}

function unitRank(byte: i32): i32 {
  return byte == 0xee || byte == 0xef ? byte + 8 : byte;
}

export function codePoints(p: usize, length: usize): i32 {
  let n = 0;
  for (const end = p + length; p < end; p++) n += i32((<i32>load<u8>(p) & 0xc0) != 0x80);
  return n;
}

/** Bytes of the code point that begins at p, in well-formed text. */
export function width(p: usize): usize {
  const lead = <i32>load<u8>(p);
  return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}
