// Values of places that hold text: words for the patterns that must match or must not, times of a calendar, equal and different texts, and
// texts that occur in each other.

import { findTime } from '../theory/calendar.ts';
import type { StringTheory } from '../theory/strings.ts';
import type { StringCondition } from '../theory/strings-literal.ts';
import { formatDate, formatDuration, formatTimestamp, isLocalTimestamp } from '../value/time.ts';
import type { Encoding } from './encoding.ts';
import { textFactHolds, timeOf } from './fact-of-text.ts';
import type { NeededFact } from './model.ts';
import type { ValueClass } from './partition.ts';
import type { PlaceId, TimeKind } from './place.ts';

/** Literals that cannot all be true. */
export type Refutation = readonly number[];

export type Candidates =
  /** `all`: no other text will do. */
  | { readonly kind: 'texts'; readonly texts: readonly string[]; readonly all: boolean }
  | { readonly kind: 'none'; readonly because: Refutation }
  | { readonly kind: 'unknown'; readonly reason: string };

/** A condition with the literals that demand it. */
export interface Demanded {
  readonly condition: StringCondition;
  readonly literals: readonly number[];
}

const NUL: StringCondition = {
  test: { kind: 'lang', lang: { kind: 'contains', texts: ['\0'] } },
  reading: 'same',
  holds: true,
};
const NORMAL: StringCondition = { test: { kind: 'normalPath' }, reading: 'same', holds: true };
const NOT_EMPTY: StringCondition = {
  test: { kind: 'length', min: 1, max: Infinity },
  reading: 'same',
  holds: true,
};

/** Earlier answers that are tried before a search. */
const MAX_RECENT = 24;

export class TextTheory {
  readonly #encoding: Encoding;
  readonly #strings: StringTheory;
  /** Texts of earlier answers, the last used first. */
  #recent: string[] = [];

  constructor(encoding: Encoding, strings: StringTheory) {
    this.#encoding = encoding;
    this.#strings = strings;
  }

  /** Texts for one place in its class, under the facts and what else is demanded. */
  candidates(
    place: PlaceId,
    facts: readonly NeededFact[],
    demanded: readonly Demanded[],
    count: number,
  ): Candidates {
    const partition = this.#encoding.partition(place);
    const index = this.#encoding.classOf(place);
    const of = partition.classes[index]!;
    const here = this.#encoding.isClass(place, index);
    if (of.is === 'text') return this.#fixed(of.text, here, demanded);
    if (of.is === 'otherText') return this.#words(place, here, facts, demanded, count);
    return this.#spellings(of, place, here, facts, demanded, count);
  }

  #literalOf({ variable, holds }: NeededFact): number {
    const lazy = this.#encoding.lazy(variable)!;
    return holds ? lazy : -lazy;
  }

  #fixed(text: string, here: number, demanded: readonly Demanded[]): Candidates {
    const wrong = demanded.find(({ condition }) => !conditionHolds(condition, text));
    if (wrong !== undefined) return { kind: 'none', because: [here, ...wrong.literals] };
    return { kind: 'texts', texts: [text], all: true };
  }

  #words(
    place: PlaceId,
    here: number,
    facts: readonly NeededFact[],
    demanded: readonly Demanded[],
    count: number,
  ): Candidates {
    const partition = this.#encoding.partition(place);
    const other: Demanded = {
      condition: { test: { kind: 'texts', texts: partition.texts }, reading: 'same', holds: false },
      literals: [here],
    };
    const plain = [...demanded, ...facts.flatMap((needed) => this.#plain(needed, here))];
    if (partition.texts.length > 0) plain.push(other);
    const paths = facts.filter(({ fact }) => fact.is === 'path');
    const found = paths.length === 0 ? this.#find(plain, count) : this.#pathWords(plain, paths, here, count);
    if (found.kind !== 'texts') return found;
    // Texts that write a time are classes of their own, where times are asked for.
    const texts = found.texts.filter(
      (text) =>
        !partition.times.some((kind) => timeOf(kind, text) !== null) &&
        !(partition.local && isLocalTimestamp(text)),
    );
    if (texts.length === 0) return { kind: 'unknown', reason: 'every text that was found writes a time' };
    return { kind: 'texts', texts, all: found.all && texts.length === found.texts.length };
  }

  #plain(needed: NeededFact, here: number): Demanded[] {
    const { fact, holds } = needed;
    if (fact.is !== 'text') return [];
    const literals = [here, this.#literalOf(needed)];
    return [{ condition: { test: fact.test, reading: fact.reading, holds }, literals }];
  }

  #find(demanded: readonly Demanded[], count: number): Candidates {
    const conditions = demanded.map(({ condition }) => condition);
    // A text that nothing is asked of needs no search.
    const isAsked = conditions.some(({ test }) => test.kind === 'lang');
    const known = isAsked && count === 1 ? this.#known(conditions) : null;
    if (known !== null) return { kind: 'texts', texts: [known], all: false };
    const found = this.#search(demanded, conditions, count);
    if (found.kind === 'texts') this.#remember(found.texts[0]!);
    return found;
  }

  /** A text of an earlier answer that will do again. */
  #known(conditions: readonly StringCondition[]): string | null {
    const at = this.#recent.findIndex((text) =>
      conditions.every((condition) => conditionHolds(condition, text)),
    );
    if (at < 0) return null;
    const [text] = this.#recent.splice(at, 1);
    this.#recent.unshift(text!);
    return text!;
  }

  #remember(text: string): void {
    this.#recent = [text, ...this.#recent.filter((each) => each !== text)].slice(0, MAX_RECENT);
  }

  #search(demanded: readonly Demanded[], conditions: readonly StringCondition[], count: number): Candidates {
    const nice = this.#strings.find([...conditions, NOT_EMPTY], count);
    const found =
      nice.kind === 'words' && nice.words.length >= count ? nice : this.#strings.find(conditions, count);
    if (found.kind === 'words')
      return { kind: 'texts', texts: found.words, all: found === nice ? false : found.all };
    if (found.kind === 'unknown') return found;
    return { kind: 'none', because: literalsOf(found.core.map((at) => demanded[at]!)) };
  }

  /** Texts whose normal form as a path is asked for too. */
  #pathWords(
    plain: readonly Demanded[],
    paths: readonly NeededFact[],
    here: number,
    count: number,
  ): Candidates {
    const normal = paths.flatMap((needed): Demanded[] => {
      const { fact, holds } = needed;
      if (fact.is !== 'path' || fact.lang === null) return [];
      const test = { kind: 'lang' as const, lang: fact.lang };
      return [{ condition: { test, reading: 'same', holds }, literals: [here, this.#literalOf(needed)] }];
    });
    const mustExist = paths.filter(({ holds }) => holds);
    const mustNot = paths.filter(({ fact, holds }) => fact.is === 'path' && fact.lang === null && !holds);
    const holdsAll = (text: string): boolean =>
      plain.every(({ condition }) => conditionHolds(condition, text)) &&
      paths.every(({ fact, holds }) => fact.is === 'path' && textFactHolds(fact, text) === holds);
    if (mustExist.length === 0) {
      // The empty text and those with NUL have no normal form, and so they match nothing.
      if (holdsAll('')) return { kind: 'texts', texts: [''], all: false };
    }
    const isNormal: Demanded = { condition: NORMAL, literals: [here] };
    const norms: Candidates =
      mustNot.length > 0
        ? { kind: 'none', because: [here, ...mustNot.map((needed) => this.#literalOf(needed))] }
        : this.#find([isNormal, ...normal], Math.max(count, 8));
    const direct = this.#find(plain, Math.max(count, 24));
    if (direct.kind === 'none') return direct;
    const asWritten = direct.kind === 'texts' ? direct.texts.filter(holdsAll) : [];
    if (asWritten.length > 0) return { kind: 'texts', texts: asWritten.slice(0, count), all: false };
    if (norms.kind === 'texts') {
      const wanted = this.#find([isNormal, ...normal, ...plain], count);
      if (wanted.kind === 'texts') return { ...wanted, all: false };
      const texts = norms.texts.flatMap(spellingsOfPath).filter(holdsAll);
      if (texts.length > 0) return { kind: 'texts', texts: texts.slice(0, count), all: false };
      if (mustExist.length > 0 || plain.length > 0)
        return { kind: 'unknown', reason: 'a path is asked for both as written and in its normal form' };
    }
    if (norms.kind === 'unknown') return norms;
    if (mustExist.length > 0 && norms.kind === 'none')
      return { kind: 'none', because: [...norms.because, this.#literalOf(mustExist[0]!)] };
    const without = this.#find([{ condition: NUL, literals: [here] }, ...plain], count);
    if (without.kind === 'texts') return { ...without, all: false };
    return { kind: 'unknown', reason: 'a path is asked for both as written and in its normal form' };
  }

  /** Texts of a class of times. */
  #spellings(
    of: ValueClass,
    place: PlaceId,
    here: number,
    facts: readonly NeededFact[],
    demanded: readonly Demanded[],
    count: number,
  ): Candidates {
    const { texts: named } = this.#encoding.partition(place);
    let texts: string[] = [];
    if (of.is === 'localTimestamp') texts = ['2026-01-01T00:00:00', '2026-01-02T12:30:00'];
    else if (of.is === 'time') {
      const times = this.times(place, facts, count + 2);
      if (times.kind === 'none') return times;
      texts = times.times.flatMap((time) => spellingsOfTime(of.kind, time));
    }
    const looked = facts.filter(({ fact }) => fact.is === 'text' || fact.is === 'path');
    const fit = texts.filter(
      (text) =>
        !named.includes(text) &&
        demanded.every(({ condition }) => conditionHolds(condition, text)) &&
        looked.every(({ fact, holds }) => holdsOf(fact, text) === holds),
    );
    if (fit.length > 0) return { kind: 'texts', texts: fit, all: false };
    const words = this.#find([...demanded, ...looked.flatMap((needed) => this.#plain(needed, here))], 1);
    if (words.kind === 'none') return words;
    return { kind: 'unknown', reason: 'a time is also looked at as text' };
  }

  /** Times for a place in a class of times, under the facts about its calendar. */
  times(
    place: PlaceId,
    facts: readonly NeededFact[],
    count: number,
  ): { readonly kind: 'times'; readonly times: readonly bigint[] } | Extract<Candidates, { kind: 'none' }> {
    const index = this.#encoding.classOf(place);
    const of = this.#encoding.partition(place).classes[index]!;
    if (of.is !== 'time') return { kind: 'times', times: [] };
    const asked = facts.filter(({ fact }) => fact.is === 'calendar');
    if (of.kind !== 'timestamp' || asked.length === 0)
      return { kind: 'times', times: niceTimes(of.kind, of.lo, of.hi, count) };
    const conditions = asked.flatMap(({ fact, holds }) =>
      fact.is === 'calendar'
        ? [
            {
              part: fact.part,
              offsetMinutes: fact.offsetMinutes,
              values: [[fact.lo, fact.hi]] as const,
              holds,
            },
          ]
        : [],
    );
    const found = findTime([[of.lo, of.hi]], conditions, count);
    if (found.kind === 'times') return found;
    const because = found.core.map((at) => this.#literalOf(asked[at]!));
    return { kind: 'none', because: [this.#encoding.isClass(place, index), ...because] };
  }
}

function holdsOf(fact: NeededFact['fact'], text: string): boolean {
  return (fact.is === 'text' || fact.is === 'path') && textFactHolds(fact, text);
}

export function conditionHolds({ test, reading, holds }: StringCondition, text: string): boolean {
  return textFactHolds({ is: 'text', test, reading }, text) === holds;
}

function literalsOf(demanded: readonly Demanded[]): number[] {
  return [...new Set(demanded.flatMap(({ literals }) => literals))];
}

function spellingsOfPath(path: string): string[] {
  const absolute = path.startsWith('/');
  return [
    path,
    `${path}/`,
    absolute ? `/.${path}` : `./${path}`,
    absolute ? `/${path}` : `x/../${path}`,
    path.replaceAll('/', '//'),
  ];
}

/** Some times of an interval: its ends, and today's noon where it is open. */
export function niceTimes(kind: TimeKind, lo: bigint, hi: bigint, count: number): bigint[] {
  const unit = kind === 'timestamp' ? 1_000_000n : 1n;
  const recent = kind === 'timestamp' ? 1_767_268_800_000_000n : kind === 'date' ? 20_454n : 0n;
  const up = lo % unit === 0n ? lo : lo - (((lo % unit) + unit) % unit) + unit;
  const wanted = [recent, up, lo, hi, lo + 1n, hi - 1n];
  for (let i = 1n; i <= BigInt(count); i++) wanted.push(recent + i * unit, up + i * unit, lo + i, hi - i);
  return [...new Set(wanted.filter((time) => time >= lo && time <= hi))].slice(0, Math.max(1, count));
}

/** Texts that write a time. */
export function spellingsOfTime(kind: TimeKind, time: bigint): string[] {
  if (kind === 'date') return [formatDate(Number(time))];
  if (kind === 'duration') return [formatDuration(Number(time))];
  const micros = ((time % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const text = formatTimestamp(Number((time - micros) / 1_000_000n), Number(micros));
  return text.endsWith('Z') ? [text, `${text.slice(0, -1)}+00:00`] : [text];
}
