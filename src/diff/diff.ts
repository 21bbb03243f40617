// Compares two policies: which requests get another decision, each change with a request that shows it.

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { ComparedPolicy, DiffReport, Unknown } from './report.ts';
import type { DiffOptions, DiffSide } from './sides.ts';
import { compareStructure } from './structure.ts';

/** Equal bundles decide alike; of others this version knows only what differs in writing. */
export function diffPolicies(old: DiffSide, next: DiffSide, _options: DiffOptions = {}): DiffReport {
  const [before, after] = [compared(old), compared(next)];
  const equal = before.bundle === after.bundle;
  const undecided: Unknown = { question: 'another decision', reason: 'conditions are not compared' };
  return {
    verdict: equal ? 'no_change' : 'unknown',
    old: before,
    new: after,
    cells: [],
    unknowns: equal ? [] : [undecided],
    structure: compareStructure(old, next),
    trace: null,
  };
}

function compared({ label, bytes, ir, rulePlaces }: DiffSide): ComparedPolicy {
  return {
    label,
    name: ir.name,
    version: ir.version,
    bundle: `sha256:${bytesToHex(sha256(bytes))}`,
    rules: ir.rules.map(({ name, effect, reason }) => ({
      name,
      effect: ir.effects[effect]!.name,
      reason,
      place: rulePlaces.get(name) ?? null,
    })),
  };
}
