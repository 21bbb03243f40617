// policyc check: every mistake of one or more policies, and every invariant that does not hold.

import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { hasErrors } from '../diagnostic/diagnostic.ts';
import type { Files } from './files.ts';
import { provedDiagnostics } from './invariants.ts';
import { readSource } from './load.ts';
import { displayName, reportJson, reportText, Stop } from './report.ts';
import { type ExitCode, outColors, print } from './terminal.ts';

export interface CheckOptions {
  readonly format: 'text' | 'json';
}

export async function check(
  paths: readonly string[],
  options: CheckOptions,
  files: Files,
): Promise<ExitCode> {
  const { compilePolicy } = await import('../policy.ts');
  const found: Diagnostic[] = [];
  let exitCode: ExitCode = 0;
  for (const path of paths) {
    const { diagnostics, code } = await one(path);
    found.push(...diagnostics);
    if (code > exitCode) exitCode = code;
    if (options.format === 'text' && code === 0) {
      await print(`${outColors.green('ok')} ${displayName(path)}\n`);
    }
  }
  if (options.format === 'json') await reportJson(found, files);
  else reportText(found, files);
  return exitCode;

  async function one(path: string): Promise<{ diagnostics: readonly Diagnostic[]; code: ExitCode }> {
    try {
      await readSource(path, files, 'check');
      // Some errors, such as a work bound beyond the contract, show only in the compiled policy.
      const result = compilePolicy(path, files);
      const diagnostics = result.ok
        ? [...result.compiled.warnings, ...(await provedDiagnostics(result.compiled))]
        : result.diagnostics;
      return { diagnostics, code: hasErrors(diagnostics) ? 1 : 0 };
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      return { diagnostics: error.diagnostics, code: error.exitCode };
    }
  }
}
