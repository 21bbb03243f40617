// Cores of scalar places: allowed values and closed bounds on the grid of their type.

import { MAX_DECIMAL, MAX_SAFE_INT, MAX_SCALE } from '../bytecode/limits.ts';
import { POWERS_OF_TEN, toScaled } from '../value/number.ts';
import { codePoints } from '../value/text.ts';
import { type JsonObject, member } from './schema-keywords.ts';
import type { Core } from './shape.ts';

/** A core, and the keyword that it cannot express, if any. */
export interface CoreResult {
  readonly core: Core;
  readonly refused: Refusal | null;
}

export interface Refusal {
  readonly keyword: string;
  readonly why: string;
}

export const NEVER: Core = { kind: 'never' };
const UNKNOWN: Core = { kind: 'unknown' };

export function accepted(core: Core): CoreResult {
  return { core, refused: null };
}

export function refused(keyword: string, why: string): CoreResult {
  return { core: UNKNOWN, refused: { keyword, why } };
}

/** `values`: what `enum` and `const` leave over, null without them. */
export type Values = readonly unknown[] | null;

export function boolCore(values: Values): CoreResult {
  const allowed = values?.filter((v) => typeof v === 'boolean') ?? null;
  return accepted(allowed?.length === 0 ? NEVER : { kind: 'bool', values: allowed });
}

/** A number keyword of a schema that its meta-schema has accepted. */
export function numberOf(schema: JsonObject, keyword: string): number | null {
  const value = member(schema, keyword);
  return typeof value === 'number' ? value : null;
}

const FORMATS: ReadonlyMap<string, 'timestamp' | 'date' | 'duration' | 'localTimestamp'> = new Map([
  ['date-time', 'timestamp'],
  ['date', 'date'],
  ['duration', 'duration'],
  ['date-time-local', 'localTimestamp'],
]);

/** Why a `format` is refused; null for a known or absent one. */
export function refusedFormat(schema: JsonObject): Refusal | null {
  const format = member(schema, 'format');
  if (format === undefined || FORMATS.has(String(format))) return null;
  const known = [...FORMATS.keys()].map((f) => `\`${f}\``).join(', ');
  return { keyword: 'format', why: `the format ${JSON.stringify(format)} is not one of ${known}` };
}

export function stringCore(schema: JsonObject, values: Values): CoreResult {
  const minLength = numberOf(schema, 'minLength');
  const maxLength = numberOf(schema, 'maxLength');
  const kind = FORMATS.get(String(member(schema, 'format')));
  if (kind !== undefined) {
    const beside =
      values !== null ? 'enum' : minLength !== null ? 'minLength' : maxLength !== null ? 'maxLength' : null;
    if (beside !== null)
      return refused('format', `\`${beside}\` beside it is not supported: compare in the policy instead`);
    return accepted(kind === 'localTimestamp' ? { kind } : { kind, minLength: null });
  }
  if (empty(minLength, maxLength)) return accepted(NEVER);
  const allowed =
    values?.filter(
      (v) => typeof v === 'string' && !empty(minLength, codePoints(v)) && !empty(codePoints(v), maxLength),
    ) ?? null;
  if (allowed?.length === 0) return accepted(NEVER);
  return accepted({ kind: 'string', values: allowed as readonly string[] | null, minLength, maxLength });
}

function empty(min: number | null, max: number | null): boolean {
  return min !== null && max !== null && min > max;
}

export function intCore(schema: JsonObject, values: Values): CoreResult {
  const multiple = numberOf(schema, 'multipleOf');
  if (multiple !== null && multiple !== 1) {
    return refused('multipleOf', 'on an integer only 1 is supported');
  }
  const min = lower(schema, (m, strict) => (strict ? Math.floor(m) + 1 : Math.ceil(m)));
  const max = upper(schema, (m, strict) => (strict ? Math.ceil(m) - 1 : Math.floor(m)));
  const bounds = within(min, max, MAX_SAFE_INT);
  return numeric('int', bounds, values, (v) => (Number.isSafeInteger(v) ? v + 0 : null));
}

/** A `number`: a decimal when `multipleOf` is a power of ten from 1 down, else a binary64. */
export function numberCore(schema: JsonObject, values: Values): CoreResult {
  const multiple = numberOf(schema, 'multipleOf');
  if (multiple === null) {
    const min = lower(schema, (m, strict) => (strict ? nextUp(m) : m));
    const max = upper(schema, (m, strict) => (strict ? -nextUp(-m) : m));
    return numeric('number', within(min, max, Number.MAX_VALUE), values, (v) => v + 0);
  }
  const scale = scaleOf(multiple);
  if (scale === null) {
    return refused('multipleOf', 'on a number only 1, 0.1, 0.01 and so on down to 1e-15 are supported');
  }
  const min = lower(schema, (m, strict) => scaledCeil(m, scale, strict));
  const max = upper(schema, (m, strict) => -scaledCeil(-m, scale, strict));
  const bounds = within(min, max, MAX_DECIMAL);
  const { core } = numeric('decimal', bounds, values, (v) => toScaled(v, scale));
  return accepted(core.kind === 'decimal' ? { ...core, scale } : core);
}

function scaleOf(multiple: number): number | null {
  for (let scale = 0; scale <= MAX_SCALE; scale++) if (multiple === Number(`1e-${scale}`)) return scale;
  return null;
}

type Bound = (limit: number, strict: boolean) => number;

function lower(schema: JsonObject, bound: Bound): number | null {
  return tighter(Math.max, numberOf(schema, 'minimum'), numberOf(schema, 'exclusiveMinimum'), bound);
}

function upper(schema: JsonObject, bound: Bound): number | null {
  return tighter(Math.min, numberOf(schema, 'maximum'), numberOf(schema, 'exclusiveMaximum'), bound);
}

function tighter(
  pick: typeof Math.max,
  closed: number | null,
  open: number | null,
  bound: Bound,
): number | null {
  const bounds = [
    ...(closed === null ? [] : [bound(closed, false)]),
    ...(open === null ? [] : [bound(open, true)]),
  ];
  // `+ 0` makes a negative zero an ordinary one.
  return bounds.length === 0 ? null : pick(...bounds) + 0;
}

interface Bounds {
  readonly min: number | null;
  readonly max: number | null;
}

/** Bounds that say no more than the type's own range are none; null when nothing is between them. */
function within(min: number | null, max: number | null, limit: number): Bounds | null {
  if ((min ?? -limit) > Math.min(max ?? limit, limit) || (max ?? limit) < -limit) return null;
  return { min: min === null || min <= -limit ? null : min, max: max === null || max >= limit ? null : max };
}

function numeric(
  kind: 'int' | 'decimal' | 'number',
  bounds: Bounds | null,
  values: Values,
  convert: (value: number) => number | null,
): CoreResult {
  if (bounds === null) return accepted(NEVER);
  const converted = values?.map((v) => (typeof v === 'number' ? convert(v) : null)) ?? null;
  const allowed =
    converted?.filter((v) => v !== null && !empty(bounds.min, v) && !empty(v, bounds.max)) ?? null;
  if (allowed?.length === 0) return accepted(NEVER);
  const core = { ...bounds, values: allowed as readonly number[] | null };
  return accepted(kind === 'decimal' ? { kind, scale: 0, ...core } : { kind, ...core });
}

/** The least scaled integer whose decimal is at least (strictly: above) `limit`, as the projection compares: in binary64. */
function scaledCeil(limit: number, scale: number, strict: boolean): number {
  const power = POWERS_OF_TEN[scale]!;
  if (limit * power > MAX_DECIMAL) return MAX_DECIMAL + 1;
  if (limit * power < -MAX_DECIMAL) return -MAX_DECIMAL;
  const enough = (k: number): boolean => (strict ? k / power > limit : k / power >= limit);
  let k = Math.round(limit * power);
  while (enough(k - 1)) k--;
  while (!enough(k)) k++;
  return k;
}

/** The least binary64 above a finite one. */
function nextUp(x: number): number {
  if (x === 0) return Number.MIN_VALUE;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  view.setBigInt64(0, view.getBigInt64(0) + (x > 0 ? 1n : -1n));
  return view.getFloat64(0);
}
