// The one place where the GTAF tests call the compiler and the evaluator.
import { Files } from '../../src/cli/files.ts';
import { describe } from '../../src/diagnostic/diagnostic.ts';
import { loadBundle } from '../../src/evaluator/evaluator.ts';
import { compilePolicy } from '../../src/policy.ts';
import type { Verdict } from './reference.ts';

/** Compiles a policy; its decisions have the form of the model's verdicts. */
export function loadSubject(policy: string): (request: unknown) => Verdict {
  const result = compilePolicy(policy, new Files());
  if (!result.ok) throw new Error(result.diagnostics.map((one) => describe(one).message).join('\n'));
  const evaluator = loadBundle(result.compiled.bytes);
  return (request) => {
    const decision = evaluator.evaluate(request);
    // The text form is another way into the evaluator: both must give the same decision.
    const text = new TextDecoder().decode(evaluator.evaluateJson(JSON.stringify(request)));
    if (text !== JSON.stringify(decision)) throw new Error(`object and text disagree: ${text}`);
    return { outcome: decision.effect as Verdict['outcome'], reason: decision.reason };
  };
}
