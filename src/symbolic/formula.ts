// Ground conditions: an AND graph over variables with negation on edges, hash-consed so that what two policies share is one formula.
// A variable stands for a fact about one request; facts.ts says which. Leaf of this folder.

/** `node << 1 | negated`. */
export type Formula = number;
export const TRUE: Formula = 0;
export const FALSE: Formula = 1;

export type FormulaNode =
  | { readonly op: 'true' }
  | { readonly op: 'variable'; readonly variable: number }
  /** Two or more, ascending, distinct, none beside its negation. A chain's are left as they are. */
  | { readonly op: 'and'; readonly args: readonly Formula[] };

export class Formulas {
  readonly nodes: FormulaNode[] = [{ op: 'true' }];
  readonly #ands = new Map<string, Formula>();
  readonly #variables: Formula[] = [];

  variable(variable: number): Formula {
    let formula = this.#variables[variable];
    if (formula === undefined) {
      formula = (this.nodes.push({ op: 'variable', variable }) - 1) << 1;
      this.#variables[variable] = formula;
    }
    return formula;
  }

  and(...formulas: readonly Formula[]): Formula {
    return this.all(formulas);
  }

  or(...formulas: readonly Formula[]): Formula {
    return this.any(formulas);
  }

  /** Whether every one holds. */
  all(formulas: Iterable<Formula>): Formula {
    const flat = new Set<Formula>();
    for (const formula of formulas) {
      const node = this.nodes[formula >> 1]!;
      if ((formula & 1) === 0 && node.op === 'and') for (const arg of node.args) flat.add(arg);
      else flat.add(formula);
    }
    flat.delete(TRUE);
    for (const formula of flat) if (formula === FALSE || flat.has(formula ^ 1)) return FALSE;
    const args = [...flat].sort((a, b) => a - b);
    if (args.length === 0) return TRUE;
    if (args.length === 1) return args[0]!;
    return this.#intern(args);
  }

  /** Whether one of them holds. */
  any(formulas: Iterable<Formula>): Formula {
    const negated: Formula[] = [];
    for (const formula of formulas) negated.push(formula ^ 1);
    return this.all(negated) ^ 1;
  }

  /** `a` or `b`, without looking into them: for chains in which each part is the next one's. */
  either(a: Formula, b: Formula): Formula {
    return this.both(a ^ 1, b ^ 1) ^ 1;
  }

  /** `a` and `b`, without looking into them. */
  both(a: Formula, b: Formula): Formula {
    if (a === TRUE || a === b) return b;
    if (b === TRUE) return a;
    if (a === FALSE || b === FALSE || a === (b ^ 1)) return FALSE;
    return this.#intern(a < b ? [a, b] : [b, a]);
  }

  #intern(args: readonly Formula[]): Formula {
    const key = args.join();
    let formula = this.#ands.get(key);
    if (formula === undefined) {
      formula = (this.nodes.push({ op: 'and', args }) - 1) << 1;
      this.#ands.set(key, formula);
    }
    return formula;
  }

  not(formula: Formula): Formula {
    return formula ^ 1;
  }

  implies(a: Formula, b: Formula): Formula {
    return this.and(a, b ^ 1) ^ 1;
  }

  differ(a: Formula, b: Formula): Formula {
    if (a === b) return FALSE;
    return this.or(this.and(a, b ^ 1), this.and(a ^ 1, b));
  }

  same(a: Formula, b: Formula): Formula {
    return this.differ(a, b) ^ 1;
  }

  /** At least `least` of the formulas hold. */
  atLeast(least: number, formulas: readonly Formula[]): Formula {
    if (least <= 0) return TRUE;
    // row[n]: at least n of the formulas seen so far.
    let row: Formula[] = [TRUE, ...Array<Formula>(least).fill(FALSE)];
    for (const formula of formulas) {
      row = row.map((held, n) => (n === 0 ? TRUE : this.or(held, this.and(row[n - 1]!, formula))));
    }
    return row[least]!;
  }
}
