// From a plan to a request that can be shown: completed for the schemas, validated with a JSON Schema validator, and decided by both
// evaluators of both versions.

import type { SchemaSet } from '../checker/shape.ts';
import type { Decision } from '../evaluator/evaluator.ts';
import { isSameSchema } from '../symbolic/schema-same.ts';
import type { Json } from '../value/json.ts';
import { completeRequest } from '../witness/complete.ts';
import type { Plan } from '../witness/complete-plan.ts';
import { Replay } from '../witness/replay.ts';
import { SchemaValidator } from '../witness/schema-valid.ts';
import type { DiffSide } from './sides.ts';

export interface Witness {
  readonly request: Json;
  readonly old: Decision;
  readonly new: Decision;
}

export type WitnessResult =
  | { readonly kind: 'witness'; readonly witness: Witness }
  | { readonly kind: 'refused'; readonly reason: string };

interface Judge {
  readonly schemas: SchemaSet;
  readonly validator: SchemaValidator;
}

/** Versions of whose schemas a request must satisfy one. */
export interface Valid {
  readonly old: boolean;
  readonly new: boolean;
}

export class Witnesses {
  readonly #old: Replay;
  readonly #new: Replay;
  readonly #oldJudge: Judge | null;
  readonly #newJudge: Judge | null;

  constructor(old: DiffSide, next: DiffSide) {
    this.#old = new Replay(old.bytes);
    this.#new = new Replay(next.bytes);
    this.#oldJudge = judgeOf(old.schemas);
    this.#newJudge =
      old.schemas !== null && next.schemas !== null && isSameSchema(old.schemas, next.schemas)
        ? this.#oldJudge
        : judgeOf(next.schemas);
  }

  /** Completes a plan for the schemas that it must satisfy and decides it. */
  of(plan: Plan, valid: Valid): WitnessResult {
    const judges = [valid.old ? this.#oldJudge : null, valid.new ? this.#newJudge : null];
    const wanted = [...new Set(judges.filter((judge) => judge !== null))];
    if (wanted.length === 0) {
      const completed = completeRequest(plan, null, null);
      return completed.kind === 'request' ? this.decide(completed.request) : refused(completed.reason);
    }
    let reason = '';
    for (const judge of wanted) {
      const completed = completeRequest(plan, judge.schemas, judge.validator);
      if (completed.kind === 'request') return this.decide(completed.request);
      reason = completed.reason;
    }
    return refused(`inhabited for what the policies read, but no schema-valid request was found: ${reason}`);
  }

  /** Decides a request as it is. */
  decide(request: Json): WitnessResult {
    const old = this.#old.decide(request);
    const next = this.#new.decide(request);
    if (old.kind === 'disagreement') return refused(old.detail);
    if (next.kind === 'disagreement') return refused(next.detail);
    return { kind: 'witness', witness: { request, old: old.decision, new: next.decision } };
  }
}

function refused(reason: string): WitnessResult {
  return { kind: 'refused', reason };
}

function judgeOf(schemas: SchemaSet | null): Judge | null {
  return schemas === null ? null : { schemas, validator: new SchemaValidator(schemas) };
}
