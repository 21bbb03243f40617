// `has` and `is`: tests of a reference, and the facts that they give.

import type { Expr } from '../ast.ts';
import { branchFacts } from './compare.ts';
import { type Checked, type Context, type Env, exprText } from './context.ts';
import { check } from './expr.ts';
import { assume, type Facts, referenceKey } from './facts.ts';
import { literalExpr } from './literal.ts';
import { resolveTest, testedType } from './type-name.ts';
import type { TypedExpr, TypeTest } from './typed.ts';
import { BOOL, sameNode, typeText } from './types.ts';

/** `has p`: every step of p is present and not null. */
export function checkHas(
  context: Context,
  expr: Extract<Expr, { kind: 'has' | 'negate' }>,
  env: Env,
): Checked {
  const subject = check(context, expr.arg, env, { steps: true }).expr;
  const nothing = { expr: null, whenTrue: env.facts, whenFalse: env.facts };
  if (subject === null) return nothing;
  // A constant let, or a constant that a call passes, is always there.
  if (subject.kind === 'literal' || subject.kind === 'list') {
    context.report(env, 'P3903', expr.span, { name: exprText(subject) });
    return { ...nothing, expr: literalExpr({ kind: 'bool', value: true }, BOOL, expr.span) };
  }
  const key = referenceKey(subject);
  if (key === null) {
    context.report(env, 'P3043', expr.span);
    return nothing;
  }
  if (!subject.optional && subject.type.kind !== 'unknown')
    context.report(env, 'P3903', expr.span, { name: exprText(subject) });
  const typed: TypedExpr = { kind: 'has', subject, type: BOOL, optional: false, span: expr.span };
  return {
    expr: typed,
    whenTrue: assume(stepsPresent(env.facts, subject), key, { present: true }),
    whenFalse: env.facts,
  };
}

// When a member is there, so is every object on the way to it.
function stepsPresent(facts: Facts, expr: TypedExpr): Facts {
  let known = facts;
  let step: TypedExpr | null = innerStep(expr);
  while (step !== null) {
    const key = referenceKey(step);
    if (key !== null && step.optional) known = assume(known, key, { present: true });
    step = innerStep(step);
  }
  return known;
}

function innerStep(expr: TypedExpr): TypedExpr | null {
  switch (expr.kind) {
    case 'member':
      return expr.object;
    case 'at':
      return expr.list;
    case 'get':
      return expr.map;
    default:
      return null;
  }
}

/** `x is T` on an unknown value or a union. */
export function checkIs(context: Context, expr: Extract<Expr, { kind: 'is' }>, env: Env): Checked {
  const nothing = { expr: null, whenTrue: env.facts, whenFalse: env.facts };
  const subject = check(context, expr.left, env, { steps: true }).expr;
  const test = resolveTest(context, env, expr.type, subject?.type.kind === 'union');
  if (subject === null || test === null) return nothing;
  if (!context.testable.has(subject) && subject.type.kind !== 'unknown' && subject.type.kind !== 'union') {
    context.report(env, 'P3049', expr.span, { name: exprText(subject), type: typeText(subject.type) });
    return nothing;
  }
  const key = referenceKey(subject);
  const base = { kind: 'is', subject, type: BOOL, optional: false, span: expr.span } as const;
  if (subject.type.kind === 'union') {
    const { branches, discriminator } = subject.type;
    const values = branchValues(test, branches);
    if (values === null) {
      const names = branches.map((branch) => branch.node.defName ?? branch.values.join('|')).join(', ');
      context.report(env, 'P3044', expr.span, { name: exprText(subject), branches: names });
      return nothing;
    }
    const typed: TypedExpr = { ...base, test: { kind: 'branch', discriminator, values } };
    const all = branches.flatMap((branch) => branch.values);
    return key === null
      ? { expr: typed, whenTrue: env.facts, whenFalse: env.facts }
      : {
          expr: typed,
          ...branchFacts(stepsPresent(env.facts, subject), key, discriminator, values, all),
          ...(subject.optional ? { whenFalse: env.facts } : {}),
        };
  }
  const typed: TypedExpr = { ...base, test };
  const type = testedType(test);
  if (key === null || type === null) return { expr: typed, whenTrue: env.facts, whenFalse: env.facts };
  return {
    expr: typed,
    whenTrue: assume(stepsPresent(env.facts, subject), key, { types: [type] }),
    whenFalse: env.facts,
  };
}

function branchValues(
  test: TypeTest,
  branches: readonly { readonly node: Parameters<typeof sameNode>[0]; readonly values: readonly string[] }[],
): string[] | null {
  if (test.kind !== 'schema') return null;
  const values = branches
    .filter((branch) => sameNode(branch.node, test.node))
    .flatMap((branch) => branch.values);
  return values.length === 0 ? null : values;
}
