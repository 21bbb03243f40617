// What the verifier accepts although the bundle contradicts itself: records that say one thing of a value, and code or data that says
// another. No compiler writes such bundles, and what they mean is not defined, so the evaluators may disagree on them.

import type { Bundle, Limits, Slot } from '../../src/bytecode/bundle.ts';
import { MAX_DECIMAL, MAX_DURATION_MS, MAX_SAFE_INT } from '../../src/bytecode/limits.ts';
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
  const isNumber = (slot: number | null): boolean => slot !== null && slots[slot]!.kind === 'number';
  // Fractions get into slots of integers only from a number.
  const calc = calcs.findIndex(
    ({ op, dst, a, b }) =>
      ['ADD', 'SUB', 'MUL', 'COALESCE'].includes(op) && !isNumber(dst) && (isNumber(a) || isNumber(b)),
  );
  if (calc >= 0) return `calc ${calc}: makes an integer of a number`;
  for (const { op, a } of nodes) {
    const quant = quants[a];
    if (op === 'FIRST' && isNumber(quant!.elem) && !isNumber(quant!.dst))
      return `quant ${a}: makes an integer of a number`;
  }
  const lists = rules.some(({ message }) => message?.some(({ hole }) => hole?.list === true));
  return lists ? 'a list in a message' : null;
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

/** What a language of kind `contains` says, which it says twice: as texts, and as an automaton. */
export function containing(bundle: Bundle): string[] {
  return bundle.langs
    .filter(({ kind }) => kind === 'contains')
    .map(({ set, automaton }) => JSON.stringify([bundle.sets[set], automaton]));
}
