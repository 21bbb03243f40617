// The request that an assignment stands for, as a plan: what is read is fixed, the rest is left to whoever completes it for the schema.

import type { Json } from '../value/json.ts';
import { normalizePath } from '../value/path.ts';
import { asciiLower, asciiUpper } from '../value/text.ts';
import type { Plan } from '../witness/complete-plan.ts';
import type { Encoding } from './encoding.ts';
import type { ValueClass } from './partition.ts';
import type { Place, PlaceId, TextChange } from './place.ts';

/** Items and members of one list or object: larger requests are not shown to anybody. */
const MAX_PARTS = 2_048;

/** The plan of a request with these values at the places that hold a scalar or a count; null when it would be too large. */
export function planOf(encoding: Encoding, values: ReadonlyMap<PlaceId, Json>): Plan | null {
  for (const { id, step } of encoding.places.places) {
    const count = values.get(id);
    if ((step.step === 'size' || step.step === 'rest') && typeof count === 'number' && count > MAX_PARTS)
      return null;
  }
  return new Planner(encoding, values).plan(0);
}

class Planner {
  readonly #encoding: Encoding;
  readonly #values: ReadonlyMap<PlaceId, Json>;

  constructor(encoding: Encoding, values: ReadonlyMap<PlaceId, Json>) {
    this.#encoding = encoding;
    this.#values = values;
  }

  plan(place: PlaceId): Plan {
    const of = this.#class(place).is;
    if (of === 'list') return { list: this.#items(place) };
    if (of === 'object') return this.#object(place);
    return { fixed: this.#values.get(place) ?? null };
  }

  #class(place: PlaceId): ValueClass {
    return this.#encoding.valueClass(place);
  }

  #children(place: PlaceId): readonly Place[] {
    return this.#encoding.places.children[place]!;
  }

  #count(place: PlaceId, step: 'size' | 'rest'): number | null {
    const counted = this.#encoding.places.find(place, { step });
    const count = counted === null ? undefined : this.#values.get(counted.id);
    return typeof count === 'number' ? count : null;
  }

  #items(list: PlaceId): Plan[] {
    const modelled = this.#children(list).filter(({ step }) => step.step === 'item');
    const items = modelled
      .sort((a, b) => indexOf(a) - indexOf(b))
      .filter(({ id }) => this.#class(id).is !== 'absent')
      .map(({ id }) => this.plan(id));
    // The items behind the modelled ones are like the last of them: a condition that holds for it holds for them.
    const count = this.#count(list, 'size') ?? items.length;
    const more: Plan = items.at(-1) ?? { free: true };
    while (items.length < count) items.push(more);
    return items;
  }

  #object(object: PlaceId): Plan {
    const members = new Map<string, Plan | 'absent'>();
    for (const { id, step } of this.#children(object)) {
      if (step.step !== 'member') continue;
      members.set(step.key, this.#class(id).is === 'absent' ? 'absent' : this.plan(id));
    }
    const named = new Set(members.keys());
    for (const { id, step } of this.#children(object)) {
      if (step.step !== 'entryAt' || this.#class(id).is === 'absent') continue;
      const text = this.#values.get(step.key);
      const key = typeof text === 'string' ? changed(text, step.change) : null;
      if (key !== null) members.set(key, this.plan(id));
    }
    const entries = this.#children(object)
      .filter(({ id, step }) => step.step === 'entry' && this.#class(id).is !== 'absent')
      .map(({ id }) => this.plan(id));
    const others = (): number => [...members.keys()].filter((key) => !named.has(key)).length;
    const rest = this.#count(object, 'rest');
    const more: Plan = entries.at(-1) ?? { free: true };
    const add = (plan: Plan): void => {
      members.set(freshKey(members), plan);
    };
    for (const entry of entries) add(entry);
    while (rest !== null && others() < rest) add(more);
    const size = this.#count(object, 'size');
    const present = (): number => [...members.values()].filter((plan) => plan !== 'absent').length;
    while (size !== null && rest === null && present() < size) add(more);
    // What the schemas demand beside may be added: whether the request is then still the one that was asked for, its decision shows.
    return { object: members, open: true };
  }
}

function indexOf(place: Place): number {
  return place.step.step === 'item' ? place.step.index : 0;
}

function changed(text: string, change: TextChange | null): string | null {
  if (change === null) return text;
  return change === 'path' ? normalizePath(text) : change === 'lower' ? asciiLower(text) : asciiUpper(text);
}

function freshKey(members: ReadonlyMap<string, unknown>): string {
  for (let i = 1; ; i++) {
    const key = `key${i}`;
    if (!members.has(key)) return key;
  }
}
