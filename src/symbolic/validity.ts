// Which requests the projection of a policy accepts: what its schema demands at every place that the policy reads.

import { MAX_LIST_ITEMS, MAX_MAP_ENTRIES } from '../bytecode/limits.ts';
import type { Field, FieldId } from '../ir/ir.ts';
import { type Formula, TRUE } from './formula.ts';
import type { Bindings, Grounding } from './ground.ts';
import { NO_BINDINGS } from './ground.ts';
import { hasOtherKey, isDistinct } from './ground-atom.ts';
import { ABSENT, type Fact, NULL, type PlaceId } from './place.ts';
import { isOfKind } from './value.ts';

/**
 * The condition that a request is accepted, but for the limits of the contract on sizes of texts and of the request. To be asked for when
 * everything else is ground: entries under computed keys are judged too.
 */
export function acceptance(ground: Grounding): Formula {
  return new Acceptance(ground).field(ground.ir.fields[0]!, 0, NO_BINDINGS);
}

class Acceptance {
  readonly #ground: Grounding;
  /** Fields that are read in the request itself, by the field that they hang under. */
  readonly #children = new Map<FieldId, Field[]>();

  constructor(ground: Grounding) {
    this.#ground = ground;
    for (const field of ground.ir.fields) {
      if (field.parent === null || field.via === 'bound') continue;
      const siblings = this.#children.get(field.parent);
      if (siblings === undefined) this.#children.set(field.parent, [field]);
      else siblings.push(field);
    }
  }

  field(field: Field, place: PlaceId, bindings: Bindings): Formula {
    const { places } = this.#ground;
    const { formulas } = places;
    const absent = field.optional ? ABSENT : 0;
    // Below an unknown nothing about types is an error.
    if (field.kind === 'unknown') return absent === 0 ? this.#ground.exists(place) : TRUE;
    const open = absent | (field.optional || field.nullable ? NULL : 0);
    const strict = formulas.all([
      isOfKind(places, place, field.kind, field.scale),
      ...this.#limits(field, place),
      ...this.#parts(field, place, bindings),
    ]);
    return open === 0 ? strict : formulas.or(places.kind(place, open), strict);
  }

  #parts(field: Field, place: PlaceId, bindings: Bindings): Formula[] {
    const { places } = this.#ground;
    const { formulas } = places;
    const parts: Formula[] = [];
    if (field.closed !== null)
      parts.push(hasOtherKey(this.#ground, place, this.#ground.set(field.closed)) ^ 1);
    if (field.unique) parts.push(isDistinct(this.#ground, place));
    if (field.discriminator !== null) {
      const tag = places.child(place, { step: 'member', key: field.discriminator.key }).id;
      parts.push(this.#ground.strings(tag, this.#ground.set(field.discriminator.values)));
    }
    for (const child of this.#children.get(field.id) ?? []) {
      if (child.via === 'member')
        parts.push(this.field(child, places.child(place, { step: 'member', key: child.key! }).id, bindings));
      else if (child.via === 'view' && child.branch !== null) {
        const key = field.discriminator!.key;
        const tag = places.child(place, { step: 'member', key }).id;
        const selected = this.#ground.strings(tag, this.#ground.set(child.branch));
        parts.push(formulas.implies(selected, this.field(child, place, bindings)));
      } else if (child.via === 'element' || child.via === 'value')
        parts.push(...this.#each(child, this.#partsOf(child, place), bindings));
    }
    return parts;
  }

  /** What is there must satisfy the template. */
  #each(template: Field, parts: readonly PlaceId[], bindings: Bindings): Formula[] {
    return parts.map((part) =>
      this.#ground.places.formulas.implies(
        this.#ground.exists(part),
        this.field(template, part, new Map(bindings).set(template.id, part)),
      ),
    );
  }

  #partsOf(template: Field, place: PlaceId): PlaceId[] {
    const { places, demand } = this.#ground;
    const here = places.places[place]!;
    if (template.via === 'element') {
      const items = Array.from({ length: demand.items(here).count }, (_, index) => index);
      return items.map((index) => places.child(place, { step: 'item', index }).id);
    }
    const named = demand.keys(here).map((key) => places.child(place, { step: 'member', key }).id);
    const entries = Array.from(
      { length: demand.entries(here).count },
      (_, index) => places.child(place, { step: 'entry', index }).id,
    );
    const computed = places.children[place]!.filter(({ step }) => step.step === 'entryAt');
    return [...named, ...entries, ...computed.map(({ id }) => id)];
  }

  #limits(field: Field, place: PlaceId): Formula[] {
    const { places } = this.#ground;
    const { limits, kind } = field;
    const parts: Formula[] = [];
    const sized = (least: number, most: number): void => {
      const size = places.child(place, { step: 'size' }).id;
      parts.push(places.fact(size, { is: 'number', scale: 0, lo: least, hi: most }));
    };
    const bounded = kind === 'list' ? MAX_LIST_ITEMS : kind === 'map' ? MAX_MAP_ENTRIES : Infinity;
    if (bounded < Infinity || (kind === 'record' && limits !== null))
      sized(limits?.minLength ?? 0, Math.min(bounded, limits?.maxLength ?? Infinity));
    if (limits === null) return parts;
    if (kind === 'string' && (limits.minLength !== null || limits.maxLength !== null)) {
      const test = {
        kind: 'length' as const,
        min: limits.minLength ?? 0,
        max: limits.maxLength ?? Infinity,
      };
      parts.push(places.fact(place, { is: 'text', test, reading: 'same' }));
    }
    const numeric = kind === 'int' || kind === 'decimal' || kind === 'number';
    if (numeric && (limits.min > -Infinity || limits.max < Infinity))
      parts.push(places.fact(place, this.#number(field, limits.min, limits.max)));
    if (limits.set !== null) parts.push(this.#allowed(field, place, limits.set));
    return parts;
  }

  #number(field: Field, lo: number, hi: number): Fact {
    return { is: 'number', scale: field.kind === 'number' ? null : field.scale, lo, hi };
  }

  #allowed(field: Field, place: PlaceId, id: number): Formula {
    const { places, ir } = this.#ground;
    const set = ir.sets[id]!;
    if (set.of === 'string') return this.#ground.strings(place, set.items);
    return places.formulas.any(
      set.items.map((item) =>
        places.fact(
          place,
          field.kind === 'bool' ? { is: 'bool', value: item === 1 } : this.#number(field, item, item),
        ),
      ),
    );
  }
}
