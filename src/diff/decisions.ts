// What one policy decides, as conditions on the request: which rule decides, with which effect, reason and obligations.

import type { Ir, Outcome } from '../ir/ir.ts';
import { FALSE, type Formula, TRUE } from '../symbolic/formula.ts';
import type { Grounding } from '../symbolic/ground.ts';

/** Something that can decide: a rule, or that none matched. */
export interface Decider {
  /** Index into the rules, or null for the default. */
  readonly rule: number | null;
  readonly name: string;
  readonly outcome: Outcome;
  readonly effect: string;
  /** It matches. */
  readonly matches: Formula;
  /** It decides: it matches and nothing goes before it. */
  readonly decides: Formula;
}

export const DEFAULT_RULE = 'default';
export const INVALID_RULE = 'invalid';

export class Decisions {
  readonly ir: Ir;
  readonly ground: Grounding;
  /** In declaration order, the default last. */
  readonly deciders: readonly Decider[];
  readonly #effects = new Map<string, Formula>();

  constructor(ground: Grounding) {
    this.ground = ground;
    this.ir = ground.ir;
    this.deciders =
      this.ir.combining === 'first_applicable' ? this.#firstApplicable() : this.#mostRestrictive();
    const { formulas } = ground.places;
    for (const name of new Set(this.deciders.map(({ effect }) => effect)))
      this.#effects.set(
        name,
        formulas.any(this.deciders.filter(({ effect }) => effect === name).map(({ decides }) => decides)),
      );
  }

  /** Names of effects that some decider has. */
  get effects(): readonly string[] {
    return [...this.#effects.keys()];
  }

  /** An accepted request gets this effect. */
  effect(name: string): Formula {
    return this.#effects.get(name) ?? FALSE;
  }

  /** Effect, reason and severity together, each with the condition under which an accepted request gets it. */
  reasons(): ReadonlyMap<string, Formula> {
    const { formulas } = this.ground.places;
    const groups = new Map<string, Formula[]>();
    for (const { outcome, effect, decides } of this.deciders) {
      const severity = outcome.severity === null ? null : this.ir.severities[outcome.severity]!;
      const key = JSON.stringify([effect, outcome.reason, severity]);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [decides]);
      else group.push(decides);
    }
    return new Map([...groups].map(([key, conditions]) => [key, formulas.any(conditions)]));
  }

  #mostRestrictive(): Decider[] {
    const { formulas } = this.ground.places;
    const { rules, effects, defaultOutcome } = this.ir;
    const matches = this.#matches();
    const strata = effects.map((_, effect) =>
      formulas.any(matches.filter((_match, id) => rules[id]!.effect === effect)),
    );
    /** Per effect: a stronger one has a match. */
    const stronger: Formula[] = [];
    let any: Formula = FALSE;
    for (let effect = effects.length - 1; effect >= 0; effect--) {
      stronger[effect] = any;
      any = formulas.either(any, strata[effect]!);
    }
    const earlier = effects.map((): Formula => FALSE);
    const deciders = rules.flatMap((rule, id): Decider[] => {
      if (rule.shadow) return [];
      const { effect } = rule;
      const decides = formulas.both(formulas.both(matches[id]!, stronger[effect]! ^ 1), earlier[effect]! ^ 1);
      earlier[effect] = formulas.either(earlier[effect]!, matches[id]!);
      return [this.#decider(id, rule.name, rule, matches[id]!, decides)];
    });
    return [...deciders, this.#decider(null, DEFAULT_RULE, defaultOutcome, TRUE, any ^ 1)];
  }

  #firstApplicable(): Decider[] {
    const { formulas } = this.ground.places;
    const matches = this.#matches();
    let earlier: Formula = FALSE;
    const deciders = this.ir.rules.flatMap((rule, id): Decider[] => {
      if (rule.shadow) return [];
      const decides = formulas.both(matches[id]!, earlier ^ 1);
      earlier = formulas.either(earlier, matches[id]!);
      return [this.#decider(id, rule.name, rule, matches[id]!, decides)];
    });
    return [...deciders, this.#decider(null, DEFAULT_RULE, this.ir.defaultOutcome, TRUE, earlier ^ 1)];
  }

  #matches(): Formula[] {
    return this.ir.rules.map((rule) => (rule.shadow ? FALSE : this.ground.edge(rule.cond)));
  }

  #decider(rule: number | null, name: string, outcome: Outcome, matches: Formula, decides: Formula): Decider {
    return { rule, name, outcome, effect: this.ir.effects[outcome.effect]!.name, matches, decides };
  }
}
