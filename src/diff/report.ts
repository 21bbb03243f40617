// What a comparison of two policies says. Plain data: schemas/diff-report.schema.json describes its JSON, the command line prints it.

import type { Json } from '../value/json.ts';

/** `no_change` is only said when it is proved; `unknown` when some question could not be decided and no change was found. */
export type Verdict = 'no_change' | 'changed' | 'unknown';

/** What differs for the requests of a cell. `validity`: one version refuses the request, the other decides it. */
export type CellKind = 'effect' | 'reason' | 'obligations' | 'validity';

/**
 * By the declared order of effects; for `obligations`, more of them tighten. `neutral`: the effect stays and only the reason or severity
 * differs. `mixed`: some obligations go and others come, or the two versions order the two effects differently.
 */
export type Direction = 'loosening' | 'tightening' | 'neutral' | 'mixed';

/** Requests whose decision goes from one effect to another (or to the same one with another reason or other obligations). */
export interface Cell {
  /** Effect under the old version; for a refused request the effect of its refusal. */
  readonly from: string;
  readonly to: string;
  readonly kind: CellKind;
  readonly direction: Direction;
  /** Names of the rules that decide requests of this cell, in declaration order; `default` and `invalid` for the built-in outcomes. */
  readonly oldRules: readonly string[];
  readonly newRules: readonly string[];
  /** Changed rules (by name, either version) whose conditions hold for the witnesses. */
  readonly changedRules: readonly string[];
  readonly region: Region;
  /** Requests of this cell, schema-valid unless the kind is `validity`, each replayed through both evaluators of both versions. */
  readonly witnesses: readonly Json[];
  /** Of each witness, what the two versions decide. */
  readonly decisions: readonly { readonly old: DecisionSummary; readonly new: DecisionSummary }[];
}

export interface DecisionSummary {
  readonly effect: string;
  readonly rule: string | null;
  readonly reason: string;
  readonly severity: string | null;
  readonly obligations: readonly Json[];
}

/** The requests of a cell in the words of the policy: any of the alternatives, each a conjunction of conditions. */
export interface Region {
  readonly alternatives: readonly (readonly string[])[];
  /** The alternatives together are the whole region; otherwise there are more. */
  readonly complete: boolean;
}

/** A question that could not be decided. */
export interface Unknown {
  /** What could not be decided, e.g. `another effect`. */
  readonly question: string;
  /** Why, with the bound that was reached. */
  readonly reason: string;
}

export type ChangeKind = 'added' | 'removed' | 'renamed' | 'moved' | 'changed' | 'text';

/** A change of what is written, whether or not it changes any decision. */
export interface StructuralChange {
  readonly subject: 'rule' | 'effect' | 'default' | 'invalid' | 'combining' | 'name' | 'version' | 'field';
  readonly change: ChangeKind;
  /** Name in the old version; null when it was added. */
  readonly old: string | null;
  readonly new: string | null;
  /** What changed, e.g. `condition`, `message`, `required`. */
  readonly details: readonly string[];
}

/** Where a rule is written. */
export interface RulePlace {
  readonly name: string;
  readonly effect: string;
  readonly reason: string;
  /** Null for a rule of a bundle. 1-based line and column. */
  readonly place: { readonly file: string; readonly line: number; readonly column: number } | null;
}

export interface ComparedPolicy {
  /** As given on the command line, or chosen by the caller. */
  readonly label: string;
  readonly name: string;
  readonly version: string | null;
  /** `sha256:…` of the bundle. */
  readonly bundle: string;
  /** Rules that some cell or structural change names. */
  readonly rules: readonly RulePlace[];
}

/** How many recorded requests the change concerns. */
export interface TraceShare {
  readonly requests: number;
  readonly affected: number;
  /** Affected requests per cell, in the order of `cells`; a request that falls into none of them is counted in `affected` only. */
  readonly perCell: readonly number[];
}

export interface DiffReport {
  readonly verdict: Verdict;
  readonly old: ComparedPolicy;
  readonly new: ComparedPolicy;
  readonly cells: readonly Cell[];
  readonly unknowns: readonly Unknown[];
  readonly structure: readonly StructuralChange[];
  readonly trace: TraceShare | null;
}
