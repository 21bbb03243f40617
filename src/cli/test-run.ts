// One `test` block: its request is judged as an object and as JSON text, and both must give the expected decision. When there are two
// evaluators they must also agree on the whole decision.

import { isDeepStrictEqual } from 'node:util';
import type { Span } from '../ast.ts';
import type { TypedTest } from '../checker/typed.ts';
import { type Diagnostic, diagnostic } from '../diagnostic/diagnostic.ts';
import type { Decision } from '../evaluator/decision.ts';
import type { Evaluator, InvalidCode } from '../evaluator/evaluator.ts';
import { relativeTo } from '../policy.ts';
import type { Engine } from './engine.ts';
import type { Files } from './files.ts';

export interface TestResult {
  readonly title: string;
  readonly ok: boolean;
  readonly span: Span;
  /** Null where the test does not say. */
  readonly expected: {
    readonly effect: string;
    readonly rule: string | null;
    readonly reason: string | null;
  };
  readonly got: Pick<Decision, 'effect' | 'rule' | 'reason' | 'invalid'> | null;
  /** Why there is no decision, when there is none. */
  readonly problem: Diagnostic | null;
  /** Which decisions should be the same and are not, and the second of them. */
  readonly disagreement: string | null;
  /** The whole decision on the text, as canonical JSON; null when there is none. */
  readonly decision: string | null;
  /** Names of the rules that matched. */
  readonly reached: readonly string[];
}

/** What is wrong with a text and cannot be seen, or not everywhere, in the object that `JSON.parse` makes of it. */
const TEXT_ONLY: ReadonlySet<string> = new Set<InvalidCode>([
  'too_large',
  'json',
  'depth',
  'duplicate_key',
  'utf8',
]);

/** The request of a test in both forms. `value` is undefined when the text is not JSON: then there is only one form. */
interface Request {
  readonly text: Uint8Array;
  readonly value: unknown;
}

/** The test by each evaluator. */
export function runTests(
  test: TypedTest,
  policy: string,
  engines: readonly Engine[],
  files: Files,
): TestResult {
  const runs = engines.map(({ name, evaluator }) => ({ name, ...runTest(test, policy, evaluator, files) }));
  const [{ name, ...result }, ...others] = runs as [(typeof runs)[0], ...typeof runs];
  for (const other of others) {
    if (other.decision !== result.decision) {
      const disagreement = `the evaluators ${name} and ${other.name} disagree, ${other.name}: ${other.decision}`;
      return { ...result, ok: false, disagreement };
    }
    if (result.ok && !other.ok) return other;
  }
  return result;
}

export function runTest(test: TypedTest, policy: string, evaluator: Evaluator, files: Files): TestResult {
  const { title, span } = test;
  const expected = { effect: test.effect, rule: test.rule, reason: test.reason };
  const request = requestOf(test, policy, files);
  if ('code' in request) {
    const none = { got: null, disagreement: null, decision: null, reached: [] };
    return { title, ok: false, span, expected, problem: request, ...none };
  }
  const json = new TextDecoder().decode(evaluator.evaluateJson(request.text));
  const decision: Decision = JSON.parse(json);
  const comparable = request.value !== undefined && !TEXT_ONLY.has(decision.invalid?.code ?? '');
  const disagreement = comparable ? difference(decision, evaluator.evaluate(request.value)) : null;
  const asExpected =
    decision.effect === test.effect &&
    (test.rule === null || isRule(decision.rule, test.rule)) &&
    (test.reason === null || decision.reason === test.reason);
  const { effect, rule, reason, invalid } = decision;
  return {
    title,
    ok: asExpected && disagreement === null,
    span,
    expected,
    got: { effect, rule, reason, invalid },
    problem: null,
    disagreement,
    decision: json,
    reached: decision.matched.flatMap((match) => match.rule ?? []),
  };
}

/** The name of a table stands for each of its rows; no other name has a point. */
function isRule(decided: string | null, expected: string): boolean {
  return decided === expected || decided?.startsWith(`${expected}.`) === true;
}

/** What to say when the decision on the object is another one. */
function difference(decision: Decision, other: Decision): string | null {
  const json = JSON.stringify(other);
  return isDeepStrictEqual(decision, JSON.parse(json))
    ? null
    : `evaluate and evaluateJson disagree, evaluate: ${json}`;
}

function requestOf(test: TypedTest, policy: string, files: Files): Request | Diagnostic {
  if (test.request.kind === 'value') {
    const { value } = test.request;
    return { text: new TextEncoder().encode(JSON.stringify(value)), value };
  }
  const { path } = test.request;
  const result = files.readFile(relativeTo(policy, path));
  if (!result.ok) {
    return diagnostic(
      'P4008',
      { file: policy, span: test.span },
      { title: test.title, path, reason: result.reason },
    );
  }
  return { text: result.bytes, value: parsed(result.bytes) };
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
