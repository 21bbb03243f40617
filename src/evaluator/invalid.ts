// Codes of invalid requests as small numbers, in the order in which they are checked on one value.

import { INVALID_CODES, type InvalidCode } from '../bytecode/opcodes.ts';

const numberOf = (code: InvalidCode): number => INVALID_CODES.indexOf(code) + 1;

/** Not an error: the value is there, and stored. */
export const PRESENT = 0;
/** Not an error: there is no value. */
export const ABSENT = -1;

export const UTF8 = numberOf('utf8');
export const NOT_PLAIN = numberOf('not_plain');
export const NUMBER = numberOf('number');
export const REQUIRED = numberOf('required');
export const TYPE = numberOf('type');
export const LIMIT = numberOf('limit');
export const ENUM = numberOf('enum');
export const RANGE = numberOf('range');
export const MULTIPLE_OF = numberOf('multiple_of');
export const LENGTH = numberOf('length');
export const FORMAT = numberOf('format');
export const SIZE = numberOf('size');
export const UNKNOWN_KEY = numberOf('unknown_key');
export const NO_BRANCH = numberOf('no_branch');
export const NOT_UNIQUE = numberOf('not_unique');

/** The name of a code. */
export function invalidCode(number: number): InvalidCode {
  return INVALID_CODES[number - 1]!;
}
