// The projection of the executable specification: every place that the policy reads is judged, a container before its members, members by
// their names, items by their index; the first error makes the request invalid.

import {
  MAX_DECIMAL,
  MAX_LIST_ITEMS,
  MAX_MAP_ENTRIES,
  MAX_NODES,
  MAX_SAFE_INT,
  MAX_STRING_BYTES,
} from '../../src/bytecode/limits.ts';
import { INVALID_CODES, type InvalidCode } from '../../src/bytecode/opcodes.ts';
import type { Core } from '../../src/checker/shape.ts';
import type { Place } from './naive-reads.ts';
import { areDistinct } from './naive-schema.ts';
import { isLocalTimestamp, readDate, readDuration, readTimestamp } from './naive-time.ts';
import { isObject, keysOf, ownMember, scaledOf } from './naive-values.ts';

export interface Fault {
  readonly code: InvalidCode;
  readonly pointer: string;
}

/** Members, items and entries met so far. */
interface Count {
  nodes: number;
}

/** The first error of a request; null when it is valid. */
export function firstFault(root: Place, request: unknown): Fault | null {
  // The request itself is none of the values that are counted.
  const count = { nodes: -1 };
  return request === undefined ? { code: 'not_plain', pointer: '' } : judge(root, request, '', count);
}

/** Judges the value at a place and everything read below it. `undefined`: there is no value. */
function judge(place: Place, json: unknown, pointer: string, count: Count): Fault | null {
  if (json === undefined) return place.optional ? null : { code: 'required', pointer };
  count.nodes += 1;
  if (count.nodes > MAX_NODES) return { code: 'limit', pointer };
  const isMap = place.shape?.core.kind === 'map';
  const code = plainFault(json) ?? valueFault(place, json) ?? (isMap ? entryFault(place, json, count) : null);
  if (code !== null) return { code, pointer };
  for (const [segment, part, value] of partsOf(place, json)) {
    const fault = judge(
      part,
      value,
      `${pointer}/${segment.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      count,
    );
    if (fault !== null) return fault;
  }
  // An unknown object is no map: what tests name in it comes first, then all entries, which are told at the object.
  const entries = isMap ? null : entryFault(place, json, count);
  if (entries !== null) return { code: entries, pointer };
  const core = place.shape?.core;
  if (core?.kind === 'list' && core.unique && Array.isArray(json) && !areDistinct(json))
    return { code: 'not_unique', pointer };
  return place.tested === null ? null : judge(place.tested, json, pointer, count);
}

/** What makes a value no JSON value. */
function plainFault(json: unknown): InvalidCode | null {
  switch (typeof json) {
    case 'undefined':
    case 'function':
    case 'symbol':
    case 'bigint':
      return 'not_plain';
    case 'number':
      return Number.isFinite(json) ? null : 'number';
    case 'string':
      return json.isWellFormed() ? null : 'utf8';
    default:
      return null;
  }
}

/** What a present, plain value does wrong by itself. */
function valueFault(place: Place, json: unknown): InvalidCode | null {
  if (place.shape === null) {
    const isLong = typeof json === 'string' && isTooLong(json);
    // The items and entries of an unknown are entered where something reads them.
    const isLarge = Array.isArray(json) && place.element !== null && json.length > MAX_LIST_ITEMS;
    const isWide = isObject(json) && place.value !== null && keysOf(json).length > MAX_MAP_ENTRIES;
    return isLong || isLarge || isWide ? 'limit' : null;
  }
  const { core, nullable } = place.shape;
  if (json === null) return place.optional || nullable ? null : 'type';
  switch (core.kind) {
    case 'bool':
      if (typeof json !== 'boolean') return 'type';
      return core.values === null || core.values.includes(json) ? null : 'enum';
    case 'int':
    case 'decimal':
    case 'number':
      return typeof json === 'number' ? numberFault(core, json) : 'type';
    case 'string':
    case 'timestamp':
    case 'date':
    case 'duration':
    case 'localTimestamp':
      return typeof json === 'string' ? stringFault(core, json) : 'type';
    case 'list':
      if (!Array.isArray(json)) return 'type';
      if (json.length > MAX_LIST_ITEMS) return 'limit';
      return outside(json.length, core.minItems, core.maxItems) ? 'size' : null;
    case 'map': {
      if (!isObject(json)) return 'type';
      const size = keysOf(json).length;
      if (size > MAX_MAP_ENTRIES) return 'limit';
      return outside(size, core.minProperties, core.maxProperties) ? 'size' : closedFault(place, json);
    }
    case 'record':
      if (!isObject(json)) return 'type';
      return closedFault(place, json);
    case 'union': {
      if (!isObject(json)) return 'type';
      const index = branchOf(core, json);
      if (index < 0) return 'no_branch';
      const branch = place.branches.get(index);
      return branch === undefined ? null : closedFault(branch, json);
    }
    default:
      return null;
  }
}

function outside(size: number, min: number | null, max: number | null): boolean {
  return (min !== null && size < min) || (max !== null && size > max);
}

function branchOf(core: Extract<Core, { kind: 'union' }>, json: unknown): number {
  const tag = ownMember(json, core.discriminator);
  return core.branches.findIndex(({ values }) => typeof tag === 'string' && values.includes(tag));
}

function closedFault(place: Place, json: { readonly [key: string]: unknown }): InvalidCode | null {
  const core = place.shape?.core;
  if (core?.kind === 'map' && core.value === false) {
    const isRead = place.members.size > 0 || place.value !== null;
    return isRead && keysOf(json).length > 0 ? 'unknown_key' : null;
  }
  if (core?.kind !== 'record' || core.additional !== false || !place.readsOptional) return null;
  return keysOf(json).every((key) => core.properties.has(key)) ? null : 'unknown_key';
}

function numberFault(
  core: Extract<Core, { kind: 'int' | 'decimal' | 'number' }>,
  json: number,
): InvalidCode | null {
  const power = core.kind === 'decimal' ? Number(`1e${core.scale}`) : 1;
  if (core.values !== null && !core.values.some((value) => value / power === json)) return 'enum';
  if (core.min !== null && json < core.min / power) return 'range';
  if (core.max !== null && json > core.max / power) return 'range';
  if (core.kind === 'int' && (!Number.isInteger(json) || Math.abs(json) > MAX_SAFE_INT)) return 'range';
  if (core.kind === 'decimal') {
    if (Math.abs(json) > MAX_DECIMAL / power) return 'range';
    if (scaledOf(json, core.scale) === null) return 'multiple_of';
  }
  return null;
}

function isTooLong(json: string): boolean {
  return new TextEncoder().encode(json).length > MAX_STRING_BYTES;
}

function stringFault(core: Core, json: string): InvalidCode | null {
  if (isTooLong(json)) return 'limit';
  switch (core.kind) {
    case 'string':
      if (core.values !== null && !core.values.includes(json)) return 'enum';
      return outside([...json].length, core.minLength, core.maxLength) ? 'length' : null;
    case 'timestamp':
      return readTimestamp(json) === null ? 'format' : null;
    case 'date':
      return readDate(json) === null ? 'format' : null;
    case 'duration':
      return readDuration(json) === null ? 'format' : null;
    case 'localTimestamp':
      return isLocalTimestamp(json) ? null : 'format';
    default:
      return null;
  }
}

/** The errors in the keys and values of an object that is read as a whole, which are told at it: of all, the earliest code. */
function entryFault(place: Place, json: unknown, count: Count): InvalidCode | null {
  const isMap = place.shape?.core.kind === 'map';
  if (!isObject(json) || !(isMap || place.value !== null)) return null;
  const keys = keysOf(json);
  const codes: InvalidCode[] = keys.every((key) => key.isWellFormed()) ? [] : ['utf8'];
  const add = (part: Place, value: unknown): void => {
    const fault = judge(part, value, '', count);
    if (fault !== null) codes.push(fault.code);
  };
  if (place.value !== null) for (const key of keys) add(place.value, json[key]);
  if (isMap) for (const [name, part] of place.members) add(part, ownMember(json, name));
  // The value that crosses the limit is the one reported, whatever is wrong with the others.
  if (count.nodes > MAX_NODES) return 'limit';
  return INVALID_CODES.find((code) => codes.includes(code)) ?? null;
}

/** The parts of a value that are judged for themselves, in order. */
function* partsOf(place: Place, json: unknown): Generator<[string, Place, unknown]> {
  if (Array.isArray(json)) {
    if (place.element === null) return;
    for (let i = 0; i < json.length; i++) {
      yield [String(i), place.element, itemAt(json, i)];
    }
  } else if (isObject(json) && place.shape?.core.kind !== 'map') {
    const core = place.shape?.core;
    const branch = core?.kind === 'union' ? place.branches.get(branchOf(core, json)) : undefined;
    const members = [...place.members, ...(branch?.members ?? [])];
    for (const [name, part] of members.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      yield [name, part, ownMember(json, name)];
  }
}

/** An item of a list; one that is not there is no JSON value. */
function itemAt(list: readonly unknown[], index: number): unknown {
  const item = Object.hasOwn(list, index) ? list[index] : undefined;
  return item === undefined ? Symbol('nothing') : item;
}
