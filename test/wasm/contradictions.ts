// What no accepted bundle says: records that say one thing of a value, and code or data that says another. What such a bundle means is
// not defined, so the evaluators could disagree on it. Written a third time, over the decoded bundle, to judge both verifiers.

import type { Bundle, Limits, Slot } from '../../src/bytecode/bundle.ts';
import { MAX_DECIMAL, MAX_DURATION_MS, MAX_SAFE_INT, MAX_STRING_BYTES } from '../../src/bytecode/limits.ts';
import type { SlotKind } from '../../src/bytecode/opcodes.ts';

const NUMERIC: readonly SlotKind[] = ['bool', 'int', 'decimal', 'number', 'date', 'duration'];
const SIZED: readonly SlotKind[] = ['string', 'list', 'map'];

/** The values of constants, both ends included. */
const RANGES: { readonly [K in SlotKind]?: readonly [number, number] } = {
  bool: [0, 1],
  int: [-MAX_SAFE_INT, MAX_SAFE_INT],
  decimal: [-MAX_DECIMAL, MAX_DECIMAL],
  number: [-Number.MAX_VALUE, Number.MAX_VALUE],
  // Years 1 to 9999.
  date: [-719_162, 2_932_896],
  duration: [-MAX_DURATION_MS, MAX_DURATION_MS],
  timestamp: [-62_135_596_800, 253_402_300_799],
};

/** The first contradiction, or null. */
export function contradiction(bundle: Bundle): string | null {
  const { slots, calcs, nodes, quants, rules } = bundle;
  const strict: boolean[] = [];
  const later: boolean[] = [];
  for (const [i, slot] of slots.entries()) {
    const parent = slot.parent === null ? null : slots[slot.parent]!;
    const below = ['member', 'element', 'value', 'view'].includes(slot.via);
    strict[i] = i === 0 || (below && strict[slot.parent!]! && parent!.kind !== 'unknown');
    later[i] = below ? later[slot.parent!]! : i > 0;
    const found = slot.via === 'constant' ? ofConstant(slot) : ofLimits(slot.kind, slot.limits);
    if (found !== null) return `slot ${i}: ${found}`;
    if (!strict[i] && (slot.closed || slot.unique))
      return `slot ${i}: closed or unique where nothing is judged`;
    if (!strict[i] && !later[i] && slot.limits !== null) return `slot ${i}: limits below an unknown`;
    if (slot.via === 'view' && parent?.kind === 'localTimestamp' && slot.kind !== 'string')
      return `slot ${i}: a view of a local timestamp that is no string`;
  }
  const calc = calcs.findIndex(({ op, dst, a, b }) =>
    [a, b].some((from) => from !== null && !['AT', 'GET'].includes(op) && !fits(slots[from]!, slots[dst]!)),
  );
  if (calc >= 0) return `calc ${calc}: its result cannot hold its operands`;
  for (const { op, a } of nodes) {
    if (op === 'FIRST' && !fits(slots[quants[a]!.elem]!, slots[quants[a]!.dst!]!))
      return `quant ${a}: its result cannot hold an item`;
  }
  const lists = rules.some(({ message }) => message?.some(({ hole }) => hole?.list === true));
  return lists ? 'a list in a message' : null;
}

// Fractions get into slots of integers only from a number; the bounds on work rely on lengths.
function fits(from: Slot, to: Slot): boolean {
  if (from.kind === 'number' && to.kind !== 'number') return false;
  if (from.kind === 'union' && (from.set !== to.set || from.discriminator !== to.discriminator)) return false;
  return longest(from) <= longest(to);
}

function longest({ via, key, limits }: Slot): number {
  if (via === 'constant') return new TextEncoder().encode(key ?? '').length;
  return Math.min(4 * (limits?.maxLength ?? Infinity), MAX_STRING_BYTES);
}

function ofConstant({ kind, limits }: Slot): string | null {
  const range = RANGES[kind];
  if (limits === null || range === undefined) return null;
  const { min, max, minLength, maxLength, set } = limits;
  if (minLength !== null || maxLength !== null || set !== null) return 'a constant with limits';
  if (min < range[0] || min > range[1]) return 'a constant out of range';
  if (kind !== 'number' && !Number.isInteger(min)) return 'a fraction';
  if (kind === 'timestamp') return Number.isInteger(max) && max >= 0 && max < 1e6 ? null : 'no microseconds';
  return max === 0 ? null : 'a second value';
}

function ofLimits(kind: SlotKind, limits: Limits | null): string | null {
  if (limits === null) return null;
  const ranged = limits.min !== -Infinity || limits.max !== Infinity;
  if (ranged && !NUMERIC.includes(kind)) return `a range of a ${kind}`;
  const sized = limits.minLength !== null || limits.maxLength !== null;
  return sized && !SIZED.includes(kind) ? `a size of a ${kind}` : null;
}
