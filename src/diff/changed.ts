// Which rules differ between two versions, and where that can matter. Outside the conditions of the changed rules the same rules match in
// the same order, so the decision is the same.

import { type Formula, TRUE } from '../symbolic/formula.ts';
import type { Decider, Decisions } from './decisions.ts';
import { writingOf } from './obligations.ts';
import { keptInOrder } from './structure-rules.ts';
import type { Witness } from './witness.ts';

export interface Changed {
  /** Every request whose decision can differ satisfies it, when both versions accept it. */
  readonly region: Formula;
  /** Changed rules that match some of the requests. */
  names(witnesses: readonly Witness[]): readonly string[];
}

export function changedRules(old: Decisions, next: Decisions): Changed {
  const [before, after] = [old, next].map(rulesOf) as [Decider[], Decider[]];
  const positions = new Map<string, number[]>();
  before.forEach((decider, at) => {
    const key = keyOf(old, decider);
    positions.set(key, [...(positions.get(key) ?? []), at]);
  });
  const pairs = after.flatMap((decider, at) => {
    const found = positions.get(keyOf(next, decider))?.shift();
    return found === undefined ? [] : [{ old: found, next: at }];
  });
  const kept = keptInOrder(pairs.map((pair) => pair.old));
  const keptOld = new Set(pairs.filter((_, at) => kept.has(at)).map((pair) => pair.old));
  const keptNext = new Set(pairs.filter((_, at) => kept.has(at)).map((pair) => pair.next));
  const changed = [
    ...before.filter((_, at) => !keptOld.has(at)),
    ...after.filter((_, at) => !keptNext.has(at)),
  ];
  const names = new Set(changed.map(({ name }) => name));
  const { formulas } = old.ground.places;
  return {
    region: isSameFrame(old, next) ? formulas.any(changed.map(({ matches }) => matches)) : TRUE,
    names: (witnesses) => {
      const matching = witnesses.flatMap((witness) => [...witness.old.matched, ...witness.new.matched]);
      return [...names].filter((name) => matching.some(({ rule }) => rule === name));
    },
  };
}

function rulesOf(decisions: Decisions): Decider[] {
  return decisions.deciders.filter(({ rule }) => rule !== null);
}

/** Equal for rules that match the same requests and say the same. */
function keyOf(decisions: Decisions, { matches, effect, outcome }: Decider): string {
  const severity = outcome.severity === null ? null : decisions.ir.severities[outcome.severity]!;
  return JSON.stringify([matches, effect, outcome.reason, severity, writingOf(decisions.ground, outcome)]);
}

/** Combining algorithm, order of effects, and default are the same. */
function isSameFrame(old: Decisions, next: Decisions): boolean {
  const [a, b] = [old, next].map((decisions) => {
    const { ir, deciders } = decisions;
    return JSON.stringify([
      ir.combining,
      ir.effects.map(({ name }) => name),
      keyOf(decisions, deciders.at(-1)!),
    ]);
  });
  return a === b;
}
