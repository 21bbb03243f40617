// Which conditions hold for a request, by the evaluator itself: each condition is a rule of a bundle that is made for this, and a decision
// lists the rules that match.

import { emit } from '../compiler/emit.ts';
import { TooLarge } from '../compiler/too-large.ts';
import { BundleError, type Evaluator, loadBundle } from '../evaluator/evaluator.ts';
import type { Edge, Ir, IrRule, Outcome } from '../ir/ir.ts';
import type { Json } from '../value/json.ts';

const OUTCOME: Outcome = {
  effect: 0,
  severity: null,
  reason: 'PROBE',
  message: null,
  remediations: [],
  obligations: [],
};

export class Probes {
  readonly #count: number;
  readonly #evaluators: readonly Evaluator[];

  /** Throws when a condition is too large for a bundle of its own. */
  constructor(ir: Ir, edges: readonly Edge[]) {
    this.#count = edges.length;
    this.#evaluators = edges.length === 0 ? [] : load(ir, edges, 0);
  }

  /** Per edge whether it holds. The request must be one that the policy accepts. */
  truths(request: Json): readonly boolean[] {
    const truths = Array<boolean>(this.#count).fill(false);
    for (const evaluator of this.#evaluators)
      for (const { rule } of evaluator.evaluate(request).matched) truths[Number(rule)] = true;
    return truths;
  }
}

/** One bundle for all, or where that is too large, several. */
function load(ir: Ir, edges: readonly Edge[], first: number): readonly Evaluator[] {
  const rules = edges.map(
    (cond, at): IrRule => ({ ...OUTCOME, name: String(first + at), cond, tags: [], shadow: false }),
  );
  const probe: Ir = {
    ...ir,
    combining: 'most_restrictive',
    effects: [{ name: 'probe', obligations: [] }],
    severities: [],
    rules,
    defaultOutcome: OUTCOME,
    onInvalid: OUTCOME,
  };
  try {
    return [loadBundle(emit(probe).bytes)];
  } catch (error) {
    if (edges.length === 1 || !(error instanceof TooLarge || error instanceof BundleError)) throw error;
    const half = edges.length >> 1;
    return [...load(ir, edges.slice(0, half), first), ...load(ir, edges.slice(half), first + half)];
  }
}
