// Times of the executable specification: RFC 3339 texts, days and ISO 8601 durations by regular expressions and big integers.

const DAY_MICROS = 86_400_000_000n;
const MAX_DURATION_MS = 10n ** 15n;

export function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Days since 1970-01-01 of a day of the years 1 to 9999: counted year by year and month by month. */
function daysOf(year: number, month: number, day: number): bigint {
  const before = year - 1;
  let days = before * 365 + Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  for (let m = 1; m < month; m++) days += daysInMonth(year, m);
  // 719162 days lie between 0001-01-01 and 1970-01-01.
  return BigInt(days + day - 1 - 719_162);
}

/** `YYYY-MM-DD`, a real day of the years 1 to 9999, as days since 1970-01-01; null otherwise. */
export function readDate(text: string): bigint | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  return daysOf(year, month, day);
}

const DATE_TIME = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(.*)$/s;

/** An RFC 3339 date-time as microseconds since 1970-01-01T00:00:00Z; digits after the sixth of a fraction are cut off. */
export function readTimestamp(text: string): bigint | null {
  const match = DATE_TIME.exec(text);
  if (match === null) return null;
  const offset = /^(?:[Zz]|([+-])(\d{2}):(\d{2}))$/.exec(match[6]!);
  if (offset === null) return null;
  const local = localMicros(match);
  if (local === null) return null;
  const [hours, minutes] = [Number(offset[2] ?? 0), Number(offset[3] ?? 0)];
  if (hours > 23 || minutes > 59) return null;
  const shift = BigInt(hours * 60 + minutes) * 60_000_000n;
  const utc = offset[1] === '-' ? local + shift : local - shift;
  const first = daysOf(1, 1, 1) * DAY_MICROS;
  const end = (daysOf(9999, 12, 31) + 1n) * DAY_MICROS;
  return utc >= first && utc < end ? utc : null;
}

/** Whether the text is an RFC 3339 date-time without offset. */
export function isLocalTimestamp(text: string): boolean {
  const match = DATE_TIME.exec(text);
  return match !== null && match[6] === '' && localMicros(match) !== null;
}

function localMicros(match: RegExpExecArray): bigint | null {
  const days = readDate(match[1]!);
  const [hour, minute, second] = [Number(match[2]), Number(match[3]), Number(match[4])];
  if (days === null || hour > 23 || minute > 59 || second > 59) return null;
  const micros = BigInt((match[5] ?? '').slice(0, 6).padEnd(6, '0'));
  return days * DAY_MICROS + BigInt(hour * 3600 + minute * 60 + second) * 1_000_000n + micros;
}

const DURATION = /^(-?)P(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(T.*)?$/s;
const CLOCK = /^T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?$/;

/** An ISO 8601 duration without years and months, in whole milliseconds. */
export function readDuration(text: string): bigint | null {
  const match = DURATION.exec(text);
  if (match === null) return null;
  const clock = match[4] === undefined ? [] : CLOCK.exec(match[4]);
  if (clock === null || (match[4] !== undefined && clock.slice(1).every((part) => part === undefined)))
    return null;
  const parts: [string | undefined, bigint][] = [
    [match[2], 604_800_000n],
    [match[3], 86_400_000n],
    [clock[1], 3_600_000n],
    [clock[2], 60_000n],
    [clock[3], 1_000n],
  ];
  const written = parts.filter(([digits]) => digits !== undefined);
  if (written.length === 0) return null;
  if (written.slice(0, -1).some(([digits]) => digits!.includes('.'))) return null;
  let total = 0n;
  for (const [digits, unit] of written) {
    const [whole, fraction = ''] = digits!.split('.');
    const scaled = BigInt(whole + fraction) * unit;
    const power = 10n ** BigInt(fraction.length);
    if (scaled % power !== 0n) return null;
    total += scaled / power;
  }
  return total > MAX_DURATION_MS ? null : match[1] === '-' ? -total : total;
}

export function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}

export function dateText(days: bigint): string {
  let year = 1;
  let rest = Number(days) + 719_162;
  while (rest >= (isLeapYear(year) ? 366 : 365)) rest -= isLeapYear(year++) ? 366 : 365;
  let month = 1;
  while (rest >= daysInMonth(year, month)) rest -= daysInMonth(year, month++);
  const pad = (n: number, width: number): string => String(n).padStart(width, '0');
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(rest + 1, 2)}`;
}

/** RFC 3339 in UTC with as many digits of a fraction as are needed. */
export function timestampText(micros: bigint): string {
  const days = floorDivide(micros, DAY_MICROS);
  let rest = micros - days * DAY_MICROS;
  const take = (unit: bigint): string => {
    const count = rest / unit;
    rest -= count * unit;
    return count.toString().padStart(2, '0');
  };
  const clock = `${take(3_600_000_000n)}:${take(60_000_000n)}:${take(1_000_000n)}`;
  const fraction = rest.toString().padStart(6, '0').replace(/0+$/, '');
  return `${dateText(days)}T${clock}${fraction === '' ? '' : `.${fraction}`}Z`;
}

/** ISO 8601 with the units days, hours, minutes and seconds, units of zero left out. */
export function durationText(ms: bigint): string {
  if (ms === 0n) return 'PT0S';
  let rest = ms < 0n ? -ms : ms;
  const take = (unit: bigint, letter: string): string => {
    const count = rest / unit;
    rest -= count * unit;
    return count === 0n ? '' : `${count}${letter}`;
  };
  const days = take(86_400_000n, 'D');
  const clock = take(3_600_000n, 'H') + take(60_000n, 'M');
  const seconds = (Number(rest) / 1000).toString();
  const time = rest === 0n ? clock : `${clock}${seconds}S`;
  return `${ms < 0n ? '-' : ''}P${days}${time === '' ? '' : `T${time}`}`;
}

export function calendarDay(micros: bigint, offsetMinutes: number): bigint {
  return floorDivide(micros + BigInt(offsetMinutes) * 60_000_000n, DAY_MICROS);
}

/** 1 (Monday) to 7. 1970-01-01 was a Thursday. */
export function weekday(days: bigint): bigint {
  return ((((days + 3n) % 7n) + 7n) % 7n) + 1n;
}

export function minuteOfDay(micros: bigint, offsetMinutes: number): bigint {
  const local = micros + BigInt(offsetMinutes) * 60_000_000n;
  return (local - floorDivide(local, DAY_MICROS) * DAY_MICROS) / 60_000_000n;
}
