// Candidates for scalars that nothing reads, simple ones first. Each is checked by whoever asks.

import type { JsonObject } from '../checker/schema-keywords.ts';
import { formatDate, formatDuration, formatTimestamp } from '../value/time.ts';
import { textsOf } from './complete-pattern.ts';
import { type Decimal, decimalOf, floorTo, leastCommon, numberOf, plus } from './decimal.ts';

/** Candidates of each kind: lists without repetition may need as many. */
const MAX_CANDIDATES = 64;
const MAX_FILLER = 100_000;

/** The tightest of a keyword's values in schemas that apply together; null without any. */
export function tightest(
  pick: typeof Math.max,
  schemas: readonly JsonObject[],
  ...keywords: readonly string[]
): number | null {
  const values = schemas.flatMap((s) => keywords.map((key) => s[key])).filter((v) => typeof v === 'number');
  // One by one: a call may not have arbitrarily many arguments.
  return values.length === 0 ? null : values.reduce((a, b) => pick(a, b));
}

/** Numbers near zero first, on the grid of `multipleOf`. */
export function* numbers(schemas: readonly JsonObject[], isInteger: boolean): Generator<number> {
  const low = tightest(Math.max, schemas, 'minimum', 'exclusiveMinimum') ?? Number.NEGATIVE_INFINITY;
  const high = tightest(Math.min, schemas, 'maximum', 'exclusiveMaximum') ?? Number.POSITIVE_INFINITY;
  const multiples = schemas.map((s) => s.multipleOf).filter((m) => typeof m === 'number');
  const steps = [...multiples, ...(isInteger ? [1] : [])].map(decimalOf);
  const step = steps.length === 0 ? null : steps.reduce(leastCommon);
  const nearest = low > 0 ? low : Math.min(high, 0);
  const grid = step ?? decimalOf(1);
  const start = step === null ? decimalOf(nearest) : floorTo(decimalOf(nearest), step);
  const down: Decimal = { ...grid, digits: -grid.digits };
  // A number that may have a fraction has one soon.
  const early = step === null ? [nearest, nearest + 1, nearest + 0.5] : [];
  yield* early.filter((value) => value >= low && value <= high);
  const directions = high < 0 ? [down] : [grid, down];
  for (const direction of directions) {
    let at = start;
    for (let i = 0; i < MAX_CANDIDATES; i++, at = plus(at, direction)) {
      const value = numberOf(at);
      if (value >= low && value <= high) yield value;
    }
  }
  if (step !== null || !Number.isFinite(low + high)) {
    // Where one step is less than the distance of two binary64 numbers.
    yield* [low * 2, low / 2, high * 2, high / 2].filter((v) => v >= low && v <= high && Number.isFinite(v));
    return;
  }
  for (let i = 1; i < 16; i++) yield low + ((high - low) / 16) * ((i * 8) % 17);
}

/** Texts: of the formats and patterns if there are some, else short ones. */
export function* strings(schemas: readonly JsonObject[]): Generator<string> {
  const minLength = tightest(Math.max, schemas, 'minLength') ?? 0;
  const formats = schemas.map((s) => SAMPLES.get(String(s.format))).filter((sample) => sample !== undefined);
  const patterns = schemas.map((s) => s.pattern).filter((p) => typeof p === 'string');
  for (const sample of formats) {
    for (let i = 0; i < MAX_CANDIDATES; i++) yield sample(i);
  }
  for (const pattern of patterns) yield* textsOf(pattern, minLength);
  if (formats.length > 0 || patterns.length > 0 || minLength > MAX_FILLER) return;
  for (let i = 0; i < MAX_CANDIDATES; i++) yield word(i).padEnd(minLength, 'a');
}

/** ``, `b`, `c`, …, `z`, `ba`, …: no two of them are the same word followed by more `a`. */
export function word(index: number): string {
  let text = '';
  for (let rest = index; rest > 0; rest = Math.floor(rest / 26)) {
    text += String.fromCharCode(97 + (rest % 26));
  }
  return text;
}

const uri = (i: number): string => `https://example.com/${i === 0 ? '' : i}`;
const email = (i: number): string => `${i === 0 ? 'a' : `a${i}`}@example.com`;
const hostname = (i: number): string => (i === 0 ? 'example.com' : `a${i}.example.com`);
const hex = (i: number, width: number): string => i.toString(16).padStart(width, '0');
/** 2026-01-01. */
const DAY = 20_454;

const SAMPLES: ReadonlyMap<string, (index: number) => string> = new Map([
  ['date-time', (i) => formatTimestamp(DAY * 86_400 + i, 0)],
  ['date-time-local', (i) => formatTimestamp(DAY * 86_400 + i, 0).slice(0, -1)],
  ['date', (i) => formatDate(DAY + i)],
  ['time', (i) => formatTimestamp(i, 0).slice(11)],
  ['duration', (i) => formatDuration(i * 1000)],
  ['email', email],
  ['idn-email', email],
  ['hostname', hostname],
  ['idn-hostname', hostname],
  ['ipv4', (i) => `192.0.2.${i}`],
  ['ipv6', (i) => `2001:db8::${hex(i, 1)}`],
  ['uri', uri],
  ['iri', uri],
  ['uri-reference', uri],
  ['iri-reference', uri],
  ['uri-template', uri],
  ['uuid', (i) => `00000000-0000-4000-8000-${hex(i, 12)}`],
  ['json-pointer', (i) => (i === 0 ? '' : `/${i}`)],
  ['relative-json-pointer', (i) => String(i)],
  ['regex', (i) => (i === 0 ? 'a' : `a{${i}}`)],
]);
