// Conditions → edges of the AND graph: the only place where the surface language turns into atoms.

import type { CompareOp, Literal, TypedExpr } from '../checker/typed.ts';
import type { Type } from '../checker/types.ts';
import { type Edge, FALSE, type FieldId, TRUE } from '../ir/ir.ts';
import type { Fields } from './fields.ts';
import { quantifierHeight } from './height.ts';
import { compareFields, compareLiteral, compareLiterals } from './lower-compare.ts';
import { TypeTests } from './lower-is.ts';
import { one, type Value, Values } from './lower-value.ts';

export class Conditions {
  readonly fields: Fields;
  readonly values: Values;
  readonly #tests: TypeTests;

  constructor(fields: Fields) {
    this.fields = fields;
    this.values = new Values(fields, (expr) => this.cond(expr));
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
        return ir.or(this.values.fieldsOf(expr.subject).map((field) => this.#tests.test(field, expr.test)));
      case 'has':
        return this.#has(expr.subject);
      case 'quantifier':
        if (expr.op === 'any' || expr.op === 'all') return this.#anyAll(expr);
        break;
    }
    const value = this.values.value(expr);
    if (value.kind === 'cond') return value.edge;
    if (value.kind === 'literal' && value.literal.kind === 'bool') return value.literal.value ? TRUE : FALSE;
    return ir.atom({ op: 'IN_NUMBERS', field: this.values.asField(value, expr.type), set: ir.numbers([1]) });
  }

  #has(subject: TypedExpr): Edge {
    const { ir } = this.fields;
    const value = this.values.value(subject);
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
    const field = this.values.scalar(object);
    this.fields.readWhole(field);
    if (key.kind === 'literal' && key.literal.kind === 'string')
      return ir.atom({ op: 'HAS_KEY', field, key: key.literal.value });
    return ir.atom({ op: 'HAS_KEY_AT', field, other: this.values.scalar(key) });
  }

  #compare(op: CompareOp, left: TypedExpr, right: TypedExpr): Edge {
    if (left.type.kind === 'bool') {
      const a = this.cond(left);
      const b = this.cond(right);
      const { ir } = this.fields;
      const same = ir.or([ir.and([a, b]), ir.and([a ^ 1, b ^ 1])]);
      return op === '!=' ? same ^ 1 : same;
    }
    return this.#compareValues(op, this.values.value(left), left.type, this.values.value(right), right.type);
  }

  #compareValues(op: CompareOp, left: Value, leftType: Type, right: Value, rightType: Type): Edge {
    if (left.kind === 'difference')
      return this.#compareDifference(op, left.a, left.b, this.values.asField(right, rightType));
    if (right.kind === 'difference')
      return this.#compareDifference(flip(op), right.a, right.b, this.values.asField(left, leftType));
    if (left.kind === 'literal' && right.kind === 'literal')
      return compareLiterals(op, left.literal, right.literal) ? TRUE : FALSE;
    if (right.kind === 'literal') return this.#compareConstant(op, left, leftType, right.literal, rightType);
    if (left.kind === 'literal')
      return this.#compareConstant(flip(op), right, rightType, left.literal, leftType);
    const [a, b] = this.values.sameScale(
      this.values.asField(left, leftType),
      this.values.asField(right, rightType),
    );
    return compareFields(this.fields, op, a, b);
  }

  #compareConstant(op: CompareOp, value: Value, type: Type, literal: Literal, literalType: Type): Edge {
    const field = this.values.asField(value, type);
    if (
      literal.kind === 'exact' &&
      this.fields.kind(field) !== 'number' &&
      literal.value.scale > this.fields.scale(field)
    ) {
      const [a, b] = this.values.sameScale(field, this.values.constant(literal, literalType));
      return compareFields(this.fields, op, a, b);
    }
    return compareLiteral(this.fields, op, field, literal);
  }

  // `a - b op d` is `a op b + d`, exactly.
  #compareDifference(op: CompareOp, a: FieldId, b: FieldId, duration: FieldId): Edge {
    const shifted = this.fields.scalar({ op: 'TIME_ADD', args: [b, duration], imm: 0 }, 'timestamp');
    return compareFields(this.fields, op, a, shifted);
  }

  #in(item: TypedExpr, list: TypedExpr): Edge {
    const { ir } = this.fields;
    if (list.kind === 'list') {
      // What the left side names is read, also when nothing can equal it.
      if (list.items.length === 0) this.values.value(item);
      return ir.or(this.#inWritten(item, list.items));
    }
    const itemValue = item.type.kind === 'bool' ? one(this.values.scalar(item)) : this.values.value(item);
    const source = this.values.scalar(list);
    const elem = this.fields.bound(source, quantifierHeight(item));
    const elemType = list.type.kind === 'list' ? list.type.item.type : item.type;
    const body =
      item.type.kind === 'bool'
        ? compareFields(this.fields, '==', this.values.typed(elem, elemType), this.values.scalar(item))
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
      edges.push(ir.atom({ op: 'IN_STRINGS', field: this.values.scalar(item), set: ir.strings(strings) }));
    return edges;
  }

  #text(expr: Extract<TypedExpr, { kind: 'text' }>): Edge {
    const { ir } = this.fields;
    const field = this.values.scalar(expr.subject);
    const { texts } = expr;
    if ('kind' in texts) {
      const op =
        expr.op === 'contains' ? 'SCAN_CONTAINS' : expr.op === 'starts_with' ? 'SCAN_PREFIX' : 'SCAN_SUFFIX';
      return ir.atom({ op, field, other: this.values.scalar(texts) });
    }
    const kind = expr.op === 'contains' ? 'contains' : expr.op === 'starts_with' ? 'prefix' : 'suffix';
    return ir.atom({ op: 'MATCH', field, lang: ir.lang(kind, texts) });
  }

  #matches(expr: Extract<TypedExpr, { kind: 'matches' }>): Edge {
    const { ir } = this.fields;
    const subject = this.values.scalar(expr.subject);
    const field =
      expr.pattern === 'path'
        ? this.fields.scalar({ op: 'NORM', args: [subject], imm: 0 }, 'string')
        : subject;
    return ir.atom({ op: 'MATCH', field, lang: ir.lang(expr.pattern, expr.patterns) });
  }

  #anyAll(expr: Extract<TypedExpr, { kind: 'quantifier' }>): Edge {
    const { ir } = this.fields;
    const list = this.values.value(expr.list);
    if (list.kind === 'list') {
      // What the body names is read, also when there is nothing to run it for.
      if (list.items.length === 0) {
        this.values.bind(expr.variable, one(this.values.nothing(expr.variable.slotted.type)));
        this.cond(expr.body);
      }
      const edges = list.items.map((item) => {
        this.values.bind(expr.variable, this.values.value(item));
        return this.cond(expr.body);
      });
      return expr.op === 'any' ? ir.or(edges) : ir.and(edges);
    }
    const source = this.values.asField(list, expr.list.type);
    const elem = this.fields.bound(source, quantifierHeight(expr.body));
    this.values.bind(expr.variable, one(elem));
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
