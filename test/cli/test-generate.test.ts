import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { jsonLines, POLICY, SCHEMA, Workspace } from './policyc.ts';

const work = new Workspace();
const PATH = 'demo/demo.policy';

beforeAll(() => {
  work.write('demo/request.schema.json', SCHEMA);
  work.write(PATH, POLICY);
});

const content = (name: string): string => readFileSync(join(work.folder, name), 'utf8');

describe('test --generate', () => {
  test('sums up what was reached, and says how to save it', async () => {
    const { code, stdout, stderr } = await work.run(['test', PATH, '--generate']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^demo 1\.2\.3: \d+ requests, (\d+) of \1 goals reached\n/);
    expect(stdout).toContain('rules that decide            2 of 2\n');
    expect(stdout).toContain('generated 1: rule reads decides: allow reads\n');
    expect(stdout).toMatch(/reason "NO_RULE_MATCHED"$/m);
    expect(stdout).toContain(`policyc test ${PATH} --generate -o FILE.jsonl`);
  });

  test('writes requests, one per line, that `eval` decides as expected', async () => {
    const written = await work.run(['test', PATH, '--generate', '-o', 'made.jsonl']);
    expect(written).toMatchObject({ code: 0, stderr: '' });
    expect(written.stdout).toMatch(/^wrote made\.jsonl: \d+ requests/);
    const lines = jsonLines(content('made.jsonl'));
    expect(lines.length).toBeGreaterThanOrEqual(3);
    expect(Object.keys(lines[0]!)).toEqual(['name', 'request', 'expect', 'covers']);
    work.write('bare.jsonl', lines.map(({ request }) => `${JSON.stringify(request)}\n`).join(''));
    const decided = await work.run(['eval', PATH, '--input', 'bare.jsonl']);
    expect(jsonLines(decided.stdout).map(({ effect, rule, reason }) => ({ effect, rule, reason }))).toEqual(
      lines.map((line) => line.expect),
    );
  });

  test('writes test blocks that pass when they are appended', async () => {
    expect(await work.run(['test', PATH, '--generate', '-o', 'blocks.policy'])).toMatchObject({ code: 0 });
    work.write('demo/more.policy', `${POLICY}\n${content('blocks.policy')}`);
    const { code, stdout } = await work.run(['test', 'demo/more.policy', '--format', 'json']);
    expect(code).toBe(0);
    const blocks = content('blocks.policy').match(/^test "/gm)!.length;
    expect(JSON.parse(stdout)).toMatchObject({
      failed: 0,
      passed: blocks + 1,
      policies: [{ coverage: { unreached: [] } }],
    });
  });

  test('catches a change of the policy', async () => {
    const blocks = await work.run(['test', PATH, '--generate', '--format', 'policy']);
    const changed = POLICY.replace('amount >= 100', 'amount > 100');
    work.write('demo/changed.policy', `${changed}\n${blocks.stdout}`);
    const { code, stdout } = await work.run(['test', 'demo/changed.policy']);
    expect(code).toBe(1);
    expect(stdout).toContain('FAILED generated ');
  });

  test('reports goals as JSON, the same each time', async () => {
    const first = await work.run(['test', PATH, '--generate', '--format', 'json']);
    const report = JSON.parse(first.stdout);
    expect(report).toMatchObject({ policy: 'demo', version: '1.2.3' });
    expect(report.goals).toContainEqual({
      kind: 'boundary',
      subject: 'amount == 99',
      status: 'reached',
      reason: null,
      requests: [expect.stringMatching(/^generated \d+: /)],
    });
    expect((await work.run(['test', PATH, '--generate', '-o', 'r.json'])).code).toBe(0);
    expect(content('r.json')).toBe(first.stdout);
  });

  test('lists what no request reaches, with exit code 0', async () => {
    work.write('demo/dead.policy', POLICY.replace('allow reads when', 'allow reads when amount < 0 and'));
    const { code, stdout } = await work.run(['test', 'demo/dead.policy', '--generate']);
    expect(code).toBe(0);
    expect(stdout).toContain('proved unreachable\n  rule reads decides: proved: ');
    const blocks = await work.run(['test', 'demo/dead.policy', '--generate', '--format', 'policy']);
    expect(blocks.stdout).toContain('// unreachable: rule reads decides: proved: ');
  });

  test('says what was unknown when the time runs out', async () => {
    const { code, stdout } = await work.run(['test', PATH, '--generate', '--budget', '0.000001']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^demo 1\.2\.3: 0 requests, 0 of \d+ goals reached, \d+ unknown\n/);
    expect(stdout).toContain('unknown\n  rule reads decides: the time ran out\n');
  });

  test('does not replace the policy', async () => {
    const { code, stderr } = await work.run(['test', PATH, '--generate', '-o', PATH]);
    expect(code).toBe(2);
    expect(stderr).toContain('it is an input of this command');
    expect(content(PATH)).toBe(POLICY);
  });

  test('refuses policies with errors, and bundles', async () => {
    work.write('demo/broken.policy', POLICY.replace('"read"\n', '"reed"\n'));
    expect((await work.run(['test', 'demo/broken.policy', '--generate'])).code).toBe(1);
    await work.run(['compile', PATH, '-o', 'demo/demo.bundle']);
    const { code, stderr } = await work.run(['test', 'demo/demo.bundle', '--generate']);
    expect(code).toBe(2);
    expect(stderr).toContain('error[P4006]');
  });

  test.each([
    [['test', PATH, PATH, '--generate'], '--generate takes one policy'],
    [['test', PATH, '-o', 'x.jsonl'], '-o needs --generate'],
    [['test', PATH, '--budget', '1'], '--budget needs --generate'],
    [['test', PATH, '--format', 'policy'], '--format policy needs --generate'],
    [['test', PATH, '--generate', '--budget', '0x10'], 'Give seconds'],
    [['test', PATH, '--generate', '--format', 'xml'], 'Allowed choices are text, json, jsonl, policy'],
  ])('refuses %j', async (args, message) => {
    const { code, stdout, stderr } = await work.run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});
