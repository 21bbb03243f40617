// An independent model of the GTAF runtime projection v0.1, used as the oracle for policies/gtaf. It imitates a Python program on JSON
// data, so every place where Python would raise is explicit: raising anywhere means DENY INTERNAL_ERROR, and the order of the stages
// decides whether that place is reached at all.
//
// Chosen limits of the model (the policy has the same ones):
// - a drc that is not an object denies with INTERNAL_ERROR, where the Python program itself raises;
// - JSON has one number type: 1.0 counts as the integer 1, and an integer beyond 2^53 - 1 is no revision;
// - a date-time is RFC 3339 with offset (aware) or without (naive), or a date (naive); other ISO 8601 dialects are not dates;
// - years are 0001 to 9999, in the text and in UTC; `now` is always an aware time.

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Dict = { readonly [key: string]: Json };

export interface Verdict {
  readonly outcome: 'EXECUTE' | 'DENY';
  readonly reason: string;
}

/** Stands for any Python exception. */
class Raised extends Error {}

const REQUIRED_KEYS = ['id', 'revision', 'result', 'gtaf_ref', 'scope', 'valid_from', 'valid_until', 'refs'];
const SUPPORTED_VERSIONS = ['0.1'];
const MODES_WITH_ROLE = ['SEMI_AUTONOMOUS', 'AUTONOMOUS'];

/** Judges one request; absent arguments count as None. */
export function evaluate(
  drc: Json | undefined,
  context: Json | undefined,
  artifacts: Json | undefined,
  now: string,
): Verdict {
  try {
    const reason = firstFailure(drc ?? null, context ?? null, artifacts ?? null, now);
    return reason === null ? { outcome: 'EXECUTE', reason: 'OK' } : { outcome: 'DENY', reason };
  } catch (error) {
    if (error instanceof Raised) return { outcome: 'DENY', reason: 'INTERNAL_ERROR' };
    throw error;
  }
}

/** The reason of the first stage that fails; null when all of them pass. */
function firstFailure(drc: Json, context: Json, artifacts: Json, nowText: string): string | null {
  const now = parseTime(nowText);
  if (now?.aware !== true) throw new Raised('now is not an aware time');
  if (!isDict(drc)) throw new Raised('drc is not a dict');
  if (!isWellFormed(drc)) return 'INVALID_DRC_SCHEMA';

  // From here on the shape of the drc is known.
  if (!SUPPORTED_VERSIONS.includes((drc.gtaf_ref as { version: string }).version)) {
    return 'UNSUPPORTED_GTAF_VERSION';
  }
  if (!isOpen(drc, now)) return 'EXPIRED';
  if (drc.result !== 'PERMITTED') return 'DRC_NOT_PERMITTED';

  const refs = drc.refs as { sb: string[]; dr: string[]; rb: string[] };
  const found = resolve([...refs.sb, ...refs.dr, ...refs.rb], artifacts);
  if (found === null) return 'MISSING_REFERENCE';
  if (!found.every((artifact) => isOpen(artifact, now))) return 'EXPIRED';

  const scope = get(context, 'scope');
  if (scope !== drc.scope) return 'SCOPE_LEAK'; // drc.scope is a non-empty str, so this covers "no str" and "empty" too
  if (!found.every((artifact) => isInScope(artifact, scope as string))) return 'SCOPE_LEAK';

  const boundaries = refs.sb.length;
  const records = found.slice(boundaries, boundaries + refs.dr.length);
  const roles = found.slice(boundaries + refs.dr.length);
  if (!isInside(found[0] ?? null, context)) return 'OUTSIDE_SB';

  const record = firstRecordFor(records, get(context, 'action'));
  if (record === null) return 'DR_MISMATCH';
  if (isMemberOfSet(get(record, 'delegation_mode'), MODES_WITH_ROLE)) {
    if (!roles.some((role) => isTruthy(get(role, 'active')))) return 'RB_REQUIRED';
  }
  return null;
}

/** Structure of the drc. The only thing that can raise is the result, looked up in a set after id and revision were seen to be good. */
function isWellFormed(drc: Dict): boolean {
  if (!REQUIRED_KEYS.every((key) => Object.hasOwn(drc, key))) return false;
  if (!isText(drc.id) || !isPositiveInt(drc.revision)) return false;
  if (!isMemberOfSet(drc.result ?? null, ['PERMITTED', 'NOT_PERMITTED'])) return false;
  if (!isText(drc.scope)) return false;
  if (parseTime(drc.valid_from ?? null) === null || parseTime(drc.valid_until ?? null) === null) return false;
  const { gtaf_ref: ref, refs } = drc;
  if (!isDict(ref) || !isText(ref.version)) return false;
  if (!isDict(refs)) return false;
  const lists = [refs.sb, refs.dr, refs.rb];
  if (!lists.every((list) => Array.isArray(list) && list.every(isText))) return false;
  return (refs.sb as Json[]).length > 0 && (refs.dr as Json[]).length > 0;
}

/** Every referenced artifact in order; null when one is absent or None. */
function resolve(ids: readonly string[], artifacts: Json): Json[] | null {
  const found: Json[] = [];
  for (const id of ids) {
    const artifact = get(artifacts, id);
    if (artifact === null) return null;
    found.push(artifact);
  }
  return found;
}

/** valid_from <= now < valid_until. A text that is no date closes the window; comparing naive with aware raises, left side first. */
function isOpen(artifact: Json, now: Time): boolean {
  const from = parseTime(get(artifact, 'valid_from'));
  const until = parseTime(get(artifact, 'valid_until'));
  if (from === null || until === null) return false;
  return compare(from, now) <= 0 && compare(now, until) < 0;
}

function isInScope(artifact: Json, scope: string): boolean {
  if (get(artifact, 'scope') === scope) return true;
  const linked = get(artifact, 'linked_scopes');
  return Array.isArray(linked) && linked.includes(scope);
}

/** Only the first boundary counts. Absent lists are empty; present ones may be anything that Python's `in` accepts. */
function isInside(boundary: Json, context: Json): boolean {
  const component = get(context, 'component');
  const surface = get(context, 'interface');
  const included = get(boundary, 'included_components', []);
  const excluded = get(boundary, 'excluded_components', []);
  const allowed = get(boundary, 'allowed_interfaces', []);
  if (typeof component !== 'string') return false;
  if (!isIn(component, included)) return false;
  if (isIn(component, excluded)) return false;
  return typeof surface === 'string' && isIn(surface, allowed);
}

function firstRecordFor(records: readonly Json[], action: Json): Json | null {
  if (typeof action !== 'string') return null;
  for (const record of records) {
    const decisions = get(record, 'decisions', []);
    if (Array.isArray(decisions) && decisions.includes(action)) return record;
  }
  return null;
}

// Python on JSON data.

function isDict(value: Json | undefined): value is Dict {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A non-empty str. */
function isText(value: Json | undefined): value is string {
  return typeof value === 'string' && value !== '';
}

/** bool is a subclass of int: True is 1, False is 0. */
function isPositiveInt(value: Json | undefined): boolean {
  if (typeof value === 'boolean') return value;
  return Number.isSafeInteger(value) && (value as number) >= 1;
}

/** `value.get(key, fallback)`: only a dict has it; the fallback is for an absent key, never for None. */
function get(value: Json, key: string, fallback: Json = null): Json {
  if (!isDict(value)) throw new Raised('no attribute get');
  return Object.hasOwn(value, key) ? (value[key] ?? null) : fallback;
}

/** `value in {…}`: lists and dicts have no hash. */
function isMemberOfSet(value: Json, members: readonly string[]): boolean {
  if (typeof value === 'object' && value !== null) throw new Raised('unhashable');
  return typeof value === 'string' && members.includes(value);
}

/** `text in container`: part of a str, element of a list, key of a dict. */
function isIn(text: string, container: Json): boolean {
  if (typeof container === 'string') return container.includes(text);
  if (Array.isArray(container)) return container.includes(text);
  if (isDict(container)) return Object.hasOwn(container, text);
  throw new Raised('not a container');
}

function isTruthy(value: Json): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isDict(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}

// Time.

interface Time {
  readonly aware: boolean;
  /** Since 1970, in UTC when aware, on the local clock when naive. */
  readonly seconds: number;
  readonly micros: number;
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?([Zz]|([+-])(\d{2}):(\d{2}))?$/;

/** Null for anything that is no date or time, as the Python program has it. */
function parseTime(value: Json): Time | null {
  if (typeof value !== 'string') return null;
  const day = DATE.exec(value);
  if (day !== null) {
    const seconds = secondsOfDay(Number(day[1]), Number(day[2]), Number(day[3]));
    return seconds === null ? null : { aware: false, seconds, micros: 0 };
  }
  const match = DATE_TIME.exec(value);
  if (match === null) return null;
  const midnight = secondsOfDay(Number(match[1]), Number(match[2]), Number(match[3]));
  const [hour, minute, second] = [Number(match[4]), Number(match[5]), Number(match[6])];
  const [offsetHour, offsetMinute] = [Number(match[10] ?? 0), Number(match[11] ?? 0)];
  if (midnight === null || hour > 23 || minute > 59 || second > 59) return null;
  if (offsetHour > 23 || offsetMinute > 59) return null;
  const offset = (match[9] === '-' ? -60 : 60) * (offsetHour * 60 + offsetMinute);
  const seconds = midnight + hour * 3600 + minute * 60 + second - offset;
  if (seconds < FIRST_SECOND || seconds > LAST_SECOND) return null;
  const micros = Number((match[7] ?? '').slice(0, 6).padEnd(6, '0'));
  return { aware: match[8] !== undefined, seconds, micros };
}

const FIRST_SECOND = -62_135_596_800; // 0001-01-01T00:00:00Z
const LAST_SECOND = 253_402_300_799; // 9999-12-31T23:59:59Z

/** Seconds from 1970 to the midnight that begins the day; null for a day that the calendar does not have. */
function secondsOfDay(year: number, month: number, day: number): number | null {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (year < 1 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  return date.getTime() / 1000;
}

/** Negative, zero or positive; raises for a naive beside an aware time. */
function compare(a: Time, b: Time): number {
  if (a.aware !== b.aware) throw new Raised('naive and aware');
  return a.seconds - b.seconds || a.micros - b.micros;
}
