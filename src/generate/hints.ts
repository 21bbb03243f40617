// What makes requests easier to find where long lists are counted. No part of a question.

import type { Edge } from '../ir/ir.ts';
import { type Formula, TRUE } from '../symbolic/formula.ts';
import { type Grounding, NO_BINDINGS } from '../symbolic/ground.ts';

/**
 * Of a count that lists longer than the model can reach, every item counts: the items behind the modelled ones are like the last of these.
 */
export function fullCount(ground: Grounding, edge: Edge): Formula {
  const { ir, places, demand } = ground;
  const cond = ir.conds[edge >> 1]!;
  const atom = cond.op === 'atom' ? ir.atoms[cond.atom]! : null;
  if (atom === null || !('field' in atom)) return TRUE;
  const { derived } = ir.fields[atom.field]!;
  if (derived?.op !== 'COUNT') return TRUE;
  const items = ground.cases(derived.list, NO_BINDINGS).flatMap(({ value }) => {
    if (value.is !== 'place' || demand.items(places.places[value.place]!).exact) return [];
    return ground.itemsThat(value.place, derived.elem, derived.body, NO_BINDINGS);
  });
  return places.formulas.all(items);
}
