// The texts of a rule, serialised at compile time: evaluators copy them into decisions and fill the holes.

import type { Fragment, Piece, Rule } from '../bytecode/bundle.ts';
import { MAX_MESSAGE } from '../bytecode/limits.ts';
import type { Ir, IrRule, Outcome, Template } from '../ir/ir.ts';
import { truncateCodePoints } from '../value/text.ts';

/** Records for the rules, the default and the outcome of an invalid request. */
export function ruleRecords(ir: Ir, slotOf: Int32Array): Rule[] {
  const records = ir.rules.map((rule) => record(ir, rule, rule, slotOf));
  records.push(record(ir, ir.defaultOutcome, null, slotOf), record(ir, ir.onInvalid, null, slotOf));
  return records;
}

function record(ir: Ir, outcome: Outcome, rule: IrRule | null, slotOf: Int32Array): Rule {
  return {
    effect: outcome.effect,
    severity: outcome.severity,
    shadow: rule?.shadow ?? false,
    name: rule?.name ?? null,
    reason: outcome.reason,
    matched: rule === null ? null : pieces([matchedEntry(ir, rule)], slotOf),
    message: outcome.message === null ? null : message(outcome.message, slotOf),
    obligations: obligations(ir, outcome, rule?.name ?? null, slotOf),
    remediations: outcome.remediations,
  };
}

// Keys in RFC 8785 order.
function matchedEntry(ir: Ir, rule: IrRule): string {
  return JSON.stringify({
    effect: ir.effects[rule.effect]!.name,
    reason: rule.reason,
    rule: rule.name,
    severity: rule.severity === null ? null : ir.severities[rule.severity]!,
    tags: rule.tags,
  });
}

function message(template: Template, slotOf: Int32Array): Fragment {
  const constant = template.every((part) => typeof part === 'string');
  // A message with holes is cut when it is rendered.
  return pieces(constant ? [truncateCodePoints(template.join(''), MAX_MESSAGE)] : template, slotOf);
}

function obligations(ir: Ir, outcome: Outcome, rule: string | null, slotOf: Int32Array): Fragment | null {
  if (ir.effects[outcome.effect]!.obligations.length === 0) return null;
  const parts: Template[number][] = [`{"rule":${JSON.stringify(rule)},"values":{`];
  const sorted = [...outcome.obligations].sort((a, b) => (a.name < b.name ? -1 : 1));
  sorted.forEach(({ name, value }, i) => {
    parts.push(`${i === 0 ? '' : ','}${JSON.stringify(name)}:`, ...value);
  });
  parts.push('}}');
  return pieces(parts, slotOf);
}

/** Each piece is a text and the hole behind it; only the last one has no hole. */
function pieces(template: Template, slotOf: Int32Array): Fragment {
  const list: Piece[] = [];
  let text = '';
  for (const part of template) {
    if (typeof part === 'string') {
      text += part;
      continue;
    }
    const { field, format, list: isList, scale } = part;
    list.push({ text, hole: { slot: slotOf[field]!, format, list: isList, scale } });
    text = '';
  }
  if (text !== '') list.push({ text, hole: null });
  return list;
}
