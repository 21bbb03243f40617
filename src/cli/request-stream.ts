// Requests from a file or standard input, as bytes, in bounded memory: whatever the input, little more than one request is held.
//
// JSON Lines: one request per line; blank lines are skipped. A `.json` file holds one request. Standard input (and a file with any
// other ending) is JSON Lines, unless its first line is not JSON by itself while the whole input is: then it is one request, printed
// over several lines.

import { createReadStream } from 'node:fs';
import { extname } from 'node:path';
import { MAX_REQUEST_BYTES } from '../bytecode/limits.ts';
import { readAtMost, reasonOf, STDIN } from './files.ts';
import { stop } from './report.ts';

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** Cuts a byte stream into lines. Of a line beyond the limit only so much is kept that it is still beyond the limit. */
export class LineSplitter {
  private pending: Uint8Array[] = [];
  private size = 0;

  /** The lines that end in this chunk. */
  push(chunk: Uint8Array): Uint8Array[] {
    const lines: Uint8Array[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      if (end > start || this.size > 0) {
        this.keep(chunk.subarray(start, end));
        this.take(lines);
      }
      start = end + 1;
    }
    this.keep(chunk.subarray(start));
    return lines;
  }

  /** The last line, when it does not end with a newline. */
  finish(): Uint8Array[] {
    const lines: Uint8Array[] = [];
    this.take(lines);
    return lines;
  }

  private keep(part: Uint8Array): void {
    // One byte more than the limit, and one for a carriage return.
    const room = MAX_REQUEST_BYTES + 2 - this.size;
    if (room <= 0 || part.length === 0) return;
    const kept = part.subarray(0, room);
    this.pending.push(kept);
    this.size += kept.length;
  }

  private take(lines: Uint8Array[]): void {
    let line = this.pending.length === 1 ? (this.pending[0] as Uint8Array) : Buffer.concat(this.pending);
    if (line.at(-1) === RETURN) line = line.subarray(0, -1);
    if (!isBlank(line)) lines.push(line);
    this.pending = [];
    this.size = 0;
  }
}

/** The requests of an input, in order, in batches. Throws a `Stop` when it cannot be read. */
export async function* readRequests(path: string): AsyncGenerator<readonly Uint8Array[]> {
  if (extname(path).toLowerCase() === '.json') {
    const result = readAtMost(path, MAX_REQUEST_BYTES);
    if (!result.ok) throw stop('P4001', path, { reason: result.reason });
    yield [result.bytes];
    return;
  }
  const stream = path === STDIN ? process.stdin : createReadStream(path, { highWaterMark: 262_144 });
  const lines = ['.jsonl', '.ndjson'].includes(extname(path).toLowerCase());
  try {
    yield* lines ? splitLines(stream) : splitUnknown(stream);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw stop('P4001', path, { reason: reasonOf(error) });
  }
}

async function* splitLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly Uint8Array[]> {
  const splitter = new LineSplitter();
  for await (const chunk of chunks) yield splitter.push(chunk);
  yield splitter.finish();
}

async function* splitUnknown(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly Uint8Array[]> {
  const splitter = new LineSplitter();
  // Bytes that may turn out to be one document over several lines; null once they turned out to be lines.
  let held: Uint8Array | null = new Uint8Array();
  for await (const chunk of chunks) {
    if (held === null) {
      yield splitter.push(chunk);
      continue;
    }
    held = Buffer.concat([held, chunk]);
    if (held.length > MAX_REQUEST_BYTES || isJson(firstLine(held))) {
      yield splitter.push(held);
      held = null;
    }
  }
  if (held !== null && isJson(held)) yield [held];
  else yield [...splitter.push(held ?? new Uint8Array()), ...splitter.finish()];
}

/** The first line that is not blank, when it is complete; else null. */
function firstLine(bytes: Uint8Array): Uint8Array | null {
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    const line = bytes.subarray(start, end);
    if (!isBlank(line)) return line;
    start = end + 1;
  }
  return null;
}

function isJson(bytes: Uint8Array | null): boolean {
  if (bytes === null) return false;
  try {
    JSON.parse(new TextDecoder().decode(bytes));
    return true;
  } catch {
    return false;
  }
}

function isBlank(line: Uint8Array): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09 || byte === RETURN);
}
