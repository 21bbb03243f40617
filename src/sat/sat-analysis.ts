// What the SAT solver learns from a conflict.

import { type ClauseArena, HEADER, NO_CLAUSE } from './sat-clauses.ts';
import type { DecisionQueue } from './sat-queue.ts';
import type { Trail } from './sat-trail.ts';

/** Marks of variables during one analysis. */
const UNSEEN = 0;
/** In the clause to learn, or resolved away on the way to it. */
const SEEN = 1;
/** Implied by the rest of the clause to learn. */
const IMPLIED = 2;
/** Depends on a decision outside of the clause to learn. */
const INDEPENDENT = 3;

/** The clause learned from one conflict. */
export interface Learned {
  /** The first literal is to be asserted at `level`; the second, if any, is false there and nowhere below. */
  readonly literals: readonly number[];
  readonly level: number;
  /** Number of decision levels among the literals. */
  readonly lbd: number;
}

/** Conflict analysis (Eén & Sörensson, "An Extensible SAT-solver", SAT 2003, section 4.3). */
export class ConflictAnalysis {
  private marks = new Uint8Array(0);
  private readonly marked: number[] = [];
  /** For each level the number of the last analysis that had a literal of it. */
  private levelStamps = new Int32Array(1);
  private stamp = 0;
  private readonly path: number[] = [];
  private readonly positions: number[] = [];
  private readonly trail: Trail;
  private readonly clauses: ClauseArena;
  private readonly queue: DecisionQueue;

  constructor(trail: Trail, clauses: ClauseArena, queue: DecisionQueue) {
    this.trail = trail;
    this.clauses = clauses;
    this.queue = queue;
  }

  /** Makes room for so many variables. */
  reserve(capacity: number): void {
    const { marks, levelStamps } = this;
    this.marks = new Uint8Array(capacity);
    this.marks.set(marks);
    this.levelStamps = new Int32Array(capacity + 1);
    this.levelStamps.set(levelStamps);
  }

  /** The clause at the first unique implication point of a conflict above level 0, without redundant literals. */
  learn(conflict: number): Learned {
    const literals = this.resolve(conflict);
    const { levels } = this.trail;
    const resolved = this.marked.slice();
    const lbd = this.stampLevels(literals);
    const kept = literals.filter((literal, i) => i === 0 || !this.redundant(literal >> 1));
    this.clearMarks();
    this.queue.bump(resolved);
    let level = 0;
    for (let i = 1; i < kept.length; i++) {
      const literal = kept[i]!;
      const its = levels[literal >> 1]!;
      if (its <= level) continue;
      level = its;
      kept[i] = kept[1]!;
      kept[1] = literal;
    }
    return { literals: kept, level, lbd };
  }

  /**
   * Which assumptions make `failed`, an assumption that is false, impossible: a set of true decisions, and itself.
   * To be called while every decision is an assumption.
   */
  core(failed: number): number[] {
    const { trail, marks } = this;
    const core = [failed];
    if (trail.levels[failed >> 1] === 0) return core;
    this.mark(failed >> 1, SEEN);
    for (let i = trail.size - 1; i >= trail.start(1); i--) {
      const literal = trail.literals[i]!;
      if (marks[literal >> 1] === UNSEEN) continue;
      const reason = trail.reasons[literal >> 1]!;
      if (reason === NO_CLAUSE) core.push(literal);
      else this.markClause(reason);
    }
    this.clearMarks();
    return core;
  }

  /** Resolves a conflict back to the only literal of the current level, which comes first in the answer. */
  private resolve(conflict: number): number[] {
    const { trail, marks, clauses } = this;
    const { words } = clauses;
    const { levels, level } = trail;
    const learned = [0];
    let ref = conflict;
    let index = trail.size;
    let pending = 0;
    let literal: number;
    do {
      clauses.use(ref);
      const end = ref + HEADER + words[ref]!;
      for (let i = ref + HEADER; i < end; i++) {
        const other = words[i]!;
        const variable = other >> 1;
        if (marks[variable] !== UNSEEN || levels[variable] === 0) continue;
        this.mark(variable, SEEN);
        if (levels[variable] === level) pending++;
        else learned.push(other);
      }
      do literal = trail.literals[--index]!;
      while (marks[literal >> 1] === UNSEEN);
      ref = trail.reasons[literal >> 1]!;
      pending--;
    } while (pending > 0);
    learned[0] = literal ^ 1;
    return learned;
  }

  /** Stamps the levels of literals; answers how many there are. */
  private stampLevels(literals: readonly number[]): number {
    const { levelStamps, trail } = this;
    this.stamp++;
    let count = 0;
    for (const literal of literals) {
      const level = trail.levels[literal >> 1]!;
      if (levelStamps[level] === this.stamp) continue;
      levelStamps[level] = this.stamp;
      count++;
    }
    return count;
  }

  /**
   * Whether the other literals of the learned clause imply the one of this variable. Walks the reasons depth first,
   * with a stack of its own: a chain of reasons may be as long as the trail.
   */
  private redundant(root: number): boolean {
    const { trail, marks, path, positions } = this;
    const { words } = this.clauses;
    if (trail.reasons[root] === NO_CLAUSE) return false;
    path.push(root);
    positions.push(0);
    while (path.length > 0) {
      const top = path.length - 1;
      const variable = path[top]!;
      const ref = trail.reasons[variable]!;
      const position = positions[top]!;
      if (position === words[ref]) {
        if (marks[variable] === UNSEEN) this.mark(variable, IMPLIED);
        path.pop();
        positions.pop();
        continue;
      }
      positions[top] = position + 1;
      const other = words[ref + HEADER + position]! >> 1;
      if (other === variable || this.settled(other)) continue;
      if (this.independent(other)) {
        for (const blocked of path) if (marks[blocked] === UNSEEN) this.mark(blocked, INDEPENDENT);
        path.length = 0;
        positions.length = 0;
        return false;
      }
      path.push(other);
      positions.push(0);
    }
    return true;
  }

  /** Whether a variable is fixed, in the learned clause, or known to be implied by it. */
  private settled(variable: number): boolean {
    const mark = this.marks[variable]!;
    return mark === SEEN || mark === IMPLIED || this.trail.levels[variable] === 0;
  }

  /** Whether a variable cannot follow from the learned clause: a decision, or on a level without a literal of it. */
  private independent(variable: number): boolean {
    return (
      this.marks[variable] === INDEPENDENT ||
      this.trail.reasons[variable] === NO_CLAUSE ||
      this.levelStamps[this.trail.levels[variable]!] !== this.stamp
    );
  }

  private markClause(ref: number): void {
    const { words } = this.clauses;
    const end = ref + HEADER + words[ref]!;
    for (let i = ref + HEADER; i < end; i++) {
      const variable = words[i]! >> 1;
      if (this.marks[variable] === UNSEEN && this.trail.levels[variable]! > 0) this.mark(variable, SEEN);
    }
  }

  private mark(variable: number, mark: number): void {
    this.marks[variable] = mark;
    this.marked.push(variable);
  }

  private clearMarks(): void {
    for (const variable of this.marked) this.marks[variable] = UNSEEN;
    this.marked.length = 0;
  }
}
