// The tree of one condition. Nothing is cut short: every part has its truth. Parts on which the truth of the whole hangs come first.

import { JSON_KINDS, type JsonKind } from '../bytecode/opcodes.ts';
import { jsonKind, sizeOf } from '../evaluator/plain.ts';
import type { Derived, Edge, FieldId, IrAtom } from '../ir/ir.ts';
import type { Json } from '../value/json.ts';
import type { Names } from './names.ts';
import type { Look, Part, Read } from './part.ts';
import { isPresent, type Quantifier, type Reading, type Scope } from './reading.ts';
import { jsonOf } from './value.ts';

/** Conditions share parts: written out, they can be far larger than the policy. Beyond so many parts the rest is counted. */
const MAX_PARTS = 5_000;
/** Items of one list whose conditions are written out. */
const MAX_ITEMS = 12;

interface Reads {
  readonly reads: Map<string, Read>;
  readonly looks: Look[];
  readonly parts: Part[];
}

const NOTHING = { reads: [], looks: [], parts: [], omitted: 0 } as const;

/** The condition of one rule for one request. */
export function explainCondition(reading: Reading, names: Names, edge: Edge): Part {
  return new ConditionTree(reading, names).part(edge, reading.top, true);
}

class ConditionTree {
  readonly #reading: Reading;
  readonly #names: Names;
  #left = MAX_PARTS;

  constructor(reading: Reading, names: Names) {
    this.#reading = reading;
    this.#names = names;
  }

  part(edge: Edge, scope: Scope, decisive: boolean): Part {
    this.#left--;
    const cond = this.#reading.ir.conds[edge >> 1]!;
    const text = this.#names.condition(edge);
    const holds = this.#reading.holds(edge, scope);
    if (cond.op === 'true') return { ...NOTHING, kind: 'constant', text, holds, decisive };
    if (cond.op === 'and') {
      const negated = (edge & 1) === 1;
      // The IR knows `or` only as a negated conjunction.
      const alternatives = cond.args.filter((arg) => (arg & 1) === 1).length;
      if (negated && alternatives * 2 < cond.args.length) {
        const parts = [this.part(edge ^ 1, scope, true)];
        return { ...NOTHING, kind: 'not', text, holds, decisive, parts };
      }
      const kind = negated ? 'or' : 'and';
      const args = negated ? cond.args.map((arg) => arg ^ 1) : cond.args;
      return { kind, text, holds, decisive, reads: [], looks: [], ...this.#several(kind, args, scope) };
    }
    const atom = this.#reading.ir.atoms[cond.atom]!;
    if ('list' in atom) return this.#quantified(atom, edge, scope, { text, holds, decisive });
    const found: Reads = { reads: new Map(), looks: [], parts: [] };
    this.#read(atom.field, scope, found);
    if ('other' in atom) this.#read(atom.other, scope, found);
    const { looks, parts } = found;
    return {
      kind: 'test',
      text,
      holds,
      decisive,
      reads: [...found.reads.values()],
      looks,
      parts,
      omitted: 0,
    };
  }

  #several(
    kind: 'and' | 'or',
    edges: readonly Edge[],
    scope: Scope,
  ): { readonly parts: readonly Part[]; readonly omitted: number } {
    const settled = kind === 'or';
    const whole = edges.some((edge) => this.#reading.holds(edge, scope) === settled) === settled;
    // A reader sees branches of a union as one member: of equal texts the one that settles the matter is shown.
    const byText = new Map<string, Edge>();
    for (const edge of edges) {
      const text = this.#names.condition(edge);
      if (!byText.has(text) || this.#reading.holds(edge, scope) === settled) byText.set(text, edge);
    }
    const decides = (edge: Edge): boolean => this.#reading.holds(edge, scope) === whole;
    const sorted = [...byText.values()];
    const ordered = [...sorted.filter(decides), ...sorted.filter((edge) => !decides(edge))];
    const parts: Part[] = [];
    for (const edge of ordered) {
      if (this.#left <= 0) break;
      parts.push(this.part(edge, scope, decides(edge)));
    }
    return { parts, omitted: ordered.length - parts.length };
  }

  #quantified(
    atom: Extract<IrAtom, { op: 'ANY' | 'ALL' }>,
    edge: Edge,
    scope: Scope,
    common: Pick<Part, 'text' | 'holds' | 'decisive'>,
  ): Part {
    const kind = atom.op === 'ANY' ? 'any' : 'all';
    const found: Reads = { reads: new Map(), looks: [], parts: [] };
    this.#readParts(atom.list, scope, found);
    const look = this.#look(kind, atom, scope, common.holds !== ((edge & 1) === 1));
    return {
      ...NOTHING,
      ...common,
      kind,
      reads: [...found.reads.values()],
      looks: [look, ...found.looks],
      parts: found.parts,
    };
  }

  /** `holds`: whether the quantifier does. Items that make it so come first. */
  #look(kind: Look['kind'], quantifier: Quantifier, scope: Scope, holds: boolean): Look {
    const over = this.#readOf(quantifier.list, scope);
    const scopes = this.#reading.scopes(quantifier, scope);
    if (scopes === null) return { kind, over, checked: null, holding: 0, items: [], omitted: 0 };
    const truths = scopes.map((each) => this.#reading.holds(quantifier.body, each));
    const wanted = kind === 'count' || kind === 'first' || holds;
    const indices = [...scopes.keys()];
    const order = [
      ...indices.filter((i) => truths[i] === wanted),
      ...indices.filter((i) => truths[i] !== wanted),
    ];
    const items = order.slice(0, this.#left > 0 ? MAX_ITEMS : 0).map((i) => ({
      pointer: scopes[i]!.item!.pointer,
      holds: truths[i]!,
      condition: this.part(quantifier.body, scopes[i]!, truths[i] === wanted),
    }));
    const holding = truths.filter((truth) => truth).length;
    return { kind, over, checked: scopes.length, holding, items, omitted: scopes.length - items.length };
  }

  /** Notes the value of a field, and what it was computed from. */
  #read(id: FieldId, scope: Scope, into: Reads): void {
    const { via, constant } = this.#reading.ir.fields[id]!;
    if (constant !== null || via === 'constant') return;
    const read = this.#readOf(id, scope);
    const known = into.reads.get(read.text);
    // Branches of a union are one member to a reader.
    if (known === undefined || (known.state !== 'value' && read.state === 'value'))
      into.reads.set(read.text, read);
    this.#readParts(id, scope, into);
  }

  #readParts(id: FieldId, scope: Scope, into: Reads): void {
    let at = id;
    while (this.#reading.ir.fields[at]!.parent !== null && this.#reading.ir.fields[at]!.via !== 'bound')
      at = this.#reading.ir.fields[at]!.parent!;
    const { derived } = this.#reading.ir.fields[at]!;
    if (derived !== null) this.#operands(derived, scope, into);
  }

  #operands(derived: Derived, scope: Scope, into: Reads): void {
    switch (derived.op) {
      case 'HOLDS':
        if (this.#left > 0) into.parts.push(this.part(derived.cond, scope, true));
        return;
      case 'COUNT':
      case 'FIRST':
        this.#readParts(derived.list, scope, into);
        into.looks.push(this.#look(derived.op === 'COUNT' ? 'count' : 'first', derived, scope, true));
        return;
      case 'COALESCE': {
        const [a, b] = derived.args;
        this.#read(a!, scope, into);
        if (!isPresent(this.#reading.value(a!, scope))) this.#read(b!, scope, into);
        return;
      }
      case 'AT':
        this.#readParts(derived.args[0]!, scope, into);
        return;
      case 'GET':
        this.#readParts(derived.args[0]!, scope, into);
        this.#read(derived.args[1]!, scope, into);
        return;
      default:
        for (const arg of derived.args) this.#read(arg, scope, into);
    }
  }

  #readOf(id: FieldId, scope: Scope): Read {
    const field = this.#reading.ir.fields[id]!;
    const { value, raw, pointer } = this.#reading.field(id, scope);
    const shown: Json | undefined = raw ?? (value === null ? raw : jsonOf(field, value));
    const isThere = isPresent(value);
    const state = isThere ? 'value' : shown === undefined ? 'absent' : shown === null ? 'null' : 'other';
    const isPart = typeof shown === 'object' && shown !== null;
    return {
      text: this.#names.field(id),
      pointer,
      state,
      expected: field.kind,
      type: kindName(shown),
      value: shown === undefined || isPart ? null : (shown as string | number | boolean | null),
      size: isPart ? sizeOf(shown) : null,
    };
  }
}

function kindName(value: Json | undefined): JsonKind | null {
  const bit = jsonKind(value);
  return (Object.keys(JSON_KINDS) as JsonKind[]).find((name) => JSON_KINDS[name] === bit) ?? null;
}
