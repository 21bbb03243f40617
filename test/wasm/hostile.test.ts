// Texts that want to break a reader: the same decision as the TypeScript evaluator, and memory that does not grow.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MAX_REQUEST_BYTES } from '../../src/bytecode/limits.ts';
import { Files } from '../../src/cli/files.ts';
import { loadBundle } from '../../src/evaluator/evaluator.ts';
import { compilePolicy } from '../../src/policy.ts';
import { Instance, ROOT, random } from './module.ts';

const folder = join(ROOT, 'policies/spend-limits');
const compiled = compilePolicy(join(folder, 'spend-limits.policy'), new Files());
if (!compiled.ok) throw new Error('the policy does not compile');
const { bytes: bundle } = compiled.compiled;
const requests = readFileSync(join(folder, 'requests.jsonl'), 'utf8').trim().split('\n');
const typeScript = loadBundle(bundle);
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function load(): Instance {
  const instance = new Instance();
  expect(instance.load(bundle)).toBe('ok');
  return instance;
}

function same(instance: Instance, bytes: Uint8Array): void {
  // The reader works in place: each evaluator gets bytes of its own.
  const expected = new TextDecoder().decode(typeScript.evaluateJson(bytes.slice()));
  expect(instance.evaluate(bytes)).toBe(expected);
}

const many = (n: number, part: (i: number) => string): string =>
  Array.from({ length: n }, (_, i) => part(i)).join(',');

describe('hostile texts', () => {
  const instance = load();
  test.each([
    ['nothing', ''],
    ['nesting up to the limit', `${'['.repeat(64)}${']'.repeat(64)}`],
    ['nesting beyond it', '['.repeat(65)],
    ['a megabyte of brackets', '['.repeat(MAX_REQUEST_BYTES)],
    ['a megabyte of short items', `[${'1,'.repeat(500_000)}1]`],
    ['a million zeros', `{"a":${'0'.repeat(1_000_000)}}`],
    ['a million digits', `{"a":1${'0'.repeat(1_000_000)}e-1000000}`],
    ['many keys', `{${many(60_000, (i) => `"k${i}":${i}`)}}`],
    ['many keys, the last twice', `{${many(60_000, (i) => `"k${i}":${i}`)},"k59999":1}`],
    ['many keys with a long common start', `{${many(900, (i) => `"${'x'.repeat(1000)}${i}":${i}`)}}`],
    ['many equal keys', `{${many(100_000, () => '"":0')}}`],
    ['the first repetition wins', '{"a":{"b":1,"b":2},"c":[{"d":1,"d":1}],"a":1}'],
    ['a repetition behind many keys', `{"x":{${many(40, (i) => `"${i}":0`)},"\\u0037":1}}`],
    ['escapes only', `"${'\\u0041'.repeat(170_000)}"`],
    ['pairs', `{"\\ud83d\\ude00":"\\ud83d\\ude00"}`],
    ['half a pair', '{"a":"\\ud83d"}'],
    ['half a pair in front of an error', '{"a":"\\ud83dx'],
    ['an error in front of half a pair', '{"a":x,"\\ud83d"'],
    ['a byte order mark', '\ufeff{}'],
    ['NUL', '{}\u0000'],
    ['words cut off', '[tru'],
  ])('%s', (_, text) => same(instance, encode(text)));

  test('one byte too many', () => {
    same(instance, encode(' '.repeat(MAX_REQUEST_BYTES + 1)));
    same(instance, encode(' '.repeat(MAX_REQUEST_BYTES)));
  });

  test('broken bytes of real requests', () => {
    const next = random(99);
    const below = (n: number): number => Math.floor(next() * n);
    for (let i = 0; i < 20_000; i++) {
      const bytes = encode(requests[below(requests.length)]!);
      for (let n = 1 + below(3); n > 0; n--)
        bytes[below(bytes.length)] = next() < 0.5 ? below(256) : 0x20 + below(95);
      same(instance, next() < 0.1 ? bytes.slice(0, below(bytes.length)) : bytes);
    }
  });
});

describe('memory', () => {
  test('does not grow over 200,000 evaluations', () => {
    const instance = load();
    const texts = requests.map(encode);
    for (const text of texts) instance.evaluate(text);
    const { pages } = instance;
    for (let i = 0; i < 200_000; i++) instance.evaluate(texts[i % texts.length]!);
    expect(instance.pages).toBe(pages);
  });

  test('of the largest request is used again', () => {
    const instance = load();
    const large = encode(`[${'1,'.repeat(500_000)}1]`);
    instance.evaluate(large);
    const { pages } = instance;
    for (let i = 0; i < 5; i++) instance.evaluate(large);
    expect(instance.pages).toBe(pages);
    expect(pages).toBeLessThan(400);
  });

  test('that is not what alloc gave is refused', () => {
    const instance = load();
    expect(instance.wasm.evaluate(0, 10)).toBe(0);
    expect(instance.wasm.evaluate(instance.wasm.alloc(10), 11)).toBe(0);
    expect(instance.wasm.alloc(MAX_REQUEST_BYTES + 1)).toBe(0);
    expect(new Instance().wasm.evaluate(0, 0)).toBe(0);
  });
});
