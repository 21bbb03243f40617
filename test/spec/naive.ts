// The executable specification: what a policy decides, read off the typed tree and the request without bundle, slots or machine. Written
// for obviousness; the evaluators must agree with it on the whole decision.

import { MAX_MESSAGE } from '../../src/bytecode/limits.ts';
import type { TypedOutcome, TypedPolicy, TypedRule } from '../../src/checker/typed.ts';
import { Evaluation } from './naive-expressions.ts';
import { type Fault, firstFault } from './naive-projection.ts';
import { readPlaces } from './naive-reads.ts';
import { jsonOf, textOf, Unsound } from './naive-values.ts';

interface NaiveEntry {
  readonly effect: string;
  readonly reason: string;
  readonly rule: string;
  readonly severity: string | null;
  readonly tags: readonly string[];
}

/** A decision without the hash of the bundle. */
export interface NaiveDecision {
  readonly effect: string;
  readonly invalid: Fault | null;
  readonly matched: readonly NaiveEntry[];
  readonly message: string | null;
  readonly obligations: readonly { readonly rule: string | null; readonly values: object }[];
  readonly policy: { readonly name: string; readonly version: string | null };
  readonly reason: string;
  readonly remediations: readonly string[];
  readonly rule: string | null;
  readonly severity: string | null;
  readonly shadowed: readonly NaiveEntry[];
}

/** Decides a request by the typed tree of a policy. */
export function evaluateNaively(policy: TypedPolicy, request: unknown): NaiveDecision {
  const invalid = firstFault(readPlaces(policy), request);
  const evaluation = new Evaluation(request);
  if (invalid !== null) return decision(policy, evaluation, [], policy.onInvalid, invalid);
  const matched = matchingRules(policy, evaluation);
  return decision(policy, evaluation, matched, policy.defaultOutcome, null);
}

function matchingRules(policy: TypedPolicy, evaluation: Evaluation): TypedRule[] {
  const matched: TypedRule[] = [];
  const takenTables = new Set<string>();
  for (const rule of policy.rules) {
    // The topmost row of a table is its one match.
    if (rule.table !== null && takenTables.has(rule.table.name)) continue;
    if (!rule.conditions.every((condition) => evaluation.holds(condition))) continue;
    matched.push(rule);
    if (rule.table !== null) takenTables.add(rule.table.name);
    if (policy.combining === 'first_applicable') break;
  }
  return matched;
}

function decision(
  policy: TypedPolicy,
  evaluation: Evaluation,
  matched: readonly TypedRule[],
  otherwise: TypedOutcome,
  invalid: Fault | null,
): NaiveDecision {
  const strongest = Math.max(...matched.map((rule) => rule.effect));
  const deciding = matched.filter((rule) => rule.effect === strongest);
  const contributors: readonly (TypedOutcome & { readonly name?: string })[] =
    deciding.length > 0 ? deciding : [otherwise];
  const primary = contributors[0]!;
  return {
    effect: policy.effects[primary.effect]!.name,
    invalid,
    matched: matched.map((rule) => entry(policy, rule)),
    message: message(evaluation, primary),
    obligations: contributors
      .filter((outcome) => policy.effects[outcome.effect]!.obligations.length > 0)
      .map((outcome) => ({
        rule: outcome.name ?? null,
        values: obligationValues(policy, evaluation, outcome),
      })),
    policy: { name: policy.name, version: policy.version },
    reason: primary.reason,
    remediations: [...new Set(contributors.flatMap((outcome) => outcome.remediations))],
    rule: primary.name ?? null,
    severity: severityName(policy, primary),
    shadowed: [],
  };
}

function severityName(policy: TypedPolicy, outcome: TypedOutcome): string | null {
  return outcome.severity === null ? null : policy.severities[outcome.severity]!;
}

function entry(policy: TypedPolicy, rule: TypedRule): NaiveEntry {
  return {
    effect: policy.effects[rule.effect]!.name,
    reason: rule.reason,
    rule: rule.name,
    severity: severityName(policy, rule),
    tags: rule.tags,
  };
}

function message(evaluation: Evaluation, outcome: TypedOutcome): string | null {
  if (outcome.message === null) return null;
  const texts = outcome.message.map((part) => {
    if (typeof part === 'string') return part;
    const value = evaluation.value(part);
    if (value === null) throw new Unsound('a message prints what is absent');
    return textOf(value, part.type);
  });
  const characters = [...texts.join('')];
  return characters.length <= MAX_MESSAGE
    ? characters.join('')
    : `${characters.slice(0, MAX_MESSAGE - 1).join('')}…`;
}

function obligationValues(policy: TypedPolicy, evaluation: Evaluation, outcome: TypedOutcome): object {
  const values: [string, unknown][] = policy.effects[outcome.effect]!.obligations.map(({ name }, i) => {
    const expr = outcome.obligations[i]!;
    if (expr.type.kind !== 'list') {
      const value = evaluation.value(expr);
      if (value === null) throw new Unsound('an obligation is absent');
      return [name, jsonOf(value)];
    }
    const items = evaluation.items(expr).map((item) => {
      if (item === null) throw new Unsound('an item of an obligation is absent');
      return jsonOf(item);
    });
    return [name, items];
  });
  return Object.fromEntries(values);
}
