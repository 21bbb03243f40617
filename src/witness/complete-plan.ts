// The part of a request that is known, because policies read it.

import type { Json } from '../value/json.ts';
import { canonicalJson } from './canonical-json.ts';

/** What is known of one place of a request. */
export type Plan =
  /** Exactly this value. */
  | { readonly fixed: Json }
  /** Any value that the schemas allow, but not null: it is there, and that is all that is read of it. */
  | { readonly free: true }
  /** An object with these members and without those that are absent. `open`: it may have others. */
  | { readonly object: ReadonlyMap<string, Plan | 'absent'>; readonly open: boolean }
  /** A list of exactly these items. */
  | { readonly list: readonly Plan[] };

export type ObjectPlan = Extract<Plan, { object: unknown }>;
export type ListPlan = Extract<Plan, { list: unknown }>;

/** What is fixed, without what is left open: nothing for an item or member that is free. */
export function fixedPart(plan: Plan): Json {
  if ('fixed' in plan) return plan.fixed;
  if ('free' in plan) return true;
  if ('list' in plan) return plan.list.map(fixedPart);
  const members = [...plan.object].flatMap(([name, child]) =>
    child === 'absent' ? [] : [[name, fixedPart(child)] as const],
  );
  return Object.fromEntries(members);
}

/** Whether a value is one of those that the plan leaves. */
export function agrees(plan: Plan, value: Json): boolean {
  if ('free' in plan) return value !== null;
  if ('fixed' in plan) return canonicalJson(plan.fixed) === canonicalJson(value);
  if (typeof value !== 'object' || value === null) return false;
  if ('list' in plan) {
    if (!Array.isArray(value) || value.length !== plan.list.length) return false;
    return plan.list.every((item, i) => agrees(item, value[i]));
  }
  if (Array.isArray(value)) return false;
  const members = value as { readonly [key: string]: Json };
  return (
    (plan.open || Object.keys(members).every((name) => plan.object.has(name))) &&
    [...plan.object].every(([name, child]) => {
      const has = Object.hasOwn(members, name);
      return child === 'absent' ? !has : has && agrees(child, members[name]!);
    })
  );
}
