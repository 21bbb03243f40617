// Hash-consing constructors of the IR tables: equal things get one id. Conditions are an AND graph with negation on edges;
// the constructors flatten, sort, drop duplicates and fold `x and not x`, and do nothing cleverer (simplification by ranges belongs to the diff).

import { compareUtf8 } from '../value/text.ts';
import type { AtomId, Cond, Edge, Field, FieldId, IrAtom, IrSet, Lang, LangId, SetId } from './ir.ts';
import { FALSE, TRUE } from './ir.ts';

/** A table whose equal rows share one index. */
class Table<Row> {
  readonly rows: Row[] = [];
  readonly #ids = new Map<string, number>();

  intern(row: Row): number {
    const key = stableKey(row);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    this.rows.push(row);
    this.#ids.set(key, this.rows.length - 1);
    return this.rows.length - 1;
  }
}

// JSON has no infinities, and they occur as open bounds.
function stableKey(row: unknown): string {
  return JSON.stringify(row, (_key, value) =>
    value === Infinity ? '+inf' : value === -Infinity ? '-inf' : value,
  );
}

export class IrBuilder {
  readonly #fields = new Table<Omit<Field, 'id'>>();
  readonly #sets = new Table<IrSet>();
  readonly #langs = new Table<Lang>();
  readonly #atoms = new Table<IrAtom>();
  readonly #conds = new Table<Cond>();

  constructor() {
    this.#conds.intern({ op: 'true' });
  }

  field(row: Omit<Field, 'id'>): FieldId {
    return this.#fields.intern(row);
  }

  fieldRow(id: FieldId): Omit<Field, 'id'> {
    const row = this.#fields.rows[id];
    if (row === undefined) throw new Error(`no field ${id}`);
    return row;
  }

  strings(items: Iterable<string>): SetId {
    return this.#sets.intern({ of: 'string', items: [...new Set(items)].sort(compareUtf8) });
  }

  numbers(items: Iterable<number>): SetId {
    return this.#sets.intern({
      of: 'number',
      items: [...new Set(items)].map((n) => n + 0).sort((a, b) => a - b),
    });
  }

  lang(kind: Lang['kind'], texts: Iterable<string>): LangId {
    return this.#langs.intern({ kind, texts: [...new Set(texts)].sort(compareUtf8) });
  }

  atom(atom: IrAtom): Edge {
    const id: AtomId = this.#atoms.intern(atom);
    return this.#conds.intern({ op: 'atom', atom: id }) << 1;
  }

  and(edges: readonly Edge[]): Edge {
    const flat = new Set<Edge>();
    for (const edge of edges) this.#flatten(edge, flat);
    flat.delete(TRUE);
    for (const edge of flat) if (edge === FALSE || flat.has(edge ^ 1)) return FALSE;
    const args = [...flat].sort((a, b) => a - b);
    if (args.length === 0) return TRUE;
    if (args.length === 1) return args[0]!;
    return this.#conds.intern({ op: 'and', args }) << 1;
  }

  #flatten(edge: Edge, into: Set<Edge>): void {
    const cond = this.#conds.rows[edge >> 1]!;
    if ((edge & 1) === 0 && cond.op === 'and') for (const arg of cond.args) into.add(arg);
    else into.add(edge);
  }

  or(edges: readonly Edge[]): Edge {
    return this.not(this.and(edges.map((edge) => edge ^ 1)));
  }

  not(edge: Edge): Edge {
    return edge ^ 1;
  }

  /** Fields that a conjunction tests for constants, with the allowed values. */
  constantTests(edge: Edge): Map<FieldId, readonly (string | number)[]> {
    const tests = new Map<FieldId, readonly (string | number)[]>();
    const cond = this.#conds.rows[edge >> 1]!;
    if ((edge & 1) !== 0 || cond.op === 'true') return tests;
    for (const arg of cond.op === 'and' ? cond.args : [edge]) {
      const part = this.#conds.rows[arg >> 1]!;
      if ((arg & 1) !== 0 || part.op !== 'atom') continue;
      const atom = this.#atoms.rows[part.atom]!;
      if (atom.op === 'IN_STRINGS' || atom.op === 'IN_NUMBERS')
        tests.set(atom.field, this.#sets.rows[atom.set]!.items);
    }
    return tests;
  }

  tables(): { fields: Field[]; sets: IrSet[]; langs: Lang[]; atoms: IrAtom[]; conds: Cond[] } {
    return {
      fields: this.#fields.rows.map((row, id) => ({ id, ...row })),
      sets: this.#sets.rows,
      langs: this.#langs.rows,
      atoms: this.#atoms.rows,
      conds: this.#conds.rows,
    };
  }
}
