// The proofs of invariants in `check` and `compile`: what they find, as diagnostics.

import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { Compiled } from '../policy.ts';

/** What the invariants of a policy have against it. Without invariants nothing is loaded for it. */
export async function provedDiagnostics(compiled: Compiled): Promise<readonly Diagnostic[]> {
  if (compiled.typed.invariants.length === 0) return [];
  const { invariantDiagnostics, proveInvariants } = await import('../analyze/invariants.ts');
  return invariantDiagnostics(proveInvariants(compiled));
}
