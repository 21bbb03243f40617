// Modules that carry their bundle: instantiate, evaluate, nothing else.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type CaseInput, requestBytes } from '../../scripts/fixture-files.ts';
import { BundleError, loadBundle } from '../../src/evaluator/evaluator.ts';
import { compilePolicy } from '../../src/policy.ts';
import { compileSync, type Exports, moduleBytes } from '../../src/wasm/module.ts';
import { standalone } from '../../src/wasm/standalone.ts';
import { output, program } from '../hosts/place.ts';
import { MODULE, ROOT } from './module.ts';

const BUNDLES = join(ROOT, 'contract_fixtures/bundles');

interface WebAssemblyApi {
  readonly Module: {
    imports(module: object): readonly unknown[];
    exports(module: object): readonly unknown[];
  };
  readonly Instance: new (module: object) => { readonly exports: Exports };
}
const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyApi };

/** Without any host of ours: what another runtime would do. */
function start(module: Uint8Array): Exports {
  return new WebAssembly.Instance(compileSync(module)).exports;
}

function judge(wasm: Exports, request: Uint8Array): string {
  const address = wasm.alloc(request.length);
  if (address !== 0) new Uint8Array(wasm.memory.buffer).set(request, address);
  const decision = wasm.evaluate(address, request.length);
  return new TextDecoder().decode(new Uint8Array(wasm.memory.buffer, decision, wasm.decisionLength()));
}

function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(join(BUNDLES, name, 'bundle.policyb')));
}

const names = readdirSync(BUNDLES);
const bundle = fixture(names[0]!);

describe('a standalone module', () => {
  test.each(names)('%s decides the stored bytes', (name) => {
    const wasm = start(standalone(moduleBytes(), fixture(name)));
    const lines = (file: string): string[] =>
      readFileSync(join(BUNDLES, name, file), 'utf8')
        .trimEnd()
        .split('\n');
    const requests = lines('requests.jsonl').map((line) => requestBytes(JSON.parse(line) as CaseInput));
    expect(requests.map((request) => judge(wasm, request))).toEqual(lines('decisions.jsonl'));
  });

  test('has no imports, the exports of the evaluator, and its size plus that of the bundle', () => {
    const bytes = standalone(moduleBytes(), bundle);
    const module = compileSync(bytes);
    expect(WebAssembly.Module.imports(module)).toEqual([]);
    expect(WebAssembly.Module.exports(module)).toEqual(WebAssembly.Module.exports(MODULE));
    expect(bytes.length - moduleBytes().length - bundle.length).toBeLessThan(64);
  });

  test('is the same when it is made again', () => {
    expect(standalone(moduleBytes(), bundle)).toEqual(standalone(moduleBytes(), bundle));
  });

  test('can forget its bundle and load another', () => {
    const wasm = start(standalone(moduleBytes(), bundle));
    const other = fixture(names[1]!);
    const first = judge(wasm, Uint8Array.of(0x6e));
    wasm.unload();
    const address = wasm.alloc(other.length);
    new Uint8Array(wasm.memory.buffer).set(other, address);
    expect(wasm.load(address, other.length)).toBe(0);
    expect(judge(wasm, Uint8Array.of(0x6e))).not.toBe(first);
  });
});

test('a bundle of many pages', () => {
  const rules = Array.from({ length: 3000 }, (_, i) => `deny rule_${i} when n == ${i} message "number ${i}"`);
  const files: { readonly [path: string]: string } = {
    'p.policy': [
      'policy big request from "./s.json" effects allow < deny combining most_restrictive default allow',
      ...rules,
    ].join('\n'),
    's.json': JSON.stringify({ type: 'object', required: ['n'], properties: { n: { type: 'integer' } } }),
  };
  const result = compilePolicy('p.policy', {
    readFile: (path) => {
      const text = files[path.replace('./', '')];
      return text === undefined
        ? { ok: false, reason: 'absent' }
        : { ok: true, bytes: new TextEncoder().encode(text) };
    },
  });
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
  const { bytes } = result.compiled;
  expect(bytes.length).toBeGreaterThan(5 * 65_536);
  const wasm = start(standalone(moduleBytes(), bytes));
  const expected = loadBundle(bytes);
  for (const request of ['{"n":2999}', '{"n":-1}', 'x']) {
    const text = new TextEncoder().encode(request);
    expect(judge(wasm, text)).toBe(new TextDecoder().decode(expected.evaluateJson(request)));
  }
});

test('a module without a start function gets one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'policyc-wat-'));
  try {
    // Says of itself, in errorCode, what `load` was called with: the length, and the first byte at the address.
    const decision = '{\\22policy\\22:{}}';
    const source = `(module (memory (export "memory") 1) (data (i32.const 8) "${decision}") (global $seen (mut i32) (i32.const 0))
      (func (export "abiVersion") (result i32) (i32.const 1))
      (func (export "alloc") (param i32) (result i32) (i32.const 65530))
      (func (export "load") (param $at i32) (param $length i32) (result i32)
        (global.set $seen (i32.add (i32.mul (local.get $length) (i32.const 1000)) (i32.load8_u (local.get $at))))
        (i32.const 0))
      (func (export "errorCode") (result i32) (global.get $seen))
      (func (export "evaluate") (param i32 i32) (result i32) (i32.const 8))
      (func (export "decisionLength") (result i32) (i32.const 13)))`;
    writeFileSync(join(folder, 'm.wat'), source);
    output(program('wat2wasm', 'wabt'), ['m.wat', '-o', 'm.wasm'], folder);
    const module = new Uint8Array(readFileSync(join(folder, 'm.wasm')));
    expect(start(module).errorCode()).toBe(0);
    const made = start(standalone(module, Uint8Array.of(77, 1, 2, 3)));
    expect(made.errorCode()).toBe(4077);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

describe('refused are', () => {
  test('bundles that do not verify', () => {
    expect(() => standalone(moduleBytes(), bundle.subarray(1))).toThrow(BundleError);
    expect(() => standalone(moduleBytes(), new Uint8Array())).toThrow(BundleError);
  });

  test('modules that are no evaluator', () => {
    expect(() => standalone(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0), bundle)).toThrow(TypeError);
  });

  test('a module that has a bundle already', () => {
    expect(() => standalone(standalone(moduleBytes(), bundle), bundle)).toThrow(BundleError);
  });
});
