// The theory of each kind of atom, in one place: what an atom says about the values that its fields have. A new atom or calculation that is
// missing here does not compile.

import type { FieldId, IrAtom, Lang } from '../ir/ir.ts';
import { isWord } from './fact-of-text.ts';
import { FALSE, type Formula, TRUE } from './formula.ts';
import type { Bindings, Grounding } from './ground.ts';
import { linearAtMost } from './linear-fact.ts';
import { BOOL, LIST, NULL, NUMBER, OBJECT, type PlaceId, type Places, STRING } from './place.ts';
import { addSums, defined, micros, nameOf, type Sum, scaleSum, sumOf, type Value } from './value.ts';

const DAY_MICROS = 86_400_000_000n;
const MINUTE_MICROS = 60_000_000n;
/** Substrings of a constant that a field is looked for in: beyond so many nothing is known of the test. */
const MAX_PARTS = 4_096;

/** The condition that an atom of an IR is. */
export function groundAtom(ground: Grounding, atom: IrAtom, bindings: Bindings): Formula {
  const { places } = ground;
  const over = (field: FieldId, test: (value: Value) => Formula): Formula =>
    ground.over(field, bindings, test);
  const both = (a: FieldId, b: FieldId, test: (a: Value, b: Value) => Formula): Formula =>
    over(a, (left) => over(b, (right) => test(left, right)));
  const place = (field: FieldId, test: (place: PlaceId) => Formula): Formula =>
    over(field, (value) => (value.is === 'place' ? test(value.place) : FALSE));
  switch (atom.op) {
    case 'PRESENT':
      return over(atom.field, (value) => ground.definedAs(atom.field, value));
    case 'KIND_IS':
      return place(atom.field, (id) => places.kind(id, atom.mask));
    case 'HAS_KEY':
      return place(atom.field, (id) => ground.hasKey(id, atom.key));
    case 'HAS_KEY_AT':
      return place(atom.field, (id) =>
        places.formulas.any(
          ground
            .entriesAt(id, atom.other, bindings)
            .map((entry) => places.formulas.and(entry.guard, ground.exists(entry.place))),
        ),
      );
    case 'IN_STRINGS':
      return over(atom.field, (value) => inStrings(places, value, ground.set(atom.set)));
    case 'IN_NUMBERS': {
      const set = ground.ir.sets[atom.set]!;
      const numbers = set.of === 'number' ? set.items : [];
      return over(atom.field, (value) =>
        places.formulas.any(numbers.map((number) => inRange(places, value, number, number))),
      );
    }
    case 'RANGE':
      return over(atom.field, (value) => inRange(places, value, atom.bounds[0]!, atom.bounds[1]!));
    case 'RANGE_TIME':
      return over(atom.field, (value) => inTime(places, value, atom.bounds));
    case 'MATCH':
      return over(atom.field, (value) => inLanguage(places, value, ground.ir.langs[atom.lang]!));
    case 'EQ_NUMBER':
    case 'EQ_TIME':
      return both(atom.field, atom.other, (a, b) => equalNumbers(places, a, b));
    case 'LT_NUMBER':
    case 'LT_TIME':
      return both(atom.field, atom.other, (a, b) => atMost(places, a, b, -1n));
    case 'LE_NUMBER':
    case 'LE_TIME':
      return both(atom.field, atom.other, (a, b) => atMost(places, a, b, 0n));
    case 'EQ_STRING':
      return both(atom.field, atom.other, (a, b) => equalStrings(places, a, b));
    case 'SCAN_CONTAINS':
      return both(atom.field, atom.other, (a, b) => scan(places, 'contains', a, b));
    case 'SCAN_PREFIX':
      return both(atom.field, atom.other, (a, b) => scan(places, 'prefix', a, b));
    case 'SCAN_SUFFIX':
      return both(atom.field, atom.other, (a, b) => scan(places, 'suffix', a, b));
    case 'KEYS_IN':
      return place(atom.field, (id) =>
        places.formulas.and(places.kind(id, OBJECT), hasOtherKey(ground, id, ground.set(atom.set)) ^ 1),
      );
    case 'UNIQUE':
      return place(atom.field, (id) => places.formulas.and(places.kind(id, LIST), isDistinct(ground, id)));
    case 'ANY':
      return quantified(ground, atom, atom.body, bindings);
    case 'ALL':
      return places.formulas.and(
        over(atom.list, (value) => hasParts(places, value, atom.overValues)),
        quantified(ground, atom, atom.body ^ 1, bindings) ^ 1,
      );
  }
}

// Like every atom, `all` is false where its list is absent.
function hasParts(places: Places, value: Value, overValues: boolean): Formula {
  if (value.is === 'constant') return overValues ? FALSE : TRUE;
  return value.is === 'place' ? places.kind(value.place, overValues ? OBJECT : LIST) : FALSE;
}

/** Some part of the list (or some value of the object) satisfies the body. */
function quantified(
  ground: Grounding,
  atom: Extract<IrAtom, { op: 'ANY' | 'ALL' }>,
  body: number,
  bindings: Bindings,
): Formula {
  const { formulas } = ground.places;
  return ground.over(atom.list, bindings, (value) => {
    if (value.is !== 'place') return FALSE;
    if (atom.overValues) return someValue(ground, atom, value.place, body, bindings);
    const hits = ground.itemsThat(value.place, atom.elem, body, bindings);
    return formulas.any([...hits, ground.further(value.place, `any ${hits.join()}`)]);
  });
}

function someValue(
  ground: Grounding,
  atom: Extract<IrAtom, { op: 'ANY' | 'ALL' }>,
  object: PlaceId,
  body: number,
  bindings: Bindings,
): Formula {
  const { places } = ground;
  const { formulas } = places;
  const except = new Set(atom.except === null ? [] : ground.set(atom.except));
  const holds = (id: PlaceId): Formula =>
    formulas.and(ground.exists(id), ground.edge(body, new Map(bindings).set(atom.elem, id)));
  const place = places.places[object]!;
  const named = ground.demand.keys(place).filter((key) => !except.has(key));
  const members = named.map((key) => holds(places.child(object, { step: 'member', key }).id));
  const entries = ground.demand.entries(place);
  const others = Array.from({ length: entries.count }, (_, index) =>
    holds(places.child(object, { step: 'entry', index }).id),
  );
  if (entries.exact && !ground.demand.isDynamic(place)) return formulas.any([...members, ...others]);
  const rest = places.child(object, { step: 'rest' }).id;
  const unknown = formulas.and(
    places.fact(rest, { is: 'number', scale: 0, lo: 1, hi: Infinity }),
    places.link({ is: 'opaque', name: `value of ${object}: ${members.join()} ${others.join()}` }),
  );
  return formulas.any([...members, ...others, unknown]);
}

/** The object has a key outside a set. All keys of such sets are named. */
export function hasOtherKey(ground: Grounding, object: PlaceId, keys: readonly string[]): Formula {
  const { places } = ground;
  const allowed = new Set(keys);
  const named = ground.demand.keys(places.places[object]!).filter((key) => !allowed.has(key));
  const rest = places.child(object, { step: 'rest' }).id;
  return places.formulas.any([
    ...named.map((key) => ground.hasKey(object, key)),
    places.fact(rest, { is: 'number', scale: 0, lo: 1, hi: Infinity }),
  ]);
}

/** No two scalar items are equal. */
export function isDistinct(ground: Grounding, list: PlaceId): Formula {
  const { places } = ground;
  const { count } = ground.demand.items(places.places[list]!);
  const scalar = NULL | BOOL | NUMBER | STRING;
  const clashes: Formula[] = [];
  for (let b = 0; b < count; b++) {
    const right = places.child(list, { step: 'item', index: b }).id;
    for (let a = 0; a < b; a++) {
      const left = places.child(list, { step: 'item', index: a }).id;
      clashes.push(
        places.formulas.all([
          places.kind(left, scalar),
          places.kind(right, scalar),
          places.link({ is: 'sameScalar', a: left, b: right }),
        ]),
      );
    }
  }
  return places.formulas.any([...clashes, ground.further(list, 'equal items')]) ^ 1;
}

/** A test of which nothing is known but that equal tests of equal values agree. It is false where the values are absent. */
function opaque(places: Places, test: string, ...values: readonly Value[]): Formula {
  return places.formulas.and(
    places.formulas.all(values.map((value) => defined(places, value))),
    places.link({ is: 'opaque', name: `${test}(${values.map(nameOf).join(', ')})` }),
  );
}

export function inStrings(places: Places, value: Value, texts: readonly string[]): Formula {
  if (texts.length === 0) return FALSE;
  switch (value.is) {
    case 'place':
      return places.fact(value.place, { is: 'strings', texts });
    case 'text':
      return value.change === 'path'
        ? opaque(places, `in ${JSON.stringify(texts)}`, value)
        : places.fact(value.place, { is: 'text', test: { kind: 'texts', texts }, reading: value.change });
    case 'constant':
      return value.constant.kind === 'string' && texts.includes(value.constant.value) ? TRUE : FALSE;
    default:
      return opaque(places, `in ${JSON.stringify(texts)}`, value);
  }
}

export function inRange(places: Places, value: Value, lo: number, hi: number): Formula {
  switch (value.is) {
    case 'truth':
      return places.formulas.or(
        lo <= 1 && 1 <= hi ? value.formula : FALSE,
        lo <= 0 && 0 <= hi ? value.formula ^ 1 : FALSE,
      );
    case 'length': {
      const test = { kind: 'length' as const, min: Math.max(0, Math.ceil(lo)), max: Math.floor(hi) };
      return test.min > test.max ? FALSE : places.fact(value.place, { is: 'text', test, reading: 'same' });
    }
    case 'calendar':
      return calendarRange(places, value, lo, hi);
    case 'place':
      return placeRange(places, value, lo, hi);
    case 'constant':
      return value.constant.kind === 'number' && lo <= value.constant.value && value.constant.value <= hi
        ? TRUE
        : FALSE;
    case 'sum': {
      if (value.sum.axis !== 'number') break;
      return sumRange(places, value.sum, lo, hi);
    }
    default:
  }
  return opaque(places, `in ${lo}..${hi}`, value);
}

function sumRange(places: Places, sum: Sum, lo: number, hi: number): Formula {
  const parts = [sum.defined];
  if (hi < Infinity) parts.push(linearAtMost(places, sum, BigInt(Math.floor(hi))));
  if (lo > -Infinity) parts.push(linearAtMost(places, scaleSum(sum, -1n), -BigInt(Math.ceil(lo))));
  return places.formulas.all(parts);
}

function placeRange(places: Places, value: Extract<Value, { is: 'place' }>, lo: number, hi: number): Formula {
  const { place, kind } = value;
  switch (kind) {
    case 'bool':
      return places.formulas.or(
        lo <= 1 && 1 <= hi ? places.fact(place, { is: 'bool', value: true }) : FALSE,
        lo <= 0 && 0 <= hi ? places.fact(place, { is: 'bool', value: false }) : FALSE,
      );
    case 'int':
    case 'decimal':
      return places.formulas.and(
        places.fact(place, { is: 'number', scale: kind === 'int' ? 0 : value.scale, lo, hi }),
        defined(places, value),
      );
    case 'number':
      return places.fact(place, { is: 'number', scale: null, lo, hi });
    case 'date':
    case 'duration':
      return places.fact(place, {
        is: 'time',
        kind,
        lo: lo === -Infinity ? null : BigInt(Math.ceil(lo)),
        hi: hi === Infinity ? null : BigInt(Math.floor(hi)),
      });
    default:
      return opaque(places, `in ${lo}..${hi}`, value);
  }
}

function calendarRange(
  places: Places,
  value: Extract<Value, { is: 'calendar' }>,
  lo: number,
  hi: number,
): Formula {
  const { place, part, offsetMinutes } = value;
  if (part === 'date') {
    const start = (day: number): bigint => BigInt(day) * DAY_MICROS - BigInt(offsetMinutes) * MINUTE_MICROS;
    return places.fact(place, {
      is: 'time',
      kind: 'timestamp',
      lo: lo === -Infinity ? null : start(Math.ceil(lo)),
      hi: hi === Infinity ? null : start(Math.floor(hi) + 1) - 1n,
    });
  }
  const [first, last] = part === 'weekday' ? [1, 7] : [0, 1439];
  const range = { lo: Math.max(first, Math.ceil(lo)), hi: Math.min(last, Math.floor(hi)) };
  if (range.lo > range.hi) return FALSE;
  if (range.lo === first && range.hi === last) return defined(places, value);
  return places.fact(place, { is: 'calendar', part, offsetMinutes, ...range });
}

export function inTime(places: Places, value: Value, bounds: readonly number[]): Formula {
  const end = (seconds: number, part: number): bigint | null =>
    Number.isFinite(seconds) ? micros(seconds, part) : null;
  const lo = end(bounds[0]!, bounds[1]!);
  const hi = end(bounds[2]!, bounds[3]!);
  if (value.is === 'place') return places.fact(value.place, { is: 'time', kind: 'timestamp', lo, hi });
  const sum = sumOf(places, value);
  if (sum === null) return opaque(places, `in ${lo}..${hi}`, value);
  const parts = [sum.defined];
  if (hi !== null) parts.push(linearAtMost(places, sum, hi));
  if (lo !== null) parts.push(linearAtMost(places, scaleSum(sum, -1n), -lo));
  return places.formulas.all(parts);
}

function inLanguage(places: Places, value: Value, lang: Lang): Formula {
  switch (value.is) {
    case 'constant':
      return value.constant.kind === 'string' && isWord(lang, value.constant.value) ? TRUE : FALSE;
    case 'place':
      if (lang.kind !== 'path')
        return places.fact(value.place, { is: 'text', test: { kind: 'lang', lang }, reading: 'same' });
      break;
    case 'text':
      if (value.change === 'path' && lang.kind === 'path')
        return places.fact(value.place, { is: 'path', lang });
      if (value.change !== 'path' && lang.kind !== 'path')
        return places.fact(value.place, {
          is: 'text',
          test: { kind: 'lang', lang },
          reading: value.change,
        });
      break;
    default:
  }
  return opaque(places, `in ${lang.kind} ${JSON.stringify(lang.texts)}`, value);
}

function isTruth(value: Value): boolean {
  return value.is === 'truth' || (value.is === 'place' && value.kind === 'bool') || isBoolConstant(value);
}

function isBoolConstant(value: Value): boolean {
  return value.is === 'constant' && value.kind === 'bool';
}

export function equalNumbers(places: Places, a: Value, b: Value): Formula {
  const { formulas } = places;
  if (isTruth(a) && isTruth(b)) {
    const pair = (truth: number): Formula =>
      formulas.and(inRange(places, a, truth, truth), inRange(places, b, truth, truth));
    return formulas.or(pair(0), pair(1));
  }
  return formulas.and(atMost(places, a, b, 0n), atMost(places, b, a, 0n));
}

/** a <= b + shift. */
function atMost(places: Places, a: Value, b: Value, shift: bigint): Formula {
  const left = sumOf(places, a);
  const right = sumOf(places, b);
  if (left === null || right === null || left.axis !== right.axis)
    return opaque(places, `at most ${shift}`, a, b);
  const difference = addSums(left, right, -1n, (x, y) => places.formulas.and(x, y));
  return places.formulas.and(difference.defined, linearAtMost(places, difference, shift));
}

function textOf(value: Value): string | null {
  return value.is === 'constant' && value.constant.kind === 'string' ? value.constant.value : null;
}

export function equalStrings(places: Places, a: Value, b: Value): Formula {
  const left = textOf(a);
  const right = textOf(b);
  if (right !== null) return inStrings(places, a, [right]);
  if (left !== null) return inStrings(places, b, [left]);
  if (nameOf(a) === nameOf(b)) return defined(places, a);
  const [x, y] = nameOf(a) < nameOf(b) ? [a, b] : [b, a];
  if (x.is === 'place' && y.is === 'place')
    return places.formulas.all([
      defined(places, x),
      defined(places, y),
      places.link({ is: 'equal', a: x.place, b: y.place }),
    ]);
  return opaque(places, 'equal', x, y);
}

function scan(places: Places, rel: 'contains' | 'prefix' | 'suffix', text: Value, part: Value): Formula {
  const needle = textOf(part);
  if (needle !== null) return inLanguage(places, text, { kind: rel, texts: [needle] });
  const hay = textOf(text);
  if (hay !== null) {
    const parts = partsOf(rel, hay);
    if (parts !== null) return inStrings(places, part, parts);
  }
  if (text.is === 'place' && part.is === 'place')
    return places.formulas.all([
      defined(places, text),
      defined(places, part),
      places.link({ is: 'scan', rel, text: text.place, part: part.place }),
    ]);
  return opaque(places, rel, text, part);
}

/** Every text that occurs in, begins or ends another; null when there are too many. */
function partsOf(rel: 'contains' | 'prefix' | 'suffix', text: string): readonly string[] | null {
  const points = [...text];
  const parts = new Set<string>();
  for (let from = 0; from <= points.length; from++) {
    for (let to = from; to <= points.length; to++) {
      if (rel === 'prefix' && from > 0) continue;
      if (rel === 'suffix' && to < points.length) continue;
      parts.add(points.slice(from, to).join(''));
      if (parts.size > MAX_PARTS) return null;
    }
  }
  return [...parts].sort();
}
