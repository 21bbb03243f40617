// Reads numbers and durations. The whole run of digits, letters and dots is judged at once, so that `1e3` is one
// mistake and not a number followed by a strange name.

import type { TokenType } from 'chevrotain';
import { Dur, Fraction, Int } from './tokens.ts';

export interface NumberReading {
  readonly type: TokenType;
  readonly end: number;
  /** Milliseconds of a duration. */
  readonly payload: number | null;
  readonly error: { readonly code: 'P1108' | 'P1109'; readonly reason: string; readonly hint: string } | null;
}

// A dot belongs to the run only before a digit, or as a trailing dot that is neither a range nor a member.
const RUN = /[0-9](?:[A-Za-z0-9_]|\.(?=[0-9])|(?<=[eE])[+-](?=[0-9]))*(?:\.(?!\.))?/y;
const PLAIN = /^(?:0|[1-9][0-9]*)(\.[0-9]+)?$/;
const UNITS: readonly (readonly [string, number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
];

/** Reads the number or duration that begins with the digit at `start`. */
export function readNumber(source: string, start: number): NumberReading {
  RUN.lastIndex = start;
  const text = RUN.exec(source)?.[0] ?? (source[start] as string);
  const end = start + text.length;
  const plain = PLAIN.exec(text);
  if (plain !== null)
    return { type: plain[1] === undefined ? Int : Fraction, end, payload: null, error: null };
  if (/^(?:[0-9.]+(?:ms|[dhms]))+[0-9]*$/.test(text)) return duration(text, end);
  const [reason, hint] = whyNotNumber(text);
  return { type: Fraction, end, payload: null, error: { code: 'P1108', reason, hint } };
}

function duration(text: string, end: number): NumberReading {
  let ms = 0;
  let next = 0;
  let reason = '';
  for (const [, amount, unit] of text.matchAll(/([0-9.]+)(ms|[dhms]|$)/g) as Iterable<
    [string, string, string]
  >) {
    const rank = UNITS.findIndex(([name]) => name === unit);
    if (unit === '') reason ||= `${amount} has no unit`;
    else if (amount.includes('.')) reason ||= 'a component is a whole number';
    else if (amount.length > 1 && amount.startsWith('0')) reason ||= `${amount} has a leading zero`;
    else if (rank < next)
      reason ||= rank === next - 1 ? `\`${unit}\` stands twice` : `\`${unit}\` stands too late`;
    next = rank + 1;
    ms += Number(amount) * (UNITS[rank]?.[1] ?? 0);
  }
  const error = reason === '' ? null : ({ code: 'P1109', reason, hint: '' } as const);
  return { type: Dur, end, payload: ms, error };
}

function whyNotNumber(text: string): readonly [reason: string, hint: string] {
  if (/^0[0-9]+(\.[0-9]+)?$/.test(text)) {
    return ['it has a leading zero', `write \`${text.replace(/^0+(?=[0-9])/, '')}\``];
  }
  if (text.endsWith('.')) return ['it ends with a dot', `write \`${text.slice(0, -1)}\` or \`${text}0\``];
  if (/^[0-9.]+[eE][+-]?[0-9]+$/.test(text)) {
    const value = Number(text);
    const plain = Number.isFinite(value) && Math.abs(value) < 1e15 ? String(value) : '';
    return [
      'there are no exponents',
      plain === '' || plain.includes('e') ? 'write it out' : `write \`${plain}\``,
    ];
  }
  if (/^0[xXbBoO]/.test(text)) return ['numbers are decimal', 'write it with the digits 0 to 9'];
  if (text.includes('_')) return ['digits are not grouped', `write \`${text.replaceAll('_', '')}\``];
  if (/^[0-9]+(\.[0-9]+){2,}$/.test(text))
    return ['it has two dots', 'a version is a string: put quotes around it'];
  const letters = /[A-Za-z].*/.exec(text)?.[0] ?? '';
  return [
    `\`${letters}\` is not a unit`,
    'the units of a duration are d h m s ms; a name begins with a letter or `_`',
  ];
}
