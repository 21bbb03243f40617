// What differs between two requests, member by member: where one has a value and the other another, or none.

import type { Json } from '../value/json.ts';
import { canonicalJson } from '../witness/canonical-json.ts';
import { below } from './reading.ts';

export interface Change {
  readonly pointer: string;
  /** Undefined: the member is added. */
  readonly old: Json | undefined;
  /** Undefined: the member is removed. */
  readonly new: Json | undefined;
}

type Members = { readonly [key: string]: Json };

/**
 * The members that changed. A member that is added or removed is one change, whatever it holds; items of lists are compared by their
 * index.
 */
export function changesBetween(old: Json, next: Json, pointer = ''): readonly Change[] {
  const members = membersOf(old);
  const others = membersOf(next);
  const isSameSort = Array.isArray(old) === Array.isArray(next);
  if (members === null || others === null || !isSameSort)
    return canonicalJson(old) === canonicalJson(next) ? [] : [{ pointer, old, new: next }];
  return [...new Set([...Object.keys(members), ...Object.keys(others)])].flatMap((key) => {
    const at = below(pointer, key);
    const a = own(members, key);
    const b = own(others, key);
    if (a === undefined || b === undefined) return [{ pointer: at, old: a, new: b }];
    return changesBetween(a, b, at);
  });
}

function membersOf(value: Json): Members | null {
  return typeof value === 'object' && value !== null ? (value as Members) : null;
}

function own(members: Members, key: string): Json | undefined {
  return Object.hasOwn(members, key) ? members[key] : undefined;
}

/** The same value with members in the order of another, new ones behind. */
export function inOrderOf(value: Json, order: Json): Json {
  if (Array.isArray(value))
    return value.map((item: Json, i) => inOrderOf(item, Array.isArray(order) ? (order[i] ?? null) : null));
  if (typeof value !== 'object' || value === null) return value;
  const members = value as Members;
  const before = Array.isArray(order) ? {} : (membersOf(order) ?? {});
  const keys = new Set([
    ...Object.keys(before).filter((key) => Object.hasOwn(members, key)),
    ...Object.keys(members),
  ]);
  return Object.fromEntries(
    [...keys].map((key) => [key, inOrderOf(members[key]!, own(before, key) ?? null)] as const),
  );
}

/** What stands at a pointer; undefined when nothing does. */
export function valueAt(request: Json, pointer: string): Json | undefined {
  if (pointer === '') return request;
  const [key, inner] = stepOf(pointer);
  const members = membersOf(request);
  const member = members === null ? undefined : own(members, key);
  return member === undefined ? undefined : valueAt(member, inner);
}

function stepOf(pointer: string): readonly [key: string, inner: string] {
  const [segment, ...rest] = pointer.slice(1).split('/');
  const key = segment!.replaceAll('~1', '/').replaceAll('~0', '~');
  return [key, rest.length === 0 ? '' : `/${rest.join('/')}`];
}

/** A request with another value at a pointer that it has. */
export function replaced(request: Json, pointer: string, value: Json): Json {
  if (pointer === '') return value;
  const [key, inner] = stepOf(pointer);
  if (Array.isArray(request))
    return request.map((item: Json, i) => (String(i) === key ? replaced(item, inner, value) : item));
  const members = request as Members;
  return Object.fromEntries(
    Object.entries(members).map(([name, each]) => [name, name === key ? replaced(each, inner, value) : each]),
  );
}
