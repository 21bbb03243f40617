// policyc compile: policy source to a bundle, or to a WebAssembly module that carries the bundle.

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { hasErrors } from '../diagnostic/diagnostic.ts';
import { type Files, STDIN } from './files.ts';
import { provedDiagnostics } from './invariants.ts';
import { compileFile, readSource } from './load.ts';
import { writeOutput } from './output-file.ts';
import { displayName, reportJson, reportText, Stop } from './report.ts';
import { type ExitCode, print } from './terminal.ts';

export interface CompileOptions {
  /** Where the bundle goes. */
  readonly output?: string;
  /** Where the module with the bundle goes; one of the two is given. */
  readonly standalone?: string;
  /** False: the invariants are not proved. */
  readonly prove: boolean;
  readonly format: 'text' | 'json';
}

export async function compile(path: string, options: CompileOptions, files: Files): Promise<ExitCode> {
  const output = options.standalone ?? options.output ?? STDIN;
  // Standard output cannot carry both the result and the diagnostics.
  const json = options.format === 'json' && output !== STDIN;
  try {
    await readSource(path, files, 'compile');
    const compiled = await compileFile(path, files);
    // Whoever deploys a bundle may never run `check`: a bundle that breaks what its source claims is not written.
    const proofs = options.prove ? await provedDiagnostics(compiled) : [];
    const warnings = [...compiled.warnings, ...proofs];
    if (hasErrors(proofs)) throw new Stop(warnings, 1);
    const { bytes } = compiled;
    const content = options.standalone === undefined ? bytes : await withEvaluator(bytes);
    await writeOutput(output, content, files);
    if (json) {
      await reportJson(warnings, files);
    } else {
      reportText(warnings, files);
      if (output !== STDIN) {
        const what = content === bytes ? '' : 'bundle ';
        const hash = bytesToHex(sha256(bytes));
        await print(`wrote ${displayName(output)}: ${content.length} bytes, ${what}sha256:${hash}\n`);
      }
    }
    return 0;
  } catch (error) {
    if (!json || !(error instanceof Stop)) throw error;
    await reportJson(error.diagnostics, files);
    return error.exitCode;
  }
}

async function withEvaluator(bundle: Uint8Array): Promise<Uint8Array> {
  const { moduleBytes } = await import('../wasm/module.ts');
  const { standalone } = await import('../wasm/standalone.ts');
  return standalone(moduleBytes(), bundle);
}
