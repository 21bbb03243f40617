// Conditions that are no part of a question, but make requests that answer it easier to find: where the model of requests promises more
// than a request can have, they keep away from it.

import type { Edge } from '../ir/ir.ts';
import { type Formula, TRUE } from '../symbolic/formula.ts';
import { type Grounding, NO_BINDINGS } from '../symbolic/ground.ts';
import { STRING } from '../symbolic/place.ts';
import type { Space } from '../symbolic/space.ts';

/** Requests that are just like their model. To be asked for before the first question. */
export function simpleRequests(space: Space): Formula {
  return space.formulas.all([...shortLists(space), ...distinctKeys(space)]);
}

/** No list is longer than what is modelled of it: of the items behind nothing is known. */
function shortLists({ places, demand }: Space): Formula[] {
  return [...places.places].flatMap((place) => {
    const size = places.find(place.id, { step: 'size' });
    const { count, exact } = demand.items(place);
    if (size === null || exact) return [];
    return [places.fact(size.id, { is: 'number', scale: 0, lo: count + 1, hi: Infinity }) ^ 1];
  });
}

/** Keys that are known at run time only are different texts: each is modelled with an entry of its own. */
function distinctKeys({ places, formulas }: Space): Formula[] {
  return [...places.places].flatMap(({ id }) => {
    const keys = places.children[id]!.flatMap(({ step }) => (step.step === 'entryAt' ? [step.key] : []));
    return keys.flatMap((a, at) =>
      keys.slice(at + 1).map((b) => {
        const areTexts = formulas.and(places.kind(a, STRING), places.kind(b, STRING));
        return formulas.and(areTexts, places.link({ is: 'equal', a: Math.min(a, b), b: Math.max(a, b) })) ^ 1;
      }),
    );
  });
}

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
