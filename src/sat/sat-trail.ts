// The assignment of the SAT solver: its trail, decision levels and unit propagation.

import { type ClauseArena, HEADER, NO_CLAUSE } from './sat-clauses.ts';
import type { DecisionQueue } from './sat-queue.ts';

/** A partial assignment in the order in which it was made. Literals as in `ClauseArena`. */
export class Trail {
  /** For each literal 1 true, -1 false, 0 not assigned. */
  values = new Int8Array(0);
  /** For each assigned variable its decision level. */
  levels = new Int32Array(0);
  /** For each assigned variable the clause that forced it, or NO_CLAUSE. Means nothing at level 0. */
  reasons = new Int32Array(0);
  literals = new Int32Array(0);
  size = 0;
  propagations = 0;
  /** For each decision level above 0 the size of the trail when it began. */
  private readonly starts: number[] = [];
  private propagated = 0;
  private phases = new Uint8Array(0);
  private preferred = new Uint8Array(0);
  private readonly queue: DecisionQueue;

  constructor(queue: DecisionQueue) {
    this.queue = queue;
  }

  /** Makes room for so many variables. */
  reserve(capacity: number): void {
    const { values, levels, reasons, literals, phases, preferred } = this;
    this.values = new Int8Array(2 * capacity);
    this.values.set(values);
    this.levels = new Int32Array(capacity);
    this.levels.set(levels);
    this.reasons = new Int32Array(capacity);
    this.reasons.set(reasons);
    this.literals = new Int32Array(capacity);
    this.literals.set(literals);
    this.phases = new Uint8Array(capacity);
    this.phases.set(phases);
    this.preferred = new Uint8Array(capacity);
    this.preferred.set(preferred);
  }

  get level(): number {
    return this.starts.length;
  }

  /** Whether everything assigned has been propagated. */
  get settled(): boolean {
    return this.propagated === this.size;
  }

  /** Size of the trail before a decision level above 0; the decision itself is at this index. */
  start(level: number): number {
    return this.starts[level - 1]!;
  }

  /** Sets the phase that decisions prefer, now and at the begin of every search. */
  prefer(variable: number, phase: boolean): void {
    this.preferred[variable] = phase ? 1 : 0;
    this.phases[variable] = this.preferred[variable]!;
  }

  /** Forgets the saved phases. */
  resetPhases(): void {
    this.phases.set(this.preferred);
  }

  /** The literal of a variable in its saved phase. */
  phased(variable: number): number {
    return 2 * variable + 1 - this.phases[variable]!;
  }

  /** Begins a decision level. */
  open(): void {
    this.starts.push(this.size);
  }

  /** Makes a literal true at the current level. */
  assign(literal: number, reason: number): void {
    this.values[literal] = 1;
    this.values[literal ^ 1] = -1;
    this.levels[literal >> 1] = this.starts.length;
    this.reasons[literal >> 1] = reason;
    this.literals[this.size++] = literal;
  }

  /** Takes back every level above this one. */
  backtrack(level: number): void {
    if (level >= this.starts.length) return;
    const { values, literals, phases, queue } = this;
    const size = this.starts[level]!;
    for (let i = this.size - 1; i >= size; i--) {
      const literal = literals[i]!;
      values[literal] = 0;
      values[literal ^ 1] = 0;
      phases[literal >> 1] = 1 - (literal & 1);
      queue.release(literal >> 1);
    }
    this.size = size;
    this.propagated = size;
    this.starts.length = level;
  }

  /** Assigns what clauses force; answers a clause that is false, or NO_CLAUSE. */
  propagate(clauses: ClauseArena): number {
    let conflict = NO_CLAUSE;
    const before = this.propagated;
    while (conflict === NO_CLAUSE && this.propagated < this.size) {
      conflict = this.visit(this.literals[this.propagated++]! ^ 1, clauses);
    }
    this.propagations += this.propagated - before;
    return conflict;
  }

  /** Visits the clauses that watch a literal that has become false. */
  private visit(falsified: number, clauses: ClauseArena): number {
    const { values } = this;
    const { words, watches } = clauses;
    const watchers = watches[falsified]!;
    const count = watchers.length;
    let conflict = NO_CLAUSE;
    let from = 0;
    let to = 0;
    while (from < count) {
      const entry = watchers[from++]!;
      let blocker = watchers[from++]!;
      let value = values[blocker]!;
      const ref = entry < 0 ? ~entry : entry;
      if (value <= 0 && entry >= 0) {
        const base = ref + HEADER;
        const other = words[base]! ^ words[base + 1]! ^ falsified;
        value = values[other]!;
        blocker = other;
        if (value <= 0) {
          const end = base + words[ref]!;
          let i = base + 2;
          while (i < end && values[words[i]!]! < 0) i++;
          if (i < end) {
            const found = words[i]!;
            words[base] = other;
            words[base + 1] = found;
            words[i] = falsified;
            watches[found]!.push(entry, other);
            continue;
          }
        }
      }
      watchers[to++] = entry;
      watchers[to++] = blocker;
      if (value > 0) continue;
      if (value === 0) {
        this.assign(blocker, ref);
        continue;
      }
      conflict = ref;
      while (from < count) watchers[to++] = watchers[from++]!;
    }
    if (to < count) watchers.length = to;
    return conflict;
  }
}
