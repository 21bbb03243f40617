// Random operands: numbers with their bounds, texts, patterns and literals near what the world holds.

import { type Draw, quoted } from '../../parity/draw.ts';
import type { Scope } from './scope.ts';
import { TRICKY, type Type } from './world.ts';

/** A number with its scaled bounds. */
export interface Num {
  readonly text: string;
  readonly scale: number;
  readonly lo: number;
  readonly hi: number;
}

export type StringType = Extract<Type, { t: 'string' }>;

export const ORDER = ['<', '<=', '>', '>=', '==', '!='] as const;

const GLOBS = [
  'a*',
  '*b',
  '*',
  '*.b*',
  'a/*',
  '*/*',
  '*é*',
  '😀*',
  '*c',
  'r*',
  '*e*',
  '\\*',
  'a*b*',
] as const;
const DOTTED = ['a', 'a.*', 'a.**', '*.b', '**', '**.b', '*', '*.*.c', 'a*', 'a.**.c'] as const;
const PATHS = ['a', 'a/*', 'a/**', '**', '../**', '**/c', '/**', '/etc/*', '/etc/**', '*', '/x', '../*'];

export function decimalText(scaled: number, scale: number): string {
  const text = (Math.abs(scaled) / 10 ** scale).toFixed(scale);
  return scaled < 0 ? `-${text}` : text;
}

/** A literal inside the bounds of a number or just outside. */
export function literalNear(draw: Draw, num: Num): string {
  return decimalText(num.lo - 1 + draw.int(num.hi - num.lo + 3), num.scale);
}

export function numberRefs(scope: Scope): readonly Num[] {
  return scope.usable('int', 'decimal').map(({ text, type }) => numOf(text, type));
}

export function numOf(text: string, type: Extract<Type, { t: 'int' | 'decimal' }>): Num {
  return {
    text,
    scale: type.t === 'decimal' ? type.scale : 0,
    lo: type.min ?? 0,
    hi: type.max ?? (type.min ?? 0) + 3,
  };
}

export function number(draw: Draw, scope: Scope, depth = 1): Num | null {
  const refs = numberRefs(scope);
  const doubtful = scope.doubtful('int', 'decimal');
  const sized = scope.usable('list');
  const texts = scope.usable('string');
  return draw.oneOf<Num | null>(
    [6, () => (refs.length > 0 ? draw.pick(refs) : null)],
    [
      2,
      () => {
        if (doubtful.length === 0) return null;
        const ref = draw.pick(doubtful);
        const num = numOf(ref.text, ref.type);
        return { ...num, text: `(${num.text} ?? ${literalNear(draw, num)})` };
      },
    ],
    [
      1,
      () => {
        if (sized.length === 0) return null;
        const ref = draw.pick(sized);
        return { text: `size(${ref.text})`, scale: 0, lo: ref.type.min, hi: ref.type.max };
      },
    ],
    [
      1,
      () => (texts.length === 0 ? null : { text: `size(${draw.pick(texts).text})`, scale: 0, lo: 0, hi: 6 }),
    ],
    [depth > 0 ? 3 : 0, () => arithmetic(draw, scope)],
  );
}

function arithmetic(draw: Draw, scope: Scope): Num | null {
  const a = number(draw, scope, 0);
  if (a === null) return null;
  const b = number(draw, scope, 0);
  if (b === null || draw.once(4))
    return draw.once(2)
      ? { ...a, text: `${a.text} * 2`, lo: a.lo * 2, hi: a.hi * 2 }
      : { ...a, text: `${a.text} + 1`, lo: a.lo + 10 ** a.scale, hi: a.hi + 10 ** a.scale };
  const scale = Math.max(a.scale, b.scale);
  const [fa, fb] = [10 ** (scale - a.scale), 10 ** (scale - b.scale)];
  if (draw.once(2))
    return { text: `${a.text} + ${b.text}`, scale, lo: a.lo * fa + b.lo * fb, hi: a.hi * fa + b.hi * fb };
  return { text: `${a.text} - ${b.text}`, scale, lo: a.lo * fa - b.hi * fb, hi: a.hi * fa - b.lo * fb };
}

/** A literal that may stand beside a text of a type. */
export function literalOf(draw: Draw, type: StringType): string {
  return quoted(draw.pick(type.values ?? TRICKY));
}

/** A part of some text that a type allows; never empty. */
export function partOf(draw: Draw, type: StringType): string {
  const whole = [...draw.pick(type.values ?? TRICKY)];
  const part = whole.slice(draw.int(2), 1 + draw.int(3)).join('');
  return quoted(part === '' ? draw.pick(['a', 'b', '.', '/', 'é', '\u{301}', '😀', 'e']) : part);
}

export function pattern(draw: Draw, type: StringType): string {
  const kind = draw.pick(['glob', 'dotted', 'path'] as const);
  const pool = { glob: GLOBS, dotted: DOTTED, path: PATHS }[kind];
  const one = (): string => {
    const own = draw.pick(type.values ?? TRICKY);
    const literal = own !== '' && !own.includes('*') && !(kind === 'dotted' && own.includes('..'));
    const text = literal && draw.once(3) ? own : draw.pick(pool);
    return `"${text}"`;
  };
  return draw.once(3) ? `${kind} [${one()}, ${one()}]` : `${kind} ${one()}`;
}
