// All requests, as far as some policies can tell them apart, and questions about them: is there a request for which these conditions hold?
// The answer is a request, or a proof that there is none, or that it could not be found out.

import type { SchemaSet } from '../checker/shape.ts';
import type { Ir } from '../ir/ir.ts';
import { StringTheory } from '../theory/strings.ts';
import type { Plan } from '../witness/complete-plan.ts';
import { axioms, nameCounted } from './axioms.ts';
import { Demand } from './demand.ts';
import { Encoding } from './encoding.ts';
import { type Formula, Formulas, TRUE } from './formula.ts';
import { Grounding } from './ground.ts';
import { simpleRequests } from './hints.ts';
import { type Needs, needsOf } from './model.ts';
import { Places } from './place.ts';
import { planOf } from './request.ts';
import { schemaDemand } from './schema-demand.ts';
import { isSameSchema } from './schema-same.ts';
import { Theory } from './theory.ts';
import { acceptance } from './validity.ts';

export type Answer<Found> =
  | { readonly kind: 'found'; readonly found: Found }
  /** Proved. `core`: which of the optional conditions already exclude each other, with the others. */
  | { readonly kind: 'none'; readonly core: readonly Formula[] }
  | { readonly kind: 'unknown'; readonly reason: string };

/** What a caller makes of a request: something, or the reason why it is of no use. */
export type Judgement<Found> =
  | { readonly kind: 'accepted'; readonly found: Found }
  | { readonly kind: 'refused'; readonly reason: string };

/** The judgement of a request that does not show what it was looked for. */
export const MISPREDICTED: Extract<Judgement<never>, { kind: 'refused' }> = {
  kind: 'refused',
  reason: 'a request that was found is decided otherwise than predicted',
};

const TOO_LARGE: Judgement<never> = {
  kind: 'refused',
  reason: 'a request that was found has too many items or members',
};

/** Requests that are refused, or that no theory finds, before a question is given up. */
const MAX_REFUSED = 40;

export interface Judged {
  readonly ir: Ir;
  readonly schemas: SchemaSet | null;
}

export class Space {
  readonly formulas = new Formulas();
  readonly places = new Places(this.formulas);
  readonly demand: Demand;
  readonly grounds: readonly Grounding[];
  /** Whether all policies are written for one schema, which then says of every request the same to all. */
  readonly isOneSchema: boolean;
  /** Per policy: the requests that its projection accepts. */
  readonly accepted: readonly Formula[];
  /** Per policy: what its schema demands, also of what only another policy reads. Every schema-valid request satisfies it. */
  readonly demanded: readonly Formula[];
  readonly #strings = new StringTheory();
  /** Where the model of requests is exact: a request is looked for there first. */
  readonly #simple: Formula;
  #encoding: Encoding | null = null;
  #theory: Theory | null = null;
  readonly #deadline: number;

  /**
   * `ground` makes what questions will be about from the ground form of the policies: every condition and field must be known before the
   * first question. `deadline`: milliseconds of `performance.now()` after which questions stay open.
   */
  constructor(
    policies: readonly Judged[],
    ground: (grounds: readonly Grounding[]) => void,
    deadline: number,
  ) {
    const irs = policies.map(({ ir }) => ir);
    this.#deadline = deadline;
    const schemas = policies.map((policy) => policy.schemas);
    this.isOneSchema = schemas.every((each) => each !== null && isSameSchema(each, schemas[0]!));
    this.demand = new Demand(
      irs,
      schemas.filter((set) => set !== null),
      !this.isOneSchema,
    );
    this.grounds = irs.map((ir) => new Grounding(ir, this.places, this.demand));
    ground(this.grounds);
    this.accepted = this.grounds.map(acceptance);
    nameCounted(this.places, this.demand);
    const demanded = (): Formula[] =>
      schemas.map((set, at) => (set === null ? TRUE : schemaDemand(this.grounds[at]!, set)));
    // What one schema demands or forbids is a place that the other has to judge as well.
    if (!this.isOneSchema) demanded();
    this.demanded = demanded();
    this.#simple = simpleRequests(this);
  }

  get encoding(): Encoding {
    if (this.#encoding === null) {
      const hard = axioms(this.places, this.demand);
      this.#encoding = new Encoding(this.places);
      for (const axiom of hard) this.#encoding.assert(axiom);
    }
    return this.#encoding;
  }

  /**
   * A request for which all conditions hold, and the optional ones too. `judge` sees each candidate and may refuse it; a question all of
   * whose candidates were refused is not answered.
   */
  ask<Found>(
    conditions: readonly Formula[],
    optional: readonly Formula[],
    judge: (plan: Plan) => Judgement<Found>,
  ): Answer<Found> {
    if (this.#simple !== TRUE) {
      const answer = this.#search([...conditions, ...optional, this.#simple], [], judge);
      if (answer.kind === 'found') return answer;
    }
    return this.#search(conditions, optional, judge);
  }

  #search<Found>(
    conditions: readonly Formula[],
    optional: readonly Formula[],
    judge: (plan: Plan) => Judgement<Found>,
  ): Answer<Found> {
    const { encoding } = this;
    this.#theory ??= new Theory(encoding, this.#strings);
    const theory = this.#theory;
    const { solver } = encoding;
    const asked = [...conditions, ...optional];
    // Candidates that are given up are excluded for this question only.
    const here = solver.newVar();
    let found: { readonly value: Found } | null = null;
    let reason: string | null = null;
    let refused = 0;
    const check = (): boolean => {
      encoding.beginModel();
      const needs = needsOf(encoding, asked);
      const result = theory.solve(needs);
      if (result.kind === 'refuted') return false;
      if (result.kind === 'values') {
        const plan = planOf(encoding, result.values);
        const judged = plan === null ? TOO_LARGE : judge(plan);
        if (judged.kind === 'accepted') {
          found = { value: judged.found };
          return true;
        }
        reason = judged.reason;
      } else reason ??= result.reason;
      refused++;
      solver.addClause([-here, ...this.#exclusion(needs)]);
      return false;
    };
    const literals = asked.map((formula) => encoding.literal(formula));
    const result = solver.solve([here, ...literals], {
      check,
      stop: () => refused > MAX_REFUSED || performance.now() > this.#deadline,
    });
    solver.addClause([-here]);
    if (found !== null) return { kind: 'found', found: (found as { readonly value: Found }).value };
    if (reason !== null) return { kind: 'unknown', reason };
    if (result.status !== 'unsat') return { kind: 'unknown', reason: 'the time for the comparison ran out' };
    const core = new Set(result.core);
    return { kind: 'none', core: optional.filter((formula) => core.has(encoding.literal(formula))) };
  }

  /** Whether no request satisfies the conditions. */
  isExcluded(conditions: readonly Formula[], optional: readonly Formula[] = []): Answer<true> {
    return this.ask(conditions, optional, () => ({ kind: 'accepted', found: true }));
  }

  /** A clause that excludes requests like the last candidate: some class or some lazy fact is another. */
  #exclusion(needs: Needs): number[] {
    const { encoding } = this;
    const clause: number[] = [];
    for (const { id } of this.places.places) clause.push(-encoding.isClass(id, encoding.classOf(id)));
    const facts = [...needs.facts.values()].flat();
    for (const { variable, holds } of [...facts, ...needs.links]) {
      const lazy = encoding.lazy(variable)!;
      clause.push(holds ? -lazy : lazy);
    }
    return clause;
  }
}
