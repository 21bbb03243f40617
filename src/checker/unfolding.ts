// How deep an expression is when its lets and defs are unfolded. Every phase walks expressions recursively, so that depth has a limit;
// it counts the levels around the expression at hand, and below it those of lets that were typed before.

/** Levels of one unfolded expression. */
export const MAX_UNFOLDED = 512;

export class Unfolding {
  /** Levels around the place at hand. */
  #depth = 0;
  /** Levels of the highest expression met so far at this place. */
  #height = 0;
  /** Something was refused, and so not read to its end. */
  refused = false;

  /** Runs one level; null when there are too many, around it or in it. */
  level<T>(run: () => T): T | null {
    const beside = this.#height;
    this.#height = 0;
    this.#depth += 1;
    const result = this.#depth > MAX_UNFOLDED ? null : run();
    this.#depth -= 1;
    const height = this.#height + 1;
    this.#height = Math.max(beside, height);
    return height > MAX_UNFOLDED ? null : result;
  }

  /** Types a let or a def apart from the expression that uses it; `height`: the levels of what it is. */
  apart<T>(run: () => T): { readonly result: T; readonly height: number } {
    const beside = this.#height;
    this.#height = 0;
    const result = run();
    const height = this.#height;
    this.#height = beside;
    return { result, height };
  }

  /** Notes that a let of so many levels is used here. */
  use(height: number): void {
    this.#height = Math.max(this.#height, height);
  }

  /** True at the first refusal of a policy: what uses a refused expression is refused too, and one report is enough. */
  firstRefusal(): boolean {
    const first = !this.refused;
    this.refused = true;
    return first;
  }
}
