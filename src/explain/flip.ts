// The smallest change to one request that gives its decision another effect. Pins hold the request as it is; each proof that some of them
// cannot all stay says that one of these members must change. A smallest set of members that takes one of every proof is drawn, until a
// request is found: no smaller change can do it (the implicit hitting set method).

import { Decisions } from '../diff/decisions.ts';
import type { DiffSide } from '../diff/sides.ts';
import type { Decision } from '../evaluator/evaluator.ts';
import { timeOf } from '../symbolic/fact-of-text.ts';
import { FALSE, type Formula } from '../symbolic/formula.ts';
import type { Partition } from '../symbolic/partition.ts';
import { MISPREDICTED, Space } from '../symbolic/space.ts';
import type { Json } from '../value/json.ts';
import { completeRequest } from '../witness/complete.ts';
import type { Plan } from '../witness/complete-plan.ts';
import { Replay } from '../witness/replay.ts';
import { SchemaValidator } from '../witness/schema-valid.ts';
import { type Change, changesBetween, inOrderOf, replaced, valueAt } from './change.ts';
import { farness } from './closeness.ts';
import { HittingSets } from './hitting-set.ts';
import { nearer } from './nearer.ts';
import { type Pin, pinsOf } from './pins.ts';
import { readingAll } from './whole-request.ts';

export type FlipResult =
  | {
      readonly kind: 'flipped';
      readonly changes: readonly Change[];
      readonly request: Json;
      readonly decision: Decision;
      /** Proved: no request with fewer changed members gets the effect. */
      readonly minimal: boolean;
      /** Fewer members than this cannot do it. */
      readonly atLeast: number;
      /** Other changes of as many members, nearest first. */
      readonly others: readonly (readonly Change[])[];
    }
  /** Proved: no valid request gets the effect. */
  | { readonly kind: 'impossible' }
  | { readonly kind: 'unknown'; readonly reason: string; readonly atLeast: number };

export type FlipSide = Pick<DiffSide, 'bytes' | 'ir' | 'schemas'>;

/** A request that gets the effect, and what it changes. */
export interface Flipped {
  readonly request: Json;
  readonly changes: readonly Change[];
  readonly decision: Decision;
}

/** What an evaluator and the schema say of a candidate: a decision with the effect, or why it is of no use. */
export type Trial = { readonly decision: Decision } | { readonly reason: string };

/** Members of one proof that are tried to be left out. */
const MAX_MINIMISED = 32;
/** Sets of members for which nothing was found out before the search is given up. */
const MAX_UNDECIDED = 12;
/** Changes of the same size that are looked at, to take the nearest. */
const MAX_FOUND = 12;

/** Looks for the smallest change of a request that gives it an effect. */
export function flip(side: FlipSide, request: Json, effect: string, budgetMs: number): FlipResult {
  return new Flip(side, request, effect, budgetMs).run();
}

class Flip {
  readonly #side: FlipSide;
  readonly #request: Json;
  readonly #effect: string;
  readonly #space: Space;
  readonly #conditions: readonly Formula[];
  readonly #pins: readonly Pin[];
  readonly #replay: Replay;
  readonly #validator: SchemaValidator | null;
  readonly #deadline: number;
  /** Requests that change no more members than were let go. */
  readonly #found: Flipped[] = [];
  #best: Flipped | null = null;
  #reason = '';
  /** Some set of members was passed over without a proof. */
  #isUndecided = false;

  constructor(side: FlipSide, request: Json, effect: string, budgetMs: number) {
    this.#side = side;
    this.#request = request;
    this.#effect = effect;
    this.#deadline = performance.now() + budgetMs;
    this.#replay = new Replay(side.bytes);
    this.#validator = side.schemas === null ? null : new SchemaValidator(side.schemas);
    let wanted: Formula = FALSE;
    let pins: readonly Pin[] = [];
    const whole = { ir: readingAll(side.ir, request), schemas: null };
    this.#space = new Space(
      [{ ir: side.ir, schemas: side.schemas }, whole],
      ([ground]) => {
        wanted = new Decisions(ground!).effect(effect);
        pins = pinsOf(ground!, side.schemas, request);
      },
      this.#deadline,
    );
    this.#conditions = [wanted, this.#space.accepted[0]!, this.#space.demanded[0]!];
    // Of equally small changes those of members that are there come first.
    this.#pins = [...pins.filter(({ isThere }) => isThere), ...pins.filter(({ isThere }) => !isThere)];
  }

  run(): FlipResult {
    const asItIs = this.#try(this.#request);
    if ('decision' in asItIs) {
      const { decision } = asItIs;
      const proof = { minimal: true, atLeast: 0, others: [] };
      return { kind: 'flipped', changes: [], request: this.#request, decision, ...proof };
    }
    if (this.#space.isExcluded(this.#conditions).kind === 'none') return { kind: 'impossible' };
    const sets = new HittingSets();
    let atLeast = 1;
    for (let undecided = 0; undecided < MAX_UNDECIDED && this.#found.length < MAX_FOUND; ) {
      const drawn = sets.smallest();
      const enough = this.#found[0] ?? this.#best;
      if (drawn === null) this.#reason = 'too many combinations of members';
      if (drawn === null || (enough !== null && enough.changes.length < drawn.length)) break;
      if (!this.#isUndecided) atLeast = Math.max(atLeast, drawn.length);
      const kept = [...this.#pins.keys()].filter((pin) => !drawn.includes(pin));
      const answer = this.#ask(kept);
      if (answer === 'found' || answer === 'undecided') {
        // The same members again would be no other change; those that are passed over undecided prove nothing.
        if (answer === 'undecided') {
          undecided++;
          this.#isUndecided = true;
        }
        if (kept.length === 0 || performance.now() > this.#deadline) break;
        sets.add(kept);
      } else if (answer.length === 0) return { kind: 'impossible' };
      else sets.add(answer);
    }
    return this.#result(atLeast);
  }

  #result(atLeast: number): FlipResult {
    const found = this.#found.length > 0 ? this.#found : this.#best === null ? [] : [this.#best];
    const sorted = found
      .map((each) => this.#nearer(each))
      .sort((a, b) => a.changes.length - b.changes.length || farness(a.changes) - farness(b.changes));
    const [nearest] = sorted;
    if (nearest === undefined)
      return { kind: 'unknown', reason: this.#reason || 'the search was given up', atLeast };
    const minimal = nearest.changes.length <= atLeast;
    const others = sorted.slice(1).map(({ changes }) => changes);
    return { kind: 'flipped', ...nearest, minimal, atLeast, others };
  }

  #nearer(found: Flipped): Flipped {
    const places = new Map(this.#pins.map(({ pointer, place }) => [pointer, place] as const));
    const partition = (pointer: string): Partition | null => {
      const place = places.get(pointer);
      return place === undefined ? null : this.#space.encoding.partition(place);
    };
    return nearer(found, this.#request, partition, (request) => this.#try(request));
  }

  /** A request that keeps these pins, or those of them that cannot all be kept. */
  #ask(kept: readonly number[]): 'found' | 'undecided' | readonly number[] {
    const byFormula = new Map(kept.map((pin) => [this.#pins[pin]!.formula, pin] as const));
    const most = this.#pins.length - kept.length;
    const answer = this.#space.ask<Flipped>(this.#conditions, [...byFormula.keys()], (plan) =>
      this.#judge(plan),
    );
    if (answer.kind === 'found') {
      const { found } = answer;
      if (this.#best === null || found.changes.length < this.#best.changes.length) this.#best = found;
      // What the schema demands beside may have changed more members than were let go.
      if (found.changes.length > most) return 'undecided';
      this.#found.push(found);
      return 'found';
    }
    if (answer.kind === 'unknown') {
      this.#reason = answer.reason;
      return 'undecided';
    }
    return this.#minimised(answer.core)
      .map((formula) => byFormula.get(formula)!)
      .sort((a, b) => a - b);
  }

  /** Fewer pins that still cannot all be kept: the fewer, the more the proof says. */
  #minimised(core: readonly Formula[]): readonly Formula[] {
    let needed = core;
    if (core.length > MAX_MINIMISED) return needed;
    for (const formula of core) {
      if (!needed.includes(formula)) continue;
      const rest = needed.filter((each) => each !== formula);
      const answer = this.#space.isExcluded(this.#conditions, rest);
      if (answer.kind === 'none') needed = answer.core;
    }
    return needed;
  }

  #judge(plan: Plan) {
    const refused = (reason: string) => ({ kind: 'refused' as const, reason });
    const completed = completeRequest(plan, this.#side.schemas, this.#validator);
    if (completed.kind === 'failed') return refused(completed.reason);
    const request = inOrderOf(this.#asWritten(completed.request), this.#request);
    const trial = this.#try(request);
    if ('reason' in trial) return refused(trial.reason);
    const changes = changesBetween(this.#request, request);
    return { kind: 'accepted' as const, found: { request, changes, ...trial } };
  }

  /** Times that are the same are written as they were. */
  #asWritten(found: Json): Json {
    let request = found;
    for (const { pointer, time } of this.#pins) {
      if (time === null) continue;
      const [old, next] = [valueAt(this.#request, pointer), valueAt(request, pointer)];
      if (typeof old !== 'string' || typeof next !== 'string' || old === next) continue;
      if (timeOf(time, old) === timeOf(time, next)) request = replaced(request, pointer, old);
    }
    return request;
  }

  /** Whether a request is valid and both evaluators give it the effect. */
  #try(request: Json): Trial {
    const [violation] = this.#validator?.validate(request) ?? [];
    if (violation !== undefined) return { reason: violation };
    const replayed = this.#replay.decide(request);
    if (replayed.kind === 'disagreement') return { reason: replayed.detail };
    const { decision } = replayed;
    if (decision.invalid !== null || decision.effect !== this.#effect) return MISPREDICTED;
    return { decision };
  }
}
