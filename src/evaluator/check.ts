// The checks on one scalar, in the order of their codes. What passes is stored.

import { toScaled } from '../value/number.ts';
import { codePoints, isWellFormed } from '../value/text.ts';
import { isLocalTimestamp } from '../value/time.ts';
import * as code from './invalid.ts';
import { PRESENT } from './invalid.ts';
import { isTooLong } from './plain.ts';
import { idOf, type Plan } from './plan.ts';
import type { Slots } from './slots.ts';

/** The code of a value that is not of the type that its place asks for. */
export function mistyped(value: unknown): number {
  const found = checkPlain(value);
  return found === PRESENT || found === code.LIMIT ? code.TYPE : found;
}

/** What is wrong with a value wherever it stands, looking at nothing in it. */
export function checkPlain(value: unknown): number {
  switch (typeof value) {
    case 'string':
      if (!isWellFormed(value)) return code.UTF8;
      return isTooLong(value) ? code.LIMIT : PRESENT;
    case 'number':
      return Number.isFinite(value) ? PRESENT : code.NUMBER;
    case 'boolean':
    case 'object':
      return PRESENT;
    default:
      return code.NOT_PLAIN;
  }
}

/** Judges a value for a slot of a scalar kind. */
export function checkTyped(slots: Slots, plan: Plan, value: unknown): number {
  switch (plan.kind) {
    case 'bool':
      return typeof value === 'boolean' ? checkNumber(slots, plan, value ? 1 : 0) : mistyped(value);
    case 'int':
    case 'decimal':
    case 'number':
      return typeof value === 'number' && Number.isFinite(value)
        ? checkNumber(slots, plan, value)
        : mistyped(value);
    case 'string':
    case 'localTimestamp':
      return typeof value === 'string' ? checkString(slots, plan, value) : mistyped(value);
    default:
      return typeof value === 'string' ? checkTime(slots, plan, value) : mistyped(value);
  }
}

function checkNumber(slots: Slots, plan: Plan, value: number): number {
  const exact = plan.kind === 'decimal' ? toScaled(value, plan.scale) : value;
  if (plan.allowedNumbers !== null && (exact === null || !plan.allowedNumbers.has(exact))) return code.ENUM;
  // A number off the grid of its decimal is compared with the bounds as it is.
  const compared = exact ?? value * plan.power;
  if (!(compared >= plan.lo && compared <= plan.hi)) return code.RANGE;
  if (plan.kind === 'int' && Math.floor(value) !== value) return code.RANGE;
  if (exact === null) return code.MULTIPLE_OF;
  slots.setNumber(plan, exact);
  return PRESENT;
}

function checkString(slots: Slots, plan: Plan, value: string): number {
  const found = checkTextual(plan, value);
  if (found !== PRESENT) return found;
  if (!hasGoodLength(plan, value)) return code.LENGTH;
  if (plan.kind === 'localTimestamp' && !isLocalTimestamp(value)) return code.FORMAT;
  slots.setValue(plan, value);
  slots.nums[plan.slot] = idOf(plan, value) ?? Number.NaN;
  return PRESENT;
}

function checkTime(slots: Slots, plan: Plan, value: string): number {
  const found = checkTextual(plan, value);
  if (found !== PRESENT) return found;
  const isFormatted = slots.convertTime(plan, value);
  const number = isFormatted ? slots.nums[plan.slot]! : Number.NaN;
  if (plan.allowedNumbers !== null && !plan.allowedNumbers.has(number)) return code.ENUM;
  if (number < plan.lo || number > plan.hi) return code.RANGE;
  if (!hasGoodLength(plan, value)) return code.LENGTH;
  return isFormatted ? PRESENT : code.FORMAT;
}

function checkTextual(plan: Plan, value: string): number {
  const isAllowed = plan.allowedTexts?.has(value) === true;
  if (!isAllowed && !isWellFormed(value)) return code.UTF8;
  if (isTooLong(value)) return code.LIMIT;
  return isAllowed || plan.allowedTexts === null ? PRESENT : code.ENUM;
}

function hasGoodLength(plan: Plan, value: string): boolean {
  if (value.length <= plan.maxLength && value.length >= plan.minUnits) return true;
  const length = codePoints(value);
  return length >= plan.minLength && length <= plan.maxLength;
}
