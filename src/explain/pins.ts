// Pins hold a request as it is, member by member: a pin says that a member is there with the value that it has, or is not there, unless
// what it hangs under became something else. How many pins must be drawn is how many members must change.

import type { SchemaNode, SchemaSet, Shape } from '../checker/shape.ts';
import { timeOf } from '../symbolic/fact-of-text.ts';
import { FieldReader, type Path } from '../symbolic/fields.ts';
import type { Formula } from '../symbolic/formula.ts';
import type { Grounding } from '../symbolic/ground.ts';
import {
  ABSENT,
  ENTRIES,
  LIST,
  NULL,
  OBJECT,
  type PlaceId,
  type Places,
  type Step,
  type TimeKind,
} from '../symbolic/place.ts';
import type { Json } from '../value/json.ts';
import { below } from './reading.ts';

export interface Pin {
  readonly formula: Formula;
  readonly place: PlaceId;
  readonly pointer: string;
  /** The member is in the request. */
  readonly isThere: boolean;
  /** A time is held as a time, however it is written. */
  readonly time: TimeKind | null;
}

/** Pins for every member and item of a request, and for those that it could have. */
export function pinsOf(ground: Grounding, schemas: SchemaSet | null, request: Json): readonly Pin[] {
  const pinning = new Pinning(ground);
  pinning.parts(0, '', request, schemas === null ? [] : alternatives(schemas.root.shape));
  return pinning.pins;
}

class Pinning {
  readonly pins: Pin[] = [];
  readonly #ground: Grounding;
  readonly #places: Places;
  /** Where the policy reads times, and where it reads texts. */
  readonly #times: readonly { readonly path: Path; readonly kind: TimeKind }[];
  readonly #texts: readonly Path[];

  constructor(ground: Grounding) {
    this.#ground = ground;
    this.#places = ground.places;
    const reader = new FieldReader(ground.ir);
    const { fields } = ground.ir;
    this.#times = fields.flatMap(({ id, kind }) =>
      kind === 'timestamp' || kind === 'date' || kind === 'duration'
        ? reader.paths(id).map((path) => ({ path, kind }))
        : [],
    );
    this.#texts = fields.flatMap(({ id, kind }) =>
      kind === 'string' || kind === 'localTimestamp' ? reader.paths(id) : [],
    );
  }

  /** How a text is read as a time; null when it is not, or as a text too. */
  #timeKind(place: PlaceId, text: string): TimeKind | null {
    const { path } = this.#places.places[place]!;
    if (this.#texts.some((each) => speaksOf(each, path))) return null;
    const found = this.#times.find((each) => speaksOf(each.path, path) && timeOf(each.kind, text) !== null);
    return found?.kind ?? null;
  }

  parts(place: PlaceId, pointer: string, value: Json, shapes: readonly Shape[]): void {
    if (Array.isArray(value)) this.#items(place, pointer, value, shapes);
    else if (typeof value === 'object' && value !== null)
      this.#members(place, pointer, value as { readonly [key: string]: Json }, shapes);
  }

  #items(list: PlaceId, pointer: string, items: readonly Json[], shapes: readonly Shape[]): void {
    const isList = this.#places.kind(list, LIST);
    const { count } = this.#ground.demand.items(this.#places.places[list]!);
    const nodes = shapes.flatMap(({ core }) =>
      core.kind === 'list' && core.items !== null ? [core.items] : [],
    );
    for (let index = 0; index < count; index++)
      this.#part(list, isList, { step: 'item', index }, below(pointer, index), items[index], nodes);
    this.#counted(list, isList, 'size', Math.max(items.length, count), `${pointer}/-`, 1);
    if (items.length > count) this.#exactSize(list, isList, items.length, pointer);
  }

  /** A list with items that are not modelled keeps its length. */
  #exactSize(list: PlaceId, isList: Formula, length: number, pointer: string): void {
    const { formulas } = this.#places;
    const place = this.#places.child(list, { step: 'size' }).id;
    const least = this.#places.fact(place, { is: 'number', scale: 0, lo: length, hi: Infinity });
    const formula = formulas.implies(isList, least);
    this.pins.push({ formula, place, pointer: below(pointer, length - 1), isThere: true, time: null });
  }

  #members(
    object: PlaceId,
    pointer: string,
    members: { readonly [key: string]: Json },
    shapes: readonly Shape[],
  ): void {
    const isObject = this.#places.kind(object, OBJECT);
    const here = this.#places.places[object]!;
    const declared = shapes.flatMap(({ core }) =>
      core.kind === 'record' ? [...core.properties.keys()] : [],
    );
    const keys = new Set([...Object.keys(members), ...this.#ground.demand.keys(here), ...declared]);
    for (const key of keys) {
      const value = Object.hasOwn(members, key) ? members[key] : undefined;
      const nodes = shapes.flatMap((shape) => nodesOf(shape, key));
      this.#part(object, isObject, { step: 'member', key }, below(pointer, key), value, nodes);
    }
    const entries = Math.max(1, this.#ground.demand.entries(here).count);
    this.#counted(object, isObject, 'rest', 0, `${pointer}/*`, entries);
  }

  /** Parts that have no place of their own: each one more is a change more. */
  #counted(
    parent: PlaceId,
    isContainer: Formula,
    step: 'size' | 'rest',
    from: number,
    pointer: string,
    count: number,
  ): void {
    const { formulas } = this.#places;
    const place = this.#places.child(parent, { step }).id;
    for (let more = from + 1; more <= from + count; more++) {
      const isMore = this.#places.fact(place, { is: 'number', scale: 0, lo: more, hi: Infinity });
      const formula = formulas.implies(isContainer, isMore ^ 1);
      this.pins.push({ formula, place, pointer, isThere: false, time: null });
    }
  }

  #part(
    parent: PlaceId,
    isContainer: Formula,
    step: Step,
    pointer: string,
    value: Json | undefined,
    nodes: readonly SchemaNode[],
  ): void {
    const place = this.#places.child(parent, step).id;
    const time = typeof value === 'string' ? this.#timeKind(place, value) : null;
    const formula = this.#places.formulas.implies(isContainer, this.#is(place, value, time));
    this.pins.push({ formula, place, pointer, isThere: value !== undefined, time });
    if (value !== undefined)
      this.parts(
        place,
        pointer,
        value,
        nodes.flatMap(({ shape }) => alternatives(shape)),
      );
  }

  /** The value is the one given; of an object or a list, that it is one. */
  #is(place: PlaceId, value: Json | undefined, time: TimeKind | null): Formula {
    if (value === undefined) return this.#places.kind(place, ABSENT);
    if (value === null) return this.#places.kind(place, NULL);
    switch (typeof value) {
      case 'boolean':
        return this.#places.fact(place, { is: 'bool', value });
      case 'number':
        return this.#places.fact(place, { is: 'number', scale: null, lo: value + 0, hi: value + 0 });
      case 'string': {
        // Theories that compare times know the bounds of times, not what a text writes.
        const at = time === null ? null : timeOf(time, value);
        return time === null || at === null
          ? this.#places.fact(place, { is: 'strings', texts: [value] })
          : this.#places.fact(place, { is: 'time', kind: time, lo: at, hi: at });
      }
      default:
        return this.#places.kind(place, Array.isArray(value) ? LIST : OBJECT);
    }
  }
}

/** Whether a place is one that a path speaks of: `{}` in it means an entry under any key. */
function speaksOf(path: Path, place: Path): boolean {
  return (
    path.length === place.length &&
    path.every((segment, i) => segment === place[i] || (segment === ENTRIES && place[i]!.startsWith('.')))
  );
}

function nodesOf({ core }: Shape, key: string): readonly SchemaNode[] {
  if (core.kind === 'map') return core.value === null || core.value === false ? [] : [core.value];
  if (core.kind !== 'record') return [];
  const node = core.properties.get(key) ?? core.additional;
  return node === null || node === false ? [] : [node];
}

/** The shapes that a value may have, branches apart. */
function alternatives(shape: Shape): readonly Shape[] {
  const { core } = shape;
  if (core.kind === 'union') return core.branches.flatMap(({ node }) => alternatives(node.shape));
  return core.kind === 'anyOf' ? core.branches.flatMap(alternatives) : [shape];
}
