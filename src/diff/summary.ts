// What a report says of one decision.

import type { Decision } from '../evaluator/evaluator.ts';
import type { Json } from '../value/json.ts';
import type { DecisionSummary } from './report.ts';

/** What a comparison shows of a decision. Each obligation names the rule that brings it. */
export function summary(decision: Decision): DecisionSummary {
  const { effect, rule, reason, severity, obligations } = decision;
  return {
    effect,
    rule,
    reason,
    severity,
    obligations: obligations.map(({ rule, values }): Json => ({ rule, values })),
  };
}
