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
import type { Table } from './automaton-table.ts';
import { textTable } from './automaton-texts.ts';

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
