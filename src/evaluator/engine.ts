// One evaluation at a time: projection, machine, decision. Whatever a request does, the result is a decision.

import type { Bundle } from '../bytecode/bundle.ts';
import { MAX_DEPTH, MAX_REQUEST_BYTES } from '../bytecode/limits.ts';
import { type JsonResult, readJson, readJsonText } from '../value/json-reader.ts';
import {
  builtIn,
  type Decision,
  decisionJson,
  decisionObject,
  type Invalid,
  Outcomes,
  type PolicyIdentity,
  strongest,
  type Verdict,
  verdictOf,
} from './decision.ts';
import { invalidCode, PRESENT } from './invalid.ts';
import { Machine } from './machine.ts';
import { type Outcome, RuleOutcome, TooLarge } from './outcome.ts';

const LIMITS = { maxBytes: MAX_REQUEST_BYTES, maxDepth: MAX_DEPTH };
const NONE: readonly RuleOutcome[] = [];
const encoder = new TextEncoder();

/** Hits that are sorted by putting each in its place: few rules match, and mostly in declaration order already. */
const MAX_INSERTED = 16;

/** What a bundle says, without the slots of an evaluation. */
export class Policy {
  readonly bundle: Bundle;
  readonly identity: PolicyIdentity;
  readonly identityJson: string;
  readonly rules: readonly RuleOutcome[];
  readonly fallback: RuleOutcome;
  readonly onInvalid: RuleOutcome;
  readonly outcomes = new Outcomes();
  /** Per rule, the outcome when it alone has matched, once that has happened: so that `decide` need not look at the rule. */
  readonly alone: (Outcome | null)[];

  constructor(bundle: Bundle, hash: string) {
    this.bundle = bundle;
    this.identity = Object.freeze({ bundle: hash, name: bundle.name, version: bundle.version });
    this.identityJson = JSON.stringify(this.identity);
    this.rules = bundle.rules.map((row, index) => new RuleOutcome(index, row, bundle));
    this.alone = this.rules.map(() => null);
    this.fallback = this.rules.at(-2)!;
    this.onInvalid = this.rules.at(-1)!;
  }
}

export class Engine {
  readonly #policy: Policy;
  readonly #machine: Machine;
  /** A getter of the request may call the evaluator again; then this engine is in the middle of an evaluation. */
  #busy = false;

  constructor(policy: Policy) {
    this.#policy = policy;
    this.#machine = new Machine(policy.bundle);
  }

  decide(request: unknown): Outcome {
    if (this.#busy) return new Engine(this.#policy).decide(request);
    this.#busy = true;
    try {
      const machine = this.#machine;
      if (machine.projection.project(request) !== PRESENT) return this.#policy.onInvalid.outcome;
      machine.run(true);
      return this.#outcome(machine.hits, machine.hitCount);
    } catch {
      return this.#policy.onInvalid.outcome;
    } finally {
      this.#busy = false;
    }
  }

  #outcome(hits: Int32Array, count: number): Outcome {
    const { rules, outcomes, fallback, alone } = this.#policy;
    const slots = this.#machine.slots;
    if (count === 0) return fallback.hasObligations ? outcomes.of([fallback], slots) : fallback.outcome;
    const known = count === 1 ? alone[hits[0]!]! : null;
    if (known !== null) return known;
    let primary = rules[hits[0]!]!;
    let isPlain = !primary.hasObligations;
    for (let i = 1; i < count; i++) {
      const rule = rules[hits[i]!]!;
      isPlain &&= !rule.hasObligations;
      if (rule.strength > primary.strength) primary = rule;
      else if (rule.strength === primary.strength && rule.index < primary.index) primary = rule;
    }
    if (!isPlain) return outcomes.of(strongest(this.#rulesHit()), slots);
    alone[primary.index] = primary.outcome;
    return primary.outcome;
  }

  evaluate(request: unknown): Decision {
    if (this.#busy) return new Engine(this.#policy).evaluate(request);
    this.#busy = true;
    try {
      return decisionObject(this.#judge(request), this.#machine.slots, this.#policy.identity);
    } catch (error) {
      // What else is thrown comes from a getter or a proxy of the request.
      const verdict = this.#refused({
        code: error instanceof TooLarge ? 'limit' : 'not_plain',
        pointer: '',
      });
      return decisionObject(verdict, this.#machine.slots, this.#policy.identity);
    } finally {
      this.#busy = false;
    }
  }

  evaluateJson(json: string | Uint8Array): Uint8Array {
    if (this.#busy) return new Engine(this.#policy).evaluateJson(json);
    const read = readRequest(json);
    // What was read here has no getters: nothing calls back, and what throws else is that the decision is larger than memory.
    try {
      return this.#written(
        read.ok ? this.#judge(read.value) : this.#refused({ code: read.code, pointer: read.pointer }),
      );
    } catch (error) {
      const code = error instanceof TooLarge ? 'limit' : 'too_large';
      return this.#written(this.#refused({ code, pointer: '' }));
    }
  }

  #written(verdict: Verdict): Uint8Array {
    return encoder.encode(decisionJson(verdict, this.#machine.slots, this.#policy.identityJson));
  }

  #judge(request: unknown): Verdict {
    const machine = this.#machine;
    const found = machine.projection.project(request);
    if (found !== PRESENT) {
      return this.#refused({ code: invalidCode(found), pointer: machine.projection.pointer });
    }
    machine.run(false);
    const matched = this.#rulesHit();
    const shadowed = this.#policy.bundle.shadow === null ? NONE : this.#shadowed(matched);
    return matched.length === 0
      ? builtIn(this.#policy.fallback, null, shadowed)
      : verdictOf(matched, shadowed);
  }

  /** In first_applicable a shadow rule counts only above the rule that decides. */
  #shadowed(matched: readonly RuleOutcome[]): readonly RuleOutcome[] {
    this.#machine.runShadow();
    const rules = this.#rulesHit();
    const deciding = matched[0]?.index ?? Number.POSITIVE_INFINITY;
    if (this.#policy.bundle.combining !== 'first_applicable') return rules;
    return rules.filter((rule) => rule.index < deciding);
  }

  /** The rules that were hit, in declaration order, each once. */
  #rulesHit(): readonly RuleOutcome[] {
    const count = this.#machine.hitCount;
    const hits = this.#machine.hits;
    const known = this.#policy.rules;
    if (count === 0) return NONE;
    // A list that is written out takes no more room than it needs.
    if (count === 1) return [known[hits[0]!]!];
    sort(hits, count);
    const rules = [known[hits[0]!]!];
    for (let i = 1; i < count; i++) {
      if (hits[i] !== hits[i - 1]) rules.push(known[hits[i]!]!);
    }
    return rules;
  }

  #refused(invalid: Invalid): Verdict {
    return builtIn(this.#policy.onInvalid, invalid, NONE);
  }
}

/** Sorts the first `count` hits. */
function sort(hits: Int32Array, count: number): void {
  if (count > MAX_INSERTED) {
    hits.subarray(0, count).sort();
    return;
  }
  for (let i = 1; i < count; i++) {
    const hit = hits[i]!;
    let at = i;
    for (; at > 0 && hits[at - 1]! > hit; at--) hits[at] = hits[at - 1]!;
    hits[at] = hit;
  }
}

function readRequest(json: string | Uint8Array): JsonResult {
  try {
    if (typeof json === 'string') return readJsonText(json, LIMITS);
    if (json instanceof Uint8Array) return readJson(json, LIMITS);
  } catch {
    // A proxy of an array of bytes has none.
  }
  // A caller without types passed something that is neither text nor bytes.
  return { ok: false, code: 'json', pointer: '', offset: 0 };
}
