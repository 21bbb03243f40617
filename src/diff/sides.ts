// The two policies of a comparison, and how to compare them.

import type { SchemaSet } from '../checker/shape.ts';
import type { Ir } from '../ir/ir.ts';
import type { Json } from '../value/json.ts';
import type { RulePlace } from './report.ts';

/** One version of a policy: compiled from source, or read back from a bundle. */
export interface DiffSide {
  /** How reports name it. */
  readonly label: string;
  /** The bundle. */
  readonly bytes: Uint8Array;
  readonly ir: Ir;
  /** Null for a bundle: it holds what the policy reads of the schemas, not the schemas. */
  readonly schemas: SchemaSet | null;
  /** Where each rule is written, by name; empty for a bundle. */
  readonly rulePlaces: ReadonlyMap<string, RulePlace['place']>;
}

export interface DiffOptions {
  /** Time after which questions that are still open become unknowns. */
  readonly budgetMs?: number;
  readonly onProgress?: (message: string) => void;
  /** Recorded requests: the report says how many of them the change concerns. */
  readonly trace?: Iterable<Json> | null;
}
