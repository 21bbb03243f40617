// What requests are looked for: each goal is a question to the space of requests, and a test of a sample.

import { Decisions } from '../diff/decisions.ts';
import type { Edge, Ir } from '../ir/ir.ts';
import { renderCondition } from '../ir/render.ts';
import { type Formula, TRUE } from '../symbolic/formula.ts';
import type { Grounding } from '../symbolic/ground.ts';
import { boundariesOf } from './boundaries.ts';
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
  readonly edges: readonly Edge[];
  readonly conditions: readonly Condition[];
  readonly #boundaries: ReadonlyMap<Condition, readonly Edge[]>;
  readonly #byRule: readonly (readonly Edge[])[];
  readonly #places = new Map<Edge, number>();

  constructor(ir: Ir) {
    const extended = new ExtendedIr(ir);
    this.conditions = conditionsOf(ir);
    this.#boundaries = new Map(
      this.conditions.map((condition) => [condition, boundariesOf(extended, ir, condition.edge)]),
    );
    this.#byRule = ir.rules.map((_, rule) =>
      this.conditions.filter(({ rules }) => rules.includes(rule)).map(({ edge }) => edge),
    );
    this.ir = extended.ir;
    const all = [
      ...this.conditions.map(({ edge }) => edge),
      ...[...this.#boundaries.values()].flat(),
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

  boundaries(condition: Condition): readonly Edge[] {
    return this.#boundaries.get(condition) ?? [];
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
  const boundaries = probed.conditions.flatMap((condition) =>
    probed.boundaries(condition).map((edge) => ({ edge, condition })),
  );
  const distinct = new Map(boundaries.map((each) => [ground.edge(each.edge), each]));
  const goals = [
    ...ruleGoals(ground, probed, hints),
    ...conditions.flatMap((condition) => sideGoals(ground, probed, condition)),
    ...[...distinct].map(
      ([formula, { edge, condition }]): Goal => ({
        kind: 'boundary',
        subject: renderCondition(ground.ir, edge),
        formula,
        hint: fullCount(ground, condition.edge),
        condition,
        rule: null,
        isReachedBy: (sample) => probed.holds(edge, sample),
      }),
    ),
  ];
  return { goals, conditions };
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
