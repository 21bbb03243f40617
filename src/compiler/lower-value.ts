// Values → fields: references, literals, lets, calls and arithmetic. A truth value that is used as a value becomes a field too.

import type { SlotKind } from '../bytecode/opcodes.ts';
import type { Binding, Literal, TypedExpr, TypedLet } from '../checker/typed.ts';
import type { Branch, Type } from '../checker/types.ts';
import type { Edge, FieldId } from '../ir/ir.ts';
import type { Fields } from './fields.ts';
import { quantifierHeight } from './height.ts';

/** What an expression is in the IR. */
export type Value =
  | { readonly kind: 'cond'; readonly edge: Edge }
  /** Several fields: a member common to branches of a union; at most one of them is present. */
  | { readonly kind: 'fields'; readonly fields: readonly FieldId[] }
  | { readonly kind: 'literal'; readonly literal: Literal }
  | { readonly kind: 'list'; readonly items: readonly TypedExpr[] }
  /** The difference of two timestamps. */
  | { readonly kind: 'difference'; readonly a: FieldId; readonly b: FieldId };

export class Values {
  readonly fields: Fields;
  readonly #cond: (expr: TypedExpr) => Edge;
  readonly #lets = new Map<TypedLet, Value>();
  readonly #bindings = new Map<Binding, Value>();

  /** `cond` lowers conditions: a value may be the truth of one. */
  constructor(fields: Fields, cond: (expr: TypedExpr) => Edge) {
    this.fields = fields;
    this.#cond = cond;
  }

  /** Gives a variable or parameter its value for the expressions lowered next. */
  bind(binding: Binding, value: Value): void {
    this.#bindings.set(binding, value);
  }

  /** What any expression is; conditions become an edge. */
  value(expr: TypedExpr): Value {
    switch (expr.kind) {
      case 'literal':
        return { kind: 'literal', literal: expr.literal };
      case 'list':
        // What a written list names is read, also when nothing asks for its items.
        for (const item of expr.items) this.value(item);
        return { kind: 'list', items: expr.items };
      case 'request':
        return one(this.fields.root);
      case 'let':
        return this.#let(expr.let);
      case 'binding': {
        const value = this.#bindings.get(expr.binding);
        if (value === undefined) throw new Error(`unbound ${expr.binding.name}`);
        return value;
      }
      case 'member':
        return { kind: 'fields', fields: this.#member(expr) };
      case 'at':
        return one(this.fields.at(this.scalar(expr.list), expr.index));
      case 'get':
        return one(this.#get(expr.map, expr.key));
      case 'arithmetic':
        return this.#arithmetic(expr);
      case 'negate':
        return one(
          this.#calc(
            'SUB',
            this.constant({ kind: 'exact', value: { k: 0n, scale: 0 } }, expr.arg.type),
            this.scalar(expr.arg),
            expr.type,
          ),
        );
      case 'coalesce':
        return one(this.#coalesce(expr));
      case 'size':
        return one(this.#size(expr.arg));
      case 'case':
        return one(
          this.fields.scalar(
            { op: expr.op === 'lower' ? 'LOWER' : 'UPPER', args: [this.scalar(expr.arg)], imm: 0 },
            'string',
          ),
        );
      case 'calendar': {
        const op = expr.op === 'date' ? 'DATE' : expr.op === 'weekday' ? 'WEEKDAY' : 'MINUTE_OF_DAY';
        return one(
          this.fields.scalar(
            { op, args: [this.scalar(expr.arg)], imm: expr.offsetMinutes },
            expr.op === 'date' ? 'date' : 'int',
          ),
        );
      }
      case 'call':
        return this.#call(expr);
      case 'quantifier':
        if (expr.op === 'count' || expr.op === 'first') return one(this.#countFirst(expr));
        return { kind: 'cond', edge: this.#cond(expr) };
      default:
        return { kind: 'cond', edge: this.#cond(expr) };
    }
  }

  /** A scalar (or container) expression as one field. */
  scalar(expr: TypedExpr): FieldId {
    return this.asField(this.value(expr), expr.type);
  }

  /** Any value of a type as one field. */
  asField(value: Value, type: Type): FieldId {
    switch (value.kind) {
      case 'fields': {
        const fields = value.fields.map((field) => this.typed(field, type));
        return fields.reduce((a, b) => this.fields.coalesce(a, b));
      }
      case 'literal':
        return this.constant(value.literal, type);
      case 'cond':
        return this.fields.scalar({ op: 'HOLDS', cond: value.edge }, 'bool');
      case 'list':
        if (value.items.length === 0) return this.fields.constant({ kind: 'emptyList' }, 'list');
        throw new Error('a written list is not a field');
      case 'difference':
        throw new Error('a difference of timestamps is not a field');
    }
  }

  // Under an unknown a scalar is read through a view of its kind; a date-time without offset is read as the string that it is.
  typed(field: FieldId, type: Type): FieldId {
    const stored = this.fields.kind(field);
    if (stored !== 'unknown' && stored !== 'localTimestamp') return field;
    const kind = scalarKind(type);
    return kind === null
      ? field
      : this.fields.view(field, kind, type.kind === 'decimal' ? (type.scale ?? 0) : 0);
  }

  /** A constant as a field. */
  constant(literal: Literal, type: Type): FieldId {
    const number = (value: number, kind: SlotKind, scale = 0): FieldId =>
      this.fields.constant({ kind: 'number', value }, kind, scale);
    switch (literal.kind) {
      case 'string':
        return this.fields.constant({ kind: 'string', value: literal.value }, 'string');
      case 'bool':
        return number(Number(literal.value), 'bool');
      case 'timestamp':
        return this.fields.constant(
          { kind: 'timestamp', seconds: literal.seconds, micros: literal.micros },
          'timestamp',
        );
      case 'date':
      case 'duration':
        return number(literal.value, literal.kind);
      case 'number':
        return number(literal.value, 'number');
      case 'exact': {
        if (type.kind === 'number')
          return number(Number(literal.value.k) / 10 ** literal.value.scale, 'number');
        if (type.kind === 'duration') return number(Number(literal.value.k), 'duration');
        const scale = type.kind === 'decimal' ? Math.max(type.scale ?? 0, literal.value.scale) : 0;
        return number(
          Number(literal.value.k * 10n ** BigInt(scale - literal.value.scale)),
          scale === 0 && type.kind !== 'decimal' ? 'int' : 'decimal',
          scale,
        );
      }
    }
  }

  /** Stands for an item of an empty list; nothing is ever asked of it. */
  nothing(type: Type): FieldId {
    const scale = type.kind === 'decimal' ? (type.scale ?? 0) : 0;
    return this.fields.constant({ kind: 'emptyList' }, scalarKind(type) ?? 'unknown', scale);
  }

  /** The fields of a reference: several for a member common to branches of a union. */
  fieldsOf(expr: TypedExpr): readonly FieldId[] {
    const value = this.value(expr);
    return value.kind === 'fields' ? value.fields : [this.asField(value, expr.type)];
  }

  #let(let_: TypedLet): Value {
    let value = this.#lets.get(let_);
    if (value === undefined) {
      // An optional truth value stays a field, so that `has` can ask for it.
      value = this.value(let_.value);
      this.#lets.set(let_, value);
    }
    return value;
  }

  #call(expr: Extract<TypedExpr, { kind: 'call' }>): Value {
    for (const [i, param] of expr.params.entries())
      this.#bindings.set(param, this.#argument(expr.args[i]!, param.slotted.type));
    return this.value(expr.body);
  }

  // A parameter of a record type reads its members in the branches that the argument may be of.
  #argument(arg: TypedExpr, declared: Type): Value {
    const value = this.value(arg);
    const { type } = arg;
    if (value.kind !== 'fields' || type.kind !== 'union' || declared.kind !== 'record') return value;
    const fields = value.fields.flatMap((field) =>
      this.fields.kind(field) === 'union'
        ? type.branches.map((branch) => this.fields.branch(field, branch.node))
        : [field],
    );
    return { kind: 'fields', fields };
  }

  #member(expr: Extract<TypedExpr, { kind: 'member' }>): FieldId[] {
    const objects = this.fieldsOf(expr.object);
    return objects.flatMap((object) => {
      if (this.fields.kind(object) !== 'union') return [this.fields.member(object, expr.name)];
      const type = expr.object.type;
      if (type.kind !== 'union' || expr.name === type.discriminator)
        return [this.fields.member(object, expr.name)];
      return type.branches.map((branch: Branch) =>
        this.fields.member(this.fields.branch(object, branch.node), expr.name),
      );
    });
  }

  #get(map: TypedExpr, key: TypedExpr): FieldId {
    const object = this.scalar(map);
    if (key.kind === 'literal' && key.literal.kind === 'string')
      return this.fields.member(object, key.literal.value);
    return this.fields.get(object, this.scalar(key));
  }

  #size(arg: TypedExpr): FieldId {
    const value = this.value(arg);
    if (value.kind === 'list')
      return this.fields.constant({ kind: 'number', value: value.items.length }, 'int');
    const field = this.asField(value, arg.type);
    this.fields.readWhole(field);
    return this.fields.scalar({ op: 'SIZE', args: [field], imm: 0 }, 'int');
  }

  /** Two numbers at the larger of their scales. */
  sameScale(a: FieldId, b: FieldId): [FieldId, FieldId] {
    const scale = Math.max(this.fields.scale(a), this.fields.scale(b));
    return [this.#widen(a, scale), this.#widen(b, scale)];
  }

  #widen(field: FieldId, scale: number): FieldId {
    const by = scale - this.fields.scale(field);
    if (by === 0) return field;
    const factor = this.fields.constant({ kind: 'number', value: 10 ** by }, 'int');
    return this.fields.scalar({ op: 'MUL', args: [field, factor], imm: 0 }, 'decimal', scale);
  }

  #calc(op: 'ADD' | 'SUB' | 'MUL', a: FieldId, b: FieldId, type: Type): FieldId {
    const kind = scalarKind(type) ?? 'int';
    const [x, y] = op === 'MUL' ? [a, b] : this.sameScale(a, b);
    const scale = op === 'MUL' ? this.fields.scale(a) + this.fields.scale(b) : this.fields.scale(x);
    return this.fields.scalar({ op, args: [x, y], imm: 0 }, kind, kind === 'decimal' ? scale : 0);
  }

  #arithmetic(expr: Extract<TypedExpr, { kind: 'arithmetic' }>): Value {
    const { op, left, right, type } = expr;
    const a = this.scalar(left);
    const b = this.scalar(right);
    if (type.kind === 'difference') return { kind: 'difference', a, b };
    if (type.kind === 'timestamp') {
      const [time, duration] = left.type.kind === 'timestamp' ? [a, b] : [b, a];
      return one(
        this.fields.scalar(
          { op: op === '+' ? 'TIME_ADD' : 'TIME_SUB', args: [time, duration], imm: 0 },
          'timestamp',
        ),
      );
    }
    if (type.kind === 'date') {
      const days =
        right.kind === 'literal' && right.literal.kind === 'duration' ? right.literal.value / DAY_MS : 0;
      const by = this.fields.constant({ kind: 'number', value: days }, 'int');
      return one(this.fields.scalar({ op: op === '+' ? 'ADD' : 'SUB', args: [a, by], imm: 0 }, 'date'));
    }
    if (left.type.kind === 'date') {
      const days = this.fields.scalar({ op: 'SUB', args: [a, b], imm: 0 }, 'int');
      const day = this.fields.constant({ kind: 'number', value: DAY_MS }, 'int');
      return one(this.fields.scalar({ op: 'MUL', args: [days, day], imm: 0 }, 'duration'));
    }
    return one(this.#calc(op === '+' ? 'ADD' : op === '-' ? 'SUB' : 'MUL', a, b, type));
  }

  #coalesce(expr: Extract<TypedExpr, { kind: 'coalesce' }>): FieldId {
    let a = this.asField(this.value(expr.left), expr.left.type);
    let b = this.asField(this.value(expr.right), expr.right.type);
    if (expr.type.kind === 'decimal') [a, b] = this.sameScale(a, b);
    return this.fields.coalesce(a, b);
  }

  #countFirst(expr: Extract<TypedExpr, { kind: 'quantifier' }>): FieldId {
    const source = this.scalar(expr.list);
    const elem = this.fields.bound(source, quantifierHeight(expr.body));
    this.bind(expr.variable, one(elem));
    const body = this.#cond(expr.body);
    if (expr.op === 'count') return this.fields.scalar({ op: 'COUNT', list: source, elem, body }, 'int');
    return this.fields.first(source, elem, body);
  }
}

const DAY_MS = 86_400_000;

/** A value that is one field. */
export function one(field: FieldId): Value {
  return { kind: 'fields', fields: [field] };
}

/** The slot kind of a scalar type; null for containers. */
function scalarKind(type: Type): SlotKind | null {
  switch (type.kind) {
    case 'bool':
    case 'int':
    case 'decimal':
    case 'number':
    case 'string':
    case 'timestamp':
    case 'date':
    case 'duration':
      return type.kind;
    default:
      return null;
  }
}
