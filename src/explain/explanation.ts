// Why one request got its decision: every rule with its condition, part by part, and why the one that decided did.

import type { Decision } from '../evaluator/evaluator.ts';
import type { Ir, IrRule } from '../ir/ir.ts';
import type { Json } from '../value/json.ts';
import { explainCondition } from './condition.ts';
import { expectedAt } from './expected.ts';
import { Names } from './names.ts';
import type { Part } from './part.ts';
import { Reading } from './reading.ts';

/**
 * What became of a rule. `decides`: it gives the decision. `contributes`: it matches with the deciding effect, behind the rule that
 * decides. `outranked`: it matches, but a stronger effect does too. `not_reached`: its condition holds, but an earlier rule decided.
 * `shadow`: a shadow rule that matches, which is reported and never decides. `not_judged`: the request is not valid.
 */
export type RuleStatus =
  | 'decides'
  | 'contributes'
  | 'outranked'
  | 'not_reached'
  | 'shadow'
  | 'no_match'
  | 'not_judged';

export interface RulePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface ExplainedRule {
  readonly rule: string;
  readonly effect: string;
  readonly reason: string;
  readonly shadow: boolean;
  readonly status: RuleStatus;
  /** Whether the condition holds; null when the request is not valid. */
  readonly holds: boolean | null;
  readonly condition: Part | null;
  readonly place: RulePlace | null;
}

/** Why the decision is what it is. */
export interface Verdict {
  readonly by: 'rule' | 'default' | 'invalid';
  readonly rule: string | null;
  readonly combining: Ir['combining'];
  /** In most_restrictive: the effects above the deciding one, strongest first, and how many rules they have, none of which matched. */
  readonly stronger: readonly { readonly effect: string; readonly rules: number }[];
  /** In first_applicable: the rules before the deciding one, none of which matched. */
  readonly earlier: number;
  /** Rules whose conditions hold, and that did not decide. */
  readonly others: readonly { readonly rule: string; readonly effect: string; readonly status: RuleStatus }[];
  /** Of a request that is not valid: the first error. */
  readonly invalid: {
    readonly code: string;
    readonly pointer: string;
    /** Null when the policy reads nothing there. */
    readonly expected: string | null;
  } | null;
}

export interface Explanation {
  readonly verdict: Verdict;
  readonly decision: Decision;
  readonly rules: readonly ExplainedRule[];
}

export interface ExplainOptions {
  /** Only this rule. */
  readonly rule?: string;
  readonly places?: ReadonlyMap<string, RulePlace | null>;
}

/** Explains the decision that an evaluator gave for a request. */
export function explainDecision(
  ir: Ir,
  request: Json,
  decision: Decision,
  { rule, places }: ExplainOptions = {},
): Explanation {
  const reading = decision.invalid === null ? new Reading(ir, request) : null;
  const holding = ir.rules.map(({ cond }) => reading?.holds(cond, reading.top) ?? null);
  const statuses = statusesOf(ir, holding);
  const names = new Names(ir);
  const rules = ir.rules.flatMap((each, index): ExplainedRule[] => {
    if (rule !== undefined && each.name !== rule) return [];
    const condition = reading === null ? null : explainCondition(reading, names, each.cond);
    return [
      {
        rule: each.name,
        effect: effectOf(ir, each),
        reason: each.reason,
        shadow: each.shadow,
        status: statuses[index]!,
        holds: holding[index]!,
        condition,
        place: places?.get(each.name) ?? null,
      },
    ];
  });
  return { verdict: verdictOf(ir, decision, statuses), decision, rules };
}

/** What becomes of each rule, given which conditions hold. */
export function statusesOf(ir: Ir, holding: readonly (boolean | null)[]): readonly RuleStatus[] {
  const candidates = [...ir.rules.keys()].filter(
    (index) => holding[index] === true && !ir.rules[index]!.shadow,
  );
  const strength = Math.max(...candidates.map((index) => ir.rules[index]!.effect));
  const isFirst = ir.combining === 'first_applicable';
  const winner = isFirst ? candidates[0] : candidates.find((index) => ir.rules[index]!.effect === strength);
  return ir.rules.map((rule, index): RuleStatus => {
    if (holding[index] === null) return 'not_judged';
    if (holding[index] === false) return 'no_match';
    if (index === winner) return 'decides';
    if (isFirst && winner !== undefined && index > winner) return 'not_reached';
    if (rule.shadow) return 'shadow';
    return rule.effect === strength ? 'contributes' : 'outranked';
  });
}

function effectOf(ir: Ir, rule: IrRule): string {
  return ir.effects[rule.effect]!.name;
}

function verdictOf(ir: Ir, decision: Decision, statuses: readonly RuleStatus[]): Verdict {
  const winner = statuses.indexOf('decides');
  const rules = ir.rules.filter(({ shadow }) => !shadow);
  const common = {
    rule: decision.rule,
    combining: ir.combining,
    others: ir.rules.flatMap((rule, index) => {
      const status = statuses[index]!;
      return status === 'decides' || status === 'no_match' || status === 'not_judged'
        ? []
        : [{ rule: rule.name, effect: effectOf(ir, rule), status }];
    }),
  };
  if (decision.invalid !== null) {
    const { code, pointer } = decision.invalid;
    const invalid = { code, pointer, expected: expectedAt(ir, pointer) };
    return { ...common, by: 'invalid', stronger: [], earlier: 0, invalid };
  }
  const weakest = winner < 0 ? -1 : ir.rules[winner]!.effect;
  const isFirst = ir.combining === 'first_applicable';
  const stronger = [...ir.effects.keys()]
    .filter((effect) => !isFirst && effect > weakest)
    .reverse()
    .map((effect) => ({
      effect: ir.effects[effect]!.name,
      rules: rules.filter((rule) => rule.effect === effect).length,
    }))
    .filter((each) => each.rules > 0);
  const before = winner < 0 ? ir.rules : ir.rules.slice(0, winner);
  const earlier = isFirst ? before.filter(({ shadow }) => !shadow).length : 0;
  return { ...common, by: winner < 0 ? 'default' : 'rule', stronger, earlier, invalid: null };
}
