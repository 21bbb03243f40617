// policyc init: a folder with a policy, its condition schema and requests, to start from.

import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf } from './files.ts';
import { writeOutput } from './output-file.ts';
import { stop } from './report.ts';
import { STARTER } from './starter.ts';
import { type ExitCode, print } from './terminal.ts';

/** Writes the starter files, or none of them when one exists already. */
export async function init(folder: string): Promise<ExitCode> {
  const targets = Object.entries(STARTER).map(([name, text]) => ({ path: join(folder, name), text }));
  for (const { path } of targets) if (existsSync(path)) throw stop('P4003', path);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw stop('P4002', folder, { reason: reasonOf(error) });
  }
  for (const { path, text } of targets) {
    await writeOutput(path, text);
    await print(`wrote ${path}\n`);
  }
  const policy = join(folder, 'tools.policy');
  await print(`
Next:
  policyc check ${policy}
  policyc test ${policy}
  policyc eval ${policy} --input ${join(folder, 'requests.jsonl')}
`);
  return 0;
}
