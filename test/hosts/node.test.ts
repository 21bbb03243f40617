// The package as Node resolves it, and examples/embedding/node.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { moduleBytes } from '../../src/wasm/module.ts';
import { decisionsOf, examplePolicy, output, Place } from './place.ts';

const place = new Place('node');
const { bundle, requests } = examplePolicy();

test('the example judges as the TypeScript evaluator does', () => {
  writeFileSync(join(place.folder, 'policy.policyb'), bundle);
  const printed = output(process.execPath, ['judge.mjs'], place.folder, `${requests.join('\n')}\n`);
  expect(printed.trimEnd().split('\n')).toEqual(decisionsOf(bundle, requests));
});

test('policyc/asm.wasm is the module', () => {
  const script = `console.log(import.meta.resolve('policyc/asm.wasm'))`;
  const url = output(process.execPath, ['--input-type=module', '-e', script], place.folder).trim();
  expect(new Uint8Array(readFileSync(new URL(url)))).toEqual(moduleBytes());
});

test('policyc/wasm is one file: no imports, no eval, no file system', () => {
  const text = readFileSync(join(place.dist, 'wasm.js'), 'utf8');
  const forbidden =
    /^\s*import\b.*|\bfrom\s*["'][^"']+["'];?$|\b(require|import|eval|Function)\s*\(.*|\bnew Function\b.*|["']node:.*/gm;
  expect([...text.matchAll(forbidden)].map(([found]) => found)).toEqual([]);
});
