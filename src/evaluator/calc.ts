// The CALC operations. Each is total: a result that cannot be is absent.

import type { Calc } from '../bytecode/bundle.ts';
import { MAX_SAFE_INT } from '../bytecode/limits.ts';
import { normalizePath } from '../value/path.ts';
import { asciiLower, asciiUpper } from '../value/text.ts';
import { addDuration, dateAt, minuteOfDayAt, weekdayAt } from '../value/time.ts';
import { ownMember, sizeOf } from './plain.ts';
import { isNumeric } from './plan.ts';
import type { Slots } from './slots.ts';

/** Computes the result into its slot. */
export function compute(slots: Slots, calc: Calc): void {
  const { nums, values } = slots;
  const a = calc.a ?? 0;
  const b = calc.b ?? 0;
  // An absent number is NaN, and so is everything that is computed from it.
  const x = nums[a]!;
  switch (calc.op) {
    case 'ADD':
      nums[calc.dst] = x + nums[b]! + 0;
      return;
    case 'SUB':
      nums[calc.dst] = x - nums[b]! + 0;
      return;
    case 'MUL':
      nums[calc.dst] = x * nums[b]! + 0;
      return;
    case 'TIME_ADD':
      shift(slots, calc, nums[b]!);
      return;
    case 'TIME_SUB':
      shift(slots, calc, -nums[b]!);
      return;
    case 'COALESCE':
      copy(slots, slots.isPresent(a) ? a : b, calc.dst);
      return;
    case 'SIZE':
      // An unknown has a size as a list or an object, not as a string.
      nums[calc.dst] =
        typeof values[a] === 'string' && slots.plans[a]!.kind !== 'string' ? Number.NaN : sizeOf(values[a]);
      return;
    case 'LOWER':
      setText(slots, calc, asciiLower);
      return;
    case 'UPPER':
      setText(slots, calc, asciiUpper);
      return;
    case 'NORM':
      setText(slots, calc, normalizePath);
      return;
    case 'DATE':
      nums[calc.dst] = dateAt(x, calc.imm);
      return;
    case 'WEEKDAY':
      nums[calc.dst] = weekdayAt(x, calc.imm);
      return;
    case 'MINUTE_OF_DAY':
      nums[calc.dst] = minuteOfDayAt(x, calc.imm);
      return;
    case 'AT':
      slots.fill(calc.dst, itemAt(values[a], calc.imm));
      return;
    case 'GET': {
      const key = values[b];
      slots.fill(calc.dst, typeof key === 'string' ? ownMember(values[a], key) : undefined);
      return;
    }
    case 'SET':
      nums[calc.dst] = calc.imm;
      return;
  }
}

function shift(slots: Slots, calc: Calc, ms: number): void {
  const a = calc.a ?? 0;
  const sum = addDuration(slots.nums[a]!, slots.micros[a]!, ms);
  // NaN when one of both is absent. Beyond the integers there is no exact time.
  const isExact = Math.abs(ms) <= MAX_SAFE_INT && Math.abs(sum.seconds) <= MAX_SAFE_INT;
  slots.nums[calc.dst] = isExact ? sum.seconds : Number.NaN;
  slots.micros[calc.dst] = sum.micros;
}

/** Gives a slot the value of another. */
export function copy(slots: Slots, from: number, to: number): void {
  if (!isNumeric(slots.plans[to]!.kind)) slots.fill(to, slots.values[from], true);
  else {
    slots.nums[to] = slots.nums[from]!;
    slots.micros[to] = slots.micros[from]!;
  }
}

function itemAt(value: unknown, index: number): unknown {
  return Array.isArray(value) && index >= 0 && index < value.length ? value[index] : undefined;
}

function setText(slots: Slots, calc: Calc, change: (text: string) => string | null): void {
  const text = slots.values[calc.a ?? 0];
  slots.values[calc.dst] = typeof text === 'string' ? (change(text) ?? undefined) : undefined;
}
