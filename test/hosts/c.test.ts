// examples/embedding/c: standalone modules of contract fixtures, translated to C by wasm2c. The binaries give the decisions of the fixtures.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  compileFixture,
  type Fixture,
  readFixtures,
  requestBytes,
  withoutHash,
} from '../../scripts/fixture-files.ts';
import { Files } from '../../src/cli/files.ts';
import type { Decision } from '../../src/evaluator/evaluator.ts';
import { compilePolicy } from '../../src/policy.ts';
import { moduleBytes } from '../../src/wasm/module.ts';
import { standalone } from '../../src/wasm/standalone.ts';
import { loadCases } from '../gtaf/cases.ts';
import { decisionsOf, examplePolicy, output, Place, program, ROOT } from './place.ts';

const RUNTIME = '/usr/share/wabt/wasm2c';
const NEWLINE = 0x0a;

const place = new Place('c');
let wasm2c = '';
let gcc = '';
beforeAll(() => {
  wasm2c = program('wasm2c', 'wabt');
  gcc = program('gcc', 'gcc libc6-dev');
  const runtime = ['-I', RUNTIME, '-c', `${RUNTIME}/wasm-rt-impl.c`, '-o', 'runtime.o'];
  output(gcc, runtime, place.folder);
});

/** Builds the example with a bundle inside and lets it judge. */
function judge(name: string, bundle: Uint8Array, requests: readonly Uint8Array[]): string[] {
  const folder = join(place.folder, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'policy.wasm'), standalone(moduleBytes(), bundle));
  output(wasm2c, ['policy.wasm', '-o', 'policy.c'], folder);
  output(gcc, ['-I.', '../main.c', 'policy.c', '../runtime.o', '-lm', '-o', 'policy'], folder);
  const lines = Buffer.concat(requests.flatMap((request) => [request, Buffer.of(NEWLINE)]));
  return output('./policy', [], folder, lines).trimEnd().split('\n');
}

/** Of each area the fixture with the most requests. */
function largest(fixtures: readonly Fixture[]): Fixture[] {
  const byArea = new Map<string, Fixture>();
  for (const fixture of fixtures) {
    const area = fixture.name.split('/')[1]!;
    if (fixture.cases.length > (byArea.get(area)?.cases.length ?? 0)) byArea.set(area, fixture);
  }
  return [...byArea.values()];
}

describe('the decisions of the contract fixtures', () => {
  test.each(largest(readFixtures()))('$name', (fixture) => {
    // One line is one request here.
    const cases = fixture.cases.filter((one) => !requestBytes(one).includes(NEWLINE));
    expect(cases.length).toBeGreaterThan(0);
    const name = fixture.name.replaceAll('/', '-');
    const decisions = judge(name, compileFixture(fixture).bytes, cases.map(requestBytes));
    expect(decisions.map((line) => withoutHash(JSON.parse(line) as Decision))).toEqual(
      cases.map((one) => one.decision),
    );
  });

  test('gtaf-v0.1', () => {
    const result = compilePolicy(join(ROOT, 'policies/gtaf/projection-v0.1.policy'), new Files());
    if (!result.ok) throw new Error('the policy does not compile');
    const cases = loadCases();
    const decisions = judge('gtaf', result.compiled.bytes, cases.map(requestBytes));
    const outcomes = decisions.map((line) => {
      const { effect, reason } = JSON.parse(line) as Decision;
      return { effect, reason };
    });
    expect(outcomes).toEqual(cases.map((one) => one.expected));
  });
});

test('the policy of the README is judged as the TypeScript evaluator does, byte by byte', () => {
  const { bundle, requests } = examplePolicy();
  const tooLarge = `"${'x'.repeat(1_048_576)}"`;
  const all = [...requests, '', '{', tooLarge, requests[0]!];
  const decisions = judge(
    'example',
    bundle,
    all.map((request) => Buffer.from(request)),
  );
  expect(decisions).toEqual(decisionsOf(bundle, all));
});

test('main.c is free of warnings', () => {
  const folder = join(place.folder, 'example');
  expect(readFileSync(join(folder, 'policy.h'), 'utf8')).toContain('Z_policyZ_evaluate');
  output(gcc, ['-Wall', '-Wextra', '-Werror', '-fsyntax-only', '-I.', '../main.c'], folder);
});
