// The smallest set that has an element of every one of some sets. The sets come one by one, so the size never shrinks.

/** Steps of a search before it is given up. */
const MAX_STEPS = 200_000;

export class HittingSets {
  readonly #sets: (readonly number[])[] = [];
  #least = 0;

  /** To be given sets in the order in which their elements should be preferred. */
  add(set: readonly number[]): void {
    this.#sets.push(set);
  }

  /** Null when the search was given up. */
  smallest(): readonly number[] | null {
    const search = new Search(this.#sets);
    for (; ; this.#least++) {
      const found = search.ofSize(this.#least);
      if (found !== null) return found;
      if (search.steps > MAX_STEPS) return null;
    }
  }
}

class Search {
  steps = 0;
  readonly #sets: readonly (readonly number[])[];

  constructor(sets: readonly (readonly number[])[]) {
    this.#sets = sets;
  }

  ofSize(size: number): readonly number[] | null {
    return this.#extend(new Set(), size, new Set());
  }

  #extend(chosen: Set<number>, left: number, excluded: Set<number>): readonly number[] | null {
    if (++this.steps > MAX_STEPS) return null;
    let smallest: readonly number[] | null = null;
    for (const set of this.#sets) {
      if (set.some((each) => chosen.has(each))) continue;
      const open = set.filter((each) => !excluded.has(each));
      if (smallest === null || open.length < smallest.length) smallest = open;
    }
    if (smallest === null) return [...chosen];
    if (left === 0) return null;
    const tried: number[] = [];
    try {
      for (const each of smallest) {
        chosen.add(each);
        const found = this.#extend(chosen, left - 1, excluded);
        if (found !== null) return found;
        chosen.delete(each);
        // Sets with this element have been looked at.
        excluded.add(each);
        tried.push(each);
      }
      return null;
    } finally {
      for (const each of tried) excluded.delete(each);
    }
  }
}
