// The exports of asm.wasm as asm/README.md documents them, and how a host comes by an instance. WebAssembly is reached through globalThis:
// it is the same in Node, browsers, Deno, Bun and edge workers, and needs no type library of any of them.

import { MODULE } from './module.generated.ts';

/** What asm/index.ts exports. Addresses and lengths are unsigned. */
export interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  abiVersion(): number;
  contractHash(): number;
  alloc(size: number): number;
  load(address: number, length: number): number;
  unload(): void;
  errorCode(): number;
  errorOffset(): number;
  evaluate(address: number, length: number): number;
  decisionLength(): number;
  beginSlots(): number;
  decideSlots(): number;
}

interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Exports };
  compile(bytes: object): Promise<object>;
  instantiate(module: object, imports: object): Promise<{ readonly exports: Exports }>;
}
const api = (): WebAssemblyApi =>
  (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly;

const ABI_VERSION = 1;

/** The bytes of the module that this package ships. */
export function moduleBytes(): Uint8Array {
  const text = atob(MODULE);
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

let shipped: Promise<object> | null = null;

/** The shipped module is compiled once; one that the caller gives is compiled unless it is compiled already. */
function compiled(module: object | undefined): object | Promise<object> {
  if (module === undefined) {
    shipped ??= api().compile(moduleBytes());
    return shipped;
  }
  return isBytes(module) ? api().compile(module) : module;
}

function isBytes(module: object): boolean {
  // By what it is, not by its prototype: buffers and modules may come from another realm.
  return ArrayBuffer.isView(module) || Object.prototype.toString.call(module) === '[object ArrayBuffer]';
}

/** A fresh instance; `module` is a WebAssembly.Module or its bytes, by default the one that this package ships. */
export async function instantiate(module?: object): Promise<Exports> {
  const { exports } = await api().instantiate(await compiled(module), {});
  return checked(exports);
}

/** The same at once, of a compiled module. */
export function instantiateSync(module: object): Exports {
  return checked(new (api().Instance)(module, {}).exports);
}

/** Compiles at once, where the host allows it. */
export function compileSync(bytes: Uint8Array): object {
  return new (api().Module)(bytes);
}

function checked(exports: Exports): Exports {
  if (typeof exports.abiVersion === 'function' && exports.abiVersion() === ABI_VERSION) return exports;
  throw new TypeError(`the WebAssembly module is no policyc evaluator of ABI version ${ABI_VERSION}`);
}
