// Conditions that are no part of a question, but make requests that answer it easier to find: where the model of requests promises more
// than a request can have, they keep away from it.

import type { Demand } from './demand.ts';
import type { Formula } from './formula.ts';
import { type Places, STRING } from './place.ts';

interface Model {
  readonly places: Places;
  readonly demand: Demand;
}

/** Requests that are just like their model. To be asked for before the first question. */
export function simpleRequests(model: Model): Formula {
  return model.places.formulas.all([...shortLists(model), ...distinctKeys(model)]);
}

/** No list is longer than what is modelled of it: of the items behind nothing is known. */
function shortLists({ places, demand }: Model): Formula[] {
  return [...places.places].flatMap((place) => {
    const size = places.find(place.id, { step: 'size' });
    const { count, exact } = demand.items(place);
    if (size === null || exact) return [];
    return [places.fact(size.id, { is: 'number', scale: 0, lo: count + 1, hi: Infinity }) ^ 1];
  });
}

/** Keys that are known at run time only are different texts: each is modelled with an entry of its own. */
function distinctKeys({ places }: Model): Formula[] {
  const { formulas } = places;
  return [...places.places].flatMap(({ id }) => {
    const keys = places.children[id]!.flatMap(({ step }) =>
      step.step === 'entryAt' && step.change === null ? [step.key] : [],
    );
    return keys.flatMap((a, at) =>
      keys.slice(at + 1).map((b) => {
        const areTexts = formulas.and(places.kind(a, STRING), places.kind(b, STRING));
        return formulas.and(areTexts, places.link({ is: 'equal', a: Math.min(a, b), b: Math.max(a, b) })) ^ 1;
      }),
    );
  });
}
