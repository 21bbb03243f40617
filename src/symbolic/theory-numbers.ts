// Values of places that hold numbers, and of times that are compared with each other: integers within the bounds of their classes, under
// linear constraints.

import { type LinearConstraint, type LinearVariable, solveLinear } from '../theory/linear.ts';
import { floorDivide } from '../theory/linear-system.ts';
import type { Encoding } from './encoding.ts';
import { timeOf } from './fact-of-text.ts';
import type { NeededLink } from './model.ts';
import { gridBounds, type ValueClass } from './partition.ts';
import { doubleValues, gridValues } from './partition-numbers.ts';
import type { LinearSource, PlaceId } from './place.ts';
import type { Refutation } from './theory-texts.ts';
import { fromOrdinal, ordinal, sourceName } from './value.ts';

/** A number as JSON has it, or a time in the units of its kind. */
export type NumberValue = { readonly json: number } | { readonly time: bigint };

export type NumbersResult =
  | { readonly kind: 'numbers'; readonly values: ReadonlyMap<PlaceId, NumberValue> }
  | { readonly kind: 'none'; readonly because: Refutation }
  | { readonly kind: 'unknown'; readonly reason: string };

/** A value that the times of a place must keep to, because something else is asked of them too. */
export type Preferences = ReadonlyMap<PlaceId, bigint>;

interface Unknown {
  readonly source: Exclude<LinearSource, { of: 'count' }>;
  readonly bounds: LinearVariable;
}

export class NumberTheory {
  readonly #encoding: Encoding;

  constructor(encoding: Encoding) {
    this.#encoding = encoding;
  }

  /** Values that satisfy the links. `fixed`: times that must be these. */
  solve(links: readonly NeededLink[], prefer: Preferences, fixed: Preferences): NumbersResult {
    const unknowns: Unknown[] = [];
    const indexOf = new Map<string, number>();
    const constraints: LinearConstraint[] = [];
    const reasons: number[][] = [];
    const index = (source: Unknown['source']): number => {
      const name = sourceName(source);
      let at = indexOf.get(name);
      if (at === undefined) {
        at = unknowns.push({ source, bounds: this.#bounds(source) }) - 1;
        indexOf.set(name, at);
      }
      return at;
    };
    for (const needed of links) this.#constrain(needed, index, constraints, reasons);
    if (constraints.length === 0) return { kind: 'numbers', values: new Map() };
    unknowns.forEach(({ source }, at) => {
      const value = fixed.get(source.place);
      if (value === undefined) return;
      constraints.push({ terms: [{ variable: at, factor: 1n }], rel: '==', bound: value });
      reasons.push([]);
    });
    const result = solveLinear(
      unknowns.map(({ bounds }) => bounds),
      constraints,
      { prefer: unknowns.map(({ source }) => prefer.get(source.place) ?? null) },
    );
    if (result.kind === 'unknown') return result;
    if (result.kind === 'none') {
      if (result.constraints.some((at) => reasons[at]!.length === 0))
        return { kind: 'unknown', reason: 'times are compared with each other and looked up in a calendar' };
      const ends = [
        ...result.mins.flatMap((at) => this.#least(unknowns[at]!.source.place)),
        ...result.maxs.flatMap((at) => this.#most(unknowns[at]!.source.place)),
      ];
      const because = [...result.constraints.flatMap((at) => reasons[at]!), ...ends];
      return { kind: 'none', because: [...new Set(because)] };
    }
    return this.#values(unknowns, result.values);
  }

  #constrain(
    { link, variable, holds }: NeededLink,
    index: (source: Unknown['source']) => number,
    constraints: LinearConstraint[],
    reasons: number[][],
  ): void {
    const lazy = this.#encoding.lazy(variable)!;
    const reason = [holds ? lazy : -lazy];
    if (link.is === 'sameScalar') {
      const [a, b] = [link.a, link.b].map((place) => this.#sourceOf(place));
      // Numbers on a grid and numbers beside it are different classes, so they are different anyway.
      if (a == null || b == null || a.of !== b.of) return;
      const terms = [
        { variable: index(a), factor: 1n },
        { variable: index(b), factor: -1n },
      ];
      constraints.push({ terms, rel: holds ? '==' : '!=', bound: 0n });
      // Which numbers they are matters as well: the classes say so.
      reasons.push([...reason, ...this.#here(link.a), ...this.#here(link.b)]);
      return;
    }
    if (link.is !== 'linear') return;
    let { bound } = link;
    const terms: { variable: number; factor: bigint }[] = [];
    for (const { source, factor } of link.terms) {
      if (source.of === 'count') {
        const hits = source.formulas.map((formula) => this.#encoding.literal(formula));
        bound -= factor * BigInt(hits.filter((hit) => this.#encoding.isTrue(hit)).length);
        reason.push(...hits.map((hit) => (this.#encoding.isTrue(hit) ? hit : -hit)));
      } else terms.push({ variable: index(source), factor });
    }
    const negated = terms.map(({ variable: at, factor }) => ({ variable: at, factor: -factor }));
    constraints.push(holds ? { terms, rel: '<=', bound } : { terms: negated, rel: '<=', bound: -bound - 1n });
    reasons.push(reason);
  }

  /** How the number at a place is counted when it is only compared for equality; null when it is no number. */
  #sourceOf(place: PlaceId): Unknown['source'] | null {
    const of = this.#encoding.valueClass(place);
    if (of.is === 'grid') return { of: 'number', place, scale: of.digits };
    return of.is === 'double' ? { of: 'double', place } : null;
  }

  #bounds(source: Unknown['source']): LinearVariable {
    const of = this.#encoding.valueClass(source.place);
    if (source.of === 'time') {
      if (of.is === 'time') return { min: of.lo, max: of.hi };
      const time = of.is === 'text' ? timeOf(source.kind, of.text) : null;
      return { min: time, max: time };
    }
    if (of.is === 'double') return { min: ordinal(of.lo), max: ordinal(of.hi) };
    if (of.is !== 'grid') return { min: null, max: null };
    if (source.of === 'double') {
      const end = (n: bigint | null): bigint | null =>
        n === null ? null : ordinal(Number(`${n}e-${of.digits}`));
      return { min: end(of.lo), max: end(of.hi) };
    }
    const unit = 10n ** BigInt(of.digits - source.scale);
    return {
      min: of.lo === null ? null : -floorDivide(-of.lo, unit),
      max: of.hi === null ? null : floorDivide(of.hi, unit),
    };
  }

  #here(place: PlaceId): number[] {
    return [this.#encoding.isClass(place, this.#encoding.classOf(place))];
  }

  // Classes of one kind follow each other in ascending order, so a bound is a literal of the order, within the kind.
  #least(place: PlaceId): number[] {
    if (this.#isText(place)) return this.#here(place);
    const [, last] = this.#family(place);
    return [
      -this.#encoding.atMostClass(place, this.#encoding.classOf(place) - 1),
      this.#encoding.atMostClass(place, last),
    ];
  }

  #most(place: PlaceId): number[] {
    if (this.#isText(place)) return this.#here(place);
    const [first] = this.#family(place);
    return [
      this.#encoding.atMostClass(place, this.#encoding.classOf(place)),
      -this.#encoding.atMostClass(place, first - 1),
    ];
  }

  /** A named text that writes a time: a class with one value. */
  #isText(place: PlaceId): boolean {
    return this.#encoding.valueClass(place).is === 'text';
  }

  #family(place: PlaceId): readonly [number, number] {
    const { classes } = this.#encoding.partition(place);
    const at = this.#encoding.classOf(place);
    const isAkin = (other: ValueClass | undefined): boolean => {
      const of = classes[at]!;
      return (
        other !== undefined &&
        other.is === of.is &&
        (of.is !== 'time' || (other.is === 'time' && other.kind === of.kind))
      );
    };
    let [first, last] = [at, at];
    while (isAkin(classes[first - 1])) first--;
    while (isAkin(classes[last + 1])) last++;
    return [first, last];
  }

  #values(unknowns: readonly Unknown[], solved: readonly bigint[]): NumbersResult {
    const values = new Map<PlaceId, NumberValue>();
    for (const [at, { source }] of unknowns.entries()) {
      const n = solved[at]!;
      const value: NumberValue =
        source.of === 'time'
          ? { time: n }
          : { json: source.of === 'double' ? fromOrdinal(n) : Number(`${n}e-${source.scale}`) };
      const before = values.get(source.place);
      if (
        'json' in value &&
        (!this.#isIn(source.place, value.json) ||
          (before !== undefined && 'json' in before && before.json !== value.json))
      )
        return { kind: 'unknown', reason: 'a number is read in several ways and compared with others' };
      values.set(source.place, value);
    }
    return { kind: 'numbers', values };
  }

  /** Whether a number belongs to the class of its place. */
  #isIn(place: PlaceId, json: number): boolean {
    const of = this.#encoding.valueClass(place);
    if (of.is === 'double') return json >= of.lo && json <= of.hi;
    if (of.is !== 'grid') return false;
    const { from } = gridBounds({ is: 'number', scale: null, lo: json, hi: json }, of.digits);
    if (from === null || Number(`${from}e-${of.digits}`) !== json) return false;
    const step = 10n ** BigInt(of.digits - of.scale);
    const avoid = of.coarser === null ? null : 10n ** BigInt(of.digits - of.coarser);
    return (
      (of.lo === null || from >= of.lo) &&
      (of.hi === null || from <= of.hi) &&
      from % step === 0n &&
      (avoid === null || from % avoid !== 0n)
    );
  }
}

/** Some number of a class. */
export function anyNumber(of: Extract<ValueClass, { is: 'grid' | 'double' }>): number | null {
  if (of.is === 'double') return doubleValues(of, 1)[0] ?? null;
  const [n] = gridValues(of, 1);
  return n === undefined ? null : Number(`${n}e-${of.digits}`);
}
