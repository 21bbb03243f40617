// examples/embedding/worker in a context that has web globals and nothing else: no require, no process, no compiling of code or modules.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import vm from 'node:vm';
import { build, type Plugin } from 'esbuild';
import { expect, test } from 'vitest';
import { compileSync } from '../../src/wasm/module.ts';
import { decisionsOf, examplePolicy, Place } from './place.ts';

const place = new Place('worker');
const { bundle, requests } = examplePolicy();

interface Worker {
  fetch(request: Request): Promise<Response>;
}

/** What an edge platform does at deployment: one script, `.wasm` files compiled, other files as data. */
const platform: Plugin = {
  name: 'platform',
  setup({ onLoad }) {
    onLoad({ filter: /\.wasm$/ }, () => ({ contents: 'export default platform.module' }));
    onLoad({ filter: /\.bin$/ }, () => ({ contents: 'export default platform.data' }));
  },
};

async function deploy(): Promise<{ readonly worker: Worker; readonly context: vm.Context }> {
  writeFileSync(join(place.folder, 'policy.bin'), bundle);
  const { outputFiles } = await build({
    absWorkingDir: place.folder,
    entryPoints: ['worker.js'],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'worker',
    platform: 'neutral',
    plugins: [platform],
  });
  const module = compileSync(readFileSync(join(place.dist, 'asm.wasm')));
  const data = bundle.slice().buffer;
  const globals = {
    atob,
    btoa,
    Headers,
    Request,
    Response,
    TextDecoder,
    TextEncoder,
    URL,
    platform: { module, data },
  };
  const context = vm.createContext({ ...globals }, { codeGeneration: { strings: false, wasm: false } });
  vm.runInContext(outputFiles[0]!.text, context);
  return { worker: vm.runInContext('worker.default', context) as Worker, context };
}

test('the example judges as the TypeScript evaluator does', async () => {
  const { worker } = await deploy();
  const answers: string[] = [];
  for (const body of requests) {
    const response = await worker.fetch(new Request('https://policy.example/', { method: 'POST', body }));
    expect(response.headers.get('content-type')).toBe('application/json');
    answers.push(await response.text());
  }
  expect(answers).toEqual(decisionsOf(bundle, requests));
});

test('the context is as bare as it should be', async () => {
  const { context } = await deploy();
  expect(vm.runInContext('[typeof require, typeof process, typeof Buffer]', context)).toEqual(
    Array(3).fill('undefined'),
  );
  expect(() => vm.runInContext(`eval('1')`, context)).toThrow('Code generation from strings disallowed');
  const empty = '0, 0x61, 0x73, 0x6d, 1, 0, 0, 0';
  expect(() => vm.runInContext(`new WebAssembly.Module(Uint8Array.of(${empty}))`, context)).toThrow(
    'Wasm code generation disallowed',
  );
});
