// Decimal text → binary64, correctly rounded for every numeral, without tables. Short numerals take one exact multiplication or
// division; the others go through a big integer: text = N × 10^e = N × 5^e × 2^e, and 5^e is multiplied or divided in steps of 5^13,
// which fits a limb. A division that leaves a remainder only has to be remembered as "a little more" (sticky).

const LIMBS: usize = memory.data(576);
/** A midpoint between two doubles has at most 767 digits; what follows can only be "a little more". */
const MAX_DIGITS: i32 = 780;
const FIVE_13: u32 = 1220703125;

let limbs: i32 = 0;

/** 10^k, exact for 0 ≤ k ≤ 22. */
export function pow10(k: i32): f64 {
  let p: f64 = 1;
  while (k-- > 0) p *= 10;
  return p;
}

/** The value of a JSON numeral; infinite when it is beyond binary64. */
export function parseNumber(p: usize, end: usize): f64 {
  const negative = load<u8>(p) == 0x2d;
  if (negative) p++;
  const start = p;
  let mantissa: u64 = 0;
  let digits = 0;
  let exponent = 0;
  let fraction = 0;
  for (; p < end; p++) {
    const c = <i32>load<u8>(p);
    if (c == 0x2e) {
      fraction = 1;
      continue;
    }
    const digit = c - 0x30;
    if (<u32>digit > 9) break;
    exponent -= fraction;
    if (digits == 0 && digit == 0) continue;
    if (digits++ < 19) mantissa = mantissa * 10 + digit;
  }
  const digitsEnd = p;
  if (p < end) exponent += parseExponent(p + 1, end);
  let value: f64;
  if (digits <= 19 && mantissa <= 0x20000000000000 && exponent >= -22 && exponent <= 22) {
    value = exponent < 0 ? <f64>mantissa / pow10(-exponent) : <f64>mantissa * pow10(exponent);
  } else if (digits + exponent > 310) value = digits == 0 ? 0 : Infinity;
  else if (digits + exponent < -330) value = 0;
  else value = parseSlow(start, digitsEnd, digits, exponent);
  // Zero has no sign in the language.
  return negative ? 0 - value : value;
}

function parseExponent(p: usize, end: usize): i32 {
  const sign = <i32>load<u8>(p);
  if (sign == 0x2d || sign == 0x2b) p++;
  let e = 0;
  // A text has at most MAX_REQUEST_BYTES digits, so a larger exponent decides alone.
  for (; p < end && e < 100000000; p++) e = e * 10 + (<i32>load<u8>(p) - 0x30);
  return sign == 0x2d ? -e : e;
}

function parseSlow(p: usize, end: usize, digits: i32, exponent: i32): f64 {
  limbs = 0;
  const dropped = max(digits - MAX_DIGITS, 0);
  let sticky = readDigits(p, end, digits - dropped);
  if (limbs == 0) return 0;
  exponent += dropped;
  let binary = exponent;
  if (exponent > 0) {
    for (; exponent >= 13; exponent -= 13) mulAdd(FIVE_13, 0);
    mulAdd(power5(exponent), 0);
  } else if (exponent < 0) {
    let n = -exponent;
    // 2.33 > log2(5): at least 66 bits of quotient remain.
    const missing = 66 + ((n * 233) / 100 + 1) - (limbs << 5) + 32;
    if (missing > 0) {
      const shift = (missing + 31) >> 5;
      memory.copy(LIMBS + ((<usize>shift) << 2), LIMBS, (<usize>limbs) << 2);
      memory.fill(LIMBS, 0, (<usize>shift) << 2);
      limbs += shift;
      binary -= shift << 5;
    }
    for (; n >= 13; n -= 13) sticky |= divide(FIVE_13);
    sticky |= divide(power5(n));
  }
  return round(binary, sticky);
}

/** Reads `keep` significant digits; tells whether a later one is not zero. */
function readDigits(p: usize, end: usize, keep: i32): bool {
  let chunk: u32 = 0;
  let scale: u32 = 1;
  let seen = 0;
  for (; p < end && seen < keep; p++) {
    const digit = <u32>load<u8>(p) - 0x30;
    if (digit > 9 || (seen == 0 && digit == 0)) continue;
    seen++;
    chunk = chunk * 10 + digit;
    scale *= 10;
    if (scale == 1000000000) {
      mulAdd(scale, chunk);
      chunk = 0;
      scale = 1;
    }
  }
  if (scale > 1) mulAdd(scale, chunk);
  for (; p < end; p++) if (load<u8>(p) > 0x30) return true;
  return false;
}

function power5(k: i32): u32 {
  let p: u32 = 1;
  while (k-- > 0) p *= 5;
  return p;
}

function mulAdd(factor: u32, add: u32): void {
  let carry = <u64>add;
  const end = LIMBS + ((<usize>limbs) << 2);
  for (let at = LIMBS; at < end; at += 4) {
    carry += <u64>load<u32>(at) * factor;
    store<u32>(at, <u32>carry);
    carry >>= 32;
  }
  if (carry) {
    store<u32>(end, <u32>carry);
    limbs++;
  }
}

function divide(divisor: u32): bool {
  let rest: u64 = 0;
  for (let at = LIMBS + ((<usize>limbs) << 2); at > LIMBS; ) {
    at -= 4;
    const part = (rest << 32) | load<u32>(at);
    store<u32>(at, <u32>(part / divisor));
    rest = part % divisor;
  }
  while (limbs > 0 && load<u32>(LIMBS + ((<usize>(limbs - 1)) << 2)) == 0) limbs--;
  return rest != 0;
}

function limb(i: i32): u64 {
  return i < 0 ? 0 : load<u32>(LIMBS + ((<usize>i) << 2));
}

/** The double nearest to limbs × 2^binary (+ a little when sticky), ties to even. */
function round(binary: i32, sticky: bool): f64 {
  const zeros = clz(<u32>limb(limbs - 1));
  let top = (limb(limbs - 1) << 32) | limb(limbs - 2);
  const third = limb(limbs - 3);
  if (zeros) top = (top << zeros) | (third >> (32 - zeros));
  let below = (<u32>third) << zeros;
  for (let i = limbs - 4; i >= 0 && below == 0; i--) below = <u32>limb(i);
  if (below) sticky = true;
  // value = top × 2^low, top ≥ 2^63
  const low = (limbs << 5) - <i32>zeros - 64 + binary;
  const normal = low + 63 >= -1022;
  const shift = normal ? 11 : 11 - 1022 - (low + 63);
  if (shift > 64) return 0;
  const rest = shift == 64 ? top : top & (((<u64>1) << shift) - 1);
  const half = (<u64>1) << (shift - 1);
  let q = shift == 64 ? 0 : top >> shift;
  if (rest > half || (rest == half && (sticky || (q & 1) != 0))) q++;
  // The leading bit of q adds one to the exponent, also when rounding carried into it.
  if (normal) q += (<u64>(low + 63 + 1022)) << 52;
  return q >= 0x7ff0000000000000 || low + 63 > 1023 ? Infinity : reinterpret<f64>(q);
}
