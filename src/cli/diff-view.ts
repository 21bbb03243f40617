// What all forms of a diff report have in common: the words for verdicts, cells, rules and changes. The texts are as the policies have
// them; each form makes them safe for its own kind of reader.

import type {
  Cell,
  CellKind,
  ComparedPolicy,
  DecisionSummary,
  DiffReport,
  Direction,
  Region,
  RulePlace,
  StructuralChange,
} from '../diff/report.ts';
import type { Json } from '../value/json.ts';

/** Most important first. */
export const DIRECTIONS: readonly Direction[] = ['loosening', 'mixed', 'tightening', 'neutral'];

export const KIND_TEXTS: { readonly [kind in CellKind]: string } = {
  effect: 'another effect',
  reason: 'another reason or severity',
  obligations: 'other obligations',
  validity: 'refused by one version only',
};

/** The result in one line; the first words are fixed, scripts may rely on them. */
export function verdictLine(report: DiffReport): string {
  const { verdict, cells, unknowns } = report;
  if (verdict === 'no_change') return 'no semantic change (proved)';
  if (verdict === 'unknown') {
    const [first] = unknowns;
    if (first === undefined) return 'unknown: no question was decided';
    const rest = unknowns.length - 1;
    return `unknown: ${first.question}: ${first.reason}${rest > 0 ? `, and ${rest} more` : ''}`;
  }
  const counts = DIRECTIONS.map((direction) => {
    const count = cells.filter((cell) => cell.direction === direction).length;
    return count === 0 ? null : `${count} ${direction}`;
  }).filter((text) => text !== null);
  const undecided = unknowns.length === 0 ? '' : `; ${counted(unknowns.length, 'question')} undecided`;
  return `semantic change: ${counted(cells.length, 'cell')} (${counts.join(', ')})${undecided}`;
}

export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

export function policyTitle({ old, new: next }: DiffReport): string {
  const versions = [old.version ?? 'no version', next.version ?? 'no version'];
  const names = old.name === next.name ? old.name : `${old.name} → ${next.name}`;
  return `${names} ${versions[0] === versions[1] ? versions[0] : versions.join(' → ')}`;
}

export function cellTitle({ from, to }: Cell): string {
  return from === to ? from : `${from} → ${to}`;
}

/** Where a rule is written, null for a built-in outcome and for a rule of a bundle. */
export function placeOf(policy: ComparedPolicy, rule: string): RulePlace['place'] {
  return policy.rules.find(({ name }) => name === rule)?.place ?? null;
}

export function ruleText(policy: ComparedPolicy, rule: string): string {
  const place = placeOf(policy, rule);
  return place === null ? rule : `${rule} (${place.file}:${place.line}:${place.column})`;
}

/** What readers are shown of long lists and texts; the JSON report has everything. */
const MAX_NAMES = 12;
const MAX_CONDITIONS = 8;
const MAX_CONDITION = 200;

/** One text per alternative, each cut to a readable length. */
export function regionTexts({ alternatives, complete }: Region): readonly string[] {
  const texts = alternatives.map((conditions) => {
    if (conditions.length === 0) return 'every request';
    const shown = conditions.slice(0, MAX_CONDITIONS).map((text) => cut(text, MAX_CONDITION));
    const rest = conditions.length - shown.length;
    return `${shown.join(' and ')}${rest > 0 ? ` and … ${counted(rest, 'more condition')}` : ''}`;
  });
  return complete ? texts : [...texts, '… and further requests'];
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** The first of many names, each as `show` writes it. */
export function someOf(names: readonly string[], show: (name: string) => string = (name) => name): string {
  const rest = names.length - MAX_NAMES;
  const shown = names.slice(0, MAX_NAMES).map(show);
  return `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

export function decisionText(decision: DecisionSummary): string {
  const parts = [decision.effect, decision.rule === null ? 'no rule' : `rule ${decision.rule}`];
  parts.push(`reason ${decision.reason}`);
  if (decision.severity !== null) parts.push(`severity ${decision.severity}`);
  if (decision.obligations.length > 0) parts.push(`obligations ${jsonText(decision.obligations)}`);
  return parts.join(', ');
}

export function structureText({ subject, change, old, new: next, details }: StructuralChange): string {
  const name = old === next || next === null ? old : (old ?? next);
  const renamed = old !== null && next !== null && old !== next;
  const what = change === 'text' ? 'text changed' : change;
  const head = `${subject} ${renamed ? `${old} ${what} to ${next}` : `${name} ${what}`}`;
  return details.length === 0 ? head : `${head}: ${details.join(', ')}`;
}

/** How many recorded requests fall into a cell, null without a trace. */
export function traceText({ trace }: DiffReport, cell: number): string | null {
  return trace === null ? null : `${trace.perCell[cell] ?? 0} of ${trace.requests}`;
}

/** Characters that JSON leaves as they are, but that could steer a terminal or hide or reorder text. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** JSON that is safe to show and to copy: what cannot be seen is escaped. Line breaks stand only where `indent` asks for them. */
export function jsonText(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent).replace(INVISIBLE, (char) =>
    char === '\n'
      ? char
      : char.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}

/** Keys in order at every depth, so that equal reports are equal bytes. */
export function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([key, each]) => [key, sortedKeys(each)]));
}

/** A witness as readers see it: on one line when it is short. */
export function witnessText(witness: Json): string {
  const line = jsonText(witness);
  return line.length <= 80 ? line : jsonText(witness, 2);
}
