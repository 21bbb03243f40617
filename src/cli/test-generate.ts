// policyc test --generate: requests that reach all that a policy decides, each with its decision.

import type { Files } from './files.ts';
import { STDIN } from './files.ts';
import { compileFile, readSource } from './load.ts';
import { writeOutput } from './output-file.ts';
import { displayName } from './report.ts';
import { type ExitCode, print } from './terminal.ts';
import { generatedLine, generatedText } from './test-generate-forms.ts';
import type { GenerateCommandOptions } from './test-generate-options.ts';
import { printable } from './text-width.ts';

export async function testGenerate(
  path: string,
  { format, output, budget }: GenerateCommandOptions,
  files: Files,
): Promise<ExitCode> {
  await readSource(path, files, 'test');
  const { bytes, ir, typed } = await compileFile(path, files);
  const { generateRequests } = await import('../generate/generate.ts');
  const subject = { bytes, ir, schemas: typed.schemas };
  const report = generateRequests(subject, budget === undefined ? {} : { budgetMs: budget * 1000 });
  await writeOutput(output, generatedText(report, format, displayName(path)), files);
  if (output !== STDIN) await print(`wrote ${displayName(output)}: ${printable(generatedLine(report))}\n`);
  return 0;
}
