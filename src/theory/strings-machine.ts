// Conditions on one string as complete deterministic machines over its UTF-8 bytes.

import { type Automaton, DEAD } from '../bytecode/bundle.ts';

/** The distance of a state from which no word is accepted. */
export const NEVER = 0x3fffffff;

export interface Machine {
  readonly start: number;
  /** 256 entries: bytes of one class always lead to the same state. */
  readonly classOf: Uint16Array;
  step(state: number, byteClass: number): number;
  /** A lower bound of the bytes to an accepted word: 0 exactly where the state accepts, NEVER only where no word is accepted. */
  distance(state: number): number;
}

/** Whether the machine accepts the word. */
export function accepts(machine: Machine, word: Uint8Array): boolean {
  let state = machine.start;
  for (const byte of word) state = machine.step(state, machine.classOf[byte]!);
  return machine.distance(state) === 0;
}

/** A complete table: `next[state * classes + class]` is a state; state 0 starts. */
export interface Table {
  readonly classes: number;
  readonly classOf: Uint16Array;
  readonly next: Int32Array;
  readonly accept: Uint8Array;
}

/** A complete table, or (not `holds`) its complement, read through a map of bytes. */
export function tableMachine(table: Table, bytes: Uint8Array, holds: boolean): Machine {
  const { classes, next } = table;
  const classOf = Uint16Array.from(bytes, (byte) => table.classOf[byte]!);
  const distances = distancesOf(table, holds ? 1 : 0, new Set(classOf));
  return {
    start: 0,
    classOf,
    step: (state, byteClass) => next[state * classes + byteClass]!,
    distance: (state) => distances[state]!,
  };
}

/** Distances to the states with this acceptance by moves on the `live` classes, from the targets backwards. */
function distancesOf(
  { classes, next, accept }: Table,
  target: number,
  live: ReadonlySet<number>,
): Int32Array {
  const start = new Int32Array(accept.length + 1);
  for (let cell = 0; cell < next.length; cell++) if (live.has(cell % classes)) start[next[cell]! + 1]!++;
  for (let state = 0; state < accept.length; state++) start[state + 1]! += start[state]!;
  const fill = start.slice();
  const sources = new Int32Array(next.length);
  for (let cell = 0; cell < next.length; cell++) {
    if (live.has(cell % classes)) sources[fill[next[cell]!]!++] = Math.floor(cell / classes);
  }
  const distances = new Int32Array(accept.length).fill(NEVER);
  const queue: number[] = [];
  for (let state = 0; state < accept.length; state++) {
    if (accept[state] !== target) continue;
    distances[state] = 0;
    queue.push(state);
  }
  for (const state of queue) {
    for (let i = start[state]!; i < start[state + 1]!; i++) {
      const source = sources[i]!;
      if (distances[source] !== NEVER) continue;
      distances[source] = distances[state]! + 1;
      queue.push(source);
    }
  }
  return distances;
}

/** The table of a minimal automaton, completed by a state for DEAD. */
export function completed({ classes, classOf, next, accept }: Automaton): Table {
  const sink = accept.length;
  const complete = new Int32Array((sink + 1) * classes).fill(sink);
  for (let cell = 0; cell < next.length; cell++) if (next[cell] !== DEAD) complete[cell] = next[cell]!;
  const accepted = new Uint8Array(sink + 1);
  accepted.set(accept);
  return { classes, classOf: Uint16Array.from(classOf), next: complete, accept: accepted };
}

/** Rows of moves by class; -1 stands for the dead state, which is added. */
function tableOf(
  classOf: (byte: number) => number,
  rows: readonly (readonly number[])[],
  accept: readonly number[],
): Table {
  const sink = rows.length;
  const classes = rows[0]!.length;
  const next = [...rows.flat(), ...Array<number>(classes).fill(sink)];
  return {
    classes,
    classOf: Uint16Array.from({ length: 256 }, (_, byte) => classOf(byte)),
    next: Int32Array.from(next, (to) => (to === -1 ? sink : to)),
    accept: Uint8Array.from({ length: sink + 1 }, (_, state) => (accept.includes(state) ? 1 : 0)),
  };
}

/** Ends of the byte ranges that well-formed UTF-8 tells apart; the last one ends at 0xFF. */
const UTF8_ENDS = [0x7f, 0x8f, 0x9f, 0xbf, 0xc1, 0xdf, 0xe0, 0xec, 0xed, 0xef, 0xf0, 0xf3, 0xf4, 0xff];

/** Well-formed UTF-8: no overlong form, no surrogate, nothing above U+10FFFF. */
export const UTF8: Table = tableOf(
  (byte) => UTF8_ENDS.findIndex((end) => byte <= end),
  [
    // Between characters.
    [0, -1, -1, -1, -1, 1, 4, 2, 5, 2, 6, 3, 7, -1],
    // One, two, three continuation bytes to come.
    [-1, 0, 0, 0, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1],
    [-1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1],
    [-1, 2, 2, 2, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1],
    // After E0 (overlong below A0), ED (surrogates from A0), F0 (overlong below 90), F4 (too large from 90).
    [-1, -1, -1, 1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1],
    [-1, 1, 1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1],
    [-1, -1, 2, 2, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1],
    [-1, 2, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1],
  ],
  [0],
);

/** Texts that are their own normal form as paths. Classes: `.`, `/`, NUL, any other. */
export const NORMAL_PATH: Table = tableOf(
  (byte) => (byte === 0x2e ? 0 : byte === 0x2f ? 1 : byte === 0 ? 2 : 3),
  [
    // 0: nothing read.
    [1, 5, -1, 8],
    // 1: `.`, the current directory or the beginning of a segment. 2: only `..` segments so far, the last one just ended.
    [2, -1, -1, 8],
    [8, 3, -1, 8],
    // 3, 4: behind `../`, and `../.`: more `..` may follow.
    [4, -1, -1, 8],
    [2, -1, -1, 8],
    // 5: the root. 6, 7: a segment `.` or `..` that must go on.
    [6, -1, -1, 8],
    [7, -1, -1, 8],
    [8, -1, -1, 8],
    // 8: in an ordinary segment. 9: behind its separator.
    [8, 9, -1, 8],
    [6, -1, -1, 8],
  ],
  [1, 2, 5, 8],
);

/** More code points than any text of a request has; keeps states small integers. */
const LONGEST = 1 << 28;

/** Words with `least` to `most` code points (`holds`), or with fewer or more. */
export function lengthMachine(least: number, most: number, holds: boolean): Machine {
  const min = Math.min(least, LONGEST);
  const max = most < LONGEST ? most : Number.POSITIVE_INFINITY;
  // Counting stops where more characters change nothing.
  const cap = max === Number.POSITIVE_INFINITY ? Math.max(min, 0) : Math.max(max, -1) + 1;
  const toInside = (n: number): number => (n > max || min > max ? NEVER : Math.max(min - n, 0));
  const toOutside = (n: number): number => {
    if (n < min || n > max) return 0;
    return max === Number.POSITIVE_INFINITY ? NEVER : max + 1 - n;
  };
  return {
    start: 0,
    // A continuation byte counts nothing.
    classOf: Uint16Array.from({ length: 256 }, (_, byte) => ((byte & 0xc0) === 0x80 ? 0 : 1)),
    step: (state, byteClass) => Math.min(state + byteClass, cap),
    distance: holds ? toInside : toOutside,
  };
}

/** A finite set of words as a trie, whose edges are in one map: large sets stay linear. */
export interface Trie {
  readonly edges: ReadonlyMap<number, number>;
  /** Per node: fewest bytes to a word of the set. */
  readonly distances: readonly number[];
  /** Bytes that occur in a text. */
  readonly used: ReadonlySet<number>;
}

const encoder = new TextEncoder();

/** The trie of some texts. A text with a lone surrogate is no value, so it is left out. */
export function trieOf(texts: readonly string[]): Trie {
  const edges = new Map<number, number>();
  const parents = [-1];
  const distances = [NEVER];
  const used = new Set<number>();
  for (const text of texts) {
    if (!text.isWellFormed()) continue;
    let node = 0;
    for (const byte of encoder.encode(text)) {
      used.add(byte);
      const key = node * 256 + byte;
      let child = edges.get(key);
      if (child === undefined) {
        child = parents.push(node) - 1;
        distances.push(NEVER);
        edges.set(key, child);
      }
      node = child;
    }
    distances[node] = 0;
  }
  // Children come after their parents.
  for (let node = parents.length - 1; node > 0; node--) {
    const parent = parents[node]!;
    distances[parent] = Math.min(distances[parent]!, distances[node]! + 1);
  }
  return { edges, distances, used };
}

/** The words of a trie, or (not `holds`) all others, read through a map of bytes. */
export function trieMachine({ edges, distances, used }: Trie, bytes: Uint8Array, holds: boolean): Machine {
  const outside = distances.length;
  const toInside = (state: number): number => (state === outside ? NEVER : distances[state]!);
  // A finite set: behind any of its words some longer text is outside it.
  const toOutside = (state: number): number => (toInside(state) === 0 ? 1 : 0);
  return {
    start: 0,
    // Class 256 is that of the bytes in no text.
    classOf: Uint16Array.from(bytes, (byte) => (used.has(byte) ? byte : 256)),
    step: (state, byteClass) =>
      state === outside || byteClass === 256 ? outside : (edges.get(state * 256 + byteClass) ?? outside),
    distance: holds ? toInside : toOutside,
  };
}
