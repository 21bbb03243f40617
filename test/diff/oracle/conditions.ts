// Random conditions over the scope of a generated policy.

import { type Draw, quoted } from '../../parity/draw.ts';
import { literalNear, literalOf, number, numOf, ORDER, partOf, pattern } from './operands.ts';
import { atom, both, type Cond, condText, either, not } from './policy.ts';
import type { Scope } from './scope.ts';
import type { Type } from './world.ts';

export class Conditions {
  readonly #draw: Draw;
  readonly #freshName: (prefix: string) => string;

  constructor(draw: Draw, freshName: (prefix: string) => string) {
    this.#draw = draw;
    this.#freshName = freshName;
  }

  make(scope: Scope, depth: number): Cond {
    const draw = this.#draw;
    if (depth <= 0) return this.#atom(scope);
    return draw.oneOf(
      [4, () => this.#atom(scope)],
      [3, () => both(...draw.list(2, 3, () => this.make(scope, depth - 1)))],
      [2, () => either(...draw.list(2, 3, () => this.make(scope, depth - 1)))],
      [1, () => not(this.make(scope, depth - 1))],
      [3, () => this.#guarded(scope, depth) ?? this.#atom(scope)],
      [3, () => this.#quantified(scope, depth) ?? this.#atom(scope)],
      [2, () => this.#inBranch(scope, depth) ?? this.#atom(scope)],
    );
  }

  // A test of presence, and what reads behind it.
  #guarded(scope: Scope, depth: number): Cond | null {
    const doubtful = scope.all().filter((ref) => scope.doubtful(ref.type.t).includes(ref as never));
    if (doubtful.length === 0) return null;
    const ref = this.#draw.pick(doubtful);
    const { test, inner } =
      ref.type.t === 'unknown' ? this.#typeTest(scope, ref.text) : this.#presence(scope, ref);
    const body = (): Cond => this.make(inner, depth - 1);
    return this.#draw.oneOf(
      [3, () => both(test, body())],
      [2, () => either(not(test), body())],
      [1, () => not(both(test, body()))],
    );
  }

  #presence(scope: Scope, ref: { text: string; type: Type; gaps: readonly string[] }) {
    return { test: atom(`has ${ref.text}`), inner: scope.knowing(ref) };
  }

  #typeTest(scope: Scope, text: string): { test: Cond; inner: Scope } {
    const kinds: readonly (readonly [string, Type])[] = [
      ['string', { t: 'string', values: null }],
      ['int', { t: 'int', min: null, max: null }],
      ['bool', { t: 'bool' }],
    ];
    const [name, type] = this.#draw.pick(kinds);
    return { test: atom(`${text} is ${name}`), inner: scope.naming(text, type, {}) };
  }

  #inBranch(scope: Scope, depth: number): Cond | null {
    const draw = this.#draw;
    const unions = scope.usable('union');
    if (unions.length === 0) return null;
    const { text, type } = draw.pick(unions);
    const branch = draw.pick(type.branches);
    const test = draw.once(3) ? `${text} is ${branch.def}` : `${text}.${type.tag} == ${quoted(branch.value)}`;
    const body = this.make(scope.within(text, branch.record), depth - 1);
    return draw.once(3) ? either(not(atom(test)), body) : both(atom(test), body);
  }

  #quantified(scope: Scope, depth: number): Cond | null {
    const draw = this.#draw;
    if (scope.depth >= 2) return null;
    const lists = [...scope.usable('list'), ...scope.doubtful('list')];
    if (lists.length === 0) return null;
    const ref = draw.pick(lists);
    const list = scope.usable('list').includes(ref) ? ref.text : `(${ref.text} ?? [])`;
    const variable = this.#freshName('v');
    const alone = !draw.once(3);
    const optional = ref.type.nullableItem;
    const inner = scope.naming(variable, ref.type.item, { optional, deeper: true, alone });
    const body = this.make(inner, Math.min(depth - 1, 1));
    if (!draw.once(3)) return { k: draw.pick(['any', 'all']), variable, list, body };
    return { k: 'count', variable, list, body, op: draw.pick(ORDER), bound: draw.int(ref.type.max + 2) };
  }

  #atom(scope: Scope): Cond {
    const draw = this.#draw;
    const options = [
      () => this.#numeric(scope),
      () => this.#textual(scope),
      () => this.#truth(scope),
      () => this.#membership(scope),
      () => this.#presenceAlone(scope),
      () => this.#temporal(scope),
      () => this.#first(scope),
      () => this.#counts(scope),
      () => this.#call(scope),
      () => this.#keyed(scope),
    ];
    const weights = [4, 4, 2, 2, 1, 3, 1, 1, 1, 1];
    const made = draw.oneOf<string | null>(...options.map((make, i) => [weights[i]!, make] as const));
    if (made !== null) return atom(made);
    const some = options.slice(0, 6).map((make) => make());
    return atom(some.find((text) => text !== null) ?? '1 == 1');
  }

  #numeric(scope: Scope): string | null {
    const draw = this.#draw;
    const a = number(draw, scope);
    if (a === null) return null;
    const op = draw.pick(ORDER);
    const b = draw.once(3) ? number(draw, scope, 0) : null;
    return `${a.text} ${op} ${b?.text ?? literalNear(draw, a)}`;
  }

  #textual(scope: Scope): string | null {
    const draw = this.#draw;
    const refs = scope.usable('string');
    const doubtful = scope.doubtful('string');
    if (refs.length + doubtful.length === 0) return null;
    const ref = refs.length === 0 || (doubtful.length > 0 && draw.once(4)) ? null : draw.pick(refs);
    const { text, type } = ref ?? draw.pick(doubtful);
    const subject = ref === null ? `(${text} ?? ${literalOf(draw, type)})` : text;
    const maybe = draw.once(4) ? 'not ' : '';
    const word = (): string => draw.pick(['contains', 'starts_with', 'ends_with']);
    const others = refs.filter((other) => other.text !== text);
    return draw.oneOf(
      [4, () => `${subject} ${draw.pick(['==', '!='])} ${literalOf(draw, type)}`],
      [3, () => `${subject} ${maybe}in [${draw.list(1, 3, () => literalOf(draw, type)).join(', ')}]`],
      [2, () => `${subject} ${maybe}${word()} ${partOf(draw, type)}`],
      [1, () => `${subject} ${maybe}${word()} [${partOf(draw, type)}, ${partOf(draw, type)}]`],
      [3, () => `${subject} ${maybe}matches ${pattern(draw, type)}`],
      [1, () => `${draw.pick(['lower', 'upper'])}(${subject}) == ${partOf(draw, type)}`],
      [
        others.length > 0 ? 2 : 0,
        () => `${subject} ${draw.pick(['==', '!=', 'contains', 'starts_with'])} ${draw.pick(others).text}`,
      ],
    );
  }

  #truth(scope: Scope): string | null {
    const draw = this.#draw;
    const refs = scope.usable('bool');
    const doubtful = scope.doubtful('bool');
    if (doubtful.length > 0 && draw.once(2))
      return `(${draw.pick(doubtful).text} ?? ${draw.pick(['false', 'true'])})`;
    if (refs.length === 0) return null;
    const { text } = draw.pick(refs);
    return draw.once(3) ? `${text} ${draw.pick(['==', '!='])} ${draw.pick(refs).text}` : text;
  }

  #membership(scope: Scope): string | null {
    const draw = this.#draw;
    const lists = scope.usable('list').filter(({ type }) => ['string', 'int'].includes(type.item.t));
    if (lists.length === 0) return null;
    const { text, type } = draw.pick(lists);
    const { item } = type;
    const same = scope.usable(item.t).filter((ref) => ref.text !== `${text}[0]`);
    const literal = item.t === 'string' ? literalOf(draw, item) : String(draw.int(4) - 1);
    const value = same.length > 0 && draw.once(2) ? draw.pick(same).text : literal;
    return draw.once(3) ? `${text} contains ${value}` : `${value} ${draw.pick(['in', 'not in'])} ${text}`;
  }

  #presenceAlone(scope: Scope): string | null {
    const refs = scope.all().filter((ref) => scope.doubtful(ref.type.t).includes(ref as never));
    return refs.length === 0 ? null : `has ${this.#draw.pick(refs).text}`;
  }

  #temporal(scope: Scope): string | null {
    const draw = this.#draw;
    const times = scope.usable('timestamp');
    const dates = scope.usable('date');
    if (times.length === 0 && dates.length === 0) return null;
    const day = `"2026-03-0${1 + draw.int(3)}"`;
    if (times.length === 0) return `${draw.pick(dates).text} ${draw.pick(ORDER)} ${day}`;
    const { text } = draw.pick(times);
    const moment = draw.pick(['"2026-03-02T00:00:00Z"', '"2026-03-02T01:00:00Z"', '"2026-03-01T22:30:00Z"']);
    const offset = draw.pick(['"Z"', '"+02:00"', '"-01:00"']);
    return draw.oneOf(
      [3, () => `${text} ${draw.pick(ORDER)} ${moment}`],
      [2, () => `${text} - ${draw.pick(times).text} ${draw.pick(ORDER)} ${draw.pick(['1h', '59m', '0s'])}`],
      [1, () => `weekday(${text}, ${offset}) ${draw.pick(ORDER)} ${1 + draw.int(7)}`],
      [
        1,
        () => `minute_of_day(${text}, ${offset}) ${draw.pick(ORDER)} ${draw.pick(['0', '59', '60', '1439'])}`,
      ],
      [1, () => `date(${text}, ${offset}) ${draw.pick(ORDER)} ${dates[0]?.text ?? day}`],
    );
  }

  #first(scope: Scope): string | null {
    const draw = this.#draw;
    const lists = scope.usable('list').filter(({ type }) => ['string', 'int'].includes(type.item.t));
    if (lists.length === 0 || scope.depth > 0) return null;
    const { text, type } = draw.pick(lists);
    const { item } = type;
    const found = this.#over('first', scope, text, type);
    if (item.t === 'string')
      return `(${found} ?? ${literalOf(draw, item)}) ${draw.pick(['==', '!='])} ${literalOf(draw, item)}`;
    const num = numOf(found, item as Extract<Type, { t: 'int' }>);
    return `(${found} ?? ${literalNear(draw, num)}) ${draw.pick(ORDER)} ${literalNear(draw, num)}`;
  }

  // A quantifier with a simple body about its variable alone.
  #over(word: string, scope: Scope, text: string, type: Extract<Type, { t: 'list' }>): string {
    const variable = this.#freshName('v');
    const optional = type.nullableItem;
    const inner = scope.naming(variable, type.item, { optional, deeper: true, alone: true });
    return `${word}(${variable} in ${text}: ${condText(this.#atom(inner))})`;
  }

  #counts(scope: Scope): string | null {
    const draw = this.#draw;
    const lists = scope.usable('list');
    if (lists.length === 0 || scope.depth > 0) return null;
    const count = (): string => {
      const { text, type } = draw.pick(lists);
      return draw.once(3) ? `size(${text})` : this.#over('count', scope, text, type);
    };
    return `${count()} ${draw.pick(ORDER)} ${count()}`;
  }

  #call(scope: Scope): string | null {
    const calls = scope.defs.flatMap((def) =>
      scope.usable(def.param.t).map((ref) => `${def.name}(${ref.text})`),
    );
    return calls.length === 0 ? null : this.#draw.pick(calls);
  }

  #keyed(scope: Scope): string | null {
    const draw = this.#draw;
    const maps = scope.usable('map');
    if (maps.length === 0) return null;
    const { text } = draw.pick(maps);
    const key = draw.pick(['"a"', '"b"', '"c"']);
    return draw.pick([`${key} in ${text}`, `has ${text}[${key}]`, `(${text}[${key}] ?? 0) > 0`]);
  }
}
