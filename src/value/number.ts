// Decimals: a decimal with s digits after the point is the integer k = value · 10^s, |k| < 10^15.

import { MAX_DECIMAL } from '../bytecode/limits.ts';

/** 10^0 to 10^15 as literals: `Math.pow` is not required to be exact. */
export const POWERS_OF_TEN: readonly number[] = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
];

/** The scaled integer of a number, or null when the number is not on the grid of 10^-scale or too large. */
export function toScaled(x: number, scale: number): number | null {
  const power = POWERS_OF_TEN[scale]!;
  const k = Math.round(x * power);
  // Below 10^15 two scaled integers never share a double, so this comparison decides.
  return k / power === x && k <= MAX_DECIMAL && k >= -MAX_DECIMAL ? k + 0 : null;
}

/** The decimal with exactly `scale` digits after the point. */
export function decimalText(k: number, scale: number): string {
  if (scale === 0) return String(k);
  const digits = String(Math.abs(k)).padStart(scale + 1, '0');
  const point = digits.length - scale;
  return `${k < 0 ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/**
 * The number as RFC 8785 writes it. k has at most 15 digits, so the nearest double of k / 10^scale prints exactly these digits,
 * without trailing zeros, and below 10^-6 with an exponent as that standard asks.
 */
export function decimalJson(k: number, scale: number): string {
  return String(k / POWERS_OF_TEN[scale]!);
}
