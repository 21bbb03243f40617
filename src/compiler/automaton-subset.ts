// The subset construction, with a budget: some patterns have exponentially many sets, and a compiler must not hang on them.

import { MAX_STATES } from '../bytecode/limits.ts';
import type { Nfa } from './automaton-nfa.ts';
import { MAX_CELLS, type Table } from './automaton-table.ts';

/** Sets before minimisation. Minimising rarely shrinks a set construction by more than this factor. */
const MAX_SETS = 2 * MAX_STATES;
/** Members of sets looked at in all. */
const MAX_WORK = 1 << 24;

// Every byte is a character of its own in this encoding, so that the bytes of a set become a key.
const bytesAsText = new TextDecoder('latin1');

/** Null when the budget is spent. */
export function determinize(nfa: Nfa): Table | null {
  const { classes } = nfa;
  const closure = new Closure(nfa);
  const ids = new Map<string, number>();
  const sets: Int32Array[] = [];
  const next: number[] = [];
  const idOf = (targets: readonly number[]): number => {
    const set = closure.of(targets);
    const key = bytesAsText.decode(new Uint8Array(set.buffer, set.byteOffset, set.byteLength));
    const known = ids.get(key);
    if (known !== undefined) return known;
    ids.set(key, sets.length);
    return sets.push(set) - 1;
  };
  idOf([0]);
  let work = 0;
  for (let id = 0; id < sets.length; id++) {
    const { any, inner, byClass } = movesOf(nfa, sets[id]!);
    // Most classes occur in no literal that is just being read: they share two targets.
    const withoutLiteral = idOf([...any, ...inner]);
    work += sets[id]!.length + classes;
    for (let c = 0; c < classes; c++) {
      const common = c === nfa.separator ? any : [...any, ...inner];
      const own = byClass.get(c);
      if (own === undefined && c !== nfa.separator) next.push(withoutLiteral);
      else {
        next.push(idOf(own === undefined ? common : [...own, ...common]));
        work += sets[next.at(-1)!]!.length;
      }
    }
    if (sets.length > MAX_SETS || work > MAX_WORK || sets.length * classes > MAX_CELLS) return null;
  }
  const accept = Uint8Array.from(sets, (set) => (set.some((s) => nfa.states[s]!.accept) ? 1 : 0));
  return { classes, classOf: nfa.classOf, next: Int32Array.from(next), accept };
}

interface Moves {
  readonly any: readonly number[];
  readonly inner: readonly number[];
  readonly byClass: ReadonlyMap<number, number[]>;
}

function movesOf(nfa: Nfa, set: Int32Array): Moves {
  const any: number[] = [];
  const inner: number[] = [];
  const byClass = new Map<number, number[]>();
  for (const id of set) {
    const state = nfa.states[id]!;
    any.push(...state.onAny);
    inner.push(...state.onInner);
    for (const move of state.on) {
      const list = byClass.get(move.class);
      if (list === undefined) byClass.set(move.class, [move.to]);
      else list.push(move.to);
    }
  }
  return { any, inner, byClass };
}

/** Sets of states closed under empty moves, sorted, without covered states. */
class Closure {
  private readonly nfa: Nfa;
  /** Which call of `of` saw a state last. */
  private readonly seen: Int32Array;
  private round = 0;

  constructor(nfa: Nfa) {
    this.nfa = nfa;
    this.seen = new Int32Array(nfa.states.length);
  }

  of(targets: readonly number[]): Int32Array {
    this.round++;
    const found: number[] = [];
    const add = (state: number): void => {
      if (this.seen[state] === this.round) return;
      this.seen[state] = this.round;
      found.push(state);
    };
    for (const state of targets) add(state);
    for (const state of found) for (const to of this.nfa.states[state]!.skip) add(to);
    return Int32Array.from(this.withoutCovered(found.sort((a, b) => a - b)));
  }

  private withoutCovered(sorted: readonly number[]): readonly number[] {
    const { states } = this.nfa;
    const kept: number[] = [];
    // From the largest state down: a covering state covers states before it.
    let from = Number.POSITIVE_INFINITY;
    for (let i = sorted.length - 1; i >= 0; i--) {
      const state = sorted[i]!;
      if (state >= from) continue;
      const { covers, accept } = states[state]!;
      // It accepts every continuation: nothing else in the set matters.
      if (covers !== -1 && accept) return [state];
      kept.push(state);
      from = covers === -1 ? Number.POSITIVE_INFINITY : covers;
    }
    return kept.reverse();
  }
}
