// policyc diff: which requests get another decision under a new version of a policy.

import pc from 'picocolors';
import type { DiffReport } from '../diff/report.ts';
import { type DiffCommandOptions, failureOf } from './diff-options.ts';
import { checkStdin, loadSides, loadTrace } from './diff-sides.ts';
import { jsonText, sortedKeys, verdictLine } from './diff-view.ts';
import { STDIN } from './files.ts';
import { RevisionFiles } from './git-revision.ts';
import { writeOutput } from './output-file.ts';
import { displayName, reportText, Stop } from './report.ts';
import { type ExitCode, outColors, print, printError } from './terminal.ts';
import { oneLine, printable } from './text-width.ts';

/** Compares two policies. Its diagnostics name files of revisions, so it prints them itself. */
export async function diff(oldName: string, newName: string, options: DiffCommandOptions): Promise<ExitCode> {
  const files = new RevisionFiles();
  try {
    return await compare(oldName, newName, options, files);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    reportText(error.diagnostics, files);
    return error.exitCode;
  }
}

async function compare(
  oldName: string,
  newName: string,
  { format, output, failOn, budget, trace }: DiffCommandOptions,
  files: RevisionFiles,
): Promise<ExitCode> {
  checkStdin({ OLD: oldName, NEW: newName, '--trace': trace });
  const [old, next] = await loadSides(oldName, newName, files);
  const requests = trace === undefined ? null : await loadTrace(trace);
  const { diffPolicies } = await import('../diff/diff.ts');
  const progress = new Progress();
  const report = diffPolicies(old, next, {
    ...(budget === undefined ? {} : { budgetMs: budget * 1000 }),
    onProgress: (message) => progress.show(message),
    trace: requests,
  });
  progress.clear();
  await writeOutput(output, await rendered(report, format, output), files);
  if (output !== STDIN) await print(`wrote ${displayName(output)}: ${printable(verdictLine(report))}\n`);
  const failure = failureOf(report, failOn);
  if (failure === null) return 0;
  printError(`failed: --fail-on ${failure}\n`);
  return 1;
}

async function rendered(
  report: DiffReport,
  format: DiffCommandOptions['format'],
  output: string,
): Promise<string> {
  switch (format) {
    case 'json':
      return `${jsonText(sortedKeys(report), 2)}\n`;
    case 'text': {
      const { diffText } = await import('./diff-text.ts');
      // A file has no terminal that would show colours.
      return diffText(report, output === STDIN ? outColors : pc.createColors(false));
    }
    case 'markdown':
      return (await import('./diff-markdown.ts')).diffMarkdown(report);
    case 'sarif':
      return (await import('./diff-sarif.ts')).diffSarif(report);
    case 'html':
      return (await import('./diff-html.ts')).diffHtml(report);
  }
}

/** Milliseconds before a comparison counts as long work. */
const PATIENCE = 1000;

/** One line on standard error that is written over: only when the work takes long, and somebody watches. */
class Progress {
  readonly #start = performance.now();
  #shown = false;

  show(message: string): void {
    if (!process.stderr.isTTY || performance.now() - this.#start < PATIENCE) return;
    this.#shown = true;
    printError(`\r\u001b[K${oneLine(message).slice(0, (process.stderr.columns ?? 80) - 1)}`);
  }

  clear(): void {
    if (this.#shown) printError('\r\u001b[K');
  }
}
