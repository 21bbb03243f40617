// Public entry `policyc/wasm`: the evaluator of asm/ behind the same interface as the TypeScript one. A request is handed over as JSON
// text and the decision comes back as JSON text; data that has no JSON text of the same meaning is judged by the TypeScript evaluator,
// which knows what JavaScript values are.

import { decodeBundle } from '../bytecode/codec.ts';
import { MAX_REQUEST_BYTES } from '../bytecode/limits.ts';
import { RawBundle } from '../bytecode/raw.ts';
import { VERIFY_CODES } from '../bytecode/verify-refusal.ts';
import {
  BundleError,
  type Decision,
  type Evaluator,
  loadBundle as loadTypeScript,
  type Outcome,
} from '../evaluator/evaluator.ts';
import { jsonText } from './json-text.ts';
import { compileSync, type Exports, instantiate, instantiateSync, moduleBytes } from './module.ts';
import { type SlotPath, slotPath } from './slot-path.ts';

export type { Decision, Evaluator, Outcome };
export { BundleError, compileSync, moduleBytes };

export interface LoadOptions {
  /** A WebAssembly.Module, or the bytes of one, instead of the module that this package ships. */
  readonly module?: object;
}

/** Loads a bundle into a fresh instance. Rejects with a BundleError when the bundle does not verify. */
export async function loadBundle(bytes: Uint8Array, options: LoadOptions = {}): Promise<Evaluator> {
  return new WasmEvaluator(await instantiate(options.module), bytes);
}

/** The same at once, with a compiled WebAssembly.Module (see compileSync). */
export function loadBundleSync(bytes: Uint8Array, module: object): Evaluator {
  return new WasmEvaluator(instantiateSync(module), bytes);
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
/** No UTF-8, as the text that it stands for. */
const NO_UTF8 = Uint8Array.of(0xff);
/** No JSON, for what is neither text nor bytes. */
const NO_JSON = new Uint8Array();
/** The number of bytes as the array itself knows it, whatever an own or inherited `length` says; throws for what is no array of bytes. */
const lengthOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), 'length')!
  .get as (this: Uint8Array) => number;

class WasmEvaluator implements Evaluator {
  readonly bundle: string;
  readonly policy: { readonly name: string; readonly version: string | null };
  readonly #wasm: Exports;
  readonly #bytes: Uint8Array;
  #memory: Uint8Array;
  #fallback: Evaluator | null = null;
  /** Undefined before the first decide, null when the bundle has no slot path. */
  #slots: SlotPath | null | undefined = undefined;

  constructor(wasm: Exports, bytes: Uint8Array) {
    this.#wasm = wasm;
    this.#bytes = bytes.slice();
    this.#memory = new Uint8Array(wasm.memory.buffer);
    const code = wasm.load(this.#put(this.#bytes), this.#bytes.length);
    if (code !== 0) throw refusal(code, wasm.errorOffset());
    const { policy } = this.#decision(NO_JSON);
    this.bundle = policy.bundle;
    this.policy = Object.freeze({ name: policy.name, version: policy.version });
  }

  decide(request: unknown): Outcome {
    const outcome = this.#decideSlots(request);
    if (outcome !== null) return outcome;
    const { effect, reason, rule, severity, obligations } = this.evaluate(request);
    return Object.freeze({ effect, reason, rule, severity, obligations: deepFreeze(obligations) });
  }

  /** By the slot path, when the bundle and the request allow it. */
  #decideSlots(request: unknown): Outcome | null {
    if (this.#slots === undefined) this.#slots = prepareSlots(this.#bytes, this.#wasm);
    if (this.#slots === null) return null;
    try {
      return this.#slots.decide(request);
    } catch {
      // A getter or a proxy threw: what that means is said where data is judged.
      return null;
    }
  }

  evaluate(request: unknown): Decision {
    const text = jsonText(request, MAX_REQUEST_BYTES);
    const bytes = text === null ? null : encoder.encode(text);
    // Data has no limit of bytes.
    if (bytes === null || bytes.length > MAX_REQUEST_BYTES) return this.#typeScript().evaluate(request);
    return this.#decision(bytes);
  }

  evaluateJson(json: string | Uint8Array): Uint8Array {
    if (typeof json === 'string') {
      // Not even encoded, which could need more memory than there is: each code unit has a byte or more.
      if (json.length > MAX_REQUEST_BYTES) return this.#tooLarge();
      const bytes = encoder.encode(json);
      // The encoder replaces lone surrogates; a text with one is no UTF-8, unless it is too large anyway.
      return this.#evaluate(bytes.length > MAX_REQUEST_BYTES || json.isWellFormed() ? bytes : NO_UTF8);
    }
    // A caller without types passed something else, or a proxy of an array of bytes, which has none.
    return this.#evaluate(isByteArray(json) ? json : NO_JSON);
  }

  #decision(bytes: Uint8Array): Decision {
    const decision = this.#evaluate(bytes);
    try {
      return JSON.parse(decoder.decode(decision)) as Decision;
    } catch {
      // More text than a string can hold: what no object can say is judged as when memory ends.
      return JSON.parse(decoder.decode(this.#tooLarge())) as Decision;
    }
  }

  #evaluate(bytes: Uint8Array): Uint8Array {
    const length = lengthOf.call(bytes);
    const address = this.#wasm.evaluate(this.#put(bytes), length) >>> 0;
    // No decision: the host gave no memory for the request.
    return address === 0 ? this.#tooLarge() : this.#taken(address);
  }

  /** The decision on a request that is too large. */
  #tooLarge(): Uint8Array {
    return this.#taken(this.#wasm.evaluate(0, MAX_REQUEST_BYTES + 1) >>> 0);
  }

  /** The decision that the module wrote at the address. */
  #taken(address: number): Uint8Array {
    const end = address + (this.#wasm.decisionLength() >>> 0);
    return this.#view().slice(address, end);
  }

  /** Copies bytes into the module; 0 when it has no room for them. */
  #put(bytes: Uint8Array): number {
    const length = lengthOf.call(bytes);
    const address = this.#wasm.alloc(length) >>> 0;
    // An array whose buffer was taken away is empty, and refuses to be copied.
    if (address !== 0 && length > 0) this.#view().set(bytes, address);
    return address;
  }

  /** Growing memory takes the old buffer away. */
  #view(): Uint8Array {
    const { buffer } = this.#wasm.memory;
    if (this.#memory.buffer !== buffer) this.#memory = new Uint8Array(buffer);
    return this.#memory;
  }

  #typeScript(): Evaluator {
    this.#fallback ??= loadTypeScript(this.#bytes);
    return this.#fallback;
  }
}

/** Whether the value is an array of bytes of this realm, and no proxy of one. */
function isByteArray(value: unknown): value is Uint8Array {
  try {
    return value instanceof Uint8Array && lengthOf.call(value) >= 0;
  } catch {
    return false;
  }
}

function prepareSlots(bytes: Uint8Array, wasm: Exports): SlotPath | null {
  const decoded = decodeBundle(bytes);
  if (!decoded.ok) return null;
  const raw = new RawBundle(bytes);
  const offset = raw.column('STR', 'offset');
  const length = raw.column('STR', 'length');
  const texts = Array.from({ length: raw.count('STR') }, (_, id) => {
    const start = raw.offset('BYTES') + offset(id);
    return decoder.decode(bytes.subarray(start, start + length(id)));
  });
  return slotPath(decoded.bundle, texts, wasm);
}

function refusal(code: number, offset: number): BundleError {
  const known = Object.entries(VERIFY_CODES)[code - 1];
  // Beyond the codes of the contract: the instance has no memory for the tables of the bundle.
  const [name, message] = known ?? ['memory', 'the host gives too little memory'];
  return new BundleError(name, message, offset >>> 0);
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
