// What is true of every JSON text: members hang under objects, items under lists, and the first items come first.

import type { Demand } from './demand.ts';
import type { Formula } from './formula.ts';
import { inStrings } from './ground-atom.ts';
import { ABSENT, LIST, OBJECT, type Place, type Places, STRING } from './place.ts';
import type { Value } from './value.ts';

/** Facts about how places hang together. To be asked for when every place is known. */
export function axioms(places: Places, demand: Demand): Formula[] {
  const all: Formula[] = [places.kind(0, ABSENT) ^ 1];
  for (const place of [...places.places])
    if (place.parent !== null) all.push(...axiomsOf(places, demand, place));
  return all;
}

/** Gives every named member of an object whose keys are counted a place. To be asked for before it is said what schemas demand. */
export function nameCounted(places: Places, demand: Demand): void {
  for (const { parent, step } of [...places.places])
    if (step.step === 'size')
      for (const key of demand.keys(places.places[parent!]!)) places.child(parent!, { step: 'member', key });
}

function axiomsOf(places: Places, demand: Demand, place: Place): Formula[] {
  const { formulas } = places;
  const parent = place.parent!;
  const here = places.kind(place.id, ABSENT) ^ 1;
  const moreThan = (step: 'size' | 'rest', count: number): Formula => {
    const counted = places.child(parent, { step });
    return places.fact(counted.id, { is: 'number', scale: 0, lo: count + 1, hi: Infinity });
  };
  switch (place.step.step) {
    case 'root':
      return [];
    case 'member':
      return [formulas.implies(here, places.kind(parent, OBJECT))];
    case 'further':
      return [formulas.implies(here, places.kind(parent, LIST))];
    case 'item': {
      const reached = formulas.and(places.kind(parent, LIST), moreThan('size', place.step.index));
      return [formulas.same(here, reached), ...existsSize(places, parent)];
    }
    case 'entry': {
      const reached = formulas.and(places.kind(parent, OBJECT), moreThan('rest', place.step.index));
      return [formulas.same(here, reached), ...existsRest(places, parent)];
    }
    case 'entryAt': {
      const { key, change } = place.step;
      const named = demand.keys(places.places[parent]!);
      const text: Value =
        change === null
          ? { is: 'place', place: key, kind: 'string', scale: 0 }
          : { is: 'text', place: key, change };
      const isNamed = inStrings(places, text, named);
      return [
        formulas.implies(
          here,
          formulas.all([places.kind(parent, OBJECT), places.kind(key, STRING), isNamed ^ 1]),
        ),
        formulas.implies(here, moreThan('rest', 0)),
        ...existsRest(places, parent),
      ];
    }
    case 'size':
      return [...existsSize(places, parent), ...sizeOfObject(places, demand, parent)];
    case 'length':
      return lengthOfText(places, place);
    case 'rest':
      return existsRest(places, parent);
  }
}

/** A named text has the length that it has. */
function lengthOfText(places: Places, length: Place): Formula[] {
  const { formulas } = places;
  const text = length.parent!;
  const named = places.variables.flatMap((variable) =>
    variable.kind === 'fact' && variable.place === text && variable.fact.is === 'strings'
      ? variable.fact.texts
      : [],
  );
  return [
    formulas.same(places.kind(length.id, ABSENT) ^ 1, places.kind(text, STRING)),
    ...[...new Set(named)].map((each) => {
      const count = [...each].length;
      return formulas.implies(
        places.fact(text, { is: 'strings', texts: [each] }),
        places.fact(length.id, { is: 'number', scale: 0, lo: count, hi: count }),
      );
    }),
  ];
}

function existsSize(places: Places, parent: number): Formula[] {
  const size = places.child(parent, { step: 'size' });
  return [places.formulas.same(places.kind(size.id, ABSENT) ^ 1, places.kind(parent, LIST | OBJECT))];
}

function existsRest(places: Places, parent: number): Formula[] {
  const rest = places.child(parent, { step: 'rest' });
  return [places.formulas.same(places.kind(rest.id, ABSENT) ^ 1, places.kind(parent, OBJECT))];
}

/** An object has as many keys as named members and others, as far as the modelled entries tell them apart. */
function sizeOfObject(places: Places, demand: Demand, object: number): Formula[] {
  const { formulas } = places;
  const keys = demand.keys(places.places[object]!);
  const members = places.children[object]!.filter(({ step }) => step.step === 'member');
  const others = places.children[object]!.filter(({ step }) => step.step === 'entry').length;
  // A named member that nothing reads has no place, and is none of the others either.
  const isComplete = keys.every((key) => places.find(object, { step: 'member', key }) !== null);
  const has = members.map(({ id }) => places.kind(id, ABSENT) ^ 1);
  const size = places.child(object, { step: 'size' }).id;
  const rest = places.child(object, { step: 'rest' }).id;
  const isObject = places.kind(object, OBJECT);
  const within = (place: number, lo: number, hi: number): Formula =>
    places.fact(place, { is: 'number', scale: 0, lo, hi });
  const all: Formula[] = [...existsRest(places, object)];
  for (let count = 0; count <= has.length; count++) {
    const reached = formulas.atLeast(count, has);
    const exceeded = formulas.atLeast(count + 1, has);
    for (let more = 0; more <= others + 1; more++) {
      const least = formulas.all([isObject, reached, within(rest, more, Infinity)]);
      all.push(formulas.implies(least, within(size, count + more, Infinity)));
      if (!isComplete || more > others) continue;
      const most = formulas.all([isObject, exceeded ^ 1, within(rest, 0, more)]);
      all.push(formulas.implies(most, within(size, 0, count + more)));
    }
  }
  return all;
}
