// Invariants: claims about the effect of decisions. They are no part of the bundle and speak of every valid request, so their place among the
// rules means nothing, and what the rules above exclude is not known to them.

import type { Ident, InvariantItem } from '../ast.ts';
import { checkConditions } from './conditions.ts';
import type { Context, Env } from './context.ts';
import { NO_FACTS } from './facts.ts';
import { resolveEffect, type Vocabulary } from './outcome.ts';
import type { Scope } from './scope.ts';
import type { Demand, TypedExpr, TypedInvariant } from './typed.ts';
import { BOOL } from './types.ts';

/** Types an invariant; null after a reported error. */
export function checkInvariant(
  context: Context,
  scope: Scope,
  vocabulary: Vocabulary,
  item: InvariantItem,
): TypedInvariant | null {
  const demand = checkDemand(context, vocabulary, item);
  const env: Env = { facts: NO_FACTS, scope, mode: { kind: 'invariant' } };
  const { exprs, failed } = checkConditions(context, item.conditions, env);
  if (demand === null || failed) return null;
  return {
    name: item.name.name,
    demand,
    condition: conjunction(exprs),
    file: context.file,
    span: item.name.span,
  };
}

function checkDemand(context: Context, vocabulary: Vocabulary, item: InvariantItem): Demand | null {
  const { demand } = item;
  const names = 'effect' in demand ? [demand.effect] : demand.effects;
  const effects = resolveEffects(context, vocabulary, names);
  if (effects === null) return null;
  const resolved: Demand = { kind: demand.kind, effects };
  if (allowsAll(resolved, vocabulary.effects.length))
    context.report(null, 'P3911', demand.span, { name: item.name.name });
  return resolved;
}

function resolveEffects(context: Context, vocabulary: Vocabulary, names: readonly Ident[]): number[] | null {
  const effects: number[] = [];
  let failed = false;
  for (const name of names) {
    const effect = resolveEffect(context, vocabulary, name);
    if (effect === null) failed = true;
    else if (effects.includes(effect)) context.report(null, 'P3091', name.span, { name: name.name });
    else effects.push(effect);
  }
  return failed ? null : effects;
}

function allowsAll({ kind, effects }: Demand, count: number): boolean {
  switch (kind) {
    case 'never':
      return false;
    case 'always':
      return effects.length === count;
    case 'atLeast':
      return effects[0] === 0;
    case 'atMost':
      return effects[0] === count - 1;
  }
}

function conjunction(exprs: readonly TypedExpr[]): TypedExpr | null {
  const [first, ...rest] = exprs;
  const last = rest.at(-1);
  if (first === undefined || last === undefined) return first ?? null;
  const span = { start: first.span.start, end: last.span.end };
  return { kind: 'and', args: exprs, type: BOOL, optional: false, span };
}
