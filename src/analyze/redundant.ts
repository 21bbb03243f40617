// Which rules change a decision: is there a request that the policy without the rule decides otherwise?

import { kindOf } from '../diff/cells.ts';
import { type Decider, Decisions } from '../diff/decisions.ts';
import { differentObligations } from '../diff/obligations.ts';
import type { Ir } from '../ir/ir.ts';
import { FALSE, type Formula } from '../symbolic/formula.ts';
import { Grounding } from '../symbolic/ground.ts';
import { MISPREDICTED, Space } from '../symbolic/space.ts';
import type { Replay } from '../witness/replay.ts';
import type { Known } from './fates.ts';
import { type Observation, type Observer, replayOf } from './observe.ts';
import type { Fate } from './report.ts';
import { type AnalysisSubject, pushesOthers, withoutRule } from './subject.ts';
import { OUT_OF_TIME } from './sweep.ts';

/** Rules that the policy is compared without, and rules in all those comparisons together. */
const MAX_COMPARED = 400;
const MAX_COPIES = 100_000;

export interface Matter {
  readonly matters: Fate;
  readonly reason: string | null;
}

/** Per rule, by name. */
export function mattersOf(
  subject: AnalysisSubject,
  known: readonly Known[],
  observer: Observer,
  deadline: number,
): ReadonlyMap<string, Matter> {
  const reasons = countReasons(subject.ir, known);
  const results = new Map<string, Matter>();
  const open: Decider[] = [];
  for (const each of known) {
    if (each.decider.rule === null) continue;
    const matters = obvious(subject, each, reasons);
    if (matters === null) open.push(each.decider);
    else results.set(each.decider.name, { matters, reason: null });
  }
  const limit = Math.min(MAX_COMPARED, Math.floor(MAX_COPIES / Math.max(1, known.length)));
  const compared = open.slice(0, limit);
  for (const { name } of open.slice(limit))
    results.set(name, { matters: 'unknown', reason: 'there were too many questions' });
  for (const [name, matter] of compare(subject, compared, observer, deadline)) results.set(name, matter);
  return results;
}

/** What is known without another question; null when nothing is. */
function obvious(
  subject: AnalysisSubject,
  { decider, matches, decides }: Known,
  reasons: ReadonlyMap<string, number>,
): Fate | null {
  const { outcome, rule } = decider;
  if (matches === 'no') return 'no';
  // Nobody else gives this effect with this reason, so its decisions would be others.
  if (decides === 'yes' && reasons.get(reasonOf(subject.ir, decider)) === 1) return 'yes';
  if (decides !== 'no' || pushesOthers(subject, rule!)) return null;
  const isSilent = subject.ir.combining === 'first_applicable' || outcome.obligations.length === 0;
  return isSilent ? 'no' : null;
}

function reasonOf(ir: Ir, { effect, outcome }: Decider): string {
  const severity = outcome.severity === null ? null : ir.severities[outcome.severity]!;
  return JSON.stringify([effect, outcome.reason, severity]);
}

function countReasons(ir: Ir, known: readonly Known[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { decider } of known) {
    const key = reasonOf(ir, decider);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** One rule less. */
interface Comparison {
  readonly name: string;
  readonly without: Ir;
  /** Requests that are decided otherwise without the rule. */
  readonly changed: Formula;
}

function* compare(
  subject: AnalysisSubject,
  deciders: readonly Decider[],
  observer: Observer,
  deadline: number,
): Generator<[string, Matter]> {
  if (deciders.length === 0) return;
  const outOfTime = (): boolean => performance.now() > deadline;
  const comparisons: Comparison[] = [];
  const space = new Space(
    [subject],
    ([ground]) => {
      const whole = new Decisions(ground!);
      for (const { name, rule } of deciders) {
        if (outOfTime()) break;
        const without = withoutRule(subject, rule!);
        const rest = new Decisions(new Grounding(without, ground!.places, ground!.demand));
        // Where the rule does not match, nothing is lost with it.
        const { matches } = whole.deciders.find((each) => each.rule === rule)!;
        const changed = ground!.places.formulas.and(matches, differences(whole, rest));
        comparisons.push({ name, without, changed });
      }
    },
    deadline,
  );
  for (const { name } of deciders) yield [name, { matters: 'unknown', reason: OUT_OF_TIME }];
  for (const comparison of comparisons) {
    if (outOfTime()) return;
    yield [comparison.name, ask(space, comparison, observer)];
  }
}

/** Where two policies over the same places decide otherwise. */
function differences(a: Decisions, b: Decisions): Formula {
  const { formulas } = a.ground.places;
  const [before, after] = [a.reasons(), b.reasons()];
  const reasons = [...new Set([...before.keys(), ...after.keys()])].map((key) =>
    formulas.differ(before.get(key) ?? FALSE, after.get(key) ?? FALSE),
  );
  const { gone, come } = differentObligations(a, b);
  return formulas.any([...reasons, gone, come]);
}

function ask(space: Space, { without, changed }: Comparison, observer: Observer): Matter {
  if (changed === FALSE) return { matters: 'no', reason: null };
  let replay: Replay | null = null;
  const answer = space.ask<Observation>([...space.accepted, ...space.demanded, changed], [], (plan) => {
    const judged = observer.of(plan);
    if (judged.kind === 'refused') return judged;
    replay ??= replayOf(without);
    if (replay === null)
      return { kind: 'refused', reason: 'the policy without the rule cannot be replayed: too large' };
    const other = replay.decide(judged.found.request);
    if (other.kind === 'disagreement') return { kind: 'refused', reason: other.detail };
    return kindOf({ old: judged.found.decision, new: other.decision }) === null ? MISPREDICTED : judged;
  });
  switch (answer.kind) {
    case 'found':
      return { matters: 'yes', reason: null };
    case 'none':
      return { matters: 'no', reason: null };
    case 'unknown':
      return { matters: 'unknown', reason: answer.reason };
  }
}
