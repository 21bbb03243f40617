// Requests that were decided: valid for the schema, replayed by both evaluators, with the conditions that hold for them.

import type { SchemaSet } from '../checker/shape.ts';
import { type Decision, type Evaluator, loadBundle } from '../evaluator/evaluator.ts';
import type { Ir } from '../ir/ir.ts';
import type { Json } from '../value/json.ts';
import { canonicalJson } from '../witness/canonical-json.ts';
import { completeRequest } from '../witness/complete.ts';
import type { Plan } from '../witness/complete-plan.ts';
import { isInvalid, Replay } from '../witness/replay.ts';
import { SchemaValidator } from '../witness/schema-valid.ts';
import type { Probes } from './probe.ts';

/** A policy that was compiled from source. */
export interface Subject {
  /** The bundle. */
  readonly bytes: Uint8Array;
  readonly ir: Ir;
  readonly schemas: SchemaSet;
}

export interface Sample {
  /** Position among all samples. */
  readonly index: number;
  readonly request: Json;
  readonly decision: Decision;
  /** Per probe whether it holds. */
  readonly truths: readonly boolean[];
}

export type Sampled =
  | { readonly kind: 'sample'; readonly sample: Sample }
  | { readonly kind: 'refused'; readonly reason: string };

export class Samples {
  readonly all: Sample[] = [];
  readonly #schemas: SchemaSet;
  readonly #validator: SchemaValidator;
  readonly #replay: Replay;
  readonly #evaluator: Evaluator;
  readonly #probes: Probes;
  readonly #known = new Map<string, Sample>();

  constructor({ bytes, schemas }: Subject, probes: Probes) {
    this.#schemas = schemas;
    this.#validator = new SchemaValidator(schemas);
    this.#replay = new Replay(bytes);
    this.#evaluator = loadBundle(bytes);
    this.#probes = probes;
  }

  /** Completes a plan for the schema and adds the request. */
  complete(plan: Plan): Sampled {
    const completed = completeRequest(plan, this.#schemas, this.#validator);
    if (completed.kind === 'request') return this.#add(completed.request);
    return refused(`no request was found that the schema allows: ${completed.reason}`);
  }

  /** Adds a request that the schema may not allow. */
  add(request: Json): Sampled {
    const [violation] = this.#validator.validate(request);
    return violation === undefined ? this.#add(request) : refused(violation);
  }

  /** The decision by one evaluator, for a request that is only looked at. */
  preview(request: Json): Decision {
    return this.#evaluator.evaluate(request);
  }

  /** The probes that hold, for a request that is only looked at and accepted. */
  truths(request: Json): readonly boolean[] {
    return this.#probes.truths(request);
  }

  #add(request: Json): Sampled {
    const key = canonicalJson(request);
    const known = this.#known.get(key);
    if (known !== undefined) return { kind: 'sample', sample: known };
    const replayed = this.#replay.decide(request);
    if (replayed.kind === 'disagreement') return refused(`the evaluators disagree: ${replayed.detail}`);
    const { decision } = replayed;
    if (isInvalid(decision)) return refused('the policy refuses a request that the schema allows');
    const sample = { index: this.all.length, request, decision, truths: this.#probes.truths(request) };
    this.all.push(sample);
    this.#known.set(key, sample);
    return { kind: 'sample', sample };
  }
}

function refused(reason: string): Sampled {
  return { kind: 'refused', reason };
}

/** Whether two decisions are expected differently. */
export function isOtherDecision(a: Decision, b: Decision): boolean {
  return a.effect !== b.effect || a.rule !== b.rule || a.reason !== b.reason;
}
