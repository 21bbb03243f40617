// The slot path gives the outcome of the TypeScript evaluator, for every request; and a wrong host cannot break the module.

import { describe, expect, test } from 'vitest';
import { compileFixture, readFixtures } from '../../scripts/fixture-files.ts';
import type { Bundle } from '../../src/bytecode/bundle.ts';
import { decodeBundle } from '../../src/bytecode/codec.ts';
import { loadBundle } from '../../src/evaluator/evaluator.ts';
import { loadBundleSync } from '../../src/wasm/host.ts';
import { slotPath } from '../../src/wasm/slot-path.ts';
import { Instance, MODULE, random } from './module.ts';

interface Flat {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly bundle: Bundle;
  readonly requests: readonly unknown[];
}

/** Fixtures whose bundles have a slot path. */
const flat: readonly Flat[] = readFixtures().flatMap((fixture) => {
  const { bytes } = compileFixture(fixture);
  const decoded = decodeBundle(bytes);
  if (!decoded.ok || slotPath(decoded.bundle, [], new Instance().wasm) === null) return [];
  const requests = fixture.cases.flatMap((one) => ('request' in one ? [one.request] : []));
  return requests.length === 0 ? [] : [{ name: fixture.name, bytes, bundle: decoded.bundle, requests }];
});

const LEAVES: readonly unknown[] = [
  null,
  undefined,
  true,
  false,
  0,
  -0,
  1,
  0.1,
  0.29,
  12.345,
  2 ** 53,
  1e300,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  '',
  'a',
  'é😀',
  'a longer text than twenty-four characters',
  'x'.repeat(65_536),
  'x'.repeat(65_537),
  '\ud800',
  [],
  {},
  [1],
  1n,
  () => 1,
  new Date(0),
];

describe('outcomes', () => {
  test('there are bundles to compare', () => expect(flat.length).toBeGreaterThan(30));

  test.each(flat)('$name', ({ bytes, requests }) => {
    const typeScript = loadBundle(bytes);
    const wasm = loadBundleSync(bytes, MODULE);
    const next = random(bytes.length);
    const below = (n: number): number => Math.floor(next() * n);
    const change = (value: unknown): unknown => {
      if (typeof value !== 'object' || value === null || next() < 0.1) return LEAVES[below(LEAVES.length)];
      const keys = Object.keys(value);
      const key = keys.length === 0 || next() < 0.1 ? 'other' : keys[below(keys.length)]!;
      const copy: { [key: string]: unknown } = { ...value };
      if (next() < 0.15) delete copy[key];
      else copy[key] = change(copy[key]);
      return copy;
    };
    for (let i = 0; i < 300; i++) {
      let request = requests[below(requests.length)];
      for (let n = below(3); n > 0; n--) request = change(request);
      expect(wasm.decide(request)).toEqual(typeScript.decide(request));
    }
  });
});

describe('a wrong host', () => {
  test('gets a rule of the bundle, and the module goes on', () => {
    const next = random(11);
    for (const { bytes, bundle, requests } of flat) {
      const instance = new Instance();
      instance.load(bytes);
      const text = new TextEncoder().encode(JSON.stringify(requests[0]));
      const before = instance.evaluate(text);
      for (let i = 0; i < 200; i++) {
        instance.wasm.alloc(1000);
        const table = instance.wasm.beginSlots();
        const view = new DataView(instance.wasm.memory.buffer);
        bundle.slots.forEach((_, slot) => {
          for (let word = 0; word < 24; word += 4) {
            const value = next() < 0.4 ? Math.floor(next() * 3) : Math.floor(next() * 2 ** 32);
            view.setUint32(table + slot * 24 + word, value, true);
          }
        });
        const rule = instance.wasm.decideSlots();
        expect(rule).toBeGreaterThanOrEqual(0);
        expect(rule).toBeLessThan(bundle.rules.length);
      }
      expect(instance.evaluate(text)).toBe(before);
    }
  });

  test('gets nothing without a bundle', () => {
    const { wasm } = new Instance();
    expect(wasm.beginSlots()).toBe(0);
    expect(wasm.decideSlots()).toBe(-1);
  });
});
