// A policy whose rules give one reason: then it often makes no difference which of them decides.

import type { Item, Outcome, Policy } from '../diff/oracle/policy.ts';

/** With `bare` no outcome has a severity or says its own arguments of obligations either. */
export function withSameReasons(policy: Policy, bare: boolean): Policy {
  const outcome = <Out extends Outcome>(out: Out): Out => ({
    ...out,
    reason: 'SAME',
    ...(bare ? { severity: null, args: [] } : {}),
  });
  const item = (of: Item): Item => {
    switch (of.k) {
      case 'rule':
        return outcome(of);
      case 'group':
        return { ...of, items: of.items.map(item) };
      case 'table':
        return { ...of, rows: of.rows.map((row) => ({ ...row, outcome: outcome(row.outcome) })) };
      default:
        return of;
    }
  };
  return { ...policy, fallback: outcome(policy.fallback), items: policy.items.map(item) };
}
