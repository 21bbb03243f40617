// No fixture changes unnoticed, and a frozen one never.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FIXTURES } from '../../scripts/fixture-files.ts';
import {
  FROZEN,
  frozenChanges,
  hashFiles,
  isFrozen,
  MANIFEST,
  manifestText,
  readManifest,
} from '../../scripts/fixture-manifest.ts';

const stored = readManifest(FIXTURES);
const actual = hashFiles(FIXTURES);

test('frozen files are as they were', () => {
  expect(frozenChanges(stored, actual)).toEqual([]);
  for (const folder of FROZEN) {
    expect([...stored.keys()].filter((name) => name.startsWith(folder)).length, folder).toBeGreaterThan(0);
  }
});

test('the manifest lists every file as it is', () => {
  expect(manifestText(actual), 'run `npm run fixtures`').toBe(readFileSync(join(FIXTURES, MANIFEST), 'utf8'));
});

test.each(FROZEN)('below %s a change and a loss are seen; additions and other folders are free', (folder) => {
  const before = new Map([
    [`${folder}a`, '1'],
    [`${folder}b`, '2'],
    [`${folder}c`, '3'],
    ['next/d', '4'],
    ['next/e', '5'],
  ]);
  const after = new Map([
    [`${folder}a`, '1'],
    [`${folder}b`, 'other'],
    [`${folder}new`, '6'],
    ['next/d', 'other'],
  ]);
  expect(frozenChanges(before, after)).toEqual([
    `${folder}b is frozen and was changed`,
    `${folder}c is frozen and missing`,
  ]);
});

test('v1 is frozen, next is not', () => {
  expect(isFrozen('v1/expressions/maps/cases.json')).toBe(true);
  expect(isFrozen('next/README.md')).toBe(false);
  expect(isFrozen('bundles/v1/a')).toBe(false);
});

test('a file that is added to a frozen folder needs the manifest', () => {
  const folder = mkdtempSync(join(tmpdir(), 'added-'));
  try {
    mkdirSync(join(folder, 'v1'));
    writeFileSync(join(folder, 'v1/one.json'), '[]');
    writeFileSync(join(folder, MANIFEST), manifestText(hashFiles(folder)));
    writeFileSync(join(folder, 'v1/two.json'), '[]');
    expect(manifestText(hashFiles(folder))).not.toBe(readFileSync(join(folder, MANIFEST), 'utf8'));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a manifest is read as it was written', () => {
  const folder = mkdtempSync(join(tmpdir(), 'manifest-'));
  try {
    writeFileSync(join(folder, 'one file.txt'), 'text');
    const manifest = hashFiles(folder);
    expect([...manifest.keys()]).toEqual(['one file.txt']);
    writeFileSync(join(folder, MANIFEST), manifestText(manifest));
    expect(readManifest(folder)).toEqual(manifest);
    expect(hashFiles(folder)).toEqual(manifest);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
