// Runs the command line as a user does: the CLI is built from the sources once per test file and started as a child process.

import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect } from 'vitest';
import { buildCli } from '../../scripts/build.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
// Inside the project, so that the dependencies resolve.
const BUILD = join(
  ROOT,
  'node_modules',
  '.cache',
  'policyc',
  `cli-${process.pid}-${Math.random().toString(36).slice(2)}`,
);
const BIN = join(BUILD, 'bin', 'policyc.js');

export interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of its own for a test file, with the built command line beside it. */
export class Workspace {
  readonly folder = mkdtempSync(join(tmpdir(), 'policyc-cli-'));

  readonly bin = BIN;

  constructor() {
    beforeAll(async () => {
      await buildCli(join(BUILD, 'dist'));
      cpSync(join(ROOT, 'bin'), join(BUILD, 'bin'), { recursive: true });
    });
    afterAll(() => {
      rmSync(BUILD, { recursive: true, force: true });
      rmSync(this.folder, { recursive: true, force: true });
    });
  }

  /** Writes a file below the folder and gives its path relative to it. */
  write(name: string, content: string | Uint8Array): string {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return name;
  }

  start(args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
    return spawn(process.execPath, [BIN, ...args], {
      cwd: this.folder,
      env: { ...process.env, NO_COLOR: undefined, ...env },
    });
  }

  /** Runs to the end. Whatever happens, nobody sees a stack trace or an internal error. */
  async run(args: readonly string[], input: string | Uint8Array = ''): Promise<Result> {
    const child = this.start(args);
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout?.on('data', (chunk) => out.push(chunk));
    child.stderr?.on('data', (chunk) => err.push(chunk));
    // A command that does not read its input closes it early.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    const result = { code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() };
    expect(result.stderr).not.toMatch(/^\s+at .*[:(]|internal error|node:internal|UnhandledPromise/m);
    return result;
  }
}

/** The lines of JSON Lines output as values. */
export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** A condition schema and a policy over it that a test may change. */
export const SCHEMA = JSON.stringify({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  required: ['action', 'amount'],
  properties: {
    action: { type: 'string', enum: ['read', 'write', 'pay'] },
    amount: { type: 'integer', minimum: 0, maximum: 1_000_000 },
    note: { type: 'string' },
    big: { type: 'integer' },
  },
});

export const POLICY = `policy demo version "1.2.3"
request from "./request.schema.json"
effects allow < deny
combining most_restrictive
default deny

allow reads when action == "read"
deny expensive when amount >= 100 severity high message "{amount} is too much"

test "reading is allowed" {
  request { "action": "read", "amount": 1 }
  expect allow reads
}
`;
