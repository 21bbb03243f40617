// policyc analyze: rules and effects that never come to anything, requests that no rule speaks of, rules that overlap.

import type { AnalyzeOptions } from './analyze-options.ts';
import { loadSubject } from './analyze-subject.ts';
import { jsonText, sortedKeys } from './diff-view.ts';
import type { Files } from './files.ts';
import { stop } from './report.ts';
import { type ExitCode, outColors, print } from './terminal.ts';

export async function analyze(path: string, options: AnalyzeOptions, files: Files): Promise<ExitCode> {
  const { format, budget, equivalent: rules } = options;
  const subject = await loadSubject(path, files);
  const { analyzePolicy, compareRules } = await import('../analyze/analyze.ts');
  const { analysisText, equivalenceText } = await import('./analyze-text.ts');
  const limits = budget === undefined ? {} : { budgetMs: budget * 1000 };
  if (rules === undefined) {
    const report = analyzePolicy(subject, limits);
    await print(format === 'json' ? json(report) : analysisText(report, outColors));
    return report.findings > 0 ? 1 : 0;
  }
  const report = compareRules(subject, rules, limits);
  if (report === null) {
    const known = new Set(subject.ir.rules.map(({ name }) => name));
    throw stop('P4014', path, { name: rules.find((name) => !known.has(name)) ?? rules[0] });
  }
  await print(format === 'json' ? json(report) : equivalenceText(report, outColors));
  return report.equivalent === 'yes' ? 0 : 1;
}

function json(report: object): string {
  return `${jsonText(sortedKeys(report), 2)}\n`;
}
