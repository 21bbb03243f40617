// Whatever a host without types passes: never an exception, and the decision of the TypeScript evaluator.

import { describe, expect, test } from 'vitest';
import { MAX_REQUEST_BYTES } from '../../src/bytecode/limits.ts';
import { loadBundle } from '../../src/evaluator/evaluator.ts';
import { loadBundleSync } from '../../src/wasm/host.ts';
import { fixtureBundles, MODULE } from './module.ts';

const detached = new Uint8Array(16);
structuredClone(detached.buffer, { transfer: [detached.buffer] });

class Lying extends Uint8Array {
  override get length(): number {
    return 1_000_000;
  }
}

const revoked = Proxy.revocable({}, {});
revoked.revoke();

const NO_TEXT: readonly (readonly [string, unknown])[] = [
  ['undefined', undefined],
  ['null', null],
  ['a number', 7],
  ['a bigint', 7n],
  ['a symbol', Symbol.iterator],
  ['a function', () => 1],
  ['an object', { length: 2, 0: 123, 1: 125 }],
  ['a list of numbers', [123, 125]],
  ['a proxy of bytes', new Proxy(new Uint8Array([123, 125]), {})],
  ['a revoked proxy', revoked.proxy],
  ['a detached array', detached],
  ['an object with the prototype of an array of bytes', Object.create(Uint8Array.prototype)],
  ['another view', new DataView(new ArrayBuffer(2))],
  ['a buffer', new ArrayBuffer(2)],
  ['words', new Uint16Array([123, 125])],
  ['a boxed text', new String('{}')],
  ['no bytes', new Uint8Array()],
];

describe.each([0, 60, 90])('bundle %i', (index) => {
  const { bytes, requests } = fixtureBundles()[index]!;
  const wasm = loadBundleSync(bytes, MODULE);
  const typeScript = loadBundle(bytes);

  test.each(NO_TEXT)('evaluateJson of %s', (_, value) => {
    const found = wasm.evaluateJson(value as string);
    expect(JSON.parse(new TextDecoder().decode(found)).invalid).toEqual({ code: 'json', pointer: '' });
    expect(found).toEqual(typeScript.evaluateJson(value as string));
  });

  test('evaluateJson of bytes of all kinds', () => {
    for (const request of requests) {
      const shared = new Uint8Array(new SharedArrayBuffer(request.length));
      shared.set(request);
      for (const same of [
        request,
        Buffer.from(request),
        shared,
        Uint8Array.from([1, ...request]).subarray(1),
      ])
        expect(wasm.evaluateJson(same)).toEqual(typeScript.evaluateJson(request));
    }
    const lying = Lying.from([123, 125]);
    expect(wasm.evaluateJson(lying)).toEqual(wasm.evaluateJson('{}'));
  });

  test('evaluateJson of a text that is too large', () => {
    for (const text of [' '.repeat(MAX_REQUEST_BYTES + 1), 'é'.repeat(MAX_REQUEST_BYTES), 'x'.repeat(5e7)])
      expect(wasm.evaluateJson(text)).toEqual(typeScript.evaluateJson(text));
  });

  test.each(NO_TEXT)('evaluate and decide of %s', (_, value) => {
    expect(wasm.evaluate(value)).toEqual(typeScript.evaluate(value));
    expect(wasm.decide(value)).toEqual(typeScript.decide(value));
  });

  test('data that refers to itself twice', () => {
    const data: { a?: unknown; b?: unknown } = {};
    data.a = data;
    data.b = [data, data];
    expect(wasm.evaluate(data)).toEqual(typeScript.evaluate(data));
    expect(wasm.decide(data)).toEqual(typeScript.decide(data));
  });
});
