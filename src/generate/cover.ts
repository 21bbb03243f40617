// A small set of samples that reaches all goals: what only one sample reaches, pairs, then greedily what reaches most, and at the end nothing
// that the others make superfluous. Deterministic.

import type { Condition } from './conditions.ts';
import type { Pair, Pairs } from './pairs.ts';
import type { Sample } from './samples.ts';

export interface Covered {
  /** In the order in which the samples were found. */
  readonly samples: readonly Sample[];
  readonly pairs: ReadonlyMap<Condition, Pair>;
}

/** `goals`: per goal the samples that reach it, at least one. `findPairs` is given what is needed anyway. */
export function cover(
  goals: readonly (readonly Sample[])[],
  findPairs: (needed: ReadonlySet<Sample>) => ReadonlyMap<Condition, Pair>,
  pairs: Pairs,
): Covered {
  const chosen = new Set<Sample>();
  for (const reaching of goals) if (reaching.length === 1) chosen.add(reaching[0]!);
  const found = new Map(findPairs(chosen));
  for (const { holds, fails } of found.values()) chosen.add(holds).add(fails);
  fill(goals, chosen);
  reduce(goals, chosen, found, pairs);
  return { samples: [...chosen].sort((a, b) => a.index - b.index), pairs: found };
}

/** Adds the sample that reaches most open goals until none is open. */
function fill(goals: readonly (readonly Sample[])[], chosen: Set<Sample>): void {
  let open = goals.filter((reaching) => !reaching.some((sample) => chosen.has(sample)));
  while (open.length > 0) {
    const gains = new Map<Sample, number>();
    for (const reaching of open)
      for (const sample of reaching) gains.set(sample, (gains.get(sample) ?? 0) + 1);
    let best: Sample | null = null;
    for (const [sample, gain] of gains) {
      const most = best === null ? 0 : gains.get(best)!;
      if (best === null || gain > most || (gain === most && sample.index < best.index)) best = sample;
    }
    chosen.add(best!);
    open = open.filter((reaching) => !reaching.includes(best!));
  }
}

/** Drops samples, the last chosen first, as long as every goal is reached and every condition keeps a pair. */
function reduce(
  goals: readonly (readonly Sample[])[],
  chosen: Set<Sample>,
  found: Map<Condition, Pair>,
  pairs: Pairs,
): void {
  const counts = goals.map((reaching) => reaching.filter((sample) => chosen.has(sample)).length);
  const reached = new Map<Sample, number[]>();
  goals.forEach((reaching, goal) => {
    for (const sample of reaching) {
      const list = reached.get(sample);
      if (list === undefined) reached.set(sample, [goal]);
      else list.push(goal);
    }
  });
  for (const sample of [...chosen].reverse()) {
    const own = reached.get(sample) ?? [];
    if (own.some((goal) => counts[goal] === 1)) continue;
    chosen.delete(sample);
    const others = new Map<Condition, Pair>();
    const isNeeded = [...found].some(([condition, { holds, fails, strength }]) => {
      if (holds !== sample && fails !== sample) return false;
      const other = pairs.among(condition, chosen, strength);
      if (other !== null) others.set(condition, other);
      return other === null;
    });
    if (isNeeded) {
      chosen.add(sample);
      continue;
    }
    for (const goal of own) counts[goal]!--;
    for (const [condition, pair] of others) found.set(condition, pair);
  }
}
