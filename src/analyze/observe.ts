// From a plan to a request that can be shown: completed for the schemas, decided by both evaluators, with all rules that match it.

import { emit } from '../compiler/emit.ts';
import { TooLarge } from '../compiler/too-large.ts';
import { summary } from '../diff/summary.ts';
import type { Decision } from '../evaluator/evaluator.ts';
import type { Ir } from '../ir/ir.ts';
import { type Judgement, MISPREDICTED } from '../symbolic/space.ts';
import type { Json } from '../value/json.ts';
import { completeRequest } from '../witness/complete.ts';
import type { Plan } from '../witness/complete-plan.ts';
import { isInvalid, Replay } from '../witness/replay.ts';
import { SchemaValidator } from '../witness/schema-valid.ts';
import type { Shown } from './report.ts';
import type { AnalysisSubject } from './subject.ts';

export interface Observation {
  readonly request: Json;
  readonly decision: Decision;
  /** Names of all rules whose conditions hold. */
  readonly matched: ReadonlySet<string>;
}

/** A replay of a policy that is made for a question; null when there is no bundle that holds it. */
export function replayOf(ir: Ir): Replay | null {
  try {
    return new Replay(emit(ir).bytes);
  } catch (error) {
    if (error instanceof TooLarge) return null;
    throw error;
  }
}

export class Observer {
  /** Everything that was observed. */
  readonly seen: Observation[] = [];
  readonly #subject: AnalysisSubject;
  readonly #validator: SchemaValidator | null;
  readonly #replay: Replay;
  readonly #matching: Replay | null;

  constructor(subject: AnalysisSubject) {
    const { ir, bytes, schemas } = subject;
    this.#subject = subject;
    this.#validator = schemas === null ? null : new SchemaValidator(schemas);
    this.#replay = new Replay(bytes);
    // Under first_applicable a decision names one rule only; the other combining names all that match.
    this.#matching =
      ir.combining === 'most_restrictive' ? this.#replay : replayOf({ ...ir, combining: 'most_restrictive' });
  }

  /** The observation of a plan; a request that is not valid shows nothing. */
  of(plan: Plan): Judgement<Observation> {
    const completed = completeRequest(plan, this.#subject.schemas, this.#validator);
    if (completed.kind === 'failed')
      return refused(
        `inhabited for what the policy reads, but no schema-valid request was found: ${completed.reason}`,
      );
    const { request } = completed;
    const replayed = this.#replay.decide(request);
    if (replayed.kind === 'disagreement') return refused(replayed.detail);
    const { decision } = replayed;
    if (isInvalid(decision)) return MISPREDICTED;
    if (this.#matching === null) return refused('the rules that match cannot be replayed: too large');
    const matching = this.#matching.decide(request);
    if (matching.kind === 'disagreement') return refused(matching.detail);
    const matched = new Set(matching.decision.matched.map(({ rule }) => rule));
    const found = { request, decision, matched };
    this.seen.push(found);
    return { kind: 'accepted', found };
  }

  /** What a request gets that no schema allows to have members. */
  refusal(): Observation | null {
    const replayed = this.#replay.decide(null);
    if (replayed.kind === 'disagreement' || !isInvalid(replayed.decision)) return null;
    return { request: null, decision: replayed.decision, matched: new Set() };
  }
}

function refused(reason: string): Judgement<never> {
  return { kind: 'refused', reason };
}

/** An observation as reports show it. */
export function shown({ request, decision }: Observation): Shown {
  return { request, decision: summary(decision) };
}
