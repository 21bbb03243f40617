// What generation reports. Leaf of this folder.

import type { Json } from '../value/json.ts';

export type GoalKind =
  /** A rule decides. */
  | 'rule'
  /** A rule matches, whether or not it decides. */
  | 'match'
  /** No rule matches. */
  | 'default'
  | 'effect'
  /** A condition of some rule holds. */
  | 'holds'
  | 'fails'
  /** A value exactly at a bound, or next to it. */
  | 'boundary'
  /** Two requests that differ in nothing but what a condition reads, in the condition, and in the decision. */
  | 'independence';

export const GOAL_KINDS: readonly GoalKind[] = [
  'rule',
  'match',
  'default',
  'effect',
  'holds',
  'fails',
  'boundary',
  'independence',
];

/** What was found of one goal. `unreachable` is a proof over all requests that the schema allows. */
export interface GoalResult {
  readonly kind: GoalKind;
  /** The rule, the effect, or the condition in the policy's syntax. */
  readonly subject: string;
  readonly status: 'reached' | 'unreachable' | 'unknown';
  /** Why it was not reached; null when it was. */
  readonly reason: string | null;
  /** Names of the requests that stand for it. */
  readonly requests: readonly string[];
}

export interface GeneratedRequest {
  readonly name: string;
  readonly request: Json;
  readonly expect: { readonly effect: string; readonly rule: string | null; readonly reason: string };
  /** The goals that this request stands for, as text. */
  readonly covers: readonly string[];
}

export interface GenerateReport {
  readonly policy: string;
  readonly version: string | null;
  readonly requests: readonly GeneratedRequest[];
  readonly goals: readonly GoalResult[];
}

/** A goal in words. */
export function goalText({ kind, subject }: Pick<GoalResult, 'kind' | 'subject'>): string {
  switch (kind) {
    case 'rule':
      return `rule ${subject} decides`;
    case 'match':
      return `rule ${subject} matches`;
    case 'default':
      return 'no rule matches';
    case 'effect':
      return `effect ${subject}`;
    case 'holds':
    case 'fails':
      return `condition ${subject}`;
    case 'boundary':
      return `boundary ${subject}`;
    case 'independence':
      return `decided by ${subject}`;
  }
}
