// `npm run fixtures [-- [--draft] [AREA[/CASE]…]]`: brings what is derived from the contract fixtures up to date.
//
//   --draft   first fills in the decisions that cases.json files lack, with what the TypeScript evaluator says: a draft, to be compared
//             with the reference of the language by eye. A decision that is there is never changed.
//   AREA…     only these fixtures (the manifest is always of all).
//
// Frozen files are never touched: when one was changed or is missing, it is named and nothing is written to the manifest.

import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { disassemble } from '../src/bytecode/disassemble.ts';
import { type Evaluator, loadBundle } from '../src/evaluator/evaluator.ts';
import {
  bundleFolder,
  type Case,
  compileFixture,
  FIXTURES,
  type Fixture,
  inputOf,
  readFixtures,
  requestBytes,
  withoutHash,
} from './fixture-files.ts';
import {
  frozenChanges,
  hashFiles,
  isFrozen,
  MANIFEST,
  manifestText,
  readManifest,
} from './fixture-manifest.ts';

/** Returns the exit code. */
export function main(args: readonly string[]): number {
  const wanted = args.filter((arg) => arg !== '--draft');
  const all = readFixtures();
  const chosen = all.filter(
    ({ name }) =>
      wanted.length === 0 || wanted.some((start) => name.slice(name.indexOf('/') + 1).startsWith(start)),
  );
  let failed = 0;
  for (const fixture of chosen) {
    try {
      update(fixture, args.includes('--draft'));
    } catch (error) {
      failed++;
      console.error(`${fixture.name}\n${(error as Error).message}\n`);
    }
  }
  if (wanted.length === 0) dropStaleBundles(all);
  console.log(`${chosen.length - failed} fixtures up to date, ${failed} failed`);
  return writeManifest() && failed === 0 ? 0 : 1;
}

function update(fixture: Fixture, draft: boolean): void {
  const { bytes, bundle } = compileFixture(fixture);
  const evaluator = loadBundle(bytes);
  const isComplete = fixture.cases.every((one) => one.decision !== undefined);
  if (draft && !isComplete && !isFrozen(fixture.name)) {
    const filled = fixture.cases.map((one) => ({
      ...one,
      decision: one.decision ?? drafted(one, evaluator),
    }));
    writeFileSync(join(fixture.folder, 'cases.json'), `${print(filled, 0)}\n`);
  }
  const folder = bundleFolder(fixture);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'bundle.policyb'), bytes);
  writeFileSync(join(folder, 'disassembly.txt'), disassemble(bundle));
  writeLines(
    join(folder, 'requests.jsonl'),
    fixture.cases.map((one) => JSON.stringify(inputOf(one))),
  );
  writeLines(
    join(folder, 'decisions.jsonl'),
    fixture.cases.map((one) => decisionText(one, evaluator)),
  );
}

function decisionText(one: Case, evaluator: Evaluator): string {
  return new TextDecoder().decode(evaluator.evaluateJson(requestBytes(one)));
}

function drafted(one: Case, evaluator: Evaluator): Case['decision'] {
  return withoutHash(JSON.parse(decisionText(one, evaluator)));
}

function writeLines(file: string, lines: readonly string[]): void {
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
}

/** Bundles whose fixture is gone. */
function dropStaleBundles(fixtures: readonly Fixture[]): void {
  const folder = join(FIXTURES, 'bundles');
  const known = new Set(fixtures.map(bundleFolder));
  for (const name of readdirSync(folder)) {
    if (!known.has(join(folder, name))) rmSync(join(folder, name), { recursive: true });
  }
}

function writeManifest(): boolean {
  const actual = hashFiles(FIXTURES);
  const problems = frozenChanges(readManifest(FIXTURES), actual);
  if (problems.length === 0) {
    writeFileSync(join(FIXTURES, MANIFEST), manifestText(actual));
    return true;
  }
  for (const problem of problems) console.error(problem);
  console.error(`${MANIFEST} was not written: restore the frozen files`);
  return false;
}

const LINE_WIDTH = 120;

/** JSON with every value on one line that fits there. */
function print(value: unknown, indent: number): string {
  const line = oneLine(value);
  if (indent > 0 && line.length + 2 * indent <= LINE_WIDTH) return line;
  if (typeof value !== 'object' || value === null) return line;
  const margin = '  '.repeat(indent + 1);
  const parts = Array.isArray(value)
    ? value.map((item) => margin + print(item, indent + 1))
    : Object.entries(value).map(
        ([key, item]) => `${margin}${JSON.stringify(key)}: ${print(item, indent + 1)}`,
      );
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${parts.join(',\n')}\n${'  '.repeat(indent)}${close}`;
}

function oneLine(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  const members = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${oneLine(item)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}
