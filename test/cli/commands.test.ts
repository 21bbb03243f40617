import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { jsonLines, POLICY, SCHEMA, Workspace } from './policyc.ts';

const work = new Workspace();

beforeAll(() => {
  work.write('demo/request.schema.json', SCHEMA);
  work.write('demo/demo.policy', POLICY);
  work.write(
    'demo/broken.policy',
    POLICY.replace('"read"\n', '"reed"\n').replace('expect allow reads', 'expect allow'),
  );
  work.write(
    'requests.jsonl',
    '{"action":"read","amount":1}\n{"action":"pay","amount":100}\n{"action":"pay","amount":1}\n',
  );
});

describe('init', () => {
  test('writes a policy that passes its tests, reaches every rule and judges its requests', async () => {
    const init = await work.run(['init', 'start/here']);
    expect(init).toMatchObject({ code: 0, stderr: '' });
    const names = readdirSync(join(work.folder, 'start/here')).sort();
    expect(names).toEqual(['large-payment.json', 'requests.jsonl', 'tool-call.schema.json', 'tools.policy']);
    for (const name of names) expect(init.stdout).toContain(`wrote ${join('start/here', name)}\n`);

    const policy = 'start/here/tools.policy';
    expect(await work.run(['check', policy])).toEqual({ code: 0, stdout: `ok ${policy}\n`, stderr: '' });
    const tests = await work.run(['test', policy, '--format', 'json']);
    expect(JSON.parse(tests.stdout)).toMatchObject({
      failed: 0,
      policies: [{ coverage: { unreached: [] } }],
    });
    const decisions = await work.run(['eval', policy, '--input', 'start/here/requests.jsonl']);
    expect(jsonLines(decisions.stdout).map(({ effect, reason }) => [effect, reason])).toEqual([
      ['allow', 'READ_ANYTHING'],
      ['allow', 'RUN_IN_SANDBOX'],
      ['deny', 'DESTRUCTIVE_COMMAND'],
      ['allow', 'SMALL_PAYMENT'],
      ['require_approval', 'LARGE_PAYMENT'],
      ['deny', 'NO_RULE_MATCHED'],
      ['deny', 'INVALID_REQUEST'],
    ]);
  });

  test('prints next steps that work as they are', async () => {
    const { stdout } = await work.run(['init', "it's a place"]);
    const steps = stdout.split('Next:\n')[1]?.trimEnd().split('\n') ?? [];
    expect(steps.map((step) => step.replace(/^.*policyc\.js (\w+) .*$/, '$1'))).toEqual([
      'check',
      'test',
      'eval',
    ]);
    for (const step of steps) {
      const { status, stderr } = spawnSync(step, { shell: true, cwd: work.folder, encoding: 'utf8' });
      expect({ step, status, stderr }).toEqual({ step, status: 0, stderr: '' });
    }
  });

  test('overwrites nothing and writes nothing when one file exists', async () => {
    work.write('taken/requests.jsonl', 'mine');
    const result = await work.run(['init', 'taken']);
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/^error\[P4003\]: `taken\/requests.jsonl` exists already/);
    expect(readdirSync(join(work.folder, 'taken'))).toEqual(['requests.jsonl']);
    expect(readFileSync(join(work.folder, 'taken/requests.jsonl'), 'utf8')).toBe('mine');
  });
});

describe('check', () => {
  test('shows each mistake with code, place, line, marker and hint', async () => {
    const result = await work.run(['check', 'demo/broken.policy']);
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toMatch(/^error\[P3\d{3}\]: .*"reed"/m);
    expect(result.stderr).toContain(' --> demo/broken.policy:7:28\n');
    expect(result.stderr).toContain(
      '7 | allow reads when action == "reed"\n  |                            ^^^^^^\n',
    );
    expect(result.stderr).toMatch(/= hint: .*read/);
  });

  test('prints JSON on standard output', async () => {
    const result = await work.run(['check', 'demo/demo.policy', 'demo/broken.policy', '--format', 'json']);
    expect(result).toMatchObject({ code: 1, stderr: '' });
    const [first] = JSON.parse(result.stdout).filter((d: { severity: string }) => d.severity === 'error');
    expect(first).toMatchObject({
      file: 'demo/broken.policy',
      line: 7,
      column: 28,
      endLine: 7,
      endColumn: 34,
    });
    expect(Object.keys(first)).toEqual(
      expect.arrayContaining([
        'code',
        'severity',
        'file',
        'line',
        'column',
        'endLine',
        'endColumn',
        'message',
        'hint',
      ]),
    );
    expect((await work.run(['check', 'demo/demo.policy', '--format', 'json'])).stdout).toBe('[]\n');
  });

  test('goes on after a policy with mistakes or that cannot be read; the worst outcome is the exit code', async () => {
    const result = await work.run(['check', 'demo/broken.policy', 'none.policy', 'demo/demo.policy']);
    expect(result).toMatchObject({ code: 2, stdout: 'ok demo/demo.policy\n' });
    expect(result.stderr).toContain('error[P4001]: cannot read `none.policy`: no such file or directory');
    expect(result.stderr).toContain('demo/broken.policy:7:28');
    expect(result.stderr).toMatch(/\n2 errors\n$/);
  });

  test('reads standard input; schema paths are then relative to the working folder', async () => {
    const source = POLICY.replace('./request', './demo/request');
    expect(await work.run(['check', '-'], source)).toEqual({
      code: 0,
      stdout: 'ok standard input\n',
      stderr: '',
    });
    const broken = await work.run(['check', '-'], source.replace('deny expensive', 'dny expensive'));
    expect(broken.code).toBe(1);
    expect(broken.stderr).toContain(' --> standard input:8:1\n');
  });

  test('warnings do not fail', async () => {
    work.write('demo/warned.policy', `${POLICY}let unused_thing = 3\n`);
    const result = await work.run(['check', 'demo/warned.policy']);
    expect(result).toMatchObject({ code: 0, stdout: 'ok demo/warned.policy\n' });
    expect(result.stderr).toMatch(/^warning\[P3\d{3}\]: .*`unused_thing`/);
  });
});

describe('compile', () => {
  test('writes a bundle that decides like the policy', async () => {
    const result = await work.run(['compile', 'demo/demo.policy', '-o', 'demo.policyb']);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toMatch(/^wrote demo.policyb: \d+ bytes, sha256:[0-9a-f]{64}\n$/);
    const fromSource = await work.run(['eval', 'demo/demo.policy', '-i', 'requests.jsonl']);
    const fromBundle = await work.run(['eval', 'demo.policyb', '-i', 'requests.jsonl']);
    expect(fromBundle).toEqual(fromSource);
    const hash = /sha256:\w+/.exec(result.stdout)?.[0];
    expect(jsonLines(fromBundle.stdout)[0]).toMatchObject({
      policy: { bundle: hash, name: 'demo', version: '1.2.3' },
    });
  });

  test('recognises a bundle by its content, not by its name', async () => {
    await work.run(['compile', 'demo/demo.policy', '-o', 'misleading.policy']);
    const result = await work.run(['eval', 'misleading.policy', '-i', 'requests.jsonl']);
    expect(jsonLines(result.stdout).map(({ effect }) => effect)).toEqual(['allow', 'deny', 'deny']);
  });

  test('writes nothing when the policy has mistakes', async () => {
    const result = await work.run(['compile', 'demo/broken.policy', '-o', 'never.policyb']);
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toContain('demo/broken.policy:7:28');
    const json = await work.run(['compile', 'demo/broken.policy', '-o', 'never.policyb', '--format', 'json']);
    expect(json).toMatchObject({ code: 1, stderr: '' });
    expect(JSON.parse(json.stdout)[0]).toMatchObject({ file: 'demo/broken.policy', line: 7 });
    expect(readdirSync(work.folder)).not.toContain('never.policyb');
  });

  test('gives the same bytes in another folder', async () => {
    work.write('elsewhere/deep/request.schema.json', JSON.stringify(reversed(JSON.parse(SCHEMA))));
    work.write('elsewhere/deep/renamed.policy', POLICY);
    await work.run(['compile', 'demo/demo.policy', '-o', 'one.policyb']);
    await work.run(['compile', 'elsewhere/deep/renamed.policy', '-o', 'two.policyb']);
    const bytes = (name: string): Buffer => readFileSync(join(work.folder, name));
    expect(bytes('two.policyb').equals(bytes('one.policyb'))).toBe(true);
  });

  test('keeps the permissions of a file that it replaces and respects its write protection', async () => {
    work.write('kept.policyb', 'old');
    chmodSync(join(work.folder, 'kept.policyb'), 0o600);
    await work.run(['compile', 'demo/demo.policy', '-o', 'kept.policyb']);
    const { mode, size } = await import('node:fs').then(({ statSync }) =>
      statSync(join(work.folder, 'kept.policyb')),
    );
    expect([mode & 0o777, size > 100]).toEqual([0o600, true]);
  });
});

/** The same JSON with the keys of every object in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([key, item]) => [key, reversed(item)]));
}

describe('test', () => {
  test('says what passed and which rules no test reaches', async () => {
    const result = await work.run(['test', 'demo/demo.policy']);
    expect(result).toEqual({
      code: 0,
      stdout:
        'demo/demo.policy\n  ok reading is allowed\n  rules reached: 1 of 2\n  not reached: expensive\n1 passed, 0 failed\n',
      stderr: '',
    });
  });

  test('shows what a failing test expected and got', async () => {
    work.write('demo/failing.policy', POLICY.replace('"amount": 1 }', '"amount": 500 }'));
    const result = await work.run(['test', 'demo/failing.policy', 'demo/demo.policy']);
    expect(result).toMatchObject({ code: 1, stderr: '' });
    expect(result.stdout).toContain(
      '  FAILED reading is allowed\n    at demo/failing.policy:10:1\n' +
        '    expected allow reads\n    got      deny expensive reason "EXPENSIVE"\n',
    );
    expect(result.stdout).toMatch(/1 passed, 1 failed\n$/);
  });

  test('prints JSON, also for a policy that does not compile', async () => {
    const result = await work.run(['test', 'demo/demo.policy', 'demo/broken.policy', '--format', 'json']);
    expect(result).toMatchObject({ code: 1, stderr: '' });
    const output = JSON.parse(result.stdout);
    expect(output).toMatchObject({ passed: 1, failed: 0 });
    expect(output.policies[0]).toMatchObject({
      file: 'demo/demo.policy',
      diagnostics: [],
      tests: [{ title: 'reading is allowed', ok: true, line: 10, got: { effect: 'allow', rule: 'reads' } }],
      coverage: { rules: 2, reached: 1, unreached: ['expensive'] },
    });
    expect(output.policies[1]).toMatchObject({ diagnostics: [{ line: 7, severity: 'error' }], tests: [] });
  });

  test('says so when there are no tests', async () => {
    work.write('demo/untested.policy', POLICY.slice(0, POLICY.indexOf('test "')));
    const result = await work.run(['test', 'demo/untested.policy']);
    expect(result).toEqual({ code: 0, stdout: 'demo/untested.policy: has no tests\n', stderr: '' });
  });

  test('reads requests from files beside the policy', async () => {
    const fromFile = (name: string): string =>
      `${POLICY}\ntest "from a file" { request from "${name}" expect deny expensive }\n`;
    work.write('demo/big.json', '{\n  "action": "pay", "amount": 5000\n}\n');
    work.write('demo/file.policy', fromFile('./big.json'));
    expect((await work.run(['test', 'demo/file.policy'])).stdout).toContain('2 passed, 0 failed');
    work.write('demo/nofile.policy', fromFile('./none.json'));
    const missing = await work.run(['test', 'demo/nofile.policy']);
    expect(missing.code).toBe(1);
    expect(missing.stdout).toContain(
      'test `from a file`: cannot read its request `./none.json`: no such file',
    );
  });

  test('judges what only the text of a request shows', async () => {
    const texts = {
      json: '{',
      twice: '{"action":"read","action":"read","amount":1}',
      large: `{"action":"read","amount":1,"note":"${'x'.repeat(1_100_000)}"}`,
      deep: `{"action":"read","amount":1,"more":${'['.repeat(100)}${']'.repeat(100)}}`,
      surrogate: '{"action":"read","amount":1,"more":"\\ud800"}',
    };
    let policy = POLICY;
    for (const [name, text] of Object.entries(texts)) {
      work.write(`demo/${name}.json`, text);
      policy += `test "${name}" { request from "./${name}.json" expect deny reason "INVALID_REQUEST" }\n`;
    }
    work.write('demo/texts.policy', policy);
    const result = await work.run(['test', 'demo/texts.policy']);
    expect(result.stdout).toContain('6 passed, 0 failed');
  });
});

describe('inspect', () => {
  test('shows projection, decision table, code, bounds and hash of a policy', async () => {
    const result = await work.run(['inspect', 'demo/demo.policy']);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toMatch(
      /^# policy\ndemo version "1.2.3", most_restrictive, allow < deny\nsha256:[0-9a-f]{64}, \d+ bytes\nat most \d+ steps and \d+ scanned bytes per decision\n/,
    );
    expect(result.stdout).toMatch(/^action +string, one of "pay" "read" "write"$/m);
    expect(result.stdout).toMatch(/^amount +int, >= 0, <= 1000000$/m);
    expect(result.stdout).not.toMatch(/^note/m);
    for (const title of ['projection', 'decision table', 'code'])
      expect(result.stdout).toContain(`# ${title}\n`);
  });

  test('shows a bundle, as text and as JSON', async () => {
    const { stdout } = await work.run(['compile', 'demo/demo.policy', '-o', 'inspected.policyb']);
    const policy = JSON.parse((await work.run(['inspect', 'demo/demo.policy', '--format', 'json'])).stdout);
    const bundle = JSON.parse((await work.run(['inspect', 'inspected.policyb', '--format', 'json'])).stdout);
    expect(policy.bundle).toBe(/sha256:\w+/.exec(stdout)?.[0]);
    expect(bundle).toEqual(policy);
    expect(policy.decisionTable).toEqual([
      expect.objectContaining({ rule: 'reads', effect: 'allow', reason: 'READS' }),
      expect.objectContaining({
        rule: 'expensive',
        effect: 'deny',
        condition: 'amount >= 100',
        severity: 'high',
      }),
      expect.objectContaining({ rule: 'default', effect: 'deny', reason: 'NO_RULE_MATCHED' }),
    ]);
    expect(bundle.disassembly).toMatch(/HIT/);
    expect((await work.run(['inspect', 'inspected.policyb'])).stdout).toContain('amount >= 100');
  });
});

describe('types', () => {
  test('writes TypeScript declarations to standard output or a file', async () => {
    const result = await work.run(['types', 'demo/demo.policy']);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toMatch(/action: ['"]read['"]/);
    expect(await work.run(['types', 'demo/demo.policy', '-o', 'demo.d.ts'])).toMatchObject({
      code: 0,
      stdout: 'wrote demo.d.ts\n',
    });
    expect(readFileSync(join(work.folder, 'demo.d.ts'), 'utf8')).toBe(result.stdout);
    expect(await work.run(['types', 'demo/broken.policy'])).toMatchObject({ code: 1, stdout: '' });
  });
});

describe('usage', () => {
  test('--version and --help answer on standard output', async () => {
    expect(await work.run(['--version'])).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
    const help = await work.run(['--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    for (const command of ['init', 'check', 'compile', 'eval', 'test', 'inspect', 'types']) {
      expect(help.stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
      expect(await work.run([command, '--help'])).toMatchObject({ code: 0, stderr: '' });
    }
  });

  test.each([
    [[], 'Usage: policyc'],
    [['chek', 'x'], 'Did you mean check?'],
    [['check'], "missing required argument 'policy'"],
    [['check', 'demo/demo.policy', '--fromat', 'json'], 'Did you mean --format?'],
    [['check', 'demo/demo.policy', '--format', 'yaml'], 'Allowed choices are text, json'],
    [['compile', 'demo/demo.policy'], "required option '-o, --output <file>' (or '--standalone <file>') not"],
    [['eval', 'demo/demo.policy'], "required option '-i, --input <file>' not specified"],
    [
      ['compile', 'demo/demo.policy', '-o', 'x.policyb', '--standalone', 'x.wasm'],
      "'--standalone <file>' cannot be used with option '-o, --output <file>'",
    ],
    [
      ['eval', 'demo/demo.policy', '-i', 'requests.jsonl', '--engine', 'jvm'],
      'Allowed choices are ts, wasm, both',
    ],
    [['types', 'a', 'b'], 'too many arguments'],
  ])('%j is refused with exit code 2', async (args, message) => {
    const result = await work.run(args);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain(message);
  });
});
