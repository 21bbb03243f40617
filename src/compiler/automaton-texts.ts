// Contains, starts with and ends with any of some plain texts: a trie, for contains and suffix with the failure links of Aho and
// Corasick already followed, so that the table is deterministic from the start and linear in the size of the texts.

import { byteClasses, MAX_CELLS, type Table } from './automaton-table.ts';

/** Null when the table would be too large. */
export function textTable(kind: 'contains' | 'prefix' | 'suffix', texts: readonly string[]): Table | null {
  const encoder = new TextEncoder();
  const words = texts.map((t) => encoder.encode(t));
  const bytes = words.reduce((sum, w) => sum + w.length, 0);
  const used = new Set<number>();
  for (const word of words) for (const byte of word) used.add(byte);
  const { classes, classOf } = byteClasses(used);
  // One state per byte at most, the start, and the sink of `prefix`.
  if ((bytes + 2) * classes > MAX_CELLS) return null;
  const next = new Int32Array((bytes + 2) * classes).fill(-1);
  const accept = new Uint8Array(bytes + 2);
  let states = 1;
  for (const word of words) {
    let state = 0;
    for (const byte of word) {
      const cell = state * classes + classOf[byte]!;
      if (next[cell] === -1) next[cell] = states++;
      state = next[cell]!;
    }
    accept[state] = 1;
  }
  if (kind === 'prefix') {
    const sink = states++;
    for (let cell = 0; cell < states * classes; cell++) if (next[cell] === -1) next[cell] = sink;
  } else followFailures(next, accept, states, classes);
  if (kind !== 'suffix') stayAccepted(next, accept, states, classes);
  return { classes, classOf, next: next.subarray(0, states * classes), accept: accept.subarray(0, states) };
}

/** Fills the missing transitions: those of the longest proper suffix that is in the trie, whose acceptance is inherited. */
function followFailures(next: Int32Array, accept: Uint8Array, states: number, classes: number): void {
  const failure = new Int32Array(states);
  const queue = [0];
  for (const state of queue) {
    const fallback = failure[state]!;
    if (accept[fallback] === 1) accept[state] = 1;
    for (let c = 0; c < classes; c++) {
      const child = next[state * classes + c]!;
      const other = state === 0 ? 0 : next[fallback * classes + c]!;
      if (child === -1) next[state * classes + c] = other;
      else {
        failure[child] = other;
        queue.push(child);
      }
    }
  }
}

/** Once a text has been seen, whatever follows is accepted. */
function stayAccepted(next: Int32Array, accept: Uint8Array, states: number, classes: number): void {
  for (let state = 0; state < states; state++) {
    if (accept[state] === 1) next.fill(state, state * classes, (state + 1) * classes);
  }
}
