// One assignment of the solver, as far as it matters: which class each place is in, and which lazy facts and links a theory must make true.

import type { Encoding } from './encoding.ts';
import type { Formula } from './formula.ts';
import type { Fact, Link, PlaceId } from './place.ts';

export interface NeededFact {
  readonly variable: number;
  readonly fact: Fact;
  readonly holds: boolean;
}

export interface NeededLink {
  readonly variable: number;
  readonly link: Link;
  readonly holds: boolean;
}

/** What the values of a request must satisfy. */
export interface Needs {
  /** Lazy facts, by place. */
  readonly facts: ReadonlyMap<PlaceId, readonly NeededFact[]>;
  readonly links: readonly NeededLink[];
}

/**
 * What makes the formulas true in the last assignment: of a disjunction one reason is enough, so most lazy facts do not matter. The
 * formulas must be true.
 */
export function needsOf(encoding: Encoding, formulas: readonly Formula[]): Needs {
  const facts = new Map<PlaceId, NeededFact[]>();
  const links: NeededLink[] = [];
  const { nodes } = encoding.places.formulas;
  const seen = new Set<number>();
  const pending = formulas.map((formula) => formula >> 1);
  while (pending.length > 0) {
    const node = pending.pop()!;
    if (seen.has(node)) continue;
    seen.add(node);
    const row = nodes[node]!;
    if (row.op === 'true') continue;
    if (row.op === 'variable') {
      need(encoding, row.variable, facts, links);
      continue;
    }
    const wrong = row.args.filter((arg) => !encoding.holds(arg));
    if (wrong.length === 0) pending.push(...row.args.map((arg) => arg >> 1));
    else pending.push(cheapest(encoding, wrong, seen) >> 1);
  }
  return { facts, links };
}

function need(encoding: Encoding, id: number, facts: Map<PlaceId, NeededFact[]>, links: NeededLink[]): void {
  const variable = encoding.places.variables[id]!;
  const lazy = encoding.lazy(id);
  if (lazy === null) return;
  const holds = encoding.isTrue(lazy);
  if (variable.kind === 'link') {
    links.push({ variable: id, link: variable.link, holds });
    return;
  }
  const { place, fact } = variable;
  const partition = encoding.partition(place);
  if (partition.truth(fact, encoding.valueClass(place)) !== 'lazy') return;
  const list = facts.get(place);
  if (list === undefined) facts.set(place, [{ variable: id, fact, holds }]);
  else list.push({ variable: id, fact, holds });
}

/** A reason that asks least of the theories. */
function cheapest(encoding: Encoding, formulas: readonly Formula[], seen: ReadonlySet<number>): Formula {
  let best = formulas[0]!;
  let least = Infinity;
  for (const formula of formulas) {
    const cost = seen.has(formula >> 1) ? 0 : costOf(encoding, formula >> 1);
    if (cost < least) {
      best = formula;
      least = cost;
    }
    if (least === 0) break;
  }
  return best;
}

function costOf(encoding: Encoding, node: number): number {
  const row = encoding.places.formulas.nodes[node]!;
  if (row.op === 'true') return 0;
  if (row.op === 'and') return 2;
  const lazy = encoding.lazy(row.variable);
  if (lazy === null) return 0;
  const variable = encoding.places.variables[row.variable]!;
  if (variable.kind === 'link') return 4;
  const partition = encoding.partition(variable.place);
  const truth = partition.truth(variable.fact, encoding.valueClass(variable.place));
  return truth === 'lazy' ? (encoding.isTrue(lazy) ? 3 : 1) : 0;
}
