// A trie of rules by their conjuncts: rules that begin with the same conjuncts share the tests. In which order a rule's conjuncts stand
// decides how much is shared: those that most other rules have come first.

import type { Edge } from '../ir/ir.ts';
import type { Candidate, Conjuncts } from './conjuncts.ts';

export interface TrieItem {
  /** The condition to test; null for a rule to report. */
  readonly edge: Edge | null;
  readonly rule: number;
  /** First item to go on with when the condition holds. */
  readonly first: number | null;
  /** The item behind this one and everything below it; null at the end of the trie. */
  readonly next: number | null;
}

export interface Trie {
  readonly items: readonly TrieItem[];
  readonly preorder: readonly number[];
}

/** `ordered`: the rules are reported in the given order, so that only neighbours share. */
export function buildTrie(rules: readonly Candidate[], ordered: boolean, conjuncts: Conjuncts): Trie {
  const builder = new TrieBuilder();
  const weights = ordered ? runWeights(rules) : countWeights(rules);
  rules.forEach((rule, i) => {
    const weight = weights(i);
    const edges = [...rule.conjuncts].sort(
      (a, b) => weight(b) - weight(a) || conjuncts.cost(a) - conjuncts.cost(b) || a - b,
    );
    if (ordered) builder.append(rule.rule, edges);
    else builder.insert(rule.rule, edges);
  });
  return builder.finish();
}

type Weight = (edge: Edge) => number;

/** How many rules have the conjunct. */
function countWeights(rules: readonly Candidate[]): (i: number) => Weight {
  const counts = new Map<Edge, number>();
  for (const { conjuncts } of rules)
    for (const edge of conjuncts) counts.set(edge, (counts.get(edge) ?? 0) + 1);
  const weight: Weight = (edge) => counts.get(edge)!;
  return () => weight;
}

/** How many rules from this one on have the conjunct, without a gap. */
function runWeights(rules: readonly Candidate[]): (i: number) => Weight {
  const runs: Map<Edge, number>[] = rules.map(() => new Map());
  for (let i = rules.length - 1; i >= 0; i--) {
    for (const edge of rules[i]!.conjuncts) runs[i]!.set(edge, 1 + (runs[i + 1]?.get(edge) ?? 0));
  }
  return (i) => (edge) => runs[i]!.get(edge)!;
}

interface Item {
  readonly edge: Edge | null;
  readonly rule: number;
  readonly children: number[];
}

const ROOT = 0;

class TrieBuilder {
  readonly #items: Item[] = [{ edge: null, rule: -1, children: [] }];
  /** Child of an item by edge. */
  readonly #child = new Map<string, number>();

  /** Shares any common prefix. */
  insert(rule: number, edges: readonly Edge[]): void {
    let at = ROOT;
    for (const edge of edges) at = this.#child.get(`${at} ${edge}`) ?? this.#add(at, edge, -1);
    this.#add(at, null, rule);
  }

  /** Shares only what the rule before it tested last, so that reports keep their order. */
  append(rule: number, edges: readonly Edge[]): void {
    const rest = new Set(edges);
    let at = ROOT;
    for (;;) {
      const last = this.#items[at]!.children.at(-1);
      const edge = last === undefined ? null : this.#items[last]!.edge;
      if (last === undefined || edge === null || !rest.delete(edge)) break;
      at = last;
    }
    for (const edge of rest) at = this.#add(at, edge, -1);
    this.#add(at, null, rule);
  }

  #add(parent: number, edge: Edge | null, rule: number): number {
    const id = this.#items.length;
    this.#items.push({ edge, rule, children: [] });
    this.#items[parent]!.children.push(id);
    if (edge !== null) this.#child.set(`${parent} ${edge}`, id);
    return id;
  }

  finish(): Trie {
    const next: (number | null)[] = this.#items.map(() => null);
    const preorder: number[] = [];
    const stack = [ROOT];
    for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
      if (id !== ROOT) preorder.push(id);
      const { children } = this.#items[id]!;
      for (let i = children.length - 1; i >= 0; i--) {
        next[children[i]!] = children[i + 1] ?? next[id]!;
        stack.push(children[i]!);
      }
    }
    const items = this.#items.map(({ edge, rule, children }, id) => ({
      edge,
      rule,
      first: children[0] ?? null,
      next: next[id]!,
    }));
    return { items, preorder };
  }
}
