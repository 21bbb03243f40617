// Bundle ⇄ bytes. The encoding is a function of the bundle: texts are sorted, shared tables are filled in the order of the records that
// own a part of them, so that equal bundles have equal bytes. Decoding verifies. Leaf module.

import { compareUtf8, utf8Length } from '../value/text.ts';
import { type Bounds, computeBounds } from './bounds.ts';
import type { Automaton, Bundle, Fragment } from './bundle.ts';
import { contractHash } from './contract.ts';
import {
  align8,
  BODY_OFFSET,
  fieldOf,
  HASH_OFFSET,
  HEADER_SHAPE,
  SECTION_ENTRY,
  SECTION_TABLE_OFFSET,
  SHAPES,
  writeField,
} from './geometry.ts';
import {
  CONTRACT_MAJOR,
  HEADER_FIELDS,
  MAGIC,
  NONE,
  NONE16,
  SECTION_NAMES,
  type SectionName,
} from './layout.ts';
import { MAX_SCAN_BYTES, MAX_STEPS } from './limits.ts';
import {
  ATOMS,
  CALCS,
  FORMATS,
  LANGS,
  LIST_FLAG,
  MEMO_FLAG,
  NODES,
  SHADOW_FLAG,
  SLOT_FLAGS,
  SLOT_KINDS,
  SLOT_VIAS,
  VALUES_FLAG,
} from './opcodes.ts';
import { unpack } from './unpack.ts';
import { verify } from './verify.ts';
import { Refusal } from './verify-refusal.ts';

export type Decoded =
  | { readonly ok: true; readonly bundle: Bundle; readonly steps: number; readonly scan: number }
  | { readonly ok: false; readonly code: string; readonly message: string; readonly offset: number };

/** Decodes and verifies. Never throws: whatever is not a valid bundle is refused with a code of VERIFY_CODES. */
export function decodeBundle(bytes: Uint8Array): Decoded {
  try {
    const raw = verify(bytes);
    const bundle = unpack(raw);
    const { steps, scan } = computeBounds(bundle);
    checkBound('steps', raw.header('steps'), steps, MAX_STEPS);
    checkBound('scan', raw.header('scan'), scan, MAX_SCAN_BYTES);
    return { ok: true, bundle, steps, scan };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ok: false, code: error.code, message: error.message, offset: error.offset };
  }
}

function checkBound(name: 'steps' | 'scan', stated: number, computed: number, max: number): void {
  const { offset } = fieldOf(HEADER_SHAPE, name);
  if (stated !== computed) throw new Refusal('bounds', offset, `${name} is ${stated}, expected ${computed}`);
  if (computed > max) throw new Refusal('bounds', offset, `${name} ${computed} is above ${max}`);
}

/** The bytes of a bundle with the given bounds (those of computeBounds, or the bundle will not verify). */
export function encodeBundle(bundle: Bundle, bounds: Bounds): Uint8Array {
  const writer = new BundleWriter(bundle);
  return writer.encode(bounds);
}

/** Values of the fields of one record, by name; reserved fields are not named. */
type Row = { readonly [field: string]: number };

class BundleWriter {
  readonly #bundle: Bundle;
  readonly #texts: readonly string[];
  readonly #ids = new Map<string, number>();
  /** Field values of each section, record after record. */
  readonly #values = new Map<SectionName, number[]>();
  readonly #counts = new Map<SectionName, number>();

  constructor(bundle: Bundle) {
    this.#bundle = bundle;
    this.#texts = [...textsOf(bundle)].sort(compareUtf8);
    for (const text of this.#texts) this.#ids.set(text, this.#ids.size);
    for (const name of SECTION_NAMES) {
      this.#values.set(name, []);
      this.#counts.set(name, 0);
    }
  }

  encode(bounds: Bounds): Uint8Array {
    this.#names();
    this.#sets();
    this.#langs();
    this.#slots();
    this.#operands();
    this.#code();
    this.#rules();
    return this.#layOut(bounds);
  }

  #put(section: SectionName, row: Row): void {
    const values = this.#values.get(section)!;
    for (const field of SHAPES[section].fields) {
      if (field.reserved) continue;
      const value = row[field.name];
      if (value === undefined) throw new Error(`${section}.${field.name} is not given`);
      values.push(value);
    }
    this.#counts.set(section, this.#count(section) + 1);
  }

  #count(section: SectionName): number {
    return this.#counts.get(section)!;
  }

  #text(text: string | null): number {
    return text === null ? NONE : this.#ids.get(text)!;
  }

  #names(): void {
    const { name, version, combining, effects, severities } = this.#bundle;
    this.#put('META', {
      name: this.#text(name),
      version: this.#text(version),
      combining: combining === 'most_restrictive' ? 1 : 2,
    });
    for (const each of effects) this.#put('EFFECT', { name: this.#text(each) });
    for (const each of severities) this.#put('SEVERITY', { name: this.#text(each) });
    let offset = 0;
    for (const text of this.#texts) {
      const length = utf8Length(text);
      this.#put('STR', { offset, length });
      offset += length;
    }
    this.#counts.set('BYTES', offset);
  }

  #sets(): void {
    for (const set of this.#bundle.sets) {
      const first = this.#count('REFS');
      if (set.of === 'string') for (const item of set.items) this.#put('REFS', { index: this.#text(item) });
      else for (const item of set.items) this.#put('REFS', { index: this.#number(item) });
      this.#put('SETS', { kind: set.of === 'string' ? 1 : 2, first, count: set.items.length });
    }
  }

  #number(value: number): number {
    this.#put('NUMS', { value: value + 0 });
    return this.#count('NUMS') - 1;
  }

  #langs(): void {
    for (const lang of this.#bundle.langs) {
      const { automaton } = lang;
      this.#put('LANG', {
        kind: LANGS[lang.kind],
        set: lang.set,
        first: this.#count('TABLES'),
        classes: automaton?.classes ?? 0,
        states: automaton?.accept.length ?? 0,
      });
      if (automaton !== null) this.#automaton(automaton);
    }
  }

  #automaton(automaton: Automaton): void {
    for (const word of automaton.classOf) this.#put('TABLES', { word });
    for (const word of automaton.next) this.#put('TABLES', { word });
    for (let base = 0; base < automaton.accept.length; base += 16) {
      let word = 0;
      for (let bit = 0; bit < 16; bit++) if (automaton.accept[base + bit]) word |= 1 << bit;
      this.#put('TABLES', { word });
    }
  }

  #slots(): void {
    for (const slot of this.#bundle.slots) {
      let flags = 0;
      for (const [flag, bit] of Object.entries(SLOT_FLAGS)) {
        if (slot[flag as keyof typeof SLOT_FLAGS]) flags |= bit;
      }
      this.#put('SLOT', {
        parent: slot.parent ?? NONE16,
        via: SLOT_VIAS[slot.via],
        kind: SLOT_KINDS[slot.kind],
        flags,
        scale: slot.scale,
        key: this.#text(slot.key),
        limits: slot.limits === null ? NONE : this.#count('LIMITS'),
        set: slot.set ?? NONE,
        branch: slot.branch ?? NONE,
        aux: this.#text(slot.discriminator),
      });
      if (slot.limits === null) continue;
      const { min, max, minLength, maxLength, set } = slot.limits;
      this.#put('LIMITS', {
        min: min + 0,
        max: max + 0,
        minLength: minLength ?? NONE,
        maxLength: maxLength ?? NONE,
        set: set ?? NONE,
      });
    }
  }

  #operands(): void {
    for (const atom of this.#bundle.atoms) {
      const bounds = atom.bounds.map((bound) => this.#number(bound));
      this.#put('ATOM', {
        op: ATOMS[atom.op].code,
        slot: atom.slot,
        other: atom.other ?? NONE16,
        b: bounds[0] ?? (atom.key === null ? (atom.index ?? NONE) : this.#text(atom.key)),
      });
    }
    for (const calc of this.#bundle.calcs) {
      this.#put('CALC', {
        op: CALCS[calc.op].code,
        flags: calc.memo ? MEMO_FLAG : 0,
        dst: calc.dst,
        a: calc.a ?? NONE16,
        b: calc.b ?? NONE16,
        imm: calc.imm,
      });
    }
    for (const quant of this.#bundle.quants) {
      this.#put('QUANT', {
        list: quant.list,
        elem: quant.elem,
        dst: quant.dst ?? NONE16,
        flags: (quant.memo ? MEMO_FLAG : 0) | (quant.overValues ? VALUES_FLAG : 0),
        except: quant.except ?? NONE,
        stop: quant.stop,
      });
    }
  }

  #code(): void {
    for (const node of this.#bundle.nodes) {
      // `a` has 24 bits: the limits of the contract keep it below.
      this.#put('NODE', { word: NODES[node.op].code + node.a * 256, t: node.t, f: node.f });
    }
    for (const { slot, arms } of this.#bundle.switches) {
      this.#put('SWITCH', { slot, kind: 1, first: this.#count('ARM'), count: arms.length });
      for (const arm of arms) this.#put('ARM', { key: this.#text(arm.key), node: arm.node });
    }
  }

  #rules(): void {
    for (const rule of this.#bundle.rules) {
      const matched = this.#fragment(rule.matched);
      const message = this.#fragment(rule.message);
      const obligations = this.#fragment(rule.obligations);
      this.#put('RULE', {
        effect: rule.effect,
        severity: rule.severity ?? 255,
        flags: rule.shadow ? SHADOW_FLAG : 0,
        name: this.#text(rule.name),
        reason: this.#text(rule.reason),
        matched,
        message,
        obligations,
        remediations: this.#count('REFS'),
        remediationCount: rule.remediations.length,
      });
      for (const text of rule.remediations) this.#put('REFS', { index: this.#text(text) });
    }
  }

  #fragment(fragment: Fragment | null): number {
    if (fragment === null) return NONE;
    this.#put('FRAGMENT', { first: this.#count('PIECE'), count: fragment.length });
    for (const { text, hole } of fragment) {
      this.#put('PIECE', {
        text: text === '' ? NONE : this.#text(text),
        slot: hole?.slot ?? NONE16,
        format: hole === null ? 0 : FORMATS[hole.format] | (hole.list ? LIST_FLAG : 0),
        scale: hole?.scale ?? 0,
      });
    }
    return this.#count('FRAGMENT') - 1;
  }

  #layOut(bounds: Bounds): Uint8Array {
    const offsets = SECTION_NAMES.map(() => 0);
    let length = BODY_OFFSET;
    SECTION_NAMES.forEach((name, i) => {
      offsets[i] = length;
      length = align8(length + this.#count(name) * SHAPES[name].size);
    });
    const bytes = new Uint8Array(length);
    const view = new DataView(bytes.buffer);
    this.#writeHeader(view, length, bounds);
    bytes.set(contractHash(), HASH_OFFSET);
    SECTION_NAMES.forEach((name, i) => {
      const entry = SECTION_TABLE_OFFSET + i * SECTION_ENTRY;
      view.setUint32(entry, offsets[i]!, true);
      view.setUint32(entry + 4, this.#count(name), true);
      if (name === 'BYTES') bytes.set(new TextEncoder().encode(this.#texts.join('')), offsets[i]!);
      else this.#writeSection(view, name, offsets[i]!);
    });
    return bytes;
  }

  #writeHeader(view: DataView, length: number, bounds: Bounds): void {
    const { atoms, calcs, nodes, main, shadow } = this.#bundle;
    let highestOpcode = 0;
    for (const atom of atoms) highestOpcode = Math.max(highestOpcode, ATOMS[atom.op].code);
    for (const calc of calcs) highestOpcode = Math.max(highestOpcode, CALCS[calc.op].code);
    for (const node of nodes) highestOpcode = Math.max(highestOpcode, NODES[node.op].code);
    const header: Row = {
      magic: MAGIC,
      contract: CONTRACT_MAJOR,
      flags: 0,
      length,
      highestOpcode,
      sections: SECTION_NAMES.length,
      steps: bounds.steps,
      scan: bounds.scan,
      main,
      shadow: shadow ?? NONE,
    };
    for (const { name } of HEADER_FIELDS) {
      const field = fieldOf(HEADER_SHAPE, name);
      writeField(view, field.type, field.offset, header[name]!);
    }
  }

  #writeSection(view: DataView, name: SectionName, offset: number): void {
    const { size, fields } = SHAPES[name];
    const written = fields.filter((field) => !field.reserved);
    const values = this.#values.get(name)!;
    let next = 0;
    for (let i = 0; i < this.#count(name); i++) {
      for (const field of written) {
        writeField(view, field.type, offset + i * size + field.offset, values[next++]!);
      }
    }
  }
}

function* allTexts(bundle: Bundle): Generator<string | null> {
  yield bundle.name;
  yield bundle.version;
  yield* bundle.effects;
  yield* bundle.severities;
  for (const set of bundle.sets) if (set.of === 'string') yield* set.items;
  for (const slot of bundle.slots) {
    yield slot.key;
    yield slot.discriminator;
  }
  for (const atom of bundle.atoms) yield atom.key;
  for (const { arms } of bundle.switches) for (const arm of arms) yield arm.key;
  for (const rule of bundle.rules) {
    yield rule.name;
    yield rule.reason;
    yield* rule.remediations;
    for (const fragment of [rule.matched, rule.message, rule.obligations]) {
      for (const piece of fragment ?? []) yield piece.text === '' ? null : piece.text;
    }
  }
}

function textsOf(bundle: Bundle): Set<string> {
  const texts = new Set<string>();
  for (const text of allTexts(bundle)) if (text !== null) texts.add(text);
  return texts;
}
