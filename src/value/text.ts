// Strings as the contract sees them: sequences of code points, measured in UTF-8 bytes, compared code unit by code unit.

/** Bytes of the text in UTF-8; a lone surrogate counts as three, as its replacement would. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    if (unit < 0x800) bytes += 1;
    // A pair is two units and four bytes.
    else if (isPairAt(text, i)) {
      bytes += 2;
      i++;
    } else bytes += 2;
  }
  return bytes;
}

/** Number of code points; a lone surrogate counts as one. */
export function codePoints(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length - 1; i++) {
    if (isPairAt(text, i)) {
      count--;
      i++;
    }
  }
  return count;
}

function isPairAt(text: string, i: number): boolean {
  return (text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00;
}

/** Whether the text has no lone surrogate. */
export function isWellFormed(text: string): boolean {
  return text.isWellFormed();
}

/** The text, or its first `max - 1` code points and `…` when it has more than `max`. */
export function truncateCodePoints(text: string, max: number): string {
  if (text.length <= max || codePoints(text) <= max) return text;
  let end = 0;
  for (let kept = 0; kept < max - 1; kept++) end += isPairAt(text, end) ? 2 : 1;
  return `${text.slice(0, end)}…`;
}

/** ASCII letters to lower case, everything else unchanged. */
export function asciiLower(text: string): string {
  return text.replace(/[A-Z]+/g, (run) => run.toLowerCase());
}

/** ASCII letters to upper case, everything else unchanged. */
export function asciiUpper(text: string): string {
  return text.replace(/[a-z]+/g, (run) => run.toUpperCase());
}

/** Comparisons that a search in the engine's own way may cost in the worst case. */
const MAX_NATIVE_COMPARISONS = 1 << 18;

/** Whether `needle` occurs in `haystack`, in linear time. */
export function containsText(haystack: string, needle: string): boolean {
  // The native search is faster on everyday texts, but its worst case is the product of both lengths.
  if (haystack.length * needle.length <= MAX_NATIVE_COMPARISONS) return haystack.includes(needle);
  return knuthMorrisPratt(haystack, needle);
}

function knuthMorrisPratt(haystack: string, needle: string): boolean {
  if (needle.length > haystack.length) return false;
  /** Per position: length of the longest proper border of the prefix that ends there. */
  const border = new Int32Array(needle.length);
  let matched = 0;
  for (let i = 1; i < needle.length; i++) {
    while (matched > 0 && needle.charCodeAt(i) !== needle.charCodeAt(matched)) matched = border[matched - 1]!;
    if (needle.charCodeAt(i) === needle.charCodeAt(matched)) matched++;
    border[i] = matched;
  }
  matched = 0;
  for (let i = 0; i < haystack.length; i++) {
    const unit = haystack.charCodeAt(i);
    while (matched > 0 && unit !== needle.charCodeAt(matched)) matched = border[matched - 1]!;
    if (unit === needle.charCodeAt(matched)) matched++;
    if (matched === needle.length) return true;
  }
  return false;
}

/** Compares two strings by their UTF-8 bytes, which is code point order. */
export function compareUtf8(a: string, b: string): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    // Surrogates stand for code points above every other code unit.
    const xs = x >= 0xd800 && x <= 0xdfff;
    const ys = y >= 0xd800 && y <= 0xdfff;
    return xs === ys ? x - y : xs ? 1 : -1;
  }
  return a.length - b.length;
}
