// Calculations over constants.

import type { CalcOp, SlotKind } from '../bytecode/opcodes.ts';
import type { Constant } from '../ir/ir.ts';
import { normalizePath } from '../value/path.ts';
import { asciiLower, asciiUpper, codePoints } from '../value/text.ts';
import { dateAt, minuteOfDayAt, weekdayAt } from '../value/time.ts';
import type { Value } from './value.ts';

/** The result of a calculation over one constant; null when there is none. */
export function unaryOfConstant(op: CalcOp, imm: number, constant: Constant): Value | null {
  if (constant.kind === 'string') return ofText(op, constant.value);
  if (constant.kind === 'timestamp') return ofTime(op, imm, constant.seconds);
  return op === 'SIZE' && constant.kind === 'emptyList' ? number(0, 'int') : null;
}

function ofText(op: CalcOp, value: string): Value | null {
  switch (op) {
    case 'LOWER':
      return text(asciiLower(value));
    case 'UPPER':
      return text(asciiUpper(value));
    case 'NORM': {
      const normal = normalizePath(value);
      return normal === null ? null : text(normal);
    }
    case 'SIZE':
      return number(codePoints(value), 'int');
    default:
      return null;
  }
}

function ofTime(op: CalcOp, imm: number, seconds: number): Value | null {
  switch (op) {
    case 'DATE':
      return number(dateAt(seconds, imm), 'date');
    case 'WEEKDAY':
      return number(weekdayAt(seconds, imm), 'int');
    case 'MINUTE_OF_DAY':
      return number(minuteOfDayAt(seconds, imm), 'int');
    default:
      return null;
  }
}

function text(value: string): Value {
  return { is: 'constant', constant: { kind: 'string', value }, kind: 'string' };
}

function number(value: number, kind: SlotKind): Value {
  return { is: 'constant', constant: { kind: 'number', value }, kind };
}
