// An IR with more conditions than its policy has: the questions of generation are conditions of the same kind, so that the engine can
// ground them and an evaluator can judge them.

import type { Edge, Ir, IrAtom, IrSet, SetId } from '../ir/ir.ts';

export class ExtendedIr {
  readonly #base: Ir;
  readonly #sets: Rows<IrSet>;
  readonly #atoms: Rows<IrAtom>;
  readonly #conds: Rows<Ir['conds'][number]>;

  constructor(base: Ir) {
    this.#base = base;
    this.#sets = new Rows(base.sets);
    this.#atoms = new Rows(base.atoms);
    this.#conds = new Rows(base.conds);
  }

  /** The policy with the conditions that were added so far. */
  get ir(): Ir {
    return {
      ...this.#base,
      sets: [...this.#sets.rows],
      atoms: [...this.#atoms.rows],
      conds: [...this.#conds.rows],
    };
  }

  atom(atom: IrAtom): Edge {
    return this.#conds.id({ op: 'atom', atom: this.#atoms.id(atom) }) << 1;
  }

  numbers(items: readonly number[]): SetId {
    return this.#sets.id({ of: 'number', items });
  }
}

/** A table whose equal rows share one index. */
class Rows<Row> {
  readonly rows: Row[];
  readonly #ids = new Map<string, number>();

  constructor(rows: readonly Row[]) {
    this.rows = [...rows];
    rows.forEach((row, id) => {
      this.#ids.set(keyOf(row), id);
    });
  }

  id(row: Row): number {
    const key = keyOf(row);
    const id = this.#ids.get(key) ?? this.rows.push(row) - 1;
    this.#ids.set(key, id);
    return id;
  }
}

// JSON has no infinities, and they occur as open bounds.
function keyOf(row: unknown): string {
  return JSON.stringify(row, (_key, value) =>
    value === Infinity ? '+inf' : value === -Infinity ? '-inf' : value,
  );
}
