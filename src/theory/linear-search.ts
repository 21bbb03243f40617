// Branch and bound (Land and Doig, 1960): the relaxation decides; where its point is no integer or breaks a disequality, the two sides
// of that value are searched. A conflict that does not use the side it was found on holds for the other side as well.

import { approach } from './linear-approach.ts';
import { DifferenceRelaxation, isDifferenceSystem } from './linear-difference.ts';
import { refuteEquations } from './linear-lattice.ts';
import { SimplexRelaxation } from './linear-simplex.ts';
import type { Budget, Relaxation, System } from './linear-system.ts';

/** Depth of the first round. Each further round searches twice as deep, so that an endless branch does not hide a solution beside it. */
const FIRST_DEPTH = 16;
/** Bounds the stack. */
const MAX_DEPTH = 1024;

export type Found =
  | { readonly kind: 'values'; readonly values: readonly bigint[] }
  | {
      readonly kind: 'none';
      readonly tags: ReadonlySet<number>;
      /** Whether one combination of bounds is the whole proof; such a conflict has nothing that it does not need. */
      readonly direct: boolean;
    }
  | { readonly kind: 'unknown' };

const UNKNOWN: Found = { kind: 'unknown' };

/** One value of a form between two sides; the tag is that of a disequality which demands the split. */
interface Split {
  readonly form: number;
  readonly below: bigint;
  readonly above: bigint;
  readonly tag: number | null;
  readonly upFirst: boolean;
}

/** Solves the system within the budget. Tags from `freeTag` on are not in use. */
export function searchSystem(system: System, budget: Budget, freeTag: number): Found {
  const relaxation = isDifferenceSystem(system)
    ? new DifferenceRelaxation(system)
    : new SimplexRelaxation(system, budget);
  const search = new Search(system, budget, relaxation, freeTag);
  for (let depth = FIRST_DEPTH; depth <= MAX_DEPTH; depth *= 2) {
    const found = search.descend(depth);
    if (found.kind === 'values') return { kind: 'values', values: approach(system, found.values) };
    if (found.kind === 'none' || budget.spent) return found;
  }
  return UNKNOWN;
}

class Search {
  readonly #system: System;
  readonly #budget: Budget;
  readonly #relaxation: Relaxation;
  #freeTag: number;

  constructor(system: System, budget: Budget, relaxation: Relaxation, freeTag: number) {
    this.#system = system;
    this.#budget = budget;
    this.#relaxation = relaxation;
    this.#freeTag = freeTag;
  }

  /** Searches within the bounds of the system as they are at the call, and leaves them so. */
  descend(depth: number): Found {
    if (!this.#budget.take()) return UNKNOWN;
    const relaxed = this.#relaxation.solve();
    if (relaxed.kind === 'unknown') return UNKNOWN;
    if (relaxed.kind === 'none') return { ...relaxed, direct: true };
    if (relaxed.kind === 'values') {
      const { values } = relaxed;
      const broken = this.#system.disequalities.find(
        ({ form, value }) => this.#system.valueOf(form, values) === value,
      );
      if (broken === undefined) return relaxed;
      const { form, value, tag } = broken;
      return this.#split({ form, below: value - 1n, above: value + 1n, tag, upFirst: true }, depth);
    }
    const tags = refuteEquations(this.#system);
    if (tags !== null) return { kind: 'none', tags, direct: false };
    const { variable, floor } = relaxed;
    const upFirst = this.#system.targets[variable]! > floor;
    return this.#split({ form: variable, below: floor, above: floor + 1n, tag: null, upFirst }, depth);
  }

  #split(split: Split, depth: number): Found {
    if (depth === 0) return UNKNOWN;
    const tags = new Set<number>(split.tag === null ? [] : [split.tag]);
    let open = false;
    for (const up of [split.upFirst, !split.upFirst]) {
      const tag = this.#freeTag++;
      const found = this.#side(split, up, tag, depth - 1);
      if (found.kind === 'values') return found;
      if (found.kind === 'unknown') {
        open = true;
        continue;
      }
      if (!found.tags.has(tag)) return found;
      for (const used of found.tags) if (used !== tag) tags.add(used);
    }
    return open ? UNKNOWN : { kind: 'none', tags, direct: false };
  }

  #side({ form, below, above }: Split, up: boolean, tag: number, depth: number): Found {
    const { lower, upper } = this.#system;
    const low = lower[form]!;
    const high = upper[form]!;
    if (up) this.#system.raise(form, { value: above, tag });
    else this.#system.reduce(form, { value: below, tag });
    const found = this.descend(depth);
    lower[form] = low;
    upper[form] = high;
    return found;
  }
}
