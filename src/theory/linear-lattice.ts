// Systems of equations over the integers. The solutions of the equations read so far are a lattice, point + basis * integers; each
// further equation is brought to one unknown by the algorithm of Euclid on the columns, as in the normal form of Hermite, and has an
// integer solution if and only if the common divisor divides its rest. On the lattice every other form is congruent to its value at the
// point, modulo the common divisor of its factors; where its bounds leave no such value there is no solution either.

import { floorDivide, gcd, type System } from './linear-system.ts';

/** Tags of bounds that no integers satisfy because of the forms which are fixed to one value, or null when that shows nothing. */
export function refuteEquations(system: System): Set<number> | null {
  const tags = new Set<number>();
  const point = system.targets.map(() => 0n);
  const basis = point.map((_, i) => point.map((_, j) => (i === j ? 1n : 0n)));
  for (let form = 0; form < system.forms.length; form++) {
    const low = system.lower[form]!;
    const high = system.upper[form]!;
    if (low === null || high === null || low.value !== high.value) continue;
    tags.add(low.tag).add(high.tag);
    const rest = low.value - system.valueOf(form, point);
    const divisor = reduceColumns(
      basis,
      basis.map((column) => system.valueOf(form, column)),
    );
    if (divisor === null) {
      if (rest !== 0n) return tags;
      continue;
    }
    if (rest % divisor !== 0n) return tags;
    const column = basis.pop()!;
    for (let i = 0; i < point.length; i++) point[i] = point[i]! + column[i]! * (rest / divisor);
  }
  return missedBounds(system, point, basis, tags);
}

/** The tags of the equations and of two bounds of a form with no value of the lattice between them, or null. */
function missedBounds(
  system: System,
  point: readonly bigint[],
  basis: readonly (readonly bigint[])[],
  equations: ReadonlySet<number>,
): Set<number> | null {
  for (let form = 0; form < system.forms.length; form++) {
    const low = system.lower[form]!;
    const high = system.upper[form]!;
    if (low === null || high === null) continue;
    const modulus = basis.reduce((all, column) => gcd(all, system.valueOf(form, column)), 0n);
    if (modulus === 0n) continue;
    const value = system.valueOf(form, point);
    // The greatest value of the lattice up to the upper bound.
    const last = value + floorDivide(high.value - value, modulus) * modulus;
    if (last < low.value) return new Set([...equations, low.tag, high.tag]);
  }
  return null;
}

/** Combines the columns until only the last has a factor, and returns that; null when all are 0. */
function reduceColumns(basis: bigint[][], factors: bigint[]): bigint | null {
  const size = (i: number): bigint => (factors[i]! < 0n ? -factors[i]! : factors[i]!);
  for (;;) {
    const present = [...factors.keys()].filter((i) => factors[i] !== 0n);
    if (present.length === 0) return null;
    const least = present.reduce((best, i) => (size(i) < size(best) ? i : best));
    if (present.length === 1) {
      const [column] = basis.splice(least, 1);
      basis.push(column!);
      return factors[least]!;
    }
    for (const i of present) {
      if (i === least) continue;
      const times = factors[i]! / factors[least]!;
      factors[i] = factors[i]! - times * factors[least]!;
      basis[i] = basis[i]!.map((n, row) => n - times * basis[least]![row]!);
    }
  }
}
