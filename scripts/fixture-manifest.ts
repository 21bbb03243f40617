// contract_fixtures/MANIFEST.sha256: the SHA-256 of every fixture file, in the format of `sha256sum`. It makes a change of a fixture
// visible, and keeps the frozen folders as they are.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

export const MANIFEST = 'MANIFEST.sha256';

/** Folders whose files are never changed or dropped. What is added below one is frozen from the next manifest on. */
export const FROZEN: readonly string[] = ['gtaf-v0.1/', 'v1/'];

/** Whether a file or folder, below the folder of fixtures, is frozen. */
export function isFrozen(name: string): boolean {
  return FROZEN.some((folder) => name.startsWith(folder));
}

/** Hash by path below the folder of fixtures, `/` between segments. */
export type Manifest = ReadonlyMap<string, string>;

/** The manifest of the files as they are. */
export function hashFiles(folder: string): Manifest {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .split(sep)
        .join('/'),
    )
    .filter((name) => name !== MANIFEST)
    .sort();
  return new Map(names.map((name) => [name, sha256(readFileSync(join(folder, name)))]));
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The stored manifest; empty when there is none. */
export function readManifest(folder: string): Manifest {
  const file = join(folder, MANIFEST);
  if (!existsSync(file)) return new Map();
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
}

export function manifestText(manifest: Manifest): string {
  return [...manifest].map(([name, hash]) => `${hash}  ${name}\n`).join('');
}

/** What is wrong with the frozen files, one line for each that was changed or is missing. */
export function frozenChanges(stored: Manifest, actual: Manifest): string[] {
  const problems: string[] = [];
  for (const [name, hash] of stored) {
    if (!isFrozen(name)) continue;
    const now = actual.get(name);
    if (now === undefined) problems.push(`${name} is frozen and missing`);
    else if (now !== hash) problems.push(`${name} is frozen and was changed`);
  }
  return problems;
}
