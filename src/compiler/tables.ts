// The record tables of a bundle: IR numbers become slot, set, language and atom numbers, in the order in which the code uses them.

import type {
  Atom,
  Bundle,
  Calc,
  Language,
  Limits,
  Node,
  Quant,
  Slot,
  Switch,
  ValueSet,
} from '../bytecode/bundle.ts';
import { CALCS, type CalcRow as CalcOperands } from '../bytecode/opcodes.ts';
import type { Constant, Field, FieldId, FieldLimits, IrAtom, IrSet, LangId } from '../ir/ir.ts';
import { buildAutomaton } from './automaton.ts';
import type { CodeGenerator, PlainAtom } from './codegen.ts';
import type { LinearCode } from './linear.ts';
import type { SlotPlan } from './slots.ts';
import { TooLarge } from './too-large.ts';

type Records = Pick<Bundle, 'sets' | 'langs' | 'slots' | 'atoms' | 'calcs' | 'quants' | 'nodes' | 'switches'>;

/** Numbers things in order of first use. */
class Numbering<Row> {
  readonly rows: Row[] = [];
  readonly #ids = new Map<string | number, number>();

  of(key: string | number, make: () => Row): number {
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = this.rows.length;
      this.#ids.set(key, id);
      this.rows.push(make());
    }
    return id;
  }
}

export class Tables {
  readonly #code: CodeGenerator;
  readonly #plan: SlotPlan;
  readonly #linear: LinearCode;
  readonly #sets = new Numbering<ValueSet>();
  readonly #langs = new Numbering<Language>();
  readonly #atoms = new Numbering<Atom>();
  readonly #calcs = new Numbering<Calc>();

  constructor(code: CodeGenerator, plan: SlotPlan, linear: LinearCode) {
    this.#code = code;
    this.#plan = plan;
    this.#linear = linear;
  }

  records(): Records {
    const slots = this.#plan.fields.map((field) => this.#slot(field));
    const nodes = this.#linear.nodes.map((node) => this.#node(node));
    const quants = this.#linear.quants.map((quant): Quant => {
      const { list, elem, dst, overValues, except } = quant.row;
      return {
        list: this.#slotOf(list),
        elem: this.#slotOf(elem),
        dst: dst === null ? null : this.#slotOf(dst),
        memo: quant.memo,
        overValues,
        except: this.#irSet(except),
        stop: quant.stop,
      };
    });
    const switches = this.#linear.switches.map(
      ({ field, arms }): Switch => ({ slot: this.#slotOf(field), arms }),
    );
    const records = {
      sets: this.#sets.rows,
      langs: this.#langs.rows,
      slots,
      atoms: this.#atoms.rows,
      calcs: this.#calcs.rows,
      quants,
      nodes,
      switches,
    };
    return { ...records, slots: withReadFlags(records) };
  }

  #slotOf(field: FieldId): number {
    return this.#plan.slotOf[field]!;
  }

  #set(set: IrSet): number {
    return this.#sets.of(JSON.stringify([set.of, set.items]), () => set);
  }

  #irSet(id: number | null): number | null {
    return id === null ? null : this.#set(this.#code.ir.sets[id]!);
  }

  #slot(field: Field): Slot {
    const { parent, via, kind, optional, nullable, unique, scale, constant } = field;
    return {
      parent: parent === null ? null : this.#slotOf(parent),
      via,
      kind,
      optional,
      nullable,
      closed: field.closed !== null,
      unique,
      needsId: false,
      scanned: false,
      scale,
      key: constant?.kind === 'string' ? constant.value : field.key,
      limits: constant === null ? this.#limits(field.limits) : constantLimits(constant),
      set: this.#irSet(field.closed ?? field.discriminator?.values ?? null),
      branch: this.#irSet(field.branch),
      discriminator: field.discriminator?.key ?? null,
    };
  }

  #limits(limits: FieldLimits | null): Limits | null {
    return limits === null ? null : { ...limits, set: this.#irSet(limits.set) };
  }

  #node(node: Node): Node {
    if (node.op === 'TEST') return { ...node, a: this.#atom(node.a) };
    if (node.op === 'CALC') return { ...node, a: this.#calc(node.a) };
    return node;
  }

  #atom(id: number): Atom['slot'] {
    return this.#atoms.of(id, () => this.#atomRecord(this.#code.atoms[id]!));
  }

  #atomRecord(atom: IrAtom): Atom {
    const plain = atom as PlainAtom;
    const record = {
      op: plain.op,
      slot: this.#slotOf(plain.field),
      other: null,
      index: null,
      key: null,
      bounds: [],
    };
    switch (plain.op) {
      case 'KIND_IS':
        return { ...record, index: plain.mask };
      case 'HAS_KEY':
        return { ...record, key: plain.key };
      case 'IN_STRINGS':
      case 'IN_NUMBERS':
      case 'KEYS_IN':
        return { ...record, index: this.#irSet(plain.set) };
      case 'RANGE':
      case 'RANGE_TIME':
        return { ...record, bounds: plain.bounds };
      case 'MATCH':
        return { ...record, index: this.#lang(plain.lang) };
      case 'PRESENT':
      case 'UNIQUE':
        return record;
      default:
        return { ...record, other: this.#slotOf(plain.other) };
    }
  }

  #lang(id: LangId): number {
    return this.#langs.of(id, () => {
      const { kind, texts } = this.#code.ir.langs[id]!;
      const set = this.#set({ of: 'string', items: texts });
      if (kind === 'prefix' || kind === 'suffix') return { kind, set, automaton: null };
      const built = buildAutomaton(kind, texts);
      if (!built.ok) throw new TooLarge({ kind: 'language', lang: id });
      return { kind, set, automaton: built.automaton };
    });
  }

  #calc(id: number): number {
    return this.#calcs.of(id, () => {
      const { field, value } = this.#code.calcs[id]!;
      const dst = this.#slotOf(field);
      if (value !== null) return { op: 'SET', memo: false, dst, a: null, b: null, imm: value };
      const derived = this.#code.ir.fields[field]!.derived!;
      if (!('args' in derived)) {
        throw new Error(`${derived.op} is not a calculation`);
      }
      const [a, b] = derived.args;
      return {
        op: derived.op,
        memo: this.#linear.memoCalcs.has(id),
        dst,
        a: a === undefined ? null : this.#slotOf(a),
        b: b === undefined ? null : this.#slotOf(b),
        imm: derived.imm,
      };
    });
  }
}

function constantLimits(constant: Constant): Limits | null {
  if (constant.kind === 'string' || constant.kind === 'emptyList') return null;
  const [min, max] = constant.kind === 'number' ? [constant.value, 0] : [constant.seconds, constant.micros];
  return { min, max, minLength: null, maxLength: null, set: null };
}

/** How the code reads each string: by its identity, or by its text. */
function withReadFlags(records: Records): Slot[] {
  const { slots } = records;
  const needsId = slots.map((slot) => slot.kind === 'string' && slot.limits?.set != null);
  const scanned = slots.map(() => false);
  for (const atom of records.atoms) {
    if (atom.op === 'IN_STRINGS') needsId[atom.slot] = true;
    else if (atom.op !== 'PRESENT') scanned[atom.slot] = true;
    if (atom.other !== null) scanned[atom.other] = true;
  }
  for (const { slot } of records.switches) needsId[slot] = true;
  // Where a value is handed on as it is, it is read as its receiver is. Receivers come behind their operands.
  const handed: { from: readonly number[]; dst: number }[] = [];
  for (const calc of records.calcs) {
    const operands = [calc.a, calc.b].filter((slot) => slot !== null);
    const row: CalcOperands = CALCS[calc.op];
    if (calc.op === 'COALESCE') handed.push({ from: operands, dst: calc.dst });
    else if (row.a !== null) for (const slot of operands) scanned[slot] = true;
  }
  for (const { dst, elem } of records.quants) if (dst !== null) handed.push({ from: [elem], dst });
  for (const { from, dst } of handed.sort((a, b) => b.dst - a.dst)) {
    for (const slot of from) {
      needsId[slot] ||= needsId[dst]!;
      scanned[slot] ||= scanned[dst]!;
    }
  }
  return slots.map((slot, i) =>
    slot.kind === 'string' ? { ...slot, needsId: needsId[i]!, scanned: scanned[i]! } : slot,
  );
}
