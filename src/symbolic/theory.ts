// From an assignment to the values of a request: each place gets a value of its class for which the lazy facts and links hold, or the
// solver learns which of them contradict each other. Which theory speaks for a link is decided here and nowhere else.

import type { StringTheory } from '../theory/strings.ts';
import type { Json } from '../value/json.ts';
import type { Encoding } from './encoding.ts';
import { isWord, textFactHolds } from './fact-of-text.ts';
import type { NeededFact, NeededLink, Needs } from './model.ts';
import { kindOf } from './partition.ts';
import { type Link, type PlaceId, STRING } from './place.ts';
import { anyNumber, type NumbersResult, NumberTheory, type NumberValue } from './theory-numbers.ts';
import {
  type Candidates,
  conditionHolds,
  type Demanded,
  spellingsOfTime,
  TextTheory,
} from './theory-texts.ts';

export type TheoryResult =
  /** Values of all places that hold a scalar; of counts too. */
  | { readonly kind: 'values'; readonly values: ReadonlyMap<PlaceId, Json> }
  /** The solver has learned why there are none. */
  | { readonly kind: 'refuted' }
  | { readonly kind: 'unknown'; readonly reason: string };

type TextLink = Extract<Link, { is: 'equal' | 'sameScalar' | 'scan' }>;
interface Related {
  readonly link: TextLink;
  readonly holds: boolean;
  readonly literal: number;
}

/** Values that are chosen before the texts are. */
interface Solved {
  readonly times: ReadonlyMap<PlaceId, bigint>;
  /** Numbers on which the links depend. */
  readonly exact: ReadonlyMap<PlaceId, NumberValue>;
}

/** Texts that are tried for one place, and combinations of them for places that are compared. */
const MAX_TEXTS = 12;
const MAX_COMBINATIONS = 2_000;
/** Times of a calendar that are tried where times are compared as well. */
const MAX_TIMES = 6;

export class Theory {
  readonly #encoding: Encoding;
  readonly #texts: TextTheory;
  readonly #numbers: NumberTheory;

  constructor(encoding: Encoding, strings: StringTheory) {
    this.#encoding = encoding;
    this.#texts = new TextTheory(encoding, strings);
    this.#numbers = new NumberTheory(encoding);
  }

  solve(needs: Needs): TheoryResult {
    const values = new Map<PlaceId, Json>();
    const numbers = this.#solveNumbers(needs);
    if (numbers.kind !== 'numbers') return this.#end(numbers);
    const times = new Map<PlaceId, bigint>();
    for (const [place, value] of numbers.values) {
      if ('json' in value) values.set(place, value.json);
      else times.set(place, value.time);
    }
    for (const { id } of this.#encoding.places.places) {
      const of = this.#encoding.valueClass(id);
      if (of.is === 'null') values.set(id, null);
      else if (of.is === 'bool') values.set(id, of.value);
      else if ((of.is === 'grid' || of.is === 'double') && !values.has(id)) {
        const number = anyNumber(of);
        if (number === null) return { kind: 'unknown', reason: 'no number of a range was found' };
        values.set(id, number);
      }
    }
    const texts = this.#solveTexts(needs, { times, exact: numbers.values }, values);
    return texts === null ? { kind: 'values', values } : this.#end(texts);
  }

  #end(
    result: Exclude<NumbersResult, { kind: 'numbers' }> | Extract<Candidates, { kind: 'none' | 'unknown' }>,
  ): TheoryResult {
    if (result.kind === 'unknown') return result;
    this.#encoding.solver.addClause(result.because.map((literal) => -literal));
    return { kind: 'refuted' };
  }

  #kind(place: PlaceId): number {
    return kindOf(this.#encoding.valueClass(place));
  }

  #solveNumbers(needs: Needs): NumbersResult {
    const links = needs.links.filter(({ link }) => theoriesOf(link).includes('numbers'));
    const calendars = new Map<PlaceId, readonly bigint[]>();
    for (const [place, facts] of needs.facts) {
      if (!facts.some(({ fact }) => fact.is === 'calendar')) continue;
      const found = this.#texts.times(place, facts, MAX_TIMES);
      if (found.kind === 'none') return found;
      calendars.set(place, found.times);
    }
    const prefer = new Map([...calendars].map(([place, times]) => [place, times[0]!] as const));
    const isInCalendar = (result: NumbersResult): boolean =>
      result.kind === 'numbers' &&
      [...result.values].every(
        ([place, value]) =>
          !('time' in value) || this.#keepsCalendar(value.time, needs.facts.get(place) ?? []),
      );
    const free = this.#numbers.solve(links, prefer, new Map());
    if (free.kind !== 'numbers' || isInCalendar(free)) return free;
    for (let at = 0; at < MAX_TIMES; at++) {
      const fixed = new Map(
        [...calendars].map(([place, times]) => [place, times[at % times.length]!] as const),
      );
      const result = this.#numbers.solve(links, prefer, fixed);
      if (isInCalendar(result)) return result;
    }
    return { kind: 'unknown', reason: 'times are compared with each other and looked up in a calendar' };
  }

  #keepsCalendar(time: bigint, facts: readonly NeededFact[]): boolean {
    const [text] = spellingsOfTime('timestamp', time);
    return facts.every(({ fact, holds }) => fact.is !== 'calendar' || textFactHolds(fact, text!) === holds);
  }

  /** Fills in texts; null when all is well. */
  #solveTexts(
    needs: Needs,
    solved: Solved,
    values: Map<PlaceId, Json>,
  ): Extract<Candidates, { kind: 'none' | 'unknown' }> | null {
    const related = this.#relations(needs.links);
    const groups = new Set<PlaceId>();
    for (const { link } of related) for (const place of placesOf(link)) groups.add(place);
    for (const { id } of this.#encoding.places.places) {
      if (this.#kind(id) !== STRING || groups.has(id)) continue;
      const found = this.#candidatesOf(id, needs, solved, [], 1);
      if (found.kind !== 'texts') return found;
      values.set(id, found.texts[0]!);
    }
    return groups.size === 0 ? null : this.#relate([...groups], related, needs, solved, values);
  }

  #relations(links: readonly NeededLink[]): Related[] {
    return links.flatMap(({ link, holds, variable }) => {
      if (!isAboutTexts(link)) return [];
      if (placesOf(link).some((place) => this.#kind(place) !== STRING)) return [];
      const lazy = this.#encoding.lazy(variable)!;
      return [{ link, holds, literal: holds ? lazy : -lazy }];
    });
  }

  #candidatesOf(
    place: PlaceId,
    needs: Needs,
    solved: Solved,
    demanded: readonly Demanded[],
    count: number,
  ): Candidates {
    const of = this.#encoding.valueClass(place);
    const time = solved.times.get(place);
    const facts = needs.facts.get(place) ?? [];
    if (of.is !== 'time' || time === undefined) return this.#measured(place, facts, solved, demanded, count);
    const texts = spellingsOfTime(of.kind, time).filter((text) =>
      demanded.every(({ condition }) => conditionHolds(condition, text)),
    );
    if (texts.length > 0) return { kind: 'texts', texts, all: false };
    return { kind: 'unknown', reason: 'a time is also compared as text' };
  }

  /** Candidates of the length that was chosen for the text, where its length is counted with. */
  #measured(
    place: PlaceId,
    facts: readonly NeededFact[],
    solved: Solved,
    demanded: readonly Demanded[],
    count: number,
  ): Candidates {
    const length = this.#encoding.places.find(place, { step: 'length' });
    if (length === null) return this.#texts.candidates(place, facts, demanded, count);
    const index = this.#encoding.classOf(length.id);
    const of = this.#encoding.partition(length.id).classes[index]!;
    if (of.is !== 'grid') return { kind: 'unknown', reason: 'a text without a length' };
    const within = (min: number, max: number): Demanded => ({
      condition: { test: { kind: 'length', min, max }, reading: 'same', holds: true },
      literals: [this.#encoding.isClass(length.id, index)],
    });
    const broad = within(Number(of.lo ?? 0n), of.hi === null ? Infinity : Number(of.hi));
    const chosen = solved.exact.get(length.id);
    // A named text has its length, and the classes agree on it.
    const named = this.#encoding.valueClass(place).is === 'text';
    if (named || chosen === undefined || !('json' in chosen))
      return this.#texts.candidates(place, facts, [...demanded, broad], count);
    const exact = this.#texts.candidates(
      place,
      facts,
      [...demanded, within(chosen.json, chosen.json)],
      count,
    );
    if (exact.kind === 'texts') return { ...exact, all: false };
    const possible = this.#texts.candidates(place, facts, [...demanded, broad], 1);
    if (possible.kind !== 'texts') return possible;
    return { kind: 'unknown', reason: 'the length of a text is counted with' };
  }

  /** Texts for places that are compared with each other: candidates of each, tried together. */
  #relate(
    places: readonly PlaceId[],
    related: readonly Related[],
    needs: Needs,
    solved: Solved,
    values: Map<PlaceId, Json>,
  ): Extract<Candidates, { kind: 'none' | 'unknown' }> | null {
    const order = inOrder(places, related);
    const found = new Map<PlaceId, string>();
    const because = new Set<number>();
    let budget = MAX_COMBINATIONS;
    let isProof = true;
    const assign = (at: number): boolean => {
      if (at === order.length) return true;
      const place = order[at]!;
      const borrowed = this.#borrowed(place, related, needs);
      for (const { literals } of borrowed) for (const literal of literals) because.add(literal);
      const demanded = [...this.#demands(place, found, related), ...borrowed];
      const candidates = this.#candidatesOf(place, needs, solved, demanded, MAX_TEXTS);
      if (candidates.kind === 'unknown') isProof = false;
      if (candidates.kind === 'none') for (const literal of candidates.because) because.add(literal);
      if (candidates.kind !== 'texts') return false;
      if (!candidates.all) isProof = false;
      for (const literal of this.#all(place, needs)) because.add(literal);
      for (const text of candidates.texts) {
        if (--budget < 0) break;
        found.set(place, text);
        if (agree(found, related) && assign(at + 1)) return true;
        found.delete(place);
      }
      return false;
    };
    if (assign(0)) {
      for (const [place, text] of found) values.set(place, text);
      return null;
    }
    if (!isProof || budget < 0) return this.#refuteApart(places, related, needs, solved);
    // Every text of every place was tried, or excluded by what was demanded of it.
    for (const { literal } of related) because.add(literal);
    return { kind: 'none', because: [...because] };
  }

  /** A contradiction within one place, or between two that must be equal; otherwise nothing is known. */
  #refuteApart(
    places: readonly PlaceId[],
    related: readonly Related[],
    needs: Needs,
    solved: Solved,
  ): Extract<Candidates, { kind: 'none' | 'unknown' }> {
    for (const place of places) {
      const alone = this.#candidatesOf(place, needs, solved, [], 1);
      if (alone.kind === 'none') return alone;
      const borrowed = this.#borrowed(place, related, needs);
      const together = borrowed.length === 0 ? alone : this.#candidatesOf(place, needs, solved, borrowed, 1);
      if (together.kind === 'none') return together;
    }
    return { kind: 'unknown', reason: 'texts of several fields are compared with each other' };
  }

  /** What the texts that a place's must be equal to have to satisfy. */
  #borrowed(place: PlaceId, related: readonly Related[], needs: Needs): Demanded[] {
    const equal = related.filter(
      ({ link, holds }) => holds && link.is !== 'scan' && placesOf(link).includes(place),
    );
    return equal.flatMap(({ link, literal }) => {
      const other = placesOf(link).find((each) => each !== place);
      return other === undefined ? [] : this.#borrow(other, needs, literal);
    });
  }

  /** What an equal text must satisfy as well. */
  #borrow(place: PlaceId, needs: Needs, literal: number): Demanded[] {
    const here = this.#encoding.isClass(place, this.#encoding.classOf(place));
    return (needs.facts.get(place) ?? []).flatMap(({ fact, holds, variable }) => {
      if (fact.is !== 'text') return [];
      const lazy = this.#encoding.lazy(variable)!;
      const condition = { test: fact.test, reading: fact.reading, holds };
      return [{ condition, literals: [literal, here, holds ? lazy : -lazy] }];
    });
  }

  #all(place: PlaceId, needs: Needs): number[] {
    const here = this.#encoding.isClass(place, this.#encoding.classOf(place));
    const facts = (needs.facts.get(place) ?? []).map(({ variable, holds }) => {
      const lazy = this.#encoding.lazy(variable)!;
      return holds ? lazy : -lazy;
    });
    // Where the length is counted with, its class bounds the candidates too.
    const length = this.#encoding.places.find(place, { step: 'length' });
    const measured =
      length === null ? [] : [this.#encoding.isClass(length.id, this.#encoding.classOf(length.id))];
    return [here, ...measured, ...facts];
  }

  /** What the texts that are chosen already demand of the next one. */
  #demands(place: PlaceId, found: ReadonlyMap<PlaceId, string>, related: readonly Related[]): Demanded[] {
    return related.flatMap(({ link, holds, literal }): Demanded[] => {
      if (link.is === 'scan') {
        const part = found.get(link.part);
        if (link.text !== place || part === undefined) return [];
        const test = { kind: 'lang' as const, lang: { kind: link.rel, texts: [part] } };
        return [{ condition: { test, reading: 'same', holds }, literals: [literal] }];
      }
      const other = link.a === place ? found.get(link.b) : link.b === place ? found.get(link.a) : undefined;
      if (other === undefined) return [];
      return [
        {
          condition: { test: { kind: 'texts', texts: [other] }, reading: 'same', holds },
          literals: [literal],
        },
      ];
    });
  }
}

/** Which theories a link concerns. A new kind of link that is missing here does not compile. */
function theoriesOf(link: Link): readonly ('numbers' | 'texts')[] {
  switch (link.is) {
    case 'linear':
      return ['numbers'];
    case 'equal':
    case 'scan':
      return ['texts'];
    case 'sameScalar':
      return ['numbers', 'texts'];
    // Only its decision shows whether a request is as it was said of it.
    case 'opaque':
      return [];
  }
}

function isAboutTexts(link: Link): link is TextLink {
  return theoriesOf(link).includes('texts');
}

function placesOf(link: TextLink): readonly PlaceId[] {
  return link.is === 'scan' ? [link.text, link.part] : [link.a, link.b];
}

/** Parts before the texts in which they are looked for. */
function inOrder(places: readonly PlaceId[], related: readonly Related[]): PlaceId[] {
  const depth = new Map<PlaceId, number>(places.map((place) => [place, 0]));
  for (let round = 0; round < places.length; round++)
    for (const { link } of related)
      if (link.is === 'scan' && link.text !== link.part)
        depth.set(
          link.text,
          Math.max(depth.get(link.text)!, Math.min(places.length, depth.get(link.part)! + 1)),
        );
  return [...places].sort((a, b) => depth.get(a)! - depth.get(b)! || a - b);
}

function agree(found: ReadonlyMap<PlaceId, string>, related: readonly Related[]): boolean {
  return related.every(({ link, holds }) => {
    const [a, b] = placesOf(link).map((place) => found.get(place));
    if (a === undefined || b === undefined) return true;
    return (link.is === 'scan' ? isWord({ kind: link.rel, texts: [b] }, a) : a === b) === holds;
  });
}
