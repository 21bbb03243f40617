// Pairs of rules: which overlap although they say different things, and which match the same requests.

import type { Decider } from '../diff/decisions.ts';
import { MISPREDICTED } from '../symbolic/space.ts';
import { decidingRule, type Examined, type Known } from './fates.ts';
import { type Observation, shown } from './observe.ts';
import type { Overlap, Overlaps } from './report.ts';
import { OUT_OF_TIME, Sweep } from './sweep.ts';

/** Rules whose overlaps are looked for. */
const MAX_RULES = 1_000;
/** Questions about overlaps; requests that are found show many pairs at once. */
const MAX_QUESTIONS = 600;
/** Pairs that are listed. */
const MAX_PAIRS = 200;

/**
 * Pairs of rules with different effects that match one request; under `first_applicable` one that the first of them decides, so that their
 * order matters.
 */
export function overlapsOf(
  { space, decisions, observer, valid, deadline }: Examined,
  known: readonly Known[],
): Overlaps {
  const ordered = decisions.ir.combining === 'first_applicable';
  const all = known.filter(({ decider, matches }) => decider.rule !== null && matches !== 'no');
  const rules = all.slice(0, MAX_RULES);
  const pairs: Overlap[] = [];
  let questions = 0;
  let reason = all.length > MAX_RULES ? `only the first ${MAX_RULES} rules were examined` : null;
  rules.forEach(({ decider }, at) => {
    const others = rules.slice(at + 1).filter((each) => each.decider.effect !== decider.effect);
    const goals = new Map(others.map((each) => [each.decider.name, each.decider.matches]));
    const holds = (seen: Observation): boolean =>
      ordered ? decidingRule(seen) === decider.name : seen.matched.has(decider.name);
    const seen = fromSeen(observer.seen.filter(holds), goals);
    const sweep = new Sweep<string, Observation>({
      space,
      base: [...valid, ordered ? decider.decides : decider.matches],
      goals: new Map([...goals].filter(([name]) => !seen.has(name))),
      observe: observer.of.bind(observer),
      shows: (each) => (holds(each) ? each.matched : []),
      limit: MAX_QUESTIONS - questions,
      deadline,
    });
    questions += sweep.questions;
    for (const [name, why] of sweep.unknown) reason ??= `${decider.name} and ${name}: ${why}`;
    for (const other of others) {
      const { name, effect } = other.decider;
      const witness = seen.get(name) ?? sweep.found.get(name);
      if (witness === undefined) continue;
      const { name: first, effect: firstEffect } = decider;
      pairs.push({ rules: [first, name], effects: [firstEffect, effect], witness: shown(witness) });
    }
  });
  return { pairs: pairs.slice(0, MAX_PAIRS), found: pairs.length, complete: reason === null, reason };
}

/** Goals that a request shows which was found for another question. */
function fromSeen(
  observations: readonly Observation[],
  goals: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, Observation> {
  const found = new Map<string, Observation>();
  for (const seen of observations)
    for (const name of seen.matched) if (goals.has(name) && !found.has(name)) found.set(name, seen);
  return found;
}

export interface Equivalent {
  readonly groups: readonly (readonly string[])[];
  /** Rules of which it is not known whether they match the same requests, and why. */
  readonly open: readonly { readonly rules: readonly string[]; readonly reason: string }[];
}

/**
 * Rules with the same condition. Requests that were found tell most rules apart; of those that they leave together one question asks for a
 * request that tells any of them apart.
 */
export function equivalentRules(
  { space, observer, valid, deadline }: Examined,
  known: readonly Known[],
): Equivalent {
  const { formulas } = space;
  const rules = known.filter(({ decider, matches }) => decider.rule !== null && matches === 'yes');
  let pending: Decider[][] = [rules.map(({ decider }) => decider)];
  for (const seen of observer.seen) pending = split(pending, seen);
  const groups: string[][] = [];
  const open: { rules: string[]; reason: string }[] = [];
  for (let group = pending.pop(); group !== undefined; group = pending.pop()) {
    const [leader, ...others] = group;
    if (leader === undefined || others.length === 0) continue;
    const names = group.map(({ name }) => name);
    if (performance.now() > deadline) {
      open.push({ rules: names, reason: OUT_OF_TIME });
      continue;
    }
    const differ = formulas.any(others.map(({ matches }) => formulas.differ(leader.matches, matches)));
    const answer = space.ask<Observation>([...valid, differ], [], (plan) => {
      const judged = observer.of(plan);
      if (judged.kind === 'refused') return judged;
      return split([group!], judged.found).length > 1 ? judged : MISPREDICTED;
    });
    if (answer.kind === 'none') groups.push(names);
    else if (answer.kind === 'unknown') open.push({ rules: names, reason: answer.reason });
    else pending = split([...pending, group], answer.found);
  }
  const place = new Map(rules.map(({ decider }, at) => [decider.name, at]));
  groups.sort(([a], [b]) => place.get(a!)! - place.get(b!)!);
  return { groups, open };
}

/** Groups of rules, each split in those that a request matches and those that it does not. */
function split(groups: readonly Decider[][], { matched }: Observation): Decider[][] {
  return groups.flatMap((group) => {
    const inside = group.filter(({ name }) => matched.has(name));
    const outside = group.filter(({ name }) => !matched.has(name));
    return [inside, outside].filter((each) => each.length > 0);
  });
}
