// The requests of a cell in the words of the policies: conjunctions of few conditions of the rules that together imply the cell. Each is
// proved: without the cell, these conditions and the schema contradict each other.

import { TRUE as ALWAYS, type Edge, type Ir } from '../ir/ir.ts';
import { renderCondition } from '../ir/render.ts';
import { FALSE, type Formula, TRUE } from '../symbolic/formula.ts';
import type { Grounding } from '../symbolic/ground.ts';
import type { Space } from '../symbolic/space.ts';
import type { FoundCell } from './cells.ts';
import type { Region } from './report.ts';

/** Alternatives that are written out for one cell. */
const MAX_ALTERNATIVES = 3;
/** Conditions that a smaller conjunction is looked for in. */
const MAX_SHRUNK = 12;
/** Questions for the regions of one comparison: beyond, regions are left out. */
const MAX_QUESTIONS = 240;

interface Word {
  readonly formula: Formula;
  /** The condition, and its negation. */
  readonly text: string;
  readonly negated: string;
}

export class Regions {
  readonly #space: Space;
  readonly #words: readonly Word[];
  readonly #byNode = new Map<number, Word>();
  #questions = 0;

  constructor(space: Space) {
    this.#space = space;
    const words = new Map<Formula, Word>();
    for (const ground of space.grounds) collectWords(ground, words);
    this.#words = [...words.values()];
    for (const word of this.#words) {
      this.#byNode.set(word.formula >> 1, word);
      space.encoding.literal(word.formula);
    }
  }

  /** `base`: what holds for every request of the comparison. */
  of(cell: FoundCell, base: readonly Formula[]): Region {
    const { formulas } = this.#space;
    const condition = formulas.all(cell.condition);
    const alternatives: string[][] = [];
    const excluded: Formula[] = [];
    while (alternatives.length < MAX_ALTERNATIVES && this.#questions < MAX_QUESTIONS) {
      this.#questions++;
      const answer = this.#space.isExcluded([condition, ...excluded]);
      if (answer.kind === 'none') return { alternatives, complete: true };
      if (answer.kind === 'unknown') break;
      const implicant = this.#implicant([...base, condition ^ 1]);
      if (implicant === null) break;
      // What holds says more than what does not.
      const inOrder = [...implicant].sort((a, b) => this.#isWritten(b) - this.#isWritten(a));
      alternatives.push(inOrder.map((formula) => this.#text(formula)));
      excluded.push(formulas.all(implicant) ^ 1);
    }
    return { alternatives, complete: false };
  }

  /** Conditions of the last request that exclude `others`, as few as a simple search finds. */
  #implicant(others: readonly Formula[]): readonly Formula[] | null {
    const { encoding } = this.#space;
    const literals = this.#words.map(({ formula }) => (encoding.holds(formula) ? formula : formula ^ 1));
    // Conditions that do not hold say less to a reader: they are left out first.
    literals.sort((a, b) => this.#isWritten(a) - this.#isWritten(b));
    let core = this.#core(others, literals);
    if (core === null) return null;
    for (const literal of [...core].slice(0, MAX_SHRUNK)) {
      if (core.length <= 1 || this.#questions >= MAX_QUESTIONS) break;
      const smaller = this.#core(
        others,
        core.filter((each) => each !== literal),
      );
      if (smaller !== null) core = smaller;
    }
    return core;
  }

  #core(others: readonly Formula[], literals: readonly Formula[]): readonly Formula[] | null {
    this.#questions++;
    const answer = this.#space.isExcluded(others, literals);
    if (answer.kind !== 'none') return null;
    const kept = new Set(answer.core);
    return literals.filter((literal) => kept.has(literal));
  }

  #isWritten(formula: Formula): number {
    return this.#byNode.get(formula >> 1)!.formula === formula ? 1 : 0;
  }

  #text(formula: Formula): string {
    const word = this.#byNode.get(formula >> 1)!;
    return word.formula === formula ? word.text : word.negated;
  }
}

/** The conditions of rules, each under its ground form. */
function collectWords(ground: Grounding, words: Map<Formula, Word>): void {
  const { ir } = ground;
  const seen = new Set<number>();
  const pending: Edge[] = ir.rules.filter(({ shadow }) => !shadow).map(({ cond }) => cond);
  while (pending.length > 0) {
    const edge = pending.pop()!;
    if (seen.has(edge >> 1) || edge >> 1 === ALWAYS) continue;
    seen.add(edge >> 1);
    const cond = ir.conds[edge >> 1]!;
    if (cond.op === 'and') pending.push(...cond.args);
    else addWord(ground, ir, edge & ~1, words);
  }
}

function addWord(ground: Grounding, ir: Ir, edge: Edge, words: Map<Formula, Word>): void {
  const formula = ground.edge(edge);
  if (formula === TRUE || formula === FALSE || words.has(formula) || words.has(formula ^ 1)) return;
  words.set(formula, { formula, text: renderCondition(ir, edge), negated: renderCondition(ir, edge ^ 1) });
}
