// Formulas as clauses. A place is a choice among the classes of its values, in their order: a variable says "at most class i", so that both
// a single class and a range of classes are two literals.

import { SatSolver } from '../sat/sat.ts';
import { FALSE, type Formula, TRUE } from './formula.ts';
import { isSingle, Partition, type ValueClass } from './partition.ts';
import type { Fact, Link, PlaceId, Places } from './place.ts';

export class Encoding {
  readonly solver = new SatSolver();
  readonly places: Places;
  /** A literal that is always true. */
  readonly yes: number;
  readonly #partitions: Partition[] = [];
  /** Per place: variables "at most class i". */
  readonly #order: number[][] = [];
  readonly #literals: (number | undefined)[] = [];
  readonly #lazy = new Map<number, number>();
  readonly #classLiterals = new Map<string, number>();
  /** The last variable that the last assignment knows. */
  #assigned = 0;
  /** Variables known when the classes were made. */
  readonly #variables: number;
  readonly #linked = new Set<number>();

  /** To be made when every place and fact is known. */
  constructor(places: Places) {
    this.places = places;
    this.yes = this.solver.newVar();
    this.solver.addClause([this.yes]);
    this.#variables = places.variables.length;
    this.#divide();
  }

  partition(place: PlaceId): Partition {
    return this.#partitions[place]!;
  }

  /** Demands that a formula holds. */
  assert(formula: Formula): void {
    this.solver.addClause([this.literal(formula)]);
  }

  /** The literal that is true exactly where the formula is. */
  literal(formula: Formula): number {
    const node = formula >> 1;
    const pending = [node];
    const { nodes } = this.places.formulas;
    while (pending.length > 0) {
      const top = pending.at(-1)!;
      if (this.#literals[top] !== undefined) {
        pending.pop();
        continue;
      }
      const { op } = nodes[top]!;
      const row = nodes[top]!;
      const open = row.op === 'and' ? row.args.filter((arg) => this.#literals[arg >> 1] === undefined) : [];
      if (open.length > 0) {
        for (const arg of open) pending.push(arg >> 1);
        continue;
      }
      pending.pop();
      if (op === 'true') this.#literals[top] = this.yes;
      else if (row.op === 'variable') this.#literals[top] = this.#variable(row.variable);
      else if (row.op === 'and')
        this.#literals[top] = this.conjunction(row.args.map((arg) => this.#known(arg)));
    }
    return this.#known(formula);
  }

  #known(formula: Formula): number {
    const literal = this.#literals[formula >> 1]!;
    return (formula & 1) === 0 ? literal : -literal;
  }

  /** Whether a formula is true in the last assignment. */
  holds(formula: Formula): boolean {
    if (formula === TRUE) return true;
    if (formula === FALSE) return false;
    return this.isTrue(this.literal(formula));
  }

  /** Everything that is encoded now has a truth in the assignment that was just found. */
  beginModel(): void {
    this.#assigned = this.solver.variableCount;
  }

  isTrue(literal: number): boolean {
    if (Math.abs(literal) > this.#assigned) throw new Error('a truth that the assignment does not say');
    return literal > 0 ? this.solver.value(literal) : !this.solver.value(-literal);
  }

  /** A literal for the conjunction of literals. */
  conjunction(literals: readonly number[]): number {
    const parts = [...new Set(literals)].filter((literal) => literal !== this.yes);
    if (parts.includes(-this.yes)) return -this.yes;
    if (parts.length === 0) return this.yes;
    if (parts.length === 1) return parts[0]!;
    const all = this.solver.newVar();
    for (const part of parts) this.solver.addClause([-all, part]);
    this.solver.addClause([all, ...parts.map((part) => -part)]);
    return all;
  }

  /** The value at a place is in one of its first classes, up to `index`. */
  atMostClass(place: PlaceId, index: number): number {
    const order = this.#order[place]!;
    if (index < 0) return -this.yes;
    return index >= order.length ? this.yes : order[index]!;
  }

  isClass(place: PlaceId, index: number): number {
    const key = `${place} ${index}`;
    let literal = this.#classLiterals.get(key);
    if (literal === undefined) {
      literal = this.conjunction([this.atMostClass(place, index), -this.atMostClass(place, index - 1)]);
      this.#classLiterals.set(key, literal);
    }
    return literal;
  }

  /** The class of a place in the last assignment. */
  classOf(place: PlaceId): number {
    const order = this.#order[place]!;
    let [lo, hi] = [0, order.length];
    while (lo < hi) {
      const middle = (lo + hi) >> 1;
      if (this.solver.value(order[middle]!)) hi = middle;
      else lo = middle + 1;
    }
    return lo;
  }

  /** What the value of a place is in the last assignment. */
  valueClass(place: PlaceId): ValueClass {
    return this.partition(place).classes[this.classOf(place)]!;
  }

  /** The variable of a lazy fact or a link; null when nothing asked for it. */
  lazy(variable: number): number | null {
    return this.#lazy.get(variable) ?? null;
  }

  #variable(id: number): number {
    const variable = this.places.variables[id]!;
    // The classes were made for the facts known then: of another one they could tell nothing.
    if (id >= this.#variables) throw new Error('a fact that came after the first question');
    if (variable.kind === 'fact') return this.#fact(id, variable.place, variable.fact);
    // A theory asks for the truth of what a sum counts.
    if (variable.link.is === 'linear')
      for (const { source } of variable.link.terms)
        if (source.of === 'count') for (const formula of source.formulas) this.literal(formula);
    const literal = this.solver.newVar();
    this.#lazy.set(id, literal);
    if (!this.#linked.has(id)) {
      this.#linked.add(id);
      this.#equality(variable.link, literal);
    }
    return literal;
  }

  #fact(id: number, place: PlaceId, fact: Fact): number {
    const partition = this.partition(place);
    const parts: number[] = [];
    let lazy: number | null = null;
    const { classes } = partition;
    for (let from = 0; from < classes.length; from++) {
      const truth = partition.truth(fact, classes[from]!);
      if (truth === false) continue;
      let to = from;
      while (to + 1 < classes.length && partition.truth(fact, classes[to + 1]!) === truth) to++;
      const run = [this.atMostClass(place, to), -this.atMostClass(place, from - 1)];
      if (truth === 'lazy') {
        lazy ??= this.solver.newVar();
        this.#lazy.set(id, lazy);
        run.push(lazy);
      }
      parts.push(from === to && truth === true ? this.isClass(place, from) : this.conjunction(run));
      from = to;
    }
    return -this.conjunction(parts.map((part) => -part));
  }

  /** Equal values are in one class, and a class of one value makes them equal. */
  #equality(link: Link, literal: number): void {
    if (link.is !== 'equal' && link.is !== 'sameScalar') return;
    const { classes } = this.partition(link.a);
    for (let i = 0; i < classes.length; i++) {
      const [a, b] = [this.atMostClass(link.a, i), this.atMostClass(link.b, i)];
      this.solver.addClause([-literal, -a, b]);
      this.solver.addClause([-literal, a, -b]);
      if (isSingle(classes[i]!))
        this.solver.addClause([-this.isClass(link.a, i), -this.isClass(link.b, i), literal]);
    }
  }

  /** Partitions of all places; places whose values are compared for equality share theirs. */
  #divide(): void {
    const { places, variables } = this.places;
    const group = places.map((_, id) => id);
    const find = (id: number): number => {
      let root = id;
      while (group[root] !== root) root = group[root]!;
      return root;
    };
    for (const variable of variables) {
      if (variable.kind !== 'link') continue;
      const { link } = variable;
      if (link.is === 'equal' || link.is === 'sameScalar') group[find(link.a)] = find(link.b);
    }
    const facts = places.map((): Fact[] => []);
    for (const variable of variables)
      if (variable.kind === 'fact') facts[find(variable.place)]!.push(variable.fact);
    const shared = new Map<number, Partition>();
    for (const { id, step } of places) {
      const root = find(id);
      const isCount = step.step === 'size' || step.step === 'rest' || step.step === 'length';
      const partition = shared.get(root) ?? new Partition(facts[root]!, isCount);
      shared.set(root, partition);
      this.#partitions[id] = partition;
      this.#order[id] = this.#chain(partition.classes.length - 1);
    }
  }

  #chain(length: number): number[] {
    const order = Array.from({ length }, () => this.solver.newVar());
    for (let i = 1; i < length; i++) this.solver.addClause([-order[i - 1]!, order[i]!]);
    // Absent, then the first values, unless something asks for others.
    for (const variable of order) this.solver.setPhase(variable, true);
    return order;
  }
}
