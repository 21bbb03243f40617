// Every kind of bad input gets one clear diagnostic and the right exit code, never a stack trace (Workspace.run looks for one).

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { MAGIC } from '../../src/bytecode/layout.ts';
import { POLICY, type Result, SCHEMA, Workspace } from './policyc.ts';

const work = new Workspace();

beforeAll(async () => {
  work.write('request.schema.json', SCHEMA);
  work.write('demo.policy', POLICY);
  await work.run(['compile', 'demo.policy', '-o', 'demo.policyb']);
});

interface Found {
  readonly code: string;
  readonly severity: string;
  readonly line: number | null;
  readonly message: string;
}

/** The errors of `check --format json`, which must agree with the exit code. */
async function errorsOf(source: string | Uint8Array): Promise<Found[]> {
  const name = work.write('bad.policy', source);
  const result = await work.run(['check', name, '--format', 'json']);
  const errors = JSON.parse(result.stdout).filter((d: Found) => d.severity === 'error');
  expect(result).toMatchObject({ code: errors.length > 0 ? 1 : 0, stderr: '' });
  return errors;
}

describe('a policy', () => {
  const changed = (from: string, to: string): string => {
    expect(POLICY).toContain(from);
    return POLICY.replace(from, to);
  };
  const when = (condition: string): string => changed('action == "read"', condition);

  test.each<[string, string | Uint8Array, RegExp, number | null]>([
    ['that is empty', '', /file is empty/, 1],
    ['with only a comment', '// nothing\n', /file is empty/, 1],
    [
      'that is binary',
      new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 0xff]),
      /not a text file|not valid UTF-8/,
      null,
    ],
    ['that is not UTF-8', Buffer.from('policy caf\xe9\n', 'latin1'), /not valid UTF-8/, null],
    ['of 10 MB', `${POLICY}${'// padding\n'.repeat(1_000_000)}`, /has \d+ bytes/, null],
    ['with 5,000 nested parentheses', when(`${'('.repeat(5_000)}true${')'.repeat(5_000)}`), /nested/, 7],
    ['with an unknown effect', changed('deny expensive', 'denny expensive'), /`denny`/, 8],
    ['with a duplicate rule', changed('deny expensive', 'deny reads'), /`reads`/, 8],
    ['that compares an int with a string', when('amount == "1"'), /int|integer/, 7],
    ['that names a field which the schema lacks', when('actoin == "read"'), /`actoin`/, 7],
    ['that reads an optional field unguarded', when('note == "x"'), /note/, 7],
    ['with a misspelt enum value', when('action == "raed"'), /"raed"/, 7],
    ['with arithmetic that may overflow', when('big * 1000 > 5'), /./, 7],
    ['with a let that depends on itself', `${POLICY}let a = b\nlet b = a\n`, /itself/, null],
    ['with a def that calls itself', `${POLICY}def f(x: int) = f(x)\n`, /itself/, null],
    ['whose schema does not exist', changed('./request', './nowhere'), /nowhere/, null],
  ])('%s', async (_, source, message, line) => {
    const errors = await errorsOf(source);
    expect(errors.length, JSON.stringify(errors)).toBeGreaterThan(0);
    expect(errors[0]?.message).toMatch(message);
    if (line !== null) expect(errors[0]?.line).toBe(line);
  });

  test.each([
    ['that is not JSON', '{ "type": ', /JSON/],
    ['that is not a schema', '{ "type": "objekt" }', /./],
    ['that refers to itself only', '{ "$ref": "#" }', /./],
    ['that refers to a file that does not exist', '{ "$ref": "./gone.json" }', /gone/],
  ])('with a schema %s', async (_, schema, message) => {
    work.write('bad.schema.json', schema);
    const errors = await errorsOf(changed('./request.schema', './bad.schema'));
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.map((d) => d.message).join('\n')).toMatch(message);
  });

  test('with several mistakes shows all of them', async () => {
    const errors = await errorsOf(
      changed('deny expensive when amount >= 100', 'denny expensive when amuont >= 100').replace(
        '"read"\n',
        '"raed"\n',
      ),
    );
    expect(errors.map((d) => d.line)).toEqual(expect.arrayContaining([7, 8]));
    expect(errors.map((d) => d.message).join('\n')).toMatch(/raed[\s\S]*denny|denny[\s\S]*raed/);
  });

  test('with thousands of mistakes shows the first of them and how many there are', async () => {
    const rules = Array.from({ length: 3000 }, (_, i) => `deny r${i} when nope${i}\n`).join('');
    work.write('bad.policy', `${POLICY}let never_used = 1\n${rules}`);
    const { code, stderr } = await work.run(['check', 'bad.policy']);
    expect(code).toBe(1);
    expect(stderr.match(/^error\[/gm)).toHaveLength(50);
    expect(stderr).toMatch(/\n\n… and 29\d\d more: `policyc check --format json` prints all\n\n3000 errors/);
    const json = await work.run(['check', 'bad.policy', '--format', 'json']);
    expect(JSON.parse(json.stdout).length).toBeGreaterThanOrEqual(3000);
  });

  test('with a text of a megabyte does not show all of it', async () => {
    work.write('bad.policy', when(`action == "${'😀'.repeat(250_000)}"`));
    const { code, stderr } = await work.run(['check', 'bad.policy']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error\[P3024\]: "😀+… is not a value of enum/u);
    expect(stderr.length).toBeLessThan(2000);
  });

  test('whose name holds a line break or controls cannot fake a line', async () => {
    expect(await work.run(['check', 'a\nok b', '\u001b[2J'])).toEqual({
      code: 2,
      stdout: '',
      stderr: [
        'error[P4001]: cannot read `a\\nok b`: no such file or directory\n',
        'error[P4001]: cannot read `\\u{1b}[2J`: no such file or directory\n',
        '2 errors\n',
      ].join('\n'),
    });
  });

  test('that does not exist', async () => {
    for (const args of [
      ['check'],
      ['compile', '-o', 'x'],
      ['eval', '-i', 'demo.policy'],
      ['test'],
      ['inspect'],
      ['types'],
    ]) {
      expect(await work.run([...args, 'none.policy'])).toEqual({
        code: 2,
        stdout: '',
        stderr: 'error[P4001]: cannot read `none.policy`: no such file or directory\n',
      });
    }
  });

  test('that is a folder', async () => {
    expect(await work.run(['check', '.'])).toMatchObject({
      code: 2,
      stderr: 'error[P4001]: cannot read `.`: it is a directory\n',
    });
  });

  test('that is a compiled bundle', async () => {
    for (const args of [['check'], ['compile', '-o', 'x'], ['test'], ['types']]) {
      const result = await work.run([...args, 'demo.policyb']);
      expect(result).toMatchObject({ code: 2, stdout: '' });
      expect(result.stderr).toMatch(
        /^error\[P4006\]: `demo.policyb` is a compiled bundle, but `policyc \w+` reads policy source\n/,
      );
    }
  });
});

describe('a bundle', () => {
  const bytes = (): Buffer => readFileSync(join(work.folder, 'demo.policyb'));
  const evaluate = (content: Uint8Array): Promise<Result> =>
    work.run(['eval', work.write('bad.policyb', content), '-i', '-'], '{"action":"read","amount":1}\n');

  test('begins with the magic', () => {
    expect(bytes().readUInt32LE(0)).toBe(MAGIC);
  });

  test('that is truncated', async () => {
    for (const length of [4, 20, 100, bytes().length - 8, bytes().length - 1]) {
      const result = await evaluate(bytes().subarray(0, length));
      expect(result).toMatchObject({ code: 2, stdout: '' });
      expect(result.stderr).toMatch(
        /^error\[P4004\]: `bad.policyb` is not a valid bundle: .*\(length at byte \d+\)\n.*hint: /,
      );
    }
  });

  test('with a flipped bit is refused, or is the bundle of another hash', async () => {
    const original = bytes();
    for (let at = 0; at < original.length; at += Math.ceil(original.length / 12)) {
      const flipped = Buffer.from(original);
      flipped[at]! ^= 1 << (at % 8);
      const result = await evaluate(flipped);
      expect([0, 2]).toContain(result.code);
      if (result.code === 0) expect(result.stdout).toMatch(/"bundle":"sha256:/);
      else expect(result.stderr).toMatch(/^error\[P400[45]\]: `bad.policyb` /);
    }
  });

  test('of another contract version', async () => {
    const other = bytes();
    other.writeUInt16LE(other.readUInt16LE(4) + 1, 4);
    const result = await evaluate(other);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(
      /^error\[P4005\]: `bad.policyb` was compiled for another version of the contract: /,
    );
    expect(result.stderr).toContain('hint: compile the policy again');
    expect((await work.run(['inspect', 'bad.policyb'])).code).toBe(2);
  });

  test('that is larger than any bundle', async () => {
    const huge = Buffer.alloc(40_000_000);
    bytes().copy(huge);
    expect((await evaluate(huge)).stderr).toMatch(/^error\[P4004\]/);
  });
});
