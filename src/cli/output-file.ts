// Writing a result: whole or not at all. The bytes go to a temporary file in the same folder, which then takes the name of the result.

import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Files, reasonOf, STDIN } from './files.ts';
import { stop } from './report.ts';
import { print } from './terminal.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Writes a file, or standard output when the path is `-`. Throws a `Stop` when it cannot, or when it would replace a file that this run
 * has read; then the old file, if any, is untouched.
 */
export async function writeOutput(path: string, content: string | Uint8Array, files: Files): Promise<void> {
  if (path === STDIN) return print(content);
  if (isSource(path, files)) throw stop('P4002', path, { reason: 'it is an input of this command' });
  // With a listener a signal waits for the event loop, so it cannot come between the temporary file and its removal.
  const received: NodeJS.Signals[] = [];
  const note = (signal: NodeJS.Signals): void => {
    received.push(signal);
  };
  for (const signal of SIGNALS) process.on(signal, note);
  try {
    replaceFile(path, content);
  } catch (error) {
    throw stop('P4002', path, { reason: reasonOf(error) });
  } finally {
    await new Promise((resolve) => setImmediate(resolve));
    for (const signal of SIGNALS) process.off(signal, note);
    if (received[0] !== undefined) process.kill(process.pid, received[0]);
  }
}

/** A path that cannot be looked at is no source; writing it will say why. */
function isSource(path: string, files: Files): boolean {
  try {
    return files.wasRead(path);
  } catch {
    return false;
  }
}

function replaceFile(path: string, content: string | Uint8Array): void {
  const old = statSync(path, { throwIfNoEntry: false });
  if (old !== undefined && !old.isFile()) {
    // A device or a pipe (/dev/stdout) has no bytes to keep and must not be replaced; a directory fails here.
    writeFileSync(path, content);
    return;
  }
  // Renaming needs the right to write the folder only: a file that is write-protected must stay as it is.
  if (old !== undefined) accessSync(path, constants.W_OK);
  const target = old === undefined ? path : realpathSync(path);
  const temporary = join(
    dirname(target),
    `.${basename(target).slice(0, 100)}.${randomBytes(6).toString('hex')}.tmp`,
  );
  try {
    writeNew(temporary, content, old);
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function writeNew(path: string, content: string | Uint8Array, old: Stats | undefined): void {
  const file = openSync(path, 'wx', old?.mode);
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
