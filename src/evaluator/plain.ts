// Questions about the values of a request: what JSON value they plainly are, and which own members they have. `undefined` stands
// for a member that is not there.

import { MAX_STRING_BYTES } from '../bytecode/limits.ts';
import { JSON_KINDS } from '../bytecode/opcodes.ts';
import { codePoints, utf8Length } from '../value/text.ts';
import type { PlainObject } from './load-sites.ts';
import { SAFE_UNITS } from './plan.ts';

const hasOwn = Object.prototype.hasOwnProperty;

/** Whether the value is an object in the sense of JSON: no list, no null. */
export function isObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The own member of an object, or undefined. */
export function ownMember(value: unknown, key: string): unknown {
  return isObject(value) && hasOwn.call(value, key) ? value[key] : undefined;
}

/** Calls back for each own member. Stops when the callback says false, and says so. */
export function everyMember(value: PlainObject, accept: (key: string, member: unknown) => boolean): boolean {
  for (const key of Object.keys(value)) {
    const member = value[key];
    if (member !== undefined && !accept(key, member)) return false;
  }
  return true;
}

/** Number of own members. */
export function memberCount(value: PlainObject): number {
  let count = 0;
  everyMember(value, () => ++count > 0);
  return count;
}

/** Code points of a string, items of a list, own members of an object; NaN for anything else. */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return codePoints(value);
  if (Array.isArray(value)) return value.length;
  return isObject(value) ? memberCount(value) : Number.NaN;
}

/** Bit of `JSON_KINDS` of the value; 0 for what is not there and what is no JSON. */
export function jsonKind(value: unknown): number {
  switch (typeof value) {
    case 'boolean':
      return JSON_KINDS.bool;
    case 'number':
      return JSON_KINDS.number;
    case 'string':
      return JSON_KINDS.string;
    case 'object':
      if (value === null) return JSON_KINDS.null;
      return Array.isArray(value) ? JSON_KINDS.list : JSON_KINDS.object;
    default:
      return 0;
  }
}

/** Whether each own key of the object is in the set. */
export function keysIn(value: unknown, keys: ReadonlySet<string>): boolean {
  return isObject(value) && everyMember(value, (key) => keys.has(key));
}

/** Whether the value is a list in which no two scalars are equal as JSON. */
export function isUniqueList(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  const seen = new Set<unknown>();
  for (const item of value as readonly unknown[]) {
    if (typeof item === 'object' && item !== null) continue;
    if (seen.has(item)) return false;
    seen.add(item);
  }
  return true;
}

/** Whether the string is longer than a projected string may be. */
export function isTooLong(text: string): boolean {
  return text.length > SAFE_UNITS && (text.length > MAX_STRING_BYTES || utf8Length(text) > MAX_STRING_BYTES);
}
