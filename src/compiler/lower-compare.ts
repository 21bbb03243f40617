// Comparisons of fields with constants and with each other, as atoms.

import type { CompareOp, Literal } from '../checker/typed.ts';
import type { Edge, FieldId } from '../ir/ir.ts';
import type { Fields } from './fields.ts';

const MICROS = 1_000_000;

/** `field op literal`, where the field is a scalar of the literal's kind; a decimal literal is already in digits of the field's scale. */
export function compareLiteral(fields: Fields, op: CompareOp, field: FieldId, literal: Literal): Edge {
  const { ir } = fields;
  switch (literal.kind) {
    case 'string':
      return equality(op, ir.atom({ op: 'IN_STRINGS', field, set: ir.strings([literal.value]) }));
    case 'bool':
      return equality(op, ir.atom({ op: 'IN_NUMBERS', field, set: ir.numbers([Number(literal.value)]) }));
    case 'timestamp':
      return compareTime(fields, op, field, literal.seconds, literal.micros);
    case 'number':
      return compareNumber(fields, op, field, literal.value, nextDouble);
    case 'date':
    case 'duration':
      return compareNumber(fields, op, field, literal.value, nextInteger);
    case 'exact': {
      if (fields.kind(field) === 'number')
        return compareNumber(
          fields,
          op,
          field,
          Number(literal.value.k) / 10 ** literal.value.scale,
          nextDouble,
        );
      const k = literal.value.k * 10n ** BigInt(fields.scale(field) - literal.value.scale);
      return compareNumber(fields, op, field, Number(k), nextInteger);
    }
  }
}

function equality(op: CompareOp, edge: Edge): Edge {
  return op === '!=' ? edge ^ 1 : edge;
}

function nextInteger(value: number, up: boolean): number {
  return up ? value + 1 : value - 1;
}

/** The adjacent binary64. */
function nextDouble(value: number, up: boolean): number {
  if (value === 0) return up ? Number.MIN_VALUE : -Number.MIN_VALUE;
  const buffer = new DataView(new ArrayBuffer(8));
  buffer.setFloat64(0, value);
  const bits = buffer.getBigInt64(0);
  buffer.setBigInt64(0, up === value > 0 ? bits + 1n : bits - 1n);
  return buffer.getFloat64(0);
}

function compareNumber(
  fields: Fields,
  op: CompareOp,
  field: FieldId,
  value: number,
  next: (value: number, up: boolean) => number,
): Edge {
  const { ir } = fields;
  const range = (lo: number, hi: number): Edge => ir.atom({ op: 'RANGE', field, bounds: [lo + 0, hi + 0] });
  switch (op) {
    case '==':
    case '!=':
      return equality(op, ir.atom({ op: 'IN_NUMBERS', field, set: ir.numbers([value]) }));
    case '<':
      return range(-Infinity, next(value, false));
    case '<=':
      return range(-Infinity, value);
    case '>':
      return range(next(value, true), Infinity);
    case '>=':
      return range(value, Infinity);
  }
}

function compareTime(fields: Fields, op: CompareOp, field: FieldId, seconds: number, micros: number): Edge {
  const range = (lo: readonly [number, number], hi: readonly [number, number]): Edge =>
    fields.ir.atom({ op: 'RANGE_TIME', field, bounds: [...lo, ...hi] });
  const below: readonly [number, number] = micros === 0 ? [seconds - 1, MICROS - 1] : [seconds, micros - 1];
  const above: readonly [number, number] = micros === MICROS - 1 ? [seconds + 1, 0] : [seconds, micros + 1];
  const first: readonly [number, number] = [-Infinity, 0];
  const last: readonly [number, number] = [Infinity, 0];
  switch (op) {
    case '==':
    case '!=':
      return equality(op, range([seconds, micros], [seconds, micros]));
    case '<':
      return range(first, below);
    case '<=':
      return range(first, [seconds, micros]);
    case '>':
      return range(above, last);
    case '>=':
      return range([seconds, micros], last);
  }
}

/** `a op b` for two scalar fields of one kind and scale. */
export function compareFields(fields: Fields, op: CompareOp, a: FieldId, b: FieldId): Edge {
  const kind = fields.kind(a);
  const family =
    kind === 'timestamp' ? 'TIME' : kind === 'string' || kind === 'localTimestamp' ? 'STRING' : 'NUMBER';
  if (op === '==' || op === '!=') {
    // Equality is symmetric: one order of operands, so that equal tests are one atom.
    const [field, other] = a <= b ? [a, b] : [b, a];
    return equality(op, fields.ir.atom({ op: `EQ_${family}`, field, other }));
  }
  if (family === 'STRING') throw new Error('strings have no order');
  const [field, other] = op === '<' || op === '<=' ? [a, b] : [b, a];
  return fields.ir.atom({ op: op === '<' || op === '>' ? `LT_${family}` : `LE_${family}`, field, other });
}

/** `a op b` for two literals of one kind. */
export function compareLiterals(op: CompareOp, a: Literal, b: Literal): boolean {
  const order = orderOf(a, b);
  switch (op) {
    case '==':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

function orderOf(a: Literal, b: Literal): number {
  if (a.kind === 'timestamp' && b.kind === 'timestamp') return a.seconds - b.seconds || a.micros - b.micros;
  if (a.kind === 'exact' && b.kind === 'exact') {
    const x = a.value.k * 10n ** BigInt(b.value.scale);
    const y = b.value.k * 10n ** BigInt(a.value.scale);
    return x < y ? -1 : x > y ? 1 : 0;
  }
  const x = scalarOf(a);
  const y = scalarOf(b);
  return x === y ? 0 : x < y ? -1 : 1;
}

function scalarOf(literal: Literal): string | number {
  switch (literal.kind) {
    case 'string':
    case 'number':
    case 'date':
    case 'duration':
      return literal.value;
    case 'bool':
      return Number(literal.value);
    case 'exact':
      return Number(literal.value.k) / 10 ** literal.value.scale;
    case 'timestamp':
      return literal.seconds;
  }
}
