// The value of a field for one request, as the evaluators store it, and back as JSON.

import { MAX_LIST_ITEMS, MAX_MAP_ENTRIES, MAX_SAFE_INT } from '../bytecode/limits.ts';
import { isObject, memberCount, ownMember, sizeOf } from '../evaluator/plain.ts';
import type { Field, Ir } from '../ir/ir.ts';
import type { Json } from '../value/json.ts';
import { decimalText, toScaled } from '../value/number.ts';
import {
  formatDate,
  formatDuration,
  formatTimestamp,
  isLocalTimestamp,
  parseDate,
  parseDuration,
  parseTimestamp,
  type Timestamp,
} from '../value/time.ts';

/** A present value: numbers scaled, dates as days, durations as milliseconds, bools as 0 and 1. */
export type Value = { readonly num: number } | { readonly time: Timestamp } | { readonly json: Json };

/** A number, unless it is none: what is computed from an absent number is NaN. Adding zero turns a negative zero into zero. */
export function numberValue(value: number | null): Value | null {
  return value === null || Number.isNaN(value) ? null : { num: value + 0 };
}

/** Reads a value as the kind of a field; null when it is of another. */
export function readAs(ir: Ir, field: Field, raw: Json | undefined): Value | null {
  switch (field.kind) {
    case 'bool':
      return typeof raw === 'boolean' ? { num: raw ? 1 : 0 } : null;
    case 'int':
      return typeof raw === 'number' && Number.isInteger(raw) && Math.abs(raw) <= MAX_SAFE_INT
        ? numberValue(raw)
        : null;
    case 'decimal':
      return typeof raw === 'number' ? numberValue(toScaled(raw, field.scale)) : null;
    case 'number':
      return typeof raw === 'number' ? numberValue(raw) : null;
    case 'timestamp': {
      const time = typeof raw === 'string' ? parseTimestamp(raw) : null;
      return time === null ? null : { time };
    }
    case 'date':
      return typeof raw === 'string' ? numberValue(parseDate(raw)) : null;
    case 'duration':
      return typeof raw === 'string' ? numberValue(parseDuration(raw)) : null;
    case 'union': {
      const tag = ownMember(raw, field.discriminator?.key ?? '');
      const known = field.discriminator === null ? [] : ir.sets[field.discriminator.values]!.items;
      return typeof tag === 'string' && (known as readonly string[]).includes(tag) ? { json: raw! } : null;
    }
    default:
      return raw !== undefined && isOfShape(field, raw) ? { json: raw } : null;
  }
}

function isOfShape(field: Field, raw: Json): boolean {
  switch (field.kind) {
    case 'string':
      return typeof raw === 'string';
    case 'localTimestamp':
      return typeof raw === 'string' && isLocalTimestamp(raw);
    case 'list':
      return Array.isArray(raw) && raw.length <= MAX_LIST_ITEMS;
    case 'record':
      return isObject(raw);
    case 'map':
      return isObject(raw) && memberCount(raw) <= MAX_MAP_ENTRIES;
    default:
      return true;
  }
}

/** Whether a value keeps the limits that a bundle states for a field. */
export function keepsLimits(ir: Ir, { limits }: Field, value: Value): boolean {
  if (limits === null) return true;
  const items = limits.set === null ? null : (ir.sets[limits.set]!.items as readonly (string | number)[]);
  if ('num' in value)
    return value.num >= limits.min && value.num <= limits.max && items?.includes(value.num) !== false;
  if ('time' in value) return value.time.seconds >= limits.min && value.time.seconds <= limits.max;
  if (typeof value.json === 'string' && items?.includes(value.json) === false) return false;
  if (limits.minLength === null && limits.maxLength === null) return true;
  const size = sizeOf(value.json);
  return size >= (limits.minLength ?? 0) && size <= (limits.maxLength ?? Infinity);
}

/** A value as JSON writes it. */
export function jsonOf(field: Field, value: Value): Json {
  if ('json' in value) return value.json;
  if ('time' in value) return formatTimestamp(value.time.seconds, value.time.micros);
  const { num } = value;
  switch (field.kind) {
    case 'bool':
      return num === 1;
    case 'decimal':
      return Number.isSafeInteger(num) ? Number(decimalText(num, field.scale)) : num / 10 ** field.scale;
    case 'date':
      return formatDate(num);
    case 'duration':
      return formatDuration(num);
    default:
      return num;
  }
}
