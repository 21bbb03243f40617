import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimalJson, decimalText, POWERS_OF_TEN, toScaled } from '../../src/value/number.ts';
import {
  asciiLower,
  asciiUpper,
  codePoints,
  compareUtf8,
  containsText,
  isWellFormed,
  truncateCodePoints,
  utf8Length,
} from '../../src/value/text.ts';

const anyText = fc.string({ unit: 'binary' });
const smallAlphabet = fc.string({ unit: fc.constantFrom('a', 'b') });

test('lengths', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(utf8Length(text)).toBe(Buffer.byteLength(text));
      expect(codePoints(text)).toBe([...text].length);
    }),
  );
  expect([utf8Length('\ud800'), codePoints('\ud800'), isWellFormed('\udc00\ud800')]).toEqual([3, 1, false]);
});

test('order of UTF-8 bytes', () => {
  fc.assert(
    fc.property(anyText, anyText, (a, b) => {
      expect(Math.sign(compareUtf8(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
});

test('truncation keeps code points whole', () => {
  expect(truncateCodePoints('abcd', 4)).toBe('abcd');
  expect(truncateCodePoints('abcde', 4)).toBe('abc…');
  expect(truncateCodePoints('😀😀', 2)).toBe('😀😀');
  expect(truncateCodePoints('😀😀😀', 2)).toBe('😀…');
});

test('case folds ASCII only', () => {
  expect(asciiLower('ÄBCé')).toBe('Äbcé');
  expect(asciiUpper('äbcßK')).toBe('äBCßK');
});

test('search agrees with the naive one and is linear', () => {
  fc.assert(
    fc.property(smallAlphabet, smallAlphabet, (a, b) => {
      const padded = `${'a'.repeat(70_000)}${a}`;
      const needle = `${'a'.repeat(10)}${b}`;
      expect(containsText(a, b)).toBe(a.includes(b));
      expect(containsText(padded, needle)).toBe(padded.includes(needle));
    }),
    { numRuns: 50 },
  );
  const start = performance.now();
  const half = 'a'.repeat(32_000);
  expect(containsText('a'.repeat(65_536), `${half}b${half}`)).toBe(false);
  expect(performance.now() - start).toBeLessThan(500);
});

test('scaled integers', () => {
  expect([toScaled(1.1, 2), toScaled(0.001, 2), toScaled(-0, 2), toScaled(1.005, 3)]).toEqual([
    110,
    null,
    0,
    1005,
  ]);
  expect([toScaled(9_999_999_999_999.99, 2), toScaled(10_000_000_000_000, 2)]).toEqual([
    999_999_999_999_999,
    null,
  ]);
  expect([toScaled(Number.NaN, 0), toScaled(Infinity, 0), toScaled(1e300, 15)]).toEqual([null, null, null]);
  fc.assert(
    fc.property(
      fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 }),
      fc.integer({ min: 0, max: 15 }),
      (k, scale) => {
        expect(toScaled(k / POWERS_OF_TEN[scale]!, scale)).toBe(k);
        expect(toScaled(Number(decimalText(k, scale)), scale)).toBe(k);
        expect(toScaled(Number(decimalJson(k, scale)), scale)).toBe(k);
        expect(decimalJson(k, scale)).toBe(JSON.stringify(JSON.parse(decimalJson(k, scale))));
      },
    ),
  );
});

test('decimal texts', () => {
  expect([decimalText(110, 2), decimalText(-5, 2), decimalText(0, 3), decimalText(7, 0)]).toEqual([
    '1.10',
    '-0.05',
    '0.000',
    '7',
  ]);
  expect([decimalJson(110, 2), decimalJson(-500, 2), decimalJson(0, 3), decimalJson(1, 7)]).toEqual([
    '1.1',
    '-5',
    '0',
    '1e-7',
  ]);
});
