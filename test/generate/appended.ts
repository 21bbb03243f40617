// A policy with generated test blocks behind it, compiled and run like any other.

import { loadEngines } from '../../src/cli/engine.ts';
import { Files } from '../../src/cli/files.ts';
import { generatedText } from '../../src/cli/test-generate-forms.ts';
import { runTests, type TestResult } from '../../src/cli/test-run.ts';
import { describe as textOf } from '../../src/diagnostic/diagnostic.ts';
import { generateRequests } from '../../src/generate/generate.ts';
import type { GenerateReport } from '../../src/generate/report.ts';
import { type Compiled, compilePolicy, type Host } from '../../src/policy.ts';

export function compiled(path: string, host: Host): Compiled {
  const result = compilePolicy(path, host);
  if (!result.ok) throw new Error(result.diagnostics.map((d) => textOf(d).message).join('\n'));
  return result.compiled;
}

export function generated({ bytes, ir, typed }: Compiled, budgetMs?: number): GenerateReport {
  const subject = { bytes, ir, schemas: typed.schemas };
  return generateRequests(subject, budgetMs === undefined ? {} : { budgetMs });
}

/** Runs the generated test blocks, appended to the source of their policy. */
export async function runAppended(
  path: string,
  host: Host,
  report: GenerateReport,
): Promise<readonly TestResult[]> {
  const source = host.readFile(path);
  if (!source.ok) throw new Error(source.reason);
  const text = `${new TextDecoder().decode(source.bytes)}\n${generatedText(report, 'policy', path)}`;
  const appended: Host = {
    readFile: (name) =>
      name === path ? { ok: true, bytes: new TextEncoder().encode(text) } : host.readFile(name),
  };
  const { bytes, typed } = compiled(path, appended);
  const engines = await loadEngines('both', path, bytes);
  return typed.tests
    .filter(({ title }) => title.startsWith('generated '))
    .map((test) => runTests(test, path, engines, new Files()));
}

/** Files in memory. */
export function hostOf(files: { readonly [path: string]: string }): Host {
  return {
    readFile: (path) => {
      const text = files[path];
      if (text === undefined) return { ok: false, reason: 'no such file' };
      return { ok: true, bytes: new TextEncoder().encode(text) };
    },
  };
}
