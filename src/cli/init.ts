// policyc init: a folder with a policy, its condition schema and requests, to start from.

import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { type Files, reasonOf } from './files.ts';
import { writeOutput } from './output-file.ts';
import { stop } from './report.ts';
import { STARTER } from './starter.ts';
import { type ExitCode, print } from './terminal.ts';
import { oneLine } from './text-width.ts';

/** Writes the starter files, or none of them when one exists already or cannot be written. */
export async function init(folder: string, files: Files): Promise<ExitCode> {
  const targets = Object.entries(STARTER).map(([name, text]) => ({ path: join(folder, name), text }));
  for (const { path } of targets) if (existsSync(path)) throw stop('P4003', path);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw stop('P4002', folder, { reason: reasonOf(error) });
  }
  await writeAll(targets, files);
  const [policy, requests] = ['tools.policy', 'requests.jsonl'].map((name) => argument(join(folder, name)));
  const command = invocation();
  await print(`${targets.map(({ path }) => `wrote ${oneLine(path)}\n`).join('')}
Next:
  ${command} check ${policy}
  ${command} test ${policy}
  ${command} eval ${policy} --input ${requests}
`);
  return 0;
}

interface Target {
  readonly path: string;
  readonly text: string;
}

async function writeAll(targets: readonly Target[], files: Files): Promise<void> {
  const written: string[] = [];
  try {
    for (const { path, text } of targets) {
      await writeOutput(path, text, files);
      written.push(path);
    }
  } catch (error) {
    for (const path of written) rmSync(path, { force: true });
    throw error;
  }
}

/** How this program was called, so that the next steps can be copied from a clone as well as from an installed package. */
function invocation(): string {
  const script = process.argv[1] ?? 'policyc';
  // npm links the program into a folder of the shell's path when installed globally, else into node_modules/.bin.
  if (basename(script) === 'policyc') return basename(dirname(script)) === '.bin' ? 'npx policyc' : 'policyc';
  const nearby = relative(process.cwd(), script);
  return `node ${argument(nearby.startsWith('..') ? script : nearby)}`;
}

/** A path as one argument of a shell that is not taken for an option. */
function argument(path: string): string {
  const safe = path.startsWith('-') ? `./${path}` : path;
  return /^[\w@%+=:,./\\-]+$/.test(safe) ? safe : `'${oneLine(safe).replaceAll("'", "'\\''")}'`;
}
