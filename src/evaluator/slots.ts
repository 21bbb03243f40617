// The slots of one evaluation: what the projection fills and the machine reads. A slot of a numeric kind is in `nums` (absent: NaN, so
// that every comparison with it is false), any other in `values` (absent: undefined).

import type { Bundle, Slot } from '../bytecode/bundle.ts';
import { MAX_LIST_ITEMS, MAX_MAP_ENTRIES, MAX_SAFE_INT } from '../bytecode/limits.ts';
import { toScaled } from '../value/number.ts';
import { isLocalTimestamp, parseDate, parseDuration, parseTimestamp } from '../value/time.ts';
import { isObject, memberCount, ownMember, sizeOf } from './plain.ts';
import { intern, isNumeric, type Plan, Step } from './plan.ts';

export class Slots {
  readonly plans: readonly Plan[];
  readonly values: unknown[];
  /** bool: 0 and 1; timestamp: seconds; decimal: scaled. */
  readonly nums: Float64Array;
  /** Second half of a timestamp. */
  readonly micros: Float64Array;
  /** Of a union: the discriminator. */
  readonly tags: string[];
  /** Runs of slots that no projection fills: they are emptied before each evaluation. */
  readonly #later: readonly { readonly from: number; readonly to: number }[];

  constructor(bundle: Bundle, plans: readonly Plan[]) {
    this.plans = plans;
    this.values = bundle.slots.map(() => undefined);
    this.tags = bundle.slots.map(() => '');
    this.nums = new Float64Array(bundle.slots.length).fill(Number.NaN);
    this.micros = new Float64Array(bundle.slots.length);
    const later: { from: number; to: number }[] = [];
    for (const plan of plans) {
      if (plan.step !== Step.Later) continue;
      const slot = bundle.slots[plan.slot]!;
      if (slot.via === 'constant') this.#setConstant(plan.slot, slot);
      else later.push({ from: plan.slot, to: plan.end });
    }
    this.#later = later;
  }

  #setConstant(index: number, slot: Slot): void {
    if (slot.kind === 'string') this.values[index] = intern(slot.key ?? '');
    else if (slot.kind === 'list') this.values[index] = Object.freeze([]);
    else if (isNumeric(slot.kind)) {
      this.nums[index] = slot.limits?.min ?? 0;
      if (slot.kind === 'timestamp') this.micros[index] = slot.limits?.max ?? 0;
    }
  }

  /** Forgets what the last evaluation computed. */
  reset(): void {
    const later = this.#later;
    for (let i = 0; i < later.length; i++) this.clear(later[i]!.from, later[i]!.to);
  }

  clear(from: number, to: number): void {
    for (let i = from; i < to; i++) {
      this.values[i] = undefined;
      this.nums[i] = Number.NaN;
    }
  }

  /** Whether the slot has a value that is not null. */
  isPresent(slot: number): boolean {
    const value = this.values[slot];
    if (value !== undefined) return value !== null;
    const number = this.nums[slot]!;
    return !Number.isNaN(number);
  }

  /** Stores a value without judging it: what is not of the slot's kind, or beyond its limits, is absent. Says whether it is there. */
  convert(plan: Plan, value: unknown): boolean {
    return this.#store(plan, value) && (!plan.limited || this.#keepsLimits(plan, value));
  }

  // A verified bundle states its bounds by the limits of all slots: also of those whose values were judged elsewhere.
  #keepsLimits(plan: Plan, value: unknown): boolean {
    if (isNumeric(plan.kind)) {
      const number = this.nums[plan.slot]!;
      return number >= plan.lo && number <= plan.hi && plan.allowedNumbers?.has(number) !== false;
    }
    if (typeof value === 'string') {
      if (plan.allowedTexts?.has(value) === false) return false;
      if (value.length <= plan.maxLength && value.length >= plan.minUnits) return true;
    } else if (plan.minLength === 0 && plan.maxLength === Infinity) return true;
    const size = sizeOf(value);
    return size >= plan.minLength && size <= plan.maxLength;
  }

  #store(plan: Plan, value: unknown): boolean {
    switch (plan.kind) {
      case 'bool':
        return typeof value === 'boolean' && this.setNumber(plan, value ? 1 : 0);
      case 'int':
        return (
          typeof value === 'number' &&
          Math.floor(value) === value &&
          Math.abs(value) <= MAX_SAFE_INT &&
          this.setNumber(plan, value)
        );
      case 'decimal':
        return typeof value === 'number' && this.setNumber(plan, toScaled(value, plan.scale));
      case 'number':
        return typeof value === 'number' && Number.isFinite(value) && this.setNumber(plan, value);
      case 'timestamp':
      case 'date':
      case 'duration':
        return typeof value === 'string' && this.convertTime(plan, value);
      case 'string':
        return typeof value === 'string' && this.setValue(plan, value);
      case 'localTimestamp':
        return typeof value === 'string' && isLocalTimestamp(value) && this.setValue(plan, value);
      case 'list':
        return Array.isArray(value) && value.length <= MAX_LIST_ITEMS && this.setValue(plan, value);
      case 'record':
        return isObject(value) && this.setValue(plan, value);
      case 'map':
        return isObject(value) && memberCount(value) <= MAX_MAP_ENTRIES && this.setValue(plan, value);
      case 'union':
        return this.convertUnion(plan, value);
      case 'unknown':
        return value !== undefined && this.setValue(plan, value);
    }
  }

  /** Stores the text of a timestamp, date or duration, unless it is none. */
  convertTime(plan: Plan, text: string): boolean {
    if (plan.kind === 'date') return this.setNumber(plan, parseDate(text));
    if (plan.kind === 'duration') return this.setNumber(plan, parseDuration(text));
    const time = parseTimestamp(text);
    if (time === null) return false;
    this.micros[plan.slot] = time.micros;
    return this.setNumber(plan, time.seconds);
  }

  /** Stores an object whose discriminator selects a branch. */
  convertUnion(plan: Plan, value: unknown): boolean {
    const tag = ownMember(value, plan.discriminator);
    if (typeof tag !== 'string' || plan.branches?.has(tag) !== true) return false;
    this.tags[plan.slot] = tag;
    return this.setValue(plan, value);
  }

  /** Says whether there is a number to store. */
  setNumber(plan: Plan, value: number | null): boolean {
    if (value === null) return false;
    // Adding zero turns a negative zero into zero.
    this.nums[plan.slot] = value + 0;
    return true;
  }

  setValue(plan: Plan, value: unknown): boolean {
    this.values[plan.slot] = value;
    return true;
  }

  /** Gives a bound or computed slot its raw value, and its members theirs. A value that another slot held is not judged again. */
  fill(slot: number, value: unknown, isJudged = false): void {
    const plan = this.plans[slot]!;
    if (plan.hasChildren) this.#fillRun(plan, value, isJudged);
    else if (!(isJudged ? this.#store(plan, value) : this.convert(plan, value))) this.clear(slot, slot + 1);
  }

  #fillRun(root: Plan, value: unknown, isJudged: boolean): void {
    let i = root.slot;
    while (i < root.end) {
      const plan = this.plans[i]!;
      // Templates have no value of their own.
      const raw = plan === root ? value : this.#part(plan);
      const fits = isJudged && plan === root ? this.#store(plan, raw) : this.convert(plan, raw);
      if (raw !== undefined && fits) i++;
      else {
        this.clear(i, plan.end);
        i = plan.end;
      }
    }
  }

  #part(plan: Plan): unknown {
    const parent = this.values[plan.parent];
    switch (plan.step) {
      case Step.LooseMember:
        return ownMember(parent, plan.key);
      case Step.View:
        return parent;
      case Step.Branch:
        return this.isBranch(plan) ? parent : undefined;
      default:
        return undefined;
    }
  }

  /** Whether the discriminator of the union above selects this view. */
  isBranch(plan: Plan): boolean {
    return plan.branches?.has(this.tags[plan.parent]!) === true;
  }
}
