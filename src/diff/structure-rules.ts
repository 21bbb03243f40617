// Which rule of one version is which rule of the other, and which of them kept their order.

/** A rule as it is written: each part as a text that is equal exactly for equal parts. */
export interface WrittenRule {
  readonly name: string;
  readonly effect: string;
  readonly parts: { readonly [part: string]: string };
}

/** Positions of one rule in the two versions. */
export interface Pair {
  readonly old: number;
  readonly next: number;
}

/**
 * Pairs in the order of the new version: by name; what is left, when everything but the name is equal (renamed); what is left then, when
 * condition and effect are equal, since a renamed rule gets another reason when it does not say one.
 */
export function pairRules(old: readonly WrittenRule[], next: readonly WrittenRule[]): Pair[] {
  const pairs: Pair[] = [];
  const free = { old: new Set(old.keys()), next: new Set(next.keys()) };
  const keys: readonly ((rule: WrittenRule) => string)[] = [
    (rule) => rule.name,
    (rule) => JSON.stringify(rule.parts),
    (rule) => JSON.stringify([rule.parts.condition, rule.effect]),
  ];
  for (const key of keys) {
    const candidates = new Map<string, number[]>();
    // Last first, so that `pop` gives the first.
    for (const index of [...free.old].reverse()) {
      const text = key(old[index]!);
      const list = candidates.get(text);
      if (list === undefined) candidates.set(text, [index]);
      else list.push(index);
    }
    for (const index of [...free.next]) {
      const match = candidates.get(key(next[index]!))?.pop();
      if (match === undefined) continue;
      free.old.delete(match);
      free.next.delete(index);
      pairs.push({ old: match, next: index });
    }
  }
  return pairs.sort((a, b) => a.next - b.next);
}

/** Indices of a longest increasing subsequence: as few as possible count as moved. Distinct numbers. */
export function keptInOrder(positions: readonly number[]): ReadonlySet<number> {
  // ends[n]: index of the smallest number that ends an increasing subsequence of n + 1 numbers.
  const ends: number[] = [];
  const before: (number | null)[] = [];
  positions.forEach((position, index) => {
    let low = 0;
    for (let high = ends.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (positions[ends[middle]!]! < position) low = middle + 1;
      else high = middle;
    }
    before.push(low === 0 ? null : ends[low - 1]!);
    ends[low] = index;
  });
  const kept = new Set<number>();
  for (let at = ends.at(-1) ?? null; at !== null; at = before[at]!) kept.add(at);
  return kept;
}
