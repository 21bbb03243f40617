// The intersection of machines, explored on the fly: words that all of them accept, cheapest first (A*).
//
// A walk is estimated by its cost and the largest distance of its machines to acceptance, which never overestimates; a tuple in which some
// machine can no longer accept is not entered. To give n words, every tuple is left n times at most, and a class of bytes is stood for by
// n of its bytes at most: if there are n words, n are found, and if fewer are found there are no more.

import { type Machine, NEVER } from './strings-machine.ts';

/** Product states that may still be visited. */
export interface Budget {
  states: number;
}

/**
 * `furthest`: by the largest distance, words come cheapest first. `total`: by the sum, which soon finds some word where many machines want
 * to see texts of their own, in no particular order.
 */
export type Estimate = 'furthest' | 'total';

/** Bytes from the friendliest to the least; a word is built of the first that serve. */
const FRIENDLY: readonly number[] = orderBytes();

function orderBytes(): number[] {
  const range = (first: number, last: number): number[] =>
    Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const printable = [...range(0x61, 0x7a), ...range(0x30, 0x39), ...range(0x20, 0x7e)];
  // With these é is the first of the two-byte characters, and a smiling face of the four-byte ones.
  const wide = [0xc3, 0xe4, 0xf0, 0xa9, 0x9f, 0x98, 0x80, ...range(0x80, 0xff)];
  return [...new Set([...printable, ...wide, 9, 10, 13, ...range(1, 0x1f), 0x7f, 0])];
}

/** At least 1, so that a distance in bytes never overestimates a cost. Control characters are worth a detour, NUL a longer one. */
function costOf(byte: number): number {
  if (byte === 0) return 64;
  if (byte < 0x20 || byte === 0x7f) return 16;
  return byte >= 0xc0 ? 2 : 1;
}

interface Edge {
  readonly byte: number;
  readonly cost: number;
  /** Per machine: the class of the byte. */
  readonly classes: readonly number[];
}

/** Enumerates the words of an intersection. */
export class Product {
  private readonly machines: readonly Machine[];
  private readonly limit: number;
  private readonly estimate: Estimate;
  private readonly edges: readonly Edge[];
  private readonly tuples: TupleTable;
  private readonly budget: Budget;
  /** Per tuple: how often it was reached, at what cost at most, and how often it was left. */
  private readonly reached: number[] = [];
  private readonly dearest: number[] = [];
  private readonly left: number[] = [];
  /** Per walk: where it ends, the walk without its last byte, that byte, its cost. */
  private readonly ends: number[] = [];
  private readonly parents: number[] = [];
  private readonly bytes: number[] = [];
  private readonly costs: number[] = [];
  /** Estimated cost → walks, the most promising last. */
  private readonly open = new Map<number, number[]>();
  private lowest = NEVER;
  private pending = 0;
  private readonly scratch: Int32Array;

  /** `limit` is the number of words wanted. */
  constructor(machines: readonly Machine[], limit: number, budget: Budget, estimate: Estimate) {
    this.machines = machines;
    this.limit = limit;
    this.budget = budget;
    this.estimate = estimate;
    this.edges = edgesOf(machines, limit);
    this.tuples = new TupleTable(machines.length);
    this.scratch = Int32Array.from(machines, (m) => m.start);
    const distance = this.distance();
    if (distance < NEVER) this.add(this.walk(this.intern(), -1, 0, 0)!, distance);
  }

  /** The next word; null when there is no other; `spent` when the budget ended first. */
  next(): Uint8Array | null | 'spent' {
    while (this.pending > 0) {
      if (this.budget.states <= 0) return 'spent';
      const walk = this.take();
      const tuple = this.ends[walk]!;
      if (this.left[tuple]! >= this.limit) continue;
      this.left[tuple]!++;
      this.budget.states--;
      this.expand(walk, tuple);
      if (this.isAccepted(tuple)) return this.wordOf(walk);
    }
    return null;
  }

  private expand(walk: number, tuple: number): void {
    const { machines, scratch, tuples } = this;
    const width = machines.length;
    const found: { readonly walk: number; readonly estimate: number }[] = [];
    for (const edge of this.edges) {
      const base = tuple * width;
      for (let m = 0; m < width; m++) {
        scratch[m] = machines[m]!.step(tuples.cells[base + m]!, edge.classes[m]!);
      }
      const distance = this.distance();
      if (distance >= NEVER) continue;
      const cost = this.costs[walk]! + edge.cost;
      const added = this.walk(this.intern(), walk, edge.byte, cost);
      if (added !== null) found.push({ walk: added, estimate: cost + distance });
    }
    // The last one added is the first one taken.
    for (const { walk: added, estimate } of found.reverse()) this.add(added, estimate);
  }

  /** Estimated bytes from the scratch tuple to a word; at least NEVER when there is none. */
  private distance(): number {
    let furthest = 0;
    let total = 0;
    for (let m = 0; m < this.machines.length; m++) {
      const distance = this.machines[m]!.distance(this.scratch[m]!);
      if (distance >= NEVER) return NEVER;
      if (distance > furthest) furthest = distance;
      total += distance;
    }
    return this.estimate === 'furthest' ? furthest : Math.min(total, NEVER - 1);
  }

  private intern(): number {
    const id = this.tuples.idOf(this.scratch);
    if (id === this.reached.length) {
      this.reached.push(0);
      this.dearest.push(0);
      this.left.push(0);
      this.budget.states--;
    }
    return id;
  }

  /** A new walk; null when as many that cost no more lead to its end as are wanted. */
  private walk(end: number, parent: number, byte: number, cost: number): number | null {
    if (this.reached[end]! >= this.limit && cost >= this.dearest[end]!) return null;
    this.reached[end]!++;
    this.dearest[end] = Math.max(this.dearest[end]!, cost);
    this.parents.push(parent);
    this.bytes.push(byte);
    this.costs.push(cost);
    return this.ends.push(end) - 1;
  }

  private add(walk: number, estimate: number): void {
    const bucket = this.open.get(estimate);
    if (bucket === undefined) this.open.set(estimate, [walk]);
    else bucket.push(walk);
    if (estimate < this.lowest) this.lowest = estimate;
    this.pending++;
  }

  private take(): number {
    for (;;) {
      const walk = this.open.get(this.lowest)?.pop();
      if (walk === undefined) {
        this.open.delete(this.lowest++);
        continue;
      }
      this.pending--;
      return walk;
    }
  }

  private isAccepted(tuple: number): boolean {
    const base = tuple * this.machines.length;
    return this.machines.every((machine, m) => machine.distance(this.tuples.cells[base + m]!) === 0);
  }

  private wordOf(walk: number): Uint8Array {
    const word: number[] = [];
    for (let at = walk; this.parents[at]! >= 0; at = this.parents[at]!) word.push(this.bytes[at]!);
    return Uint8Array.from(word.reverse());
  }
}

/** Edges by the bytes that stand for the joint classes: the friendliest `limit` of each. */
function edgesOf(machines: readonly Machine[], limit: number): Edge[] {
  const counts = new Map<string, number>();
  const edges: Edge[] = [];
  for (const byte of FRIENDLY) {
    const classes = machines.map((m) => m.classOf[byte]!);
    const key = classes.join();
    const count = counts.get(key) ?? 0;
    if (count >= limit) continue;
    counts.set(key, count + 1);
    edges.push({ byte, cost: costOf(byte), classes });
  }
  return edges;
}

/** Tuples of equal width, numbered as they first occur: an open hash table. */
class TupleTable {
  /** Tuple `id` begins at `id * width`. */
  cells: Int32Array;
  private readonly width: number;
  private size = 0;
  private slots = new Int32Array(64).fill(-1);

  constructor(width: number) {
    this.width = width;
    this.cells = new Int32Array(32 * width);
  }

  idOf(tuple: Int32Array): number {
    const mask = this.slots.length - 1;
    let slot = hash(tuple, 0, this.width) & mask;
    for (;;) {
      const id = this.slots[slot]!;
      if (id === -1) break;
      if (this.equals(id, tuple)) return id;
      slot = (slot + 1) & mask;
    }
    this.slots[slot] = this.size;
    if ((this.size + 1) * this.width > this.cells.length) this.enlarge();
    this.cells.set(tuple, this.size * this.width);
    this.size++;
    if (this.size * 2 > this.slots.length) this.rehash();
    return this.size - 1;
  }

  private equals(id: number, tuple: Int32Array): boolean {
    const base = id * this.width;
    for (let i = 0; i < this.width; i++) if (this.cells[base + i] !== tuple[i]) return false;
    return true;
  }

  private enlarge(): void {
    const cells = new Int32Array(this.cells.length * 2);
    cells.set(this.cells);
    this.cells = cells;
  }

  private rehash(): void {
    this.slots = new Int32Array(this.slots.length * 2).fill(-1);
    const mask = this.slots.length - 1;
    for (let id = 0; id < this.size; id++) {
      let slot = hash(this.cells, id * this.width, this.width) & mask;
      while (this.slots[slot] !== -1) slot = (slot + 1) & mask;
      this.slots[slot] = id;
    }
  }
}

function hash(cells: Int32Array, from: number, width: number): number {
  let h = 0;
  for (let i = from; i < from + width; i++) {
    h = Math.imul(h ^ cells[i]!, 0x9e3779b1);
    h ^= h >>> 15;
  }
  return h >>> 0;
}
