// From the rules that matched to the decision, as an object and as canonical JSON (RFC 8785).

import type { InvalidCode } from '../bytecode/opcodes.ts';
import {
  type ObligationEntry,
  type Outcome,
  obligationTexts,
  type RuleEntry,
  type RuleOutcome,
} from './outcome.ts';
import type { Slots } from './slots.ts';

/** The whole decision. The object and its lists belong to the caller; the entries in the lists and `policy` are frozen and shared. */
export interface Decision {
  readonly effect: string;
  /** Why the request is invalid: the first error and where it is (RFC 6901). */
  readonly invalid: Invalid | null;
  /** Every rule that matched, in declaration order; in first_applicable the deciding one alone. */
  readonly matched: readonly RuleEntry[];
  readonly message: string | null;
  /** One entry per matching rule of the effect whose effect declares obligations. */
  readonly obligations: readonly ObligationEntry[];
  readonly policy: PolicyIdentity;
  readonly reason: string;
  readonly remediations: readonly string[];
  readonly rule: string | null;
  readonly severity: string | null;
  readonly shadowed: readonly RuleEntry[];
}

export interface Invalid {
  readonly code: InvalidCode;
  readonly pointer: string;
}

export interface PolicyIdentity {
  /** `sha256:` and the hash of the bundle in lower-case hexadecimal. */
  readonly bundle: string;
  readonly name: string;
  readonly version: string | null;
}

/** Who decides, and what stands beside it. */
export interface Verdict {
  readonly primary: RuleOutcome;
  /**
   * The matching rules of the deciding effect (or the default, or the outcome of an invalid request), in declaration order. May be empty
   * when none of them brings obligations or remediations.
   */
  readonly contributors: readonly RuleOutcome[];
  readonly matched: readonly RuleOutcome[];
  readonly shadowed: readonly RuleOutcome[];
  readonly invalid: Invalid | null;
}

const NONE: readonly RuleOutcome[] = [];

/** The verdict of a rule that is not in the policy: the default, or the outcome of an invalid request. */
export function builtIn(
  primary: RuleOutcome,
  invalid: Invalid | null,
  shadowed: readonly RuleOutcome[],
): Verdict {
  return { primary, contributors: [primary], matched: NONE, shadowed, invalid };
}

/** The verdict of one or more matching rules in declaration order: the strongest effect decides, of its rules the first. */
export function verdictOf(matched: readonly RuleOutcome[], shadowed: readonly RuleOutcome[]): Verdict {
  let primary = matched[0]!;
  let brings = primary.brings;
  for (let i = 1; i < matched.length; i++) {
    const rule = matched[i]!;
    brings ||= rule.brings;
    if (rule.strength > primary.strength) primary = rule;
  }
  return { primary, contributors: brings ? strongest(matched) : NONE, matched, shadowed, invalid: null };
}

/** The rules of the strongest effect among them. */
export function strongest(rules: readonly RuleOutcome[]): readonly RuleOutcome[] {
  if (rules.length < 2) return rules;
  let strength = 0;
  for (const rule of rules) strength = Math.max(strength, rule.strength);
  return rules.filter((rule) => rule.strength === strength);
}

/** The decision as a fresh object. */
export function decisionObject(verdict: Verdict, slots: Slots, policy: PolicyIdentity): Decision {
  const { primary, invalid } = verdict;
  return {
    effect: primary.effect,
    invalid,
    matched: entriesOf(verdict.matched),
    message: primary.message(slots),
    obligations: obligationsOf(verdict.contributors, slots),
    policy,
    reason: primary.reason,
    remediations: remediationsOf(verdict.contributors),
    rule: primary.rule,
    severity: primary.severity,
    shadowed: entriesOf(verdict.shadowed),
  };
}

function entriesOf(rules: readonly RuleOutcome[]): RuleEntry[] {
  return rules.map((rule) => rule.entry);
}

/** The obligations of the rules, one entry for each that has some. */
export function obligationsOf(rules: readonly RuleOutcome[], slots: Slots): ObligationEntry[] {
  const bringing = rules.filter((rule) => rule.hasObligations);
  if (bringing.every((rule) => rule.isConstant)) return bringing.map((rule) => rule.constantObligation());
  const texts = obligationTexts(bringing, slots);
  return bringing.map((rule, i) => rule.obligation(texts[i]!));
}

/** The remediations of the rules, equal texts once. */
function remediationsOf(rules: readonly RuleOutcome[]): string[] {
  const texts: string[] = [];
  // One by one: a bundle may have more of them than a call may have arguments.
  for (const rule of rules) for (const text of rule.remediations) texts.push(text);
  return texts.length < 2 ? texts : [...new Set(texts)];
}

/** The decision as JSON: the keys in the order of RFC 8785, nothing between the tokens. */
export function decisionJson(verdict: Verdict, slots: Slots, policyJson: string): string {
  const { primary, contributors, invalid } = verdict;
  const obligations = obligationTexts(contributors, slots);
  return (
    `{"effect":${JSON.stringify(primary.effect)}` +
    `,"invalid":${invalid === null ? 'null' : JSON.stringify({ code: invalid.code, pointer: invalid.pointer })}` +
    `,"matched":[${entriesJson(verdict.matched)}]` +
    `,"message":${JSON.stringify(primary.message(slots))}` +
    `,"obligations":[${obligations.join(',')}]` +
    `,"policy":${policyJson}` +
    `,"reason":${JSON.stringify(primary.reason)}` +
    `,"remediations":${JSON.stringify(remediationsOf(contributors))}` +
    `,"rule":${JSON.stringify(primary.rule)}` +
    `,"severity":${JSON.stringify(primary.severity)}` +
    `,"shadowed":[${entriesJson(verdict.shadowed)}]}`
  );
}

function entriesJson(rules: readonly RuleOutcome[]): string {
  return rules.map((rule) => rule.matchedJson).join(',');
}

/** Outcomes of several obligation-bearing rules that are remembered before the memory starts afresh. */
const MAX_REMEMBERED = 256;

/** The outcomes of `decide`: shared as far as their obligations are constant. */
export class Outcomes {
  readonly #joined = new Map<string, Outcome>();

  of(contributors: readonly RuleOutcome[], slots: Slots): Outcome {
    const primary = contributors[0]!;
    let isConstant = true;
    let others = false;
    for (const rule of contributors) {
      if (!rule.hasObligations) continue;
      isConstant &&= rule.isConstant;
      others ||= rule !== primary;
    }
    if (!isConstant) return primary.outcomeWith(obligationsOf(contributors, slots));
    if (!others) return primary.outcome;
    const key = contributors.map((rule) => rule.index).join();
    let outcome = this.#joined.get(key);
    if (outcome === undefined) {
      outcome = primary.outcomeWith(obligationsOf(contributors, slots));
      if (this.#joined.size >= MAX_REMEMBERED) this.#joined.clear();
      this.#joined.set(key, outcome);
    }
    return outcome;
  }
}
