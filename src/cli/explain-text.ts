// An explanation for a terminal: the decision and why, then the rules with their conditions, then the smallest change.

import type { DecisionSummary } from '../diff/report.ts';
import type { Decision } from '../evaluator/evaluator.ts';
import type { ExplainedRule, RuleStatus } from '../explain/explanation.ts';
import type { LookItem, Part } from '../explain/part.ts';
import type { Json } from '../value/json.ts';
import { counted, decisionText, jsonText, witnessText } from './diff-view.ts';
import { lookText, readsText } from './explain-reads.ts';
import type { ChangeView, ExplanationView, FlipView } from './explain-view.ts';
import type { outColors } from './terminal.ts';
import { oneLine } from './text-width.ts';

type Colors = typeof outColors;

/** What is shown of long things; `--format json` has everything. */
const MAX_RULES = 40;
const MAX_PARTS = 8;
const MAX_ITEMS = 3;
const MAX_TEXT = 160;
const MAX_VALUE = 120;
const MAX_REQUEST_LINES = 40;

const STATUS: { readonly [status in RuleStatus]: string } = {
  decides: 'decides',
  contributes: 'matches too',
  outranked: 'matches, but a stronger effect does too',
  not_reached: 'would match, but an earlier rule decided',
  shadow: 'shadow rule, matches',
  no_match: 'does not match',
  not_judged: 'not judged',
};

export function explanationText(view: ExplanationView, colors: Colors): string {
  const sections = [headLines(view, colors), ...ruleSections(view, colors)];
  if (view.flip !== null) sections.push(flipLines(view.flip, colors));
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function headLines({ decision, verdict, rules }: ExplanationView, colors: Colors): string[] {
  const parts = [colors.bold(decision.effect), decision.reason];
  if (decision.severity !== null) parts.push(decision.severity);
  if (decision.message !== null) parts.push(`"${cut(decision.message, MAX_VALUE)}"`);
  const lines = [parts.map((part, i) => (i === 0 ? part : oneLine(part))).join('  ')];
  for (const why of whyLines(verdict, decision.effect)) lines.push(`  because       ${oneLine(why)}`);
  const others = verdict.others.slice(0, MAX_PARTS);
  for (const { rule, effect, status } of others)
    lines.push(`  ${'beside'.padEnd(13)} ${oneLine(`${rule} (${effect}): ${STATUS[status]}`)}`);
  if (verdict.others.length > others.length)
    lines.push(`  ${'beside'.padEnd(13)} … ${verdict.others.length - others.length} more`);
  for (const { rule, values } of decision.obligations)
    lines.push(`  obligations   ${cut(jsonText(values), MAX_TEXT)} of ${oneLine(rule ?? 'the decision')}`);
  for (const text of decision.remediations.slice(0, MAX_PARTS))
    lines.push(`  remediation   ${oneLine(cut(text, MAX_TEXT))}`);
  if (verdict.by === 'invalid') lines.push(`  rules         ${counted(rules.length, 'rule')} not judged`);
  return lines;
}

function whyLines(verdict: ExplanationView['verdict'], effect: string): string[] {
  const { by, rule, combining, stronger, earlier, invalid, others } = verdict;
  if (invalid !== null) {
    const place = invalid.pointer === '' ? 'the request' : invalid.pointer;
    const expected = invalid.expected === null ? '' : `: expected ${cut(invalid.expected, MAX_TEXT)}`;
    return [`the request is not valid: ${invalid.code} at ${place}${expected}`];
  }
  if (by === 'default') return ['no rule matches, so the default decides'];
  if (combining === 'first_applicable') {
    const before =
      ['it is the first rule', 'the rule before does not'][earlier] ?? `the ${earlier} rules before do not`;
    return [`rule ${rule} is the first that matches: ${before}`];
  }
  const same = others.filter(({ status }) => status === 'contributes').length;
  const first = same === 0 ? '' : `, the first of ${same + 1} with this effect`;
  const above = stronger.map((each) => `${each.effect} (${counted(each.rules, 'rule')})`).join(', ');
  const rank = stronger.length === 0 ? `no effect is stronger than ${effect}` : `no rule matches of ${above}`;
  return [`rule ${rule} matches${first}; ${rank}`];
}

function ruleSections({ rules, verdict }: ExplanationView, colors: Colors): string[][] {
  if (verdict.by === 'invalid') return [];
  const order = ['decides', 'contributes', 'outranked', 'shadow', 'not_reached', 'no_match', 'not_judged'];
  const sorted = [...rules].sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
  const sections = sorted.slice(0, MAX_RULES).map((rule) => ruleLines(rule, colors));
  if (sorted.length > MAX_RULES)
    sections.push([`… ${sorted.length - MAX_RULES} more rules: --rule NAME or --format json shows them`]);
  return sections;
}

function ruleLines(rule: ExplainedRule, colors: Colors): string[] {
  const { place, status, effect, condition } = rule;
  const where = place === null ? '' : ` (${place.file}:${place.line}:${place.column})`;
  const paint = status === 'decides' ? colors.green : status === 'no_match' ? colors.dim : colors.cyan;
  const head = `${effect} ${rule.rule}${where}`;
  const lines = [`${colors.bold(oneLine(head))}  ${paint(STATUS[status])}`];
  if (condition !== null) lines.push(...partLines(condition, '  ', colors, rule.holds === true));
  return lines;
}

/** One line per part; below it the parts that decide, and of the others one line each. */
function partLines(part: Part, indent: string, colors: Colors, isOpen: boolean): string[] {
  const mark = part.holds ? colors.green('true ') : colors.red('false');
  const notes = [readsText(part), ...part.looks.map(lookText)].filter((note) => note !== '');
  const isFolded = !part.decisive && !isOpen;
  const title = isFolded ? part.text : titleOf(part);
  const shown = `${indent}${mark} ${oneLine(cut(title, MAX_TEXT))}`;
  const lines = [notes.length === 0 ? shown : `${shown}  — ${oneLine(notes.join('; '))}`];
  if (isFolded) return lines;
  const inner = `${indent}  `;
  for (const below of part.parts.slice(0, MAX_PARTS)) lines.push(...partLines(below, inner, colors, false));
  const hidden = part.parts.length - MAX_PARTS + part.omitted;
  if (hidden > 0 && part.parts.length + part.omitted > MAX_PARTS)
    lines.push(`${inner}… ${counted(hidden, 'more part')}`);
  for (const { items } of part.looks) lines.push(...itemLines(items, inner, colors));
  return lines;
}

/** The items on which it hangs; when none does by itself, the first ones. */
function itemLines(items: readonly LookItem[], indent: string, colors: Colors): string[] {
  const decisive = items.filter(({ condition }) => condition.decisive);
  const shown = (decisive.length > 0 ? decisive : items).slice(0, MAX_ITEMS);
  return shown.flatMap(({ pointer, condition }) => [
    `${indent}${colors.dim(oneLine(pointer ?? 'an item'))}`,
    ...partLines(condition, `${indent}  `, colors, true),
  ]);
}

function titleOf(part: Part): string {
  if (part.parts.length + part.omitted < 2) return part.text;
  if (part.kind === 'and') return 'all of';
  return part.kind === 'or' ? 'one of' : part.text;
}

function flipLines(flip: FlipView, colors: Colors): string[] {
  const { effect, result, changes, minimal, atLeast, others, request, decision, reason } = flip;
  if (result === 'impossible') return [colors.bold(`no valid request gets ${effect}`), '  this is proved'];
  if (result === 'unknown') {
    const proved =
      atLeast !== null && atLeast > 1 ? `not by changing up to ${counted(atLeast - 1, 'member')}; ` : '';
    return [
      colors.bold(`no change that gets ${effect} was found`),
      `  ${proved}whether another does is unknown: ${oneLine(cut(reason ?? '', MAX_TEXT))}`,
    ];
  }
  if (changes.length === 0) return [colors.bold(`the request gets ${effect} as it is`)];
  const proof = minimal
    ? 'no smaller change does it'
    : `a smaller change was not excluded: at least ${counted(atLeast ?? 1, 'member')} must change`;
  const lines = [colors.bold(`to get ${effect}, change ${counted(changes.length, 'member')}`), `  ${proof}`];
  for (const change of changes) lines.push(`  ${changeText(change)}`);
  if (decision !== null)
    lines.push(`  decision      ${oneLine(cut(decisionText(summary(decision)), MAX_TEXT))}`);
  const text = witnessText(request).split('\n');
  lines.push('  request', ...text.slice(0, MAX_REQUEST_LINES).map((line) => `    ${line}`));
  if (text.length > MAX_REQUEST_LINES)
    lines.push(`    … ${text.length - MAX_REQUEST_LINES} more lines, --format json has them`);
  if (others.length > 0) lines.push('  other changes as small');
  for (const other of others.slice(0, MAX_PARTS)) lines.push(`    ${other.map(changeText).join(', ')}`);
  if (others.length > MAX_PARTS) lines.push(`    … ${others.length - MAX_PARTS} more`);
  return lines;
}

function changeText({ pointer, change, old, new: next }: ChangeView): string {
  const before = change === 'added' ? 'nothing' : cut(jsonText(old), MAX_VALUE);
  const after = change === 'removed' ? 'nothing' : cut(jsonText(next), MAX_VALUE);
  return `${oneLine(pointer)}: ${before} → ${after}`;
}

function summary(decision: Decision): DecisionSummary {
  return { ...decision, obligations: decision.obligations.map(({ values }) => values as Json) };
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length).replace(/[\ud800-\udbff]$/, '')}…`;
}
