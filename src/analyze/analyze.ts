// What can be said of one policy without another version of it: rules and effects that never come to anything, requests that no rule
// speaks of, rules that overlap, rules that say the same. What is said is shown by a request, or proved, or said to be unknown.

import { Decisions } from '../diff/decisions.ts';
import type { RulePlace, Unknown } from '../diff/report.ts';
import type { Formula } from '../symbolic/formula.ts';
import { MISPREDICTED, Space } from '../symbolic/space.ts';
import { decidedBy, type Examined, fatesOf, type Known } from './fates.ts';
import { type Observation, Observer, shown } from './observe.ts';
import { equivalentRules, overlapsOf } from './pairs.ts';
import { type Matter, mattersOf } from './redundant.ts';
import type {
  AnalysisReport,
  Direction,
  EffectAnalysis,
  EquivalenceReport,
  Fate,
  Finding,
  RuleAnalysis,
} from './report.ts';
import { type AnalysisSubject, analysedPolicy } from './subject.ts';

/** Time that an analysis may take by default. */
const DEFAULT_BUDGET_MS = 60_000;

export interface AnalysisOptions {
  /** Time after which questions that are still open become unknown. */
  readonly budgetMs?: number;
}

/** Never throws on policies that compile; bundles must verify. */
export function analyzePolicy(subject: AnalysisSubject, options: AnalysisOptions = {}): AnalysisReport {
  const deadline = performance.now() + (options.budgetMs ?? DEFAULT_BUDGET_MS);
  const examined = examine(subject, deadline);
  const known = fatesOf(examined);
  const matters = mattersOf(subject, known, examined.observer, deadline);
  const rules = known
    .filter(({ decider }) => decider.rule !== null)
    .map((each) => ruleAnalysis(subject, examined, each, matters.get(each.decider.name)!));
  const overlaps = overlapsOf(examined, known);
  const equivalent = equivalentRules(examined, known);
  const effects = effectsOf(examined, known);
  const fallback = known.at(-1)!;
  return {
    kind: 'analysis',
    policy: analysedPolicy(subject),
    findings:
      rules.filter(({ finding }) => finding !== null).length +
      effects.filter(({ reached, onInvalid }) => reached === 'no' && !onInvalid).length,
    rules,
    effects,
    gaps: { reached: fallback.decides, witness: fallback.seen === null ? null : shown(fallback.seen) },
    overlaps,
    equivalent: equivalent.groups,
    unknowns: [
      ...unknownsOf(known, matters),
      ...equivalent.open.map(
        ({ rules, reason }): Unknown => ({ question: `equivalent: ${rules.join(', ')}`, reason }),
      ),
    ],
  };
}

function examine(subject: AnalysisSubject, deadline: number): Examined {
  let decisions: Decisions | null = null;
  const space = new Space(
    [subject],
    ([ground]) => {
      decisions = new Decisions(ground!);
    },
    deadline,
  );
  const valid: Formula[] = [...space.accepted, ...space.demanded];
  return { space, decisions: decisions!, observer: new Observer(subject), valid, deadline };
}

function ruleAnalysis(
  subject: AnalysisSubject,
  examined: Examined,
  known: Known,
  { matters }: Matter,
): RuleAnalysis {
  const { matches, decides, seen } = known;
  const finding = findingOf(matches, decides, matters);
  const instead =
    decides === 'no' && matches === 'yes' ? decidedBy(examined, known) : { names: [], complete: true };
  return {
    ...placeOf(subject, known),
    matches,
    decides,
    matters,
    finding,
    decidedBy: instead.names,
    decidedByComplete: instead.complete,
    witness: seen === null ? null : shown(seen),
  };
}

function placeOf({ rulePlaces }: AnalysisSubject, { decider }: Known): RulePlace {
  const { name, effect, outcome } = decider;
  return { name, effect, reason: outcome.reason, place: rulePlaces.get(name) ?? null };
}

function findingOf(matches: Fate, decides: Fate, matters: Fate): Finding | null {
  if (matches === 'no') return 'dead';
  // The obligations of a rule that never decides may still be part of decisions.
  if (decides === 'no') return matters === 'yes' ? null : 'shadowed';
  return matters === 'no' ? 'redundant' : null;
}

function effectsOf({ decisions, observer }: Examined, known: readonly Known[]): EffectAnalysis[] {
  const refusal = observer.refusal()?.decision.effect ?? null;
  return decisions.ir.effects.map(({ name }): EffectAnalysis => {
    const deciders = known.filter(({ decider }) => decider.effect === name);
    const reached = deciders.find(({ decides }) => decides === 'yes');
    const isUnknown = deciders.some(({ decides }) => decides === 'unknown');
    return {
      name,
      reached: reached !== undefined ? 'yes' : isUnknown ? 'unknown' : 'no',
      onInvalid: refusal === name,
      witness: reached === undefined ? null : shown(reached.seen!),
    };
  });
}

function unknownsOf(known: readonly Known[], matters: ReadonlyMap<string, Matter>): Unknown[] {
  return known.flatMap(({ decider: { name }, matches, decides, reason }): Unknown[] => {
    const found: Unknown[] = [];
    if (matches === 'unknown' || decides === 'unknown')
      found.push({
        question: `${name}: ${matches === 'unknown' ? 'does it match' : 'does it decide'}`,
        reason: reason ?? '',
      });
    const matter = matters.get(name);
    if (matter?.matters === 'unknown')
      found.push({ question: `${name}: does it change a decision`, reason: matter.reason ?? '' });
    return found;
  });
}

/** Whether two rules match the same requests. Null when the policy has no such rule. */
export function compareRules(
  subject: AnalysisSubject,
  names: readonly [string, string],
  options: AnalysisOptions = {},
): EquivalenceReport | null {
  const examined = examine(subject, performance.now() + (options.budgetMs ?? DEFAULT_BUDGET_MS));
  const [a, b] = names.map((name) =>
    examined.decisions.deciders.find((each) => each.rule !== null && each.name === name),
  );
  if (a === undefined || b === undefined) return null;
  const direction = (rule: typeof a, other: typeof a): Direction => {
    const { space, observer, valid } = examined;
    const names = { rule: rule.name, notRule: other.name };
    const answer = space.ask<Observation>([...valid, rule.matches, other.matches ^ 1], [], (plan) => {
      const judged = observer.of(plan);
      if (judged.kind === 'refused') return judged;
      const { matched } = judged.found;
      return matched.has(rule.name) && !matched.has(other.name) ? judged : MISPREDICTED;
    });
    if (answer.kind === 'found')
      return { ...names, exists: 'yes', witness: shown(answer.found), reason: null };
    if (answer.kind === 'none') return { ...names, exists: 'no', witness: null, reason: null };
    return { ...names, exists: 'unknown', witness: null, reason: answer.reason };
  };
  const directions = [direction(a, b), direction(b, a)] as const;
  const has = (fate: Fate): boolean => directions.some(({ exists }) => exists === fate);
  const place = (rule: typeof a): RulePlace => ({
    name: rule.name,
    effect: rule.effect,
    reason: rule.outcome.reason,
    place: subject.rulePlaces.get(rule.name) ?? null,
  });
  return {
    kind: 'equivalence',
    policy: analysedPolicy(subject),
    rules: [place(a), place(b)],
    equivalent: has('yes') ? 'no' : has('unknown') ? 'unknown' : 'yes',
    directions,
  };
}
