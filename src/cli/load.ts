// From a path on the command line to a compiled policy or a loaded bundle.

import { MAGIC } from '../bytecode/layout.ts';
import type { Evaluator } from '../evaluator/evaluator.ts';
import type { Compiled } from '../policy.ts';
import type { Files } from './files.ts';
import { Stop, stop } from './report.ts';

/** The bytes of a file; throws a `Stop` when it cannot be read. */
export async function readBytes(path: string, files: Files): Promise<Uint8Array> {
  await files.preload(path);
  const result = files.readFile(path);
  if (!result.ok) throw stop('P4001', path, { reason: result.reason });
  return result.bytes;
}

/**
 * Whether these are the bytes of a bundle, damaged or not: decided by its first four bytes, never by the file's name. One of the four
 * may be wrong: no source begins like that, so it is a damaged bundle.
 */
export function isBundle(bytes: Uint8Array): boolean {
  const magic = [0, 8, 16, 24].map((shift) => (MAGIC >>> shift) & 0xff);
  return magic.filter((byte, index) => bytes[index] === byte).length >= 3;
}

/** Refuses a bundle where the command needs source. */
export async function readSource(path: string, files: Files, command: string): Promise<void> {
  if (isBundle(await readBytes(path, files))) throw stop('P4006', path, { command });
}

/** Compiles a policy; throws a `Stop` with its diagnostics when it has errors. */
export async function compileFile(path: string, files: Files): Promise<Compiled> {
  const { compilePolicy } = await import('../policy.ts');
  const result = compilePolicy(path, files);
  if (!result.ok) throw new Stop(result.diagnostics, 1);
  return result.compiled;
}

/** The bytes of a bundle, or those of a policy that is compiled first. */
export async function readBundle(path: string, files: Files): Promise<Uint8Array> {
  const bytes = await readBytes(path, files);
  return isBundle(bytes) ? bytes : (await compileFile(path, files)).bytes;
}

/** An evaluator for the bytes of a bundle; throws a `Stop` when they do not verify. */
export async function loadBytes(path: string, bytes: Uint8Array): Promise<Evaluator> {
  const { BundleError, loadBundle } = await import('../evaluator/evaluator.ts');
  try {
    return loadBundle(bytes);
  } catch (error) {
    if (error instanceof BundleError) throw refusal(path, error);
    throw error;
  }
}

/** The `Stop` of a bundle that the decoder or the verifier refused. */
export function refusal(path: string, error: { readonly code: string; readonly message: string }): Stop {
  const code = error.code === 'contract' ? 'P4005' : 'P4004';
  return stop(code, path, { detail: error.message });
}
