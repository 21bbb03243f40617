// The conditions of a policy: the atoms that its rules combine with `and`, `or` and `not`.

import { TRUE as ALWAYS, type Edge, type Ir } from '../ir/ir.ts';
import { renderCondition } from '../ir/render.ts';
import type { Formula } from '../symbolic/formula.ts';
import type { Grounding } from '../symbolic/ground.ts';

export interface Condition {
  /** Not negated. */
  readonly edge: Edge;
  readonly text: string;
  readonly negated: string;
  /** Indices of the rules that it is a part of. */
  readonly rules: readonly number[];
}

/** Every condition once, in the order of the rules that use them first. */
export function conditionsOf(ir: Ir): readonly Condition[] {
  const rules = new Map<Edge, number[]>();
  ir.rules.forEach((rule, id) => {
    if (rule.shadow) return;
    for (const edge of atomsUnder(ir, rule.cond)) {
      const known = rules.get(edge);
      if (known === undefined) rules.set(edge, [id]);
      else known.push(id);
    }
  });
  return [...rules].map(([edge, users]) => ({
    edge,
    text: renderCondition(ir, edge),
    negated: renderCondition(ir, edge ^ 1),
    rules: users,
  }));
}

/** The atoms below an edge, each once, left to right. */
export function atomsUnder(ir: Ir, root: Edge): Edge[] {
  const seen = new Set<number>();
  const found: Edge[] = [];
  const pending: Edge[] = [root];
  while (pending.length > 0) {
    const edge = pending.pop()!;
    if (seen.has(edge >> 1) || edge >> 1 === ALWAYS) continue;
    seen.add(edge >> 1);
    const cond = ir.conds[edge >> 1]!;
    if (cond.op === 'and') pending.push(...[...cond.args].reverse());
    else found.push(edge & ~1);
  }
  return found;
}

/** The conditions without those that say the same of every request as an earlier one, or its opposite. */
export function distinctConditions(ground: Grounding, conditions: readonly Condition[]): Condition[] {
  const known = new Map<number, Condition>();
  for (const condition of conditions) {
    const node = ground.edge(condition.edge) >> 1;
    const before = known.get(node);
    if (before === undefined) known.set(node, condition);
    else known.set(node, { ...before, rules: [...new Set([...before.rules, ...condition.rules])] });
  }
  return [...known.values()];
}

/** What an edge is when one condition is taken to hold, or not to. */
export function withCondition(ground: Grounding, root: Edge, condition: Formula, holds: Formula): Formula {
  const { ir, places } = ground;
  const known = new Map<number, Formula>();
  const value = (edge: Edge): Formula => {
    const id = edge >> 1;
    let formula = known.get(id);
    if (formula === undefined) {
      const cond = ir.conds[id]!;
      if (cond.op === 'and') formula = places.formulas.all(cond.args.map(value));
      else {
        const atom = ground.edge(id << 1);
        formula = atom >> 1 === condition >> 1 ? holds ^ (atom & 1) ^ (condition & 1) : atom;
      }
      known.set(id, formula);
    }
    return formula ^ (edge & 1);
  };
  return value(root);
}
