// Smaller pairs that still fail: what a person looks at.

import { type Built, buildPair, type Pair, type Side } from './pairs.ts';
import type { Cond, Item, Outcome, Policy } from './policy.ts';
import type { World } from './world.ts';

const MAX_TRIALS = 600;

/** Takes parts away, on both sides where both have them, as long as the pair fails. */
export function reduced(built: Built, fails: (built: Built) => boolean): Built {
  let best = built;
  let trials = 0;
  for (let found = true; found; ) {
    found = false;
    for (const pair of smaller(best.pair)) {
      trials += 1;
      if (trials > MAX_TRIALS) return best;
      const candidate = buildPair(pair);
      if (candidate === null || !fails(candidate)) continue;
      best = candidate;
      found = true;
      break;
    }
  }
  return best;
}

function* smaller(pair: Pair): Generator<Pair> {
  const { old, next } = pair;
  const names = new Set([...old.policy.items, ...next.policy.items].map((item) => item.name));
  for (const name of names) yield both(pair, (side) => onPolicy(side, (policy) => removed(policy, name)));
  for (const name of propNames(old.world, next.world)) {
    const shared = old.world === next.world ? withoutProp(old.world, name) : null;
    yield both(pair, (side) => ({ ...side, world: shared ?? withoutProp(side.world, name) }));
  }
  for (const policy of smallerPolicies(old.policy)) {
    const text = JSON.stringify(old.policy) === JSON.stringify(next.policy);
    yield { ...pair, old: { ...old, policy }, next: text ? { ...next, policy } : next };
  }
  for (const policy of smallerPolicies(next.policy)) yield { ...pair, next: { ...next, policy } };
}

function both(pair: Pair, change: (side: Side) => Side): Pair {
  return { ...pair, old: change(pair.old), next: change(pair.next) };
}

function onPolicy(side: Side, change: (policy: Policy) => Policy): Side {
  return { ...side, policy: change(side.policy) };
}

function removed(policy: Policy, name: string): Policy {
  return { ...policy, items: policy.items.filter((item) => item.name !== name) };
}

function propNames(...worlds: readonly World[]): Set<string> {
  return new Set(worlds.flatMap((world) => world.root.props.map((prop) => prop.name)));
}

function withoutProp(world: World, name: string): World {
  return { ...world, root: { ...world.root, props: world.root.props.filter((prop) => prop.name !== name) } };
}

function* smallerPolicies(policy: Policy): Generator<Policy> {
  if (policy.invalid !== null) yield { ...policy, invalid: null };
  for (const [i, item] of policy.items.entries()) {
    const put = (...items: readonly Item[]): Policy => ({
      ...policy,
      items: [...policy.items.slice(0, i), ...items, ...policy.items.slice(i + 1)],
    });
    yield put();
    for (const other of smallerItems(item)) yield put(...other);
  }
}

function* smallerItems(item: Item): Generator<readonly Item[]> {
  if (item.k === 'group') {
    yield item.items;
    for (const guard of smallerConds(item.guard)) yield [{ ...item, guard }];
    return;
  }
  if (item.k === 'table') {
    for (const row of item.rows)
      if (item.rows.length > 1) yield [{ ...item, rows: item.rows.filter((other) => other !== row) }];
    return;
  }
  if (item.k === 'let' && typeof item.value !== 'string')
    for (const value of smallerConds(item.value)) yield [{ ...item, value }];
  if (item.k === 'def') for (const body of smallerConds(item.body)) yield [{ ...item, body }];
  if (item.k !== 'rule') return;
  for (const outcome of plainer(item)) yield [{ ...item, ...outcome }];
  for (const whens of smallerLists(item.whens)) yield [{ ...item, whens }];
  for (const unlesses of smallerLists(item.unlesses)) yield [{ ...item, unlesses }];
}

function* plainer(outcome: Outcome): Generator<Partial<Outcome>> {
  if (outcome.args.length > 0) yield { args: [] };
  if (outcome.message !== null) yield { message: null };
  if (outcome.severity !== null) yield { severity: null };
  if (outcome.reason !== null) yield { reason: null };
}

function* smallerLists(conds: readonly Cond[]): Generator<readonly Cond[]> {
  for (const [i, cond] of conds.entries()) {
    yield conds.filter((other) => other !== cond);
    for (const part of smallerConds(cond)) yield conds.with(i, part);
  }
}

function* smallerConds(cond: Cond): Generator<Cond> {
  if (cond.k === 'and' || cond.k === 'or') {
    yield* cond.parts;
    if (cond.parts.length > 2)
      for (const part of cond.parts) yield { ...cond, parts: cond.parts.filter((other) => other !== part) };
    for (const [i, part] of cond.parts.entries())
      for (const less of smallerConds(part)) yield { ...cond, parts: cond.parts.with(i, less) };
  }
  if (cond.k === 'not') {
    yield cond.part;
    for (const part of smallerConds(cond.part)) yield { ...cond, part };
  }
  if (cond.k === 'any' || cond.k === 'all' || cond.k === 'count')
    for (const body of smallerConds(cond.body)) yield { ...cond, body };
}
