// Coordinate moves: what one variable may be while the others stay.

import { floorDivide, nearest, type System } from './linear-system.ts';

/** Values that a variable may take: low to high, but not those excluded. */
interface Room {
  readonly low: bigint | null;
  readonly high: bigint | null;
  readonly excluded: ReadonlySet<bigint>;
}

/** Moves one variable after the other to its target, as far as the others allow: within all bounds, and out of disequalities. */
export function approach(system: System, start: readonly bigint[]): bigint[] {
  const values = [...start];
  for (const variable of system.wishOrder()) {
    const { low, high, excluded } = roomOf(system, values, variable);
    values[variable] = nearest(low, high, system.targets[variable]!, excluded) ?? values[variable]!;
  }
  return values;
}

function roomOf(system: System, values: readonly bigint[], variable: number): Room {
  let low: bigint | null = null;
  let high: bigint | null = null;
  const excluded = new Set<bigint>();
  const factors = system.forms.map((terms) => terms.find((term) => term.variable === variable)?.factor ?? 0n);
  /** What the other variables leave of a value of the form. */
  const left = (form: number, value: bigint): bigint =>
    value - system.valueOf(form, values) + factors[form]! * values[variable]!;
  for (const [form, factor] of factors.entries()) {
    if (factor === 0n) continue;
    const size = factor < 0n ? -factor : factor;
    const lower = system.lower[form]!;
    const upper = system.upper[form]!;
    // A negative factor exchanges the bounds.
    const [from, to] = factor > 0n ? [lower, upper] : [upper, lower];
    if (from !== null) {
      const rest = left(form, from.value);
      const least = -floorDivide(factor > 0n ? -rest : rest, size);
      if (low === null || least > low) low = least;
    }
    if (to !== null) {
      const rest = left(form, to.value);
      const most = floorDivide(factor > 0n ? rest : -rest, size);
      if (high === null || most < high) high = most;
    }
  }
  for (const { form, value } of system.disequalities) {
    const factor = factors[form]!;
    if (factor === 0n) continue;
    const rest = left(form, value);
    if (rest % factor === 0n) excluded.add(rest / factor);
  }
  return { low, high, excluded };
}
