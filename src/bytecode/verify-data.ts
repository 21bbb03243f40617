// Verifies the tables that hold data only: META, STR, SETS, LANG. Leaf module.

import { MAX_STATES } from './limits.ts';
import { LANGS } from './opcodes.ts';
import type { RawBundle } from './raw.ts';
import { compareBytes, isUtf8 } from './utf8.ts';
import { refuse } from './verify-refusal.ts';

export const SET_STRINGS = 1;
export const SET_NUMBERS = 2;

/** What later checks need of the data: kinds of sets, and where the shared tables are used up to. */
export interface DataFacts {
  /** Next free record of REFS and NUMS. */
  refs: number;
  nums: number;
  readonly setKind: (set: number) => number;
}

export function verifyData(raw: RawBundle): DataFacts {
  const combining = raw.column('META', 'combining')(0);
  if (combining !== 1 && combining !== 2)
    refuse(raw, 'code', 'META', 0, 'combining', 'unknown combining algorithm');
  verifyStrings(raw);
  const facts: DataFacts = { refs: 0, nums: 0, setKind: raw.column('SETS', 'kind') };
  verifySets(raw, facts);
  verifyLanguages(raw, facts);
  return facts;
}

function verifyStrings(raw: RawBundle): void {
  const offset = raw.column('STR', 'offset');
  const length = raw.column('STR', 'length');
  const base = raw.offset('BYTES');
  const total = raw.count('BYTES');
  let cursor = 0;
  for (let i = 0; i < raw.count('STR'); i++) {
    const n = length(i);
    if (offset(i) !== cursor)
      refuse(raw, 'order', 'STR', i, 'offset', 'does not start where the last text ended');
    if (n > total - cursor) refuse(raw, 'index', 'STR', i, 'length', 'ends behind BYTES');
    if (!isUtf8(raw.bytes, base + cursor, base + cursor + n))
      refuse(raw, 'utf8', 'STR', i, 'offset', 'not UTF-8');
    if (i > 0) {
      const last = length(i - 1);
      const order = compareBytes(raw.bytes, base + cursor - last, last, base + cursor, n);
      if (order >= 0) refuse(raw, 'order', 'STR', i, 'offset', 'texts are not in ascending order');
    }
    cursor += n;
  }
  if (cursor !== total) refuse(raw, 'order', 'BYTES', cursor, 'byte', 'bytes that belong to no text');
}

function verifySets(raw: RawBundle, facts: DataFacts): void {
  const first = raw.column('SETS', 'first');
  const count = raw.column('SETS', 'count');
  const ref = raw.column('REFS', 'index');
  const number = raw.column('NUMS', 'value');
  for (let i = 0; i < raw.count('SETS'); i++) {
    const kind = facts.setKind(i);
    if (kind !== SET_STRINGS && kind !== SET_NUMBERS)
      refuse(raw, 'code', 'SETS', i, 'kind', 'unknown kind of set');
    if (first(i) !== facts.refs)
      refuse(raw, 'order', 'SETS', i, 'first', 'does not start where the last run ended');
    if (count(i) > raw.count('REFS') - facts.refs)
      refuse(raw, 'index', 'SETS', i, 'count', 'ends behind REFS');
    for (let k = 0; k < count(i); k++, facts.refs++) {
      const at = facts.refs;
      const value = ref(at);
      if (kind === SET_NUMBERS) {
        if (value !== facts.nums)
          refuse(raw, 'order', 'REFS', at, 'index', 'numbers of sets are not in order');
        if (value >= raw.count('NUMS')) refuse(raw, 'index', 'REFS', at, 'index', 'out of range');
        if (k > 0 && !(number(value - 1) < number(value)))
          refuse(raw, 'order', 'REFS', at, 'index', 'set is not ascending');
        facts.nums++;
      } else {
        if (value >= raw.count('STR')) refuse(raw, 'index', 'REFS', at, 'index', 'out of range');
        if (k > 0 && ref(at - 1) >= value) refuse(raw, 'order', 'REFS', at, 'index', 'set is not ascending');
      }
    }
  }
}

function verifyLanguages(raw: RawBundle, facts: DataFacts): void {
  const kindOf = raw.column('LANG', 'kind');
  const setOf = raw.column('LANG', 'set');
  const first = raw.column('LANG', 'first');
  const states = raw.column('LANG', 'states');
  const classes = raw.column('LANG', 'classes');
  let cursor = 0;
  for (let i = 0; i < raw.count('LANG'); i++) {
    const kind = kindOf(i);
    if (kind < LANGS.contains || kind > LANGS.path)
      refuse(raw, 'code', 'LANG', i, 'kind', 'unknown kind of language');
    if (facts.setKind(setOf(i)) !== SET_STRINGS)
      refuse(raw, 'kind', 'LANG', i, 'set', 'not a set of strings');
    if (first(i) !== cursor)
      refuse(raw, 'order', 'LANG', i, 'first', 'does not start where the last table ended');
    if (kind === LANGS.prefix || kind === LANGS.suffix) {
      if (classes(i) !== 0) refuse(raw, 'operand', 'LANG', i, 'classes', 'no automaton expected');
      if (states(i) !== 0) refuse(raw, 'operand', 'LANG', i, 'states', 'no automaton expected');
    } else {
      if (classes(i) < 1 || classes(i) > 256) refuse(raw, 'table', 'LANG', i, 'classes', 'out of range');
      if (states(i) < 1 || states(i) > MAX_STATES) refuse(raw, 'table', 'LANG', i, 'states', 'out of range');
      cursor = verifyAutomaton(raw, i, cursor, classes(i), states(i));
    }
  }
  if (cursor !== raw.count('TABLES'))
    refuse(raw, 'order', 'TABLES', cursor, 'word', 'words that belong to no automaton');
}

function verifyAutomaton(
  raw: RawBundle,
  lang: number,
  start: number,
  classes: number,
  states: number,
): number {
  const word = raw.column('TABLES', 'word');
  const targets = start + 256;
  const accept = targets + states * classes;
  const end = accept + Math.ceil(states / 16);
  if (end > raw.count('TABLES')) refuse(raw, 'index', 'LANG', lang, 'states', 'ends behind TABLES');
  for (let i = start; i < targets; i++) {
    if (word(i) >= classes) refuse(raw, 'table', 'TABLES', i, 'word', 'unknown byte class');
  }
  for (let i = targets; i < accept; i++) {
    const target = word(i);
    if (target >= states && target !== 0xffff) refuse(raw, 'table', 'TABLES', i, 'word', 'unknown state');
  }
  const used = states % 16;
  if (used !== 0 && word(end - 1) >> used !== 0)
    refuse(raw, 'reserved', 'TABLES', end - 1, 'word', 'bits behind the last state');
  return end;
}
