// The module and helpers that the tests of the WebAssembly evaluator share.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CaseInput, requestBytes } from '../../scripts/fixture-files.ts';
import { VERIFY_CODES } from '../../src/bytecode/verify-refusal.ts';
import { compileSync, type Exports, instantiateSync, moduleBytes } from '../../src/wasm/module.ts';

export const MODULE = compileSync(moduleBytes());

export const ROOT = join(import.meta.dirname, '../..');

export interface FixtureBundle {
  readonly bytes: Uint8Array;
  readonly requests: readonly Uint8Array[];
}

/** Bundles of the contract fixtures with their requests, smallest first. */
export function fixtureBundles(): FixtureBundle[] {
  const folder = join(ROOT, 'contract_fixtures/bundles');
  return readdirSync(folder)
    .map((name) => ({
      bytes: new Uint8Array(readFileSync(join(folder, name, 'bundle.policyb'))),
      requests: readFileSync(join(folder, name, 'requests.jsonl'), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => requestBytes(JSON.parse(line) as CaseInput)),
    }))
    .sort((a, b) => a.bytes.length - b.bytes.length);
}

/** The ABI of asm/README.md, as any host would use it. */
export class Instance {
  readonly wasm: Exports = instantiateSync(MODULE);

  #put(bytes: Uint8Array): number {
    const address = this.wasm.alloc(bytes.length);
    if (address !== 0) new Uint8Array(this.wasm.memory.buffer).set(bytes, address);
    return address;
  }

  /** `ok`, or the code of the verifier. */
  load(bytes: Uint8Array): string {
    const code = this.wasm.load(this.#put(bytes), bytes.length);
    return code === 0 ? 'ok' : (Object.keys(VERIFY_CODES)[code - 1] ?? `code ${code}`);
  }

  evaluate(bytes: Uint8Array): string {
    const address = this.wasm.evaluate(this.#put(bytes), bytes.length);
    return new TextDecoder().decode(
      new Uint8Array(this.wasm.memory.buffer, address, this.wasm.decisionLength()),
    );
  }

  get pages(): number {
    return this.wasm.memory.buffer.byteLength / 65536;
  }
}

/** Numbers in [0, 1), the same for the same seed. */
export function random(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
