// An analysis for a terminal: findings first, then what is worth knowing, the result as the last line.

import type {
  AnalysedPolicy,
  AnalysisReport,
  Direction,
  EquivalenceReport,
  Finding,
  RuleAnalysis,
  Shown,
} from '../analyze/report.ts';
import type { RulePlace } from '../diff/report.ts';
import { counted, decisionText, someOf, witnessText } from './diff-view.ts';
import type { outColors } from './terminal.ts';
import { oneLine } from './text-width.ts';

type Colors = typeof outColors;

/** What is shown of long lists and requests; `--format json` has the rest. */
const MAX_OVERLAPS = 12;
const MAX_GROUPS = 20;
const MAX_UNKNOWNS = 20;
const MAX_REQUEST_LINES = 24;

const FINDINGS: { readonly [finding in Finding]: string } = {
  dead: 'its condition holds for no valid request',
  shadowed: 'it never decides',
  redundant: 'without it, nothing would be decided otherwise',
};

export function analysisText(report: AnalysisReport, colors: Colors): string {
  const sections = [
    heading(report.policy, colors),
    ...report.rules.flatMap((rule) => (rule.finding === null ? [] : [ruleLines(rule, rule.finding, colors)])),
    ...report.effects
      .filter(({ reached, onInvalid }) => reached === 'no' && !onInvalid)
      .map(({ name }) => [
        `effect ${oneLine(name)}  ${colors.yellow('unreached')}: no valid request gets it`,
      ]),
    gapLines(report),
    overlapLines(report),
    equivalentLines(report),
    unknownLines(report, colors),
    [resultLine(report, colors)],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function heading({ name, version, label, bundle }: AnalysedPolicy, colors: Colors): string[] {
  return [
    colors.bold(oneLine(`${name} ${version ?? 'no version'}`)),
    `  ${oneLine(label)} ${colors.dim(oneLine(bundle))}`,
  ];
}

function ruleLines(rule: RuleAnalysis, finding: Finding, colors: Colors): string[] {
  const head = `${oneLine(ruleName(rule))}  ${colors.yellow(finding)}: ${FINDINGS[finding]}`;
  const { decidedBy, decidedByComplete, witness } = rule;
  if (decidedBy.length === 0) return [head, ...shownLines(witness)];
  const others = `${someOf(decidedBy)}${decidedByComplete ? '' : ' and others'}`;
  return [`${head}, but instead ${oneLine(others)}`, ...shownLines(witness)];
}

function ruleName({ name, effect, place }: RulePlace): string {
  const where = place === null ? '' : ` (${place.file}:${place.line}:${place.column})`;
  return `${effect} ${name}${where}`;
}

function shownLines(shown: Shown | null): string[] {
  if (shown === null) return [];
  const lines = witnessText(shown.request).split('\n');
  const cut = lines.length > MAX_REQUEST_LINES;
  return [
    '  request',
    ...lines.slice(0, MAX_REQUEST_LINES).map((line) => `    ${line}`),
    ...(cut ? [`    … ${lines.length - MAX_REQUEST_LINES} more lines, --format json has them`] : []),
    `  decision  ${oneLine(decisionText(shown.decision))}`,
  ];
}

function gapLines({ gaps }: AnalysisReport): string[] {
  switch (gaps.reached) {
    case 'no':
      return ['no gaps: every valid request is decided by a rule'];
    case 'yes':
      return ['gap: some valid requests match no rule', ...shownLines(gaps.witness)];
    case 'unknown':
      return [];
  }
}

function overlapLines({ overlaps, policy }: AnalysisReport): string[] {
  const { pairs, found, complete, reason } = overlaps;
  const what =
    policy.combining === 'first_applicable' ? 'the order of the rules decides' : 'the stronger decides';
  const more = complete ? '' : `; there may be others: ${reason}`;
  if (found === 0) return complete ? ['no overlaps: rules with different effects exclude each other'] : [];
  const hidden = found - Math.min(found, MAX_OVERLAPS);
  return [
    `overlaps: ${counted(found, 'pair')} of rules with different effects match one request, ${what}${oneLine(more)}`,
    ...pairs
      .slice(0, MAX_OVERLAPS)
      .map(({ rules: [a, b], effects: [x, y] }) => `  ${oneLine(`${x} ${a} and ${y} ${b}`)}`),
    ...(hidden > 0 ? [`  … ${hidden} more, --format json has requests`] : []),
  ];
}

function equivalentLines({ equivalent }: AnalysisReport): string[] {
  if (equivalent.length === 0) return [];
  const rest = equivalent.length - MAX_GROUPS;
  return [
    'rules with the same condition',
    ...equivalent.slice(0, MAX_GROUPS).map((names) => `  ${oneLine(someOf(names))}`),
    ...(rest > 0 ? [`  … ${rest} more, --format json has them`] : []),
  ];
}

function unknownLines({ unknowns }: AnalysisReport, colors: Colors): string[] {
  if (unknowns.length === 0) return [];
  const rest = unknowns.length - MAX_UNKNOWNS;
  return [
    colors.bold('undecided'),
    ...unknowns
      .slice(0, MAX_UNKNOWNS)
      .map(({ question, reason }) => `  ${oneLine(question)}: ${oneLine(reason)}`),
    ...(rest > 0 ? [`  … ${rest} more, --format json has them`] : []),
  ];
}

/** The result in one line; its first words are fixed. */
function resultLine({ findings, rules, unknowns }: AnalysisReport, colors: Colors): string {
  const open = unknowns.length === 0 ? '' : `; ${counted(unknowns.length, 'question')} undecided`;
  if (findings === 0)
    return unknowns.length === 0 ? colors.green('no findings (proved)') : `no findings${open}`;
  const kinds = (['dead', 'shadowed', 'redundant'] as const).map(
    (kind) => [kind, rules.filter(({ finding }) => finding === kind).length] as const,
  );
  const unreached = findings - kinds.reduce((sum, [, count]) => sum + count, 0);
  const parts = [...kinds, ['unreached', unreached] as const]
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count} ${kind}`);
  return colors.yellow(`${counted(findings, 'finding')}: ${parts.join(', ')}${open}`);
}

export function equivalenceText(report: EquivalenceReport, colors: Colors): string {
  const { policy, rules, equivalent, directions } = report;
  const result = {
    yes: colors.green('equivalent (proved): the two rules match the same requests'),
    no: colors.yellow('not equivalent'),
    unknown: colors.yellow('unknown: whether the two rules match the same requests could not be decided'),
  };
  const sections = [
    [...heading(policy, colors), ...rules.map((rule) => `  ${oneLine(ruleName(rule))}`)],
    ...directions.map(directionLines),
    [result[equivalent]],
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function directionLines({ rule, notRule, exists, witness, reason }: Direction): string[] {
  switch (exists) {
    case 'no':
      return [oneLine(`every valid request that ${rule} matches is matched by ${notRule}`)];
    case 'yes':
      return [oneLine(`${rule} matches, ${notRule} does not`), ...shownLines(witness)];
    case 'unknown':
      return [oneLine(`${rule} matches, ${notRule} does not: unknown, ${reason}`)];
  }
}
