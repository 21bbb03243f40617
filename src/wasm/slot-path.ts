// The slot path for JavaScript objects: reads the fields of a request, checks them, and writes them straight into the table of the module
// (asm/README.md). It serves bundles that read scalars only, and requests that are plainly valid; for anything else it answers null, and the
// request takes the way over JSON text. So nothing here can make a decision other than "valid": errors are found where they are defined.

import type { Bundle, Slot } from '../bytecode/bundle.ts';
import { NONE } from '../bytecode/layout.ts';
import { MAX_DECIMAL, MAX_SAFE_INT, MAX_STRING_BYTES } from '../bytecode/limits.ts';
import type { Outcome } from '../evaluator/evaluator.ts';
import type { Exports } from './module.ts';

const SLOT_BYTES = 24;
const LOOK_UP = 0xfffffffe;
/** Up to this many characters a loop is faster than the encoder. */
const SHORT = 48;
/** Room for the texts of one request; larger requests take the other way. */
const TEXT_BYTES = 65_536;

/** How a value is read. Numbers, because the loop over the plans is hot. */
const RECORD = 0;
const BOOL = 1;
const INT = 2;
const DECIMAL = 3;
const NUMBER = 4;
const STRING = 5;

/** One slot of the request; always the same fields in the same order, so that one shape serves all. */
interface Plan {
  readonly read: number;
  readonly parent: number;
  readonly key: string;
  readonly optional: boolean;
  readonly nullable: boolean;
  readonly min: number;
  readonly max: number;
  readonly scale: number;
  readonly minLength: number;
  readonly maxLength: number;
  /** Allowed texts of an enum, with their ids. */
  readonly strings: ReadonlyMap<string, number> | null;
  readonly numbers: ReadonlySet<number> | null;
  /** Keys of a closed record. */
  readonly closed: ReadonlySet<string> | null;
  readonly scanned: boolean;
  readonly needsId: boolean;
}

const READS: { readonly [kind: string]: number } = {
  record: RECORD,
  bool: BOOL,
  int: INT,
  decimal: DECIMAL,
  number: NUMBER,
  string: STRING,
};

/** The path for a bundle, or null when it reads more than scalars, or its outcomes depend on more than the deciding rule. */
export function slotPath(bundle: Bundle, texts: readonly string[], wasm: Exports): SlotPath | null {
  const ids: ReadonlyMap<string, number> = new Map(texts.map((text, id) => [text, id]));
  const plans: Plan[] = [];
  for (const slot of bundle.slots) {
    if (slot.via === 'bound' || slot.via === 'calc' || slot.via === 'constant') break;
    const read = READS[slot.kind];
    if (read === undefined || (slot.via !== 'root' && slot.via !== 'member')) return null;
    plans.push(plan(bundle, slot, read, ids));
  }
  if (bundle.atoms.some(({ op }) => op === 'HAS_KEY' || op === 'HAS_KEY_AT')) return null;
  if (bundle.rules.some(({ obligations }) => obligations !== null)) return null;
  return new SlotPath(bundle, plans, ids, wasm);
}

function plan(bundle: Bundle, slot: Slot, read: number, ids: ReadonlyMap<string, number>): Plan {
  const { limits } = slot;
  const allowed = limits?.set == null ? null : bundle.sets[limits.set]!;
  const keys = slot.closed && slot.set !== null ? bundle.sets[slot.set]! : null;
  return {
    read,
    parent: slot.parent ?? 0,
    key: slot.key ?? '',
    optional: slot.optional,
    nullable: slot.nullable,
    min: limits?.min ?? -Infinity,
    max: limits?.max ?? Infinity,
    scale: 10 ** slot.scale,
    minLength: limits?.minLength ?? 0,
    maxLength: limits?.maxLength ?? Infinity,
    strings:
      allowed?.of === 'string'
        ? new Map(allowed.items.map((text) => [text, ids.get(text) ?? LOOK_UP]))
        : null,
    numbers: allowed?.of === 'number' ? new Set(allowed.items) : null,
    closed: keys?.of === 'string' ? new Set(keys.items) : null,
    scanned: slot.scanned,
    needsId: slot.needsId,
  };
}

const encoder = new TextEncoder();
const hasOwn = Object.prototype.hasOwnProperty;

export class SlotPath {
  readonly #plans: readonly Plan[];
  readonly #memory: Exports['memory'];
  // The object of exports is a dictionary: looking its functions up costs more than calling them.
  readonly #alloc: Exports['alloc'];
  readonly #begin: Exports['beginSlots'];
  readonly #run: Exports['decideSlots'];
  readonly #ids: ReadonlyMap<string, number>;
  readonly #outcomes: readonly Outcome[];
  readonly #values: unknown[];
  #ints: Int32Array;
  #doubles: Float64Array;
  #bytes: Uint8Array;
  #start = 0;
  /** Where the next text goes. */
  #top = 0;

  constructor(bundle: Bundle, plans: readonly Plan[], ids: ReadonlyMap<string, number>, wasm: Exports) {
    this.#plans = plans;
    this.#memory = wasm.memory;
    this.#alloc = wasm.alloc;
    this.#begin = wasm.beginSlots;
    this.#run = wasm.decideSlots;
    this.#ids = ids;
    this.#values = plans.map(() => undefined);
    const nothing = Object.freeze([]);
    this.#outcomes = bundle.rules.map((rule) =>
      Object.freeze({
        effect: bundle.effects[rule.effect]!,
        reason: rule.reason,
        rule: rule.name,
        severity: rule.severity === null ? null : bundle.severities[rule.severity]!,
        obligations: nothing,
      }),
    );
    this.#ints = new Int32Array(wasm.memory.buffer);
    this.#doubles = new Float64Array(wasm.memory.buffer);
    this.#bytes = new Uint8Array(wasm.memory.buffer);
  }

  /** The outcome, or null when the request must take the other way. */
  decide(request: unknown): Outcome | null {
    this.#start = this.#alloc(TEXT_BYTES) >>> 0;
    const table = this.#begin() >>> 0;
    if (this.#start === 0 || table === 0) return null;
    // Growing memory takes the old buffer away: its views are then empty.
    if (this.#bytes.length === 0) this.#refresh();
    this.#top = this.#start;
    const plans = this.#plans;
    const values = this.#values;
    for (let i = 0; i < plans.length; i++) {
      const one = plans[i]!;
      let value: unknown = request;
      if (i > 0) {
        const object = values[one.parent] as { readonly [key: string]: unknown } | undefined;
        value = object !== undefined && hasOwn.call(object, one.key) ? object[one.key] : undefined;
        if (value === undefined || value === null) {
          values[i] = undefined;
          // A present null is absence where it is allowed; what is missing must be allowed to be.
          const absent = object === undefined || one.optional || (value === null && one.nullable);
          if (!absent) return null;
          continue;
        }
      }
      if (!this.#write(one, i, value, table + i * SLOT_BYTES)) return null;
    }
    return this.#outcomes[this.#run()] ?? null;
  }

  #refresh(): void {
    const { buffer } = this.#memory;
    this.#ints = new Int32Array(buffer);
    this.#doubles = new Float64Array(buffer);
    this.#bytes = new Uint8Array(buffer);
  }

  #write(one: Plan, i: number, value: unknown, at: number): boolean {
    switch (one.read) {
      case RECORD:
        if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
        if (one.closed !== null && !isClosed(value, one.closed)) return false;
        this.#values[i] = value;
        break;
      case STRING:
        if (typeof value !== 'string' || !this.#writeText(one, value, at)) return false;
        break;
      default: {
        const number = typeof value === 'boolean' ? booleanOf(one, value) : numberOf(one, value);
        // NaN: not valid here.
        if (!(number >= one.min && number <= one.max)) return false;
        if (one.numbers !== null && !one.numbers.has(number)) return false;
        this.#doubles[(at + 8) >> 3] = number;
      }
    }
    this.#ints[at >> 2] = 1;
    return true;
  }

  #writeText(one: Plan, text: string, at: number): boolean {
    const { length } = text;
    let id: number | undefined;
    if (one.strings !== null) {
      id = one.strings.get(text);
      if (id === undefined) return false;
    }
    // Three bytes per code unit at most; what is longer is counted elsewhere.
    if (length * 3 > MAX_STRING_BYTES || (id === undefined && !text.isWellFormed())) return false;
    if (one.minLength > 0 || length > one.maxLength) {
      const points = codePoints(text);
      if (points < one.minLength || points > one.maxLength) return false;
    }
    // Without a text the module has nothing to look up.
    if (id === undefined) id = one.needsId ? (this.#ids.get(text) ?? NONE) : one.scanned ? LOOK_UP : NONE;
    this.#ints[(at + 4) >> 2] = id;
    if (!one.scanned) {
      this.#ints[(at + 12) >> 2] = 0;
      return true;
    }
    const start = this.#top;
    if (start + length * 3 > this.#start + TEXT_BYTES) return false;
    const end = this.#copy(text, start);
    this.#ints[(at + 8) >> 2] = start;
    this.#ints[(at + 12) >> 2] = end - start;
    this.#top = end;
    return true;
  }

  /** Writes the text in UTF-8; where it ends. */
  #copy(text: string, start: number): number {
    const bytes = this.#bytes;
    const { length } = text;
    if (length <= SHORT) {
      let i = 0;
      for (; i < length; i++) {
        const code = text.charCodeAt(i);
        if (code > 127) break;
        bytes[start + i] = code;
      }
      if (i === length) return start + length;
    }
    return start + encoder.encodeInto(text, bytes.subarray(start)).written;
  }
}

function isClosed(value: object, keys: ReadonlySet<string>): boolean {
  for (const key of Object.keys(value)) {
    if (!keys.has(key) && (value as { readonly [key: string]: unknown })[key] !== undefined) return false;
  }
  return true;
}

function booleanOf(one: Plan, value: boolean): number {
  return one.read === BOOL ? Number(value) : Number.NaN;
}

function numberOf(one: Plan, value: unknown): number {
  if (typeof value !== 'number') return Number.NaN;
  switch (one.read) {
    case INT:
      return Math.floor(value) === value && Math.abs(value) <= MAX_SAFE_INT ? value + 0 : Number.NaN;
    case DECIMAL: {
      const scaled = Math.round(value * one.scale);
      return scaled / one.scale === value && Math.abs(scaled) <= MAX_DECIMAL ? scaled + 0 : Number.NaN;
    }
    case NUMBER:
      return Number.isFinite(value) ? value + 0 : Number.NaN;
    default:
      return Number.NaN;
  }
}

function codePoints(text: string): number {
  let n = text.length;
  for (let i = 0; i < text.length; i++) if ((text.charCodeAt(i) & 0xfc00) === 0xdc00) n--;
  return n;
}
