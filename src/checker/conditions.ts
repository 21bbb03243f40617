// `when` and `unless`, one after the other: what each says is known to those behind it.

import type { Condition } from '../ast.ts';
import type { Context, Env } from './context.ts';
import { checkCondition } from './expr.ts';
import { type Facts, join } from './facts.ts';
import type { TypedExpr } from './typed.ts';
import { BOOL } from './types.ts';

export interface CheckedConditions {
  /** A conjunction; `unless` is negated. */
  readonly exprs: readonly TypedExpr[];
  /** Some condition had an error, which was reported, and is missing. */
  readonly failed: boolean;
  readonly whenAll: Facts;
  /** What is known when they do not all hold; null without conditions, which always hold. */
  readonly otherwise: Facts | null;
}

/** Types conditions that must all hold. */
export function checkConditions(
  context: Context,
  conditions: readonly Condition[],
  env: Env,
): CheckedConditions {
  const exprs: TypedExpr[] = [];
  let whenAll = env.facts;
  let otherwise: Facts | null = null;
  let failed = false;
  for (const { kind, expr, span } of conditions) {
    const checked = checkCondition(context, expr, { ...env, facts: whenAll });
    if (checked.expr === null) failed = true;
    else if (kind === 'when') exprs.push(checked.expr);
    else exprs.push({ kind: 'not', arg: checked.expr, type: BOOL, optional: false, span });
    const [stay, leave] =
      kind === 'when' ? [checked.whenTrue, checked.whenFalse] : [checked.whenFalse, checked.whenTrue];
    otherwise = otherwise === null ? leave : join(otherwise, leave);
    whenAll = stay;
  }
  return { exprs, failed, whenAll, otherwise };
}
