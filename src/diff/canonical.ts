// What is written in two IRs, made comparable. The ids of an IR depend on everything in it; here equal conditions and values of two IRs
// get one id. Every row is looked at once, and without recursion: conditions that were read back from a bundle can nest very deeply.

import type { Derived, Edge, Field, FieldId, Ir, IrAtom, SetId, Template } from '../ir/ir.ts';
import { decimalJson } from '../value/number.ts';

/** The ids that the IRs of a comparison share. */
export class CanonicalIds {
  readonly #ids = new Map<string, number>();

  intern(key: unknown): number {
    const text = JSON.stringify(key);
    const id = this.#ids.get(text) ?? this.#ids.size;
    this.#ids.set(text, id);
    return id;
  }
}

/** One IR under shared ids. */
export class CanonicalIr {
  readonly #ir: Ir;
  readonly #ids: CanonicalIds;
  readonly #heights: ReadonlyMap<FieldId, number>;
  readonly #known: Fold;

  constructor(ir: Ir, ids: CanonicalIds) {
    this.#ir = ir;
    this.#ids = ids;
    this.#heights = variableHeights(ir);
    this.#known = new Fold(ir, (row, value) => ids.intern(this.#key(row, value)));
  }

  /** Equal for conditions that are written alike, whatever their fields allow. */
  condition(edge: Edge): number {
    return (this.#known.of({ table: 'cond', id: edge >> 1 }) << 1) | (edge & 1);
  }

  template(template: Template): number {
    const parts = template.map((part) =>
      typeof part === 'string'
        ? part
        : [this.#known.of({ table: 'field', id: part.field }), part.format, part.scale, part.list],
    );
    return this.#ids.intern(['template', parts]);
  }

  #key(row: Row, value: ValueOf): unknown {
    const edge = (edge: Edge): number => (value({ table: 'cond', id: edge >> 1 }) << 1) | (edge & 1);
    const field = (id: FieldId): number => value({ table: 'field', id });
    switch (row.table) {
      case 'cond': {
        const cond = this.#ir.conds[row.id]!;
        if (cond.op === 'and') return ['and', cond.args.map(edge).sort((a, b) => a - b)];
        return cond.op === 'atom' ? ['atom', value({ table: 'atom', id: cond.atom })] : ['true'];
      }
      case 'atom':
        return this.#atom(this.#ir.atoms[row.id]!, field, edge);
      case 'field':
        return this.#field(this.#ir.fields[row.id]!, field, edge);
    }
  }

  // Numbers are compared as written, not as scaled: the scale of a field is a matter of its schema.
  #atom(atom: IrAtom, field: (id: FieldId) => number, edge: (edge: Edge) => number): unknown {
    if ('body' in atom) {
      const { op, list, elem, overValues, except, body } = atom;
      return [op, field(list), field(elem), overValues, this.#items(except), edge(body)];
    }
    const subject = field(atom.field);
    if ('other' in atom) return [atom.op, subject, field(atom.other)];
    const { scale } = this.#ir.fields[atom.field]!;
    switch (atom.op) {
      case 'KIND_IS':
        return [atom.op, subject, atom.mask];
      case 'HAS_KEY':
        return [atom.op, subject, atom.key];
      case 'IN_NUMBERS':
        return [atom.op, subject, this.#items(atom.set)?.map((item) => decimalJson(Number(item), scale))];
      case 'IN_STRINGS':
      case 'KEYS_IN':
        return [atom.op, subject, this.#items(atom.set)];
      case 'RANGE':
        return [atom.op, subject, atom.bounds.map((bound) => decimalJson(bound, scale))];
      case 'RANGE_TIME':
        return [atom.op, subject, atom.bounds.map(String)];
      case 'MATCH':
        return [atom.op, subject, this.#ir.langs[atom.lang]];
      default:
        return [atom.op, subject];
    }
  }

  #field(field: Field, of: (id: FieldId) => number, edge: (edge: Edge) => number): unknown {
    const parent = field.parent === null ? null : of(field.parent);
    switch (field.via) {
      case 'view':
        return [field.via, parent, field.kind, this.#items(field.branch)];
      case 'bound':
        return [field.via, parent, this.#heights.get(field.id) ?? 0];
      case 'constant': {
        const { constant, scale } = field;
        return [
          field.via,
          constant?.kind === 'number' ? decimalJson(constant.value, scale) : JSON.stringify(constant),
        ];
      }
      case 'calc':
        return [field.via, field.derived === null ? null : derivedKey(field.derived, of, edge)];
      default:
        return [field.via, parent, field.key];
    }
  }

  #items(set: SetId | null): readonly (string | number)[] | null {
    return set === null ? null : this.#ir.sets[set]!.items;
  }
}

function derivedKey(
  derived: Derived,
  field: (id: FieldId) => number,
  edge: (edge: Edge) => number,
): readonly unknown[] {
  if ('cond' in derived) return [derived.op, edge(derived.cond)];
  if ('args' in derived) return [derived.op, derived.args.map(field), derived.imm];
  return [derived.op, field(derived.list), field(derived.elem), edge(derived.body)];
}

/**
 * What tells apart the variables of quantifiers over one list that are nested: how many quantifiers stand inside. Ids cannot, they depend
 * on the order of everything else.
 */
function variableHeights(ir: Ir): ReadonlyMap<FieldId, number> {
  const heights = new Map<FieldId, number>();
  const fold: Fold = new Fold(ir, (row, value) => {
    const below = Math.max(0, ...references(ir, row).map(value));
    const quantifier = quantifierAt(ir, row);
    if (quantifier === null) return below;
    heights.set(quantifier.elem, Math.max(heights.get(quantifier.elem) ?? 0, below + 1));
    return below + 1;
  });
  ir.atoms.forEach((_, id) => {
    fold.of({ table: 'atom', id });
  });
  ir.fields.forEach((_, id) => {
    fold.of({ table: 'field', id });
  });
  return heights;
}

function quantifierAt(ir: Ir, { table, id }: Row): { readonly elem: FieldId } | null {
  const row = table === 'atom' ? ir.atoms[id]! : table === 'field' ? ir.fields[id]!.derived : null;
  return row !== null && 'body' in row ? row : null;
}

interface Row {
  readonly table: 'cond' | 'atom' | 'field';
  readonly id: number;
}
type ValueOf = (row: Row) => number;

/** A number for each row of an IR, from those of the rows that it refers to. */
class Fold {
  readonly #ir: Ir;
  readonly #step: (row: Row, value: ValueOf) => number;
  readonly #values = {
    cond: new Map<number, number>(),
    atom: new Map<number, number>(),
    field: new Map<number, number>(),
  };

  constructor(ir: Ir, step: (row: Row, value: ValueOf) => number) {
    this.#ir = ir;
    this.#step = step;
  }

  of(row: Row): number {
    const open = [row];
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const missing = this.#has(top) ? [] : references(this.#ir, top).filter((each) => !this.#has(each));
      if (missing.length > 0) {
        for (const each of missing) open.push(each);
        continue;
      }
      open.pop();
      if (!this.#has(top)) this.#values[top.table].set(top.id, this.#step(top, this.#value));
    }
    return this.#value(row);
  }

  #has({ table, id }: Row): boolean {
    return this.#values[table].has(id);
  }

  readonly #value: ValueOf = ({ table, id }) => this.#values[table].get(id)!;
}

function references(ir: Ir, { table, id }: Row): Row[] {
  const fields = (...ids: readonly FieldId[]): Row[] => ids.map((each) => ({ table: 'field', id: each }));
  const cond = (edge: Edge): Row => ({ table: 'cond', id: edge >> 1 });
  if (table === 'cond') {
    const row = ir.conds[id]!;
    if (row.op === 'and') return row.args.map(cond);
    return row.op === 'atom' ? [{ table: 'atom', id: row.atom }] : [];
  }
  if (table === 'atom') {
    const atom = ir.atoms[id]!;
    if ('body' in atom) return [...fields(atom.list, atom.elem), cond(atom.body)];
    return 'other' in atom ? fields(atom.field, atom.other) : fields(atom.field);
  }
  const { parent, derived } = ir.fields[id]!;
  const found = parent === null ? [] : fields(parent);
  if (derived === null) return found;
  if ('cond' in derived) return [...found, cond(derived.cond)];
  if ('args' in derived) return [...found, ...fields(...derived.args)];
  return [...found, ...fields(derived.list, derived.elem), cond(derived.body)];
}
