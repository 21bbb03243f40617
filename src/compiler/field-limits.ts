// Limits of fields: what every value of a field is known to keep.

import type { Constant, Field, FieldLimits, SetId } from '../ir/ir.ts';
import { codePoints } from '../value/text.ts';

const OPEN: FieldLimits = { min: -Infinity, max: Infinity, minLength: null, maxLength: null, set: null };

/** Limits of which some are given; null when they allow everything. */
export function limitsOf(part: Partial<FieldLimits>): FieldLimits | null {
  const { min, max, minLength, maxLength, set } = { ...OPEN, ...part };
  const isOpen =
    min === -Infinity && max === Infinity && minLength === null && maxLength === null && set === null;
  return isOpen ? null : { min, max, minLength, maxLength, set };
}

/** What values of either field keep: those of `a ?? b`. */
export function widest(a: Omit<Field, 'id'>, b: Omit<Field, 'id'>): FieldLimits | null {
  const x = a.limits;
  const y = b.constant === null ? b.limits : ofConstant(b.constant, x?.set ?? null);
  if (x === null || y === null) return null;
  return limitsOf({
    // Scaled numbers compare only at one scale.
    min: a.scale === b.scale ? Math.min(x.min, y.min) : -Infinity,
    max: a.scale === b.scale ? Math.max(x.max, y.max) : Infinity,
    minLength: x.minLength === null || y.minLength === null ? null : Math.min(x.minLength, y.minLength),
    maxLength: x.maxLength === null || y.maxLength === null ? null : Math.max(x.maxLength, y.maxLength),
    set: x.set === y.set ? x.set : null,
  });
}

// A text beside an enum is one of its texts: the checker has seen to it.
function ofConstant(constant: Constant, texts: SetId | null): FieldLimits | null {
  switch (constant.kind) {
    case 'number':
      return { ...OPEN, min: constant.value, max: constant.value };
    case 'timestamp':
      return null;
    case 'string': {
      const length = codePoints(constant.value);
      return { ...OPEN, minLength: length, maxLength: length, set: texts };
    }
    case 'emptyList':
      return { ...OPEN, minLength: 0, maxLength: 0 };
  }
}
