// What is measured of getting a bundle ready. Repeating it is what a host does that serves many policies, not one that starts; for that
// look at the first call.

import { loadBundle } from '../src/evaluator/evaluator.ts';
import { compileSync, loadBundleSync, moduleBytes } from '../src/wasm/host.ts';

/** One act; what it gives is kept by the caller, so that it must be made. */
type Act = () => unknown;

export interface Load {
  readonly name: string;
  /** The act for a bundle and a request to it. Whatever can be prepared is prepared here. */
  readonly create: (bundle: Uint8Array, request: unknown) => Act;
}

export const LOADS: readonly Load[] = [
  { name: 'TypeScript', create: (bundle) => () => loadBundle(bundle) },
  {
    name: 'WASM, a fresh instance of a compiled module',
    create: (bundle) => {
      const module = compileSync(moduleBytes());
      return () => loadBundleSync(bundle, module);
    },
  },
  {
    name: 'TypeScript, and the first decide',
    create: (bundle, request) => () => loadBundle(bundle).decide(request),
  },
  {
    name: 'WASM, and the first decide',
    create: (bundle, request) => {
      const module = compileSync(moduleBytes());
      return () => loadBundleSync(bundle, module).decide(request);
    },
  },
];

/** Compiling the module from its bytes. */
export const MODULE_COMPILE: Load = {
  name: 'compile',
  create: () => {
    const bytes = moduleBytes();
    let count = 0;
    return () => compileSync(distinct(bytes, count++));
  },
};

/** The module with a custom section of its own: V8 remembers modules by their bytes and would not compile the same ones again. */
function distinct(module: Uint8Array, count: number): Uint8Array {
  const name = new TextEncoder().encode(String(count).padStart(8, '0'));
  const made = new Uint8Array(module.length + name.length + 3);
  made.set(module);
  made.set([0, name.length + 1, name.length], module.length);
  made.set(name, module.length + 3);
  return made;
}
