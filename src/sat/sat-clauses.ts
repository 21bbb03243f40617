// The clauses of the SAT solver, flat in one Int32Array, and the watch lists of their literals.

/** Stands for "no clause": the reason of a decision, the conflict of a search that has none. */
export const NO_CLAUSE = -1;

/** Words before the literals of a clause: how many literals, LBD, and whether a conflict has used it lately. */
export const HEADER = 3;

const LBD = 1;
const USED = 2;
/** Clauses given by the caller have this LBD; they are never dropped while they can matter. */
export const GIVEN = 0;
/** Learned clauses that join at most so many levels stay for good: they propagate in nearly every search. */
const GLUE = 2;
/** Up to this LBD a clause also stays when a conflict has used it since the last time clauses were dropped. */
const USEFUL = 6;

/**
 * The arena. A clause is known by the index of its first word. A literal is 2v or, negated, 2v + 1 for the variable v
 * (from 0), so that `literal ^ 1` is its negation and `literal >> 1` its variable.
 */
export class ClauseArena {
  words = new Int32Array(1 << 12);
  end = 0;
  /**
   * For each literal the clauses to visit when it becomes false: pairs of a clause and a blocker, another literal of
   * the clause, which saves the visit when it is true. A clause of two literals is kept as its complement: its blocker
   * is the whole rest of it, so it never needs a visit.
   */
  readonly watches: number[][] = [];

  /** Adds a clause of at least two literals; the first two are watched. */
  add(literals: readonly number[], lbd: number): number {
    const ref = this.end;
    const end = ref + HEADER + literals.length;
    if (end > this.words.length) {
      const words = new Int32Array(Math.max(end, this.words.length * 2));
      words.set(this.words);
      this.words = words;
    }
    this.words[ref] = literals.length;
    this.words[ref + LBD] = lbd;
    this.words[ref + USED] = 0;
    for (let i = 0; i < literals.length; i++) this.words[ref + HEADER + i] = literals[i]!;
    this.end = end;
    this.watch(ref);
    return ref;
  }

  /** Notes that a conflict was derived from this clause. */
  use(ref: number): void {
    this.words[ref + USED] = 1;
  }

  /**
   * Forgets the worse half of the learned clauses that have not proved useful. The references of all clauses change:
   * only to be called at level 0, where reasons no longer matter.
   */
  reduce(values: Int8Array): void {
    const { words } = this;
    const candidates: number[] = [];
    for (let ref = 0; ref < this.end; ref += HEADER + words[ref]!) {
      const least = words[ref + USED] === 0 ? GLUE : USEFUL;
      if (words[ref + LBD]! > least) candidates.push(ref);
      words[ref + USED] = 0;
    }
    candidates.sort((a, b) => words[b + LBD]! - words[a + LBD]! || words[b]! - words[a]! || a - b);
    this.compact(values, new Set(candidates.slice(0, candidates.length >> 1)));
  }

  /**
   * Drops the clauses in `dropped` and those that are true for good, and takes the literals out that are false for
   * good. To be called at level 0 after propagation, so that every clause left has two unassigned literals.
   */
  compact(values: Int8Array, dropped: ReadonlySet<number>): void {
    const { words } = this;
    const { end } = this;
    for (const watchers of this.watches) watchers.length = 0;
    let to = 0;
    for (let ref = 0; ref < end; ) {
      const next = ref + HEADER + words[ref]!;
      if (!dropped.has(ref)) to = this.move(ref, next, to, values);
      ref = next;
    }
    this.end = to;
  }

  /** Moves one clause down to `to`; answers where the next one goes. */
  private move(ref: number, next: number, to: number, values: Int8Array): number {
    const { words } = this;
    const lbd = words[ref + LBD]!;
    const used = words[ref + USED]!;
    for (let i = ref + HEADER; i < next; i++) if (values[words[i]!]! > 0) return to;
    let end = to + HEADER;
    for (let i = ref + HEADER; i < next; i++) {
      const literal = words[i]!;
      if (values[literal] === 0) words[end++] = literal;
    }
    words[to] = end - to - HEADER;
    words[to + LBD] = lbd;
    words[to + USED] = used;
    this.watch(to);
    return end;
  }

  private watch(ref: number): void {
    const first = this.words[ref + HEADER]!;
    const second = this.words[ref + HEADER + 1]!;
    const entry = this.words[ref] === 2 ? ~ref : ref;
    this.watches[first]!.push(entry, second);
    this.watches[second]!.push(entry, first);
  }
}
