// Verifies LIMITS: the bounds of a slot, and the values of constants. Leaf module.

import { NONE } from './layout.ts';
import { MAX_DECIMAL, MAX_DURATION_MS, MAX_SAFE_INT } from './limits.ts';
import { KIND_NAMES } from './names.ts';
import { NUMERIC_KINDS, SIZED_KINDS, SLOT_FLAGS, SLOT_VIAS, type SlotKind } from './opcodes.ts';
import type { Column, RawBundle } from './raw.ts';
import { type DataFacts, SET_NUMBERS, SET_STRINGS } from './verify-data.ts';
import { refuse } from './verify-refusal.ts';

const MICROS = 1_000_000;

/** What a constant of a kind may be, both ends included; integers but for `number`. Dates and timestamps: the years 1 to 9999. */
export const CONSTANT_RANGES: { readonly [K in SlotKind]?: readonly [number, number] } = {
  bool: [0, 1],
  int: [-MAX_SAFE_INT, MAX_SAFE_INT],
  decimal: [-MAX_DECIMAL, MAX_DECIMAL],
  number: [-Number.MAX_VALUE, Number.MAX_VALUE],
  timestamp: [-62_135_596_800, 253_402_300_799],
  date: [-719_162, 2_932_896],
  duration: [-MAX_DURATION_MS, MAX_DURATION_MS],
};

/** Slots are checked in their order: each record of LIMITS belongs to the next slot that has some. */
export class LimitCheck {
  readonly #raw: RawBundle;
  readonly #data: DataFacts;
  readonly #slot: { readonly [field: string]: Column };
  readonly #limits: { readonly [field: string]: Column };
  #next = 0;

  constructor(raw: RawBundle, data: DataFacts) {
    this.#raw = raw;
    this.#data = data;
    const columns = (section: 'SLOT' | 'LIMITS', names: readonly string[]): { [field: string]: Column } =>
      Object.fromEntries(names.map((name) => [name, raw.column(section, name)]));
    this.#slot = columns('SLOT', ['via', 'kind', 'flags', 'limits']);
    this.#limits = columns('LIMITS', ['min', 'max', 'minLength', 'maxLength', 'set']);
  }

  /** `unjudged`: below an unknown, where a value is what it is. */
  slot(i: number, unjudged: boolean): void {
    const raw = this.#raw;
    const kind = KIND_NAMES[this.#slot.kind!(i)]!;
    const limits = this.#slot.limits!(i);
    const constant = this.#slot.via!(i) === SLOT_VIAS.constant;
    const isNumber = NUMERIC_KINDS.includes(kind) || kind === 'timestamp';
    if (constant && !isNumber && kind !== 'string' && kind !== 'list')
      refuse(raw, 'slot', 'SLOT', i, 'kind', 'no constant has this kind');
    if (constant && (limits !== NONE) !== isNumber)
      refuse(raw, 'slot', 'SLOT', i, 'limits', 'value missing or superfluous');
    if (limits === NONE) return;
    if (limits !== this.#next) refuse(raw, 'order', 'SLOT', i, 'limits', 'not the next record of LIMITS');
    this.#next++;
    this.#set(i, kind, constant);
    if (unjudged) refuse(raw, 'slot', 'SLOT', i, 'limits', 'limits below an unknown');
    if (constant) this.#constant(limits, kind);
    else this.#bounds(limits, kind);
  }

  #set(i: number, kind: SlotKind, constant: boolean): void {
    const raw = this.#raw;
    const limits = this.#slot.limits!(i);
    const set = this.#limits.set!(limits);
    if (set === NONE) return;
    const wanted = kind === 'string' ? SET_STRINGS : NUMERIC_KINDS.includes(kind) ? SET_NUMBERS : 0;
    if (constant || this.#data.setKind(set) !== wanted)
      refuse(raw, 'kind', 'LIMITS', limits, 'set', `not a set for a ${kind}`);
    if (kind === 'string' && (this.#slot.flags!(i) & SLOT_FLAGS.needsId) === 0)
      refuse(raw, 'slot', 'SLOT', i, 'flags', 'needs an id: it has an allowed set');
  }

  #isSized(limits: number): boolean {
    return this.#limits.minLength!(limits) !== NONE || this.#limits.maxLength!(limits) !== NONE;
  }

  #bounds(limits: number, kind: SlotKind): void {
    const raw = this.#raw;
    if (this.#isSized(limits) && !SIZED_KINDS.includes(kind))
      refuse(raw, 'slot', 'LIMITS', limits, 'minLength', `a ${kind} has no length`);
    const isRange = this.#limits.min!(limits) !== -Infinity || this.#limits.max!(limits) !== Infinity;
    if (isRange && !NUMERIC_KINDS.includes(kind))
      refuse(raw, 'slot', 'LIMITS', limits, 'min', `a ${kind} has no range`);
  }

  #constant(limits: number, kind: SlotKind): void {
    const raw = this.#raw;
    const value = this.#limits.min!(limits);
    const micros = this.#limits.max!(limits);
    const [from, to] = CONSTANT_RANGES[kind]!;
    if (this.#isSized(limits))
      refuse(raw, 'slot', 'LIMITS', limits, 'minLength', 'a constant has no length to keep');
    if (value < from || value > to) refuse(raw, 'slot', 'LIMITS', limits, 'min', `no ${kind}`);
    if (kind !== 'number' && !Number.isInteger(value))
      refuse(raw, 'slot', 'LIMITS', limits, 'min', `a fraction of a ${kind}`);
    const fits =
      kind === 'timestamp' ? Number.isInteger(micros) && micros >= 0 && micros < MICROS : micros === 0;
    if (!fits) refuse(raw, 'slot', 'LIMITS', limits, 'max', 'no microseconds of the value');
  }

  finish(): void {
    if (this.#next !== this.#raw.count('LIMITS'))
      refuse(this.#raw, 'order', 'LIMITS', this.#next, 'min', 'belongs to no slot');
  }
}
