// The truth of an atom that is no quantifier. On an absent field every atom is false.

import { isUniqueList, jsonKind, keysIn, ownMember } from '../evaluator/plain.ts';
import type { FieldId, Ir, IrAtom, Lang } from '../ir/ir.ts';
import { isWord } from '../symbolic/fact-of-text.ts';
import { containsText } from '../value/text.ts';
import type { Timestamp } from '../value/time.ts';
import { isPresent, type Reading, type Scope } from './reading.ts';
import type { Value } from './value.ts';

export type Test = Exclude<IrAtom, { op: 'ANY' | 'ALL' }>;

export function atomHolds(reading: Reading, atom: Test, scope: Scope): boolean {
  const value = reading.value(atom.field, scope);
  if (value === null) return false;
  if ('other' in atom) return comparisonHolds(reading, atom.op, value, atom.other, scope);
  switch (atom.op) {
    case 'PRESENT':
      return isPresent(value);
    case 'IN_NUMBERS':
      return 'num' in value && setOf(reading.ir, atom.set).includes(value.num);
    case 'RANGE':
      return 'num' in value && value.num >= atom.bounds[0]! && value.num <= atom.bounds[1]!;
    case 'RANGE_TIME': {
      const [fromSeconds, fromMicros, toSeconds, toMicros] = atom.bounds;
      if (!('time' in value)) return false;
      const from = { seconds: fromSeconds!, micros: fromMicros! };
      const to = { seconds: toSeconds!, micros: toMicros! };
      return order(from, value.time) <= 0 && order(value.time, to) <= 0;
    }
    default:
      return 'json' in value && jsonHolds(reading.ir, atom, value.json);
  }
}

function jsonHolds(
  ir: Ir,
  atom: Extract<Test, { op: 'UNIQUE' | 'KIND_IS' | 'HAS_KEY' | 'KEYS_IN' | 'IN_STRINGS' | 'MATCH' }> | Test,
  json: unknown,
): boolean {
  switch (atom.op) {
    case 'UNIQUE':
      return isUniqueList(json);
    case 'KIND_IS':
      return (jsonKind(json) & atom.mask) !== 0;
    case 'HAS_KEY':
      return ownMember(json, atom.key) !== undefined;
    case 'KEYS_IN':
      return keysIn(json, new Set(setOf(ir, atom.set) as readonly string[]));
    case 'IN_STRINGS':
      return setOf(ir, atom.set).includes(json as string);
    case 'MATCH':
      return typeof json === 'string' && inLanguage(ir.langs[atom.lang]!, json);
    default:
      return false;
  }
}

function setOf(ir: Ir, set: number): readonly (string | number)[] {
  return ir.sets[set]!.items;
}

// Texts are looked for as they are; only patterns need an automaton.
function inLanguage(lang: Lang, text: string): boolean {
  switch (lang.kind) {
    case 'contains':
      return lang.texts.some((part) => containsText(text, part));
    case 'prefix':
      return lang.texts.some((part) => text.startsWith(part));
    case 'suffix':
      return lang.texts.some((part) => text.endsWith(part));
    default:
      return isWord(lang, text);
  }
}

type Comparison = Extract<Test, { other: FieldId }>['op'];

function comparisonHolds(
  reading: Reading,
  op: Comparison,
  value: Value,
  otherField: FieldId,
  scope: Scope,
): boolean {
  const other = reading.value(otherField, scope);
  if (other === null) return false;
  if ('num' in value && 'num' in other) {
    if (op === 'EQ_NUMBER') return value.num === other.num;
    return op === 'LT_NUMBER' ? value.num < other.num : op === 'LE_NUMBER' && value.num <= other.num;
  }
  if ('time' in value && 'time' in other) {
    const sign = order(value.time, other.time);
    if (op === 'EQ_TIME') return sign === 0;
    return op === 'LT_TIME' ? sign < 0 : op === 'LE_TIME' && sign <= 0;
  }
  if (!('json' in value && 'json' in other) || typeof other.json !== 'string') return false;
  if (op === 'HAS_KEY_AT') return ownMember(value.json, other.json) !== undefined;
  return typeof value.json === 'string' && textsHold(op, value.json, other.json);
}

function textsHold(op: Comparison, text: string, other: string): boolean {
  switch (op) {
    case 'EQ_STRING':
      return text === other;
    case 'SCAN_CONTAINS':
      return containsText(text, other);
    case 'SCAN_PREFIX':
      return text.startsWith(other);
    case 'SCAN_SUFFIX':
      return text.endsWith(other);
    default:
      return false;
  }
}

function order(a: Timestamp, b: Timestamp): number {
  return a.seconds === b.seconds ? a.micros - b.micros : a.seconds - b.seconds;
}
