// Requests that show what a condition decides: two that differ in nothing but what the condition reads, for one of which it holds, and
// with different decisions.

import { canonicalJson } from '../witness/canonical-json.ts';
import type { Condition } from './conditions.ts';
import type { ProbedEdges } from './goals.ts';
import type { Questions } from './questions.ts';
import { grafted, type MemberPath, outermost, pathsOf, without } from './reads.ts';
import { isOtherDecision, type Sample, type Samples } from './samples.ts';
import type { Sensitivity } from './sensitivity.ts';

export interface Pair {
  readonly holds: Sample;
  readonly fails: Sample;
}

export type PairResult =
  | { readonly kind: 'pair'; readonly pair: Pair }
  /** Proved: whether the condition holds, with all others as they are, changes no decision. */
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Requests that are tried for one condition and one request to begin with. */
const MAX_TRIES = 300;

export class Pairs {
  readonly #probed: ProbedEdges;
  readonly #questions: Questions;
  readonly #samples: Samples;
  readonly #sensitivity: Sensitivity;
  readonly #paths = new Map<Condition, readonly MemberPath[]>();
  /** Per paths: what each sample is without them. */
  readonly #rests = new Map<string, string[]>();

  constructor(probed: ProbedEdges, questions: Questions, sensitivity: Sensitivity) {
    this.#probed = probed;
    this.#questions = questions;
    this.#samples = questions.samples;
    this.#sensitivity = sensitivity;
  }

  /** A pair for a condition, of samples that are there or of new ones. `preferred`: samples that are needed anyway. */
  find(condition: Condition, preferred: ReadonlySet<Sample>): PairResult {
    const { all } = this.#samples;
    const known = this.among(condition, [...preferred, ...all.filter((sample) => !preferred.has(sample))]);
    if (known !== null) return { kind: 'pair', pair: known };
    if (this.#outermost(condition).length === 0)
      return { kind: 'unknown', reason: 'the condition reads the request as a whole' };
    const users = new Set(condition.rules.map((rule) => this.#probed.ir.rules[rule]!.name));
    const bases = [...preferred, ...all].filter(({ decision }) => users.has(decision.rule ?? ''));
    const made = this.#graft(condition, [...bases, ...all]);
    if (made !== null) return { kind: 'pair', pair: made };
    return this.#asked(condition);
  }

  /** The first pair among some samples. */
  among(condition: Condition, samples: Iterable<Sample>): Pair | null {
    const paths = this.#outermost(condition);
    if (paths.length === 0) return null;
    const groups = new Map<string, Sample[]>();
    for (const sample of samples) {
      const rest = this.#rest(paths, sample);
      const group = groups.get(rest);
      if (group === undefined) groups.set(rest, [sample]);
      else {
        const other = group.find((each) => this.#isPair(condition, each, sample));
        if (other !== undefined) return this.#pair(condition, other, sample);
        group.push(sample);
      }
    }
    return null;
  }

  #isPair({ edge }: Condition, a: Sample, b: Sample): boolean {
    return (
      this.#probed.holds(edge, a) !== this.#probed.holds(edge, b) && isOtherDecision(a.decision, b.decision)
    );
  }

  #pair({ edge }: Condition, a: Sample, b: Sample): Pair {
    return this.#probed.holds(edge, a) ? { holds: a, fails: b } : { holds: b, fails: a };
  }

  #outermost(condition: Condition): readonly MemberPath[] {
    let paths = this.#paths.get(condition);
    if (paths === undefined) {
      paths = outermost(pathsOf(this.#probed.ir, condition.edge));
      this.#paths.set(condition, paths);
    }
    return paths;
  }

  #rest(paths: readonly MemberPath[], sample: Sample): string {
    const key = JSON.stringify(paths);
    let rests = this.#rests.get(key);
    if (rests === undefined) {
      rests = [];
      this.#rests.set(key, rests);
    }
    rests[sample.index] ??= canonicalJson(without(sample.request, paths));
    return rests[sample.index]!;
  }

  /** Some request with another value of what the condition reads, taken from a request on the other side of it. */
  #graft(condition: Condition, bases: Iterable<Sample>): Pair | null {
    const { edge } = condition;
    const donors = this.#donors(condition);
    let tries = 0;
    for (const base of new Set(bases)) {
      const side = this.#probed.holds(edge, base);
      const tried = new Set<string>();
      for (const donor of donors) {
        if (this.#probed.holds(edge, donor) === side) continue;
        for (const paths of this.#portions(condition)) {
          const request = grafted(base.request, paths, donor.request);
          if (request === null) continue;
          const key = canonicalJson(request);
          if (tried.has(key)) continue;
          tried.add(key);
          if (++tries > MAX_TRIES || this.#questions.isLate) return null;
          const decision = this.#samples.preview(request);
          if (decision.invalid !== null || !isOtherDecision(decision, base.decision)) continue;
          const sampled = this.#samples.add(request);
          if (sampled.kind === 'sample' && this.#isPair(condition, base, sampled.sample))
            return this.#pair(condition, base, sampled.sample);
        }
      }
    }
    return null;
  }

  /** What is replaced: first each part of what the condition reads alone. */
  #portions(condition: Condition): readonly (readonly MemberPath[])[] {
    const all = this.#outermost(condition);
    const single = pathsOf(this.#probed.ir, condition.edge).map((path) => [path]);
    return all.length > 1 ? [...single, all] : single;
  }

  /** Samples whose values are tried, those at a boundary of the condition first. */
  #donors(condition: Condition): readonly Sample[] {
    const boundaries = this.#probed.boundaries(condition);
    const isAtBoundary = (sample: Sample): boolean =>
      boundaries.some((edge) => this.#probed.holds(edge, sample));
    const { all } = this.#samples;
    return [...all.filter(isAtBoundary), ...all.filter((sample) => !isAtBoundary(sample))];
  }

  /** Asks for requests whose decision depends on the condition, and for their partners. */
  #asked(condition: Condition): PairResult {
    const { edge } = condition;
    const { space } = this.#questions;
    const subject = space.grounds[0]!.edge(edge);
    const sensitive = this.#sensitivity.of(condition);
    const bases: Sample[] = [];
    let isProved = true;
    let reason = 'no two requests were found that differ in nothing but what the condition reads';
    for (const side of [true, false]) {
      const asked = [sensitive, side ? subject : subject ^ 1];
      const reply = this.#questions.ask(asked, (sample) => this.#probed.holds(edge, sample) === side);
      if (reply.kind !== 'none') isProved = false;
      if (reply.kind === 'unknown') reason = reply.reason;
      if (reply.kind === 'found') bases.push(reply.sample);
    }
    if (isProved) return { kind: 'none' };
    const made = this.#graft(condition, bases);
    if (made !== null) return { kind: 'pair', pair: made };
    for (const base of bases) {
      const partner = this.#partner(condition, base);
      const pair = partner === null ? null : this.#graft(condition, [base, partner]);
      if (pair !== null) return { kind: 'pair', pair };
    }
    return { kind: 'unknown', reason };
  }

  /** A request on the other side for which everything that reads other members is as it is for the base. */
  #partner(condition: Condition, base: Sample): Sample | null {
    const { edge } = condition;
    const { space } = this.#questions;
    const ground = space.grounds[0]!;
    const paths = this.#outermost(condition);
    const side = this.#probed.holds(edge, base);
    const asked = this.#probed.conditions
      .filter((other) => other.edge === edge || !this.#isShared(paths, this.#outermost(other)))
      .map((other) => {
        const holds = this.#probed.holds(other.edge, base) !== (other.edge === edge);
        return ground.edge(other.edge) ^ (holds ? 0 : 1);
      });
    const reply = this.#questions.ask(asked, (sample) => this.#probed.holds(edge, sample) !== side);
    return reply.kind === 'found' ? reply.sample : null;
  }

  #isShared(paths: readonly MemberPath[], others: readonly MemberPath[]): boolean {
    const overlap = (a: MemberPath, b: MemberPath): boolean =>
      a.every((key, at) => at >= b.length || key === b[at]);
    return paths.some((a) => others.some((b) => overlap(a, b)));
  }
}
