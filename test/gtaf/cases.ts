// The frozen fixtures of the GTAF projection.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Request } from './requests.ts';

const FOLDER = join(import.meta.dirname, '../../contract_fixtures/gtaf-v0.1');

export interface Case {
  readonly name: string;
  readonly request: Request;
  readonly expected: { readonly effect: string; readonly reason: string };
}

/** Every case in the order of its name. */
export function loadCases(): Case[] {
  const folders = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders
    .map(({ name }) => ({ name, request: read(name, 'request'), expected: read(name, 'expected') }) as Case)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function read(name: string, file: string): unknown {
  return JSON.parse(readFileSync(join(FOLDER, name, `${file}.json`), 'utf8'));
}
