// Values of the executable specification. What comes from the request stays JSON until an expression of a type reads it; numbers are exact
// (k / 10^scale over big integers), times are big integers.

import type { Type } from '../../src/checker/types.ts';
import {
  dateText,
  durationText,
  readDate,
  readDuration,
  readTimestamp,
  timestampText,
} from './naive-time.ts';

export type Value =
  | { readonly kind: 'json'; readonly json: unknown }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'exact'; readonly k: bigint; readonly scale: number }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'timestamp' | 'difference'; readonly micros: bigint }
  | { readonly kind: 'date'; readonly days: bigint }
  | { readonly kind: 'duration'; readonly ms: bigint }
  | { readonly kind: 'list'; readonly items: readonly Value[] };

/** A policy that passed the checker did what the checker should have refused. */
export class Unsound extends Error {
  override readonly name = 'Unsound';
}

export function exact(k: bigint, scale = 0): Value {
  return { kind: 'exact', k, scale };
}

export function bool(value: boolean): Value {
  return { kind: 'bool', value };
}

export function isObject(json: unknown): json is { readonly [key: string]: unknown } {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

/** An own member; `undefined` when there is none. */
export function ownMember(json: unknown, name: string): unknown {
  return isObject(json) && Object.hasOwn(json, name) ? json[name] : undefined;
}

/** The own keys whose values are there. */
export function keysOf(json: { readonly [key: string]: unknown }): string[] {
  return Object.keys(json).filter((key) => json[key] !== undefined);
}

/** The scaled integer that a JSON number is at a scale; null when it is not on the grid or too large. */
export function scaledOf(json: number, scale: number): bigint | null {
  const power = Number(`1e${scale}`);
  const k = Math.round(json * power);
  return Math.abs(k) < 1e15 && k / power === json ? BigInt(k) : null;
}

/** A JSON value read as a type; null when it is absent (also: null where the type is known). */
export function readAs(json: unknown, type: Type): Value | null {
  if (json === undefined) return null;
  if (type.kind === 'unknown') return { kind: 'json', json };
  if (json === null) return null;
  const value = readScalar(json, type);
  if (value === null) throw new Unsound(`${JSON.stringify(json)} is read as ${type.kind}`);
  return value;
}

function readScalar(json: unknown, type: Type): Value | null {
  switch (type.kind) {
    case 'bool':
      return typeof json === 'boolean' ? bool(json) : null;
    case 'string':
      return typeof json === 'string' ? { kind: 'string', value: json } : null;
    case 'int':
      return Number.isSafeInteger(json) ? exact(BigInt(json as number)) : null;
    case 'decimal': {
      if (typeof json !== 'number' || type.scale === null) return null;
      const k = scaledOf(json, type.scale);
      return k === null ? null : exact(k, type.scale);
    }
    case 'number':
      return typeof json === 'number' && Number.isFinite(json) ? { kind: 'number', value: json } : null;
    case 'timestamp': {
      const micros = typeof json === 'string' ? readTimestamp(json) : null;
      return micros === null ? null : { kind: 'timestamp', micros };
    }
    case 'date': {
      const days = typeof json === 'string' ? readDate(json) : null;
      return days === null ? null : { kind: 'date', days };
    }
    case 'duration': {
      const ms = typeof json === 'string' ? readDuration(json) : null;
      return ms === null ? null : { kind: 'duration', ms };
    }
    case 'list':
      return Array.isArray(json) ? { kind: 'json', json } : null;
    case 'record':
    case 'map':
    case 'union':
    case 'either':
      return isObject(json) ? { kind: 'json', json } : null;
    default:
      return null;
  }
}

/** Less than zero, zero, or more than zero. */
export function order(a: Value, b: Value): number {
  const sign = (x: bigint): number => (x < 0n ? -1 : x > 0n ? 1 : 0);
  if (a.kind === 'exact' && b.kind === 'exact')
    return sign(a.k * 10n ** BigInt(b.scale) - b.k * 10n ** BigInt(a.scale));
  if (a.kind === 'number' || b.kind === 'number') {
    const [x, y] = [binary64(a), binary64(b)];
    return x < y ? -1 : x > y ? 1 : 0;
  }
  if (a.kind === 'date' && b.kind === 'date') return sign(a.days - b.days);
  return sign(micros(a) - micros(b));
}

function binary64(value: Value): number {
  if (value.kind === 'number') return value.value;
  if (value.kind === 'exact') return Number(exactText(value.k, value.scale, value.scale));
  throw new Unsound(`a ${value.kind} is compared as a number`);
}

function micros(value: Value): bigint {
  if (value.kind === 'duration') return value.ms * 1000n;
  if (value.kind === 'timestamp' || value.kind === 'difference') return value.micros;
  throw new Unsound(`a ${value.kind} is compared as a time`);
}

export function equal(a: Value, b: Value): boolean {
  if (a.kind === 'bool' && b.kind === 'bool') return a.value === b.value;
  if (a.kind === 'string' && b.kind === 'string') return a.value === b.value;
  return order(a, b) === 0;
}

/** k / 10^scale with exactly `digits` digits behind the point. */
export function exactText(k: bigint, scale: number, digits: number): string {
  const scaled = digits >= scale ? k * 10n ** BigInt(digits - scale) : k / 10n ** BigInt(scale - digits);
  const text = (scaled < 0n ? -scaled : scaled).toString().padStart(digits + 1, '0');
  const cut = text.length - digits;
  return `${scaled < 0n ? '-' : ''}${text.slice(0, cut)}${digits > 0 ? `.${text.slice(cut)}` : ''}`;
}

/** A scalar as a message shows it. */
export function textOf(value: Value, type: Type): string {
  switch (value.kind) {
    case 'bool':
      return String(value.value);
    case 'string':
      return value.value;
    case 'exact':
      return exactText(value.k, value.scale, type.kind === 'decimal' ? type.scale! : 0);
    case 'timestamp':
      return timestampText(value.micros);
    case 'date':
      return dateText(value.days);
    case 'duration':
      return durationText(value.ms);
    default:
      throw new Unsound(`a ${value.kind} is printed`);
  }
}

/** A scalar as an obligation shows it. */
export function jsonOf(value: Value): string | number | boolean {
  switch (value.kind) {
    case 'bool':
    case 'string':
      return value.value;
    case 'exact':
      return Number(exactText(value.k, value.scale, value.scale));
    case 'timestamp':
      return timestampText(value.micros);
    case 'date':
      return dateText(value.days);
    case 'duration':
      return durationText(value.ms);
    default:
      throw new Unsound(`a ${value.kind} is in an obligation`);
  }
}
