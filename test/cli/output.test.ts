// Output that cannot be written, readers that go away, signals: no half-written file, no noise.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { POLICY, SCHEMA, Workspace } from './policyc.ts';

const work = new Workspace();
const at = (name: string): string => join(work.folder, name);

beforeAll(() => {
  work.write('request.schema.json', SCHEMA);
  work.write('demo.policy', POLICY);
});

describe('an output file', () => {
  test.each([
    ['in a folder that does not exist', 'nowhere/x.policyb', 'no such file or directory'],
    ['below a file', 'demo.policy/x.policyb', 'a part of the path is not a directory'],
    ['that is a folder', '.', 'it is a directory'],
    ['with a name that is too long', 'x'.repeat(300), 'the name is too long'],
  ])('%s cannot be written', async (_, path, reason) => {
    const before = readdirSync(work.folder);
    const result = await work.run(['compile', 'demo.policy', '-o', path]);
    expect(result).toEqual({
      code: 2,
      stdout: '',
      stderr: `error[P4002]: cannot write \`${path}\`: ${reason}\n`,
    });
    expect(readdirSync(work.folder)).toEqual(before);
  });

  test.runIf(existsSync('/dev/full'))('on a full disk', async () => {
    const result = await work.run(['compile', 'demo.policy', '-o', '/dev/full']);
    expect(result).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error[P4002]: cannot write `/dev/full`: no space left on device\n',
    });
  });

  test('that the command has read is not replaced, by whatever name', async () => {
    symlinkSync('demo.policy', at('other-name'));
    for (const path of ['demo.policy', './demo.policy', 'other-name', 'request.schema.json']) {
      for (const command of ['compile', 'types']) {
        expect(await work.run([command, 'demo.policy', '-o', path])).toEqual({
          code: 2,
          stdout: '',
          stderr: `error[P4002]: cannot write \`${path}\`: it is an input of this command\n`,
        });
      }
    }
    expect(readFileSync(at('demo.policy'), 'utf8')).toBe(POLICY);
    expect(readFileSync(at('request.schema.json'), 'utf8')).toBe(SCHEMA);
  });

  test('is replaced as a whole; a link to it stays a link', async () => {
    work.write('old.policyb', 'old');
    symlinkSync('old.policyb', at('link.policyb'));
    expect((await work.run(['compile', 'demo.policy', '-o', 'link.policyb'])).code).toBe(0);
    expect(readFileSync(at('old.policyb')).subarray(0, 4).toString()).toBe('PLYC');
    expect(readFileSync(at('link.policyb')).equals(readFileSync(at('old.policyb')))).toBe(true);
    expect(readdirSync(work.folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('may be standard output', async () => {
    await work.run(['compile', 'demo.policy', '-o', 'file.policyb']);
    const child = work.start(['compile', 'demo.policy', '-o', '-']);
    const chunks: Buffer[] = [];
    child.stdout?.on('data', (chunk) => chunks.push(chunk));
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(Buffer.concat(chunks).equals(readFileSync(at('file.policyb')))).toBe(true);
  });

  test('is whole or absent, and nothing else is left, when a signal arrives at any moment', async () => {
    const rules = Array.from({ length: 300 }, (_, i) => `deny r${i} when amount == ${i + 200}\n`).join('');
    work.write('large.policy', POLICY + rules);
    await work.run(['compile', 'large.policy', '-o', 'whole.policyb']);
    const whole = readFileSync(at('whole.policyb'));
    work.write('cut/keep', '');
    for (let delay = 60; delay < 600; delay += 45) {
      const child = work.start(['compile', 'large.policy', '-o', `cut/${delay}.policyb`]);
      // A child that is done before the signal is sent has closed already.
      const closed = once(child, 'close');
      await sleep(delay);
      child.kill('SIGINT');
      await closed;
      for (const name of readdirSync(at('cut')).filter((entry) => entry !== 'keep')) {
        expect(name).toMatch(/^\d+\.policyb$/);
        expect(readFileSync(at(`cut/${name}`)).equals(whole)).toBe(true);
      }
    }
  });
});

describe('standard output', () => {
  const requests = '{"action":"read","amount":1}\n'.repeat(20_000);

  test('may be closed by its reader', async () => {
    work.write('many.jsonl', requests);
    const child = work.start(['eval', 'demo.policy', '-i', 'many.jsonl']);
    let noise = '';
    child.stderr?.on('data', (chunk) => {
      noise += chunk;
    });
    await once(child.stdout!, 'data');
    child.stdout?.destroy();
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(noise).toBe('');
  });

  test.runIf(existsSync('/dev/full'))('may be full', async () => {
    const stdio = ['ignore', openSync('/dev/full', 'w'), 'pipe'] as const;
    const full = spawn(process.execPath, [work.bin, 'check', 'demo.policy'], {
      cwd: work.folder,
      stdio: [...stdio],
    });
    let text = '';
    full.stderr?.on('data', (chunk) => {
      text += chunk;
    });
    expect(await once(full, 'close')).toEqual([2, null]);
    expect(text).toBe('error[P4002]: cannot write standard output: no space left on device\n');
  });

  test('has no colours when it is not a terminal', async () => {
    const { stdout, stderr } = await work.run(['check', 'demo.policy', 'none.policy']);
    expect(stdout + stderr).not.toContain('\u001b');
  });
});
