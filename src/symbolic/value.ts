// What a field is for a request: the value at a place, or something computed from such values. A field that depends on conditions (a
// default, the first item that matches, a branch of a union) has several cases, of which at most one holds; none: the field is absent.

import { MAX_DECIMAL, MAX_SAFE_INT } from '../bytecode/limits.ts';
import type { SlotKind } from '../bytecode/opcodes.ts';
import type { Constant } from '../ir/ir.ts';
import { type Formula, TRUE } from './formula.ts';
import {
  ABSENT,
  ALL_KINDS,
  BOOL,
  LIST,
  type LinearSource,
  type LinearTerm,
  NULL,
  NUMBER,
  OBJECT,
  type PlaceId,
  type Places,
  STRING,
  type TextChange,
} from './place.ts';

export type Value =
  /** The JSON value at a place, read as a kind; absent when it is not of the kind. */
  | { readonly is: 'place'; readonly place: PlaceId; readonly kind: SlotKind; readonly scale: number }
  /** The string at a place, changed. */
  | { readonly is: 'text'; readonly place: PlaceId; readonly change: TextChange }
  /** Code points of the string at a place. */
  | { readonly is: 'length'; readonly place: PlaceId }
  | {
      readonly is: 'calendar';
      readonly place: PlaceId;
      readonly part: 'date' | 'weekday' | 'minuteOfDay';
      readonly offsetMinutes: number;
    }
  | { readonly is: 'sum'; readonly sum: Sum }
  | { readonly is: 'constant'; readonly constant: Constant; readonly kind: SlotKind }
  | { readonly is: 'truth'; readonly formula: Formula }
  /** A value that no theory speaks of; equal names are equal values. */
  | { readonly is: 'opaque'; readonly name: string; readonly defined: Formula };

/** Terms and a constant, on one grid: scaled numbers, days, milliseconds, or microseconds of a timestamp. */
export interface Sum {
  readonly axis: 'number' | 'double' | 'timestamp';
  readonly terms: readonly LinearTerm[];
  readonly constant: bigint;
  /** Where all terms have a value. */
  readonly defined: Formula;
}

export interface Case {
  readonly guard: Formula;
  readonly value: Value;
}

const MICROS = 1_000_000n;

/** Whether the value is there. */
export function defined(places: Places, value: Value): Formula {
  switch (value.is) {
    case 'place':
      return isOfKind(places, value.place, value.kind, value.scale);
    case 'text':
      return value.change === 'path'
        ? places.fact(value.place, { is: 'path', lang: null })
        : places.kind(value.place, STRING);
    case 'length':
      return places.kind(value.place, STRING);
    case 'calendar':
      return isOfKind(places, value.place, 'timestamp', 0);
    case 'sum':
      return value.sum.defined;
    case 'constant':
    case 'truth':
      return TRUE;
    case 'opaque':
      return value.defined;
  }
}

/** Whether the value at a place can be read as a kind. */
export function isOfKind(places: Places, place: PlaceId, kind: SlotKind, scale: number): Formula {
  switch (kind) {
    case 'bool':
      return places.kind(place, BOOL);
    case 'int':
      return places.fact(place, { is: 'number', scale: 0, lo: -MAX_SAFE_INT, hi: MAX_SAFE_INT });
    case 'decimal':
      return places.fact(place, { is: 'number', scale, lo: -MAX_DECIMAL, hi: MAX_DECIMAL });
    case 'number':
      return places.kind(place, NUMBER);
    case 'string':
      return places.kind(place, STRING);
    case 'localTimestamp':
      return places.fact(place, { is: 'localTimestamp' });
    case 'timestamp':
    case 'date':
    case 'duration':
      return places.fact(place, { is: 'time', kind, lo: null, hi: null });
    case 'record':
    case 'map':
    case 'union':
      return places.kind(place, OBJECT);
    case 'list':
      return places.kind(place, LIST);
    case 'unknown':
      return places.kind(place, ALL_KINDS & ~NULL & ~ABSENT);
  }
}

/** A name that two values share only when they are equal for every request. */
export function nameOf(value: Value): string {
  switch (value.is) {
    case 'opaque':
      return value.name;
    case 'sum':
      return `${value.sum.terms.map((t) => `${t.factor}*${sourceName(t.source)}`).join('+')}+${value.sum.constant}`;
    default:
      return JSON.stringify(value);
  }
}

export function sourceName(source: LinearSource): string {
  switch (source.of) {
    case 'number':
      return `n${source.place}.${source.scale}`;
    case 'double':
      return `d${source.place}`;
    case 'time':
      return `t${source.place}.${source.kind}`;
    case 'count':
      return `c(${source.formulas.join()})`;
  }
}

/** A value as a sum; null when it is none. */
export function sumOf(places: Places, value: Value): Sum | null {
  if (value.is === 'sum') return value.sum;
  if (value.is === 'constant') return constantSum(value.constant, value.kind);
  if (value.is === 'length') {
    const place = places.child(value.place, { step: 'length' }).id;
    const terms = [{ source: { of: 'number' as const, place, scale: 0 }, factor: 1n }];
    return { axis: 'number', terms, constant: 0n, defined: defined(places, value) };
  }
  if (value.is !== 'place') return null;
  const { place, kind, scale } = value;
  const one = (axis: Sum['axis'], source: LinearSource): Sum => ({
    axis,
    terms: [{ source, factor: 1n }],
    constant: 0n,
    defined: defined(places, value),
  });
  switch (kind) {
    case 'int':
    case 'decimal':
      return one('number', { of: 'number', place, scale });
    case 'number':
      return one('double', { of: 'double', place });
    case 'date':
    case 'duration':
      return one('number', { of: 'time', place, kind });
    case 'timestamp':
      return one('timestamp', { of: 'time', place, kind });
    default:
      return null;
  }
}

function constantSum(constant: Constant, kind: SlotKind): Sum | null {
  const sum = (axis: Sum['axis'], value: bigint): Sum => ({
    axis,
    terms: [],
    constant: value,
    defined: TRUE,
  });
  if (constant.kind === 'timestamp') return sum('timestamp', micros(constant.seconds, constant.micros));
  if (constant.kind !== 'number') return null;
  return kind === 'number' ? sum('double', ordinal(constant.value)) : sum('number', BigInt(constant.value));
}

/** Microseconds since 1970. */
export function micros(seconds: number, micros: number): bigint {
  return BigInt(seconds) * MICROS + BigInt(micros);
}

const words = new DataView(new ArrayBuffer(8));

/** The position of a binary64 among all of them: adjacent numbers have adjacent positions, zero has zero. */
export function ordinal(value: number): bigint {
  words.setFloat64(0, value + 0);
  const bits = words.getBigInt64(0);
  return bits >= 0n ? bits : -(bits & 0x7fff_ffff_ffff_ffffn);
}

/** The binary64 at a position; infinite beyond the last. */
export function fromOrdinal(position: bigint): number {
  const largest = 0x7ff0_0000_0000_0000n;
  const size = position < 0n ? -position : position;
  words.setBigInt64(0, size > largest ? largest : size);
  const value = words.getFloat64(0);
  return position < 0n ? -value : value;
}

export function addSums(a: Sum, b: Sum, sign: bigint, and: (a: Formula, b: Formula) => Formula): Sum {
  return {
    axis: a.axis === 'timestamp' || b.axis === 'timestamp' ? 'timestamp' : a.axis,
    terms: mergeTerms([...a.terms, ...scaleTerms(b.terms, sign)]),
    constant: a.constant + sign * b.constant,
    defined: and(a.defined, b.defined),
  };
}

export function scaleSum(sum: Sum, by: bigint): Sum {
  return { ...sum, terms: by === 0n ? [] : scaleTerms(sum.terms, by), constant: sum.constant * by };
}

function scaleTerms(terms: readonly LinearTerm[], by: bigint): LinearTerm[] {
  return terms.map(({ source, factor }) => ({ source, factor: factor * by }));
}

/** One term per source, in a fixed order, none with factor zero. */
function mergeTerms(terms: readonly LinearTerm[]): LinearTerm[] {
  const merged = new Map<string, LinearTerm>();
  for (const term of terms) {
    const name = sourceName(term.source);
    const before = merged.get(name);
    merged.set(name, before === undefined ? term : { ...term, factor: before.factor + term.factor });
  }
  return [...merged.entries()]
    .filter(([, term]) => term.factor !== 0n)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, term]) => term);
}
