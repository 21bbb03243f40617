// A diff report for a terminal: cells with a request that shows each, changes in writing, the verdict as the last line.

import type { Cell, DiffReport, Direction } from '../diff/report.ts';
import {
  cellTitle,
  counted,
  decisionText,
  KIND_TEXTS,
  policyTitle,
  regionTexts,
  ruleText,
  someOf,
  structureText,
  traceText,
  verdictLine,
  witnessText,
} from './diff-view.ts';
import type { outColors } from './terminal.ts';
import { oneLine } from './text-width.ts';

type Colors = typeof outColors;

/** What is shown of one cell; `--format json` has the rest. */
const MAX_ALTERNATIVES = 4;
const MAX_WITNESS_LINES = 24;
/** Changes in writing that are shown. */
const MAX_CHANGES = 60;

export function diffText(report: DiffReport, colors: Colors): string {
  const paint = painter(colors);
  const { old, new: next, cells, unknowns, structure } = report;
  const sections = [
    [
      colors.bold(oneLine(policyTitle(report))),
      `  old ${oneLine(old.label)} ${colors.dim(oneLine(old.bundle))}`,
      `  new ${oneLine(next.label)} ${colors.dim(oneLine(next.bundle))}`,
    ],
    ...cells.map((cell, index) => cellLines(report, cell, index, paint)),
  ];
  if (unknowns.length > 0)
    sections.push([
      colors.bold('undecided'),
      ...unknowns.map(({ question, reason }) => `  ${oneLine(question)}: ${oneLine(reason)}`),
    ]);
  if (structure.length > 0)
    sections.push([
      colors.bold('changes in writing'),
      ...structure.slice(0, MAX_CHANGES).map((change) => `  ${oneLine(structureText(change))}`),
      ...(structure.length > MAX_CHANGES
        ? [`  … ${structure.length - MAX_CHANGES} more, --format json has them`]
        : []),
    ]);
  const verdict = paint(worst(report), oneLine(verdictLine(report)));
  const trace = report.trace;
  const share =
    trace === null ? [] : [`trace: ${trace.affected} of ${counted(trace.requests, 'request')} affected`];
  sections.push([...share, verdict]);
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

type Paint = (direction: Direction | 'unknown', text: string) => string;

function painter(colors: Colors): Paint {
  const of = {
    loosening: colors.red,
    mixed: colors.yellow,
    tightening: colors.green,
    neutral: colors.cyan,
    unknown: colors.yellow,
  };
  return (direction, text) => colors.bold(of[direction](text));
}

function worst({ verdict, cells }: DiffReport): Direction | 'unknown' {
  if (verdict === 'unknown') return 'unknown';
  if (verdict === 'no_change') return 'tightening';
  const has = (direction: Direction): boolean => cells.some((cell) => cell.direction === direction);
  return has('loosening') ? 'loosening' : has('mixed') ? 'mixed' : 'neutral';
}

function cellLines(report: DiffReport, cell: Cell, index: number, paint: Paint): string[] {
  const { old, new: next } = report;
  const lines = [
    `${index + 1}. ${oneLine(cellTitle(cell))}  ${paint(cell.direction, cell.direction)}  ${KIND_TEXTS[cell.kind]}`,
  ];
  const list = (title: string, names: readonly string[], show: (name: string) => string): void => {
    if (names.length > 0) lines.push(`   ${title} ${oneLine(someOf(names, show))}`);
  };
  list('old rules    ', cell.oldRules, (rule) => ruleText(old, rule));
  list('new rules    ', cell.newRules, (rule) => ruleText(next, rule));
  list('changed rules', cell.changedRules, (rule) => rule);
  const alternatives = regionTexts(cell.region);
  alternatives.slice(0, MAX_ALTERNATIVES).forEach((text, i) => {
    lines.push(`   ${i === 0 ? 'when         ' : 'or           '} ${oneLine(text)}`);
  });
  const hidden = alternatives.length - MAX_ALTERNATIVES;
  if (hidden > 0) lines.push(`   or            … ${hidden} more`);
  const share = traceText(report, index);
  if (share !== null) lines.push(`   in the trace  ${share}`);
  return [...lines, ...witnessLines(cell)];
}

function witnessLines(cell: Cell): string[] {
  const [witness] = cell.witnesses;
  const [decision] = cell.decisions;
  if (witness === undefined) return [];
  const shown = witnessText(witness).split('\n');
  const cut = shown.length > MAX_WITNESS_LINES;
  const lines = [
    '   request',
    ...(cut ? shown.slice(0, MAX_WITNESS_LINES - 1) : shown).map((line) => `     ${line}`),
  ];
  if (cut) lines.push(`     … ${shown.length - MAX_WITNESS_LINES + 1} more lines, --format json has them`);
  if (decision !== undefined)
    lines.push(
      `   old decision  ${oneLine(decisionText(decision.old))}`,
      `   new decision  ${oneLine(decisionText(decision.new))}`,
    );
  const others = cell.witnesses.length - 1;
  if (others > 0) lines.push(`   and ${counted(others, 'more request')}, --format json has them`);
  return lines;
}
