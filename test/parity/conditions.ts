// Random conditions, and the facts that they give.

import { type Draw, quoted } from './draw.ts';
import { ANY_LIST, ANY_OBJECT, type Environment, type Ref, UNKNOWN } from './environment.ts';
import { type Model, STRINGS } from './model.ts';
import type { Constants } from './requests.ts';
import { isAssignable, Values } from './values.ts';

/** A condition and what is known where it is true. */
export interface Guard {
  readonly text: string;
  /** The same, denied. */
  readonly denied: string;
  readonly env: Environment;
}

const STRING: Model = { t: 'string', values: null, min: null, max: null };
const INT: Model = { t: 'int', scale: 0, min: null, max: null, values: null };
const DECIMAL: Model = { t: 'decimal', scale: 2, min: null, max: null, values: null };
const listOf = (item: Model): Model => ({
  t: 'list',
  item,
  nullableItem: false,
  min: 0,
  max: null,
  unique: false,
});
const mapOf = (value: Model): Model => ({ t: 'map', value, min: null, max: null });

/** What `is` may name besides definitions, with what it tells; null: nothing. */
const BUILT_IN_TESTS: readonly (readonly [string, Model | null])[] = [
  ['string', STRING],
  ['int', INT],
  ['object', ANY_OBJECT],
  ['list', ANY_LIST],
  ['bool', { t: 'bool' }],
  ['decimal(2)', DECIMAL],
  ['number', { t: 'number', scale: 0, min: null, max: null, values: null }],
  ['timestamp', { t: 'timestamp' }],
  ['date', { t: 'date' }],
  ['duration', { t: 'duration' }],
  ['list<string>', listOf(STRING)],
  ['map<int>', mapOf(INT)],
  ['list<map<string>>', listOf(mapOf(STRING))],
  ['null', null],
  ['unknown', null],
];

export class Conditions {
  readonly values: Values;
  readonly #draw: Draw;
  readonly #constants: Constants;

  constructor(draw: Draw, constants: Constants) {
    this.#draw = draw;
    this.#constants = constants;
    this.values = new Values(draw, constants, (env, depth) => this.make(env, depth));
  }

  /** A condition; composite ones are in parentheses. */
  make(env: Environment, depth: number): string {
    const draw = this.#draw;
    if (depth <= 0) return this.#atom(env);
    return draw.oneOf(
      [5, () => this.#atom(env)],
      [2, () => `(${draw.list(2, 3, () => this.make(env, depth - 1)).join(' and ')})`],
      [2, () => `(${draw.list(2, 3, () => this.make(env, depth - 1)).join(' or ')})`],
      [1, () => `(not ${this.make(env, depth - 1)})`],
      [
        1,
        () =>
          `((${this.make(env, depth - 1)}) ${this.#draw.pick(['==', '!='])} (${this.make(env, depth - 1)}))`,
      ],
      [5, () => this.#guarded(env, depth)],
      [3, () => this.#quantified(env, depth) ?? this.#atom(env)],
    );
  }

  // A test that makes something readable, and a condition that reads it.
  #guarded(env: Environment, depth: number): string {
    const guard = this.guard(env);
    if (guard === null) return this.#atom(env);
    const inner = (): string => this.make(guard.env, depth - 1);
    return this.#draw.oneOf(
      [4, () => `(${guard.text} and ${inner()})`],
      [2, () => `(${guard.denied} or ${inner()})`],
      [1, () => `(not (${guard.denied}) and ${inner()})`],
      [1, () => `(not (${guard.text} and ${inner()}))`],
      [1, () => `(${guard.denied} or ${inner()} or ${inner()})`],
    );
  }

  /** A test that makes a doubtful or unknown reference readable. */
  guard(env: Environment): Guard | null {
    const draw = this.#draw;
    const doubtful = env.doubtful();
    const open = env.refs().filter((ref) => ref.type.t === 'unknown' && !env.types.has(ref.text));
    // A record parameter may stand for a value under an unknown, which only a test proves to be more.
    const params = draw.once(3)
      ? env.refs().filter((ref) => ref.type.t === 'record' && /^f\d+_\d+$/.test(ref.text))
      : [];
    const unions = env.refs().filter((ref) => ref.type.t === 'union' && ref.gaps.length === 0);
    const has = (): Guard | null => {
      if (doubtful.length === 0) return null;
      const ref = draw.pick(doubtful);
      return { text: `has ${ref.text}`, denied: `not has ${ref.text}`, env: env.knowing(ref) };
    };
    const testable = [...open, ...params];
    const is = (): Guard | null => (testable.length === 0 ? null : this.#typeGuard(env, draw.pick(testable)));
    const branch = (): Guard | null =>
      unions.length === 0 ? null : this.#branchGuard(env, draw.pick(unions));
    return draw.oneOf([3, has], [3, is], [2, branch]) ?? is() ?? has() ?? branch();
  }

  #typeGuard(env: Environment, ref: Ref): Guard {
    const defs = [...env.schema.defs];
    const useDef = defs.length > 0 && !this.#draw.once(3);
    const [name, type] = useDef ? this.#draw.pick(defs) : this.#draw.pick(BUILT_IN_TESTS);
    const told = type === null || type.t === 'anyOf' || type.t === 'raw' ? null : type;
    return {
      text: `${ref.text} is ${name}`,
      denied: `${ref.text} is not ${name}`,
      env: told === null ? env : env.narrowed(ref, told),
    };
  }

  #branchGuard(env: Environment, ref: Ref): Guard {
    if (ref.type.t !== 'union') throw new Error('no union');
    const draw = this.#draw;
    const { record, values } = draw.pick(ref.type.branches);
    const narrowed = env.narrowed(ref, record);
    const tag = `${ref.text}.${ref.type.tag}`;
    const top = ref.text === 'request' ? ref.type.tag : tag;
    const list = `[${values.map((value) => quoted(value)).join(', ')}]`;
    return draw.oneOf(
      [
        2,
        () => ({
          text: `${ref.text} is ${record.def}`,
          denied: `${ref.text} is not ${record.def}`,
          env: narrowed,
        }),
      ],
      [1, () => ({ text: `${top} in ${list}`, denied: `${top} not in ${list}`, env: narrowed })],
      [
        1,
        () => ({
          text: `${top} == ${quoted(values[0]!)}`,
          denied: `${top} != ${quoted(values[0]!)}`,
          env: narrowed,
        }),
      ],
    );
  }

  #quantified(env: Environment, depth: number): string | null {
    const draw = this.#draw;
    if (env.depth >= 2) return null;
    const isList = (type: Model): boolean => type.t === 'list';
    const list = this.values.list(
      env,
      env.refs().filter((ref) => isList(ref.type)),
      isList,
    );
    if (list === null) return null;
    return this.values.quantifier(draw.pick(['any', 'all']), env, list, depth - 1);
  }

  #atom(env: Environment): string {
    const draw = this.#draw;
    const made = draw.oneOf<string | null>(
      [4, () => this.#stringTest(env)],
      [4, () => this.values.numericComparison(env)],
      [2, () => this.values.timeComparison(env)],
      [2, () => this.#truth(env)],
      [1, () => this.#membership(env)],
      [1, () => this.#keyTest(env)],
      [1, () => this.guard(env)?.text ?? null],
      [1, () => this.#call(env)],
    );
    const bracketed = made?.startsWith('not ') ? `(${made})` : made;
    return (
      bracketed ?? this.#stringTest(env) ?? this.values.numericComparison(env) ?? this.#truth(env) ?? 'true'
    );
  }

  #truth(env: Environment): string | null {
    const draw = this.#draw;
    const bools = env.usable((type) => type.t === 'bool');
    const doubtful = env.doubtful((type) => type.t === 'bool');
    if (doubtful.length > 0 && draw.once(3))
      return `(${draw.pick(doubtful).text} ?? ${draw.pick(['false', 'true'])})`;
    if (bools.length === 0) return null;
    const a = draw.pick(bools).text;
    return draw.oneOf(
      [3, () => a],
      [1, () => `${a} == ${draw.pick(['true', 'false'])}`],
      [1, () => `${a} != ${draw.pick(bools).text}`],
    );
  }

  #stringTest(env: Environment): string | null {
    const draw = this.#draw;
    const subject = this.values.string(env);
    if (subject === null) return null;
    const { text, type } = subject;
    const literal = (): string => this.values.stringLiteral(type);
    const part = (): string => this.values.stringLiteral(STRING);
    const not = draw.once(4) ? 'not ' : '';
    const other = (): string => this.values.string(env)?.text ?? part();
    return draw.oneOf(
      [4, () => `${text} ${draw.pick(['==', '!='])} ${literal()}`],
      [2, () => `${text} ${not}in [${draw.list(1, 4, literal).join(', ')}]`],
      [1, () => `${text} ${not}${draw.pick(['contains', 'starts_with', 'ends_with'])} ${part()}`],
      [
        1,
        () =>
          `${text} ${not}${draw.pick(['contains', 'starts_with', 'ends_with'])} [${draw.list(1, 3, part).join(', ')}]`,
      ],
      [1, () => `${text} ${not}${draw.pick(['contains', 'starts_with', 'ends_with'])} ${other()}`],
      [2, () => `${text} ${not}matches ${this.pattern()}`],
      [1, () => `${text} ${draw.pick(['==', '!='])} ${this.#sameKind(env, type)}`],
    );
  }

  // Another string that may equal one of a type.
  #sameKind(env: Environment, type: Model): string {
    const key = JSON.stringify(type);
    const refs = env.usable((other) => other.t === 'string' && JSON.stringify(other) === key);
    return refs.length === 0 ? this.values.stringLiteral(type) : this.#draw.pick(refs).text;
  }

  /** A pattern with its kind. */
  pattern(): string {
    const draw = this.#draw;
    const kind = draw.pick(['glob', 'dotted', 'path'] as const);
    const one = (): string => this.#patternText(kind);
    return draw.once(3) ? `${kind} [${draw.list(1, 3, one).join(', ')}]` : `${kind} ${one()}`;
  }

  #patternText(kind: 'glob' | 'dotted' | 'path'): string {
    const draw = this.#draw;
    const literal = (): string => {
      const text = draw.pick(STRINGS.filter((s) => s !== '' && s !== '..' && !s.includes('..')));
      this.#constants.strings.push(text);
      return quoted(text, true).slice(1, -1);
    };
    if (kind === 'glob') return `"${draw.list(1, 4, () => (draw.once(2) ? '*' : literal())).join('')}"`;
    const separator = kind === 'dotted' ? '.' : '/';
    const segment = (): string =>
      draw.oneOf(
        [2, () => literal().replaceAll('.', 'x').replaceAll('/', 'y')],
        [1, () => '*'],
        [1, () => '**'],
        [1, () => `${draw.pick(['a', 'é', '😀'])}*`],
        [1, () => `*${draw.pick(['b', 'd', '\\*'])}`],
      );
    const body = draw.list(1, 3, segment).join(separator);
    if (kind === 'dotted') return `"${body}"`;
    return `"${draw.pick(['', '/', '../', './'])}${body}"`;
  }

  #membership(env: Environment): string | null {
    const draw = this.#draw;
    const scalar = (type: Model): boolean =>
      type.t === 'string' ||
      type.t === 'int' ||
      type.t === 'bool' ||
      type.t === 'date' ||
      type.t === 'timestamp';
    const isWanted = (type: Model): boolean => type.t === 'list' && scalar(type.item);
    const list = this.values.list(
      env,
      env.refs().filter((ref) => isWanted(ref.type)),
      isWanted,
    );
    if (list?.type.t !== 'list') return null;
    const { item } = list.type;
    const items = env.usable(
      (type) =>
        type.t === item.t && (isAssignable(type, item) || JSON.stringify(type) === JSON.stringify(item)),
    );
    const value = items.length > 0 && draw.once(2) ? draw.pick(items).text : this.values.argument(env, item);
    const text = list.gaps.length > 0 ? `(${list.text} ?? [])` : list.text;
    return draw.once(3) ? `${text} contains ${value}` : `${value} ${draw.pick(['in', 'not in'])} ${text}`;
  }

  #keyTest(env: Environment): string | null {
    const draw = this.#draw;
    const maps = env.usable((type) => type.t === 'map');
    if (maps.length === 0) return null;
    const map = draw.pick(maps);
    const key = draw.once(2) ? (this.values.string(env)?.text ?? '"a"') : this.values.stringLiteral(STRING);
    const refs = env.usable((type) => type.t === 'string');
    if (refs.length > 0 && draw.once(2)) return `has ${map.text}[${draw.pick(refs).text}]`;
    return `${key} ${draw.pick(['in', 'not in'])} ${map.text}`;
  }

  #call(env: Environment): string | null {
    if (env.defs.length === 0) return null;
    const def = this.#draw.pick(env.defs);
    const args = def.params.map((type) => this.#argument(env, type));
    return args.includes(null) ? null : `${def.name}(${args.join(', ')})`;
  }

  #argument(env: Environment, type: Model): string | null {
    if (type.t !== 'unknown' && type.t !== 'record') return this.values.argument(env, type);
    const refs =
      type.t === 'unknown'
        ? env.refs().filter((ref) => ref.type.t === 'unknown' || this.#draw.once(12))
        : env.usable((other) => isAssignable(other, type));
    return refs.length === 0 ? null : this.#draw.pick(refs).text;
  }
}

export { INT, listOf, STRING, UNKNOWN };
