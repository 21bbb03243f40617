// The module is a function of its sources, small, and asks nothing of its host.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildAsm, moduleSource } from '../../scripts/build-asm.mjs';
import { asmConstants } from '../../scripts/generate-asm.ts';
import { contractHash } from '../../src/bytecode/contract.ts';
import { moduleBytes } from '../../src/wasm/module.ts';
import { Instance, MODULE, ROOT } from './module.ts';

/** 8.6 KB of it are the verifier. */
const MAX_MODULE_BYTES = 28_300;

interface Described {
  imports(module: object): readonly unknown[];
}
const { Module } = (globalThis as unknown as { readonly WebAssembly: { readonly Module: Described } })
  .WebAssembly;

describe('generated files are fresh', () => {
  test('asm/generated.ts', () => {
    expect(readFileSync(join(ROOT, 'asm/generated.ts'), 'utf8')).toBe(asmConstants());
  });
});

describe('the module', () => {
  let first: Uint8Array;
  beforeAll(async () => {
    first = await buildAsm();
  });

  test('is what the package embeds', () => {
    const embedded = readFileSync(join(ROOT, 'src/wasm/module.generated.ts'), 'utf8');
    expect(embedded === moduleSource(first), 'run `npm run generate`').toBe(true);
    expect(moduleBytes()).toEqual(new Uint8Array(first));
  });

  test('is the same when it is built again', async () => {
    expect(Buffer.from(await buildAsm()).equals(Buffer.from(first))).toBe(true);
  });

  test('is small', () => {
    console.log(`asm.wasm: ${first.length} bytes of at most ${MAX_MODULE_BYTES}`);
    expect(first.length).toBeLessThanOrEqual(MAX_MODULE_BYTES);
  });

  test('has no imports', () => {
    expect(Module.imports(MODULE)).toEqual([]);
  });

  test('carries the hash of the contract', () => {
    const { wasm } = new Instance();
    expect(new Uint8Array(wasm.memory.buffer, wasm.contractHash(), 32)).toEqual(contractHash());
  });
});
