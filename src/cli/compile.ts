// policyc compile: policy source to a bundle.

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { type Files, STDIN } from './files.ts';
import { compileFile, readSource } from './load.ts';
import { writeOutput } from './output-file.ts';
import { displayName, reportJson, reportText, Stop } from './report.ts';
import { type ExitCode, print } from './terminal.ts';

export interface CompileOptions {
  readonly output: string;
  readonly format: 'text' | 'json';
}

export async function compile(path: string, options: CompileOptions, files: Files): Promise<ExitCode> {
  // Standard output cannot carry both the bundle and the diagnostics.
  const json = options.format === 'json' && options.output !== STDIN;
  try {
    await readSource(path, files, 'compile');
    const { bytes, warnings } = await compileFile(path, files);
    await writeOutput(options.output, bytes, files);
    if (json) {
      await reportJson(warnings, files);
    } else {
      reportText(warnings, files);
      if (options.output !== STDIN) {
        await print(
          `wrote ${displayName(options.output)}: ${bytes.length} bytes, sha256:${bytesToHex(sha256(bytes))}\n`,
        );
      }
    }
    return 0;
  } catch (error) {
    if (!json || !(error instanceof Stop)) throw error;
    await reportJson(error.diagnostics, files);
    return error.exitCode;
  }
}
