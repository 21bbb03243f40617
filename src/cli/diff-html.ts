// A diff report as one HTML page that loads nothing and runs nothing: it may be kept as an artefact or opened from disk.

import type { Cell, DiffReport } from '../diff/report.ts';
import {
  cellTitle,
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
import { oneLine } from './text-width.ts';

const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d0d7de, #3d444d); --soft: light-dark(#f6f8fa, #151b23); }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid var(--line); padding: .3rem .6rem; text-align: left; vertical-align: top; }
pre { background: var(--soft); border: 1px solid var(--line); overflow: auto; padding: .6rem; user-select: all; }
code, pre { font: 13px/1.45 ui-monospace, monospace; overflow-wrap: anywhere; }
.loosening { color: light-dark(#b3261e, #ff8a80); font-weight: 600; }
.mixed, .unknown { color: light-dark(#8a5300, #f2b04d); font-weight: 600; }
.tightening, .no_change { color: light-dark(#1a6b2f, #6fd08c); font-weight: 600; }
.neutral { font-weight: 600; }`;

export function diffHtml(report: DiffReport): string {
  const { cells, unknowns, structure, trace, old, new: next, verdict } = report;
  const title = lineHtml(`Policy diff: ${policyTitle(report)}`);
  const body = [
    `<h1>${title}</h1>`,
    `<p class="${verdict}">${lineHtml(verdictLine(report))}</p>`,
    `<p>old ${code(old.label)} ${code(old.bundle)}<br>new ${code(next.label)} ${code(next.bundle)}</p>`,
  ];
  if (trace !== null) body.push(`<p>Recorded requests affected: ${trace.affected} of ${trace.requests}.</p>`);
  if (cells.length > 0) body.push(table(report), ...cells.map((cell, index) => section(report, cell, index)));
  if (unknowns.length > 0)
    body.push('<h2>Undecided</h2>', list(unknowns.map(({ question, reason }) => `${question}: ${reason}`)));
  if (structure.length > 0) body.push('<h2>Changes in writing</h2>', list(structure.map(structureText)));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${STYLE}
</style>
</head>
<body>
${body.join('\n')}
</body>
</html>
`;
}

function table(report: DiffReport): string {
  const traced = report.trace !== null;
  const head = ['', 'decision', 'direction', 'what', 'old rules', 'new rules', ...(traced ? ['trace'] : [])];
  const rows = report.cells.map((cell, index) => {
    const columns = [
      `<a href="#cell-${index + 1}">${index + 1}</a>`,
      code(cellTitle(cell)),
      direction(cell),
      KIND_TEXTS[cell.kind],
      someOf(cell.oldRules, code),
      someOf(cell.newRules, code),
      ...(traced ? [escapeHtml(traceText(report, index) ?? '')] : []),
    ];
    return `<tr>${columns.map((column) => `<td>${column}</td>`).join('')}</tr>`;
  });
  return [
    '<table>',
    `<thead><tr>${head.map((column) => `<th>${column}</th>`).join('')}</tr></thead>`,
    `<tbody>\n${rows.join('\n')}\n</tbody>`,
    '</table>',
  ].join('\n');
}

function section(report: DiffReport, cell: Cell, index: number): string {
  const { old, new: next } = report;
  const lines = [
    `<h2 id="cell-${index + 1}">${index + 1}. ${code(cellTitle(cell))} ${direction(cell)}</h2>`,
    `<p>old rules: ${someOf(cell.oldRules, (rule) => code(ruleText(old, rule)))}<br>`,
    `new rules: ${someOf(cell.newRules, (rule) => code(ruleText(next, rule)))}</p>`,
  ];
  if (cell.changedRules.length > 0) lines.push(`<p>changed rules: ${someOf(cell.changedRules, code)}</p>`);
  lines.push('<p>when</p>', list(regionTexts(cell.region)));
  cell.witnesses.forEach((witness, i) => {
    lines.push(`<pre>${escapeHtml(witnessText(witness))}</pre>`);
    const decisions = cell.decisions[i];
    if (decisions !== undefined)
      lines.push(
        `<p>old: ${code(decisionText(decisions.old))}<br>new: ${code(decisionText(decisions.new))}</p>`,
      );
  });
  return lines.join('\n');
}

function direction(cell: Cell): string {
  return `<span class="${cell.direction}">${cell.direction}</span>`;
}

function list(items: readonly string[]): string {
  return `<ul>${items.map((item) => `<li>${code(item)}</li>`).join('')}</ul>`;
}

function code(text: string): string {
  return `<code>${lineHtml(text)}</code>`;
}

function lineHtml(text: string): string {
  return escapeHtml(oneLine(text));
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
