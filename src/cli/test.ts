// policyc test: runs the `test` blocks of policies and shows which rules no test reaches.

import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { describe } from '../diagnostic/diagnostic.ts';
import { type EngineChoice, loadEngines } from './engine.ts';
import type { Files } from './files.ts';
import { compileFile, readSource } from './load.ts';
import { displayName, reportText, Stop, toJson } from './report.ts';
import { type ExitCode, outColors, print } from './terminal.ts';
import { runTests, type TestResult } from './test-run.ts';
import { printable } from './text-width.ts';

export interface TestOptions {
  readonly engine: EngineChoice;
  readonly format: 'text' | 'json';
}

/** The tests of one policy; `problem` when the policy could not be compiled. */
interface PolicyResult {
  readonly path: string;
  readonly problem: { readonly diagnostics: readonly Diagnostic[]; readonly exitCode: ExitCode } | null;
  readonly tests: readonly TestResult[];
  /** Names of all rules, and of those that no test reaches, in declaration order. */
  readonly rules: readonly string[];
  readonly unreached: readonly string[];
}

export async function test(paths: readonly string[], options: TestOptions, files: Files): Promise<ExitCode> {
  const results: PolicyResult[] = [];
  for (const path of paths) {
    const result = await testPolicy(path, options.engine, files);
    results.push(result);
    if (options.format === 'text') await printPolicy(result, files);
  }
  const tests = results.flatMap((result) => result.tests);
  const failed = tests.filter((result) => !result.ok).length;
  const passed = tests.length - failed;
  if (options.format === 'json') {
    const policies = results.map((result) => policyJson(result, files));
    await print(`${JSON.stringify({ passed, failed, policies }, null, 2)}\n`);
  } else if (tests.length > 0) {
    await print(`${passed} passed, ${failed} failed\n`);
  }
  const problems = results.map((result) => result.problem?.exitCode ?? 0);
  return problems.includes(2) ? 2 : failed > 0 || problems.includes(1) ? 1 : 0;
}

async function testPolicy(path: string, engine: EngineChoice, files: Files): Promise<PolicyResult> {
  try {
    await readSource(path, files, 'test');
    const { bytes, typed } = await compileFile(path, files);
    const engines = await loadEngines(engine, path, bytes);
    const tests = typed.tests.map((block) => runTests(block, path, engines, files));
    const reached = new Set(tests.flatMap((result) => result.reached));
    const rules = typed.rules.map((rule) => rule.name);
    return { path, problem: null, tests, rules, unreached: rules.filter((name) => !reached.has(name)) };
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return { path, problem: error, tests: [], rules: [], unreached: [] };
  }
}

async function printPolicy(result: PolicyResult, files: Files): Promise<void> {
  const name = displayName(result.path);
  if (result.problem !== null) return reportText(result.problem.diagnostics, files);
  if (result.tests.length === 0) return print(`${name}: has no tests\n`);
  const lines = [outColors.bold(name)];
  for (const one of result.tests) {
    lines.push(`  ${one.ok ? outColors.green('ok') : outColors.red('FAILED')} ${printable(one.title)}`);
    if (!one.ok) lines.push(...failureLines(one, result.path, files));
  }
  const { rules, unreached } = result;
  lines.push(`  rules reached: ${rules.length - unreached.length} of ${rules.length}`);
  if (unreached.length > 0) lines.push(`  ${outColors.yellow('not reached')}: ${unreached.join(', ')}`);
  await print(`${lines.join('\n')}\n`);
}

function failureLines(one: TestResult, path: string, files: Files): string[] {
  const range = files.source(path)?.range(one.span);
  const lines = range === undefined ? [] : [`    at ${displayName(path)}:${range.line}:${range.column}`];
  if (one.problem !== null) return [...lines, `    ${printable(describe(one.problem).message)}`];
  lines.push(`    expected ${outcome(one.expected)}`, `    got      ${outcome(one.got)}`);
  if (one.disagreement !== null) lines.push(`    ${printable(one.disagreement)}`);
  return lines;
}

function outcome(value: TestResult['expected'] | TestResult['got']): string {
  if (value === null) return 'no decision';
  const parts = [value.effect];
  if (value.rule !== null) parts.push(value.rule);
  if (value.reason !== null) parts.push(`reason ${JSON.stringify(value.reason)}`);
  if ('invalid' in value && value.invalid !== null) {
    parts.push(`(${value.invalid.code} at ${value.invalid.pointer || 'the request'})`);
  }
  return printable(parts.join(' '));
}

function policyJson(result: PolicyResult, files: Files): object {
  return {
    file: result.path,
    diagnostics: (result.problem?.diagnostics ?? []).map((d) => toJson(d, files)),
    tests: result.tests.map(({ title, ok, span, expected, got, problem, disagreement }) => {
      const range = files.source(result.path)?.range(span);
      return {
        title,
        ok,
        line: range?.line ?? null,
        column: range?.column ?? null,
        expected,
        got,
        problem: problem === null ? disagreement : describe(problem).message,
      };
    }),
    coverage: {
      rules: result.rules.length,
      reached: result.rules.length - result.unreached.length,
      unreached: result.unreached,
    },
  };
}
