// A verified bundle's records as objects. Leaf module.

import type {
  Atom,
  Automaton,
  Bundle,
  Calc,
  Fragment,
  Language,
  Limits,
  Node,
  Quant,
  Rule,
  Slot,
  Switch,
  ValueSet,
} from './bundle.ts';
import { NONE, NONE16, type SectionName } from './layout.ts';
import {
  ATOM_NAMES,
  CALC_NAMES,
  FORMAT_NAMES,
  KIND_NAMES,
  LANG_NAMES,
  NODE_NAMES,
  VIA_NAMES,
} from './names.ts';
import { ATOMS, LIST_FLAG, MEMO_FLAG, SHADOW_FLAG, SLOT_FLAGS, VALUES_FLAG } from './opcodes.ts';
import type { Column, RawBundle } from './raw.ts';

/** Builds the objects. The bytes must have passed `verify`: nothing is checked here. */
export function unpack(raw: RawBundle): Bundle {
  return new Unpacker(raw).bundle();
}

class Unpacker {
  readonly #raw: RawBundle;
  readonly #texts: readonly string[];
  readonly #fragments: { readonly [name: string]: Column };
  readonly #pieces: { readonly [name: string]: Column };

  constructor(raw: RawBundle) {
    this.#raw = raw;
    this.#fragments = this.#columns('FRAGMENT', ['first', 'count']);
    this.#pieces = this.#columns('PIECE', ['text', 'slot', 'format', 'scale']);
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const base = raw.offset('BYTES');
    const { offset, length } = this.#columns('STR', ['offset', 'length']);
    this.#texts = this.#each('STR', (i) =>
      decoder.decode(raw.bytes.subarray(base + offset!(i), base + offset!(i) + length!(i))),
    );
  }

  bundle(): Bundle {
    const raw = this.#raw;
    const meta = this.#columns('META', ['name', 'version', 'combining']);
    const shadow = raw.header('shadow');
    const effects = raw.column('EFFECT', 'name');
    const severities = raw.column('SEVERITY', 'name');
    return {
      name: this.#texts[meta.name!(0)]!,
      version: this.#text(meta.version!(0)),
      combining: meta.combining!(0) === 1 ? 'most_restrictive' : 'first_applicable',
      effects: this.#each('EFFECT', (i) => this.#texts[effects(i)]!),
      severities: this.#each('SEVERITY', (i) => this.#texts[severities(i)]!),
      sets: this.#sets(),
      langs: this.#langs(),
      slots: this.#slots(),
      atoms: this.#atoms(),
      calcs: this.#calcs(),
      quants: this.#quants(),
      nodes: this.#nodes(),
      switches: this.#switches(),
      rules: this.#rules(),
      main: raw.header('main'),
      shadow: shadow === NONE ? null : shadow,
    };
  }

  #columns(section: SectionName, names: readonly string[]): { [name: string]: Column } {
    return Object.fromEntries(names.map((name) => [name, this.#raw.column(section, name)]));
  }

  #each<T>(section: SectionName, make: (index: number) => T): T[] {
    const rows: T[] = [];
    for (let i = 0; i < this.#raw.count(section); i++) rows.push(make(i));
    return rows;
  }

  #text(id: number): string | null {
    return id === NONE ? null : this.#texts[id]!;
  }

  #sets(): ValueSet[] {
    const { kind, first, count } = this.#columns('SETS', ['kind', 'first', 'count']);
    const ref = this.#raw.column('REFS', 'index');
    const number = this.#raw.column('NUMS', 'value');
    return this.#each('SETS', (i) => {
      const refs: number[] = [];
      for (let k = first!(i); k < first!(i) + count!(i); k++) refs.push(ref(k));
      return kind!(i) === 1
        ? { of: 'string', items: refs.map((id) => this.#texts[id]!) }
        : { of: 'number', items: refs.map((at) => number(at)) };
    });
  }

  #langs(): Language[] {
    const c = this.#columns('LANG', ['kind', 'classes', 'set', 'first', 'states']);
    return this.#each('LANG', (i) => ({
      kind: LANG_NAMES[c.kind!(i)]!,
      set: c.set!(i),
      automaton: c.states!(i) === 0 ? null : this.#automaton(c.first!(i), c.classes!(i), c.states!(i)),
    }));
  }

  #automaton(first: number, classes: number, states: number): Automaton {
    const word = this.#raw.column('TABLES', 'word');
    const targets = first + 256;
    const bits = targets + states * classes;
    return {
      classes,
      classOf: Uint8Array.from({ length: 256 }, (_, i) => word(first + i)),
      next: Uint16Array.from({ length: states * classes }, (_, i) => word(targets + i)),
      accept: Uint8Array.from({ length: states }, (_, i) => (word(bits + (i >> 4)) >> (i & 15)) & 1),
    };
  }

  #limits(i: number): Limits {
    const c = this.#columns('LIMITS', ['min', 'max', 'minLength', 'maxLength', 'set']);
    return {
      min: c.min!(i),
      max: c.max!(i),
      minLength: orNull(c.minLength!(i)),
      maxLength: orNull(c.maxLength!(i)),
      set: orNull(c.set!(i)),
    };
  }

  #slots(): Slot[] {
    const names = ['parent', 'via', 'kind', 'flags', 'scale', 'key', 'limits', 'set', 'branch', 'aux'];
    const c = this.#columns('SLOT', names);
    return this.#each('SLOT', (i) => {
      const flags = c.flags!(i);
      const limits = c.limits!(i);
      return {
        parent: orNull16(c.parent!(i)),
        via: VIA_NAMES[c.via!(i)]!,
        kind: KIND_NAMES[c.kind!(i)]!,
        optional: (flags & SLOT_FLAGS.optional) !== 0,
        nullable: (flags & SLOT_FLAGS.nullable) !== 0,
        closed: (flags & SLOT_FLAGS.closed) !== 0,
        unique: (flags & SLOT_FLAGS.unique) !== 0,
        needsId: (flags & SLOT_FLAGS.needsId) !== 0,
        scanned: (flags & SLOT_FLAGS.scanned) !== 0,
        scale: c.scale!(i),
        key: this.#text(c.key!(i)),
        limits: limits === NONE ? null : this.#limits(limits),
        set: orNull(c.set!(i)),
        branch: orNull(c.branch!(i)),
        discriminator: this.#text(c.aux!(i)),
      };
    });
  }

  #atoms(): Atom[] {
    const c = this.#columns('ATOM', ['op', 'slot', 'other', 'b']);
    const number = this.#raw.column('NUMS', 'value');
    return this.#each('ATOM', (i) => {
      const op = ATOM_NAMES[c.op!(i)]!;
      const kind = ATOMS[op].b;
      const b = c.b!(i);
      const bounds = kind === 'nums' ? (op === 'RANGE' ? [b, b + 1] : [b, b + 1, b + 2, b + 3]) : [];
      return {
        op,
        slot: c.slot!(i),
        other: orNull16(c.other!(i)),
        index: kind === 'set' || kind === 'lang' || kind === 'mask' ? b : null,
        key: kind === 'string' ? this.#texts[b]! : null,
        bounds: bounds.map((at) => number(at)),
      };
    });
  }

  #calcs(): Calc[] {
    const c = this.#columns('CALC', ['op', 'flags', 'dst', 'a', 'b', 'imm']);
    return this.#each('CALC', (i) => ({
      op: CALC_NAMES[c.op!(i)]!,
      memo: (c.flags!(i) & MEMO_FLAG) !== 0,
      dst: c.dst!(i),
      a: orNull16(c.a!(i)),
      b: orNull16(c.b!(i)),
      imm: c.imm!(i),
    }));
  }

  #quants(): Quant[] {
    const c = this.#columns('QUANT', ['list', 'elem', 'dst', 'flags', 'except', 'stop']);
    return this.#each('QUANT', (i) => ({
      list: c.list!(i),
      elem: c.elem!(i),
      dst: orNull16(c.dst!(i)),
      memo: (c.flags!(i) & MEMO_FLAG) !== 0,
      overValues: (c.flags!(i) & VALUES_FLAG) !== 0,
      except: orNull(c.except!(i)),
      stop: c.stop!(i),
    }));
  }

  #nodes(): Node[] {
    const { word, t, f } = this.#columns('NODE', ['word', 't', 'f']);
    return this.#each('NODE', (i) => ({
      op: NODE_NAMES[word!(i) & 0xff]!,
      a: word!(i) >>> 8,
      t: t!(i),
      f: f!(i),
    }));
  }

  #switches(): Switch[] {
    const { slot, first, count } = this.#columns('SWITCH', ['slot', 'first', 'count']);
    const { key, node } = this.#columns('ARM', ['key', 'node']);
    return this.#each('SWITCH', (i) => {
      const arms: { key: string; node: number }[] = [];
      for (let k = first!(i); k < first!(i) + count!(i); k++) {
        arms.push({ key: this.#texts[key!(k)]!, node: node!(k) });
      }
      return { slot: slot!(i), arms };
    });
  }

  #rules(): Rule[] {
    const names = [
      'effect',
      'severity',
      'flags',
      'name',
      'reason',
      'matched',
      'message',
      'obligations',
      'remediations',
      'remediationCount',
    ];
    const c = this.#columns('RULE', names);
    const ref = this.#raw.column('REFS', 'index');
    return this.#each('RULE', (i) => {
      const remediations: string[] = [];
      const first = c.remediations!(i);
      for (let k = first; k < first + c.remediationCount!(i); k++) remediations.push(this.#texts[ref(k)]!);
      const severity = c.severity!(i);
      return {
        effect: c.effect!(i),
        severity: severity === 255 ? null : severity,
        shadow: (c.flags!(i) & SHADOW_FLAG) !== 0,
        name: this.#text(c.name!(i)),
        reason: this.#texts[c.reason!(i)]!,
        matched: this.#fragment(c.matched!(i)),
        message: this.#fragment(c.message!(i)),
        obligations: this.#fragment(c.obligations!(i)),
        remediations,
      };
    });
  }

  #fragment(index: number): Fragment | null {
    if (index === NONE) return null;
    const first = this.#fragments.first!(index);
    const count = this.#fragments.count!(index);
    const { text, slot, format, scale } = this.#pieces;
    const pieces: Fragment[number][] = [];
    for (let i = first; i < first + count; i++) {
      const hole =
        slot!(i) === NONE16
          ? null
          : {
              slot: slot!(i),
              format: FORMAT_NAMES[format!(i) & ~LIST_FLAG]!,
              list: (format!(i) & LIST_FLAG) !== 0,
              scale: scale!(i),
            };
      pieces.push({ text: this.#text(text!(i)) ?? '', hole });
    }
    return pieces;
  }
}

function orNull(index: number): number | null {
  return index === NONE ? null : index;
}

function orNull16(index: number): number | null {
  return index === NONE16 ? null : index;
}
