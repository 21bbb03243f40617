// Places of a request, and facts about the JSON value at one place. Both policies read the same places, whatever types their schemas give
// them, so a fact that both ask for is one variable.

import { JSON_KINDS } from '../bytecode/opcodes.ts';
import type { Lang } from '../ir/ir.ts';
import type { Reading, StringTest } from '../theory/strings-literal.ts';
import type { Formula, Formulas } from './formula.ts';

export type PlaceId = number;

/** What is done to a string: to the case of its ASCII letters, or to the normal form of a path. */
export type TextChange = 'lower' | 'upper' | 'path';

/** How a place hangs under its parent. */
export type Step =
  | { readonly step: 'root' }
  | { readonly step: 'member'; readonly key: string }
  /** Item of a list: the first ones are modelled one by one. */
  | { readonly step: 'item'; readonly index: number }
  /** An item behind all modelled ones. */
  | { readonly step: 'further'; readonly name: string }
  /** Entry of an object under a key that nothing names. */
  | { readonly step: 'entry'; readonly index: number }
  /** Entry of an object under the string at another place, changed or as it is, when that is a key that nothing names. */
  | { readonly step: 'entryAt'; readonly key: PlaceId; readonly change: TextChange | null }
  /** Number of items of a list, or of own keys of an object: no value of the request. */
  | { readonly step: 'size' }
  /** Code points of a text: no value of the request. */
  | { readonly step: 'length' }
  /** Number of own keys of an object that nothing names: no value of the request. */
  | { readonly step: 'rest' };

export interface Place {
  readonly id: PlaceId;
  readonly parent: PlaceId | null;
  readonly step: Step;
  /** Segments without indices, as `segmentOf` writes them: places of the items of one list share it. */
  readonly path: readonly string[];
}

/** JSON type of a value; `absent` when there is none. */
export const ABSENT = 64;
export const ALL_KINDS = 127;
export const NULL = JSON_KINDS.null;
export const BOOL = JSON_KINDS.bool;
export const NUMBER = JSON_KINDS.number;
export const STRING = JSON_KINDS.string;
export const LIST = JSON_KINDS.list;
export const OBJECT = JSON_KINDS.object;

/** Kinds of text with a value of their own. Timestamps count microseconds since 1970, dates days, durations milliseconds. */
export type TimeKind = 'timestamp' | 'date' | 'duration';

/**
 * A fact about the value at one place, false unless the value is of the fact's kind. Numbers are scaled by the fact's own grid:
 * `scale` digits after the point, or `null` for any binary64.
 */
export type Fact =
  | { readonly is: 'kind'; readonly mask: number }
  | { readonly is: 'bool'; readonly value: boolean }
  | { readonly is: 'number'; readonly scale: number | null; readonly lo: number; readonly hi: number }
  | { readonly is: 'time'; readonly kind: TimeKind; readonly lo: bigint | null; readonly hi: bigint | null }
  | { readonly is: 'localTimestamp' }
  | { readonly is: 'strings'; readonly texts: readonly string[] }
  | { readonly is: 'text'; readonly test: StringTest; readonly reading: Reading }
  /** The path's normal form exists and is in the language; null: it exists. */
  | { readonly is: 'path'; readonly lang: Lang | null }
  | {
      readonly is: 'calendar';
      readonly part: 'weekday' | 'minuteOfDay';
      readonly offsetMinutes: number;
      readonly lo: number;
      readonly hi: number;
    };

/** A fact about several places, or one that no theory decides. */
export type Link =
  /** Sum of factor × number at place, compared with a bound; all numbers on the grids of the terms. */
  | {
      readonly is: 'linear';
      readonly terms: readonly LinearTerm[];
      readonly rel: '<=' | '==';
      readonly bound: bigint;
    }
  /** Equal strings. */
  | { readonly is: 'equal'; readonly a: PlaceId; readonly b: PlaceId }
  /** Two scalars that are equal as JSON. */
  | { readonly is: 'sameScalar'; readonly a: PlaceId; readonly b: PlaceId }
  | {
      readonly is: 'scan';
      readonly rel: 'contains' | 'prefix' | 'suffix';
      readonly text: PlaceId;
      readonly part: PlaceId;
    }
  /** Nothing is known of it but its name: the same name is the same truth. */
  | { readonly is: 'opaque'; readonly name: string };

/** What a term of a sum counts. */
export type LinearSource =
  | { readonly of: 'number'; readonly place: PlaceId; readonly scale: number }
  /** A binary64 by its position among all of them. */
  | { readonly of: 'double'; readonly place: PlaceId }
  | { readonly of: 'time'; readonly place: PlaceId; readonly kind: TimeKind }
  /** How many of the formulas hold. */
  | { readonly of: 'count'; readonly formulas: readonly Formula[] };

export interface LinearTerm {
  readonly source: LinearSource;
  readonly factor: bigint;
}

export type Variable =
  | { readonly kind: 'fact'; readonly place: PlaceId; readonly fact: Fact }
  | { readonly kind: 'link'; readonly link: Link };

/** All places and facts that a comparison speaks of. */
export class Places {
  readonly formulas: Formulas;
  readonly places: Place[] = [];
  readonly variables: Variable[] = [];
  readonly children: Place[][] = [];
  readonly #placeIds = new Map<string, PlaceId>();
  readonly #variableIds = new Map<string, number>();

  constructor(formulas: Formulas) {
    this.formulas = formulas;
    this.places.push({ id: 0, parent: null, step: { step: 'root' }, path: [] });
    this.children.push([]);
  }

  child(parent: PlaceId, step: Step): Place {
    const key = `${parent} ${JSON.stringify(step)}`;
    const known = this.#placeIds.get(key);
    if (known !== undefined) return this.places[known]!;
    const place = {
      id: this.places.length,
      parent,
      step,
      path: [...this.places[parent]!.path, segmentOf(step)],
    };
    this.places.push(place);
    this.children.push([]);
    this.children[parent]!.push(place);
    this.#placeIds.set(key, place.id);
    return place;
  }

  /** The place, when something reads it. */
  find(parent: PlaceId, step: Step): Place | null {
    const id = this.#placeIds.get(`${parent} ${JSON.stringify(step)}`);
    return id === undefined ? null : this.places[id]!;
  }

  fact(place: PlaceId, fact: Fact): Formula {
    return this.#variable({ kind: 'fact', place, fact }, `${place} ${stableKey(fact)}`);
  }

  kind(place: PlaceId, mask: number): Formula {
    return this.fact(place, { is: 'kind', mask });
  }

  link(link: Link): Formula {
    return this.#variable({ kind: 'link', link }, stableKey(link));
  }

  #variable(variable: Variable, key: string): Formula {
    let id = this.#variableIds.get(key);
    if (id === undefined) {
      id = this.variables.push(variable) - 1;
      this.#variableIds.set(key, id);
    }
    return this.formulas.variable(id);
  }
}

/** The segment of a path that a step adds: `.key`, `[]` for any item, `{}` for any entry under a key that nothing names. */
export function segmentOf(step: Step): string {
  switch (step.step) {
    case 'root':
      return '';
    case 'member':
      return `.${step.key}`;
    case 'item':
    case 'further':
      return ITEMS;
    case 'entry':
    case 'entryAt':
      return ENTRIES;
    case 'size':
      return '#';
    case 'length':
      return '#length';
    case 'rest':
      return '#rest';
  }
}

export const ITEMS = '[]';
export const ENTRIES = '{}';

function stableKey(value: unknown): string {
  return JSON.stringify(value, (_key, part) =>
    typeof part === 'bigint' ? `${part}n` : part === Infinity ? '+inf' : part === -Infinity ? '-inf' : part,
  );
}
