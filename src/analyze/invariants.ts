// The proof of the invariants of a policy, each by the search for a request that breaks it.

import type { TypedInvariant, TypedPolicy } from '../checker/typed.ts';
import { type LoweredInvariant, lowerWithInvariants } from '../compiler/lower.ts';
import { type Diagnostic, diagnostic } from '../diagnostic/diagnostic.ts';
import { Decisions } from '../diff/decisions.ts';
import type { Decision } from '../evaluator/evaluator.ts';
import type { Ir, IrRule, Outcome } from '../ir/ir.ts';
import type { Formula } from '../symbolic/formula.ts';
import { type Judgement, MISPREDICTED, Space } from '../symbolic/space.ts';
import type { Json } from '../value/json.ts';
import { canonicalJson } from '../witness/canonical-json.ts';
import { completeRequest } from '../witness/complete.ts';
import type { Plan } from '../witness/complete-plan.ts';
import { isInvalid, Replay } from '../witness/replay.ts';
import { SchemaValidator } from '../witness/schema-valid.ts';
import { replayOf } from './observe.ts';
import { Sweep } from './sweep.ts';

/** Time that the proofs of one policy may take by default. */
const DEFAULT_BUDGET_MS = 60_000;

/** What is proved: the compiled policy, and the bundle that its invariants are to be held against. */
export interface Claimed {
  readonly bytes: Uint8Array;
  readonly typed: TypedPolicy;
}

export interface ProofOptions {
  /** Time after which invariants that are still open stay undecided. */
  readonly budgetMs?: number;
}

export interface Counterexample {
  readonly request: Json;
  readonly decision: Decision;
  /** False: what the policy and its invariants read of the request is valid, the schema as a whole does not allow it. */
  readonly isSchemaValid: boolean;
}

export type Proof =
  | { readonly kind: 'proved' }
  | { readonly kind: 'violated'; readonly counterexample: Counterexample }
  | { readonly kind: 'undecided'; readonly reason: string };

export interface InvariantResult {
  readonly invariant: TypedInvariant;
  readonly proof: Proof;
}

/** Proves the invariants of a policy, in declaration order. Nothing is done when there are none. */
export function proveInvariants(claimed: Claimed, options: ProofOptions = {}): readonly InvariantResult[] {
  const { typed } = claimed;
  if (typed.invariants.length === 0) return [];
  const proofs = new Proving(claimed, options).proofs();
  return typed.invariants.map((invariant) => ({ invariant, proof: proofs.get(invariant.name)! }));
}

/** What a counterexample was found for, and what was seen of it. */
interface Broken extends Counterexample {
  readonly names: readonly string[];
}

class Proving {
  readonly #typed: TypedPolicy;
  readonly #ir: Ir;
  readonly #invariants: readonly LoweredInvariant[];
  readonly #space: Space;
  /** Per invariant: it speaks of a request, and the decision is not as it demands. */
  readonly #violations = new Map<string, Formula>();
  readonly #replay: Replay;
  readonly #conditions: Replay | null;
  readonly #validator: SchemaValidator;
  readonly #deadline: number;

  constructor({ bytes, typed }: Claimed, { budgetMs = DEFAULT_BUDGET_MS }: ProofOptions) {
    const { ir, invariants } = lowerWithInvariants(typed);
    this.#deadline = performance.now() + budgetMs;
    this.#typed = typed;
    this.#ir = ir;
    this.#invariants = invariants;
    this.#replay = new Replay(bytes);
    this.#conditions = replayOf(conditionsAsRules(ir, invariants));
    this.#validator = new SchemaValidator(typed.schemas);
    this.#space = new Space(
      [{ ir, schemas: typed.schemas }],
      ([ground]) => {
        const decisions = new Decisions(ground!);
        const { formulas } = ground!.places;
        for (const invariant of invariants) {
          const wrong = this.#wrongEffects(invariant).map((name) => decisions.effect(name));
          const violation = formulas.and(ground!.edge(invariant.cond), formulas.any(wrong));
          this.#violations.set(invariant.name, violation);
        }
      },
      this.#deadline,
    );
  }

  proofs(): ReadonlyMap<string, Proof> {
    const { accepted, demanded } = this.#space;
    const proofs = new Map<string, Proof>();
    const note = (found: ReadonlyMap<string, Broken>): void => {
      for (const [name, counterexample] of found) proofs.set(name, violated(counterexample));
    };
    note(this.#search([...accepted, ...demanded], this.#violations, true).found);
    // The bundle also decides requests that the schema does not allow where nothing reads them.
    const rest = new Map([...this.#violations].filter(([name]) => !proofs.has(name)));
    const sweep = this.#search(accepted, rest, false);
    note(sweep.found);
    for (const name of sweep.excluded) proofs.set(name, { kind: 'proved' });
    for (const [name, reason] of sweep.unknown)
      if (!proofs.has(name)) proofs.set(name, { kind: 'undecided', reason });
    return proofs;
  }

  #search(
    base: readonly Formula[],
    goals: ReadonlyMap<string, Formula>,
    mustBeValid: boolean,
  ): Sweep<string, Broken> {
    return new Sweep<string, Broken>({
      space: this.#space,
      base,
      goals,
      observe: (plan) => this.#observe(plan, mustBeValid),
      shows: ({ names }) => names,
      deadline: this.#deadline,
    });
  }

  #observe(plan: Plan, mustBeValid: boolean): Judgement<Broken> {
    const completed = mustBeValid
      ? completeRequest(plan, this.#typed.schemas, this.#validator)
      : completeRequest(plan, null, null);
    if (completed.kind === 'failed')
      return refused(
        `inhabited for what is read, but no schema-valid request was found: ${completed.reason}`,
      );
    if (this.#conditions === null) return refused('the conditions cannot be replayed: too large');
    const { request } = completed;
    const replayed = this.#replay.decide(request);
    const conditions = this.#conditions.decide(request);
    if (replayed.kind === 'disagreement') return refused(replayed.detail);
    if (conditions.kind === 'disagreement') return refused(conditions.detail);
    const { decision } = replayed;
    if (isInvalid(decision) || isInvalid(conditions.decision)) return MISPREDICTED;
    const spoken = new Set(conditions.decision.matched.map(({ rule }) => rule));
    const names = this.#invariants
      .filter((each) => spoken.has(each.name) && this.#wrongEffects(each).includes(decision.effect))
      .map(({ name }) => name);
    const isSchemaValid = mustBeValid || this.#validator.validate(request).length === 0;
    return { kind: 'accepted', found: { request, decision, isSchemaValid, names } };
  }

  /** Names of the effects that a demand does not allow. */
  #wrongEffects({ demand }: LoweredInvariant): string[] {
    const [first] = demand.effects;
    const isWrong = (effect: number): boolean => {
      switch (demand.kind) {
        case 'never':
          return demand.effects.includes(effect);
        case 'always':
          return !demand.effects.includes(effect);
        case 'atLeast':
          return effect < first!;
        case 'atMost':
          return effect > first!;
      }
    };
    return this.#ir.effects.filter((_, effect) => isWrong(effect)).map(({ name }) => name);
  }
}

function violated({ request, decision, isSchemaValid }: Broken): Proof {
  return { kind: 'violated', counterexample: { request, decision, isSchemaValid } };
}

function refused(reason: string): Judgement<never> {
  return { kind: 'refused', reason };
}

/** A policy whose rules are the conditions of the invariants: what it says to match of a request, the invariants speak of. */
function conditionsAsRules(ir: Ir, invariants: readonly LoweredInvariant[]): Ir {
  const outcome: Outcome = {
    effect: 0,
    severity: null,
    reason: 'HOLDS',
    message: null,
    remediations: [],
    obligations: [],
  };
  const rules = invariants.map(
    ({ name, cond }): IrRule => ({ ...outcome, name, cond, tags: [], shadow: false }),
  );
  return {
    ...ir,
    combining: 'most_restrictive',
    effects: [{ name: 'holds', obligations: [] }],
    severities: [],
    rules,
    defaultOutcome: outcome,
    onInvalid: outcome,
  };
}

/** What does not hold, and what could not be decided, as diagnostics at the names of the invariants. */
export function invariantDiagnostics(results: readonly InvariantResult[]): readonly Diagnostic[] {
  return results.flatMap(({ invariant: { name, file, span }, proof }): Diagnostic[] => {
    const place = { file, span };
    if (proof.kind === 'proved') return [];
    if (proof.kind === 'undecided') return [diagnostic('P5901', place, { name, reason: proof.reason })];
    const { request, decision, isSchemaValid } = proof.counterexample;
    const { effect, rule, reason } = decision;
    return [
      diagnostic(isSchemaValid ? 'P5001' : 'P5002', place, {
        name,
        effect,
        rule: rule ?? 'default',
        reason,
        request: canonicalJson(request),
      }),
    ];
  });
}
