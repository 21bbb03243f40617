// What is true of one policy, request by request, by the evaluators of it, of its rules alone, and of what is left without each.

import type { AnalysisSubject } from '../../src/analyze/subject.ts';
import type { TypedPolicy } from '../../src/checker/typed.ts';
import { emit } from '../../src/compiler/emit.ts';
import { lower } from '../../src/compiler/lower.ts';
import { type Decision, type Evaluator, loadBundle } from '../../src/evaluator/evaluator.ts';
import type { Json } from '../../src/value/json.ts';
import { placeOf } from '../diff/oracle/cells.ts';
import type { Subject } from '../diff/oracle/subject.ts';

export interface TrueRule {
  readonly name: string;
  readonly effect: string;
  /** The requests that it matches, by their positions. */
  readonly matches: ReadonlySet<number>;
  readonly decides: boolean;
  readonly matters: boolean;
  /** The rules that decide the requests that it matches. */
  readonly decidedBy: ReadonlySet<string>;
}

export interface Truth {
  readonly rules: readonly TrueRule[];
  readonly effects: ReadonlySet<string>;
  readonly hasGap: boolean;
  /** `A B` in declaration order. */
  readonly overlaps: ReadonlySet<string>;
  readonly equivalent: readonly (readonly string[])[];
}

export function subjectOf({ compiled }: Subject): AnalysisSubject {
  const { bytes, ir, typed } = compiled;
  return { label: 'p.policy', bytes, ir, typed, schemas: typed.schemas, rulePlaces: new Map() };
}

function evaluatorOf(typed: TypedPolicy): Evaluator {
  return loadBundle(emit(lower(typed)).bytes);
}

function deciderOf({ rule }: Decision): string {
  return rule ?? 'default';
}

/** All of it, for requests that are all that there are. */
export function truthOf({ compiled, evaluator }: Subject, requests: readonly Json[]): Truth {
  const { typed, ir } = compiled;
  const decisions = requests.map((request) => evaluator.evaluate(request));
  const rules = ir.rules.map((rule, id): TrueRule => {
    // As it was lowered among the others: a row is less than its cells.
    const alone = loadBundle(emit({ ...ir, rules: [rule] }).bytes);
    const matches = new Set(
      requests.flatMap((request, at) => (alone.evaluate(request).rule === null ? [] : [at])),
    );
    const without = evaluatorOf({ ...typed, rules: typed.rules.filter((_, other) => other !== id) });
    return {
      name: rule.name,
      effect: ir.effects[rule.effect]!.name,
      matches,
      decides: decisions.some((decision) => decision.rule === rule.name),
      matters: requests.some((request, at) => placeOf(decisions[at]!, without.evaluate(request)) !== null),
      decidedBy: new Set([...matches].map((at) => deciderOf(decisions[at]!))),
    };
  });
  const ordered = typed.combining === 'first_applicable';
  const meets = (a: TrueRule, b: TrueRule): boolean =>
    [...a.matches].some((at) => b.matches.has(at) && (!ordered || decisions[at]!.rule === a.name));
  const overlaps = rules.flatMap((a, at) =>
    rules
      .slice(at + 1)
      .filter((b) => a.effect !== b.effect && meets(a, b))
      .map((b) => `${a.name} ${b.name}`),
  );
  return {
    rules,
    effects: new Set(decisions.map(({ effect }) => effect)),
    hasGap: decisions.some(({ rule }) => rule === null),
    overlaps: new Set(overlaps),
    equivalent: groupsOf(rules),
  };
}

function groupsOf(rules: readonly TrueRule[]): string[][] {
  const groups = new Map<string, string[]>();
  for (const { name, matches } of rules) {
    if (matches.size === 0) continue;
    const key = [...matches].join();
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  return [...groups.values()].filter((names) => names.length > 1);
}
