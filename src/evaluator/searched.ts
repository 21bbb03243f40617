// Whether an automaton says what a search for some texts says. A language of kind `contains` is defined by its automaton; looking for its
// few texts is faster, and is done only where this proves that it gives the same answers.

import { type Automaton, DEAD } from '../bytecode/bundle.ts';

/** Bytes of the texts of one language up to which the proof is tried: loading a bundle must stay fast. */
const MAX_BYTES = 1_024;
/** State of the search behind the first text found: nothing takes that back. */
const FOUND = -1;

/** Whether the automaton accepts exactly the byte strings in which one of the texts occurs. May say no where it would have to look at too much. */
export function isSearchFor(automaton: Automaton, texts: readonly string[]): boolean {
  const encoder = new TextEncoder();
  const words = texts.map((text) => encoder.encode(text));
  const size = words.reduce((sum, word) => sum + word.length, 0);
  if (words.length === 0 || size > MAX_BYTES) return false;
  const search = new Search(words, size);
  // Bytes of no text lead back to the start of the search: one of each class stands for all.
  const others = new Set<number>();
  const columns: [number, number][] = [];
  for (let byte = 0; byte < 256; byte++) {
    const symbol = search.symbolOf[byte]!;
    if (symbol >= 0) columns.push([automaton.classOf[byte]!, symbol]);
    else others.add(automaton.classOf[byte]!);
  }
  for (const other of others) columns.push([other, -1]);
  return isSame(automaton, search, columns, 4 * (size + 2));
}

/** Walks through both at once: wherever they come to together, both accept or neither does. */
function isSame(
  { classes, next, accept }: Automaton,
  search: Search,
  columns: readonly (readonly [number, number])[],
  most: number,
): boolean {
  const seen = new Set<number>();
  const states = [0];
  const places = [search.start];
  for (let i = 0; i < states.length; i++) {
    const state = states[i]!;
    const place = places[i]!;
    if ((accept[state] === 1) !== (place === FOUND)) return false;
    for (const [column, symbol] of columns) {
      const to = next[state * classes + column]!;
      // Something can always still be found, or has been.
      if (to === DEAD) return false;
      const at = search.step(place, symbol);
      const pair = to * most + at + 1;
      if (seen.has(pair)) continue;
      seen.add(pair);
      if (seen.size > most) return false;
      states.push(to);
      places.push(at);
    }
  }
  return true;
}

/** The search for several texts of Aho and Corasick, over bytes. */
class Search {
  /** Per byte its column in the table; -1 for bytes of no text. */
  readonly symbolOf = new Int32Array(256).fill(-1);
  readonly start: number;
  readonly #next: Int32Array;
  readonly #symbols: number;

  constructor(words: readonly Uint8Array[], size: number) {
    let symbols = 0;
    for (const word of words) {
      for (const byte of word) if (this.symbolOf[byte] === -1) this.symbolOf[byte] = symbols++;
    }
    this.#symbols = symbols;
    const found = new Uint8Array(size + 1);
    this.#next = this.#trie(words, size, found);
    this.#follow(found);
    this.start = found[0] === 1 ? FOUND : 0;
  }

  step(place: number, symbol: number): number {
    if (place === FOUND) return FOUND;
    return symbol < 0 ? 0 : this.#next[place * this.#symbols + symbol]!;
  }

  #trie(words: readonly Uint8Array[], size: number, found: Uint8Array): Int32Array {
    const next = new Int32Array((size + 1) * this.#symbols);
    let nodes = 1;
    for (const word of words) {
      let node = 0;
      for (const byte of word) {
        const cell = node * this.#symbols + this.symbolOf[byte]!;
        if (next[cell] === 0) next[cell] = nodes++;
        node = next[cell]!;
      }
      found[node] = 1;
    }
    return next;
  }

  /** Gives each node the way on of the longest end of its text that begins another, and marks what has been found. */
  #follow(found: Uint8Array): void {
    const next = this.#next;
    const symbols = this.#symbols;
    const failure = new Int32Array(found.length);
    const queue = [0];
    for (const node of queue) {
      const fallback = failure[node]! * symbols;
      for (let s = 0; s < symbols; s++) {
        const child = next[node * symbols + s]!;
        const other = node === 0 ? 0 : next[fallback + s]!;
        if (child === 0) next[node * symbols + s] = other;
        else {
          failure[child] = Math.max(other, 0);
          if (other === FOUND || found[child] === 1) next[node * symbols + s] = FOUND;
          else queue.push(child);
        }
      }
    }
  }
}
