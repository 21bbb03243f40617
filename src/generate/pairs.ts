// Requests that show what a condition decides: two that differ in nothing but what the condition reads; for one of them it holds, for the
// other not, and a rule that it is a part of matches and decides only one of them.

import type { Edge } from '../ir/ir.ts';
import { TRUE } from '../symbolic/formula.ts';
import type { Json } from '../value/json.ts';
import { canonicalJson } from '../witness/canonical-json.ts';
import type { Condition } from './conditions.ts';
import type { ProbedEdges } from './goals.ts';
import { fullCount } from './hints.ts';
import type { Questions } from './questions.ts';
import { grafted, type MemberPath, outermost, pathsOf, valueAt, without } from './reads.ts';
import { isOtherDecision, type Sample, type Samples } from './samples.ts';
import type { Sensitivity } from './sensitivity.ts';

/**
 * How much a pair says. `alone`: of the conditions of that rule no other one changes. `boundary`: and both requests are at, or next to, the
 * same bound.
 */
export type Strength = 'boundary' | 'alone' | 'any';

export interface Pair {
  readonly strength: Strength;
  readonly holds: Sample;
  readonly fails: Sample;
}

export type PairResult =
  | { readonly kind: 'pair'; readonly pair: Pair }
  /** Proved: whether the condition holds, with all others as they are, changes no decision. */
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly reason: string };

interface Asked {
  readonly bases: readonly Sample[];
  /** There is no request whose decision depends on the condition. */
  readonly isProved: boolean;
  /** Why nothing is known of one side. */
  readonly reason: string | null;
}

/** The values of a request at some paths, for others. */
interface Graft {
  readonly paths: readonly MemberPath[];
  readonly donor: Sample;
}

const NOT_FOUND = 'no two requests were found that differ in nothing but what the condition reads';

/** Requests that are tried at once. */
const MAX_TRIES = 200;

export class Pairs {
  readonly #probed: ProbedEdges;
  readonly #questions: Questions;
  readonly #samples: Samples;
  readonly #sensitivity: Sensitivity;
  readonly #paths = new Map<Condition, readonly MemberPath[]>();
  readonly #outermosts = new Map<Condition, readonly MemberPath[]>();
  /** Parts of samples as text. */
  readonly #texts = new Map<string, string[]>();

  constructor(probed: ProbedEdges, questions: Questions, sensitivity: Sensitivity) {
    this.#probed = probed;
    this.#questions = questions;
    this.#samples = questions.samples;
    this.#sensitivity = sensitivity;
  }

  /** A pair for a condition, of samples that are there or of new ones. `preferred`: samples that are needed anyway. */
  find(condition: Condition, preferred: ReadonlySet<Sample>): PairResult {
    if (this.#outermost(condition).length === 0)
      return { kind: 'unknown', reason: 'the condition reads the request as a whole' };
    let asked: Asked | null = null;
    for (const strength of this.#strengths(condition)) {
      let pair =
        this.among(condition, this.#ordered(preferred), strength) ??
        this.#graft(condition, this.#decided(condition, this.#ordered(preferred)), strength);
      if (pair === null) {
        asked ??= this.#bases(condition);
        if (asked.isProved) return { kind: 'none' };
        pair = this.#asked(condition, asked.bases, strength);
      }
      if (pair !== null) return { kind: 'pair', pair };
    }
    return { kind: 'unknown', reason: asked?.reason ?? NOT_FOUND };
  }

  /** The first pair of a strength among some samples. */
  among(condition: Condition, samples: Iterable<Sample>, strength: Strength): Pair | null {
    const paths = this.#outermost(condition);
    const groups = new Map<string, Sample[]>();
    for (const sample of samples) {
      const rest = this.#rest(paths, sample);
      const group = groups.get(rest);
      if (group === undefined) groups.set(rest, [sample]);
      else {
        for (const other of group) {
          const pair = this.#pair(condition, other, sample, strength);
          if (pair !== null) return pair;
        }
        group.push(sample);
      }
    }
    return null;
  }

  /** Strongest first. */
  #strengths(condition: Condition): readonly Strength[] {
    return this.#probed.boundaries(condition).length > 0 ? ['boundary', 'alone', 'any'] : ['alone', 'any'];
  }

  #ordered(preferred: ReadonlySet<Sample>): readonly Sample[] {
    return [...preferred, ...this.#samples.all.filter((sample) => !preferred.has(sample))];
  }

  /** Those that a rule of the condition decides: of the two requests of a pair, one is. */
  #decided({ rules }: Condition, samples: readonly Sample[]): readonly Sample[] {
    const users = new Set(rules.map((rule) => this.#probed.ir.rules[rule]!.name));
    return samples.filter(({ decision: { rule } }) => rule !== null && users.has(rule));
  }

  #pair(condition: Condition, a: Sample, b: Sample, strength: Strength): Pair | null {
    const { edge, rules } = condition;
    const holds = this.#probed.holds(edge, a);
    if (holds === this.#probed.holds(edge, b) || !isOtherDecision(a.decision, b.decision)) return null;
    if (strength === 'boundary' && !(this.#isAtBoundary(condition, a) && this.#isAtBoundary(condition, b)))
      return null;
    const isShown = rules.some(
      (rule) =>
        this.#isDecidedOnce(rule, a, b) && (strength === 'any' || this.#isAlone(condition, rule, a, b)),
    );
    if (!isShown) return null;
    return holds ? { strength, holds: a, fails: b } : { strength, holds: b, fails: a };
  }

  /** A rule matches one of two samples only, and decides it. */
  #isDecidedOnce(rule: number, a: Sample, b: Sample): boolean {
    const { name, cond } = this.#probed.ir.rules[rule]!;
    const matches = this.#probed.holds(cond, a);
    return matches !== this.#probed.holds(cond, b) && (matches ? a : b).decision.rule === name;
  }

  /** No other condition of a rule holds for one of two samples only. */
  #isAlone(condition: Condition, rule: number, a: Sample, b: Sample): boolean {
    return this.#others(condition, rule).every(
      (edge) => this.#probed.holds(edge, a) === this.#probed.holds(edge, b),
    );
  }

  #others(condition: Condition, rule: number): readonly Edge[] {
    const ground = this.#questions.space.grounds[0]!;
    const subject = ground.edge(condition.edge) >> 1;
    return this.#probed.conditionsOf(rule).filter((edge) => ground.edge(edge) >> 1 !== subject);
  }

  #isAtBoundary(condition: Condition, sample: Sample): boolean {
    return this.#probed.boundaries(condition).some((edge) => this.#probed.holds(edge, sample));
  }

  #outermost(condition: Condition): readonly MemberPath[] {
    let paths = this.#outermosts.get(condition);
    if (paths === undefined) {
      paths = outermost(this.#pathsOf(condition));
      this.#outermosts.set(condition, paths);
    }
    return paths;
  }

  #pathsOf(condition: Condition): readonly MemberPath[] {
    let paths = this.#paths.get(condition);
    if (paths === undefined) {
      paths = pathsOf(this.#probed.ir, condition.edge);
      this.#paths.set(condition, paths);
    }
    return paths;
  }

  /** What a sample is without some paths. */
  #rest(paths: readonly MemberPath[], sample: Sample): string {
    return this.#text(`without ${JSON.stringify(paths)}`, sample, () =>
      canonicalJson(without(sample.request, paths)),
    );
  }

  /** What a sample has at some paths. */
  #values(paths: readonly MemberPath[], sample: Sample): string {
    return this.#text(`at ${JSON.stringify(paths)}`, sample, () =>
      canonicalJson(paths.map((path) => wrapped(valueAt(sample.request, path)))),
    );
  }

  #text(of: string, { index }: Sample, make: () => string): string {
    let texts = this.#texts.get(of);
    if (texts === undefined) {
      texts = [];
      this.#texts.set(of, texts);
    }
    texts[index] ??= make();
    return texts[index]!;
  }

  /** Some request with another value of what the condition reads, taken from a request on the other side of it. */
  #graft(condition: Condition, candidates: readonly Sample[], strength: Strength): Pair | null {
    const { edge } = condition;
    const isUsable = (sample: Sample): boolean =>
      strength !== 'boundary' || this.#isAtBoundary(condition, sample);
    const bases = candidates.filter(isUsable);
    if (bases.length === 0) return null;
    const donors = this.#samples.all.filter(isUsable);
    const grafts = [true, false].map((side) =>
      this.#grafts(
        condition,
        donors.filter((donor) => this.#probed.holds(edge, donor) === side),
      ),
    );
    let tries = 0;
    for (const base of bases) {
      for (const { paths, donor } of grafts[this.#probed.holds(edge, base) ? 1 : 0]!) {
        const request = grafted(base.request, paths, donor.request);
        if (request === null) continue;
        if (++tries > MAX_TRIES || this.#questions.isLate) return null;
        const decision = this.#samples.preview(request);
        if (decision.invalid !== null || !isOtherDecision(decision, base.decision)) continue;
        const sampled = this.#samples.add(request);
        const pair = sampled.kind === 'sample' ? this.#pair(condition, base, sampled.sample, strength) : null;
        if (pair !== null) return pair;
      }
    }
    return null;
  }

  /** What is replaced, and by what: first each part of what the condition reads alone. Equal values once. */
  #grafts(condition: Condition, donors: readonly Sample[]): readonly Graft[] {
    const all = this.#outermost(condition);
    const single = this.#pathsOf(condition).map((path) => [path]);
    return (all.length > 1 ? [...single, all] : single).flatMap((paths) => {
      const distinct = new Map<string, Graft>();
      for (const donor of donors) {
        const key = this.#values(paths, donor);
        if (!distinct.has(key)) distinct.set(key, { paths, donor });
      }
      return [...distinct.values()];
    });
  }

  /** Requests whose decision depends on the condition, one on each side of it. */
  #bases(condition: Condition): Asked {
    const { edge } = condition;
    const ground = this.#questions.space.grounds[0]!;
    const subject = ground.edge(edge);
    const bases: Sample[] = [];
    let isProved = true;
    let reason: string | null = null;
    for (const side of [true, false]) {
      const reply = this.#questions.ask(
        [this.#sensitivity.of(condition), side ? subject : subject ^ 1],
        (sample) => this.#probed.holds(edge, sample) === side,
        side ? fullCount(ground, edge) : TRUE,
      );
      if (reply.kind !== 'none') isProved = false;
      if (reply.kind === 'unknown') reason = reply.reason;
      if (reply.kind === 'found') bases.push(reply.sample);
    }
    return { bases, isProved, reason };
  }

  /** Pairs of requests that are asked for: a partner of each of the bases. */
  #asked(condition: Condition, bases: readonly Sample[], strength: Strength): Pair | null {
    for (const base of bases) {
      const direct = this.#graft(condition, [base], strength);
      if (direct !== null) return direct;
      if (strength === 'boundary') continue;
      const partner = this.#partner(condition, base, strength);
      const pair = partner === null ? null : this.#graft(condition, [base, partner], strength);
      if (pair !== null) return pair;
    }
    return null;
  }

  /** A request on the other side for which everything that reads other members is as it is for the base. */
  #partner(condition: Condition, base: Sample, strength: Strength): Sample | null {
    const { edge } = condition;
    const ground = this.#questions.space.grounds[0]!;
    const paths = this.#outermost(condition);
    const side = this.#probed.holds(edge, base);
    const kept = this.#probed.conditions
      .filter((other) => other.edge !== edge && !isShared(paths, this.#outermost(other)))
      .map((other) => other.edge);
    const alone = strength === 'alone' ? this.#others(condition, this.#user(condition, base)) : [];
    const asked = [...new Set([...kept, ...alone])].map(
      (each) => ground.edge(each) ^ (this.#probed.holds(each, base) ? 0 : 1),
    );
    const reply = this.#questions.ask(
      [...asked, ground.edge(edge) ^ (side ? 1 : 0)],
      (sample) => this.#probed.holds(edge, sample) !== side,
    );
    return reply.kind === 'found' ? reply.sample : null;
  }

  /** The rule of the condition that decides a request, or else the first one. */
  #user({ rules }: Condition, { decision }: Sample): number {
    return rules.find((rule) => this.#probed.ir.rules[rule]!.name === decision.rule) ?? rules[0]!;
  }
}

function isShared(paths: readonly MemberPath[], others: readonly MemberPath[]): boolean {
  const overlap = (a: MemberPath, b: MemberPath): boolean =>
    a.every((key, at) => at >= b.length || key === b[at]);
  return paths.some((a) => others.some((b) => overlap(a, b)));
}

/** Nothing is told apart from null. */
function wrapped(value: Json | undefined): Json {
  return value === undefined ? [] : [value];
}
