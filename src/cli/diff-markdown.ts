// A diff report as a comment on a pull request. Everything that comes from a policy stands in `<code>` with its punctuation as entities,
// or in a fence that it cannot close: it can neither format, link, mention, nor hide anything.

import type { Cell, ComparedPolicy, DiffReport } from '../diff/report.ts';
import {
  cellTitle,
  counted,
  decisionText,
  KIND_TEXTS,
  placeOf,
  policyTitle,
  regionTexts,
  someOf,
  structureText,
  traceText,
  verdictLine,
  witnessText,
} from './diff-view.ts';
import { oneLine } from './text-width.ts';

const SIGNS = { loosening: '🔴', mixed: '🟠', tightening: '🟢', neutral: '⚪' } as const;

export function diffMarkdown(report: DiffReport): string {
  const { cells, unknowns, structure, trace } = report;
  const parts = [
    `### Policy diff: ${code(policyTitle(report))}`,
    `**${headline(report)}**`,
    `${code(report.old.label)} → ${code(report.new.label)}`,
  ];
  if (cells.length > 0)
    parts.push(table(report), ...cells.map((cell, index) => details(report, cell, index)));
  if (trace !== null) parts.push(`Recorded requests affected: ${trace.affected} of ${trace.requests}.`);
  if (unknowns.length > 0)
    parts.push(
      list(
        'Undecided',
        unknowns.map(({ question, reason }) => `${question}: ${reason}`),
      ),
    );
  if (structure.length > 0) {
    const changes = list('', structure.map(structureText));
    parts.push(folded(`Changes in writing (${structure.length})`, changes));
  }
  return `${parts.join('\n\n')}\n`;
}

/** The verdict line where it has the words of this program only. */
function headline(report: DiffReport): string {
  const { verdict, unknowns } = report;
  return verdict === 'unknown'
    ? `unknown: ${counted(unknowns.length, 'question')} undecided`
    : verdictLine(report);
}

function table(report: DiffReport): string {
  const traced = report.trace !== null;
  const head = ['', 'decision', 'direction', 'what', 'old rules', 'new rules', ...(traced ? ['trace'] : [])];
  const rows = report.cells.map((cell, index) => [
    String(index + 1),
    code(cellTitle(cell)),
    `${SIGNS[cell.direction]} ${cell.direction}`,
    KIND_TEXTS[cell.kind],
    someOf(cell.oldRules, code),
    someOf(cell.newRules, code),
    ...(traced ? [traceText(report, index) ?? ''] : []),
  ]);
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function details(report: DiffReport, cell: Cell, index: number): string {
  const parts: string[] = [
    [
      `- old rules: ${rules(report.old, cell.oldRules)}`,
      `- new rules: ${rules(report.new, cell.newRules)}`,
      ...(cell.changedRules.length === 0 ? [] : [`- changed rules: ${someOf(cell.changedRules, code)}`]),
    ].join('\n'),
    list('When', regionTexts(cell.region)),
  ];
  cell.witnesses.forEach((witness, i) => {
    parts.push(fence(witnessText(witness)));
    const decisions = cell.decisions[i];
    if (decisions !== undefined)
      parts.push(`- old: ${code(decisionText(decisions.old))}\n- new: ${code(decisionText(decisions.new))}`);
  });
  return folded(
    `${index + 1}. ${code(cellTitle(cell))}, ${cell.direction}: a request that shows it`,
    parts.join('\n\n'),
  );
}

function rules(policy: ComparedPolicy, names: readonly string[]): string {
  return someOf(names, (name) => {
    const place = placeOf(policy, name);
    return place === null ? code(name) : `${code(name)} (${code(`${place.file}:${place.line}`)})`;
  });
}

function list(title: string, items: readonly string[]): string {
  const lines = items.map((item) => `- ${code(item)}`);
  return (title === '' ? lines : [`${title}:`, '', ...lines]).join('\n');
}

function folded(summary: string, content: string): string {
  return `<details><summary>${summary}</summary>\n\n${content}\n\n</details>`;
}

/** A code block whose fence is longer than any run of backticks in it. */
function fence(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const ticks = '`'.repeat(longest + 1);
  return `${ticks}json\n${text}\n${ticks}`;
}

function code(text: string): string {
  return `<code>${markdownText(text)}</code>`;
}

/**
 * Text on one line in which nothing is Markdown or HTML. Common characters stay where they are harmless: an underscore within a word, a
 * colon before a space, a point unless it makes a link of `www.`.
 */
export function markdownText(text: string): string {
  const unsafe = /www\.|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|:(?!$| )|[!#$&*+<@[\\\]^`{|}~]/gi;
  return oneLine(text).replace(unsafe, (found) =>
    [...found].map((char) => (/[A-Za-z]/.test(char) ? char : `&#${char.charCodeAt(0)};`)).join(''),
  );
}
