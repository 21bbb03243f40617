// UTF-8 texts inside a bundle. Leaf module: it imports nothing.

/** Whether `bytes[start..end)` is well-formed UTF-8: no overlong form, no surrogate, nothing above U+10FFFF. */
export function isUtf8(bytes: Uint8Array, start: number, end: number): boolean {
  let i = start;
  while (i < end) {
    const lead = bytes[i++]!;
    if (lead < 0x80) continue;
    if (lead < 0xc2 || lead > 0xf4) return false;
    const more = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    if (i + more > end) return false;
    // The first continuation byte rules out overlong forms, surrogates and what lies beyond U+10FFFF.
    const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
    const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
    const second = bytes[i]!;
    if (second < low || second > high) return false;
    for (let k = 1; k < more; k++) if ((bytes[i + k]! & 0xc0) !== 0x80) return false;
    i += more;
  }
  return true;
}

/** Compares `bytes[a..a + an)` with `bytes[b..b + bn)`. */
export function compareBytes(bytes: Uint8Array, a: number, an: number, b: number, bn: number): number {
  const n = Math.min(an, bn);
  for (let i = 0; i < n; i++) {
    const d = bytes[a + i]! - bytes[b + i]!;
    if (d !== 0) return d;
  }
  return an - bn;
}
