// Test blocks and the requests that lets name. The requests are data; the evaluator judges them.

import type { TestItem } from '../ast.ts';
import { type Context, didYouMean, type Env } from './context.ts';
import { applyMergePatch } from './merge-patch.ts';
import { resolveEffect, type Vocabulary } from './outcome.ts';
import type { TypedTest } from './typed.ts';

/** Resolves the names in a test; null after a reported error. */
export function checkTest(
  context: Context,
  env: Env,
  vocabulary: Vocabulary,
  rules: ReadonlySet<string>,
  tables: ReadonlyMap<string, readonly string[]>,
  test: TestItem,
): TypedTest | null {
  const request = testRequest(context, env, test);
  const effect = resolveEffect(context, vocabulary, test.effect);
  const rule = test.rule === null ? null : expectedRule(context, rules, tables, test.rule);
  if (request === null || effect === null || (test.rule !== null && rule === null)) return null;
  return {
    title: test.title.value,
    request,
    effect: test.effect.name,
    rule,
    reason: test.reason?.value ?? null,
    span: test.span,
  };
}

function testRequest(context: Context, env: Env, test: TestItem): TypedTest['request'] | null {
  const { request } = test;
  if (request.kind === 'json') return { kind: 'value', value: request.json.value };
  if (request.kind === 'file') return { kind: 'file', path: request.path.value };
  const symbol = env.scope.find(request.name.name);
  if (symbol?.kind !== 'request') {
    const names = [...env.scope.own()].flatMap((s) => (s.kind === 'request' ? [s.item.name.name] : []));
    return context.report(null, 'P3085', request.name.span, {
      name: request.name.name,
      hint: didYouMean(request.name.name, names),
    });
  }
  symbol.used = true;
  return {
    kind: 'value',
    value: request.merge === null ? symbol.value : applyMergePatch(symbol.value, request.merge.value),
  };
}

// `RULE`, `TABLE` (any of its rows), `TABLE.LABEL` or `TABLE.N`.
function expectedRule(
  context: Context,
  rules: ReadonlySet<string>,
  tables: ReadonlyMap<string, readonly string[]>,
  written: NonNullable<TestItem['rule']>,
): string | null {
  const name = written.row === null ? written.name.name : `${written.name.name}.${written.row.name}`;
  const rows = tables.get(written.name.name);
  if (written.row !== null && rows !== undefined) {
    const index = Number(written.row.name);
    const row = Number.isInteger(index) ? rows[index - 1] : rows.find((r) => r === name);
    if (row !== undefined) return row;
  } else if (rules.has(name) || rows !== undefined) return name;
  const names = [...rules, ...tables.keys(), ...(rows ?? [])];
  return context.report(null, 'P3086', (written.row ?? written.name).span, {
    name,
    hint: didYouMean(name, names),
  });
}
