// Many questions at once: is there a request for each of these goals? One question asks for any goal that is still open, its answer closes
// all goals that the request shows, and the proof that there is no request closes all that are left.

import { FALSE, type Formula } from '../symbolic/formula.ts';
import { type Judgement, MISPREDICTED, type Space } from '../symbolic/space.ts';
import type { Plan } from '../witness/complete-plan.ts';
import type { Fate } from './report.ts';

/** Why goals stay open about which nothing was asked. */
const TOO_MANY = 'there were too many questions';
export const OUT_OF_TIME = 'the time for the analysis ran out';

export interface Search<Key, Seen> {
  readonly space: Space;
  /** What holds for every request that is looked for. */
  readonly base: readonly Formula[];
  readonly goals: ReadonlyMap<Key, Formula>;
  readonly observe: (plan: Plan) => Judgement<Seen>;
  /** The goals that a request shows, among others. */
  readonly shows: (seen: Seen) => Iterable<Key>;
  /** Questions that may be asked; goals that are then open are unknown. */
  readonly limit?: number;
  /** Milliseconds of `performance.now()` after which no question is asked. */
  readonly deadline: number;
}

export class Sweep<Key, Seen> {
  /** Goals that a request shows. */
  readonly found = new Map<Key, Seen>();
  /** Goals that no request shows: proved. */
  readonly excluded = new Set<Key>();
  /** Goals that stay open, and why. */
  readonly unknown = new Map<Key, string>();
  /** Questions asked. */
  questions = 0;
  readonly #search: Search<Key, Seen>;

  constructor(search: Search<Key, Seen>) {
    this.#search = search;
    for (const [key, goal] of search.goals) if (goal === FALSE) this.excluded.add(key);
    this.#together();
  }

  fate(key: Key): Fate {
    if (this.found.has(key)) return 'yes';
    return this.excluded.has(key) ? 'no' : 'unknown';
  }

  get #open(): Key[] {
    return [...this.#search.goals.keys()].filter(
      (key) => !this.found.has(key) && !this.excluded.has(key) && !this.unknown.has(key),
    );
  }

  #together(): void {
    for (let open = this.#open; open.length > 0; open = this.#open) {
      if (!this.#hasQuestions(open)) return;
      const reason = this.#ask(open);
      if (reason === null) continue;
      if (open.length === 1) this.unknown.set(open[0]!, reason);
      else this.#oneByOne(open);
    }
  }

  /** A question that asks for many goals is as hard as the hardest of them. */
  #oneByOne(keys: readonly Key[]): void {
    for (const key of keys) {
      if (this.found.has(key)) continue;
      if (!this.#hasQuestions(keys)) return;
      const reason = this.#ask([key]);
      if (reason !== null) this.unknown.set(key, reason);
    }
  }

  #hasQuestions(open: readonly Key[]): boolean {
    const { limit, deadline } = this.#search;
    const reason =
      performance.now() > deadline
        ? OUT_OF_TIME
        : limit !== undefined && this.questions >= limit
          ? TOO_MANY
          : null;
    if (reason === null) return true;
    for (const key of open) if (this.fate(key) === 'unknown') this.unknown.set(key, reason);
    return false;
  }

  /** Null when some goal is closed, else why not. */
  #ask(open: readonly Key[]): string | null {
    const { space, base, goals, observe, shows } = this.#search;
    this.questions++;
    const wanted = new Set(open);
    const any = space.formulas.any(open.map((key) => goals.get(key)!));
    const answer = space.ask<{ seen: Seen; keys: Key[] }>([...base, any], [], (plan) => {
      const judged = observe(plan);
      if (judged.kind === 'refused') return judged;
      const keys = [...shows(judged.found)];
      if (!keys.some((key) => wanted.has(key))) return MISPREDICTED;
      return { kind: 'accepted', found: { seen: judged.found, keys } };
    });
    if (answer.kind === 'unknown') return answer.reason;
    if (answer.kind === 'none') {
      for (const key of open) this.excluded.add(key);
      return null;
    }
    const { seen, keys } = answer.found;
    for (const key of keys) if (goals.has(key) && !this.found.has(key)) this.found.set(key, seen);
    return null;
  }
}
