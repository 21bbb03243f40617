// What `policyc test --generate` writes: a summary, a report, lines of requests, or test blocks in the language.

import {
  type GeneratedRequest,
  type GenerateReport,
  GOAL_KINDS,
  type GoalKind,
  type GoalResult,
  goalText,
} from '../generate/report.ts';
import { counted, jsonText, sortedKeys } from './diff-view.ts';
import type { TestFormat } from './test-generate-options.ts';
import { oneLine } from './text-width.ts';

/** `path`: how the policy is named on the command line. */
export function generatedText(report: GenerateReport, format: TestFormat, path: string): string {
  switch (format) {
    case 'json':
      return `${jsonText(sortedKeys(report), 2)}\n`;
    case 'jsonl':
      return report.requests.map((each) => `${jsonText(each)}\n`).join('');
    case 'policy':
      return testBlocks(report);
    case 'text':
      return summary(report, path);
  }
}

/** The result in one line. */
export function generatedLine({ requests, goals }: GenerateReport): string {
  const count = (status: GoalResult['status']): number =>
    goals.filter((goal) => goal.status === status).length;
  const rest = [
    ...(count('unreachable') > 0 ? [`${count('unreachable')} proved unreachable`] : []),
    ...(count('unknown') > 0 ? [`${count('unknown')} unknown`] : []),
  ];
  const reached = `${count('reached')} of ${counted(goals.length, 'goal')} reached`;
  return [counted(requests.length, 'request'), reached, ...rest].join(', ');
}

const KIND_TEXTS: { readonly [kind in GoalKind]: string } = {
  rule: 'rules that decide',
  match: 'rules that match',
  default: 'no rule matches',
  effect: 'effects',
  holds: 'conditions that hold',
  fails: 'conditions that do not hold',
  boundary: 'values at and next to bounds',
  independence: 'conditions shown to decide',
};

function summary(report: GenerateReport, path: string): string {
  const { policy, version, goals, requests } = report;
  const lines = [`${oneLine([policy, version ?? ''].join(' ').trimEnd())}: ${generatedLine(report)}`];
  for (const kind of GOAL_KINDS) {
    const all = goals.filter((goal) => goal.kind === kind);
    const reached = all.filter(({ status }) => status === 'reached').length;
    if (all.length > 0) lines.push(`  ${KIND_TEXTS[kind].padEnd(28)} ${reached} of ${all.length}`);
  }
  const list = (title: string, status: GoalResult['status']): void => {
    const found = goals.filter((goal) => goal.status === status);
    if (found.length === 0) return;
    lines.push(title, ...found.map((goal) => `  ${oneLine(goalText(goal))}: ${oneLine(goal.reason ?? '')}`));
  };
  list('proved unreachable', 'unreachable');
  list('unknown', 'unknown');
  lines.push(
    'requests',
    ...requests.map(({ name, expect }) => `  ${oneLine(name)}: ${oneLine(expectText(expect))}`),
    `to save them: policyc test ${oneLine(path)} --generate -o FILE.jsonl, or -o FILE.policy for test blocks`,
  );
  return `${lines.join('\n')}\n`;
}

function testBlocks({ requests, goals }: GenerateReport): string {
  const missed = goals.filter(({ status }) => status !== 'reached');
  const comments = missed.map(
    (goal) => `// ${goal.status}: ${oneLine(goalText(goal))}: ${oneLine(goal.reason ?? '')}`,
  );
  const blocks = requests.map((each) => `${testBlock(each)}\n`);
  return `${[...(comments.length === 0 ? [] : [`${comments.join('\n')}\n`]), ...blocks].join('\n')}`;
}

function testBlock({ name, request, expect }: GeneratedRequest): string {
  const line = jsonText(request);
  const json = line.length <= 80 ? line : jsonText(request, 2).replaceAll('\n', '\n  ');
  return `test ${quoted(name)} {\n  request ${json}\n  expect ${expectText(expect)}\n}`;
}

/** A rule says its reason; without a rule only the reason tells the default from others. */
function expectText({ effect, rule, reason }: GeneratedRequest['expect']): string {
  return rule === null ? `${effect} reason ${quoted(reason)}` : `${effect} ${rule}`;
}

/** A string of the language. */
function quoted(text: string): string {
  return `"${oneLine(text.replaceAll('\\', '\\\\').replaceAll('"', '\\"'))}"`;
}
