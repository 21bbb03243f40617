// Lets: typed once, where they are declared; in most_restrictive on first use, because order is free there.

import type { Span } from '../ast.ts';
import type { Context, Env } from './context.ts';
import { check } from './expr.ts';
import { isConstant } from './literal.ts';
import type { LetSymbol } from './scope.ts';
import type { TypedLet } from './typed.ts';

/** The typed value of a let; null after a reported error. */
export function resolveLet(
  context: Context,
  env: Env,
  symbol: LetSymbol,
  name: string,
  span: Span,
): TypedLet | null {
  if (symbol.state === 'done') {
    const { value } = symbol;
    const relies = value !== null && !isConstant(value.value) && !symbol.facts.isEmpty();
    if (env.mode.kind === 'invariant' && relies) return context.report(env, 'P3092', span, { name });
    return value;
  }
  if (symbol.state === 'checking') return context.report(env, 'P3004', span, { name });
  if (context.positional) return context.report(env, 'P3037', span, { name });
  return typeLet(context, symbol);
}

/** Types a let at its declaration, under the facts recorded there. */
export function typeLet(context: Context, symbol: LetSymbol): TypedLet | null {
  if (symbol.state !== 'declared') return symbol.value;
  const { value } = symbol.item;
  if (value.kind !== 'expr') return null;
  symbol.state = 'checking';
  const { result, height } = context.unfolding.apart(() =>
    check(
      context,
      value.expr,
      { facts: symbol.facts, scope: symbol.scope, mode: { kind: 'policy' } },
      { stars: true },
    ),
  );
  const { expr } = result;
  symbol.state = 'done';
  symbol.height = height;
  symbol.value = expr && { name: symbol.item.name.name, value: expr, span: symbol.item.span };
  return symbol.value;
}
