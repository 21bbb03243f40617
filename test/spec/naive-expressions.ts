// Expressions of the executable specification: evaluated as they are written, from left to right, `and` and `or` stopping where the
// language says that facts flow. What the checker has proved is asserted: a value that it says is there, is there.

import type { Binding, TypedExpr, TypedLet } from '../../src/checker/typed.ts';
import { matchesPattern } from './naive-patterns.ts';
import { passes } from './naive-schema.ts';
import { calendarDay, minuteOfDay, weekday } from './naive-time.ts';
import {
  bool,
  equal,
  exact,
  exactText,
  isObject,
  keysOf,
  order,
  ownMember,
  readAs,
  Unsound,
  type Value,
} from './naive-values.ts';

type Of<K extends TypedExpr['kind']> = Extract<TypedExpr, { kind: K }>;

const DAY_MS = 86_400_000n;

export class Evaluation {
  readonly #request: unknown;
  readonly #lets = new Map<TypedLet, Value | null>();
  readonly #bindings = new Map<Binding, Value | null>();

  constructor(request: unknown) {
    this.#request = request;
  }

  /** The truth of a condition. */
  holds(expr: TypedExpr): boolean {
    const value = this.#present(expr);
    if (value.kind !== 'bool') throw new Unsound(`a condition is a ${value.kind}`);
    return value.value;
  }

  /** The value of an expression; null when it is absent. */
  value(expr: TypedExpr): Value | null {
    const value = this.#evaluate(expr);
    const read = value?.kind === 'json' ? readAs(value.json, expr.type) : value;
    if (read === null && !expr.optional) throw new Unsound(`a ${expr.kind} that must be there is absent`);
    return read;
  }

  /** The items of a list. */
  items(expr: TypedExpr): readonly (Value | null)[] {
    const list = this.#present(expr);
    if (list.kind === 'list') return list.items;
    if (list.kind !== 'json' || !Array.isArray(list.json)) throw new Unsound(`a list is a ${list.kind}`);
    const { type } = expr;
    if (type.kind !== 'list') throw new Unsound(`a list has the type ${type.kind}`);
    return list.json.map((item) => readAs(item, type.item.type));
  }

  #present(expr: TypedExpr): Value {
    const value = this.value(expr);
    if (value === null) throw new Unsound(`a ${expr.kind} that is needed is absent`);
    return value;
  }

  #string(expr: TypedExpr): string {
    const value = this.#present(expr);
    if (value.kind !== 'string') throw new Unsound(`a string is a ${value.kind}`);
    return value.value;
  }

  #evaluate(expr: TypedExpr): Value | null {
    switch (expr.kind) {
      case 'literal':
        return literal(expr);
      case 'list':
        return { kind: 'list', items: expr.items.map((item) => this.#present(item)) };
      case 'request':
        return { kind: 'json', json: this.#request };
      case 'let':
        if (!this.#lets.has(expr.let)) this.#lets.set(expr.let, this.value(expr.let.value));
        return this.#lets.get(expr.let)!;
      case 'binding':
        if (!this.#bindings.has(expr.binding)) throw new Unsound(`${expr.binding.name} is not bound`);
        return this.#bindings.get(expr.binding)!;
      case 'member':
        return jsonValue(ownMember(jsonOf(this.value(expr.object)), expr.name));
      case 'at':
        return this.#at(expr);
      case 'get': {
        const map = this.value(expr.map);
        return map === null ? null : jsonValue(ownMember(jsonOf(map), this.#string(expr.key)));
      }
      case 'coalesce': {
        const left = this.value(expr.left);
        // A null that an unknown value holds is not there for `has`, and so not for `??`.
        const isThere = left !== null && !(left.kind === 'json' && left.json === null);
        return isThere ? left : this.value(expr.right);
      }
      case 'arithmetic':
        return arithmetic(expr.op, this.#present(expr.left), this.#present(expr.right));
      case 'negate':
        return negate(this.#present(expr.arg));
      case 'size':
        return exact(BigInt(this.#size(expr.arg)));
      case 'case':
        return { kind: 'string', value: changeCase(expr.op, this.#string(expr.arg)) };
      case 'calendar':
        return this.#calendar(expr);
      case 'call':
        return this.#call(expr);
      case 'quantifier':
        return this.#quantifier(expr);
      default:
        return bool(this.#test(expr));
    }
  }

  #test(expr: Exclude<TypedExpr, { kind: ValueKind }>): boolean {
    switch (expr.kind) {
      case 'and':
        return expr.args.every((arg) => this.holds(arg));
      case 'or':
        return expr.args.some((arg) => this.holds(arg));
      case 'not':
        return !this.holds(expr.arg);
      case 'compare':
        return this.#compare(expr);
      case 'in': {
        const item = this.#present(expr.item);
        return this.items(expr.list).some((other) => other !== null && equal(item, other));
      }
      case 'hasKey': {
        const object = jsonOf(this.#present(expr.object));
        return ownMember(object, this.#string(expr.key)) !== undefined;
      }
      case 'text': {
        const subject = this.#string(expr.subject);
        const texts = 'kind' in expr.texts ? [this.#string(expr.texts)] : expr.texts;
        const op = { contains: 'includes', starts_with: 'startsWith', ends_with: 'endsWith' } as const;
        return texts.some((text) => subject[op[expr.op]](text));
      }
      case 'matches': {
        const subject = this.#string(expr.subject);
        return expr.patterns.some((pattern) => matchesPattern(expr.pattern, pattern, subject));
      }
      case 'is': {
        // As JSON, whatever is known of its type already.
        const subject = this.#evaluate(expr.subject);
        return subject !== null && passes(jsonOf(subject), expr.test);
      }
      case 'has': {
        const subject = this.value(expr.subject);
        return subject !== null && !(subject.kind === 'json' && subject.json === null);
      }
    }
  }

  #compare(expr: Of<'compare'>): boolean {
    const [left, right] = [this.#present(expr.left), this.#present(expr.right)];
    switch (expr.op) {
      case '==':
        return equal(left, right);
      case '!=':
        return !equal(left, right);
      case '<':
        return order(left, right) < 0;
      case '<=':
        return order(left, right) <= 0;
      case '>':
        return order(left, right) > 0;
      case '>=':
        return order(left, right) >= 0;
    }
  }

  #at(expr: Of<'at'>): Value | null {
    const list = this.value(expr.list);
    if (list === null) return null;
    if (list.kind === 'list') return list.items[expr.index] ?? null;
    const json = jsonOf(list);
    return Array.isArray(json) ? jsonValue(json[expr.index]) : null;
  }

  #size(arg: TypedExpr): number {
    const value = this.#present(arg);
    if (value.kind === 'string') return [...value.value].length;
    if (value.kind === 'list') return value.items.length;
    const json = jsonOf(value);
    if (Array.isArray(json)) return json.length;
    if (isObject(json)) return keysOf(json).length;
    throw new Unsound('a size is asked of a scalar');
  }

  #calendar(expr: Of<'calendar'>): Value {
    const time = this.#present(expr.arg);
    if (time.kind !== 'timestamp') throw new Unsound(`a calendar is asked of a ${time.kind}`);
    const days = calendarDay(time.micros, expr.offsetMinutes);
    if (expr.op === 'date') return { kind: 'date', days };
    if (expr.op === 'weekday') return exact(weekday(days));
    return exact(minuteOfDay(time.micros, expr.offsetMinutes));
  }

  #call(expr: Of<'call'>): Value | null {
    const args = expr.args.map((arg) => this.value(arg));
    for (const [i, param] of expr.params.entries()) this.#bindings.set(param, args[i]!);
    return this.value(expr.body);
  }

  #quantifier(expr: Of<'quantifier'>): Value | null {
    const chosen: (Value | null)[] = [];
    const items = this.items(expr.list);
    for (const item of items) {
      this.#bindings.set(expr.variable, item);
      if (this.holds(expr.body)) chosen.push(item);
    }
    switch (expr.op) {
      case 'any':
        return bool(chosen.length > 0);
      case 'all':
        return bool(chosen.length === items.length);
      case 'count':
        return exact(BigInt(chosen.length));
      case 'first':
        return chosen[0] ?? null;
    }
  }
}

type ValueKind =
  | 'literal'
  | 'list'
  | 'request'
  | 'let'
  | 'binding'
  | 'member'
  | 'at'
  | 'get'
  | 'coalesce'
  | 'arithmetic'
  | 'negate'
  | 'size'
  | 'case'
  | 'calendar'
  | 'call'
  | 'quantifier';

function jsonValue(json: unknown): Value | null {
  return json === undefined ? null : { kind: 'json', json };
}

/** A value as JSON, for a member of it or a test on it. */
function jsonOf(value: Value | null): unknown {
  if (value === null) return undefined;
  switch (value.kind) {
    case 'json':
      return value.json;
    case 'bool':
    case 'string':
    case 'number':
      return value.value;
    case 'exact':
      return Number(exactText(value.k, value.scale, value.scale));
    case 'list':
      return value.items.map(jsonOf);
    default:
      throw new Unsound(`a computed ${value.kind} is read as JSON`);
  }
}

function literal(expr: Of<'literal'>): Value {
  const { literal } = expr;
  switch (literal.kind) {
    case 'string':
    case 'bool':
    case 'number':
      return { kind: literal.kind, value: literal.value } as Value;
    case 'exact':
      return exact(literal.value.k, literal.value.scale);
    case 'timestamp':
      return { kind: 'timestamp', micros: BigInt(literal.seconds) * 1_000_000n + BigInt(literal.micros) };
    case 'date':
      return { kind: 'date', days: BigInt(literal.value) };
    case 'duration':
      return { kind: 'duration', ms: BigInt(literal.value) };
  }
}

function arithmetic(op: '+' | '-' | '*', a: Value, b: Value): Value {
  if (op === '*') return multiply(a, b);
  const add = (x: bigint, y: bigint): bigint => (op === '+' ? x + y : x - y);
  if (a.kind === 'exact' && b.kind === 'exact') {
    const scale = Math.max(a.scale, b.scale);
    const at = (value: typeof a): bigint => value.k * 10n ** BigInt(scale - value.scale);
    return exact(add(at(a), at(b)), scale);
  }
  if (a.kind === 'duration' && b.kind === 'duration') return { kind: 'duration', ms: add(a.ms, b.ms) };
  if (a.kind === 'timestamp' && b.kind === 'timestamp')
    return { kind: 'difference', micros: a.micros - b.micros };
  if (a.kind === 'timestamp' && b.kind === 'duration')
    return { kind: 'timestamp', micros: add(a.micros, b.ms * 1000n) };
  if (a.kind === 'duration' && b.kind === 'timestamp')
    return { kind: 'timestamp', micros: b.micros + a.ms * 1000n };
  if (a.kind === 'date' && b.kind === 'date') return { kind: 'duration', ms: (a.days - b.days) * DAY_MS };
  if (a.kind === 'date' && b.kind === 'duration') return { kind: 'date', days: add(a.days, b.ms / DAY_MS) };
  throw new Unsound(`${a.kind} ${op} ${b.kind}`);
}

function multiply(a: Value, b: Value): Value {
  if (a.kind === 'exact' && b.kind === 'exact') return exact(a.k * b.k, a.scale + b.scale);
  if (a.kind === 'duration' && b.kind === 'exact') return { kind: 'duration', ms: a.ms * b.k };
  if (a.kind === 'exact' && b.kind === 'duration') return { kind: 'duration', ms: a.k * b.ms };
  throw new Unsound(`${a.kind} * ${b.kind}`);
}

function negate(value: Value): Value {
  if (value.kind === 'exact') return exact(-value.k, value.scale);
  if (value.kind === 'duration') return { kind: 'duration', ms: -value.ms };
  throw new Unsound(`minus a ${value.kind}`);
}

function changeCase(op: 'lower' | 'upper', text: string): string {
  return op === 'lower'
    ? text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
    : text.replace(/[a-z]/g, (letter) => letter.toUpperCase());
}
