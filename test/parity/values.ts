// Random expressions that have a value: texts, numbers, times, lists.

import { coalesced } from './coalesce.ts';
import { type Draw, quoted } from './draw.ts';
import type { Environment, Ref } from './environment.ts';
import { type Model, STRINGS } from './model.ts';
import { type Constants, DATES, DURATIONS, TIMES } from './requests.ts';

/** A number with its interval, scaled; `scale` null for binary64. */
export interface Num {
  readonly text: string;
  readonly kind: 'int' | 'decimal' | 'number';
  readonly scale: number;
  readonly lo: number;
  readonly hi: number;
}

const LIMIT = { int: 2 ** 53 - 1, decimal: 1e15 - 1, number: Number.MAX_VALUE };
/** Arithmetic stays far from the ends of the ranges. */
const SMALL = 1e9;

const TIME_CONSTANTS: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['timestamp', TIMES],
  ['date', DATES],
  ['duration', DURATIONS],
]);

export type Condition = (env: Environment, depth: number) => string;

export class Values {
  readonly draw: Draw;
  readonly constants: Constants;
  readonly #condition: Condition;

  constructor(draw: Draw, constants: Constants, condition: Condition) {
    this.draw = draw;
    this.constants = constants;
    this.#condition = condition;
  }

  stringConstant(type: Model): string {
    const text =
      type.t === 'string' && type.values !== null ? this.draw.pick(type.values) : this.draw.pick(STRINGS);
    this.constants.strings.push(text);
    return text;
  }

  /** A text of an enum or any text, as a policy writes it. */
  stringLiteral(type: Model): string {
    return quoted(this.stringConstant(type));
  }

  /** A string that is there; null when there is none. */
  string(env: Environment): { readonly text: string; readonly type: Model } | null {
    const { draw } = this;
    const isString = (type: Model): boolean => type.t === 'string' || type.t === 'local';
    const refs = env.usable(isString);
    const doubtful = env.doubtful(isString);
    const free: Model = { t: 'string', values: null, min: null, max: null };
    const fromRef = (): { text: string; type: Model } | null => (refs.length === 0 ? null : draw.pick(refs));
    const filled = (): { text: string; type: Model } | null => {
      if (doubtful.length === 0) return null;
      const ref = (draw.once(3) ? coalesced(draw, env, isString) : null) ?? draw.pick(doubtful);
      if (ref.gaps.length === 0) return ref;
      return { text: `(${ref.text} ?? ${this.stringLiteral(ref.type)})`, type: ref.type };
    };
    const looked = (): { text: string; type: Model } | null => {
      const maps = env.usable((type) => type.t === 'map' && type.value.t === 'string');
      const key = fromRef();
      if (maps.length === 0 || key === null) return null;
      const map = draw.pick(maps) as Ref & { type: Extract<Model, { t: 'map' }> };
      return {
        text: `(${map.text}[${key.text}] ?? ${this.stringLiteral(map.type.value)})`,
        type: map.type.value,
      };
    };
    const firstOf = (): { text: string; type: Model } | null => {
      const isWanted = (type: Model): boolean => type.t === 'list' && type.item.t === 'string';
      const list = this.list(env, env.usable(isWanted), isWanted);
      if (list?.type.t !== 'list' || env.depth >= 2) return null;
      const item = list.type.item;
      return {
        text: `(${this.quantifier('first', env, list, 1)} ?? ${this.stringLiteral(item)})`,
        type: item,
      };
    };
    const cased = (): { text: string; type: Model } | null => {
      const inner = fromRef() ?? filled();
      return inner === null ? null : { text: `${draw.pick(['lower', 'upper'])}(${inner.text})`, type: free };
    };
    const made = draw.oneOf([6, fromRef], [2, filled], [1, cased], [1, looked], [1, firstOf]);
    return made ?? fromRef() ?? filled();
  }

  /** One of the references to lists, or one list behind another. */
  list(env: Environment, refs: readonly Ref[], isWanted: (type: Model) => boolean): Ref | null {
    const two = this.draw.once(2) ? coalesced(this.draw, env, isWanted) : null;
    return two ?? (refs.length === 0 ? null : this.draw.pick(refs));
  }

  /** `any(v in xs: …)` and the like over a list reference. */
  quantifier(op: 'any' | 'all' | 'count' | 'first', env: Environment, list: Ref, depth: number): string {
    if (list.type.t !== 'list') throw new Error('a quantifier over no list');
    const variable = `v${env.names.length}`;
    const gaps = list.type.nullableItem ? [variable] : [];
    const inner = env.withName({ text: variable, type: list.type.item, gaps }, 1);
    const source = list.gaps.length > 0 ? `(${list.text} ?? [])` : list.text;
    return `${op}(${variable} in ${source}: ${this.#condition(inner, depth)})`;
  }

  /** A number that is there. */
  number(env: Environment, depth: number): Num | null {
    const { draw } = this;
    const base = (): Num | null => {
      const refs = env.usable(isNumber);
      return refs.length === 0 ? null : numOf(draw.pick(refs));
    };
    const filled = (): Num | null => {
      const isWanted = (type: Model): boolean => type.t === 'int' || type.t === 'decimal';
      const refs = env.doubtful(isWanted);
      if (refs.length === 0) return null;
      const picked = (draw.once(3) ? coalesced(draw, env, isWanted) : null) ?? draw.pick(refs);
      const ref = numOf(picked);
      if (picked.gaps.length === 0 || ref.kind === 'number') return ref;
      const literal = this.literalNear(ref);
      const k = Math.round(Number(literal) * 10 ** ref.scale);
      return {
        ...ref,
        text: `(${ref.text} ?? ${literal})`,
        lo: Math.min(ref.lo, k),
        hi: Math.max(ref.hi, k),
      };
    };
    const counted = (): Num | null => {
      const sized = env.usable((type) => type.t === 'string' || type.t === 'list' || type.t === 'map');
      if (sized.length === 0) return null;
      const ref = draw.pick(sized);
      if (ref.type.t === 'list' && env.depth < 2 && draw.once(2))
        return { text: this.quantifier('count', env, ref, 1), kind: 'int', scale: 0, lo: 0, hi: 1024 };
      return {
        text: `size(${ref.text})`,
        kind: 'int',
        scale: 0,
        lo: 0,
        hi: ref.type.t === 'string' ? 65_536 : 2 ** 32,
      };
    };
    const calendar = (): Num | null => {
      const times = env.usable((type) => type.t === 'timestamp');
      if (times.length === 0) return null;
      const op = draw.pick(['weekday', 'minute_of_day']);
      const offset = draw.pick(['Z', '+05:30', '-23:59', '-00:30']);
      return { text: `${op}(${draw.pick(times).text}, "${offset}")`, kind: 'int', scale: 0, lo: 0, hi: 1439 };
    };
    const computed = (): Num | null => (depth <= 0 ? null : this.#arithmetic(env, depth));
    const made = draw.oneOf([5, base], [3, counted], [3, computed], [1, filled], [2, calendar]);
    return made ?? base() ?? counted() ?? filled();
  }

  #arithmetic(env: Environment, depth: number): Num | null {
    const { draw } = this;
    const a = this.number(env, depth - 1);
    if (a === null || a.kind === 'number' || Math.abs(a.lo) > SMALL || Math.abs(a.hi) > SMALL) return null;
    if (draw.once(6))
      return { ...a, text: `(-${isAtom(a.text) ? a.text : `(${a.text})`})`, lo: -a.hi, hi: -a.lo };
    const other = draw.once(3) ? this.number(env, depth - 1) : null;
    const b = other ?? this.#literalNum(a);
    if (b.kind === 'number' || Math.abs(b.lo) > SMALL || Math.abs(b.hi) > SMALL) return null;
    const op = draw.pick(['+', '-', '*']);
    const kind = a.kind === 'int' && b.kind === 'int' ? 'int' : 'decimal';
    const scale = op === '*' ? a.scale + b.scale : Math.max(a.scale, b.scale);
    const bound = Math.max(Math.abs(a.lo), Math.abs(a.hi)) * 10 ** (op === '*' ? 0 : scale - a.scale);
    const other2 = Math.max(Math.abs(b.lo), Math.abs(b.hi)) * 10 ** (op === '*' ? 0 : scale - b.scale);
    const most = op === '*' ? bound * other2 : bound + other2;
    if (scale > 15 || most > SMALL * 1000) return null;
    return { text: `(${a.text} ${op} ${b.text})`, kind, scale, lo: -most, hi: most };
  }

  #literalNum(beside: Num): Num {
    const n = this.draw.pick([1, 2, 10, 3, 100]);
    const text = beside.kind === 'decimal' && beside.scale > 0 && this.draw.once(2) ? `${n}.5` : String(n);
    const scale = text.includes('.') ? 1 : 0;
    const k = Math.round(Number(text) * 10 ** scale);
    return { text, kind: scale > 0 ? 'decimal' : 'int', scale, lo: k, hi: k };
  }

  /** A literal that fits beside a number. */
  literalNear(num: Num): string {
    const { draw } = this;
    const digits = num.kind === 'number' ? draw.int(3) : Math.min(num.scale, draw.int(3));
    const whole = draw.pick([0, 1, 5, 100, 3, 1000, 50, 86_400]);
    const capped = num.scale > 12 ? 0 : whole;
    const text = `${capped}${digits > 0 ? `.${String(draw.int(10 ** digits)).padStart(digits, '0')}` : ''}`;
    const negative = draw.once(4);
    this.constants.numbers.push(negative ? -Number(text) : Number(text));
    return negative ? `-${text}` : text;
  }

  /** `a op b` over numbers. */
  numericComparison(env: Environment): string | null {
    const { draw } = this;
    const op = draw.pick(['<=', '>', '==', '<', '>=', '!=']);
    const a = draw.once(6) ? this.#freeSum(env) : this.number(env, 2);
    if (a === null) return null;
    if (draw.once(3)) {
      const b = this.number(env, 1);
      if (b !== null && comparable(a, b)) return `${a.text} ${op} ${b.text}`;
    }
    if (draw.once(6)) {
      const items = draw.list(1, 4, () => this.literalNear(a));
      return `${a.text} ${draw.pick(['in', 'not in'])} [${items.join(', ')}]`;
    }
    return draw.once(5) ? `${this.literalNear(a)} ${op} ${a.text}` : `${a.text} ${op} ${this.literalNear(a)}`;
  }

  // One sum of unbounded operands is exact in a comparison.
  #freeSum(env: Environment): Num | null {
    const refs = env
      .usable((type) => type.t === 'int' || (type.t === 'decimal' && type.scale > 0))
      .map(numOf);
    if (refs.length === 0) return null;
    const a = this.draw.pick(refs);
    const same = refs.filter((ref) => ref.kind === a.kind && ref.scale === a.scale);
    const b = this.draw.pick(same);
    const limit = LIMIT[a.kind];
    return { ...a, text: `${a.text} ${this.draw.pick(['+', '-'])} ${b.text}`, lo: -limit, hi: limit };
  }

  duration(): string {
    return this.draw.pick(['1h', '10m', '1d', '250ms', '1h30m', '0s', '7d', '365d', '1ms']);
  }

  /** A comparison of times. */
  timeComparison(env: Environment): string | null {
    const { draw } = this;
    const op = draw.pick(['<', '>=', '==', '<=', '>', '!=']);
    const isTime = (type: Model): boolean => TIME_CONSTANTS.has(type.t);
    const refs = env.usable(isTime);
    const doubtful = env.doubtful(isTime);
    if (doubtful.length > 0 && draw.once(4)) {
      const { text, type } = draw.pick(doubtful);
      const [a, b] = [draw.pick(TIME_CONSTANTS.get(type.t)!), draw.pick(TIME_CONSTANTS.get(type.t)!)];
      return `(${text} ?? "${a}") ${op} ${type.t === 'duration' ? this.duration() : `"${b}"`}`;
    }
    if (refs.length === 0) return null;
    const ref = draw.pick(refs);
    const same = refs.filter((other) => other.type.t === ref.type.t);
    const other = draw.pick(same).text;
    switch (ref.type.t) {
      case 'timestamp': {
        const days = `date(${ref.text}, "${draw.pick(['Z', '+14:00', '-05:00'])}")`;
        return draw.oneOf(
          [3, () => `${ref.text} ${op} "${draw.pick(TIMES)}"`],
          [2, () => `${ref.text} ${op} ${other}`],
          [2, () => `${ref.text} ${draw.pick(['+', '-'])} ${this.duration()} ${op} ${other}`],
          [2, () => `${ref.text} - ${other} ${op} ${this.duration()}`],
          [1, () => `${days} ${op} "${draw.pick(DATES)}"`],
          [1, () => `${ref.text} in ["${draw.pick(TIMES)}", "${draw.pick(TIMES)}"]`],
          [1, () => `${days} + ${draw.pick(['1d', '7d'])} ${op} date(${other}, "Z")`],
        );
      }
      case 'date':
        return draw.oneOf(
          [3, () => `${ref.text} ${op} "${draw.pick(DATES)}"`],
          [1, () => `${ref.text} ${op} ${other}`],
          [1, () => `${ref.text} ${draw.pick(['+', '-'])} ${draw.pick(['1d', '7d', '365d'])} ${op} ${other}`],
          [1, () => `${ref.text} - ${other} ${op} ${draw.pick(['1d', '36h', '0s'])}`],
          [1, () => `${ref.text} not in ["${draw.pick(DATES)}", "${draw.pick(DATES)}"]`],
        );
      default:
        return draw.oneOf(
          [3, () => `${ref.text} ${op} ${this.duration()}`],
          [1, () => `${ref.text} ${op} ${other}`],
          [1, () => `${ref.text} ${op} "${draw.pick(DURATIONS)}"`],
          [1, () => `${ref.text} ${draw.pick(['+', '-'])} ${this.duration()} ${op} ${other}`],
          [1, () => `${this.duration()} * 3 ${op} ${ref.text}`],
          [1, () => `-${this.duration()} ${op} ${ref.text}`],
        );
    }
  }

  /** A value of a type for an argument, as `unary`. */
  argument(env: Environment, type: Model): string {
    const { draw } = this;
    if (draw.once(2)) {
      const refs = env.usable((other) => isAssignable(other, type));
      const two =
        type.t === 'list' && draw.once(3) ? this.list(env, refs, (other) => isAssignable(other, type)) : null;
      if (two !== null) return two.gaps.length > 0 ? `(${two.text} ?? [])` : two.text;
      if (refs.length > 0) return draw.pick(refs).text;
    }
    switch (type.t) {
      case 'bool':
        return draw.once(4) ? `(${this.#condition(env, 1)})` : draw.pick(['true', 'false']);
      case 'string': {
        const made = type.values === null && draw.once(3) ? this.string(env) : null;
        return made?.text ?? this.stringLiteral(type);
      }
      case 'int':
      case 'decimal':
      case 'number':
        return this.literalNear({ text: '', kind: type.t, scale: type.scale, lo: 0, hi: 0 });
      case 'timestamp':
        return `"${draw.pick(TIMES)}"`;
      case 'date':
        return `"${draw.pick(DATES)}"`;
      case 'duration':
        return draw.once(4) ? `"${draw.pick(DURATIONS)}"` : this.duration();
      case 'list':
        return `[${draw.list(0, 3, () => this.argument(env, type.item)).join(', ')}]`;
      default:
        return 'request';
    }
  }
}

function isAtom(text: string): boolean {
  return /^[\w.[\]"]+$/.test(text);
}

export function isNumber(type: Model): boolean {
  return type.t === 'int' || type.t === 'decimal' || type.t === 'number';
}

export function numOf(ref: Ref): Num {
  const { type } = ref;
  if (type.t !== 'int' && type.t !== 'decimal' && type.t !== 'number') throw new Error('no number');
  const limit = LIMIT[type.t];
  const power = type.t === 'decimal' ? 10 ** type.scale : 1;
  const values = type.values ?? [];
  const min = type.min ?? (values.length > 0 ? Math.min(...values) : null);
  const max = type.max ?? (values.length > 0 ? Math.max(...values) : null);
  return {
    text: ref.text,
    kind: type.t,
    scale: type.scale,
    lo: min === null ? -limit : min * power,
    hi: max === null ? limit : max * power,
  };
}

function comparable(a: Num, b: Num): boolean {
  if (a.kind === 'number' || b.kind === 'number') return a.kind !== 'decimal' && b.kind !== 'decimal';
  const scale = Math.max(a.scale, b.scale);
  return [a, b].every(
    (num) =>
      num.scale === scale || Math.max(Math.abs(num.lo), Math.abs(num.hi)) * 10 ** (scale - num.scale) < 1e15,
  );
}

export function isAssignable(from: Model, to: Model): boolean {
  if (to.t === 'unknown') return true;
  if (from.t !== to.t) return false;
  switch (to.t) {
    case 'string':
      return to.values === null;
    case 'decimal':
      return from.t === 'decimal' && from.scale === to.scale;
    case 'list':
      return from.t === 'list' && !from.nullableItem && isAssignable(from.item, to.item);
    case 'record':
      return from.t === 'record' && from.def !== null && from.def === to.def;
    case 'map':
    case 'union':
    case 'anyOf':
      return false;
    default:
      return true;
  }
}
