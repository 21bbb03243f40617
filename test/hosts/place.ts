// What the tests of hosts share: a folder with the package as npm would install it and an example beside it, and programs of the system.

import { spawnSync } from 'node:child_process';
import { accessSync, constants, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { buildWasm } from '../../scripts/build.mjs';
import { Files } from '../../src/cli/files.ts';
import { loadBundle } from '../../src/evaluator/evaluator.ts';
import { compilePolicy } from '../../src/policy.ts';

export const ROOT = join(import.meta.dirname, '../..');
const POLICY = join(ROOT, 'policies/shell-guard');

/** The example `name` of examples/embedding in a folder of its own, with `policyc` built from the sources in node_modules. */
export class Place {
  readonly folder = mkdtempSync(join(tmpdir(), 'policyc-host-'));
  readonly package = join(this.folder, 'node_modules/policyc');
  readonly dist = join(this.package, 'dist');

  constructor(name: string) {
    beforeAll(async () => {
      mkdirSync(this.dist, { recursive: true });
      cpSync(join(ROOT, 'package.json'), join(this.package, 'package.json'));
      await buildWasm(this.dist);
      cpSync(join(ROOT, 'examples/embedding', name), this.folder, { recursive: true });
    });
    afterAll(() => rmSync(this.folder, { recursive: true, force: true }));
  }
}

/** The policy of the examples. */
export function examplePolicy(): { readonly bundle: Uint8Array; readonly requests: readonly string[] } {
  const result = compilePolicy(join(POLICY, 'shell-guard.policy'), new Files());
  if (!result.ok) throw new Error('the policy of the examples does not compile');
  const requests = readFileSync(join(POLICY, 'requests.jsonl'), 'utf8').trimEnd().split('\n');
  return { bundle: result.compiled.bytes, requests };
}

/** What the TypeScript evaluator decides, as canonical JSON. */
export function decisionsOf(bundle: Uint8Array, requests: readonly (string | Uint8Array)[]): string[] {
  const evaluator = loadBundle(bundle);
  return requests.map((request) => new TextDecoder().decode(evaluator.evaluateJson(request)));
}

/** The path of a program. A missing one is a failure, which says what to install. */
export function program(name: string, debianPackage: string): string {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  throw new Error(`${name} is not installed: apt-get install ${debianPackage}`);
}

/** Runs a program to its end and gives its output; throws with what it said when it fails. */
export function output(
  path: string,
  args: readonly string[],
  cwd: string,
  input: string | Buffer = '',
): string {
  const run = spawnSync(path, args, { cwd, input, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (run.status !== 0)
    throw new Error(
      `${path} ${args.join(' ')}: ${run.error?.message ?? `${run.signal ?? run.status}`}\n${run.stderr}`,
    );
  return run.stdout;
}
