// The calculations over values. Each is total: a result that cannot be is absent.

import { MAX_SAFE_INT } from '../bytecode/limits.ts';
import type { CalcOp } from '../bytecode/opcodes.ts';
import { sizeOf } from '../evaluator/plain.ts';
import { normalizePath } from '../value/path.ts';
import { asciiLower, asciiUpper } from '../value/text.ts';
import { addDuration, dateAt, minuteOfDayAt, weekdayAt } from '../value/time.ts';
import { numberValue, type Value } from './value.ts';

type Computation = Exclude<CalcOp, 'SET' | 'COALESCE' | 'AT' | 'GET'>;

/** `isText`: the first operand is a string, and not a string below an unknown, which has no size. */
export function computed(
  op: Computation,
  a: Value | null,
  b: Value | null,
  imm: number,
  isText: boolean,
): Value | null {
  switch (op) {
    case 'ADD':
      return numberValue(number(a) + number(b));
    case 'SUB':
      return numberValue(number(a) - number(b));
    case 'MUL':
      return numberValue(number(a) * number(b));
    case 'TIME_ADD':
      return shifted(a, number(b));
    case 'TIME_SUB':
      return shifted(a, -number(b));
    case 'SIZE': {
      if (a === null || !('json' in a) || (typeof a.json === 'string' && !isText)) return null;
      return numberValue(sizeOf(a.json));
    }
    case 'LOWER':
      return changed(a, asciiLower);
    case 'UPPER':
      return changed(a, asciiUpper);
    case 'NORM':
      return changed(a, normalizePath);
    case 'DATE':
      return numberValue(dateAt(seconds(a), imm));
    case 'WEEKDAY':
      return numberValue(weekdayAt(seconds(a), imm));
    case 'MINUTE_OF_DAY':
      return numberValue(minuteOfDayAt(seconds(a), imm));
  }
}

function number(value: Value | null): number {
  return value !== null && 'num' in value ? value.num : Number.NaN;
}

function seconds(value: Value | null): number {
  return value !== null && 'time' in value ? value.time.seconds : Number.NaN;
}

function shifted(value: Value | null, ms: number): Value | null {
  if (value === null || !('time' in value) || Number.isNaN(ms)) return null;
  const sum = addDuration(value.time.seconds, value.time.micros, ms);
  // Beyond the integers there is no exact time.
  const isExact = Math.abs(ms) <= MAX_SAFE_INT && Math.abs(sum.seconds) <= MAX_SAFE_INT;
  return isExact ? { time: sum } : null;
}

function changed(value: Value | null, change: (text: string) => string | null): Value | null {
  if (value === null || !('json' in value) || typeof value.json !== 'string') return null;
  const text = change(value.json);
  return text === null ? null : { json: text };
}
