// Which decisions change: one question to the space of requests after the other, until the last is answered with a proof that there is no
// further change. A cell is found by a request that both versions have decided.

import { FALSE, type Formula } from '../symbolic/formula.ts';
import { type Judgement, MISPREDICTED, type Space } from '../symbolic/space.ts';
import type { Plan } from '../witness/complete-plan.ts';
import { isInvalid } from '../witness/replay.ts';
import { DEFAULT_RULE, type Decider, type Decisions, INVALID_RULE } from './decisions.ts';
import { type DifferentObligations, differentObligations } from './obligations.ts';
import type { CellKind, Unknown } from './report.ts';
import type { Valid, Witness, Witnesses } from './witness.ts';

/** What was found of a cell. */
export interface FoundCell {
  readonly from: string;
  readonly to: string;
  readonly kind: CellKind;
  /** The requests of the cell. */
  readonly condition: readonly Formula[];
  readonly witnesses: Witness[];
  readonly oldRules: Set<string>;
  readonly newRules: Set<string>;
}

export interface Comparison {
  readonly space: Space;
  readonly old: Decisions;
  readonly new: Decisions;
  readonly witnesses: Witnesses;
}

const BOTH: Valid = { old: true, new: true };

/** Witnesses that are kept of one cell. */
const MAX_WITNESSES = 5;

export class Cells {
  readonly cells: FoundCell[] = [];
  readonly unknowns: Unknown[] = [];
  readonly #of: Comparison;
  readonly #progress: (message: string) => void;
  readonly #obligations: DifferentObligations;
  /** Where effects, reasons and obligations of the two versions can differ: known before the first question is asked. */
  readonly #differ: { readonly effect: Formula; readonly reason: Formula; readonly obligations: Formula };

  constructor(comparison: Comparison, progress: (message: string) => void) {
    this.#of = comparison;
    this.#progress = progress;
    const { old, new: next, space } = comparison;
    const { formulas } = space;
    const names = new Set([...old.effects, ...next.effects]);
    this.#obligations = differentObligations(old, next);
    const reason = formulas.any(differentReasons(old, next, space));
    this.#differ = {
      effect: formulas.any([...names].map((name) => formulas.differ(old.effect(name), next.effect(name)))),
      reason,
      obligations: formulas.and(formulas.or(this.#obligations.gone, this.#obligations.come), reason ^ 1),
    };
  }

  /** All cells, complete unless something is unknown. `within`: where anything can differ. */
  find(within: Formula): void {
    const { space } = this.#of;
    const [before, after] = space.accepted as readonly [Formula, Formula];
    const both = [before, after, within];
    this.#effects(both);
    this.#same('reason', 'another reason or severity', both);
    this.#same('obligations', 'other obligations', both);
    // A request that is valid for the schema is accepted by every policy that is written for it.
    if (space.isOneSchema) return;
    this.#validity(before, after ^ 1, { old: true, new: false });
    this.#validity(before ^ 1, after, { old: false, new: true });
  }

  /** Requests that both versions refuse, with another outcome. */
  refusals(): void {
    const result = this.#of.witnesses.decide(null);
    if (result.kind === 'refused') {
      this.unknowns.push({ question: 'refused requests', reason: result.reason });
      return;
    }
    const { witness } = result;
    const kind = kindOf(witness);
    if (kind === null) return;
    const rules = (): Set<string> => new Set([INVALID_RULE]);
    const { effect: from } = witness.old;
    const { effect: to } = witness.new;
    this.cells.push({
      from,
      to,
      kind,
      condition: [],
      witnesses: [witness],
      oldRules: rules(),
      newRules: rules(),
    });
  }

  #effects(base: readonly Formula[]): void {
    const { old, new: next } = this.#of;
    this.#each('another effect', [...base, this.#differ.effect], (witness) => {
      const { effect: from } = witness.old;
      const { effect: to } = witness.new;
      if (from === to) return null;
      return this.#cell(from, to, 'effect', [...base, old.effect(from), next.effect(to)]);
    });
  }

  #same(kind: 'reason' | 'obligations', question: string, base: readonly Formula[]): void {
    const { old, new: next } = this.#of;
    for (const effect of old.effects.filter((name) => next.effects.includes(name))) {
      const condition = [...base, old.effect(effect), next.effect(effect), this.#differ[kind]];
      this.#each(question, condition, (witness) =>
        witness.old.effect === effect && kindOf(witness) === kind
          ? this.#cell(effect, effect, kind, condition)
          : null,
      );
    }
    if (kind === 'obligations') for (const cell of this.cells) if (cell.kind === kind) this.#bothWays(cell);
  }

  /** Shows that a cell loses obligations and that it gains some, as far as it does. */
  #bothWays(cell: FoundCell): void {
    const { space } = this.#of;
    for (const way of [this.#obligations.gone, this.#obligations.come]) {
      const answer = space.ask<Witness>([...cell.condition, ...this.#demanded(BOTH), way], [], (plan) =>
        this.#judge(plan, BOTH, (witness) => (kindOf(witness) === 'obligations' ? witness : null)),
      );
      if (answer.kind === 'found') this.#note(cell, answer.found);
    }
  }

  #validity(before: Formula, after: Formula, valid: Valid): void {
    const { old, new: next } = this.#of;
    const decided = valid.old ? old : next;
    const base = [before, after];
    this.#each(
      valid.old ? 'requests that are refused now' : 'requests that are accepted now',
      base,
      (witness) => {
        const { effect: from } = witness.old;
        const { effect: to } = witness.new;
        if (isInvalid(witness.old) === isInvalid(witness.new)) return null;
        return this.#cell(from, to, 'validity', [...base, decided.effect(valid.old ? from : to)]);
      },
      valid,
    );
  }

  #cell(from: string, to: string, kind: CellKind, condition: readonly Formula[]): FoundCell {
    const known = this.cells.find(
      (cell) =>
        cell.from === from &&
        cell.to === to &&
        cell.kind === kind &&
        cell.condition.join() === condition.join(),
    );
    if (known !== undefined) return known;
    const cell = {
      from,
      to,
      kind,
      condition,
      witnesses: [],
      oldRules: new Set<string>(),
      newRules: new Set<string>(),
    };
    this.cells.push(cell);
    this.#progress(`${from} → ${to}`);
    return cell;
  }

  /**
   * Asks until there is no further request outside the cells that were found. `place` names the cell of a request, or null when the
   * request shows no such change.
   */
  #each(
    question: string,
    condition: readonly Formula[],
    place: (witness: Witness) => FoundCell | null,
    valid: Valid = BOTH,
  ): void {
    const { space } = this.#of;
    const { formulas } = space;
    const excluded: Formula[] = [];
    const demanded = this.#demanded(valid);
    for (;;) {
      const answer = space.ask([...condition, ...demanded, ...excluded], [], (plan) =>
        this.#judge(plan, valid, (witness) => {
          const cell = place(witness);
          return cell === null ? null : { cell, witness };
        }),
      );
      if (answer.kind === 'none') break;
      if (answer.kind === 'unknown') {
        this.unknowns.push({ question, reason: answer.reason });
        break;
      }
      const { cell, witness } = answer.found;
      this.#note(cell, witness);
      this.#rules(question, cell, place, valid);
      excluded.push(formulas.all(cell.condition) ^ 1);
    }
    // What only one version reads of a request that no schema allows is not news.
    if (valid.old && valid.new) this.#beyondSchema(question, [...condition, ...excluded], place);
  }

  /** Judges a plan by how its request is decided. `show`: null when that is not what was asked for. */
  #judge<Found>(plan: Plan, valid: Valid, show: (witness: Witness) => Found | null): Judgement<Found> {
    const result = this.#of.witnesses.of(plan, valid);
    if (result.kind === 'refused') return result;
    const found = show(result.witness);
    return found === null ? MISPREDICTED : { kind: 'accepted', found };
  }

  /** What the schemas demand of the requests that a question is about: where both versions decide, either schema may be the request's. */
  #demanded(valid: Valid): Formula[] {
    const { space } = this.#of;
    const [before, after] = space.demanded as readonly [Formula, Formula];
    if (valid.old && valid.new) return [space.formulas.or(before, after)];
    return valid.old ? [before] : [after];
  }

  /** The projection accepts some requests that the schema does not allow: a change that only these show is no proof of either. */
  #beyondSchema(
    question: string,
    condition: readonly Formula[],
    place: (witness: Witness) => FoundCell | null,
  ): void {
    const { space } = this.#of;
    const outside = space.formulas.all(this.#demanded(BOTH)) ^ 1;
    if (outside === FALSE) return;
    const known = this.cells.length;
    const answer = space.ask<Witness>([...condition, outside], [], (plan) =>
      this.#judge(plan, { old: false, new: false }, (witness) => (place(witness) === null ? null : witness)),
    );
    this.cells.length = known;
    if (answer.kind === 'none') return;
    const reason =
      answer.kind === 'unknown'
        ? answer.reason
        : `only requests that the schema does not allow were found, for example ${JSON.stringify(answer.found.request)}`;
    this.unknowns.push({ question, reason });
  }

  #note(cell: FoundCell, witness: Witness): void {
    cell.oldRules.add(ruleOf(witness.old));
    cell.newRules.add(ruleOf(witness.new));
    if (cell.witnesses.length < MAX_WITNESSES) cell.witnesses.push(witness);
  }

  /** The other rules that decide requests of a cell. */
  #rules(
    question: string,
    cell: FoundCell,
    place: (witness: Witness) => FoundCell | null,
    valid: Valid,
  ): void {
    const { space, old, new: next } = this.#of;
    const sides = [
      { side: 'old', decisions: old, isDecided: valid.old, effect: cell.from, rules: cell.oldRules },
      { side: 'new', decisions: next, isDecided: valid.new, effect: cell.to, rules: cell.newRules },
    ] as const;
    for (const { side, decisions, isDecided, effect, rules } of sides) {
      if (!isDecided) continue;
      for (;;) {
        const others = decisions.deciders.filter((each) => each.effect === effect && !rules.has(each.name));
        if (others.length === 0) break;
        const answer = space.ask<Witness>(
          [...cell.condition, ...this.#demanded(valid), anyDecides(space, others)],
          [],
          (plan) =>
            this.#judge(plan, valid, (witness) => {
              const isNews = !rules.has(ruleOf(witness[side]));
              return place(witness) === cell && isNews ? witness : null;
            }),
        );
        if (answer.kind === 'unknown')
          this.unknowns.push({ question: `${question}: which rules decide`, reason: answer.reason });
        if (answer.kind !== 'found') break;
        this.#note(cell, answer.found);
      }
    }
  }
}

/** Per reason and severity: only one of the versions gives it. */
function differentReasons(old: Decisions, next: Decisions, space: Space): Formula[] {
  const [before, after] = [old.reasons(), next.reasons()];
  return [...new Set([...before.keys(), ...after.keys()])].map((key) =>
    space.formulas.differ(before.get(key) ?? FALSE, after.get(key) ?? FALSE),
  );
}

function anyDecides(space: Space, deciders: readonly Decider[]): Formula {
  return space.formulas.any(deciders.map(({ decides }) => decides));
}

function ruleOf(decision: Witness['old']): string {
  return isInvalid(decision) ? INVALID_RULE : (decision.rule ?? DEFAULT_RULE);
}

/** How two decisions of one request differ; null when they do not. */
export function kindOf({ old, new: next }: Pick<Witness, 'old' | 'new'>): CellKind | null {
  if (isInvalid(old) !== isInvalid(next)) return 'validity';
  if (old.effect !== next.effect) return 'effect';
  if (old.reason !== next.reason || old.severity !== next.severity) return 'reason';
  return sameObligations(old, next) ? null : 'obligations';
}

function sameObligations(old: Witness['old'], next: Witness['new']): boolean {
  const [a, b] = [argumentsOf(old), argumentsOf(next)];
  return a.size === b.size && [...a].every((each) => b.has(each));
}

/** The distinct obligations of a decision, whichever rules bring them. */
export function argumentsOf(decision: Witness['old']): ReadonlySet<string> {
  return new Set(decision.obligations.map(({ values }) => JSON.stringify(values)));
}
