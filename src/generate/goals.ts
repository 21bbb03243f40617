// What requests are looked for: each goal is a question to the space of requests, and a test of a sample.

import { Decisions } from '../diff/decisions.ts';
import type { Edge, Ir } from '../ir/ir.ts';
import { renderCondition } from '../ir/render.ts';
import { type Formula, TRUE } from '../symbolic/formula.ts';
import type { Grounding } from '../symbolic/ground.ts';
import { boundariesOf, innerBoundariesOf } from './boundaries.ts';
import { type Condition, conditionsOf, distinctConditions } from './conditions.ts';
import { ExtendedIr } from './extended-ir.ts';
import { fullCount } from './hints.ts';
import type { GoalKind } from './report.ts';
import type { Sample } from './samples.ts';

export interface Goal {
  readonly kind: Exclude<GoalKind, 'independence'>;
  readonly subject: string;
  readonly formula: Formula;
  /** What makes it easier to find. */
  readonly hint: Formula;
  /** The condition that the goal is about. */
  readonly condition: Condition | null;
  /** The rule that is to decide. */
  readonly rule: number | null;
  readonly isReachedBy: (sample: Sample) => boolean;
}

/** Conditions that are asked about, each with its place among the probes. */
export class ProbedEdges {
  /** The policy, with the boundaries of its conditions as conditions of their own. */
  readonly ir: Ir;
  /** And with those inside quantifiers, which make more items of lists matter. */
  readonly innerIr: Ir;
  readonly edges: readonly Edge[];
  readonly conditions: readonly Condition[];
  readonly #boundaries: ReadonlyMap<Edge, readonly Edge[]>;
  readonly #inner: ReadonlyMap<Edge, readonly Edge[]>;
  readonly #byRule: readonly (readonly Edge[])[];
  readonly #places = new Map<Edge, number>();

  constructor(ir: Ir) {
    const extended = new ExtendedIr(ir);
    this.conditions = conditionsOf(ir);
    this.#boundaries = new Map(this.conditions.map(({ edge }) => [edge, boundariesOf(extended, ir, edge)]));
    this.#byRule = ir.rules.map((_, rule) =>
      this.conditions.filter(({ rules }) => rules.includes(rule)).map(({ edge }) => edge),
    );
    this.ir = extended.ir;
    this.#inner = new Map(this.conditions.map(({ edge }) => [edge, innerBoundariesOf(extended, ir, edge)]));
    this.innerIr = extended.ir;
    const all = [
      ...this.conditions.map(({ edge }) => edge),
      ...[...this.#boundaries.values(), ...this.#inner.values()].flat(),
      ...ir.rules.map(({ cond }) => cond),
    ];
    this.edges = [...new Set(all)];
    this.edges.forEach((edge, place) => {
      this.#places.set(edge, place);
    });
  }

  /** Whether an edge holds for a sample. */
  holds(edge: Edge, sample: Sample): boolean {
    return sample.truths[this.#places.get(edge)!]!;
  }

  /** The conditions that a rule combines. */
  conditionsOf(rule: number): readonly Edge[] {
    return this.#byRule[rule] ?? [];
  }

  /** The boundaries of a condition. Conditions are told apart by their edges. */
  boundaries({ edge }: Condition): readonly Edge[] {
    return this.#boundaries.get(edge) ?? [];
  }

  /** The boundaries of what a condition says of items. */
  innerBoundaries({ edge }: Condition): readonly Edge[] {
    return this.#inner.get(edge) ?? [];
  }
}

export interface Goals {
  readonly goals: readonly Goal[];
  /** Conditions that differ for some request. */
  readonly conditions: readonly Condition[];
}

/** To be called before the first question: it makes every formula. */
export function goalsOf(ground: Grounding, probed: ProbedEdges): Goals {
  const conditions = distinctConditions(ground, probed.conditions);
  const { formulas } = ground.places;
  const hints = ground.ir.rules.map((_, rule) =>
    formulas.all(
      conditions.filter(({ rules }) => rules.includes(rule)).map(({ edge }) => fullCount(ground, edge)),
    ),
  );
  const goals = [
    ...ruleGoals(ground, probed, hints),
    ...conditions.flatMap((condition) => sideGoals(ground, probed, condition)),
    ...boundaryGoals(ground, probed, (condition) => probed.boundaries(condition)),
  ];
  return { goals, conditions };
}

/** The boundaries of what quantifiers say of items; the ground form must be that of the larger policy. */
export function innerGoalsOf(ground: Grounding, probed: ProbedEdges): readonly Goal[] {
  return boundaryGoals(ground, probed, (condition) => probed.innerBoundaries(condition));
}

function boundaryGoals(
  ground: Grounding,
  probed: ProbedEdges,
  boundaries: (condition: Condition) => readonly Edge[],
): readonly Goal[] {
  const goals = new Map<Formula, Goal>();
  for (const condition of probed.conditions)
    for (const edge of boundaries(condition)) {
      const formula = ground.edge(edge);
      if (goals.has(formula)) continue;
      goals.set(formula, {
        kind: 'boundary',
        subject: renderCondition(ground.ir, edge),
        formula,
        hint: fullCount(ground, condition.edge),
        condition,
        rule: null,
        isReachedBy: (sample) => probed.holds(edge, sample),
      });
    }
  return [...goals.values()];
}

/** `hints`: per rule. */
function ruleGoals(ground: Grounding, probed: ProbedEdges, hints: readonly Formula[]): readonly Goal[] {
  const { rules, effects } = ground.ir;
  const decisions = new Decisions(ground);
  const goal = (
    kind: Goal['kind'],
    subject: string,
    formula: Formula,
    isReachedBy: Goal['isReachedBy'],
    hint: Formula = TRUE,
  ): Goal => ({ kind, subject, formula, hint, condition: null, rule: null, isReachedBy });
  const deciders = decisions.deciders.map(({ rule, name, decides }) =>
    rule === null
      ? goal('default', name, decides, ({ decision }) => decision.rule === null)
      : { ...goal('rule', name, decides, ({ decision }) => decision.rule === name, hints[rule]!), rule },
  );
  return [
    ...deciders,
    ...rules.map(({ name, cond }, rule) =>
      goal('match', name, ground.edge(cond), (sample) => probed.holds(cond, sample), hints[rule]!),
    ),
    ...effects
      .filter(({ name }) => decisions.effects.includes(name))
      .map(({ name }) =>
        goal('effect', name, decisions.effect(name), ({ decision }) => decision.effect === name),
      ),
  ];
}

function sideGoals(ground: Grounding, probed: ProbedEdges, condition: Condition): readonly Goal[] {
  const { edge, text, negated } = condition;
  const formula = ground.edge(edge);
  const hint = fullCount(ground, edge);
  return [
    {
      kind: 'holds',
      subject: text,
      formula,
      hint,
      condition,
      rule: null,
      isReachedBy: (sample) => probed.holds(edge, sample),
    },
    {
      kind: 'fails',
      subject: negated,
      formula: formula ^ 1,
      hint: TRUE,
      condition,
      rule: null,
      isReachedBy: (sample) => !probed.holds(edge, sample),
    },
  ];
}
