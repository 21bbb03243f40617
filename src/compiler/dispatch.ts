// Many rules → little code to run: what all rules share is tested once, rules that ask one string field for keys hang under a SWITCH,
// the rest become a decision trie in which rules with a common conjunct share its test.
//
// Under most_restrictive (and for shadow rules) the rules of a list may be taken in any order; under first_applicable they keep theirs.

import type { Edge, FieldId } from '../ir/ir.ts';
import { compareUtf8 } from '../value/text.ts';
import type { CodeGenerator, Region } from './codegen.ts';
import { type Candidate, Conjuncts, type KeyTest } from './conjuncts.ts';
import { buildTrie, type Trie } from './trie.ts';

/** Fewer rules are cheaper to test one after the other. */
const MIN_SWITCH_RULES = 4;
/** A rule stands at most so often in the code: one that names more keys is left out of the SWITCH. */
const MAX_COPIES = 16;
/** SWITCH inside SWITCH. */
const MAX_SWITCH_DEPTH = 8;

export interface Dispatch {
  readonly region: Region;
  /** Whether the rules must be tried in the given order. */
  readonly ordered: boolean;
  /** The node that reports the rule, then goes to the given one. */
  readonly hit: (rule: number, after: number) => number;
}

type Segment =
  | { readonly kind: 'trie'; readonly rules: readonly Candidate[] }
  | { readonly kind: 'switch'; readonly field: FieldId; readonly rules: readonly Candidate[] };

export class Dispatcher {
  readonly #code: CodeGenerator;
  readonly #conjuncts: Conjuncts;

  constructor(code: CodeGenerator) {
    this.#code = code;
    this.#conjuncts = new Conjuncts(code.ir);
  }

  /** The node that reports every matching rule of the list (the first one, when ordered), then goes to `after`. */
  entry(dispatch: Dispatch, rules: readonly number[], after: number): number {
    const candidates: Candidate[] = [];
    for (const rule of rules) {
      const candidate = this.#conjuncts.candidate(rule);
      if (candidate !== null) candidates.push(candidate);
    }
    return this.#plan(dispatch, candidates, after, 0);
  }

  #plan(dispatch: Dispatch, rules: readonly Candidate[], after: number, depth: number): number {
    const shared = commonEdges(rules);
    const rest = shared.size === 0 ? rules : rules.map((rule) => without(rule, shared));
    const segments =
      depth >= MAX_SWITCH_DEPTH ? [{ kind: 'trie' as const, rules: rest }] : this.#segments(dispatch, rest);
    let node = after;
    for (const segment of segments.toReversed()) {
      node =
        segment.kind === 'switch'
          ? this.#switch(dispatch, segment.field, segment.rules, node, depth)
          : this.#trie(dispatch, segment.rules, node);
    }
    // Tested in the order of price, so generated from the dearest on.
    for (const edge of this.#sorted([...shared]).toReversed()) {
      node = this.#code.branch(dispatch.region, edge, node, after);
    }
    return node;
  }

  #sorted(edges: Edge[]): Edge[] {
    return edges.sort((a, b) => this.#conjuncts.cost(a) - this.#conjuncts.cost(b) || a - b);
  }

  #segments(dispatch: Dispatch, rules: readonly Candidate[]): Segment[] {
    return dispatch.ordered ? this.#orderedSegments(rules) : this.#freeSegments(rules);
  }

  // Any order: the field that splits the rules best, then the best one for those that do not ask it, and so on.
  #freeSegments(rules: readonly Candidate[]): Segment[] {
    const segments: Segment[] = [];
    let rest = rules;
    while (rest.length >= MIN_SWITCH_RULES && segments.length < MAX_SWITCH_DEPTH) {
      const field = this.#bestField(rest);
      if (field === null) break;
      const covered = rest.filter((rule) => this.#keysOf(rule, field) !== null);
      segments.push({ kind: 'switch', field, rules: covered });
      rest = rest.filter((rule) => this.#keysOf(rule, field) === null);
    }
    if (rest.length > 0) segments.push({ kind: 'trie', rules: rest });
    return segments;
  }

  // Fixed order: from each rule on, the field that the longest run of rules asks.
  #orderedSegments(rules: readonly Candidate[]): Segment[] {
    const segments: Segment[] = [];
    const runs = this.#runs(rules);
    let plain: Candidate[] = [];
    for (let i = 0; i < rules.length; ) {
      const run = this.#bestRun(rules, i, runs[i]!);
      if (run === null) {
        plain.push(rules[i++]!);
        continue;
      }
      if (plain.length > 0) segments.push({ kind: 'trie', rules: plain });
      plain = [];
      segments.push({ kind: 'switch', field: run.field, rules: rules.slice(i, run.end) });
      i = run.end;
    }
    if (plain.length > 0) segments.push({ kind: 'trie', rules: plain });
    return segments;
  }

  /** Per rule and field: index behind the run of rules from this one on that ask the field. */
  #runs(rules: readonly Candidate[]): ReadonlyMap<FieldId, number>[] {
    const runs: Map<FieldId, number>[] = rules.map(() => new Map());
    for (let i = rules.length - 1; i >= 0; i--) {
      for (const { field } of this.#keyTests(rules[i]!))
        runs[i]!.set(field, runs[i + 1]?.get(field) ?? i + 1);
    }
    return runs;
  }

  #bestRun(
    rules: readonly Candidate[],
    i: number,
    runs: ReadonlyMap<FieldId, number>,
  ): { field: FieldId; end: number } | null {
    let best: { field: FieldId; end: number } | null = null;
    for (const [field, end] of runs) {
      if (end - i < MIN_SWITCH_RULES || (best !== null && end <= best.end)) continue;
      if (this.#gain(rules.slice(i, end), field) > 0) best = { field, end };
    }
    return best;
  }

  #bestField(rules: readonly Candidate[]): FieldId | null {
    const fields = new Set<FieldId>();
    for (const rule of rules) for (const { field } of this.#keyTests(rule)) fields.add(field);
    let best: FieldId | null = null;
    let bestGain = 0;
    for (const field of [...fields].sort((a, b) => a - b)) {
      const gain = this.#gain(rules, field);
      if (gain > bestGain) {
        best = field;
        bestGain = gain;
      }
    }
    return best;
  }

  // How many rules a request does not have to try any more, on average over the keys; 0 when it is not worth a SWITCH.
  #gain(rules: readonly Candidate[], field: FieldId): number {
    const keys = new Set<string>();
    let covered = 0;
    let entries = 0;
    for (const rule of rules) {
      const test = this.#keysOf(rule, field);
      if (test === null) continue;
      covered++;
      entries += test.length;
      for (const key of test) keys.add(key);
    }
    const left = entries / keys.size;
    return covered >= MIN_SWITCH_RULES && left <= covered / 2 ? covered - left : 0;
  }

  #keyTests(rule: Candidate): KeyTest[] {
    const tests: KeyTest[] = [];
    for (const edge of rule.conjuncts) {
      const test = this.#conjuncts.keyTest(edge);
      if (test !== null && test.keys.length * rule.copies <= MAX_COPIES) tests.push(test);
    }
    return tests;
  }

  #keysOf(rule: Candidate, field: FieldId): readonly string[] | null {
    for (const edge of rule.conjuncts) {
      const test = this.#conjuncts.keyTest(edge);
      if (test?.field === field && test.keys.length * rule.copies <= MAX_COPIES) return test.keys;
    }
    return null;
  }

  #switch(
    dispatch: Dispatch,
    field: FieldId,
    rules: readonly Candidate[],
    after: number,
    depth: number,
  ): number {
    const { region } = dispatch;
    const byKey = new Map<string, Candidate[]>();
    for (const rule of rules) {
      for (const key of this.#keysOf(rule, field)!) {
        const list = byKey.get(key);
        if (list === undefined) byKey.set(key, [rule]);
        else list.push(rule);
      }
    }
    const arms = [...byKey]
      .sort(([a], [b]) => compareUtf8(a, b))
      .map(([key, list]) => {
        const inArm = list.flatMap((rule) => this.#assume(rule, field, key));
        return { key, node: this.#plan(dispatch, inArm, after, depth + 1) };
      });
    const node = region.graph.switch(field, arms, after);
    return this.#code.prelude(region, this.#code.dependencies.needs(field), node);
  }

  // The rule in the arm of a key: what the key decides is not tested again.
  #assume(rule: Candidate, field: FieldId, key: string): Candidate[] {
    const conjuncts: Edge[] = [];
    for (const edge of rule.conjuncts) {
      const known = this.#conjuncts.given(edge, field, key);
      if (known === false) return [];
      if (known === null) conjuncts.push(edge);
    }
    return [{ rule: rule.rule, conjuncts, copies: rule.copies * this.#keysOf(rule, field)!.length }];
  }

  #trie(dispatch: Dispatch, rules: readonly Candidate[], after: number): number {
    return this.#generate(dispatch, buildTrie(rules, dispatch.ordered, this.#conjuncts), after);
  }

  // Backwards through the trie: everything that a node continues with is made before it.
  #generate(dispatch: Dispatch, trie: Trie, after: number): number {
    const entry = new Map<number, number>();
    for (const id of trie.preorder.toReversed()) {
      const item = trie.items[id]!;
      const next = item.next === null ? after : entry.get(item.next)!;
      if (item.edge === null) entry.set(id, dispatch.hit(item.rule, next));
      else {
        const inside = item.first === null ? next : entry.get(item.first)!;
        entry.set(id, this.#code.branch(dispatch.region, item.edge, inside, next));
      }
    }
    const first = trie.preorder[0];
    return first === undefined ? after : entry.get(first)!;
  }
}

function commonEdges(rules: readonly Candidate[]): Set<Edge> {
  if (rules.length < 2) return new Set();
  const shared = new Set(rules[0]!.conjuncts);
  for (const { conjuncts } of rules) {
    if (shared.size === 0) break;
    const here = new Set(conjuncts);
    for (const edge of shared) if (!here.has(edge)) shared.delete(edge);
  }
  return shared;
}

function without(rule: Candidate, edges: ReadonlySet<Edge>): Candidate {
  return { ...rule, conjuncts: rule.conjuncts.filter((edge) => !edges.has(edge)) };
}
