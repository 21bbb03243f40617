// Random policies over a world.

import type { Draw } from '../../parity/draw.ts';
import { Conditions } from './conditions.ts';
import { literalNear, literalOf, number, numOf, ORDER, pattern } from './operands.ts';
import { condText, type Item, type Outcome, type Policy, type Row, type Rule } from './policy.ts';
import { type Ref, Scope } from './scope.ts';
import type { Type, World } from './world.ts';

type Effect = Policy['effects'][number] & { readonly types: Readonly<Record<string, Type>> };

/** The parts of a policy that both sides of a comparison usually share. */
export interface Header {
  readonly effects: readonly Effect[];
  readonly combining: Policy['combining'];
  readonly invalid: Outcome | null;
}

const INT: Type = { t: 'int', min: 0, max: 3 };
const TEXT: Type = { t: 'string', values: null };
const PARAMS: readonly (readonly [string, Readonly<Record<string, Type>>])[] = [
  ['', {}],
  ['(n: int = 1)', { n: INT }],
  ['(n: int = 2)', { n: INT }],
  ['(who: string = "x", n: int = 0)', { who: TEXT, n: INT }],
];

export function makeHeader(draw: Draw): Header {
  const names = draw.pick([
    ['allow', 'ask', 'deny'],
    ['allow', 'deny'],
  ] as const);
  const effects = names.map((name) => {
    const [params, types] = name !== 'allow' && !draw.once(3) ? draw.pick(PARAMS) : PARAMS[0]!;
    return { name, params, types };
  });
  const combining = draw.pick(['most_restrictive', 'first_applicable'] as const);
  const invalid = draw.once(4)
    ? { effect: draw.pick(names), args: [], reason: 'BAD', severity: null, message: null }
    : null;
  return { effects, combining, invalid };
}

/** A policy; most compile. */
export function makePolicy(draw: Draw, world: World, header: Header): Policy {
  return new PolicyMaker(draw, world, header, '').make();
}

/** A rule for a policy over a world, with names that no generated policy has. */
export function makeRule(draw: Draw, world: World, header: Header): Rule {
  return new PolicyMaker(draw, world, header, `extra${draw.int(100)}_`).rule();
}

class PolicyMaker {
  readonly #draw: Draw;
  readonly #header: Header;
  readonly #prefix: string;
  readonly #conditions: Conditions;
  #scope: Scope;
  #count = 0;

  constructor(draw: Draw, world: World, header: Header, prefix: string) {
    this.#draw = draw;
    this.#header = header;
    this.#prefix = prefix;
    this.#scope = Scope.of(world);
    this.#conditions = new Conditions(draw, (prefix) => this.#name(prefix));
  }

  make(): Policy {
    const draw = this.#draw;
    const { effects, combining, invalid } = this.#header;
    const items: Item[] = [];
    for (let i = draw.int(3); i > 0; i--) items.push(this.#declaration());
    for (let i = 1 + draw.int(4); i > 0; i--) items.push(this.#item());
    const fallback = this.#outcome(draw.pick(effects), null);
    return {
      effects: effects.map(({ name, params }) => ({ name, params })),
      combining,
      fallback,
      invalid,
      items,
    };
  }

  #name(prefix: string): string {
    this.#count += 1;
    return `${this.#prefix}${prefix}${this.#count}`;
  }

  #declaration(): Item {
    const draw = this.#draw;
    if (draw.once(3)) {
      const name = this.#name('f');
      const param: Type = draw.pick([INT, TEXT]);
      const body = this.#conditions.make(Scope.of(EMPTY).naming(`${name}_p`, param, {}), 1);
      this.#scope = this.#scope.defining({ name, param });
      return { k: 'def', name, params: `${name}_p: ${param.t}`, body };
    }
    const name = this.#name('y');
    const lists = this.#scope.usable('list');
    if (lists.length > 0 && draw.once(3)) {
      const { text, type } = draw.pick(lists);
      const variable = this.#name('v');
      const optional = type.nullableItem;
      const inner = this.#scope.naming(variable, type.item, { optional, deeper: true, alone: true });
      const body = condText(this.#conditions.make(inner, 1));
      this.#scope = this.#scope.naming(name, type.item, { optional: true });
      return { k: 'let', name, value: `first(${variable} in ${text}: ${body})` };
    }
    const num = draw.once(3) ? number(draw, this.#scope) : null;
    if (num !== null) {
      const { text, scale, lo, hi } = num;
      const type: Type =
        scale > 0 ? { t: 'decimal', scale, min: lo, max: hi } : { t: 'int', min: lo, max: hi };
      this.#scope = this.#scope.naming(name, type, {});
      return { k: 'let', name, value: text };
    }
    const value = this.#conditions.make(this.#scope, 2);
    this.#scope = this.#scope.naming(name, { t: 'bool' }, {});
    return { k: 'let', name, value };
  }

  #item(): Item {
    return this.#draw.oneOf<Item>(
      [6, () => this.rule()],
      [1, () => this.#group()],
      [1, () => this.#table() ?? this.rule()],
    );
  }

  rule(): Rule {
    const draw = this.#draw;
    const name = this.#name('r');
    const outcome = this.#outcome(draw.pick(this.#header.effects), this.#scope);
    const whens = draw.list(draw.once(10) ? 0 : 1, draw.once(4) ? 2 : 1, () =>
      this.#conditions.make(this.#scope, 2),
    );
    const unlesses = draw.once(4) ? [this.#conditions.make(this.#scope, 1)] : [];
    return { k: 'rule', name, ...outcome, whens, unlesses };
  }

  #outcome(effect: Effect, scope: Scope | null): Outcome {
    const draw = this.#draw;
    const args = Object.entries(effect.types).flatMap(([name, type]) => {
      if (draw.once(3)) return [];
      const refs = scope?.usable(type.t) ?? [];
      const literal = type.t === 'string' ? draw.pick(['"x"', '"z"']) : String(draw.int(3));
      return [`${name}: ${refs.length > 0 && draw.once(3) ? draw.pick(refs).text : literal}`];
    });
    const ints = scope?.usable('int') ?? [];
    const hole = ints.length > 0 ? ` {${draw.pick(ints).text}}` : '';
    return {
      effect: effect.name,
      args,
      reason: draw.once(3) ? draw.pick(['R_1', 'R_2']) : null,
      severity: draw.once(4) ? draw.pick(['low', 'high']) : null,
      message: draw.once(6) && !hole.includes('"') ? `Because.${hole}` : null,
    };
  }

  #group(): Item {
    const guard = this.#conditions.make(this.#scope, 1);
    const items = this.#draw.list<Item>(1, 2, () =>
      this.#draw.oneOf<Item>(
        [6, () => this.rule()],
        [1, () => this.#table() ?? this.rule()],
        [1, () => this.#group()],
      ),
    );
    return { k: 'group', name: this.#name('g'), guard, items };
  }

  #table(): Item | null {
    const draw = this.#draw;
    const kinds = ['bool', 'string', 'int', 'decimal'] as const;
    const refs: readonly Ref[] = [...this.#scope.usable(...kinds), ...this.#scope.doubtful(...kinds)];
    if (refs.length === 0) return null;
    const columns = draw.list(1, 2, () => draw.pick(refs));
    const rows = draw.list(1, 3, (i): Row => {
      const cells = columns.map((column) => this.#cell(column));
      const outcome = this.#outcome(draw.pick(this.#header.effects), null);
      return { label: draw.once(3) ? `row${i}` : null, cells, outcome };
    });
    return { k: 'table', name: this.#name('t'), columns: columns.map((column) => column.text), rows };
  }

  #cell(column: Ref): string {
    const draw = this.#draw;
    const one = (): string => {
      const { type } = column;
      if (column.gaps.length > 0 && draw.once(5)) return 'absent';
      if (type.t === 'bool') return draw.pick(['true', 'false']);
      if (type.t === 'string') return draw.once(3) ? `matches ${pattern(draw, type)}` : literalOf(draw, type);
      if (type.t !== 'int' && type.t !== 'decimal') throw new Error(`no column: ${type.t}`);
      const num = numOf(column.text, type);
      const literal = (): string => literalNear(draw, num);
      return draw.oneOf(
        [2, literal],
        [2, () => `${draw.pick(ORDER)} ${literal()}`],
        [1, () => `${literal()}..${literal()}`],
      );
    };
    if (draw.once(4)) return '_';
    return `${draw.once(6) ? 'not ' : ''}${draw.once(3) ? `${one()} | ${one()}` : one()}`;
  }
}

const EMPTY: World = { root: { t: 'record', props: [] }, open: false };
