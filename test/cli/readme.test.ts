// What the README shows is what the program does.

import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';
import { moduleBytes } from '../../src/wasm/module.ts';
import { Workspace } from './policyc.ts';

const ROOT = join(import.meta.dirname, '../..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const work = new Workspace();

/** The code blocks of a language, `''` for those without. */
function blocks(language: string): string[] {
  return [...README.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)]
    .filter((match) => match[1] === language)
    .map((match) => match[2] as string);
}

/** Runs a program that imports the package; the sources stand for what the build makes of them. */
async function runProgram(contents: string): Promise<{ status: number | null; stderr: string }> {
  // Inside the project, so that the dependencies resolve.
  const outfile = join(ROOT, 'node_modules/.cache/policyc', `readme-${process.pid}.mjs`);
  const alias = {
    'policyc/wasm': join(ROOT, 'src/wasm/host.ts'),
    'policyc/evaluator': join(ROOT, 'src/evaluator/evaluator.ts'),
    policyc: join(ROOT, 'src/index.ts'),
  };
  await build({
    stdin: { contents, resolveDir: ROOT },
    outfile,
    alias,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
  });
  try {
    return spawnSync(process.execPath, [outfile], { cwd: work.folder, encoding: 'utf8' });
  } finally {
    rmSync(outfile, { force: true });
  }
}

beforeAll(async () => {
  await work.run(['init', 'my-policies']);
});

describe('the README', () => {
  test('shows lines of the policy that `init` writes, in their order', () => {
    const written = readFileSync(join(work.folder, 'my-policies/tools.policy'), 'utf8').split('\n');
    const [shown = ''] = blocks('policy');
    let from = 0;
    for (const line of shown.trimEnd().split('\n')) {
      const at = written.indexOf(line, from);
      expect(at, line).toBeGreaterThanOrEqual(from);
      from = at + 1;
    }
  });

  test('shows the diagnostic of a misspelt tool', async () => {
    const policy = readFileSync(join(work.folder, 'my-policies/tools.policy'), 'utf8');
    work.write('my-policies/tools.policy', policy.replace('tool == "shell"', 'tool == "shel"'));
    const { stderr } = await work.run(['check', 'my-policies/tools.policy']);
    work.write('my-policies/tools.policy', policy);
    expect(blocks('')).toContain(stderr);
  });

  test('states the size of the WebAssembly module', () => {
    const stated = Number(/is the module alone, about (\d+) KB/.exec(README)?.[1]);
    expect(Math.abs(stated - moduleBytes().length / 1000)).toBeLessThan(1);
  });

  test('names every command', async () => {
    const { stdout } = await work.run(['--help']);
    const commands = [...stdout.matchAll(/^ {2}(\w+) /gm)].map((match) => match[1]);
    const rows = [...README.matchAll(/^\| `(\w+) /gm)].map((match) => match[1]);
    expect([...rows, 'help']).toEqual(commands);
  });

  test('shows programs that run', async () => {
    const { code } = await work.run(['compile', 'my-policies/tools.policy', '-o', 'tools.policyb']);
    expect(code).toBe(0);
    const programs = blocks('js');
    expect(programs).toHaveLength(3);
    for (const program of programs) {
      const { status, stderr } = await runProgram(program);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    }
  });
});
