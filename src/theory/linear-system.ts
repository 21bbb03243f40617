// The normal form of a linear system: every linear form once, in lowest terms, with one lower and one upper bound.

export interface Term {
  readonly variable: number;
  readonly factor: bigint;
}

/** A constraint in lowest terms: lower <= form <= upper and form != not, each of them where it is given. */
export interface Row {
  readonly terms: readonly Term[];
  readonly lower: bigint | null;
  readonly upper: bigint | null;
  readonly not: bigint | null;
}

/** A bound and the tag of what demands it. Conflicts are sets of tags. */
export interface Bound {
  readonly value: bigint;
  readonly tag: number;
}

export interface Disequality {
  readonly form: number;
  readonly value: bigint;
  readonly tag: number;
}

/** What a relaxation finds: a point, a variable that is no integer in its point, or a conflict. */
export type Relaxed =
  | { readonly kind: 'values'; readonly values: readonly bigint[] }
  | { readonly kind: 'fraction'; readonly variable: number; readonly floor: bigint }
  | { readonly kind: 'none'; readonly tags: ReadonlySet<number> }
  | { readonly kind: 'unknown' };

/** Finds a point within the bounds of the system as they are at the call; disequalities are left to the search. */
export interface Relaxation {
  solve(): Relaxed;
}

/** Steps that may still be taken. */
export class Budget {
  #left: number;

  constructor(steps: number) {
    this.#left = steps;
  }

  get spent(): boolean {
    return this.#left <= 0;
  }

  /** Takes one step; false when none is left. */
  take(): boolean {
    return this.#left-- > 0;
  }
}

const abs = (n: bigint): bigint => (n < 0n ? -n : n);

/** Greatest common divisor, not negative. */
export function gcd(a: bigint, b: bigint): bigint {
  let x = abs(a);
  let y = abs(b);
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

/** The quotient rounded down; the divisor is positive. */
export function floorDivide(n: bigint, divisor: bigint): bigint {
  const quotient = n / divisor;
  return n % divisor < 0n ? quotient - 1n : quotient;
}

/** Each variable once, in order, without zero factors. */
function combine(terms: readonly Term[]): Term[] {
  const factors = new Map<number, bigint>();
  for (const { variable, factor } of terms) factors.set(variable, (factors.get(variable) ?? 0n) + factor);
  return [...factors]
    .filter(([, factor]) => factor !== 0n)
    .sort(([a], [b]) => a - b)
    .map(([variable, factor]) => ({ variable, factor }));
}

/**
 * The constraint in lowest terms, its first factor positive; a Boolean when that decides it. Rounding the bound after the division is
 * the cut of Gomory for one row: an integer form cannot lie between.
 */
export function normalRow(terms: readonly Term[], rel: '<=' | '==' | '!=', bound: bigint): Row | boolean {
  const combined = combine(terms);
  const first = combined[0];
  if (first === undefined) return rel === '<=' ? bound >= 0n : (bound === 0n) === (rel === '==');
  const divisor = combined.reduce((all, { factor }) => gcd(all, factor), 0n);
  const positive = first.factor > 0n;
  const signed = positive ? divisor : -divisor;
  const lowest = combined.map(({ variable, factor }) => ({ variable, factor: factor / signed }));
  if (rel === '<=') {
    const rounded = floorDivide(bound, divisor);
    return { terms: lowest, lower: positive ? null : -rounded, upper: positive ? rounded : null, not: null };
  }
  if (bound % divisor !== 0n) return rel === '!=';
  const value = bound / signed;
  return rel === '=='
    ? { terms: lowest, lower: value, upper: value, not: null }
    : { terms: lowest, lower: null, upper: null, not: value };
}

/** The integer of [lower, upper] that is nearest to the target and not excluded, upwards first; null when there is none. */
export function nearest(
  lower: bigint | null,
  upper: bigint | null,
  target: bigint,
  excluded: ReadonlySet<bigint>,
): bigint | null {
  let start = target;
  if (lower !== null && start < lower) start = lower;
  if (upper !== null && start > upper) start = upper;
  const fits = (n: bigint): boolean =>
    (lower === null || n >= lower) && (upper === null || n <= upper) && !excluded.has(n);
  // Of excluded.size + 1 integers on one side of the start one is not excluded, unless that side ends before.
  for (let distance = 0n; distance <= BigInt(excluded.size); distance++) {
    if (fits(start + distance)) return start + distance;
    if (fits(start - distance)) return start - distance;
  }
  return null;
}

/** Forms, their bounds and the disequalities among them. Bounds change during a search. */
export class System {
  /** The values that are wanted, and which of them were asked for. */
  readonly targets: readonly bigint[];
  readonly preferred: readonly boolean[];
  /** The first forms are the variables themselves, in their order. */
  readonly forms: (readonly Term[])[] = [];
  readonly lower: (Bound | null)[] = [];
  readonly upper: (Bound | null)[] = [];
  readonly disequalities: Disequality[] = [];
  readonly #byKey = new Map<string, number>();

  constructor(targets: readonly bigint[], preferred: readonly boolean[]) {
    this.targets = targets;
    this.preferred = preferred;
    for (let i = 0; i < targets.length; i++) this.#form([{ variable: i, factor: 1n }]);
  }

  /** Demands the row; of several bounds of one form the tightest stays. */
  add(row: Row, tag: number): void {
    const form = this.#form(row.terms);
    if (row.lower !== null) this.raise(form, { value: row.lower, tag });
    if (row.upper !== null) this.reduce(form, { value: row.upper, tag });
    if (row.not !== null) this.disequalities.push({ form, value: row.not, tag });
  }

  raise(form: number, bound: Bound): void {
    const old = this.lower[form]!;
    if (old === null || bound.value > old.value) this.lower[form] = bound;
  }

  reduce(form: number, bound: Bound): void {
    const old = this.upper[form]!;
    if (old === null || bound.value < old.value) this.upper[form] = bound;
  }

  #form(terms: readonly Term[]): number {
    const key = terms.map(({ variable, factor }) => `${factor}*${variable}`).join('+');
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    this.#byKey.set(key, this.forms.length);
    this.lower.push(null);
    this.upper.push(null);
    return this.forms.push(terms) - 1;
  }

  /** Value of a form at a point. */
  valueOf(form: number, point: readonly bigint[]): bigint {
    return this.forms[form]!.reduce((sum, { variable, factor }) => sum + factor * point[variable]!, 0n);
  }

  /** Variables, those with a wish first: what is chosen first comes nearest to its target. */
  wishOrder(): number[] {
    const all = this.targets.map((_, variable) => variable);
    return [
      ...all.filter((variable) => this.preferred[variable]!),
      ...all.filter((variable) => !this.preferred[variable]!),
    ];
  }
}
