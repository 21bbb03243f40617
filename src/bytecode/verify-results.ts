// Verifies that a result can hold what it is given: the stated bounds on work rely on the limits of results, and what is handed on as it
// is, is not judged again. Leaf module.

import { NONE } from './layout.ts';
import { MAX_STRING_BYTES } from './limits.ts';
import { NUMERIC_KINDS, SLOT_VIAS } from './opcodes.ts';
import type { Column, RawBundle } from './raw.ts';
import type { SlotFacts } from './verify-slots.ts';

export class ResultCheck {
  readonly #slots: SlotFacts;
  readonly #column: { readonly [name: string]: Column };

  constructor(raw: RawBundle, slots: SlotFacts) {
    this.#slots = slots;
    this.#column = {
      key: raw.column('SLOT', 'key'),
      limits: raw.column('SLOT', 'limits'),
      set: raw.column('SLOT', 'set'),
      aux: raw.column('SLOT', 'aux'),
      bytes: raw.column('STR', 'length'),
      maxLength: raw.column('LIMITS', 'maxLength'),
    };
  }

  /** Whether a result may be computed from an operand: it is as long, and integers are made of integers. */
  holds(operand: number, result: number): boolean {
    const isWhole = this.#slots.kind(operand) !== 'number' || this.#slots.kind(result) === 'number';
    return isWhole && this.#longest(operand) <= this.#longest(result);
  }

  /** Whether the result may take the value of the operand as it is: both are stored alike. */
  takes(operand: number, result: number): boolean {
    const x = this.#slots.kind(operand);
    const y = this.#slots.kind(result);
    // The empty list is the one container constant; beside a value under an unknown it stands for an array.
    const emptyList = x === 'list' && y === 'unknown' && this.#slots.via(operand) === SLOT_VIAS.constant;
    const alike = x === y || emptyList || (NUMERIC_KINDS.includes(x) && NUMERIC_KINDS.includes(y));
    // What tells the branches of two unions apart must be the same.
    const c = this.#column;
    const sameUnion =
      x !== 'union' || (c.aux!(operand) === c.aux!(result) && c.set!(operand) === c.set!(result));
    return alike && sameUnion && this.holds(operand, result);
  }

  // Of a string the bytes, of a list four times the items: what is not limited is as long as a string may be.
  #longest(slot: number): number {
    const c = this.#column;
    if (this.#slots.via(slot) === SLOT_VIAS.constant) {
      const key = c.key!(slot);
      return key === NONE ? 0 : c.bytes!(key);
    }
    const limits = c.limits!(slot);
    const max = limits === NONE ? NONE : c.maxLength!(limits);
    return Math.min(4 * max, MAX_STRING_BYTES);
  }
}
