// Where a decision depends on a condition: whether it holds makes a rule match or not, and nothing goes before that rule.

import { FALSE, type Formula, TRUE } from '../symbolic/formula.ts';
import type { Grounding } from '../symbolic/ground.ts';
import { type Condition, withCondition } from './conditions.ts';

export class Sensitivity {
  readonly #ground: Grounding;
  /** Per rule: another one that goes before it matches. */
  readonly #blocked: readonly Formula[];
  readonly #known = new Map<Condition, Formula>();

  constructor(ground: Grounding) {
    this.#ground = ground;
    this.#blocked =
      ground.ir.combining === 'first_applicable' ? firstApplicable(ground) : mostRestrictive(ground);
  }

  /**
   * The requests for which the decision would be another one if just this condition were to change. Where no request is one of them, the
   * condition decides nothing: of the two rules that would decide, the one that goes first would match in one case only, unblocked.
   */
  of(condition: Condition): Formula {
    let formula = this.#known.get(condition);
    if (formula === undefined) {
      formula = this.#derivative(condition);
      this.#known.set(condition, formula);
    }
    return formula;
  }

  #derivative(condition: Condition): Formula {
    const { ir, places } = this.#ground;
    const { formulas } = places;
    const subject = this.#ground.edge(condition.edge);
    return formulas.any(
      condition.rules.map((rule) => {
        const { cond } = ir.rules[rule]!;
        const matches = withCondition(this.#ground, cond, subject, TRUE);
        const matchesNot = withCondition(this.#ground, cond, subject, FALSE);
        return formulas.both(formulas.differ(matches, matchesNot), this.#blocked[rule]! ^ 1);
      }),
    );
  }
}

function firstApplicable(ground: Grounding): readonly Formula[] {
  const { formulas } = ground.places;
  let earlier: Formula = FALSE;
  return ground.ir.rules.map((rule) => {
    const blocked = earlier;
    if (!rule.shadow) earlier = formulas.either(earlier, ground.edge(rule.cond));
    return blocked;
  });
}

function mostRestrictive(ground: Grounding): readonly Formula[] {
  const { ir, places } = ground;
  const { formulas } = places;
  const matches = ir.rules.map((rule) => (rule.shadow ? FALSE : ground.edge(rule.cond)));
  const stronger: Formula[] = [];
  let any: Formula = FALSE;
  for (let effect = ir.effects.length - 1; effect >= 0; effect--) {
    stronger[effect] = any;
    any = formulas.either(any, formulas.any(matches.filter((_, id) => ir.rules[id]!.effect === effect)));
  }
  const earlier = ir.effects.map((): Formula => FALSE);
  return ir.rules.map(({ effect }, id) => {
    const blocked = formulas.either(stronger[effect]!, earlier[effect]!);
    earlier[effect] = formulas.either(earlier[effect]!, matches[id]!);
    return blocked;
  });
}
