// The one place where the GTAF tests call the compiler and the evaluator.
import { loadBundle } from '../../src/evaluator/evaluator.ts';
import { compilePolicyFile } from '../../src/policy.ts';

/** Compiles a policy and returns its decision as a model-like verdict. */
export function loadSubject(policy: string): (request: unknown) => { outcome: string; reason: string } {
  const compiled = compilePolicyFile(policy);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics, null, 2));
  const bundle = loadBundle(compiled.bytes);
  return (request) => {
    const decision = bundle.evaluate(request);
    return { outcome: decision.effect, reason: decision.reason };
  };
}
