// Reading the files that a command line names. `-` is standard input.

import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { MAX_BUNDLE_BYTES } from '../bytecode/limits.ts';
import type { Host } from '../policy.ts';
import { SourceText } from './source-frame.ts';

export const STDIN = '-';

type ReadResult =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly reason: string };

const REASONS: { readonly [code: string]: string } = {
  ENOENT: 'no such file or directory',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of the path is not a directory',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  ENOSPC: 'no space left on device',
  EROFS: 'the file system is read-only',
  EMFILE: 'too many open files',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the name is too long',
  EDQUOT: 'disk quota exceeded',
  EIO: 'input/output error',
  ERR_INVALID_ARG_VALUE: 'the path holds a NUL character',
};

/** A failed system call in plain words. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? 'unknown error';
  return REASONS[code] ?? code;
}

/** The first `limit + 1` bytes of a file: enough to see that it is too long, whatever its size. */
export function readAtMost(path: string, limit: number): ReadResult {
  let file: number | null = null;
  try {
    file = openSync(path, 'r');
    if (fstatSync(file).isDirectory()) return { ok: false, reason: REASONS.EISDIR as string };
    const chunks: Buffer[] = [];
    let total = 0;
    while (total <= limit) {
      const chunk = Buffer.allocUnsafe(Math.min(65_536, limit + 1 - total));
      const length = readSync(file, chunk, 0, chunk.length, null);
      if (length === 0) break;
      chunks.push(chunk.subarray(0, length));
      total += length;
    }
    return { ok: true, bytes: Buffer.concat(chunks) };
  } catch (error) {
    return { ok: false, reason: reasonOf(error) };
  } finally {
    if (file !== null) closeSync(file);
  }
}

async function readStdin(limit: number): Promise<ReadResult> {
  const chunks: Buffer[] = [];
  let total = 0;
  try {
    for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      total += chunk.length;
      if (total > limit) break;
    }
  } catch (error) {
    return { ok: false, reason: reasonOf(error) };
  }
  return { ok: true, bytes: Buffer.concat(chunks) };
}

/** The files of one run, each read once, so that a diagnostic shows the text that was compiled. */
export class Files implements Host {
  private readonly read = new Map<string, ReadResult>();
  private readonly sources = new Map<string, SourceText | null>();

  /** Reads standard input, which (unlike files) cannot be read when the compiler asks for it. */
  async preload(path: string): Promise<void> {
    if (path === STDIN && !this.read.has(STDIN)) this.read.set(STDIN, await readStdin(MAX_BUNDLE_BYTES));
  }

  readFile(path: string): ReadResult {
    let result = this.read.get(path);
    if (result === undefined) {
      result = readAtMost(path, MAX_BUNDLE_BYTES);
      this.read.set(path, result);
    }
    return result;
  }

  /** Whether the path names a file that was read, by whatever name. */
  wasRead(path: string): boolean {
    const wanted = statSync(path, { throwIfNoEntry: false });
    if (wanted?.isFile() !== true) return false;
    return [...this.read.keys()].some((name) => {
      const known = name === STDIN ? undefined : statSync(name, { throwIfNoEntry: false });
      return known !== undefined && known.ino === wanted.ino && known.dev === wanted.dev;
    });
  }

  /** The text of a file that was read, null when there is none or it is not text. */
  source(path: string): SourceText | null {
    let source = this.sources.get(path);
    if (source === undefined) {
      const result = this.read.get(path);
      source = result?.ok ? decode(result.bytes) : null;
      this.sources.set(path, source);
    }
    return source;
  }
}

function decode(bytes: Uint8Array): SourceText | null {
  try {
    // The compiler's offsets count the byte order mark.
    return new SourceText(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return null;
  }
}
