// Facts about one text that is known.

import { accepts, buildAutomaton } from '../compiler/automaton.ts';
import type { Lang } from '../ir/ir.ts';
import type { StringTest } from '../theory/strings-literal.ts';
import { normalizePath } from '../value/path.ts';
import { asciiLower, asciiUpper } from '../value/text.ts';
import {
  isLocalTimestamp,
  minuteOfDayAt,
  parseDate,
  parseDuration,
  parseTimestamp,
  weekdayAt,
} from '../value/time.ts';
import type { Fact, TimeKind } from './place.ts';
import { micros } from './value.ts';

/** The time that a text writes, in the units of its kind; null when it writes none. */
export function timeOf(kind: TimeKind, text: string): bigint | null {
  if (kind === 'timestamp') {
    const time = parseTimestamp(text);
    return time === null ? null : micros(time.seconds, time.micros);
  }
  const value = kind === 'date' ? parseDate(text) : parseDuration(text);
  return value === null || Number.isNaN(value) ? null : BigInt(value);
}

export function timeFactHolds(fact: Extract<Fact, { is: 'time' }>, text: string): boolean {
  const time = timeOf(fact.kind, text);
  return time !== null && (fact.lo === null || time >= fact.lo) && (fact.hi === null || time <= fact.hi);
}

export function textFactHolds(
  fact: Extract<Fact, { is: 'localTimestamp' | 'strings' | 'text' | 'path' | 'calendar' }>,
  text: string,
): boolean {
  switch (fact.is) {
    case 'localTimestamp':
      return isLocalTimestamp(text);
    case 'strings':
      return fact.texts.includes(text);
    case 'text':
      return testHolds(
        fact.test,
        fact.reading === 'same' ? text : fact.reading === 'lower' ? asciiLower(text) : asciiUpper(text),
      );
    case 'path': {
      const normal = normalizePath(text);
      return normal !== null && (fact.lang === null || isWord(fact.lang, normal));
    }
    case 'calendar': {
      const time = parseTimestamp(text);
      if (time === null) return false;
      const partAt = fact.part === 'weekday' ? weekdayAt : minuteOfDayAt;
      const value = partAt(time.seconds, fact.offsetMinutes);
      return fact.lo <= value && value <= fact.hi;
    }
  }
}

function testHolds(test: StringTest, text: string): boolean {
  switch (test.kind) {
    case 'lang':
      return isWord(test.lang, text);
    case 'texts':
      return test.texts.includes(text);
    case 'normalPath':
      return normalizePath(text) === text;
    case 'length': {
      const length = [...text].length;
      return test.min <= length && length <= test.max;
    }
  }
}

const automata = new WeakMap<readonly string[], ReturnType<typeof buildAutomaton>>();

/** Whether a text is in a language; a language too large for an automaton was refused by the compiler. */
export function isWord(lang: Lang, text: string): boolean {
  let built = automata.get(lang.texts);
  if (built === undefined) {
    built = buildAutomaton(lang.kind, lang.texts);
    automata.set(lang.texts, built);
  }
  return built.ok && accepts(built.automaton, text);
}
