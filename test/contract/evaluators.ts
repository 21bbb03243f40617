// The evaluators under contract. Every fixture is judged by each of them.

import { type Decision, loadBundle, type Outcome } from '../../src/evaluator/evaluator.ts';
import { compileSync, loadBundleSync, moduleBytes } from '../../src/wasm/host.ts';

export interface Subject {
  /** The whole decision on data. */
  evaluate(request: unknown): Decision;
  /** The whole decision on text, as canonical JSON. */
  evaluateJson(json: Uint8Array): Uint8Array;
  /** The outcome alone. */
  decide(request: unknown): Outcome;
}

export interface EvaluatorUnderTest {
  readonly name: string;
  load(bundle: Uint8Array): Subject;
}

const MODULE = compileSync(moduleBytes());

export const EVALUATORS: readonly EvaluatorUnderTest[] = [
  { name: 'TypeScript', load: loadBundle },
  { name: 'WASM', load: (bundle) => loadBundleSync(bundle, MODULE) },
];
