// The rational relaxation of a system: the simplex of Dutertre and de Moura ("A fast linear-arithmetic solver for DPLL(T)", 2006) with
// the rule of Bland, which cannot cycle. A row that cannot be repaired is a combination of bounds with a contradiction, as the lemma of
// Farkas promises, and those bounds are the conflict. Everything is exact: rows are integers over a common denominator, and a form
// outside the basis always stands at an integer, at its start or at one of its bounds.

import { approach } from './linear-approach.ts';
import type { Budget, Relaxation, Relaxed, System } from './linear-system.ts';
import { floorDivide, gcd } from './linear-system.ts';

/** Divides the row by the common divisor of its numbers. */
function reduceRow(row: bigint[]): void {
  let divisor = 0n;
  for (const factor of row) {
    if (factor !== 0n) divisor = gcd(divisor, factor);
    if (divisor === 1n) return;
  }
  for (let i = 0; i < row.length; i++) row[i] = row[i]! / divisor;
}

/** The relaxation of any system; a point may have fractions. */
export class SimplexRelaxation implements Relaxation {
  readonly #system: System;
  readonly #budget: Budget;
  /** Row r says: the sum of row[f] * form f is 0. Its factor of basis[r] is negative, those of the other basic forms are 0. */
  readonly #rows: bigint[][] = [];
  readonly #basis: number[] = [];
  /** The row of a basic form, else -1. */
  readonly #rowOf: number[];
  /** Values of the forms outside the basis. */
  readonly #point: bigint[];
  /** The order of Bland: variables without a wish move first. */
  readonly #order: readonly number[];

  constructor(system: System, budget: Budget) {
    const { forms, targets } = system;
    this.#system = system;
    this.#budget = budget;
    this.#rowOf = forms.map(() => -1);
    this.#point = forms.map((_, form) => targets[form] ?? 0n);
    this.#order = [...system.wishOrder().reverse(), ...[...forms.keys()].slice(targets.length)];
    for (let form = targets.length; form < forms.length; form++) {
      const row = forms.map(() => 0n);
      for (const { variable, factor } of forms[form]!) row[variable] = factor;
      row[form] = -1n;
      this.#rowOf[form] = this.#rows.push(row) - 1;
      this.#basis.push(form);
    }
  }

  solve(): Relaxed {
    const crossed = this.#enterBounds();
    if (crossed !== null) return { kind: 'none', tags: crossed };
    for (;;) {
      const broken = this.#order.find((form) => this.#rowOf[form]! >= 0 && this.#violated(form) !== 0);
      if (broken === undefined) return this.#read();
      if (!this.#budget.take()) return { kind: 'unknown' };
      const conflict = this.#repair(broken, this.#violated(broken));
      if (conflict !== null) return { kind: 'none', tags: conflict };
    }
  }

  /** Moves the forms outside the basis into their bounds, which may have changed; the tags of two bounds that exclude each other. */
  #enterBounds(): Set<number> | null {
    const { forms, lower, upper } = this.#system;
    for (let form = 0; form < forms.length; form++) {
      const low = lower[form]!;
      const high = upper[form]!;
      if (low !== null && high !== null && low.value > high.value) return new Set([low.tag, high.tag]);
      if (low !== null && this.#point[form]! < low.value) this.#point[form] = low.value;
      if (high !== null && this.#point[form]! > high.value) this.#point[form] = high.value;
    }
    return null;
  }

  /** Value of a basic form, times the denominator of its row. */
  #numerator(row: readonly bigint[]): bigint {
    let sum = 0n;
    for (let form = 0; form < row.length; form++) {
      const factor = row[form]!;
      if (factor !== 0n && this.#rowOf[form]! < 0) sum += factor * this.#point[form]!;
    }
    return sum;
  }

  /** -1 when the basic form lies below its lower bound, 1 above its upper bound, else 0. */
  #violated(form: number): number {
    const low = this.#system.lower[form]!;
    const high = this.#system.upper[form]!;
    if (low === null && high === null) return 0;
    const row = this.#rows[this.#rowOf[form]!]!;
    const value = this.#numerator(row);
    const denominator = -row[form]!;
    if (low !== null && value < low.value * denominator) return -1;
    return high !== null && value > high.value * denominator ? 1 : 0;
  }

  /** Brings a basic form to the bound that it violates, or tells the bounds that hold it away from there. */
  #repair(broken: number, side: number): Set<number> | null {
    const { lower, upper } = this.#system;
    const row = this.#rows[this.#rowOf[broken]!]!;
    const demanded = side < 0 ? lower[broken]! : upper[broken]!;
    const tags = new Set([demanded!.tag]);
    for (const form of this.#order) {
      const factor = row[form]!;
      if (factor === 0n || form === broken) continue;
      // Whether the form has to grow for the broken one to come nearer to its bound.
      const grows = factor > 0n === side < 0;
      const limit = grows ? upper[form]! : lower[form]!;
      if (limit !== null && limit.value === this.#point[form]!) {
        tags.add(limit.tag);
        continue;
      }
      this.#point[broken] = demanded!.value;
      this.#pivot(broken, form);
      return null;
    }
    return tags;
  }

  /** Exchanges a basic form and one outside the basis. */
  #pivot(leaving: number, entering: number): void {
    const at = this.#rowOf[leaving]!;
    let row = this.#rows[at]!;
    if (row[entering]! > 0n) row = row.map((factor) => -factor);
    this.#rows[at] = row;
    const scale = -row[entering]!;
    for (let r = 0; r < this.#rows.length; r++) {
      const other = this.#rows[r]!;
      const factor = other[entering]!;
      if (r === at || factor === 0n) continue;
      for (let form = 0; form < row.length; form++) {
        const own = other[form]!;
        const added = row[form]!;
        if (own !== 0n || added !== 0n) other[form] = own * scale + added * factor;
      }
      reduceRow(other);
    }
    this.#basis[at] = entering;
    this.#rowOf[entering] = at;
    this.#rowOf[leaving] = -1;
  }

  /** The point, or the first variable that is no integer in it. */
  #read(): Relaxed {
    const values: bigint[] = [];
    for (let variable = 0; variable < this.#system.targets.length; variable++) {
      const row = this.#rows[this.#rowOf[variable]!];
      if (row === undefined) {
        values.push(this.#point[variable]!);
        continue;
      }
      const denominator = -row[variable]!;
      const numerator = this.#numerator(row);
      const floor = floorDivide(numerator, denominator);
      if (floor * denominator !== numerator) return { kind: 'fraction', variable, floor };
      values.push(floor);
    }
    // Moves within the bounds often satisfy the disequalities, which the simplex does not know, and save the search from splits.
    return { kind: 'values', values: approach(this.#system, values) };
  }
}
