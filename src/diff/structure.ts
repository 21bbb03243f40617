// What differs in writing between two policies, whether or not it changes any decision: rules, effects, outcomes, fields that are read.

import { decodeBundle } from '../bytecode/codec.ts';
import type { Effect, Ir, Outcome } from '../ir/ir.ts';
import { lift, MAX_LIFT_WORK } from '../ir/lift.ts';
import { CanonicalIds, CanonicalIr } from './canonical.ts';
import type { ChangeKind, StructuralChange } from './report.ts';
import type { DiffSide } from './sides.ts';
import { fieldChanges } from './structure-fields.ts';
import { keptInOrder, type Pair, pairRules, type WrittenRule } from './structure-rules.ts';

/** Parts of an outcome that no decision depends on. */
const TEXTS: readonly string[] = ['message', 'remediation', 'tags'];

/** Every difference in writing, heading first, then effects, outcomes, rules in the order of the new version, and fields. */
export function compareStructure(old: DiffSide, next: DiffSide): StructuralChange[] {
  const sameKind = (old.schemas === null) === (next.schemas === null);
  // Conditions that were read back from a bundle are equal in meaning to the source's, not in writing: a source is read back as well when
  // the other side is a bundle. That is slow, and of equal bundles there is nothing to say.
  if (!sameKind && equalBytes(old.bytes, next.bytes)) return [];
  const [before, after] = sameKind ? [old.ir, next.ir] : [readBack(old), readBack(next)];
  const ids = new CanonicalIds();
  const left = new Written(before, ids);
  const right = new Written(after, ids);
  const changes = [
    ...headingChanges(before, after),
    ...effectChanges(before.effects, after.effects),
    ...outcomeChange('default', left.defaultOutcome, right.defaultOutcome),
    ...outcomeChange('invalid', left.onInvalid, right.onInvalid),
    ...ruleChanges(left.rules, right.rules, pairRules(left.rules, right.rules)),
    ...fieldChanges(before, after),
  ];
  return old.schemas === null || next.schemas === null ? changes.map(ofCompiled) : changes;
}

// Compilation shares code between rules, so the compiled form of a condition may also change with the rules around it.
function ofCompiled(change: StructuralChange): StructuralChange {
  const details = change.details.map((detail) => (detail === 'condition' ? 'compiled condition' : detail));
  return { ...change, details };
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function readBack(side: DiffSide): Ir {
  if (side.schemas === null) return side.ir;
  const decoded = decodeBundle(side.bytes);
  if (!decoded.ok) throw new Error(`the bundle of ${side.label} does not decode: ${decoded.message}`);
  // Of a larger source the conditions stay as they are written, and most will seem to be changed.
  const { rules, nodes } = decoded.bundle;
  return rules.length * nodes.length > MAX_LIFT_WORK ? side.ir : lift(decoded.bundle);
}

/** Rules and outcomes of one IR as comparable parts. */
class Written {
  readonly rules: readonly WrittenRule[];
  readonly defaultOutcome: WrittenRule;
  readonly onInvalid: WrittenRule;
  readonly #ir: Ir;
  readonly #canonical: CanonicalIr;

  constructor(ir: Ir, ids: CanonicalIds) {
    this.#ir = ir;
    this.#canonical = new CanonicalIr(ir, ids);
    this.rules = ir.rules.map((rule) => ({
      name: rule.name,
      effect: ir.effects[rule.effect]!.name,
      parts: {
        condition: String(this.#canonical.condition(rule.cond)),
        ...this.#outcome(rule),
        tags: JSON.stringify(rule.tags),
        shadow: String(rule.shadow),
      },
    }));
    this.defaultOutcome = this.#named('default', ir.defaultOutcome);
    this.onInvalid = this.#named('invalid', ir.onInvalid);
  }

  #named(name: string, outcome: Outcome): WrittenRule {
    return { name, effect: this.#ir.effects[outcome.effect]!.name, parts: this.#outcome(outcome) };
  }

  #outcome(outcome: Outcome): WrittenRule['parts'] {
    const { severity, message } = outcome;
    return {
      effect: this.#ir.effects[outcome.effect]!.name,
      reason: outcome.reason,
      severity: severity === null ? '' : this.#ir.severities[severity]!,
      obligations: JSON.stringify(
        outcome.obligations.map(({ name, value }) => [name, this.#canonical.template(value)]),
      ),
      message: message === null ? '' : String(this.#canonical.template(message)),
      remediation: JSON.stringify(outcome.remediations),
    };
  }
}

function changedParts(old: WrittenRule, next: WrittenRule): string[] {
  return Object.keys(next.parts).filter((part) => old.parts[part] !== next.parts[part]);
}

function kindOf(details: readonly string[]): ChangeKind {
  return details.every((detail) => TEXTS.includes(detail)) ? 'text' : 'changed';
}

function headingChanges(old: Ir, next: Ir): StructuralChange[] {
  const changes: StructuralChange[] = [];
  const compare = (subject: 'name' | 'version' | 'combining', a: string | null, b: string | null): void => {
    if (a === b) return;
    const change = a === null ? 'added' : b === null ? 'removed' : subject === 'name' ? 'renamed' : 'changed';
    changes.push({ subject, change, old: a, new: b, details: [] });
  };
  compare('name', old.name, next.name);
  compare('version', old.version, next.version);
  compare('combining', old.combining, next.combining);
  return changes;
}

/** `old` and `new` name the effects of the outcome. */
function outcomeChange(
  subject: 'default' | 'invalid',
  old: WrittenRule,
  next: WrittenRule,
): StructuralChange[] {
  const details = changedParts(old, next);
  if (details.length === 0) return [];
  return [{ subject, change: kindOf(details), old: old.effect, new: next.effect, details }];
}

function effectChanges(old: readonly Effect[], next: readonly Effect[]): StructuralChange[] {
  const subject = 'effect';
  const earlier = new Map(old.map((effect, index) => [effect.name, index]));
  const names = new Set(next.map((effect) => effect.name));
  const changes: StructuralChange[] = old
    .filter((effect) => !names.has(effect.name))
    .map(({ name }) => ({ subject, change: 'removed', old: name, new: null, details: [] }));
  const common = next.filter((effect) => earlier.has(effect.name));
  const kept = keptInOrder(common.map(({ name }) => earlier.get(name)!));
  for (const effect of next) {
    const { name } = effect;
    const before = old[earlier.get(name) ?? -1];
    if (before === undefined) {
      changes.push({ subject, change: 'added', old: null, new: name, details: obligationsOf(effect) });
      continue;
    }
    if (!kept.has(common.indexOf(effect))) {
      const details = [positionText(next, next.indexOf(effect), 'weakest')];
      changes.push({ subject, change: 'moved', old: name, new: name, details });
    }
    const details = obligationDetails(before, effect);
    if (details.length > 0) changes.push({ subject, change: 'changed', old: name, new: name, details });
  }
  return changes;
}

function obligationsOf({ obligations }: Effect): string[] {
  return obligations.map((name) => `obligation ${name}`);
}

function obligationDetails(old: Effect, next: Effect): string[] {
  const gone = old.obligations.filter((name) => !next.obligations.includes(name));
  const come = next.obligations.filter((name) => !old.obligations.includes(name));
  const details = [
    ...gone.map((name) => `obligation ${name} removed`),
    ...come.map((name) => `obligation ${name} added`),
  ];
  const same = old.obligations.join('\n') === next.obligations.join('\n');
  return details.length > 0 || same ? details : ['order of the obligations'];
}

function positionText(list: readonly { readonly name: string }[], index: number, first: string): string {
  return index === 0 ? `now ${first}` : `now after ${list[index - 1]!.name}`;
}

function ruleChanges(
  old: readonly WrittenRule[],
  next: readonly WrittenRule[],
  pairs: readonly Pair[],
): StructuralChange[] {
  const subject = 'rule';
  const paired = new Map(pairs.map((pair) => [pair.next, pair.old]));
  const stay = new Set(pairs.map((pair) => pair.old));
  const kept = keptInOrder(pairs.map((pair) => pair.old));
  const moved = new Set(pairs.filter((_, index) => !kept.has(index)).map((pair) => pair.next));
  const changes: StructuralChange[] = old
    .filter((_, index) => !stay.has(index))
    .map(({ name }) => ({ subject, change: 'removed', old: name, new: null, details: [] }));
  next.forEach((rule, index) => {
    const from = paired.get(index);
    if (from === undefined) {
      changes.push({ subject, change: 'added', old: null, new: rule.name, details: [] });
      return;
    }
    const before = old[from]!;
    const details = changedParts(before, rule);
    const names = { subject, old: before.name, new: rule.name } as const;
    if (before.name !== rule.name) changes.push({ ...names, change: 'renamed', details });
    else if (details.length > 0) changes.push({ ...names, change: kindOf(details), details });
    if (moved.has(index))
      changes.push({ ...names, change: 'moved', details: [positionText(next, index, 'first')] });
  });
  return changes;
}
