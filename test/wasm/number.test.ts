// Every numeral becomes the double that Number() gives.

import { beforeAll, describe, test } from 'vitest';
import { buildAsm } from '../../scripts/build-asm.mjs';
import { compileSync } from '../../src/wasm/module.ts';
import { random } from './module.ts';

interface NumberModule {
  readonly memory: { readonly buffer: ArrayBuffer };
  parseNumber(address: number, end: number): number;
}

// Far behind the static data of the module.
const TEXT = 32_768;

describe('numerals', () => {
  let parse: (text: string) => number;
  beforeAll(async () => {
    // The exports of number.ts alone have nothing of the ABI.
    const module = compileSync(await buildAsm('asm/number.ts'));
    const { Instance } = (
      globalThis as unknown as {
        readonly WebAssembly: { readonly Instance: new (m: object) => { readonly exports: NumberModule } };
      }
    ).WebAssembly;
    const { exports } = new Instance(module);
    parse = (text) => {
      const { written } = new TextEncoder().encodeInto(text, new Uint8Array(exports.memory.buffer, TEXT));
      return exports.parseNumber(TEXT, TEXT + written);
    };
  });

  const same = (text: string): void => {
    // Zero has no sign.
    const expected = Number(text) + 0;
    const found = parse(text);
    if (!Object.is(found, expected)) throw new Error(`${text.slice(0, 900)}: ${found}, expected ${expected}`);
  };

  test.each([
    '0',
    '-0',
    '0.0',
    '-0e5',
    '0e999999999',
    '1e-999999999',
    '1e999999999',
    '-1e400',
    '1',
    '-1',
    '9007199254740993',
    '9007199254740992.999',
    '4.9e-324',
    '2.4703282292062327e-324',
    '2.4703282292062328e-324',
    '5e-324',
    '1.7976931348623157e308',
    '1.7976931348623158e308',
    '1.7976931348623159e308',
    '2.2250738585072011e-308',
    '2.2250738585072014e-308',
    '1e22',
    '1e23',
    `0.${'0'.repeat(400)}1e400`,
    `1${'0'.repeat(400)}e-400`,
    `${'9'.repeat(1000)}e-700`,
    `1.${'0'.repeat(1000)}1`,
    `${'0'.repeat(0)}0.${'0'.repeat(330)}1`,
  ])('%s', (text) => same(text));

  test('random bit patterns, digits and exponents, midpoints and their neighbours', () => {
    const next = random(20_260_101);
    const word = (): bigint => BigInt(Math.floor(next() * 2 ** 32));
    const view = new DataView(new ArrayBuffer(8));
    const digits = (n: number): string => Array.from({ length: n }, () => Math.floor(next() * 10)).join('');
    for (let i = 0; i < 50_000; i++) {
      view.setBigUint64(0, (word() << 32n) | word());
      const value = view.getFloat64(0);
      if (!Number.isFinite(value)) continue;
      same(String(value));
      same(value.toPrecision(17));
      same(value.toPrecision(1 + Math.floor(next() * 40)));
      same(
        `${digits(1 + Math.floor(next() * 25))}.${digits(20)}e${Math.floor(next() * 700) - 350}`.replace(
          /^0+(?=\d)/,
          '',
        ),
      );
    }
    for (let i = 0; i < 5_000; i++) {
      const exponent = Math.floor(next() * 2200) - 1130;
      const mantissa = (word() << 21n) | (word() >> 11n) | 1n;
      // mantissa × 2^exponent with 53 bits and one more: half way between two doubles (or near it, for subnormal ones).
      const middle = exactDecimal((mantissa << 1n) | 1n, exponent);
      same(middle);
      same(`${middle}${middle.includes('.') ? '' : '.'}0000000001`);
      same(middle.replace(/[1-9]0*$/, (end) => `${Number(end[0]) - 1}${'9'.repeat(end.length - 1)}`));
    }
  });
});

/** n × 2^e, all digits. */
function exactDecimal(n: bigint, e: number): string {
  if (e >= 0) return String(n << BigInt(e));
  // n / 2^k = n × 5^k / 10^k
  const text = String(n * 5n ** BigInt(-e)).padStart(1 - e, '0');
  return `${text.slice(0, text.length + e)}.${text.slice(text.length + e)}`;
}
