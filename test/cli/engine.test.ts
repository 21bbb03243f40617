// `--engine` of eval and test, `compile --standalone`, and what is said when two evaluators disagree.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../src/cli/engine.ts';
import { judge } from '../../src/cli/eval.ts';
import { Files } from '../../src/cli/files.ts';
import { runTests } from '../../src/cli/test-run.ts';
import { loadBundle } from '../../src/evaluator/evaluator.ts';
import { compilePolicy } from '../../src/policy.ts';
import { compileSync, instantiateSync } from '../../src/wasm/module.ts';
import { POLICY, SCHEMA, Workspace } from './policyc.ts';

const ROOT = join(import.meta.dirname, '../..');
const work = new Workspace();

const REQUESTS = [
  '{"action":"read","amount":1}',
  '{"action":"pay","amount":100}',
  '{"action":"pay"}',
  'no JSON',
  `"${'x'.repeat(1_048_576)}"`,
  '{"action":"write","amount":1}',
].join('\n');

beforeAll(() => {
  work.write('request.schema.json', SCHEMA);
  work.write('demo.policy', POLICY);
  work.write('requests.jsonl', REQUESTS);
});

describe('eval', () => {
  test.each(['json', 'text'])('all engines print the same, as %s', async (format) => {
    const args = ['eval', 'demo.policy', '-i', 'requests.jsonl', '--format', format];
    const standard = await work.run(args);
    expect(standard).toMatchObject({ code: 0, stderr: '' });
    expect(standard.stdout.trimEnd().split('\n')).toHaveLength(6);
    for (const engine of ['ts', 'wasm', 'both'])
      expect(await work.run([...args, '--engine', engine])).toEqual(standard);
  });

  test.each(['agent-ops', 'data-pipeline', 'gtaf/projection-v0.1', 'shell-guard', 'spend-limits'])(
    'the evaluators agree on policies/%s',
    async (name) => {
      const [folder = '', file = folder] = name.split('/');
      const policy = join(ROOT, 'policies', folder, `${file}.policy`);
      const input = join(ROOT, 'policies', folder, 'requests.jsonl');
      const result = await work.run(['eval', policy, '-i', input, '--engine', 'both']);
      expect(result).toMatchObject({ code: 0, stderr: '' });
      const requests = readFileSync(input, 'utf8').trimEnd().split('\n').length;
      expect(result.stdout.trimEnd().split('\n')).toHaveLength(requests);
    },
  );

  test.each(['ts', 'wasm', 'both'])('%s refuses a damaged bundle in the same words', async (engine) => {
    await work.run(['compile', 'demo.policy', '-o', 'demo.policyb']);
    const bytes = readFileSync(join(work.folder, 'demo.policyb'));
    for (const [name, damaged] of [
      ['short', bytes.subarray(0, -8)],
      ['flipped', bytes.map((byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte))],
    ] as const) {
      work.write(`${name}.policyb`, damaged);
      const result = await work.run(['eval', `${name}.policyb`, '-i', 'requests.jsonl', '--engine', engine]);
      expect(result).toMatchObject({ code: 2, stdout: '' });
      expect(result.stderr).toMatch(/^error\[P4004\]: `\w+\.policyb` is not a valid bundle/);
    }
  });
});

describe('test', () => {
  test('runs both evaluators, or the one that is named', async () => {
    const standard = await work.run(['test', 'demo.policy']);
    expect(standard).toMatchObject({ code: 0, stderr: '' });
    for (const engine of ['ts', 'wasm', 'both'])
      expect(await work.run(['test', 'demo.policy', '--engine', engine])).toEqual(standard);
  });
});

describe('a disagreement', () => {
  // A policy that says something else stands for an evaluator that is wrong.
  const load = (source: string): Engine['evaluator'] => {
    const result = compilePolicy('demo.policy', {
      readFile: (path) => ({
        ok: true,
        bytes: new TextEncoder().encode(path.endsWith('.json') ? SCHEMA : source),
      }),
    });
    if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
    compiled = result.compiled;
    return loadBundle(result.compiled.bytes);
  };
  let compiled: Extract<ReturnType<typeof compilePolicy>, { ok: true }>['compiled'];
  const wrong: Engine = { name: 'wasm', evaluator: load(POLICY.replace('amount >= 100', 'amount >= 99')) };
  const right: Engine = { name: 'ts', evaluator: load(POLICY) };

  test('shows what each evaluator decides', () => {
    const request = Buffer.from('{"action":"pay","amount":99}');
    const { decision, difference } = judge([right, wrong], request);
    expect(decision.toString()).toContain('"reason":"NO_RULE_MATCHED"');
    expect(difference).toEqual([
      expect.stringMatching(/^ts: .*"reason":"NO_RULE_MATCHED"/),
      expect.stringMatching(/^wasm: .*"reason":"EXPENSIVE"/),
    ]);
    expect(judge([right, right], request).difference).toBeNull();
    expect(judge([right], request).difference).toBeNull();
  });

  test('fails a test, although both decisions are as expected', () => {
    const [block] = compiled.typed.tests;
    const run = (engines: readonly Engine[]) => runTests(block!, 'demo.policy', engines, new Files());
    expect(run([right, right])).toMatchObject({ ok: true, disagreement: null });
    expect(run([right, wrong])).toMatchObject({
      ok: false,
      got: { effect: 'allow' },
      disagreement: expect.stringMatching(/^the evaluators ts and wasm disagree, wasm: \{"effect":"allow"/),
    });
  });
});

describe('compile --standalone', () => {
  test('writes a module that decides like the policy', async () => {
    const result = await work.run(['compile', 'demo.policy', '--standalone', 'demo.wasm']);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toMatch(/^wrote demo\.wasm: \d+ bytes, bundle sha256:[0-9a-f]{64}\n$/);
    const bytes = readFileSync(join(work.folder, 'demo.wasm'));
    const wasm = instantiateSync(compileSync(bytes));
    const request = Buffer.from('{"action":"pay","amount":100}');
    const address = wasm.alloc(request.length);
    new Uint8Array(wasm.memory.buffer).set(request, address);
    const at = wasm.evaluate(address, request.length);
    const decision = Buffer.from(wasm.memory.buffer, at, wasm.decisionLength()).toString();
    expect(decision).toContain('"reason":"EXPENSIVE"');
    expect(result.stdout).toContain(JSON.parse(decision).policy.bundle);
  });

  test('writes to standard output, alone', async () => {
    const child = work.start(['compile', 'demo.policy', '--standalone', '-']);
    const chunks: Buffer[] = [];
    child.stdout?.on('data', (chunk) => chunks.push(chunk));
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0);
    await work.run(['compile', 'demo.policy', '--standalone', 'same.wasm']);
    expect(Buffer.concat(chunks).equals(readFileSync(join(work.folder, 'same.wasm')))).toBe(true);
  });

  test.each([
    [['demo.policy', '--standalone', 'no/such/x.wasm'], 'error[P4002]: cannot write `no/such/x.wasm`'],
    [['demo.policy', '--standalone', '.'], 'error[P4002]: cannot write `.`: it is a directory'],
    [['demo.policy', '--standalone', 'demo.policy'], 'it is an input of this command'],
    [['none.policy', '--standalone', 'x.wasm'], 'error[P4001]: cannot read `none.policy`'],
    [['demo.policy', '--standalone', 'x.wasm', '-o', 'x.policyb'], 'cannot be used with option'],
    [['demo.policy', '--standalone'], 'argument missing'],
  ])('%j is refused with exit code 2', async (args, message) => {
    const result = await work.run(['compile', ...args]);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain(message);
  });
});
