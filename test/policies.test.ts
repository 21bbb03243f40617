// The policies that ship: they compile without warnings, their tests pass, and their example requests reach every rule.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Files } from '../src/cli/files.ts';
import { runTest } from '../src/cli/test-run.ts';
import { type Diagnostic, describe as textOf } from '../src/diagnostic/diagnostic.ts';
import { type Evaluator, loadBundle } from '../src/evaluator/evaluator.ts';
import { compilePolicy } from '../src/policy.ts';

interface Shipped {
  /** Below policies/. */
  readonly path: string;
  /** Warnings that the policy explains in its comments. */
  readonly expectedWarnings?: RegExp;
  /** Rules that no request can reach: they tell the checker a type. */
  readonly unreachable?: readonly string[];
}

const POLICIES: readonly Shipped[] = [
  { path: 'agent-ops/agent-ops.policy' },
  { path: 'data-pipeline/data-pipeline.policy' },
  // The lists of the GTAF projection have no bound, and its objects are open: both are part of its contract.
  {
    path: 'gtaf/projection-v0.1.policy',
    expectedWarnings: /maxItems|maxLength|additionalProperties|misspelt/,
    unreachable: ['boundary_not_object'],
  },
  { path: 'shell-guard/shell-guard.policy' },
  { path: 'spend-limits/spend-limits.policy' },
];

interface Loaded {
  readonly warnings: readonly Diagnostic[];
  readonly rules: readonly string[];
  readonly evaluator: Evaluator;
  /** Titles of the tests, and those among them that fail. */
  readonly tests: readonly string[];
  readonly failing: readonly string[];
}

/** The one place that calls the compiler. */
function load(path: string): Loaded {
  const files = new Files();
  const result = compilePolicy(path, files);
  if (!result.ok) throw new Error(result.diagnostics.map(show).join('\n'));
  const { bytes, typed, warnings } = result.compiled;
  const evaluator = loadBundle(bytes);
  const results = typed.tests.map((test) => runTest(test, path, evaluator, files));
  return {
    warnings,
    rules: typed.rules.map((rule) => rule.name),
    evaluator,
    tests: results.map((one) => one.title),
    failing: results.filter((one) => !one.ok).map((one) => `${one.title}: got ${JSON.stringify(one.got)}`),
  };
}

function show(one: Diagnostic): string {
  const { message, hint } = textOf(one);
  return `${one.code} ${message} ${hint ?? ''}`;
}

describe.each(POLICIES)('policies/$path', ({ path, expectedWarnings, unreachable = [] }) => {
  const file = join(import.meta.dirname, '../policies', path);
  const loaded = load(file);

  it('compiles without unexpected warnings', () => {
    const warnings = loaded.warnings.map(show);
    expect(warnings.filter((text) => expectedWarnings?.test(text) !== true)).toEqual([]);
  });

  it('passes its tests', () => {
    expect(loaded.tests.length).toBeGreaterThan(10);
    expect(loaded.failing).toEqual([]);
  });

  it('has example requests that reach every rule', () => {
    const lines = readFileSync(join(file, '../requests.jsonl'), 'utf8').trimEnd().split('\n');
    expect(lines.length).toBeGreaterThanOrEqual(200);
    const reached = new Set<string | null>(unreachable);
    for (const line of lines) {
      const { matched } = loaded.evaluator.evaluate(JSON.parse(line));
      for (const { rule } of matched) reached.add(rule);
    }
    expect(loaded.rules.filter((name) => !reached.has(name))).toEqual([]);
  });
});
