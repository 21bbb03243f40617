// The SAT solver of the semantic diff: conflict-driven clause learning, incremental, deterministic.

import { ConflictAnalysis } from './sat-analysis.ts';
import { ClauseArena, GIVEN, NO_CLAUSE } from './sat-clauses.ts';
import { DecisionQueue } from './sat-queue.ts';
import { Trail } from './sat-trail.ts';

/** Outcome of one call. */
export type SatResult =
  | { readonly status: 'sat' }
  /** `core` holds assumptions that cannot hold together; it is empty when the clauses alone are contradictory. */
  | { readonly status: 'unsat'; readonly core: readonly number[] }
  /** `stop` asked to give up. */
  | { readonly status: 'unknown' };

/** What a call may be given. */
export interface SolveOptions {
  /**
   * Called with every assignment that satisfies the clauses. Answers true to accept it; otherwise it must have added
   * clauses that exclude it.
   */
  readonly check?: () => boolean;
  /** Asked from time to time; true ends the search. */
  readonly stop?: () => boolean;
}

/** How much a solver has done, over all calls. */
export interface SatStats {
  readonly conflicts: number;
  readonly decisions: number;
  readonly propagations: number;
}

/** Conflicts in the shortest run between restarts. */
const RESTART_UNIT = 50;
/** Conflicts before learned clauses are dropped for the first time, and how much longer each further time waits. */
const FIRST_REDUCTION = 2000;
const REDUCTION_STEP = 300;
/** Conflicts and decisions between two questions to `stop`. */
const STOP_INTERVAL = 1000;

const SAT: SatResult = { status: 'sat' };
const CONTRADICTION: SatResult = { status: 'unsat', core: [] };
const UNKNOWN: SatResult = { status: 'unknown' };

/**
 * Decides clauses over variables 1, 2, …; a literal is a variable or its negative. The architecture, with assumptions
 * as the first decisions of a call, is that of MiniSat (Eén & Sörensson, "An Extensible SAT-solver", SAT 2003).
 * Everything learned in a call follows from the clauses alone and helps the next one.
 */
export class SatSolver {
  private readonly queue = new DecisionQueue();
  private readonly trail = new Trail(this.queue);
  private readonly clauses = new ClauseArena();
  private readonly analysis = new ConflictAnalysis(this.trail, this.clauses, this.queue);
  private model = new Uint8Array(0);
  private marks = new Uint8Array(0);
  private variables = 0;
  private capacity = 0;
  private contradictory = false;
  private searching = false;
  /** Clauses added during a search, in the order in which they will join it. */
  private readonly added: number[][] = [];
  private conflicts = 0;
  private decisions = 0;
  private reductions = 0;
  private nextReduction = FIRST_REDUCTION;
  /** Size of the trail at level 0, and the propagations, when clauses were last freed of it. */
  private compactedSize = 0;
  private compactedAt = 0;

  /** How many variables there are. */
  get variableCount(): number {
    return this.variables;
  }

  /** Makes a variable. */
  newVar(): number {
    const variable = this.variables++;
    if (this.variables > this.capacity) this.reserve(Math.max(64, 2 * this.capacity));
    this.queue.append(variable);
    this.clauses.watches.push([], []);
    return this.variables;
  }

  /** Demands that one of the literals be true, from now on. */
  addClause(literals: readonly number[]): void {
    const clause = this.normalized(literals);
    if (clause === null) return;
    if (this.searching) this.added.push(clause);
    else this.join(clause);
  }

  /** Looks for an assignment that satisfies every clause and every assumption. */
  solve(assumptions: readonly number[], options: SolveOptions = {}): SatResult {
    if (this.searching) throw new Error('solve() was called from inside a check.');
    const assumed = [...new Set(assumptions.map((literal) => this.encoded(literal)))];
    this.trail.resetPhases();
    this.searching = true;
    try {
      return this.search(assumed, options);
    } finally {
      this.trail.backtrack(0);
      this.searching = false;
      for (const clause of this.added.splice(0)) this.join(clause);
    }
  }

  /** The value of a variable in the last satisfying assignment. */
  value(variable: number): boolean {
    return this.model[variable - 1] === 1;
  }

  /** Sets the value that a variable gets when nothing speaks against it; false if never set. */
  setPhase(variable: number, phase: boolean): void {
    this.trail.prefer(this.encoded(variable) >> 1, phase);
  }

  /** How much work was done so far. */
  get stats(): SatStats {
    return {
      conflicts: this.conflicts,
      decisions: this.decisions,
      propagations: this.trail.propagations,
    };
  }

  private reserve(capacity: number): void {
    const { model } = this;
    this.capacity = capacity;
    this.model = new Uint8Array(capacity);
    this.model.set(model);
    this.marks = new Uint8Array(2 * capacity);
    this.queue.reserve(capacity);
    this.trail.reserve(capacity);
    this.analysis.reserve(capacity);
  }

  /** The literal as the parts of the solver write it (see `ClauseArena`). */
  private encoded(literal: number): number {
    const variable = Math.abs(literal);
    if (!Number.isInteger(literal) || variable < 1 || variable > this.variables) {
      throw new RangeError(`${literal} is no literal of this solver.`);
    }
    return literal > 0 ? 2 * (variable - 1) : 2 * (variable - 1) + 1;
  }

  /** The literals of a clause, each once; null when the clause holds always. */
  private normalized(literals: readonly number[]): number[] | null {
    const { marks } = this;
    const clause: number[] = [];
    for (const given of literals) {
      const literal = this.encoded(given);
      if (marks[literal] !== 0) continue;
      marks[literal] = 1;
      clause.push(literal);
    }
    const always = clause.some((literal) => marks[literal ^ 1] !== 0);
    for (const literal of clause) marks[literal] = 0;
    return always ? null : clause;
  }

  /**
   * Adds a clause at any point of a search, taking back as much as makes it propagate correctly. Answers the clause
   * when it is a conflict at the level that is then current, else NO_CLAUSE.
   */
  private join(clause: readonly number[]): number {
    const { trail } = this;
    const { values, levels } = trail;
    const fixed = (literal: number) => (levels[literal >> 1] === 0 ? values[literal]! : 0);
    if (clause.some((literal) => fixed(literal) > 0)) return NO_CLAUSE;
    const literals = clause.filter((literal) => fixed(literal) === 0);
    if (literals.length === 0) {
      this.contradictory = true;
      return NO_CLAUSE;
    }
    if (literals.length === 1) {
      trail.backtrack(0);
      trail.assign(literals[0]!, NO_CLAUSE);
      return NO_CLAUSE;
    }
    this.putWatchesFirst(literals);
    const ref = this.clauses.add(literals, GIVEN);
    const first = literals[0]!;
    const second = literals[1]!;
    if (values[first]! > 0 || values[second]! >= 0) return NO_CLAUSE;
    const level = levels[second >> 1]!;
    const conflict = values[first]! < 0 && levels[first >> 1] === level;
    trail.backtrack(level);
    if (conflict) return ref;
    trail.assign(first, ref);
    return NO_CLAUSE;
  }

  /** Brings those two literals to the front that are false last when levels are taken back. */
  private putWatchesFirst(literals: number[]): void {
    const { values, levels } = this.trail;
    const rank = (literal: number) =>
      values[literal]! < 0 ? levels[literal >> 1]! : Number.POSITIVE_INFINITY;
    for (let place = 0; place < 2; place++) {
      let best = place;
      for (let i = place + 1; i < literals.length; i++) {
        if (rank(literals[i]!) > rank(literals[best]!)) best = i;
      }
      const literal = literals[best]!;
      literals[best] = literals[place]!;
      literals[place] = literal;
    }
  }

  private search(assumed: readonly number[], options: SolveOptions): SatResult {
    const { trail } = this;
    let restarts = 0;
    let restartAt = this.conflicts + RESTART_UNIT * luby(restarts);
    let askAt = 0;
    while (!this.contradictory) {
      const conflict = this.nextConflict();
      if (conflict !== NO_CLAUSE) {
        this.learn(conflict);
        continue;
      }
      if (this.contradictory || this.added.length > 0 || !trail.settled) continue;
      if (options.stop !== undefined && this.conflicts + this.decisions >= askAt) {
        if (options.stop()) return UNKNOWN;
        askAt = this.conflicts + this.decisions + STOP_INTERVAL;
      }
      if (this.conflicts >= restartAt) {
        restartAt = this.conflicts + RESTART_UNIT * luby(++restarts);
        this.restart(assumed.length);
      }
      this.forget();
      const failed = this.decide(assumed);
      if (failed !== null) return { status: 'unsat', core: this.analysis.core(failed).map(decoded) };
      if (trail.size < this.variables || !trail.settled) continue;
      this.saveModel();
      if (options.check === undefined || options.check()) return SAT;
      this.demandProgress();
      askAt = 0;
    }
    return CONTRADICTION;
  }

  /** Propagates, then lets the next of the added clauses join. */
  private nextConflict(): number {
    const conflict = this.trail.propagate(this.clauses);
    if (conflict !== NO_CLAUSE) return conflict;
    const clause = this.added.shift();
    return clause === undefined ? NO_CLAUSE : this.join(clause);
  }

  private learn(conflict: number): void {
    const { trail } = this;
    this.conflicts++;
    if (trail.level === 0) {
      this.contradictory = true;
      return;
    }
    const { literals, level, lbd } = this.analysis.learn(conflict);
    trail.backtrack(level);
    trail.assign(literals[0]!, literals.length === 1 ? NO_CLAUSE : this.clauses.add(literals, lbd));
  }

  /**
   * Goes back to the assumptions, but for the decisions that would be made again (van der Tak, Ramos & Heule, "Reusing
   * the Assignment Trail in CDCL Solvers", JSAT 7, 2011).
   */
  private restart(assumptions: number): void {
    const { trail, queue } = this;
    const next = queue.pick(trail.values);
    if (next < 0) return;
    let level = assumptions;
    while (level < trail.level && queue.before(trail.literals[trail.start(level + 1)]! >> 1, next)) level++;
    trail.backtrack(level);
  }

  /** Drops clauses that no longer help, when there is much to gain. */
  private forget(): void {
    const { trail, clauses } = this;
    if (this.conflicts >= this.nextReduction) {
      trail.backtrack(0);
      clauses.reduce(trail.values);
      this.nextReduction = this.conflicts + FIRST_REDUCTION + REDUCTION_STEP * ++this.reductions;
    } else if (
      trail.level === 0 &&
      trail.size > this.compactedSize &&
      trail.propagations >= this.compactedAt + clauses.end
    ) {
      clauses.compact(trail.values, new Set());
    } else {
      return;
    }
    this.compactedSize = trail.size;
    this.compactedAt = trail.propagations;
  }

  /** Opens a level with the next assumption, or else the next decision. Answers an assumption that is false. */
  private decide(assumed: readonly number[]): number | null {
    const { trail } = this;
    while (trail.level < assumed.length) {
      const literal = assumed[trail.level]!;
      const value = trail.values[literal]!;
      if (value < 0) return literal;
      trail.open();
      if (value > 0) continue;
      trail.assign(literal, NO_CLAUSE);
      return null;
    }
    const variable = this.queue.pick(trail.values);
    if (variable < 0) return null;
    this.decisions++;
    trail.open();
    trail.assign(trail.phased(variable), NO_CLAUSE);
    return null;
  }

  private saveModel(): void {
    const { values } = this.trail;
    for (let variable = 0; variable < this.variables; variable++) {
      this.model[variable] = values[2 * variable]! > 0 ? 1 : 0;
    }
  }

  /** A check that refuses the assignment but excludes nothing would be asked about it forever. */
  private demandProgress(): void {
    const { values } = this.trail;
    const excluded = this.added.some((clause) => clause.every((literal) => values[literal]! <= 0));
    if (!excluded) throw new Error('A check refused an assignment without adding a clause that excludes it.');
  }
}

/** The literal as callers write it. */
function decoded(literal: number): number {
  return (literal & 1) === 0 ? (literal >> 1) + 1 : -(literal >> 1) - 1;
}

/** The sequence 1, 1, 2, 1, 1, 2, 4, … (Luby, Sinclair & Zuckerman, 1993), from index 0. */
function luby(index: number): number {
  let size = 1;
  let exponent = 0;
  while (size < index + 1) {
    size = 2 * size + 1;
    exponent++;
  }
  let rest = index;
  while (size - 1 !== rest) {
    size = (size - 1) >> 1;
    exponent--;
    rest %= size;
  }
  return 2 ** exponent;
}
