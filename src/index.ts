// The public API of policyc. The evaluator alone, without the compiler, is `policyc/evaluator`.

export type { Bundle } from './bytecode/bundle.ts';
export { decodeBundle } from './bytecode/codec.ts';
export { disassemble } from './bytecode/disassemble.ts';
export { type Diagnostic, type DiagnosticCode, describe, type Place } from './diagnostic/diagnostic.ts';
export { diffPolicies } from './diff/diff.ts';
export type {
  Cell,
  DiffReport,
  Direction,
  Region,
  StructuralChange,
  Unknown,
  Verdict,
} from './diff/report.ts';
export type { DiffOptions, DiffSide } from './diff/sides.ts';
export {
  BundleError,
  type Decision,
  type Evaluator,
  loadBundle,
  type Outcome,
} from './evaluator/evaluator.ts';
export { decisionTable } from './ir/render.ts';
export {
  type CheckedPolicy,
  type Compiled,
  type CompileResult,
  checkPolicy,
  compilePolicy,
  type Host,
} from './policy.ts';
