// Linear arithmetic over a handful of integers, exact. A system falls into parts without common variables; a part of differences only
// is decided by Bellman-Ford, any other by the simplex with conflicts after Farkas, and integrality and disequalities by branch and
// bound. 'none' is a proof, 'values' satisfy every constraint, and what the step budget does not suffice for is 'unknown'.

import { type Found, searchSystem } from './linear-search.ts';
import { Budget, normalRow, type Row, System } from './linear-system.ts';

/** An integer; the bounds belong to the range, null is an open end. */
export interface LinearVariable {
  readonly min: bigint | null;
  readonly max: bigint | null;
}

/** The sum of factor * variable, related to the bound. */
export interface LinearConstraint {
  readonly terms: readonly { readonly variable: number; readonly factor: bigint }[];
  readonly rel: '<=' | '==' | '!=';
  readonly bound: bigint;
}

export type LinearResult =
  | { readonly kind: 'values'; readonly values: readonly bigint[] }
  | {
      /** A core: these constraints, and these variables' ends of the range, already exclude each other. */
      readonly kind: 'none';
      readonly constraints: readonly number[];
      readonly mins: readonly number[];
      readonly maxs: readonly number[];
    }
  | { readonly kind: 'unknown'; readonly reason: string };

export interface LinearOptions {
  /** Relaxations and pivots for each part of the system. */
  readonly steps?: number;
  /** Values that are wanted, null for any: then 0, or the bound next to it. */
  readonly prefer?: readonly (bigint | null)[];
}

const DEFAULT_STEPS = 2_000;
/** Steps for each attempt to do without one member of a core, and the size of a core up to which that is attempted. */
const SHRINK_STEPS = 100;
const SHRINK_SIZE = 40;

/** Finds integers within their ranges that satisfy every constraint, near the preferred ones, or a core that proves there are none. */
export function solveLinear(
  variables: readonly LinearVariable[],
  constraints: readonly LinearConstraint[],
  options: LinearOptions = {},
): LinearResult {
  const rows = constraints.map(({ terms, rel, bound }) => normalRow(terms, rel, bound));
  const never = rows.indexOf(false);
  if (never >= 0) return { kind: 'none', constraints: [never], mins: [], maxs: [] };
  const problem = new Problem(variables, rows, options.prefer ?? []);
  const steps = options.steps ?? DEFAULT_STEPS;
  const values = variables.map(() => 0n);
  let open = false;
  for (const part of problem.parts()) {
    const found = problem.solve(part, () => true, new Budget(steps));
    if (found.kind === 'none') {
      const core = found.direct ? found.tags : problem.shrink(part, found.tags);
      return problem.coreOf(core);
    }
    if (found.kind === 'unknown') open = true;
    else for (const [at, variable] of part.variables.entries()) values[variable] = found.values[at]!;
  }
  if (open) return { kind: 'unknown', reason: `the linear system is not decided within ${steps} steps` };
  return { kind: 'values', values };
}

/** Variables that constraints connect, and those constraints. */
interface Part {
  readonly variables: readonly number[];
  readonly rows: readonly number[];
}

/** The tag of a constraint is its index; those of the ends of the ranges follow, two for each variable. */
class Problem {
  readonly #variables: readonly LinearVariable[];
  readonly #rows: readonly (Row | boolean)[];
  readonly #prefer: readonly (bigint | null)[];

  constructor(
    variables: readonly LinearVariable[],
    rows: readonly (Row | boolean)[],
    prefer: readonly (bigint | null)[],
  ) {
    this.#variables = variables;
    this.#rows = rows;
    this.#prefer = prefer;
  }

  /** The parts without common variables. */
  parts(): Part[] {
    const root = this.#variables.map((_, variable) => variable);
    const find = (variable: number): number => {
      let at = variable;
      while (root[at] !== at) at = root[at]!;
      return at;
    };
    for (const row of this.#rows) {
      if (typeof row === 'boolean') continue;
      for (const { variable } of row.terms) root[find(variable)] = find(row.terms[0]!.variable);
    }
    const parts = new Map<number, { variables: number[]; rows: number[] }>();
    for (const variable of this.#variables.keys()) {
      const part = parts.get(find(variable));
      if (part === undefined) parts.set(find(variable), { variables: [variable], rows: [] });
      else part.variables.push(variable);
    }
    for (const [at, row] of this.#rows.entries()) {
      if (typeof row !== 'boolean') parts.get(find(row.terms[0]!.variable))!.rows.push(at);
    }
    return [...parts.values()];
  }

  /** Solves one part with those of its constraints and ends whose tag is demanded. */
  solve(part: Part, demanded: (tag: number) => boolean, budget: Budget): Found {
    const wishes = part.variables.map((variable) => this.#prefer[variable] ?? null);
    const system = new System(
      wishes.map((wish) => wish ?? 0n),
      wishes.map((wish) => wish !== null),
    );
    const end = this.#rows.length;
    for (const [at, variable] of part.variables.entries()) {
      const { min, max } = this.#variables[variable]!;
      const tag = end + 2 * variable;
      if (min !== null && demanded(tag)) system.raise(at, { value: min, tag });
      if (max !== null && demanded(tag + 1)) system.reduce(at, { value: max, tag: tag + 1 });
    }
    const local = new Map(part.variables.map((variable, at) => [variable, at]));
    for (const tag of part.rows) {
      const row = this.#rows[tag]!;
      if (typeof row === 'boolean' || !demanded(tag)) continue;
      const terms = row.terms.map(({ variable, factor }) => ({ variable: local.get(variable)!, factor }));
      system.add({ ...row, terms }, tag);
    }
    return searchSystem(system, budget, end + 2 * this.#variables.length);
  }

  /** Leaves away what the proof does not need, where that is found quickly. */
  shrink(part: Part, tags: ReadonlySet<number>): ReadonlySet<number> {
    let core = tags;
    if (core.size > SHRINK_SIZE) return core;
    for (const candidate of tags) {
      if (!core.has(candidate)) continue;
      const rest = core;
      const found = this.solve(part, (tag) => tag !== candidate && rest.has(tag), new Budget(SHRINK_STEPS));
      if (found.kind === 'none') core = found.tags;
    }
    return core;
  }

  coreOf(tags: ReadonlySet<number>): LinearResult {
    const end = this.#rows.length;
    const sorted = [...tags].sort((a, b) => a - b);
    const ends = sorted.filter((tag) => tag >= end).map((tag) => tag - end);
    return {
      kind: 'none',
      constraints: sorted.filter((tag) => tag < end),
      mins: ends.filter((tag) => tag % 2 === 0).map((tag) => tag / 2),
      maxs: ends.filter((tag) => tag % 2 === 1).map((tag) => (tag - 1) / 2),
    };
  }
}
