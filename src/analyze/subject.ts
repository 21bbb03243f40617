// The policy that is analysed, and the same policy without one of its rules.

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { TypedPolicy } from '../checker/typed.ts';
import { lower } from '../compiler/lower.ts';
import type { DiffSide } from '../diff/sides.ts';
import type { Ir } from '../ir/ir.ts';
import type { AnalysedPolicy } from './report.ts';

export interface AnalysisSubject extends DiffSide {
  /** Null for a bundle. */
  readonly typed: TypedPolicy | null;
}

/** How reports name the policy. */
export function analysedPolicy({ label, bytes, ir }: AnalysisSubject): AnalysedPolicy {
  return {
    label,
    name: ir.name,
    version: ir.version,
    bundle: `sha256:${bytesToHex(sha256(bytes))}`,
    combining: ir.combining,
  };
}

/** Whether the conditions of later rules say that this one does not match: rows of a table under `most_restrictive`. */
export function pushesOthers({ ir, typed }: AnalysisSubject, rule: number): boolean {
  return ir.combining === 'most_restrictive' && typed !== null && typed.rules[rule]!.table !== null;
}

/** The policy as it would be without a rule. Without a row, later rows of its table match what it took from them. */
export function withoutRule(subject: AnalysisSubject, rule: number): Ir {
  const { ir, typed } = subject;
  if (typed !== null && pushesOthers(subject, rule))
    return lower({ ...typed, rules: typed.rules.filter((_, id) => id !== rule) });
  return { ...ir, rules: ir.rules.filter((_, id) => id !== rule) };
}
