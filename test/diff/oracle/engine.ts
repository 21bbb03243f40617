// The comparison that is judged here, seen from outside.

import { diffPolicies } from '../../../src/diff/diff.ts';
import type { DiffReport } from '../../../src/diff/report.ts';
import type { DiffSide } from '../../../src/diff/sides.ts';
import { checkPolicy } from '../../../src/policy.ts';
import { type Judged, judge } from './judge.ts';
import type { Built } from './pairs.ts';
import { POLICY_FILE, type Subject } from './subject.ts';

/** Enough for every small world; a question that takes longer counts as open, of which a test allows few. */
const BUDGET_MS = 5_000;

export function compare(old: Subject, next: Subject): DiffReport {
  return diffPolicies(sideOf(old, 'old.policy'), sideOf(next, 'new.policy'), { budgetMs: BUDGET_MS });
}

function sideOf({ compiled, rules, host }: Subject, label: string): DiffSide {
  const { bytes, ir } = compiled;
  const { schemas } = checkPolicy(POLICY_FILE, host);
  return { label, bytes, ir, schemas, rulePlaces: new Map(rules.map((name) => [name, null])) };
}

/** What is wrong with the engine's report on a pair; what it throws is a problem, too. */
export function judgePair({ pair, old, next, requests, oneSided }: Built): Judged {
  try {
    return judge(compare(old, next), { old, next, requests, oneSided, complete: !pair.old.world.open });
  } catch (error) {
    const thrown = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { problems: [`thrown: ${thrown}`], undecided: false, cells: 0 };
  }
}
