// Rules as lists of conjuncts, and what the dispatch wants to know of a conjunct.

import { type Edge, FALSE, type FieldId, type Ir, TRUE } from '../ir/ir.ts';

/** A rule whose conjuncts must all still be tested. */
export interface Candidate {
  readonly rule: number;
  readonly conjuncts: readonly Edge[];
  /** How often the rule stands in the code already; SWITCH arms multiply it. */
  readonly copies: number;
}

/** A test that a string field is one of a few texts. */
export interface KeyTest {
  readonly field: FieldId;
  readonly keys: readonly string[];
}

export class Conjuncts {
  readonly #ir: Ir;
  readonly #costs = new Map<number, number>();
  readonly #sets = new Map<number, ReadonlySet<string>>();

  constructor(ir: Ir) {
    this.#ir = ir;
  }

  /** The rule as a candidate; null when its condition is `false`. */
  candidate(rule: number): Candidate | null {
    const { cond } = this.#ir.rules[rule]!;
    if (cond === FALSE) return null;
    const row = this.#ir.conds[cond >> 1]!;
    const flat = (cond & 1) === 0 && row.op === 'and';
    return { rule, conjuncts: cond === TRUE ? [] : flat ? row.args : [cond], copies: 1 };
  }

  /** The conjunct as a test for keys, when it is one. */
  keyTest(edge: Edge): KeyTest | null {
    const row = this.#ir.conds[edge >> 1]!;
    if ((edge & 1) === 1 || row.op !== 'atom') return null;
    const atom = this.#ir.atoms[row.atom]!;
    if (atom.op !== 'IN_STRINGS') return null;
    return { field: atom.field, keys: this.#ir.sets[atom.set]!.items as readonly string[] };
  }

  /** What the conjunct is when `field` holds `key`: true, false, or null for "to be tested". */
  given(edge: Edge, field: FieldId, key: string): boolean | null {
    const row = this.#ir.conds[edge >> 1]!;
    const negated = (edge & 1) === 1;
    if (row.op === 'and') {
      // Worth knowing only when it decides: `not (field == other and …)` is true.
      return row.args.some((arg) => this.#atomGiven(arg, field, key) === false) ? negated : null;
    }
    return this.#atomGiven(edge, field, key);
  }

  #atomGiven(edge: Edge, field: FieldId, key: string): boolean | null {
    const row = this.#ir.conds[edge >> 1]!;
    if (row.op !== 'atom') return null;
    const atom = this.#ir.atoms[row.atom]!;
    if (atom.op !== 'IN_STRINGS' || atom.field !== field) return null;
    return this.#set(atom.set).has(key) !== ((edge & 1) === 1);
  }

  #set(id: number): ReadonlySet<string> {
    let set = this.#sets.get(id);
    if (set === undefined) {
      set = new Set(this.#ir.sets[id]!.items as readonly string[]);
      this.#sets.set(id, set);
    }
    return set;
  }

  /** Rough price of a test, to try cheap ones first. The order of conjuncts cannot be observed: atoms are total. */
  cost(edge: Edge): number {
    const cond = edge >> 1;
    let cost = this.#costs.get(cond);
    if (cost === undefined) {
      const row = this.#ir.conds[cond]!;
      cost =
        row.op === 'atom'
          ? atomCost(this.#ir.atoms[row.atom]!.op)
          : row.op === 'and'
            ? 2 + row.args.length
            : 0;
      this.#costs.set(cond, cost);
    }
    return cost;
  }
}

function atomCost(op: string): number {
  if (op === 'ANY' || op === 'ALL') return 32;
  if (op === 'MATCH' || op.startsWith('SCAN_')) return 4;
  return op === 'KEYS_IN' || op === 'UNIQUE' ? 16 : 1;
}
