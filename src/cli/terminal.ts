// Standard output and standard error: colours, back-pressure, and what happens when they cannot be written.

import { once } from 'node:events';
import pc from 'picocolors';
import { reasonOf } from './files.ts';

/** 0: fine; 1: the policy, a test or a comparison has findings; 2: usage or input/output. */
export type ExitCode = 0 | 1 | 2;

function wantsColor(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
}

/** Colours for standard output and for standard error; plain when that one is not a terminal. */
export const outColors = pc.createColors(wantsColor(process.stdout));
export const errorColors = pc.createColors(wantsColor(process.stderr));

/** A reader that closed the pipe (`| head`) ends the program quietly; any other failure to write is an error. */
export function guardStreams(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    process.stderr.write(`error[P4002]: cannot write standard output: ${reasonOf(error)}\n`, () =>
      process.exit(2),
    );
  });
  process.stderr.on('error', () => process.exit(2));
}

/** Writes to standard output and waits while the reader is slower than we are. */
export async function print(chunk: string | Uint8Array): Promise<void> {
  if (chunk.length > 0 && !process.stdout.write(chunk)) await once(process.stdout, 'drain');
}

/** Writes to standard error. */
export function printError(text: string): void {
  process.stderr.write(text);
}
