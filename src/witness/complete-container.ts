// Candidates for objects and lists of which some parts are fixed: what else is required is added, the least first.

import { isObject, type JsonObject } from '../checker/schema-keywords.ts';
import type { Json } from '../value/json.ts';
import { canonicalJson } from './canonical-json.ts';
import {
  type Expansion,
  isForbidden,
  itemSchemas,
  type Judge,
  memberSchemas,
  namesOf,
} from './complete-expand.ts';
import { textsOf } from './complete-pattern.ts';
import type { ListPlan, ObjectPlan, Plan } from './complete-plan.ts';
import { tightest, word } from './complete-scalar.ts';
import type { Schema } from './schema-flat.ts';

/** Gives candidates for a part, null for a part that is not in the plan. */
export type Candidates = (plan: Plan | null, schemas: readonly Schema[]) => Iterator<Json>;

/** How many other candidates of each part are tried, one part at a time. */
const MAX_OTHERS = 8;
/** Sets of optional members, and places of an item that a `contains` asks for, that are tried. */
const MAX_VARIANTS = 12;
/** Choices of items of a list without repetition, beyond one for each. */
const MAX_CHOICES = 2_000;
const MAX_MAP_NAMES = 3;
const MAX_FREE_ITEMS = 1_000;

/** Candidates that are made when they are asked for, and kept. */
class Stream {
  private readonly made: Json[] = [];
  private readonly source: Iterator<Json>;

  constructor(source: Iterator<Json>) {
    this.source = source;
  }

  at(index: number): Json | undefined {
    while (this.made.length <= index) {
      const { done, value } = this.source.next();
      if (done === true) return undefined;
      this.made.push(value);
    }
    return this.made[index];
  }
}

/** Objects with the members of the plan and those that the schemas, which apply together, require. */
export function* objects(
  plan: ObjectPlan,
  atoms: readonly JsonObject[],
  expansion: Expansion,
  judge: Judge,
  candidates: Candidates,
): Generator<Json> {
  const planned = [...plan.object].filter(([, child]) => child !== 'absent').map(([name]) => name);
  const names = requiredNames(planned, atoms);
  if (names.some((name) => isForbidden(plan, name))) return;
  const known = new Set<Schema>(atoms);
  const more = atoms.flatMap((s) => dependents(s, names)).filter((s) => !known.has(s));
  if (more.length > 0) {
    for (const all of expansion.alternatives(more, atoms))
      yield* objects(plan, all, expansion, judge, candidates);
    return;
  }
  const streams = new Map<string, Stream>();
  const stream = (name: string): Stream => {
    const known = streams.get(name);
    if (known !== undefined) return known;
    const child = plan.object.get(name);
    const schemas = atoms.flatMap((s) => memberSchemas(s, name));
    const made = new Stream(candidates(child === undefined || child === 'absent' ? null : child, schemas));
    streams.set(name, made);
    return made;
  };
  // What is fixed fails first, and cheaply.
  if (names.some((name) => stream(name).at(0) === undefined)) return;
  const optional = plan.open ? optionalNames(names, plan, atoms, judge) : [];
  for (const added of additions(names.length, optional, atoms)) {
    const all = [...names, ...added];
    const parts = all.map(stream);
    for (const values of variations(firstOf(parts), parts))
      yield Object.fromEntries(all.map((name, i) => [name, values[i]!]));
  }
}

/** The members of the plan, then what they and the schemas ask for. */
function requiredNames(planned: readonly string[], atoms: readonly JsonObject[]): string[] {
  const names = new Set(planned);
  for (const atom of atoms) for (const name of namesOf(atom.required)) names.add(name);
  // The set grows while it is gone through.
  for (const name of names) {
    for (const { dependentRequired } of atoms) {
      if (!isObject(dependentRequired) || !Object.hasOwn(dependentRequired, name)) continue;
      for (const other of namesOf(dependentRequired[name])) names.add(other);
    }
  }
  return [...names];
}

function dependents({ dependentSchemas }: JsonObject, names: readonly string[]): Schema[] {
  if (!isObject(dependentSchemas)) return [];
  return names
    .filter((name) => Object.hasOwn(dependentSchemas, name))
    .map((n) => dependentSchemas[n] as Schema);
}

/** Names that may be added: declared ones, then others that the schemas allow. */
function optionalNames(
  names: readonly string[],
  plan: ObjectPlan,
  atoms: readonly JsonObject[],
  judge: Judge,
): string[] {
  const found = new Set<string>();
  const need = tightest(Math.max, atoms, 'minProperties') ?? 0;
  for (const { properties } of atoms) {
    if (isObject(properties)) for (const name of Object.keys(properties)) found.add(name);
  }
  const isAllowed = (name: string): boolean =>
    !names.includes(name) &&
    !isForbidden(plan, name) &&
    atoms.every(
      (s) =>
        !memberSchemas(s, name).includes(false) &&
        (s.propertyNames === undefined || judge.accepts(s.propertyNames as Schema, name)),
    );
  const allowed = [...found].filter(isAllowed);
  // A map has no declared names: it gets some, for where others have to differ.
  const wanted = found.size > 0 ? need : Math.max(need, names.length + MAX_MAP_NAMES);
  const others = freeNames(atoms, need);
  while (names.length + allowed.length < wanted) {
    const { done, value: name } = others.next();
    if (done === true) break;
    if (!found.has(name) && isAllowed(name)) allowed.push(name);
    found.add(name);
  }
  return allowed;
}

function* freeNames(atoms: readonly JsonObject[], need: number): Generator<string> {
  for (const { patternProperties, propertyNames } of atoms) {
    const patterns = isObject(patternProperties) ? Object.keys(patternProperties) : [];
    if (isObject(propertyNames)) {
      yield* namesOf(propertyNames.enum);
      if (typeof propertyNames.const === 'string') yield propertyNames.const;
      if (typeof propertyNames.pattern === 'string') patterns.push(propertyNames.pattern);
    }
    for (const pattern of patterns) yield* textsOf(pattern, 1);
  }
  for (let i = 1; i <= need + MAX_VARIANTS; i++) yield word(i);
}

/** Sets of optional members: none if that is enough, then some, then as many as there may be. */
function* additions(
  present: number,
  optional: readonly string[],
  atoms: readonly JsonObject[],
): Generator<readonly string[]> {
  const need = Math.max(0, (tightest(Math.max, atoms, 'minProperties') ?? 0) - present);
  const room = (tightest(Math.min, atoms, 'maxProperties') ?? Number.POSITIVE_INFINITY) - present;
  if (room < need || optional.length < need) return;
  if (need === 0) yield [];
  const size = Math.max(need, 1);
  if (size > room) return;
  for (let i = 0; i + size <= optional.length && i < MAX_VARIANTS; i++) yield optional.slice(i, i + size);
  if (optional.length > size) yield optional.slice(0, Math.min(room, optional.length));
}

/** The first candidate of each part; null when a part has none. */
function firstOf(streams: readonly Stream[]): readonly Json[] | null {
  const first: Json[] = [];
  for (const stream of streams) {
    const value = stream.at(0);
    if (value === undefined) return null;
    first.push(value);
  }
  return first;
}

/** One choice of candidates, then the same with another candidate of one part. */
function* variations(first: readonly Json[] | null, streams: readonly Stream[]): Generator<readonly Json[]> {
  if (first === null) return;
  yield first;
  for (let other = 1; other <= MAX_OTHERS; other++) {
    for (const [i, stream] of streams.entries()) {
      const value = stream.at(other);
      if (value !== undefined) yield first.with(i, value);
    }
  }
}

/** Lists of exactly the items of the plan, or without one of as few items as the schemas allow. */
export function* lists(
  plan: ListPlan | null,
  atoms: readonly JsonObject[],
  candidates: Candidates,
): Generator<Json> {
  const contained = atoms.flatMap(({ contains, minContains }) => {
    if (contains === undefined) return [];
    return new Array<Schema>(typeof minContains === 'number' ? minContains : 1).fill(contains as Schema);
  });
  const least = tightest(Math.max, atoms, 'minItems') ?? 0;
  const most = tightest(Math.min, atoms, 'maxItems') ?? Number.POSITIVE_INFINITY;
  if (plan !== null) {
    const { length } = plan.list;
    if (length < least || length > most) return;
    for (const offset of offsets(length, contained.length))
      yield* listsOf(plan.list, atoms, contained, offset, candidates);
    return;
  }
  // One item may be what several `contains` ask for; longer lists are for where others have to differ.
  const shortest = Math.max(least, Math.min(contained.length, 1));
  const enough = Math.max(least, contained.length);
  const lengths = new Set([shortest, enough, enough + 1, enough + 2, enough + 3]);
  for (const length of lengths) {
    if (length > most || length > MAX_FREE_ITEMS) continue;
    const items = new Array<null>(length).fill(null);
    yield* listsOf(items, atoms, contained, 0, candidates);
  }
}

/** Where the items that a `contains` asks for begin: nowhere, for they may be there already, and at each item. */
function offsets(length: number, contained: number): readonly number[] {
  if (contained === 0 || length === 0) return [length];
  return [length, ...Array.from({ length: Math.min(length, MAX_VARIANTS) }, (_, i) => i)];
}

function* listsOf(
  items: readonly (Plan | null)[],
  atoms: readonly JsonObject[],
  contained: readonly Schema[],
  offset: number,
  candidates: Candidates,
): Generator<Json> {
  const asked = (i: number): readonly Schema[] => {
    if (offset >= items.length) return [];
    // The asked items follow one another from the offset on, and begin anew where the list ends.
    const turn = (i - offset + items.length) % items.length;
    return contained.filter((_, k) => k % items.length === turn);
  };
  const streams = items.map(
    (item, i) => new Stream(candidates(item, [...atoms.flatMap((s) => itemSchemas(s, i)), ...asked(i)])),
  );
  const isUnique = atoms.some((s) => s.uniqueItems === true);
  yield* variations(isUnique ? distinctOf(items, streams) : firstOf(streams), streams);
}

/** One candidate of each, all different; what is fixed chooses first. Null when a bounded search finds none. */
function distinctOf(items: readonly (Plan | null)[], streams: readonly Stream[]): readonly Json[] | null {
  const chosen = new Array<Json>(items.length);
  const texts = new Set<string>();
  const isFixed = (i: number): boolean => items[i] !== null && 'fixed' in items[i]!;
  const order = [...items.keys()].sort((a, b) => Number(isFixed(b)) - Number(isFixed(a)));
  let room = MAX_CHOICES + items.length;
  const choose = (turn: number): boolean => {
    const i = order[turn];
    if (i === undefined) return true;
    let value = streams[i]!.at(0);
    for (let at = 1; value !== undefined && room > 0; value = streams[i]!.at(at++)) {
      const text = canonicalJson(value);
      if (texts.has(text)) continue;
      room--;
      chosen[i] = value;
      texts.add(text);
      if (choose(turn + 1)) return true;
      texts.delete(text);
    }
    return false;
  };
  return choose(0) ? chosen : null;
}
