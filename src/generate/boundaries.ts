// The values at which a comparison changes its mind: exactly at each bound, and one step beside it on the grid of the field.

import { MAX_DECIMAL, MAX_DURATION_MS, MAX_SAFE_INT } from '../bytecode/limits.ts';
import type { Edge, Field, Ir, IrAtom } from '../ir/ir.ts';
import { TIME_BOUNDS } from '../symbolic/partition.ts';
import { fromOrdinal, micros, ordinal } from '../symbolic/value.ts';
import { atomsUnder } from './conditions.ts';
import type { ExtendedIr } from './extended-ir.ts';

/** Members of a set of numbers that have boundaries of their own; of a larger set the first and the last have. */
const MAX_MEMBERS = 8;
const MICROS = 1_000_000n;

/** Conditions that pin what an atom compares to a value at or beside one of its bounds; none for what is no comparison. */
export function boundariesOf(extended: ExtendedIr, ir: Ir, edge: Edge): readonly Edge[] {
  const cond = ir.conds[edge >> 1]!;
  return cond.op === 'atom' ? atomBoundaries(extended, ir, ir.atoms[cond.atom]!) : [];
}

/** The same for what a quantifier says of each item: some item is at the boundary. */
export function innerBoundariesOf(extended: ExtendedIr, ir: Ir, edge: Edge): readonly Edge[] {
  const cond = ir.conds[edge >> 1]!;
  const atom = cond.op === 'atom' ? ir.atoms[cond.atom]! : null;
  if (atom === null || !('body' in atom)) return [];
  const { list, elem, overValues, except } = atom;
  return atomsUnder(ir, atom.body)
    .flatMap((inner) => [...boundariesOf(extended, ir, inner), ...innerBoundariesOf(extended, ir, inner)])
    .map((body) => extended.atom({ op: 'ANY', list, elem, overValues, except, body }));
}

function atomBoundaries(extended: ExtendedIr, ir: Ir, atom: IrAtom): readonly Edge[] {
  switch (atom.op) {
    case 'RANGE': {
      const [lo, hi] = atom.bounds as readonly [number, number];
      return numbers(extended, ir.fields[atom.field]!, [[lo, hi]]);
    }
    case 'IN_NUMBERS': {
      const set = ir.sets[atom.set]!;
      const items = set.of === 'number' ? set.items : [];
      const members = items.length <= MAX_MEMBERS ? items : [items[0]!, items.at(-1)!];
      return numbers(
        extended,
        ir.fields[atom.field]!,
        members.map((item) => [item, item]),
      );
    }
    case 'RANGE_TIME':
      return times(extended, atom.field, atom.bounds);
    case 'LT_NUMBER':
    case 'LE_NUMBER':
      return [equal(extended, 'EQ_NUMBER', atom.field, atom.other)];
    case 'LT_TIME':
    case 'LE_TIME':
      return [equal(extended, 'EQ_TIME', atom.field, atom.other)];
    default:
      return [];
  }
}

function equal(extended: ExtendedIr, op: 'EQ_NUMBER' | 'EQ_TIME', a: number, b: number): Edge {
  return extended.atom({ op, field: Math.min(a, b), other: Math.max(a, b) });
}

function numbers(
  extended: ExtendedIr,
  field: Field,
  ranges: readonly (readonly [number, number])[],
): readonly Edge[] {
  if (field.kind === 'bool') return [];
  const points = new Set<number>();
  for (const [lo, hi] of ranges) {
    if (Number.isFinite(lo)) points.add(lo).add(next(field, lo, -1));
    if (Number.isFinite(hi)) points.add(hi).add(next(field, hi, 1));
  }
  const [least, most] = typeRange(field);
  return [...points]
    .filter((point) => least <= point && point <= most)
    .sort((a, b) => a - b)
    .map((point) => extended.atom({ op: 'IN_NUMBERS', field: field.id, set: extended.numbers([point + 0]) }));
}

function next(field: Field, value: number, by: 1 | -1): number {
  return field.kind === 'number' ? fromOrdinal(ordinal(value) + BigInt(by)) : value + by;
}

/** The numbers that a field can have by its kind. */
function typeRange({ kind, derived }: Field): readonly [number, number] {
  switch (kind) {
    case 'decimal':
      return [-MAX_DECIMAL, MAX_DECIMAL];
    case 'duration':
      return [-MAX_DURATION_MS, MAX_DURATION_MS];
    case 'date':
      return TIME_BOUNDS.date.map(Number) as [number, number];
    case 'number':
      return [-Number.MAX_VALUE, Number.MAX_VALUE];
    default:
      return [derived?.op === 'SIZE' || derived?.op === 'COUNT' ? 0 : -MAX_SAFE_INT, MAX_SAFE_INT];
  }
}

function times(extended: ExtendedIr, field: number, bounds: readonly number[]): readonly Edge[] {
  const points = new Set<bigint>();
  const add = (seconds: number, part: number, beside: bigint): void => {
    if (!Number.isFinite(seconds)) return;
    const bound = micros(seconds, part);
    points.add(bound).add(bound + beside);
  };
  add(bounds[0]!, bounds[1]!, -1n);
  add(bounds[2]!, bounds[3]!, 1n);
  const [first, last] = TIME_BOUNDS.timestamp;
  return [...points]
    .filter((point) => first <= point && point <= last)
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    .map((point) => {
      const part = ((point % MICROS) + MICROS) % MICROS;
      const at = [Number((point - part) / MICROS), Number(part)];
      return extended.atom({ op: 'RANGE_TIME', field, bounds: [...at, ...at] });
    });
}
