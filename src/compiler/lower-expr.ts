// Expressions → conditions and fields: the only place where the surface language turns into atoms.

import type { SlotKind } from '../bytecode/opcodes.ts';
import type { Binding, CompareOp, Literal, TypedExpr, TypedLet } from '../checker/typed.ts';
import type { Branch, Type } from '../checker/types.ts';
import { type Edge, FALSE, type FieldId, TRUE } from '../ir/ir.ts';
import type { Fields } from './fields.ts';
import { quantifierHeight } from './height.ts';
import { compareFields, compareLiteral, compareLiterals } from './lower-compare.ts';
import { TypeTests } from './lower-is.ts';

/** What an expression is in the IR. */
export type Value =
  | { readonly kind: 'cond'; readonly edge: Edge }
  /** Several fields: a member common to branches of a union; at most one of them is present. */
  | { readonly kind: 'fields'; readonly fields: readonly FieldId[] }
  | { readonly kind: 'literal'; readonly literal: Literal }
  | { readonly kind: 'list'; readonly items: readonly TypedExpr[] }
  /** The difference of two timestamps. */
  | { readonly kind: 'difference'; readonly a: FieldId; readonly b: FieldId };

export class Expressions {
  readonly fields: Fields;
  readonly #tests: TypeTests;
  readonly #lets = new Map<TypedLet, Value>();
  readonly #bindings = new Map<Binding, Value>();

  constructor(fields: Fields) {
    this.fields = fields;
    this.#tests = new TypeTests(fields);
  }

  /** The edge of a condition. */
  cond(expr: TypedExpr): Edge {
    const { ir } = this.fields;
    switch (expr.kind) {
      case 'and':
        return ir.and(expr.args.map((arg) => this.cond(arg)));
      case 'or':
        return ir.or(expr.args.map((arg) => this.cond(arg)));
      case 'not':
        return this.cond(expr.arg) ^ 1;
      case 'compare':
        return this.#compare(expr.op, expr.left, expr.right);
      case 'in':
        return this.#in(expr.item, expr.list);
      case 'hasKey':
        return this.#hasKey(expr.key, expr.object);
      case 'text':
        return this.#text(expr);
      case 'matches':
        return this.#matches(expr);
      case 'is':
        return ir.or(this.#fieldsOf(expr.subject).map((field) => this.#tests.test(field, expr.test)));
      case 'has':
        return this.#has(expr.subject);
      case 'quantifier':
        if (expr.op === 'any' || expr.op === 'all') return this.#anyAll(expr);
        break;
    }
    const value = this.value(expr);
    if (value.kind === 'cond') return value.edge;
    if (value.kind === 'literal' && value.literal.kind === 'bool') return value.literal.value ? TRUE : FALSE;
    return ir.atom({ op: 'IN_NUMBERS', field: this.#scalar(value, expr.type), set: ir.numbers([1]) });
  }

  /** What any expression is; conditions become an edge. */
  value(expr: TypedExpr): Value {
    switch (expr.kind) {
      case 'literal':
        return { kind: 'literal', literal: expr.literal };
      case 'list':
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
        return one(this.fields.at(this.#list(expr.list), expr.index));
      case 'get':
        return one(this.#get(expr.map, expr.key));
      case 'arithmetic':
        return this.#arithmetic(expr);
      case 'negate':
        return one(
          this.#calc(
            'SUB',
            this.#constant({ kind: 'exact', value: { k: 0n, scale: 0 } }, expr.arg.type),
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
        return { kind: 'cond', edge: this.cond(expr) };
      default:
        return { kind: 'cond', edge: this.cond(expr) };
    }
  }

  /** A scalar (or container) expression as one field. */
  scalar(expr: TypedExpr): FieldId {
    return this.#scalar(this.value(expr), expr.type);
  }

  #scalar(value: Value, type: Type): FieldId {
    switch (value.kind) {
      case 'fields': {
        const fields = value.fields.map((field) => this.#typed(field, type));
        return fields.reduce((a, b) => this.fields.coalesce(a, b));
      }
      case 'literal':
        return this.#constant(value.literal, type);
      case 'cond':
        return this.fields.scalar({ op: 'HOLDS', cond: value.edge }, 'bool');
      case 'list':
        if (value.items.length === 0) return this.fields.constant({ kind: 'emptyList' }, 'list');
        throw new Error('a written list is not a field');
      case 'difference':
        throw new Error('a difference of timestamps is not a field');
    }
  }

  // Under an unknown a scalar is read through a view of its kind.
  #typed(field: FieldId, type: Type): FieldId {
    if (this.fields.kind(field) !== 'unknown') return field;
    const kind = scalarKind(type);
    return kind === null
      ? field
      : this.fields.view(field, kind, type.kind === 'decimal' ? (type.scale ?? 0) : 0);
  }

  #constant(literal: Literal, type: Type): FieldId {
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

  #fieldsOf(expr: TypedExpr): readonly FieldId[] {
    const value = this.value(expr);
    return value.kind === 'fields' ? value.fields : [this.#scalar(value, expr.type)];
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
    for (const [i, param] of expr.params.entries()) this.#bindings.set(param, this.value(expr.args[i]!));
    return this.value(expr.body);
  }

  #member(expr: Extract<TypedExpr, { kind: 'member' }>): FieldId[] {
    const objects = this.#fieldsOf(expr.object);
    return objects.flatMap((object) => {
      if (this.fields.kind(object) !== 'union') return [this.fields.member(object, expr.name)];
      const type = expr.object.type;
      if (type.kind !== 'union' || expr.name === type.discriminator)
        return [this.fields.member(object, expr.name)];
      return type.branches.map((branch: Branch) =>
        this.fields.member(this.fields.branch(object, branch.node, branch.values), expr.name),
      );
    });
  }

  #get(map: TypedExpr, key: TypedExpr): FieldId {
    const object = this.scalar(map);
    if (key.kind === 'literal' && key.literal.kind === 'string')
      return this.fields.member(object, key.literal.value);
    return this.fields.get(object, this.scalar(key));
  }

  #list(expr: TypedExpr): FieldId {
    return this.scalar(expr);
  }

  #size(arg: TypedExpr): FieldId {
    const value = this.value(arg);
    if (value.kind === 'list')
      return this.fields.constant({ kind: 'number', value: value.items.length }, 'int');
    const field = this.#scalar(value, arg.type);
    this.fields.readWhole(field);
    return this.fields.scalar({ op: 'SIZE', args: [field], imm: 0 }, 'int');
  }

  #has(subject: TypedExpr): Edge {
    const { ir } = this.fields;
    const value = this.value(subject);
    if (value.kind !== 'fields')
      return value.kind === 'cond'
        ? TRUE
        : value.kind === 'literal' || value.kind === 'list'
          ? TRUE
          : ir.atom({ op: 'PRESENT', field: value.a });
    for (const field of value.fields) this.fields.readWhole(field);
    // A value under an unknown that is known by its type is there when it is of that type.
    return ir.or(value.fields.map((field) => ir.atom({ op: 'PRESENT', field })));
  }

  #hasKey(key: TypedExpr, object: TypedExpr): Edge {
    const { ir } = this.fields;
    const field = this.scalar(object);
    this.fields.readWhole(field);
    if (key.kind === 'literal' && key.literal.kind === 'string')
      return ir.atom({ op: 'HAS_KEY', field, key: key.literal.value });
    return ir.atom({ op: 'HAS_KEY_AT', field, other: this.scalar(key) });
  }

  #compare(op: CompareOp, left: TypedExpr, right: TypedExpr): Edge {
    if (left.type.kind === 'bool') {
      const a = this.cond(left);
      const b = this.cond(right);
      const { ir } = this.fields;
      const same = ir.or([ir.and([a, b]), ir.and([a ^ 1, b ^ 1])]);
      return op === '!=' ? same ^ 1 : same;
    }
    return this.#compareValues(op, this.value(left), left.type, this.value(right), right.type);
  }

  #compareValues(op: CompareOp, left: Value, leftType: Type, right: Value, rightType: Type): Edge {
    if (left.kind === 'difference')
      return this.#compareDifference(op, left.a, left.b, this.#scalar(right, rightType));
    if (right.kind === 'difference')
      return this.#compareDifference(flip(op), right.a, right.b, this.#scalar(left, leftType));
    if (left.kind === 'literal' && right.kind === 'literal')
      return compareLiterals(op, left.literal, right.literal) ? TRUE : FALSE;
    if (right.kind === 'literal') return this.#compareConstant(op, left, leftType, right.literal, rightType);
    if (left.kind === 'literal')
      return this.#compareConstant(flip(op), right, rightType, left.literal, leftType);
    const [a, b] = this.#sameScale(this.#scalar(left, leftType), this.#scalar(right, rightType));
    return compareFields(this.fields, op, a, b);
  }

  #compareConstant(op: CompareOp, value: Value, type: Type, literal: Literal, literalType: Type): Edge {
    const field = this.#scalar(value, type);
    if (
      literal.kind === 'exact' &&
      this.fields.kind(field) !== 'number' &&
      literal.value.scale > this.fields.scale(field)
    ) {
      const [a, b] = this.#sameScale(field, this.#constant(literal, literalType));
      return compareFields(this.fields, op, a, b);
    }
    return compareLiteral(this.fields, op, field, literal);
  }

  // `a - b op d` is `a op b + d`, exactly.
  #compareDifference(op: CompareOp, a: FieldId, b: FieldId, duration: FieldId): Edge {
    const shifted = this.fields.scalar({ op: 'TIME_ADD', args: [b, duration], imm: 0 }, 'timestamp');
    return compareFields(this.fields, op, a, shifted);
  }

  #sameScale(a: FieldId, b: FieldId): [FieldId, FieldId] {
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
    const [x, y] = op === 'MUL' ? [a, b] : this.#sameScale(a, b);
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
    let a = this.#scalar(this.value(expr.left), expr.left.type);
    let b = this.#scalar(this.value(expr.right), expr.right.type);
    if (expr.type.kind === 'decimal') [a, b] = this.#sameScale(a, b);
    else if (expr.type.kind === 'list' || expr.type.kind === 'map') {
      // Lists of one type may be stored differently, when one of them lies under an unknown.
      if (this.fields.kind(a) === 'unknown' && this.fields.kind(b) !== 'unknown')
        b = this.fields.asUnknown(b);
      else if (this.fields.kind(b) === 'unknown' && this.fields.kind(a) !== 'unknown')
        a = this.fields.asUnknown(a);
    }
    return this.fields.coalesce(a, b);
  }

  #in(item: TypedExpr, list: TypedExpr): Edge {
    const { ir } = this.fields;
    if (list.kind === 'list') return ir.or(this.#inWritten(item, list.items));
    const itemValue = item.type.kind === 'bool' ? one(this.scalar(item)) : this.value(item);
    const source = this.#list(list);
    const elem = this.fields.bound(source, quantifierHeight(item));
    const elemType = list.type.kind === 'list' ? list.type.item.type : item.type;
    const body =
      item.type.kind === 'bool'
        ? compareFields(this.fields, '==', this.#typed(elem, elemType), this.scalar(item))
        : this.#compareValues('==', one(elem), elemType, itemValue, item.type);
    return ir.atom({ op: 'ANY', list: source, elem, overValues: false, except: null, body });
  }

  // Constants of one list become one set.
  #inWritten(item: TypedExpr, members: readonly TypedExpr[]): Edge[] {
    const { ir } = this.fields;
    const edges: Edge[] = [];
    const strings: string[] = [];
    for (const member of members) {
      const literal = member.kind === 'literal' ? member.literal : null;
      if (literal?.kind === 'string' && item.kind !== 'literal') strings.push(literal.value);
      else edges.push(this.#compare('==', item, member));
    }
    if (strings.length > 0)
      edges.push(ir.atom({ op: 'IN_STRINGS', field: this.scalar(item), set: ir.strings(strings) }));
    return edges;
  }

  #text(expr: Extract<TypedExpr, { kind: 'text' }>): Edge {
    const { ir } = this.fields;
    const field = this.scalar(expr.subject);
    const { texts } = expr;
    if ('kind' in texts) {
      const op =
        expr.op === 'contains' ? 'SCAN_CONTAINS' : expr.op === 'starts_with' ? 'SCAN_PREFIX' : 'SCAN_SUFFIX';
      return ir.atom({ op, field, other: this.scalar(texts) });
    }
    const kind = expr.op === 'contains' ? 'contains' : expr.op === 'starts_with' ? 'prefix' : 'suffix';
    return ir.atom({ op: 'MATCH', field, lang: ir.lang(kind, texts) });
  }

  #matches(expr: Extract<TypedExpr, { kind: 'matches' }>): Edge {
    const { ir } = this.fields;
    const subject = this.scalar(expr.subject);
    const field =
      expr.pattern === 'path'
        ? this.fields.scalar({ op: 'NORM', args: [subject], imm: 0 }, 'string')
        : subject;
    return ir.atom({ op: 'MATCH', field, lang: ir.lang(expr.pattern, expr.patterns) });
  }

  #anyAll(expr: Extract<TypedExpr, { kind: 'quantifier' }>): Edge {
    const { ir } = this.fields;
    const list = this.value(expr.list);
    if (list.kind === 'list') {
      const edges = list.items.map((item) => {
        this.#bindings.set(expr.variable, this.value(item));
        return this.cond(expr.body);
      });
      return expr.op === 'any' ? ir.or(edges) : ir.and(edges);
    }
    const source = this.#scalar(list, expr.list.type);
    const elem = this.fields.bound(source, quantifierHeight(expr.body));
    this.#bindings.set(expr.variable, one(elem));
    const body = this.cond(expr.body);
    return ir.atom({
      op: expr.op === 'any' ? 'ANY' : 'ALL',
      list: source,
      elem,
      overValues: false,
      except: null,
      body,
    });
  }

  #countFirst(expr: Extract<TypedExpr, { kind: 'quantifier' }>): FieldId {
    const source = this.#list(expr.list);
    const elem = this.fields.bound(source, quantifierHeight(expr.body));
    this.#bindings.set(expr.variable, one(elem));
    const body = this.cond(expr.body);
    if (expr.op === 'count') return this.fields.scalar({ op: 'COUNT', list: source, elem, body }, 'int');
    return this.fields.first(source, elem, body);
  }
}

const DAY_MS = 86_400_000;

function one(field: FieldId): Value {
  return { kind: 'fields', fields: [field] };
}

function flip(op: CompareOp): CompareOp {
  const flipped: { readonly [op in CompareOp]: CompareOp } = {
    '==': '==',
    '!=': '!=',
    '<': '>',
    '<=': '>=',
    '>': '<',
    '>=': '<=',
  };
  return flipped[op];
}

/** The slot kind of a scalar type; null for containers. */
export function scalarKind(type: Type): SlotKind | null {
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
