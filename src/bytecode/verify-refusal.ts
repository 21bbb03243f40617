// Why a bundle was refused. The codes are stable: both evaluators report the same ones. Leaf module.

import type { SectionName } from './layout.ts';
import type { RawBundle } from './raw.ts';

/** Codes of the verifier. */
export const VERIFY_CODES = {
  length: 'the file is shorter or longer than it says, or larger than MAX_BUNDLE_BYTES',
  magic: 'not a bundle',
  contract: 'made for another version of the contract',
  section: 'a section is not where it must be, or its padding is not zero',
  limit:
    'a section has fewer or more records than the contract allows, or keys or JSON fragments repeat more text than MAX_BUNDLE_BYTES',
  reserved: 'a reserved field or bit is not zero',
  index: 'an index points outside its section',
  nan: 'NaN or negative zero',
  code: 'an operation, kind or format that does not exist',
  utf8: 'a text is not well-formed UTF-8',
  order:
    'records are not in the one order that the layout defines: a table is not sorted, or a run does not start where the last one ended',
  table: 'the tables of an automaton are wrong',
  slot: 'the parent, flags, limits or attached data of a slot do not fit its kind or how it gets its value',
  kind: 'an operand has a kind that the operation does not accept, or the result cannot hold it',
  operand: 'an operand is missing, superfluous or out of range',
  jump: 'a jump that does not go forward, or a second successor where there is one',
  region: 'a jump, a quantifier body, an END or a bound slot outside its region',
  stratum: 'a HIT or BAR where the combining algorithm allows none',
  rule: 'a rule record that does not fit its place',
  fragment: 'a text of a rule that is not JSON, or a hole that does not fit its slot',
  opcode: 'the highest operation is not the one that the header states',
  bounds: 'the stated bounds are wrong, or above the limits of the contract',
} as const satisfies { readonly [code: string]: string };
export type VerifyCode = keyof typeof VERIFY_CODES;

/** Thrown inside the verifier only; decodeBundle turns it into a result. */
export class Refusal {
  readonly code: VerifyCode;
  readonly offset: number;
  readonly message: string;

  constructor(code: VerifyCode, offset: number, message: string) {
    this.code = code;
    this.offset = offset;
    this.message = message;
  }
}

/** Refuses the bundle at one field. */
export function refuse(
  raw: RawBundle,
  code: VerifyCode,
  section: SectionName,
  index: number,
  field: string,
  message: string,
): never {
  throw new Refusal(code, raw.place(section, index, field), `${section} ${index}: ${message}`);
}
