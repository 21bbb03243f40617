// Declares the names of a list of items before any of them is checked, and reports names that nothing used afterwards.

import type { Item } from '../ast.ts';
import { BUILT_IN_FUNCTIONS } from './call.ts';
import type { Context } from './context.ts';
import type { Facts } from './facts.ts';
import type { Namespace, Scope } from './scope.ts';

/** Puts lets, defs, groups, rules, tables and invariants into the scope; `facts` is what lets and defs may rely on where order is free. */
export function declareItems(
  context: Context,
  names: Namespace,
  scope: Scope,
  items: readonly Item[],
  facts: Facts,
): void {
  for (const item of items) {
    switch (item.kind) {
      case 'let':
        if (!names.claim(context, item.name, context.properties)) break;
        if (item.open) context.report(null, 'P3005', item.name.span, { what: '`open let`' });
        if (item.value.kind === 'table')
          context.report(null, 'P3005', item.name.span, { what: 'a value table' });
        else if (item.value.kind === 'request')
          scope.declare(item.name.name, { kind: 'request', item, value: item.value.json.value, used: false });
        else
          scope.declare(item.name.name, {
            kind: 'let',
            item,
            scope,
            facts,
            state: 'declared',
            value: null,
            height: 0,
            used: false,
          });
        break;
      case 'def':
        if ((BUILT_IN_FUNCTIONS as readonly string[]).includes(item.name.name))
          context.report(null, 'P3007', item.name.span, { name: item.name.name });
        else if (names.claim(context, item.name, context.properties)) {
          scope.declare(item.name.name, {
            kind: 'def',
            item,
            scope,
            facts,
            state: 'declared',
            params: null,
            broken: false,
            used: false,
          });
        }
        break;
      case 'group':
      case 'rule':
      case 'table':
      case 'invariant':
        // A rule may share its name with a property of the request: only expressions read properties.
        if (names.claim(context, item.name) && !context.properties.includes(item.name.name))
          scope.declare(item.name.name, { kind: item.kind, name: item.name.name });
        break;
    }
  }
}

/** Warns of lets and defs that nothing uses. A name that begins with `_` is meant to be unused. */
export function reportUnused(context: Context, scope: Scope): void {
  if (context.unfolding.refused || context.exhausted) return;
  for (const symbol of scope.own()) {
    if ((symbol.kind !== 'let' && symbol.kind !== 'def' && symbol.kind !== 'request') || symbol.used)
      continue;
    const { name } = symbol.item;
    if (!name.name.startsWith('_'))
      context.report(null, 'P3909', name.span, {
        name: name.name,
        kind: symbol.kind === 'def' ? 'def' : 'let',
      });
  }
}
