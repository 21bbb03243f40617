// What the tables of one IR say about its fields: the places that a field may read, and the bound fields that a value depends on.

import type { Edge, FieldId, Ir } from '../ir/ir.ts';
import { ENTRIES, ITEMS } from './place.ts';

export type Path = readonly string[];

/** What the tables of one policy say about its fields. */
export class FieldReader {
  readonly ir: Ir;
  /** Bound fields that run over the values of an object. */
  readonly overValues = new Set<FieldId>();
  readonly #paths: (readonly Path[])[] = [];
  readonly #freeFields: (readonly FieldId[])[] = [];
  readonly #freeConds: (readonly FieldId[])[] = [];

  constructor(ir: Ir) {
    this.ir = ir;
    for (const atom of ir.atoms)
      if ((atom.op === 'ANY' || atom.op === 'ALL') && atom.overValues) this.overValues.add(atom.elem);
  }

  strings(set: number): readonly string[] {
    const row = this.ir.sets[set]!;
    return row.of === 'string' ? row.items : [];
  }

  /** Paths of the places that a field may read. */
  paths(id: FieldId): readonly Path[] {
    const known = this.#paths[id];
    if (known !== undefined) return known;
    const field = this.ir.fields[id]!;
    const below = (parent: FieldId, segment: string): Path[] =>
      this.paths(parent).map((path) => [...path, segment]);
    let paths: readonly Path[] = [];
    if (field.via === 'root') paths = [[]];
    else if (field.via === 'member') paths = below(field.parent!, `.${field.key}`);
    else if (field.via === 'view') paths = this.paths(field.parent!);
    else if (field.via === 'element') paths = below(field.parent!, ITEMS);
    else if (field.via === 'value') paths = below(field.parent!, ENTRIES);
    else if (field.via === 'bound') paths = below(field.parent!, this.overValues.has(id) ? ENTRIES : ITEMS);
    else if (field.derived !== null) {
      const { derived } = field;
      if (derived.op === 'AT') paths = below(derived.args[0]!, ITEMS);
      else if (derived.op === 'FIRST') paths = below(derived.list, ITEMS);
      else if (derived.op === 'GET') paths = below(derived.args[0]!, ENTRIES);
      else if (derived.op === 'COALESCE') paths = derived.args.flatMap((arg) => this.paths(arg));
    }
    this.#paths[id] = paths;
    return paths;
  }

  /** Bound fields that a quantifier over `list` asks about besides its own, and that the list does not hang under. */
  per(list: FieldId, elem: FieldId, body: Edge): readonly FieldId[] {
    const own = new Set([elem, ...this.freeOfField(list)]);
    return this.freeOfEdge(body).filter((bound) => !own.has(bound));
  }

  freeOfField(id: FieldId): readonly FieldId[] {
    const known = this.#freeFields[id];
    if (known !== undefined) return known;
    const field = this.ir.fields[id]!;
    let free: readonly FieldId[] = [];
    if (field.via === 'bound' || field.via === 'element' || field.via === 'value') free = [id];
    else if (field.parent !== null) free = this.freeOfField(field.parent);
    else if (field.derived !== null) {
      const { derived } = field;
      if (derived.op === 'HOLDS') free = this.freeOfEdge(derived.cond);
      else if ('list' in derived) free = this.#freeOfQuantifier(derived.list, derived.elem, derived.body);
      else free = union(derived.args.map((arg) => this.freeOfField(arg)));
    }
    this.#freeFields[id] = free;
    return free;
  }

  #freeOfQuantifier(list: FieldId, elem: FieldId, body: Edge): readonly FieldId[] {
    return union([this.freeOfField(list), this.freeOfEdge(body).filter((bound) => bound !== elem)]);
  }

  freeOfEdge(edge: Edge): readonly FieldId[] {
    const known = this.#freeConds[edge >> 1];
    if (known !== undefined) return known;
    const cond = this.ir.conds[edge >> 1]!;
    let free: readonly FieldId[] = [];
    if (cond.op === 'and') free = union(cond.args.map((arg) => this.freeOfEdge(arg)));
    else if (cond.op === 'atom') {
      const atom = this.ir.atoms[cond.atom]!;
      if ('list' in atom) free = this.#freeOfQuantifier(atom.list, atom.elem, atom.body);
      else free = union([this.freeOfField(atom.field), 'other' in atom ? this.freeOfField(atom.other) : []]);
    }
    this.#freeConds[edge >> 1] = free;
    return free;
  }

  /** One more than the largest number that a count or size is compared with; infinite when it is used otherwise. */
  threshold(field: FieldId): number {
    let least = 0;
    for (const atom of this.ir.atoms) {
      if (atom.op === 'RANGE' && atom.field === field)
        for (const bound of atom.bounds) if (Number.isFinite(bound)) least = Math.max(least, bound + 1);
      if (atom.op === 'IN_NUMBERS' && atom.field === field) {
        const set = this.ir.sets[atom.set]!;
        if (set.of === 'number') least = Math.max(least, ...set.items.map((item) => item + 1));
      }
      if ('other' in atom && (atom.field === field || atom.other === field)) return Infinity;
    }
    const used = this.ir.fields.some(
      ({ derived }) => derived !== null && 'args' in derived && derived.args.includes(field),
    );
    return used || this.#isPrinted(field) ? Infinity : least;
  }

  /** An obligation holds the value itself, not only how it compares. */
  #isPrinted(field: FieldId): boolean {
    return [...this.ir.rules, this.ir.defaultOutcome].some(({ obligations }) =>
      obligations.some(({ value }) => value.some((part) => typeof part !== 'string' && part.field === field)),
    );
  }
}

function union(lists: readonly (readonly FieldId[])[]): readonly FieldId[] {
  return [...new Set(lists.flat())];
}
