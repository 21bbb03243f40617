// Exact arithmetic on the decimals that numbers are written as.

/** `digits` · 10^`exponent`. */
export interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

/** The shortest decimal that means a finite number. */
export function decimalOf(value: number): Decimal {
  const [mantissa, exponent] = String(value).split('e') as [string, string?];
  const point = mantissa.indexOf('.');
  const places = point < 0 ? 0 : mantissa.length - point - 1;
  return { digits: BigInt(mantissa.replace('.', '')), exponent: Number(exponent ?? 0) - places };
}

export function numberOf({ digits, exponent }: Decimal): number {
  return Number(`${digits}e${exponent}`);
}

/** Whether a decimal is a whole multiple of a positive one. */
export function isMultiple(value: Decimal, step: Decimal): boolean {
  const exponent = Math.min(value.exponent, step.exponent);
  return scaled(value, exponent) % scaled(step, exponent) === 0n;
}

/** The least decimal that is a multiple of both, which are positive. */
export function leastCommon(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent);
  const [x, y] = [scaled(a, exponent), scaled(b, exponent)];
  let [large, small] = [x, y];
  while (small !== 0n) [large, small] = [small, large % small];
  return { digits: (x / large) * y, exponent };
}

/** The multiple of a positive step that is nearest to a value from below. */
export function floorTo(value: Decimal, step: Decimal): Decimal {
  const exponent = Math.min(value.exponent, step.exponent);
  const [v, s] = [scaled(value, exponent), scaled(step, exponent)];
  const rest = ((v % s) + s) % s;
  return { digits: v - rest, exponent };
}

export function plus(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent);
  return { digits: scaled(a, exponent) + scaled(b, exponent), exponent };
}

function scaled({ digits, exponent }: Decimal, to: number): bigint {
  return digits * 10n ** BigInt(exponent - to);
}
