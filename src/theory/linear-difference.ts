// Systems of difference constraints, x - y <= c: an edge from y to x of weight c, and the constant 0 is one more node. The system has a
// solution if and only if the graph has no negative cycle (Bellman-Ford; Cormen et al., Introduction to Algorithms, "Difference
// constraints and shortest paths"), and integer weights give integer solutions. The matrix of all shortest paths (Floyd-Warshall) is
// the tightest equivalent system: a choice for some variables that satisfies it can always be continued (Dechter, Meiri and Pearl,
// "Temporal constraint networks", 1991), so values are chosen one variable at a time, without backtracking.

import type { Relaxation, Relaxed, System } from './linear-system.ts';
import { nearest } from './linear-system.ts';

/** x(to) <= x(from) + weight. */
interface Edge {
  readonly from: number;
  readonly to: number;
  readonly weight: bigint;
  readonly tag: number;
}

/** The two nodes of a form, x(plus) - x(minus), or null for a form that is no difference. */
function nodesOf(system: System, form: number): { plus: number; minus: number } | null {
  const [first, second, ...others] = system.forms[form]!;
  if (first === undefined || first.factor !== 1n || others.length > 0) return null;
  if (second === undefined) return { plus: first.variable, minus: system.targets.length };
  return second.factor === -1n ? { plus: first.variable, minus: second.variable } : null;
}

/** Whether every form of the system is a variable or a difference of two. */
export function isDifferenceSystem(system: System): boolean {
  return system.forms.every((_, form) => nodesOf(system, form) !== null);
}

/** The relaxation of a difference system; its points are integral. */
export class DifferenceRelaxation implements Relaxation {
  readonly #system: System;
  readonly #zero: number;

  constructor(system: System) {
    this.#system = system;
    this.#zero = system.targets.length;
  }

  solve(): Relaxed {
    const edges = this.#edges();
    const cycle = negativeCycle(this.#zero + 1, edges);
    if (cycle !== null) return { kind: 'none', tags: new Set(cycle) };
    return { kind: 'values', values: this.#choose(shortestPaths(this.#zero + 1, edges)) };
  }

  #edges(): Edge[] {
    const { forms, lower, upper } = this.#system;
    const edges: Edge[] = [];
    for (let form = 0; form < forms.length; form++) {
      const { plus, minus } = nodesOf(this.#system, form)!;
      const low = lower[form]!;
      const high = upper[form]!;
      if (high !== null) edges.push({ from: minus, to: plus, weight: high.value, tag: high.tag });
      if (low !== null) edges.push({ from: plus, to: minus, weight: -low.value, tag: low.tag });
    }
    return edges;
  }

  #choose(distance: readonly (readonly (bigint | null)[])[]): bigint[] {
    const values: (bigint | null)[] = distance.map(() => null);
    values[this.#zero] = 0n;
    for (const variable of this.#system.wishOrder()) {
      let low: bigint | null = null;
      let high: bigint | null = null;
      for (let node = 0; node < values.length; node++) {
        const value = values[node]!;
        if (value === null) continue;
        const there = distance[node]![variable]!;
        const back = distance[variable]![node]!;
        if (there !== null && (high === null || value + there < high)) high = value + there;
        if (back !== null && (low === null || value - back > low)) low = value - back;
      }
      const target = this.#system.targets[variable]!;
      // A disequality that cannot be kept here is violated, and the search splits it.
      values[variable] =
        nearest(low, high, target, this.#excluded(variable, values)) ?? nearest(low, high, target, new Set());
    }
    return values.slice(0, this.#zero) as bigint[];
  }

  /** Values that a disequality forbids for the variable, given those that are chosen. */
  #excluded(variable: number, values: readonly (bigint | null)[]): Set<bigint> {
    const excluded = new Set<bigint>();
    for (const { form, value } of this.#system.disequalities) {
      const { plus, minus } = nodesOf(this.#system, form)!;
      const other = plus === variable ? minus : plus;
      const chosen = values[other]!;
      if ((plus !== variable && minus !== variable) || chosen === null) continue;
      excluded.add(plus === variable ? chosen + value : chosen - value);
    }
    return excluded;
  }
}

/** Tags on a negative cycle, or null when there is none. */
function negativeCycle(nodes: number, edges: readonly Edge[]): number[] | null {
  const distance = new Array<bigint>(nodes).fill(0n);
  const last = new Array<Edge | null>(nodes).fill(null);
  let changed: Edge | null = null;
  for (let round = 0; round < nodes; round++) {
    changed = null;
    for (const edge of edges) {
      const sum = distance[edge.from]! + edge.weight;
      if (sum >= distance[edge.to]!) continue;
      distance[edge.to] = sum;
      last[edge.to] = edge;
      changed = edge;
    }
    if (changed === null) return null;
  }
  // What still changes in the last round hangs on a cycle; as many steps back as there are nodes end on it.
  let node = changed!.to;
  for (let i = 0; i < nodes; i++) node = last[node]!.from;
  const tags: number[] = [];
  const start = node;
  do {
    const edge = last[node]!;
    tags.push(edge.tag);
    node = edge.from;
  } while (node !== start);
  return tags;
}

/** Lengths of the shortest paths from every node to every node; there is no negative cycle. */
function shortestPaths(nodes: number, edges: readonly Edge[]): (bigint | null)[][] {
  const distance = Array.from({ length: nodes }, (_, from) =>
    Array.from({ length: nodes }, (_, to): bigint | null => (from === to ? 0n : null)),
  );
  for (const { from, to, weight } of edges) {
    const known = distance[from]![to]!;
    if (known === null || weight < known) distance[from]![to] = weight;
  }
  for (const [via, onward] of distance.entries()) {
    for (const row of distance) {
      const first = row[via]!;
      if (first === null) continue;
      for (let to = 0; to < nodes; to++) {
        const second = onward[to]!;
        if (second === null) continue;
        const known = row[to]!;
        if (known === null || first + second < known) row[to] = first + second;
      }
    }
  }
  return distance;
}
