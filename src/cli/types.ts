// policyc types: TypeScript declarations of a policy's request and decision.

import type { Type } from '../checker/types.ts';
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
  const { diagnostics, typed, schemas } = checkPolicy(path, files);
  if (typed === null || schemas === null || hasErrors(diagnostics)) throw new Stop(diagnostics, 1);
  const effects = typed.effects.map(({ name, obligations }) => ({
    name,
    // A decision holds every obligation: defaults are filled in.
    obligations: obligations.map((o) => ({ name: o.name, type: declared(o.type), optional: false })),
  }));
  await writeOutput(options.output, await typeDeclarations(schemas, effects, typed.name), files);
  if (options.output !== STDIN) await print(`wrote ${displayName(options.output)}\n`);
  return 0;
}

/** The TypeScript type of an obligation's JSON value: timestamps, dates and durations are texts. */
function declared(type: Type): string {
  switch (type.kind) {
    case 'bool':
      return 'boolean';
    case 'int':
    case 'decimal':
      return 'number';
    case 'list':
      return `${declared(type.item.type)}[]`;
    default:
      return 'string';
  }
}
