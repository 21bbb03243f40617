// A module that carries its bundle: the evaluator's own bytes plus one data segment and a start function. No part of the module is
// rewritten, only lengthened, and it still imports nothing: whoever instantiates it can evaluate at once.
//
//   memory      the minimum is raised so that the segment fits
//   data        one more segment: the bundle, at the address that `alloc` gives to a bundle
//   function    one more: it calls the old start function (if there is one), then alloc and load as a host would, and traps if `load`
//   code        refuses, which cannot happen to a bundle that was loaded when the module was made
//   start       is that function
//   datacount   one more, when the section is there

import { loadBundleSync } from './host.ts';
import { compileSync, instantiateSync } from './module.ts';

// Section ids, and what the start function is made of, as the WebAssembly specification names them.
const TYPE = 1;
const IMPORT = 2;
const FUNCTION = 3;
const MEMORY = 5;
const EXPORT = 7;
const START = 8;
const CODE = 10;
const DATA = 11;
const DATA_COUNT = 12;
const HEADER_BYTES = 8;
const FUNCTION_TYPE = 0x60;
const NO_LOCALS = 0;
const ACTIVE = 0;
const KIND_FUNCTION = 0;
const UNREACHABLE = 0x00;
const IF = 0x04;
const NO_RESULT = 0x40;
const END = 0x0b;
const CALL = 0x10;
const I32_CONST = 0x41;
const PAGE_BYTES = 65_536;

interface Section {
  readonly id: number;
  readonly body: Uint8Array;
}

/**
 * One module that holds the evaluator and a bundle. Its exports are those of `module` (the bytes of asm.wasm), and the bundle is loaded
 * when it is instantiated. Throws a BundleError when the evaluator refuses the bundle.
 */
export function standalone(module: Uint8Array, bundle: Uint8Array): Uint8Array {
  const address = placeOf(module, bundle);
  const sections = withStart(split(module));
  const bodyOf = (id: number): Uint8Array =>
    sections.find((each) => each.id === id)?.body ?? new Uint8Array();
  // Imported functions would come first in the index space.
  if (bodyOf(IMPORT).length > 0) throw new TypeError('the module has imports');
  const start = bodyOf(START);
  const exported = exportedFunctions(bodyOf(EXPORT));
  const code = startFunction({
    old: start.length === 0 ? null : new Reader(start).number(),
    alloc: exported('alloc'),
    load: exported('load'),
    length: bundle.length,
  });
  const typeIndex = new Reader(bodyOf(TYPE)).number();
  const functionIndex = new Reader(bodyOf(FUNCTION)).number();
  const segment = [ACTIVE, I32_CONST, ...signed(address), END, ...unsigned(bundle.length)];
  const edits: { readonly [id: number]: (body: Uint8Array) => Uint8Array } = {
    [TYPE]: (body) => append(body, [FUNCTION_TYPE, 0, 0]),
    [FUNCTION]: (body) => append(body, unsigned(typeIndex)),
    [MEMORY]: (body) => raise(body, Math.ceil((address + bundle.length) / PAGE_BYTES)),
    [START]: () => Uint8Array.from(unsigned(functionIndex)),
    [DATA_COUNT]: (body) => Uint8Array.from(unsigned(new Reader(body).number() + 1)),
    [CODE]: (body) => append(body, [...unsigned(code.length), ...code]),
    [DATA]: (body) => append(body, segment, bundle),
  };
  const edited = sections.map(({ id, body }) => ({ id, body: edits[id]?.(body) ?? body }));
  return checked(join(module.subarray(0, HEADER_BYTES), edited));
}

/** Where the module wants a bundle of this size, once it has accepted the bundle. */
function placeOf(module: Uint8Array, bundle: Uint8Array): number {
  const compiled = compileSync(module);
  loadBundleSync(bundle, compiled);
  return instantiateSync(compiled).alloc(bundle.length) >>> 0;
}

interface Start {
  /** Function indices; `old` is what the module started with before, null: nothing. */
  readonly old: number | null;
  readonly alloc: number;
  readonly load: number;
  /** Of the bundle. */
  readonly length: number;
}

/** `old(); if (load(alloc(length), length)) unreachable;` The data segment has put the bundle where `alloc` points. */
function startFunction({ old, alloc, load, length }: Start): number[] {
  const size = [I32_CONST, ...signed(length)];
  const body = [
    ...(old === null ? [] : [CALL, ...unsigned(old)]),
    ...[...size, CALL, ...unsigned(alloc)],
    ...[...size, CALL, ...unsigned(load)],
    ...[IF, NO_RESULT, UNREACHABLE, END],
  ];
  return [NO_LOCALS, ...body, END];
}

/** The sections of a module, in their order. */
function split(module: Uint8Array): Section[] {
  const sections: Section[] = [];
  const reader = new Reader(module, HEADER_BYTES);
  while (!reader.done) {
    const id = reader.byte();
    sections.push({ id, body: reader.bytes(reader.number()) });
  }
  return sections;
}

function join(header: Uint8Array, sections: readonly Section[]): Uint8Array {
  return concat(
    header,
    ...sections.flatMap(({ id, body }) => [Uint8Array.from([id, ...unsigned(body.length)]), body]),
  );
}

/** The sections with one for the start function, empty where there was none; it stands behind the exports. */
function withStart(sections: readonly Section[]): readonly Section[] {
  if (sections.some(({ id }) => id === START)) return sections;
  const start = { id: START, body: new Uint8Array() };
  return sections.flatMap((section) => (section.id === EXPORT ? [section, start] : [section]));
}

/** The index of an exported function by its name. */
function exportedFunctions(body: Uint8Array): (name: string) => number {
  const reader = new Reader(body);
  const found = new Map<string, number>();
  for (let left = reader.number(); left > 0; left--) {
    const name = new TextDecoder().decode(reader.bytes(reader.number()));
    const kind = reader.byte();
    const index = reader.number();
    if (kind === KIND_FUNCTION) found.set(name, index);
  }
  return (name) => {
    const index = found.get(name);
    if (index === undefined) throw new TypeError(`the module does not export ${name}`);
    return index;
  };
}

/** A vector with one more element, of which these are the bytes. */
function append(
  body: Uint8Array,
  element: readonly number[],
  content: Uint8Array = new Uint8Array(),
): Uint8Array {
  const reader = new Reader(body);
  const count = unsigned(reader.number() + 1);
  return concat(Uint8Array.from(count), reader.rest(), Uint8Array.from(element), content);
}

/** A memory section whose memory has at least so many pages. */
function raise(body: Uint8Array, pages: number): Uint8Array {
  const reader = new Reader(body);
  const count = reader.number();
  const flags = reader.byte();
  // Another memory, a maximum or shared memory is nothing that asm/ is built with.
  if (count !== 1 || flags !== 0) throw new TypeError('the module has no memory that can grow');
  return Uint8Array.from([1, 0, ...unsigned(Math.max(reader.number(), pages))]);
}

function checked(bytes: Uint8Array): Uint8Array {
  const { WebAssembly } = globalThis as unknown as {
    readonly WebAssembly: { validate(bytes: Uint8Array): boolean };
  };
  if (!WebAssembly.validate(bytes)) throw new TypeError('the module that was made is not valid');
  return bytes;
}

/** Reads bytes, and numbers in unsigned LEB128. */
class Reader {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new TypeError('the module ends too early');
    return byte;
  }

  number(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  bytes(length: number): Uint8Array {
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  rest(): Uint8Array {
    return this.#bytes.subarray(this.#at);
  }
}

/** Unsigned LEB128. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return [...bytes, value];
}

/** Signed LEB128 of a number that is not negative: the highest bit of the last byte is a sign, and must be 0. */
function signed(value: number): number[] {
  const bytes = unsigned(value);
  const last = bytes.at(-1)!;
  return last < 64 ? bytes : [...bytes.slice(0, -1), last + 128, 0];
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
