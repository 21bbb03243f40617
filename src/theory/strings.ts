// The theory of one string: words that satisfy conditions, or the proof that there is none.
//
// The conditions are refined into play one by one: the cheapest word of the conditions so far is judged by all, and the first condition
// that refuses it joins. Most conditions never join, and those that did when no word is left are a small core already.

import { type Literal, Literals, type StringCondition } from './strings-literal.ts';
import { accepts, type Machine, tableMachine, UTF8 } from './strings-machine.ts';
import { type Budget, type Estimate, Product } from './strings-product.ts';

export type WordsResult =
  /** At least one, distinct, shortest first. `all`: it is proved that there are no others; otherwise there may be. */
  | { readonly kind: 'words'; readonly words: readonly string[]; readonly all: boolean }
  /** Indices of conditions that already contradict each other, ascending. */
  | { readonly kind: 'none'; readonly core: readonly number[] }
  /** The budget was spent, or an automaton is too large. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** The same for literals: independent of where the conditions stand. */
type Found =
  | Exclude<WordsResult, { kind: 'none' }>
  | { readonly kind: 'none'; readonly core: readonly Literal[] };

/** Product states of one question. */
const DEFAULT_STATES = 400_000;
/** Product states to make one core small, and of one attempt to do without one of its conditions. */
const CORE_STATES = 60_000;
const DROP_STATES = 10_000;

const encoder = new TextEncoder();
// A byte order mark is a character of the word.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const wellFormed: Machine = tableMachine(
  UTF8,
  Uint8Array.from({ length: 256 }, (_, byte) => byte),
  true,
);

/** Answers questions about one string; it keeps automata, answers and contradictions for the next ones. */
export class StringTheory {
  private readonly states: number;
  private readonly literals = new Literals();
  private readonly answers = new Map<string, Found>();
  /** Contradictions by the smallest id in them. */
  private readonly cores = new Map<number, (readonly Literal[])[]>();

  constructor(budget: { readonly states: number } = { states: DEFAULT_STATES }) {
    this.states = budget.states;
  }

  /**
   * Up to `count` well-formed words that satisfy all conditions. Fewer come only when there are no more (`all`), or when the budget ends
   * after the first. `none` is a proof.
   */
  find(conditions: readonly StringCondition[], count: number): WordsResult {
    const indexOf = new Map<number, number>();
    const literals: Literal[] = [];
    conditions.forEach((condition, index) => {
      const literal = this.literals.of(condition);
      if (indexOf.has(literal.id)) return;
      indexOf.set(literal.id, index);
      literals.push(literal);
    });
    const key = `${count}: ${[...indexOf.keys()].sort((a, b) => a - b).join()}`;
    let found = this.answers.get(key);
    if (found === undefined) {
      found = this.answer(literals, Math.max(count, 1));
      this.answers.set(key, found);
    }
    if (found.kind !== 'none') return found;
    return { kind: 'none', core: found.core.map(({ id }) => indexOf.get(id)!).sort((a, b) => a - b) };
  }

  private answer(literals: readonly Literal[], count: number): Found {
    const known = this.knownCore(literals);
    if (known !== null) return { kind: 'none', core: known };
    const usable = literals.filter((literal) => literal.machine !== null);
    const found = fromTexts(usable, count) ?? this.search(usable, count);
    if (found.kind === 'none') {
      const core = reduced(found.core);
      const smallest = Math.min(...core.map(({ id }) => id));
      this.cores.set(smallest, [...(this.cores.get(smallest) ?? []), core]);
      return { kind: 'none', core };
    }
    // Without one of the conditions, words prove nothing, but a contradiction does.
    const missing = literals.find((literal) => literal.machine === null);
    return missing === undefined ? found : { kind: 'unknown', reason: missing.problem };
  }

  private knownCore(literals: readonly Literal[]): readonly Literal[] | null {
    const byId = new Map(literals.map((literal) => [literal.id, literal]));
    for (const literal of literals) {
      const negation = byId.get(literal.id ^ 1);
      if (negation !== undefined) return [literal, negation];
      const core = this.cores.get(literal.id)?.find((c) => c.every(({ id }) => byId.has(id)));
      if (core !== undefined) return core;
    }
    return null;
  }

  private search(literals: readonly Literal[], count: number): Found {
    const words = new Set<string>();
    // Short words are worth a part of the budget; after that any will do.
    const attempts: readonly [number, Estimate][] = [
      [Math.ceil(this.states / 4), 'furthest'],
      [Math.floor((this.states * 3) / 4), 'total'],
    ];
    for (const [states, estimate] of attempts) {
      const core = refine(literals, count, { states }, estimate, words);
      if (core === null) continue;
      if (words.size === 0) return { kind: 'none', core };
      return { kind: 'words', words: shortestFirst(words), all: words.size < count };
    }
    if (words.size > 0) return { kind: 'words', words: shortestFirst(words), all: false };
    return { kind: 'unknown', reason: `the search for a text ended after ${this.states} states` };
  }
}

/**
 * Adds words to `words` until there are `count` or no more; gives the literals that were needed for it, null when the budget ended first.
 * When no words are there at the end, those literals contradict each other.
 */
function refine(
  literals: readonly Literal[],
  count: number,
  budget: Budget,
  estimate: Estimate,
  words: Set<string>,
): readonly Literal[] | null {
  const judges = [...literals].sort((a, b) => rank(a.condition) - rank(b.condition));
  const active: Literal[] = [];
  for (;;) {
    const product = new Product(
      [wellFormed, ...active.map(({ machine }) => machine!)],
      count,
      budget,
      estimate,
    );
    let refusing: Literal | undefined;
    do {
      const word = product.next();
      if (word === 'spent') return null;
      if (word === null) return active;
      refusing = judges.find(({ machine }) => !accepts(machine!, word));
      if (refusing === undefined) words.add(decoder.decode(word));
      if (words.size >= count) return active;
    } while (refusing === undefined);
    active.push(refusing);
  }
}

/** Which of several refusing conditions joins first: the one that enlarges the product least. */
function rank({ test, holds }: StringCondition): number {
  // Refusals contradict a single demand as well as many; what restricts the whole word leaves fewer tuples; demands multiply them.
  if (!holds) return 0;
  if (test.kind !== 'lang') return 1;
  return test.lang.kind === 'contains' || test.lang.kind === 'glob' ? 3 : 2;
}

/** The answer when some condition leaves finitely many texts: each is judged by all conditions. Null when none does. */
function fromTexts(literals: readonly Literal[], count: number): Found | null {
  const finite = smallestList(literals);
  if (finite === null) return null;
  const candidates = shortestFirst(new Set(finite.texts.filter((text) => text.isWellFormed())));
  const encoded = candidates.map((text) => encoder.encode(text));
  const words: string[] = [];
  const refusing: Literal[] = [];
  const refuses = ({ machine }: Literal, word: Uint8Array): boolean => !accepts(machine!, word);
  for (const [i, word] of encoded.entries()) {
    if (refusing.some((literal) => refuses(literal, word))) continue;
    const found = literals.find((literal) => refuses(literal, word));
    if (found !== undefined) refusing.push(found);
    else if (words.push(candidates[i]!) > count) break;
  }
  if (words.length > 0) return { kind: 'words', words: words.slice(0, count), all: words.length <= count };
  let core: readonly Literal[] = refusing;
  for (const literal of refusing) {
    const rest = core.filter((l) => l !== literal);
    if (encoded.every((word) => rest.some((l) => refuses(l, word)))) core = rest;
  }
  return { kind: 'none', core: [finite.literal, ...core] };
}

function smallestList(
  literals: readonly Literal[],
): { readonly literal: Literal; readonly texts: readonly string[] } | null {
  let smallest: { readonly literal: Literal; readonly texts: readonly string[] } | null = null;
  for (const literal of literals) {
    const { test, reading, holds } = literal.condition;
    if (test.kind !== 'texts' || !holds || reading !== 'same') continue;
    if (smallest === null || test.texts.length < smallest.texts.length)
      smallest = { literal, texts: test.texts };
  }
  return smallest;
}

/** A contradiction without the literals that it provably does not need. */
function reduced(core: readonly Literal[]): readonly Literal[] {
  let kept = core;
  let states = CORE_STATES;
  for (const literal of core) {
    const rest = kept.filter((l) => l !== literal);
    const budget = { states: Math.min(states, DROP_STATES) };
    states -= budget.states;
    if (isContradiction(rest, budget)) kept = rest;
    states += Math.max(budget.states, 0);
  }
  return kept;
}

function isContradiction(literals: readonly Literal[], budget: Budget): boolean {
  const machines = literals.map(({ machine }) => machine!);
  // Mostly there is a word, and any will do.
  return new Product([wellFormed, ...machines], 1, budget, 'total').next() === null;
}

function shortestFirst(words: ReadonlySet<string>): string[] {
  const lengths = new Map([...words].map((word) => [word, encoder.encode(word).length]));
  return [...words].sort((a, b) => lengths.get(a)! - lengths.get(b)!);
}
