// Both verifiers give the same verdict on the same bytes, whatever the bytes are; and what both accept, both evaluators run alike.

import { afterAll, describe, expect, test } from 'vitest';
import { decodeBundle } from '../../src/bytecode/codec.ts';
import { BODY_OFFSET } from '../../src/bytecode/geometry.ts';
import { MAGIC } from '../../src/bytecode/layout.ts';
import { loadBundle } from '../../src/evaluator/evaluator.ts';
import { changedBytes } from '../bytecode/bundle-changes.ts';
import { WRONG_CODE } from '../bytecode/wrong-code.ts';
import { WRONG_DATA } from '../bytecode/wrong-data.ts';
import { WRONG_VALUES } from '../bytecode/wrong-values.ts';
import { contradiction } from './contradictions.ts';
import { type FixtureBundle, fixtureBundles, Instance, random } from './module.ts';
import { mutant } from './mutants.ts';

const SEED = Number(process.env.HOSTILE_SEED ?? 7);
const MUTATIONS = 30_000;
const MUTANTS = Number(process.env.HOSTILE_MUTANTS ?? 60_000);
const RANDOM = 10_000;
/** Bundles of which every truncation and every bit is tried: the smallest, and some that hold more. */
const WHOLE = [0, 1, 2, 3, 60, 90];
/** What is asked of a bundle that both accept. */
const MAX_REQUESTS = 4;
const MAX_REQUEST_LENGTH = 2_000;

const bundles = fixtureBundles();
const wholes = WHOLE.map((i) => bundles[i]!.bytes);
const instance = new Instance();
const decoder = new TextDecoder();
const tried = { bytes: 0, accepted: 0, decisions: 0 };

/** Fails unless both say the same of the bytes; what they say. */
function same(bytes: Uint8Array, what: string, requests: readonly Uint8Array[] = []): string {
  const decoded = decodeBundle(bytes);
  const expected = decoded.ok ? 'ok' : decoded.code;
  const found = instance.load(bytes);
  tried.bytes++;
  try {
    if (found !== expected) throw new Error(`${what}: ${found}, expected ${expected}`);
    if (!decoded.ok) return found;
    tried.accepted++;
    const contradicts = contradiction(decoded.bundle);
    if (contradicts !== null) throw new Error(`${what} is accepted: ${contradicts}`);
    decide(bytes, what, requests);
    return found;
  } finally {
    instance.wasm.unload();
  }
}

/** Fails unless both decide the requests alike. */
function decide(bytes: Uint8Array, what: string, requests: readonly Uint8Array[]): void {
  const typeScript = loadBundle(bytes);
  for (const request of requests) {
    tried.decisions++;
    // The reader of the module works in place: each evaluator gets bytes of its own.
    const expected = decoder.decode(typeScript.evaluateJson(request.slice()));
    const found = instance.evaluate(request);
    if (found !== expected)
      throw new Error(`${what}: ${decoder.decode(request)}\n${found}, expected\n${expected}`);
  }
}

const asked = ({ requests }: FixtureBundle): readonly Uint8Array[] =>
  requests.filter(({ length }) => length <= MAX_REQUEST_LENGTH).slice(0, MAX_REQUESTS);

afterAll(() => console.log(`hostile bundles, seed ${SEED}: ${JSON.stringify(tried)}`));

describe('verdicts', () => {
  test('of the fixtures', () => {
    for (const { bytes } of bundles) expect(same(bytes, 'whole')).toBe('ok');
  });

  test.each([...WRONG_DATA, ...WRONG_VALUES, ...WRONG_CODE])('of %s: %s', (name, code, change) => {
    expect(same(changedBytes(change), name)).toBe(code);
  });

  test('of every truncation', () => {
    for (const bytes of wholes) {
      for (let n = 0; n < bytes.length; n++) expect(same(bytes.slice(0, n), `first ${n}`)).not.toBe('ok');
    }
  });

  test.each(WHOLE)('of every single flipped bit of bundle %i', (index) => {
    const bundle = bundles[index]!;
    for (let bit = 0; bit < bundle.bytes.length * 8; bit++) {
      const bytes = bundle.bytes.slice();
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      same(bytes, `bit ${bit} of bundle ${index}`, asked(bundle));
    }
  });

  test(`of ${RANDOM} random byte strings`, () => {
    const next = random(SEED);
    const header = bundles[0]!.bytes;
    for (let i = 0; i < RANDOM; i++) {
      const bytes = Uint8Array.from({ length: Math.floor(next() * 600) }, () => Math.floor(next() * 256));
      const view = new DataView(bytes.buffer);
      if (i % 4 === 1 && bytes.length >= 4) view.setUint32(0, MAGIC, true);
      // A header that is right, as far as the sections go that follow.
      else if (i % 4 > 1) bytes.set(header.subarray(0, Math.min(bytes.length, BODY_OFFSET)));
      if (i % 4 > 1 && bytes.length >= 12) view.setUint32(8, bytes.length, true);
      expect(same(bytes, `random ${i}`)).not.toBe('ok');
    }
  });

  test(`of ${MUTATIONS} mutations of bytes`, () => {
    const next = random(SEED);
    const below = (n: number): number => Math.floor(next() * n);
    const seen = new Set<string>();
    for (let i = 0; i < MUTATIONS; i++) {
      const bundle = bundles[below(bundles.length)]!;
      const bytes = bundle.bytes.slice();
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
      seen.add(same(bytes, `mutation ${i}`, asked(bundle)));
    }
    // The mutations reach deep checks and leave some bundles whole.
    for (const code of ['ok', 'index', 'order', 'slot', 'kind', 'operand', 'jump', 'fragment', 'bounds'])
      expect(seen.has(code), code).toBe(true);
  });

  test(`of ${MUTANTS} mutations of fields`, () => {
    const next = random(SEED);
    const seen = new Set<string>();
    for (let i = 0; i < MUTANTS; i++) {
      const bundle = bundles[Math.floor(next() * bundles.length)]!;
      seen.add(same(mutant(bundle.bytes, next), `mutant ${i}`, asked(bundle)));
    }
    for (const code of ['ok', 'utf8', 'table', 'region', 'stratum', 'rule'])
      expect(seen.has(code), code).toBe(true);
    expect(tried.bytes).toBeGreaterThan(100_000);
  });
});
