// The decision order of the SAT solver.

const NONE = -1;

/**
 * Variables in the order in which to decide them: those of recent conflicts first (VMTF, "variable move to front":
 * Biere & Fröhlich, "Evaluating CDCL Variable Scoring Schemes", SAT 2015). Compared with a heap of activities, an easy
 * call that only assigns every variable once pays no logarithm.
 */
export class DecisionQueue {
  private next = new Int32Array(0);
  private previous = new Int32Array(0);
  /** Falls along the queue. */
  private stamps = new Float64Array(0);
  private first = NONE;
  private last = NONE;
  private highest = 0;
  private lowest = 0;
  /** Every variable before this one is assigned. */
  private cursor = NONE;

  /** Makes room for so many variables. */
  reserve(capacity: number): void {
    const { next, previous, stamps } = this;
    this.next = new Int32Array(capacity);
    this.next.set(next);
    this.previous = new Int32Array(capacity);
    this.previous.set(previous);
    this.stamps = new Float64Array(capacity);
    this.stamps.set(stamps);
  }

  /** Adds a new variable at the end. */
  append(variable: number): void {
    this.stamps[variable] = --this.lowest;
    this.next[variable] = NONE;
    this.previous[variable] = this.last;
    if (this.last === NONE) {
      this.first = variable;
      this.cursor = variable;
    } else {
      this.next[this.last] = variable;
    }
    this.last = variable;
  }

  /** Moves assigned variables to the front, keeping their order among themselves. */
  bump(variables: number[]): void {
    const { stamps } = this;
    variables.sort((a, b) => stamps[a]! - stamps[b]!);
    for (const variable of variables) this.moveToFront(variable);
  }

  /** The first variable that is not assigned, or -1. */
  pick(values: Int8Array): number {
    let variable = this.cursor;
    while (variable !== NONE && values[2 * variable] !== 0) {
      this.cursor = variable;
      variable = this.next[variable]!;
    }
    if (variable !== NONE) this.cursor = variable;
    return variable;
  }

  /** Notes that a variable is no longer assigned. */
  release(variable: number): void {
    if (this.stamps[variable]! > this.stamps[this.cursor]!) this.cursor = variable;
  }

  /** Whether the first variable comes before the second one. */
  before(a: number, b: number): boolean {
    return this.stamps[a]! > this.stamps[b]!;
  }

  private moveToFront(variable: number): void {
    this.stamps[variable] = ++this.highest;
    const before = this.previous[variable]!;
    if (before === NONE) return;
    const after = this.next[variable]!;
    if (this.cursor === variable) this.cursor = after === NONE ? before : after;
    this.next[before] = after;
    if (after === NONE) this.last = before;
    else this.previous[after] = before;
    this.previous[variable] = NONE;
    this.next[variable] = this.first;
    this.previous[this.first] = variable;
    this.first = variable;
  }
}
