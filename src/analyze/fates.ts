// Which rules match and which decide, whether the default is reached, and who decides instead of a rule that never does.

import { DEFAULT_RULE, type Decider, type Decisions } from '../diff/decisions.ts';
import type { Formula } from '../symbolic/formula.ts';
import type { Space } from '../symbolic/space.ts';
import type { Observation, Observer } from './observe.ts';
import type { Fate } from './report.ts';
import { Sweep } from './sweep.ts';

/** Rules that are named as deciding instead of one that never does. */
const MAX_DECIDED_BY = 12;

/** What every question needs. */
export interface Examined {
  readonly space: Space;
  readonly decisions: Decisions;
  readonly observer: Observer;
  /** What holds for every valid request. */
  readonly valid: readonly Formula[];
  /** Milliseconds of `performance.now()` after which no question is asked. */
  readonly deadline: number;
}

/** What is known of a rule or of the default. */
export interface Known {
  readonly decider: Decider;
  readonly matches: Fate;
  readonly decides: Fate;
  /** A request that it decides, or at least matches. */
  readonly seen: Observation | null;
  /** Why something is unknown. */
  readonly reason: string | null;
}

/** Name of the rule that decides, `default` when none does. */
export function decidingRule({ decision }: Observation): string {
  return decision.rule ?? DEFAULT_RULE;
}

/** Everything about all deciders, in declaration order, the default last. */
export function fatesOf(examined: Examined): readonly Known[] {
  const { space, decisions, observer, valid, deadline } = examined;
  const { deciders } = decisions;
  const observe = observer.of.bind(observer);
  const deciding = new Sweep<string, Observation>({
    space,
    base: valid,
    goals: new Map(deciders.map(({ name, decides }) => [name, decides])),
    observe,
    shows: (seen) => [decidingRule(seen)],
    deadline,
  });
  // A rule that decides matches: only the others are asked for.
  const silent = deciders.filter(({ name }) => !deciding.found.has(name));
  const goals = new Map(silent.map(({ name, matches }) => [name, matches]));
  const matching = new Sweep<string, Observation>({
    space,
    base: valid,
    goals,
    observe,
    shows: ({ matched }) => matched,
    deadline,
  });
  return deciders.map((decider): Known => {
    const { name, rule } = decider;
    const decides = deciding.fate(name);
    const matches = decides === 'yes' || rule === null ? decides : matching.fate(name);
    return {
      decider,
      matches,
      decides,
      seen: deciding.found.get(name) ?? matching.found.get(name) ?? null,
      reason: deciding.unknown.get(name) ?? matching.unknown.get(name) ?? null,
    };
  });
}

/** The rules that decide the requests which a rule matches, in declaration order. */
export function decidedBy(
  { space, decisions, observer, valid, deadline }: Examined,
  { decider }: Known,
): { readonly names: readonly string[]; readonly complete: boolean } {
  const others = decisions.deciders.filter(({ name }) => name !== decider.name);
  const sweep = new Sweep<string, Observation>({
    space,
    base: [...valid, decider.matches],
    goals: new Map(others.map(({ name, decides }) => [name, decides])),
    observe: observer.of.bind(observer),
    shows: (seen) => (seen.matched.has(decider.name) ? [decidingRule(seen)] : []),
    limit: MAX_DECIDED_BY,
    deadline,
  });
  const names = others.map(({ name }) => name).filter((name) => sweep.found.has(name));
  return { names, complete: sweep.unknown.size === 0 };
}
