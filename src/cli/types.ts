// policyc types: TypeScript declarations of a policy's request and decision.

import { hasErrors } from '../diagnostic/diagnostic.ts';
import { type Files, STDIN } from './files.ts';
import { readSource } from './load.ts';
import { writeOutput } from './output-file.ts';
import { displayName, Stop } from './report.ts';
import { type ExitCode, print } from './terminal.ts';

export interface TypesOptions {
  readonly output: string;
}

export async function types(path: string, options: TypesOptions, files: Files): Promise<ExitCode> {
  await readSource(path, files, 'types');
  const [{ checkPolicy }, { typeDeclarations }] = await Promise.all([
    import('../policy.ts'),
    import('../checker/types-declaration.ts'),
  ]);
  const { diagnostics, typed } = checkPolicy(path, files);
  if (typed === null || hasErrors(diagnostics)) throw new Stop(diagnostics, 1);
  await writeOutput(options.output, await typeDeclarations(typed));
  if (options.output !== STDIN) await print(`wrote ${displayName(options.output)}\n`);
  return 0;
}
