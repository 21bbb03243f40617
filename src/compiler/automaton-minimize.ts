// Hopcroft's partition refinement, then a canonical numbering of what is left.

import { type Automaton, DEAD } from '../bytecode/bundle.ts';
import type { Table } from './automaton-table.ts';

/** The minimal automaton of a table; null when it has more than `maxStates` states, the dead one not counted. */
export function minimize(table: Table, maxStates: number): Automaton | null {
  const partition = new Partition(table);
  partition.refine();
  return number(table, partition.blockOf, maxStates);
}

class Partition {
  readonly blockOf: Int32Array;
  private readonly table: Table;
  private readonly inverse: Inverse;
  /** States, those of one block side by side; `place` is the inverse. */
  private readonly states: Int32Array;
  private readonly place: Int32Array;
  private readonly first: number[] = [];
  private readonly end: number[] = [];
  /** How many states at the front of a block are marked. */
  private readonly marked: number[] = [];

  constructor(table: Table) {
    const n = table.accept.length;
    this.table = table;
    this.inverse = invert(table);
    this.blockOf = new Int32Array(n);
    this.place = new Int32Array(n);
    this.states = Int32Array.from({ length: n }, (_, i) => i).sort(
      (a, b) => table.accept[a]! - table.accept[b]!,
    );
    this.states.forEach((state, i) => {
      this.place[state] = i;
    });
    const refused = table.accept.reduce((sum, a) => sum + 1 - a, 0);
    if (refused > 0) this.block(0, refused);
    if (refused < n) this.block(refused, n);
  }

  private block(first: number, end: number): number {
    const id = this.first.push(first) - 1;
    this.end.push(end);
    this.marked.push(0);
    for (let i = first; i < end; i++) this.blockOf[this.states[i]!] = id;
    return id;
  }

  refine(): void {
    const queue = this.first.map((_, id) => id);
    const queued = this.first.map(() => true);
    const { classes } = this.table;
    while (queue.length > 0) {
      const splitter = queue.pop()!;
      queued[splitter] = false;
      // A copy, because the splitter may itself be split on the way.
      const members = this.states.slice(this.first[splitter], this.end[splitter]);
      for (let c = 0; c < classes; c++) {
        for (const block of this.markSources(members, c)) {
          const added = this.split(block);
          if (added === null) continue;
          const smaller = this.size(added) <= this.size(block) ? added : block;
          const chosen = queued[block] ? added : smaller;
          queued[added] = false;
          queued[chosen] = true;
          queue.push(chosen);
        }
      }
    }
  }

  private size(block: number): number {
    return this.end[block]! - this.first[block]!;
  }

  /** Marks every state that goes to one of `members` on class `c`; gives the blocks that have marked states. */
  private markSources(members: Int32Array, c: number): number[] {
    const { start, source } = this.inverse;
    const n = this.place.length;
    const touched: number[] = [];
    for (const member of members) {
      const at = c * n + member;
      for (let i = start[at]!; i < start[at + 1]!; i++) {
        const state = source[i]!;
        const block = this.blockOf[state]!;
        const boundary = this.first[block]! + this.marked[block]!;
        if (this.place[state]! < boundary) continue;
        if (this.marked[block] === 0) touched.push(block);
        this.swap(state, this.states[boundary]!);
        this.marked[block]!++;
      }
    }
    return touched;
  }

  private swap(a: number, b: number): void {
    const at = this.place[a]!;
    const to = this.place[b]!;
    this.states[at] = b;
    this.states[to] = a;
    this.place[a] = to;
    this.place[b] = at;
  }

  /** Moves the marked states of a block into a new one; null when all are marked. */
  private split(block: number): number | null {
    const first = this.first[block]!;
    const boundary = first + this.marked[block]!;
    this.marked[block] = 0;
    if (boundary === this.end[block]) return null;
    this.first[block] = boundary;
    return this.block(first, boundary);
  }
}

interface Inverse {
  /** Cell class * states + target → where its sources begin; one entry more at the end. */
  readonly start: Int32Array;
  readonly source: Int32Array;
}

function invert({ classes, next, accept }: Table): Inverse {
  const n = accept.length;
  const start = new Int32Array(n * classes + 1);
  for (let s = 0; s < n; s++) for (let c = 0; c < classes; c++) start[c * n + next[s * classes + c]! + 1]!++;
  for (let i = 0; i < n * classes; i++) start[i + 1]! += start[i]!;
  const source = new Int32Array(n * classes);
  const fill = start.slice(0, -1);
  for (let s = 0; s < n; s++) {
    for (let c = 0; c < classes; c++) source[fill[c * n + next[s * classes + c]!]!++] = s;
  }
  return { start, source };
}

/** Numbers blocks breadth first from the start, over classes in the order of their first byte, and joins classes that never differ. */
function number(
  { classes, classOf, next, accept }: Table,
  blockOf: Int32Array,
  maxStates: number,
): Automaton | null {
  const order = [...new Set(classOf)];
  const idOf = new Map<number, number>();
  const queue: number[] = [];
  const rows: number[][] = [];
  const reach = (state: number): number => {
    const block = blockOf[state]!;
    // In a minimal automaton a refusing block that never leaves itself is the dead one.
    if (idOf.has(block)) return idOf.get(block)!;
    const dead = accept[state] === 0 && order.every((c) => blockOf[next[state * classes + c]!] === block);
    if (dead && queue.length > 0) {
      idOf.set(block, DEAD);
      return DEAD;
    }
    idOf.set(block, queue.length);
    return queue.push(state) - 1;
  };
  reach(0);
  for (const state of queue) {
    rows.push(order.map((c) => reach(next[state * classes + c]!)));
    if (queue.length > maxStates) return null;
  }
  // A language without words: its start is the dead block.
  if (rows.length === 1 && accept[0] === 0) rows[0]!.fill(DEAD);
  return joinClasses(
    rows,
    order,
    classOf,
    Uint8Array.from(queue, (s) => accept[s]!),
  );
}

function joinClasses(
  rows: readonly number[][],
  order: readonly number[],
  classOf: Uint8Array,
  accept: Uint8Array,
): Automaton {
  const columns = new Map<string, number>();
  const kept: number[] = [];
  const joined = new Map<number, number>();
  order.forEach((c, i) => {
    const column = rows.map((row) => row[i]).join();
    let id = columns.get(column);
    if (id === undefined) {
      id = kept.push(i) - 1;
      columns.set(column, id);
    }
    joined.set(c, id);
  });
  const next = Uint16Array.from(rows.flatMap((row) => kept.map((i) => row[i]!)));
  return { classes: kept.length, classOf: classOf.map((c) => joined.get(c)!), next, accept };
}
