import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bundle } from '../../src/bytecode/bundle.ts';
import { decodeBundle, encodeBundle } from '../../src/bytecode/codec.ts';
import { BODY_OFFSET, SECTION_TABLE_OFFSET, SHAPES } from '../../src/bytecode/geometry.ts';
import { HEADER_FIELDS, SECTION_NAMES, SECTIONS } from '../../src/bytecode/layout.ts';
import { VERIFY_CODES } from '../../src/bytecode/verify-refusal.ts';
import { emit } from '../../src/compiler/emit.ts';
import { dispatchIr, ruleShapes, sampleIr } from '../emit/ir-samples.ts';
import { richIr } from '../emit/rich-ir.ts';

function accepted(bytes: Uint8Array): { bundle: Bundle; steps: number; scan: number } {
  const decoded = decodeBundle(bytes);
  if (!decoded.ok) throw new Error(`${decoded.code} at ${decoded.offset}: ${decoded.message}`);
  return decoded;
}

describe('layout', () => {
  it('aligns every field', () => {
    for (const name of SECTION_NAMES) {
      for (const field of SHAPES[name].fields)
        expect(field.offset % field.size, `${name}.${field.name}`).toBe(0);
      const wide = SECTIONS[name].fields.some((field) => field.type === 'f64');
      const narrow = name === 'BYTES' || name === 'TABLES';
      if (!narrow) expect(SHAPES[name].size % (wide ? 8 : 4), name).toBe(0);
    }
    expect(HEADER_FIELDS[0]?.name).toBe('magic');
  });
});

describe('decode inverts encode', () => {
  for (const combining of ['most_restrictive', 'first_applicable'] as const) {
    it(`for a bundle with everything, ${combining}`, () => {
      const { bytes, bundle, bounds } = emit(richIr(combining));
      const decoded = accepted(bytes);
      expect(decoded.bundle).toEqual(bundle);
      expect({ steps: decoded.steps, scan: decoded.scan }).toEqual(bounds);
      expect(encodeBundle(decoded.bundle, bounds)).toEqual(bytes);
    });
  }

  it('for random policies', () => {
    fc.assert(
      fc.property(fc.array(ruleShapes, { maxLength: 5 }), fc.boolean(), (shapes, first) => {
        const { bytes, bundle } = emit(sampleIr(shapes, first ? 'first_applicable' : 'most_restrictive'));
        expect(accepted(bytes).bundle).toEqual(bundle);
      }),
      { numRuns: 100 },
    );
  });

  it('wherever the bytes lie in their buffer', () => {
    const { bytes, bundle } = emit(richIr());
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(accepted(shifted.subarray(3)).bundle).toEqual(bundle);
  });
});

describe('the verifier refuses what is not a bundle', () => {
  const { bytes } = emit(richIr());

  it('every truncation', () => {
    for (let n = 0; n < bytes.length; n++) expect(decodeBundle(bytes.slice(0, n)).ok).toBe(false);
  });

  it('trailing bytes', () => {
    const longer = new Uint8Array(bytes.length + 8);
    longer.set(bytes);
    expect(decodeBundle(longer)).toMatchObject({ ok: false, code: 'length' });
  });

  it('hostile counts and offsets, without allocating for them', () => {
    SECTION_NAMES.forEach((_, i) => {
      for (const value of [0xffffffff, 0x7fffffff, 0x80000000, bytes.length, 1]) {
        for (const at of [0, 4]) {
          const hostile = bytes.slice();
          const view = new DataView(hostile.buffer);
          const place = SECTION_TABLE_OFFSET + i * 8 + at;
          if (view.getUint32(place, true) === value) continue;
          view.setUint32(place, value, true);
          expect(decodeBundle(hostile).ok).toBe(false);
        }
      }
    });
  });

  it('random bytes behind a correct header', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (noise) => {
        const hostile = new Uint8Array(BODY_OFFSET + noise.length);
        hostile.set(bytes.subarray(0, BODY_OFFSET));
        hostile.set(noise, BODY_OFFSET);
        new DataView(hostile.buffer).setUint32(8, hostile.length, true);
        expect(decodeBundle(hostile).ok).toBe(false);
      }),
    );
  });

  const flips = (name: string, original: Uint8Array): void =>
    it(`single bit flips of ${name}: refused, or a bundle that is valid and has one encoding`, () => {
      let survivors = 0;
      for (let bit = 0; bit < original.length * 8; bit++) {
        const flipped = original.slice();
        flipped[bit >> 3]! ^= 1 << (bit & 7);
        const decoded = decodeBundle(flipped);
        if (!decoded.ok) {
          expect(VERIFY_CODES).toHaveProperty(decoded.code);
          expect(decoded.offset).toBeLessThanOrEqual(flipped.length);
          continue;
        }
        survivors++;
        const again = encodeBundle(decoded.bundle, decoded);
        const { bundle, ...bounds } = accepted(again);
        // Buffers compare fast; there are thousands of survivors.
        expect(Buffer.compare(encodeBundle(bundle, bounds), again)).toBe(0);
      }
      // Flags, keys, numbers and names may become others; structure may not.
      expect(survivors / (original.length * 8)).toBeLessThan(0.5);
      expect(survivors).toBeGreaterThan(0);
    }, 60_000);

  flips('a bundle without rules', emit(sampleIr([], 'most_restrictive')).bytes);
  flips('a bundle with everything', bytes);
  flips('a dispatch', emit(dispatchIr(9, 'first_applicable')).bytes);
});
