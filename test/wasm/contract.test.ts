// The contract fixtures through `policyc/wasm`: bytes, data and the outcome alone.

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compileFixture, readFixtures, requestBytes, withoutHash } from '../../scripts/fixture-files.ts';
import { Files } from '../../src/cli/files.ts';
import type { Decision } from '../../src/evaluator/evaluator.ts';
import { compilePolicy } from '../../src/policy.ts';
import { BundleError, loadBundle, loadBundleSync, moduleBytes } from '../../src/wasm/host.ts';
import { loadCases } from '../gtaf/cases.ts';
import { MODULE, ROOT } from './module.ts';

const parse = (bytes: Uint8Array): Decision => JSON.parse(new TextDecoder().decode(bytes)) as Decision;

describe.each(readFixtures())('$name', (fixture) => {
  const subject = loadBundleSync(compileFixture(fixture).bytes, MODULE);
  test.each(fixture.cases)('$title', (one) => {
    const expected = one.decision!;
    expect(withoutHash(parse(subject.evaluateJson(requestBytes(one))))).toEqual(expected);
    if (!('request' in one)) return;
    expect(withoutHash(subject.evaluate(one.request))).toEqual(expected);
    const { effect, reason, rule, severity, obligations } = expected;
    expect(subject.decide(one.request)).toEqual({ effect, reason, rule, severity, obligations });
  });
});

test('gtaf-v0.1', () => {
  const result = compilePolicy(join(ROOT, 'policies/gtaf/projection-v0.1.policy'), new Files());
  if (!result.ok) throw new Error('the policy does not compile');
  const subject = loadBundleSync(result.compiled.bytes, MODULE);
  for (const { name, request, expected } of loadCases()) {
    const { effect, reason } = subject.evaluate(request);
    expect({ effect, reason }, name).toEqual(expected);
  }
});

describe('the host', () => {
  const fixture = readFixtures()[0]!;
  const { bytes } = compileFixture(fixture);

  test('loads with the module of the package, with bytes and with a compiled module', async () => {
    const expected = loadBundleSync(bytes, MODULE).bundle;
    for (const options of [
      {},
      { module: moduleBytes() },
      { module: moduleBytes().buffer },
      { module: MODULE },
    ])
      expect((await loadBundle(bytes, options)).bundle).toBe(expected);
  });

  test('refuses a bundle by name and place', async () => {
    const bad = bytes.slice();
    bad[0] = 0;
    await expect(loadBundle(bad)).rejects.toThrow(BundleError);
    await expect(loadBundle(bad)).rejects.toMatchObject({ code: 'magic', offset: 0 });
  });

  test('refuses another module', async () => {
    const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
    await expect(loadBundle(bytes, { module: empty })).rejects.toThrow(TypeError);
  });

  test('judges data that has no text as the language says', async () => {
    const subject = await loadBundle(bytes);
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    for (const request of [undefined, () => 1, 1n, Symbol.iterator])
      expect(subject.evaluate(request).invalid).toEqual({ code: 'not_plain', pointer: '' });
    expect(subject.evaluate(cycle).policy).toEqual({ bundle: subject.bundle, ...subject.policy });
    expect(subject.evaluateJson('"\ud800"')).toEqual(subject.evaluateJson(Uint8Array.of(0xff)));
  });
});
