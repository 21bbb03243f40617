// What an analysis of one policy says. Plain data: schemas/analysis-report.schema.json describes its JSON, the command line prints it.
// It speaks of valid requests: those that are valid for the schemas, of a bundle those that it accepts.

import type { DecisionSummary, RulePlace, Unknown } from '../diff/report.ts';
import type { Json } from '../value/json.ts';

/** `yes` comes with a request that both evaluators have decided, `no` is a proof, `unknown` is neither. */
export type Fate = 'yes' | 'no' | 'unknown';

export interface Shown {
  readonly request: Json;
  readonly decision: DecisionSummary;
}

/**
 * `dead`: its condition holds for no request. `shadowed`: it never decides, other rules always do, and it changes no decision by its
 * obligations. `redundant`: it decides, but without it the same would be decided, for the same reason.
 */
export type Finding = 'dead' | 'shadowed' | 'redundant';

export interface RuleAnalysis extends RulePlace {
  /** Its condition holds for some request. */
  readonly matches: Fate;
  /** Some request is decided by it: its name stands in the decision. */
  readonly decides: Fate;
  /** Without it some decision has another effect, reason or severity, or other obligations. */
  readonly matters: Fate;
  readonly finding: Finding | null;
  /** For a rule that never decides: rules that decide requests which it matches, in declaration order. */
  readonly decidedBy: readonly string[];
  /** `decidedBy` has all of them. */
  readonly decidedByComplete: boolean;
  /** A request that it decides; if there is none, one that it matches. */
  readonly witness: Shown | null;
}

/** An effect, and whether a decision on a valid request can have it. */
export interface EffectAnalysis {
  readonly name: string;
  readonly reached: Fate;
  /** Requests that are not valid get it. */
  readonly onInvalid: boolean;
  readonly witness: Shown | null;
}

/** Two rules with different effects and a request that both match; under `first_applicable` one that the first of them decides. */
export interface Overlap {
  readonly rules: readonly [string, string];
  readonly effects: readonly [string, string];
  readonly witness: Shown;
}

export interface Overlaps {
  /** The first of the pairs that were found. */
  readonly pairs: readonly Overlap[];
  /** Pairs that were found. */
  readonly found: number;
  /** No other pair overlaps: proved. */
  readonly complete: boolean;
  /** Why there may be others; null when it is complete. */
  readonly reason: string | null;
}

export interface AnalysedPolicy {
  readonly label: string;
  readonly name: string;
  readonly version: string | null;
  /** `sha256:…` of the bundle. */
  readonly bundle: string;
  readonly combining: 'most_restrictive' | 'first_applicable';
}

export interface AnalysisReport {
  readonly kind: 'analysis';
  readonly policy: AnalysedPolicy;
  /** Number of rules with a finding and of effects that are never reached. */
  readonly findings: number;
  readonly rules: readonly RuleAnalysis[];
  readonly effects: readonly EffectAnalysis[];
  /** Whether some request reaches the default. */
  readonly gaps: { readonly reached: Fate; readonly witness: Shown | null };
  readonly overlaps: Overlaps;
  /** Rules with the same condition, two or more in each group; rules that match nothing are not among them. */
  readonly equivalent: readonly (readonly string[])[];
  readonly unknowns: readonly Unknown[];
}

/** Requests that one of two rules matches and the other does not. */
export interface Direction {
  readonly rule: string;
  readonly notRule: string;
  readonly exists: Fate;
  readonly witness: Shown | null;
  /** Why it is unknown, else null. */
  readonly reason: string | null;
}

export interface EquivalenceReport {
  readonly kind: 'equivalence';
  readonly policy: AnalysedPolicy;
  readonly rules: readonly [RulePlace, RulePlace];
  /** Both rules match the same requests. `yes` is a proof here. */
  readonly equivalent: Fate;
  readonly directions: readonly [Direction, Direction];
}
