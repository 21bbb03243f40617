// Replayed decisions: both evaluators have to say the same, and what a comparison shows of a decision.

import { describe, expect, test } from 'vitest';
import { summary } from '../../src/diff/summary.ts';
import { BundleError, type Decision, type Evaluator, loadBundle } from '../../src/evaluator/evaluator.ts';
import { compilePolicy } from '../../src/policy.ts';
import type { Json } from '../../src/value/json.ts';
import { loadBundleSync } from '../../src/wasm/host.ts';
import { canonicalJson } from '../../src/witness/canonical-json.ts';
import { isInvalid, Replay, replay } from '../../src/witness/replay.ts';
import { fixtureBundles, MODULE } from '../wasm/module.ts';

const SCHEMA = {
  type: 'object',
  required: ['amount'],
  properties: {
    amount: { type: 'number', multipleOf: 0.01, minimum: 0 },
    owner: { type: 'string', maxLength: 20 },
  },
  additionalProperties: false,
};

const policy = (limit: string): string => `policy spending version "2"
request from "./request.json"
effects allow < ask(who: string, limits: list<int>) < stop
combining most_restrictive
default allow

ask large with who: owner ?? "nobody", limits: [1, 2] severity high when amount > ${limit}
ask named with who: "kim", limits: [] when (owner ?? "") == "lee"
stop huge reason "too_much" when amount > 1000
`;

function compiled(limit: string): Uint8Array {
  const files = new Map([
    ['p.policy', policy(limit)],
    ['request.json', JSON.stringify(SCHEMA)],
  ]);
  const result = compilePolicy('p.policy', {
    readFile(path) {
      const text = files.get(path.replace('./', ''));
      return text === undefined
        ? { ok: false, reason: 'no such file' }
        : { ok: true, bytes: new TextEncoder().encode(text) };
    },
  });
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
  return result.compiled.bytes;
}

function decided(bytes: Uint8Array, request: Json): Decision {
  const replayed = new Replay(bytes).decide(request);
  if (replayed.kind === 'disagreement') throw new Error(replayed.detail);
  return replayed.decision;
}

describe('decisions', () => {
  const bytes = compiled('99.99');

  test('of several rules, with their obligations', () => {
    const decision = decided(bytes, { owner: 'lee', amount: 100 });
    expect(isInvalid(decision)).toBe(false);
    expect(decision.matched.map(({ rule }) => rule)).toEqual(['large', 'named']);
    expect(summary(decision)).toEqual({
      effect: 'ask',
      rule: 'large',
      reason: decision.reason,
      severity: 'high',
      obligations: [
        { rule: 'large', values: { limits: [1, 2], who: 'lee' } },
        { rule: 'named', values: { limits: [], who: 'kim' } },
      ],
    });
  });

  test('of the default', () => {
    const decision = decided(bytes, { amount: 99.99 });
    expect(summary(decision)).toMatchObject({ effect: 'allow', rule: null, obligations: [] });
    expect(isInvalid(decision)).toBe(false);
  });

  test.each<Json>([{}, { amount: 0.295 }, { amount: 1, more: true, owner: null }, [], null])(
    'refusing %j',
    (request) => {
      expect(isInvalid(decided(bytes, request))).toBe(true);
    },
  );

  test('of the requests of the contract fixtures', () => {
    let requests = 0;
    for (const { bytes, requests: texts } of fixtureBundles()) {
      const replaying = new Replay(bytes);
      for (const text of texts) {
        const request = jsonOf(text);
        if (request === undefined) continue;
        requests++;
        expect(replaying.decide(request)).toMatchObject({ kind: 'decision' });
      }
    }
    expect(requests).toBeGreaterThan(1000);
  });

  test('that differ are no decision, however the difference shows', () => {
    const other = compiled('50');
    const typeScript = loadBundle(bytes);
    const wasm = loadBundleSync(bytes, MODULE);
    const same = replay({ amount: 60 }, typeScript, wasm);
    expect(same.kind).toBe('decision');
    // The bundles have different identities, so that a whole decision always differs.
    expect(replay({ amount: 1 }, typeScript, loadBundleSync(other, MODULE))).toMatchObject({
      kind: 'disagreement',
      detail: expect.stringContaining('the WebAssembly evaluator on text'),
    });
    const wrong = { ...loadBundle(other), bundle: typeScript.bundle };
    const mixed = (part: Partial<Evaluator>, into: Evaluator): Evaluator => ({
      decide: (request) => into.decide(request),
      evaluate: (request) => into.evaluate(request),
      evaluateJson: (json) => into.evaluateJson(json),
      bundle: into.bundle,
      policy: into.policy,
      ...part,
    });
    const { decide, evaluate } = wrong;
    const details = [
      replay({ amount: 60 }, mixed({ evaluate }, typeScript), wasm),
      replay({ amount: 60 }, typeScript, mixed({ evaluate }, wasm)),
      replay({ amount: 60 }, mixed({ decide }, typeScript), wasm),
      replay({ amount: 60 }, typeScript, mixed({ decide }, wasm)),
    ].map((found) => (found.kind === 'disagreement' ? /; (the .*?):/.exec(found.detail)?.[1] : null));
    expect(details).toEqual([
      'the TypeScript evaluator on data',
      'the WebAssembly evaluator on data',
      'the outcome of the TypeScript evaluator',
      'the outcome of the WebAssembly evaluator',
    ]);
  });

  test('of what is no bundle', () => {
    expect(() => new Replay(new Uint8Array(8))).toThrow(BundleError);
  });
});

/** Undefined for what is no JSON text. */
function jsonOf(text: Uint8Array): Json | undefined {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(text)) as Json;
  } catch {
    return undefined;
  }
}

describe('canonical text', () => {
  test.each<[Json, string]>([
    [{ b: 1, a: [null, true, 'x"'] }, '{"a":[null,true,"x\\""],"b":1}'],
    [{ 10: 1, 9: 2, é: 3, '\u{1f600}': 4, '\ufb33': 5 }, '{"10":1,"9":2,"é":3,"\u{1f600}":4,"\ufb33":5}'],
    [JSON.parse('[1e400,-1e400]'), '[1e999,-1e999]'],
    [[1e21, 1e-7, -0, 0.1], '[1e+21,1e-7,0,0.1]'],
    [JSON.parse('{"__proto__":1}'), '{"__proto__":1}'],
  ])('%j', (value, expected) => {
    expect(canonicalJson(value)).toBe(expected);
  });
});
