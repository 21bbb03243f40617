// What a condition schema demands at the places that some policy reads, also where its own policy reads less: a request that is shown must
// be valid for the whole schema.

import type { Core, SchemaSet, Shape } from '../checker/shape.ts';
import type { Demand } from './demand.ts';
import { FALSE, type Formula, TRUE } from './formula.ts';
import type { Grounding } from './ground.ts';
import { isDistinct } from './ground-atom.ts';
import { ABSENT, BOOL, LIST, NULL, NUMBER, OBJECT, type PlaceId, type Places, STRING } from './place.ts';
import { isOfKind } from './value.ts';

/** A condition that every request that is valid for the schema satisfies. To be asked for when every place is known. */
export function schemaDemand(ground: Grounding, schemas: SchemaSet): Formula {
  return new SchemaDemand(ground).shape(schemas.root.shape, 0);
}

class SchemaDemand {
  readonly #ground: Grounding;
  readonly #places: Places;
  readonly #demand: Demand;

  constructor(ground: Grounding) {
    this.#ground = ground;
    this.#places = ground.places;
    this.#demand = ground.demand;
  }

  shape(shape: Shape, place: PlaceId): Formula {
    const core = this.#core(shape.core, place);
    return shape.nullable ? this.#places.formulas.or(this.#places.kind(place, NULL), core) : core;
  }

  #core(core: Core, place: PlaceId): Formula {
    const { formulas } = this.#places;
    const places = this.#places;
    switch (core.kind) {
      case 'unknown':
        return TRUE;
      case 'never':
        return FALSE;
      case 'null':
        return places.kind(place, NULL);
      case 'bool':
        return core.values === null
          ? places.kind(place, BOOL)
          : formulas.any(core.values.map((value) => places.fact(place, { is: 'bool', value })));
      case 'string':
        return this.#string(core, place);
      case 'int':
      case 'decimal':
      case 'number':
        return this.#number(core, place);
      case 'timestamp':
      case 'date':
      case 'duration':
      case 'localTimestamp':
        return isOfKind(places, place, core.kind, 0);
      case 'record':
      case 'map':
        return this.#object(core, place);
      case 'list':
        return this.#list(core, place);
      case 'union':
        return formulas.any(core.branches.map((branch) => this.shape(branch.node.shape, place)));
      case 'anyOf':
        return formulas.any(core.branches.map((branch) => this.shape(branch, place)));
    }
  }

  #string(core: Extract<Core, { kind: 'string' }>, place: PlaceId): Formula {
    const { formulas } = this.#places;
    const test = { kind: 'length' as const, min: core.minLength ?? 0, max: core.maxLength ?? Infinity };
    const isBounded = core.minLength !== null || core.maxLength !== null;
    const isAllowed =
      core.values === null
        ? this.#places.kind(place, STRING)
        : this.#places.fact(place, { is: 'strings', texts: core.values });
    const length = isBounded ? this.#places.fact(place, { is: 'text', test, reading: 'same' }) : TRUE;
    return formulas.and(core.values?.length === 0 ? FALSE : isAllowed, length);
  }

  #number(core: Extract<Core, { kind: 'int' | 'decimal' | 'number' }>, place: PlaceId): Formula {
    const { formulas } = this.#places;
    const scale = core.kind === 'number' ? null : core.kind === 'int' ? 0 : core.scale;
    const within = (lo: number, hi: number): Formula =>
      this.#places.fact(place, { is: 'number', scale, lo, hi });
    // The schema bounds no integer: one that is too large to be read is valid, and refused where it is read.
    const isKind = scale === null ? this.#places.kind(place, NUMBER) : within(-Infinity, Infinity);
    const isBounded = core.min !== null || core.max !== null;
    const range = isBounded ? within(core.min ?? -Infinity, core.max ?? Infinity) : TRUE;
    const values =
      core.values === null ? TRUE : formulas.any(core.values.map((value) => within(value, value)));
    return formulas.all([isKind, range, values]);
  }

  #object(core: Extract<Core, { kind: 'record' | 'map' }>, place: PlaceId): Formula {
    const { formulas, children } = this.#places;
    const parts: Formula[] = [this.#places.kind(place, OBJECT)];
    const properties = core.kind === 'record' ? core.properties : new Map<string, never>();
    const other = core.kind === 'record' ? core.additional : core.value;
    for (const key of this.#demand.keys(this.#places.places[place]!))
      if (this.#demand.judged && (core.required.has(key) || (other === false && !properties.has(key))))
        this.#places.child(place, { step: 'member', key });
    for (const { id, step } of children[place]!) {
      const absent = this.#places.kind(id, ABSENT);
      if (step.step === 'member') {
        const node = properties.get(step.key) ?? other;
        if (core.required.has(step.key)) parts.push(absent ^ 1);
        if (node === false) parts.push(absent);
        else if (node !== null) parts.push(formulas.or(absent, this.shape(node.shape, id)));
      } else if (step.step === 'rest' && other === false && this.#namesAll(place, properties)) {
        parts.push(this.#sized(id, 0, 0));
      } else if (step.step === 'size') parts.push(this.#sized(id, core.minProperties, core.maxProperties));
      else if ((step.step === 'entry' || step.step === 'entryAt') && core.kind === 'map') {
        if (core.value === false) parts.push(absent);
        else if (core.value !== null) parts.push(formulas.or(absent, this.shape(core.value.shape, id)));
      }
    }
    return formulas.all(parts);
  }

  /** Every property of a closed object has a place, so that what has none is not allowed. */
  #namesAll(object: PlaceId, properties: ReadonlyMap<string, unknown>): boolean {
    const named = new Set(this.#demand.keys(this.#places.places[object]!));
    return [...properties.keys()].every((key) => named.has(key));
  }

  #list(core: Extract<Core, { kind: 'list' }>, place: PlaceId): Formula {
    const { formulas, children } = this.#places;
    const parts: Formula[] = [this.#places.kind(place, LIST)];
    if (core.unique) parts.push(isDistinct(this.#ground, place));
    if (core.minItems !== null && core.minItems > 0) this.#places.child(place, { step: 'size' });
    for (const { id, step } of children[place]!) {
      if (step.step === 'size') parts.push(this.#sized(id, core.minItems, core.maxItems));
      else if (step.step === 'item' && core.items !== null)
        parts.push(formulas.or(this.#places.kind(id, ABSENT), this.shape(core.items.shape, id)));
    }
    return formulas.all(parts);
  }

  #sized(size: PlaceId, least: number | null, most: number | null): Formula {
    if (least === null && most === null) return TRUE;
    return this.#places.fact(size, { is: 'number', scale: 0, lo: least ?? 0, hi: most ?? Infinity });
  }
}
