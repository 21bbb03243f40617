// Languages become minimal deterministic automata over UTF-8 bytes.
//
// Subjects are well-formed UTF-8, so "a run of any code points" is a run of any bytes, and a separator byte is never part of a longer
// character. Plain texts take the trie road (Aho–Corasick), patterns the subset construction; both meet in `minimize`, whose result is
// canonical: equal languages give equal tables, however their patterns were written.

import type { Automaton } from '../bytecode/bundle.ts';
import { DEAD } from '../bytecode/bundle.ts';
import { MAX_STATES } from '../bytecode/limits.ts';
import type { Lang } from '../ir/ir.ts';
import { minimize } from './automaton-minimize.ts';
import { patternNfa } from './automaton-nfa.ts';
import { determinize } from './automaton-subset.ts';
import { textTable } from './automaton-texts.ts';

/** A complete transition table: state 0 starts, `next[state * classes + class]` is a state. */
export interface Table {
  readonly classes: number;
  /** 256 entries: byte → class. */
  readonly classOf: Uint8Array;
  readonly next: Int32Array;
  /** One entry per state. */
  readonly accept: Uint8Array;
}

/** Cells of one table before minimisation: what bounds time and memory. */
export const MAX_CELLS = 1 << 23;

export type BuiltAutomaton =
  | { readonly ok: true; readonly automaton: Automaton }
  | { readonly ok: false; readonly reason: 'too_many_states' };

/** The minimal automaton of a language. States are numbered breadth first in class order, classes by their first byte. */
export function buildAutomaton(kind: Lang['kind'], texts: readonly string[]): BuiltAutomaton {
  const table = tableOf(kind, texts);
  const automaton = table === null ? null : minimize(table, MAX_STATES);
  return automaton === null ? { ok: false, reason: 'too_many_states' } : { ok: true, automaton };
}

function tableOf(kind: Lang['kind'], texts: readonly string[]): Table | null {
  if (kind === 'contains' || kind === 'prefix' || kind === 'suffix') return textTable(kind, texts);
  const nfa = patternNfa(kind, texts);
  return nfa === null ? null : determinize(nfa);
}

const encoder = new TextEncoder();

/** Whether an automaton accepts a text. */
export function accepts(automaton: Automaton, text: string): boolean {
  const { classes, classOf, next, accept } = automaton;
  let state = 0;
  for (const byte of encoder.encode(text)) {
    state = next[state * classes + classOf[byte]!]!;
    if (state === DEAD) return false;
  }
  return accept[state] === 1;
}

/** Gives every listed byte a class of its own and all others one together. */
export function byteClasses(bytes: Iterable<number>): { classes: number; classOf: Uint8Array } {
  const own = [...new Set(bytes)].sort((a, b) => a - b);
  const classOf = new Uint8Array(256);
  // With all 256 bytes listed there is no class of the others, and 256 classes are 0..255.
  const others = own.length === 256 ? 0 : 1;
  own.forEach((byte, i) => {
    classOf[byte] = i + others;
  });
  return { classes: own.length + others, classOf };
}
