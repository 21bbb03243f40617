// Both verifiers give the same verdict on the same bytes, whatever the bytes are.

import { describe, expect, test } from 'vitest';
import { decodeBundle } from '../../src/bytecode/codec.ts';
import { BODY_OFFSET } from '../../src/bytecode/geometry.ts';
import { fixtureBundles, Instance, random } from './module.ts';

const MUTATIONS = 25_000;

const bundles = fixtureBundles();
const instance = new Instance();

function same(bytes: Uint8Array, what: string): string {
  const decoded = decodeBundle(bytes);
  const expected = decoded.ok ? 'ok' : decoded.code;
  const found = instance.load(bytes);
  if (found === 'ok') instance.wasm.unload();
  if (found !== expected) throw new Error(`${what}: ${found}, expected ${expected}`);
  return found;
}

describe('verdicts', () => {
  test('of the fixtures', () => {
    for (const bundle of bundles) expect(same(bundle, 'whole')).toBe('ok');
  });

  test('of every truncation', () => {
    for (const bundle of bundles.slice(0, 4)) {
      for (let n = 0; n < bundle.length; n++) expect(same(bundle.slice(0, n), `first ${n}`)).not.toBe('ok');
    }
  });

  test('of every single flipped bit', () => {
    for (const bundle of bundles.slice(0, 3)) {
      for (let bit = 0; bit < bundle.length * 8; bit++) {
        const bytes = bundle.slice();
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        same(bytes, `bit ${bit}`);
      }
    }
  });

  test(`of ${MUTATIONS} mutations`, () => {
    const next = random(7);
    const below = (n: number): number => Math.floor(next() * n);
    const seen = new Map<string, number>();
    for (let i = 0; i < MUTATIONS; i++) {
      const bytes = bundles[below(bundles.length)]!.slice();
      const view = new DataView(bytes.buffer);
      for (let n = 1 + below(2); n > 0; n--) {
        const at = BODY_OFFSET + below(bytes.length - BODY_OFFSET - 4);
        const kind = below(5);
        if (kind === 0) bytes[at] = below(256);
        else if (kind === 1) bytes[at]! += next() < 0.5 ? 1 : 255;
        else if (kind === 2) view.setUint16(at & ~1, next() < 0.3 ? 0xffff : below(20), true);
        else if (kind === 3) view.setUint32(at & ~3, next() < 0.3 ? 0xffffffff : below(60), true);
        else bytes.copyWithin(at, BODY_OFFSET + below(bytes.length - BODY_OFFSET - 4), at + 4);
      }
      const verdict = same(bytes, `mutation ${i}`);
      seen.set(verdict, (seen.get(verdict) ?? 0) + 1);
    }
    // The mutations reach deep checks and leave some bundles whole.
    for (const code of [
      'ok',
      'index',
      'order',
      'slot',
      'kind',
      'operand',
      'jump',
      'region',
      'stratum',
      'fragment',
      'bounds',
    ])
      expect(seen.has(code), code).toBe(true);
  });
});
