// Random policies over a random schema: source text that mostly passes the checker.

import { coalesced } from './coalesce.ts';
import { Conditions, INT, listOf, STRING, UNKNOWN } from './conditions.ts';
import { Draw, quoted } from './draw.ts';
import { Environment, type Ref } from './environment.ts';
import { type Model, makeSchema, type SchemaModel } from './model.ts';
import { type Constants, makeRequest, type Request } from './requests.ts';
import { isNumber, numOf } from './values.ts';

/** The choices behind one case: every part has its own, so that parts shrink away one by one. */
export interface Seeds {
  readonly schema: readonly number[];
  readonly header: readonly number[];
  readonly items: readonly (readonly number[])[];
  readonly requests: readonly (readonly number[])[];
}

export interface Case {
  readonly policy: string;
  readonly schema: SchemaModel;
  readonly requests: readonly Request[];
}

interface EffectModel {
  readonly name: string;
  readonly params: readonly { readonly name: string; readonly type: Model; readonly hasDefault: boolean }[];
}

const DECIMAL2: Model = { t: 'decimal', scale: 2, min: null, max: null, values: null };
const OBLIGATIONS: readonly (readonly [string, Model])[] = [
  ['string', STRING],
  ['int', INT],
  ['bool', { t: 'bool' }],
  ['decimal(2)', DECIMAL2],
  ['timestamp', { t: 'timestamp' }],
  ['date', { t: 'date' }],
  ['duration', { t: 'duration' }],
  ['list<string>', listOf(STRING)],
  ['list<int>', listOf(INT)],
  ['list<decimal(2)>', listOf(DECIMAL2)],
];
const TEXTS = ['Stop.', 'Ask {{them}}.', 'é😀', 'say \u{1}"x"', 'y'] as const;

class PolicyMaker {
  readonly #schema: SchemaModel;
  readonly #constants: Constants;
  readonly #effects: readonly EffectModel[];
  readonly #positional: boolean;
  readonly #header: readonly string[];
  readonly #severities: readonly string[];
  #count = 0;

  constructor(draw: Draw, schema: SchemaModel, constants: Constants) {
    this.#schema = schema;
    this.#constants = constants;
    const conditions = new Conditions(draw, constants);
    const nowhere = new Environment(schema);
    const names = ['allow', 'warn', 'ask', 'deny'].slice(0, 2 + draw.int(3));
    this.#effects = names.map((name) => ({
      name,
      params: draw.once(3)
        ? draw.list(1, 3, (i) => {
            const [text, type] = draw.pick(OBLIGATIONS);
            const hasDefault = draw.once(2);
            const value = hasDefault ? ` = ${constant(conditions, type)}` : '';
            return { name: ['who', 'list', 'until'][i]!, type, hasDefault, text: `${text}${value}` };
          })
        : [],
    }));
    this.#positional = draw.once(2);
    const written = this.#effects.map(({ name, params }) => {
      const inside = params.map((param) => `${param.name}: ${(param as { text?: string }).text}`).join(', ');
      return params.length === 0 ? name : `${name}(${inside})`;
    });
    const ownSeverities = draw.once(4);
    this.#severities = ownSeverities ? ['minor', 'major'] : ['info', 'low', 'medium', 'high', 'critical'];
    const strongest = this.#effects.at(-1)!;
    const needsInvalid = strongest.params.some((param) => !param.hasDefault);
    this.#header = [
      `policy p${draw.once(2) ? ' version "1.0"' : ''}`,
      'request from "s.json"',
      `effects ${written.join(' < ')}`,
      ...(ownSeverities ? ['severities minor < major'] : []),
      `combining ${this.#positional ? 'first_applicable' : 'most_restrictive'}`,
      `default ${this.#outcome(conditions, nowhere, draw.pick(this.#effects), draw)}`,
      ...(needsInvalid || draw.once(4)
        ? [`on invalid ${this.#constantOutcome(conditions, draw.pick(this.#effects), draw)}`]
        : []),
    ];
  }

  make(items: readonly (readonly number[])[]): string {
    let env = new Environment(this.#schema);
    const lines = [...this.#header];
    for (const seeds of items) {
      const draw = new Draw(seeds);
      const made = this.#item(draw, env, 0);
      lines.push(made.text);
      env = this.#positional ? made.env : env.withNamesOf(made.env);
    }
    return `${lines.join('\n')}\n`;
  }

  #name(prefix: string): string {
    this.#count += 1;
    return `${prefix}${this.#count}`;
  }

  #item(draw: Draw, env: Environment, depth: number): { readonly text: string; readonly env: Environment } {
    const conditions = new Conditions(draw, this.#constants);
    return draw.oneOf(
      [6, () => this.#rule(draw, conditions, env)],
      [3, () => this.#let(draw, conditions, env)],
      [2, () => this.#table(draw, conditions, env)],
      [2, () => (depth < 2 ? this.#group(draw, conditions, env, depth) : this.#rule(draw, conditions, env))],
      [1, () => (depth === 0 ? this.#def(draw, conditions, env) : this.#let(draw, conditions, env))],
    );
  }

  #rule(draw: Draw, conditions: Conditions, env: Environment): { text: string; env: Environment } {
    const effect = draw.pick(this.#effects);
    const name = this.#name('r');
    const guard = draw.once(2) ? conditions.guard(env) : null;
    // A rule that needs something to be there, and lets it be known below.
    if (guard !== null && this.#positional && draw.once(3)) {
      const second = draw.once(2) ? conditions.guard(guard.env) : null;
      const args = this.#args(conditions, env, effect);
      const condition = draw.oneOf(
        [1, () => `unless ${[guard, second].flatMap((one) => one?.text ?? []).join(' and ')}`],
        [1, () => `when ${[guard, second].flatMap((one) => one?.denied ?? []).join(' or ')}`],
      );
      return { text: `${effect.name} ${name}${args} ${condition}`, env: (second ?? guard).env };
    }
    let inside = env;
    const parts: string[] = [];
    if (guard !== null) {
      parts.push(draw.once(2) ? `unless ${guard.denied}` : `when ${guard.text}`);
      inside = guard.env;
    }
    for (let i = draw.once(8) ? 0 : 1 + draw.int(2); i > 0; i--)
      parts.push(`${draw.pick(['when', 'when', 'unless'])} ${conditions.make(inside, 3)}`);
    const args = this.#args(conditions, inside, effect);
    return {
      text: [`${effect.name} ${name}${args}`, ...parts, ...this.#clauses(conditions, inside, draw)].join(
        '\n  ',
      ),
      env,
    };
  }

  #args(conditions: Conditions, env: Environment, effect: EffectModel): string {
    const given = effect.params.filter((param) => !param.hasDefault || conditions.values.draw.once(2));
    const args = given.map((param) => `${param.name}: ${conditions.values.argument(env, param.type)}`);
    return args.length === 0 ? '' : ` with ${args.join(', ')}`;
  }

  #clauses(conditions: Conditions, env: Environment, draw: Draw, tags = true): string[] {
    const clauses: string[] = [];
    if (draw.once(4)) clauses.push(`reason "${draw.pick(['R_1', 'R_2', 'x y'])}"`);
    if (draw.once(3)) clauses.push(`severity ${draw.pick(this.#severities)}`);
    if (draw.once(3)) clauses.push(`message ${this.#template(env, draw)}`);
    for (let i = draw.once(3) ? 1 + draw.int(2) : 0; i > 0; i--)
      clauses.push(`remediation ${quoted(draw.pick(TEXTS))}`);
    if (tags && draw.once(4))
      clauses.push(`tags [${draw.list(0, 2, () => conditions.values.stringLiteral(STRING)).join(', ')}]`);
    return clauses;
  }

  #template(env: Environment, draw: Draw): string {
    const printable = env.usable((type) =>
      ['bool', 'string', 'int', 'decimal', 'timestamp', 'date', 'duration', 'local'].includes(type.t),
    );
    const references = printable.filter((ref) => /^[^\\{}*]+$/.test(ref.text));
    const parts = draw.list(1, 3, () => {
      const ref = references.length > 0 && draw.once(2) ? draw.pick(references) : null;
      return ref === null ? draw.pick(TEXTS) : `{${ref.text}}`;
    });
    return quoted(draw.once(40) ? parts.join('').repeat(300) : parts.join(' '));
  }

  #outcome(conditions: Conditions, env: Environment, effect: EffectModel, draw: Draw): string {
    return [
      `${effect.name}${this.#args(conditions, env, effect)}`,
      ...this.#clauses(conditions, env, draw, false),
    ].join(' ');
  }

  #constantOutcome(conditions: Conditions, effect: EffectModel, draw: Draw): string {
    const args = effect.params.map((param) => `${param.name}: ${constant(conditions, param.type)}`);
    const text = `${effect.name}${args.length === 0 ? '' : ` with ${args.join(', ')}`}`;
    return `${text}${draw.once(2) ? ` reason "BAD" message "bad {{request}}" remediation "Repair it."` : ''}`;
  }

  #let(draw: Draw, conditions: Conditions, env: Environment): { text: string; env: Environment } {
    const name = this.#name('l');
    const { values } = conditions;
    const made = draw.oneOf<readonly [string, Model, boolean] | null>(
      [2, () => [conditions.make(env, 2), { t: 'bool' }, false]],
      [
        2,
        () => {
          const num = values.number(env, 2);
          if (num === null || num.kind === 'number') return null;
          const power = 10 ** num.scale;
          return [
            num.text,
            { t: num.kind, scale: num.scale, min: num.lo / power, max: num.hi / power, values: null },
            false,
          ];
        },
      ],
      [
        1,
        () => {
          const text = values.string(env);
          return text === null ? null : [text.text, text.type, false];
        },
      ],
      [
        2,
        () => {
          const isList = (type: Model): boolean => type.t === 'list';
          const lists = env.refs().filter((ref) => isList(ref.type));
          const list = values.list(env, lists, isList);
          if (list?.type.t !== 'list') return null;
          return [values.quantifier('first', env, list, 2), list.type.item, true];
        },
      ],
      [2, () => this.#eitherOf(draw, env)],
      [
        2,
        () => {
          const refs = env.refs();
          return refs.length === 0 ? null : this.#alias(draw.pick(refs));
        },
      ],
      [
        1,
        () => {
          const ref = draw.pick([...env.usable(isNumber), null]);
          return ref === null ? ['10.50', DECIMAL2, false] : [values.literalNear(numOf(ref)), INT, false];
        },
      ],
    );
    const [text, type, optional] = made ?? ['7', INT, false];
    return {
      text: `let ${name} = ${text}`,
      env: env.withName({ text: name, type, gaps: optional ? [name] : [] }),
    };
  }

  #eitherOf(draw: Draw, env: Environment): readonly [string, Model, boolean] | null {
    const isContainer = (type: Model): boolean => type.t === 'list' || type.t === 'map';
    const two = coalesced(draw, env, draw.once(3) ? () => true : isContainer);
    return two && [two.text, two.type, two.gaps.length > 0];
  }

  #alias(ref: Ref): readonly [string, Model, boolean] | null {
    return ref.gaps.length > 0 ? null : [ref.text, ref.type, false];
  }

  #def(draw: Draw, conditions: Conditions, env: Environment): { text: string; env: Environment } {
    const name = this.#name('f');
    const kinds: readonly (readonly [string, Model])[] = [
      ['string', STRING],
      ['int', INT],
      ['unknown', UNKNOWN],
      ['decimal(2)', DECIMAL2],
      ['bool', { t: 'bool' }],
      ['timestamp', { t: 'timestamp' }],
      ['list<string>', listOf(STRING)],
      ...[...this.#schema.defs]
        .filter(([, def]) => def.t === 'record')
        .map(([text, def]) => [text, def] as const),
    ];
    let inside = env;
    const params = draw.list(1, 2, (i) => {
      const [text, type] = draw.pick(kinds);
      const param = `${name}_${i}`;
      inside = inside.withName({ text: param, type, gaps: type.t === 'unknown' ? [param] : [] });
      return { text: `${param}: ${text}`, type };
    });
    const body = conditions.make(inside, 2);
    const written = `def ${name}(${params.map((param) => param.text).join(', ')}) = ${body}`;
    return { text: written, env: env.withDef({ name, params: params.map((param) => param.type) }) };
  }

  #group(
    draw: Draw,
    conditions: Conditions,
    env: Environment,
    depth: number,
  ): { text: string; env: Environment } {
    const guard = conditions.guard(env);
    const name = this.#name('g');
    let inside = guard?.env ?? env;
    const items = draw.list(1, 3, () => {
      const made = this.#item(draw, inside, depth + 1);
      inside = this.#positional ? made.env : inside.withNamesOf(made.env);
      return made.text.replaceAll('\n', '\n  ');
    });
    const text = guard?.text ?? conditions.make(env, 2);
    return { text: `group ${name} when ${text} {\n  ${items.join('\n  ')}\n}`, env };
  }

  #table(draw: Draw, conditions: Conditions, env: Environment): { text: string; env: Environment } {
    const scalars = env
      .refs()
      .filter((ref) =>
        ['string', 'int', 'decimal', 'bool', 'timestamp', 'date', 'duration'].includes(ref.type.t),
      );
    if (scalars.length === 0) return this.#rule(draw, conditions, env);
    const columns = draw.list(1, 3, () => this.#column(draw, conditions, env, scalars));
    const rows = draw.list(1, 4, (i) => {
      const cells = columns.map((column) => this.#cell(draw, conditions, column));
      const label = draw.once(3) ? `row${i}: ` : '';
      const effect = draw.pick(this.#effects);
      const clauses = this.#clauses(conditions, env, draw, false);
      return `${label}${cells.join(', ')} -> ${[`${effect.name}${this.#args(conditions, env, effect)}`, ...clauses].join(' ')}`;
    });
    const head = columns.map((column) => column.text).join(', ');
    return { text: `table ${this.#name('t')} (${head}) first {\n  ${rows.join('\n  ')}\n}`, env };
  }

  #column(draw: Draw, conditions: Conditions, env: Environment, scalars: readonly Ref[]): Ref {
    const num = draw.once(5) ? conditions.values.number(env, 1) : null;
    if (num === null || num.kind === 'number') return draw.pick(scalars);
    const power = 10 ** num.scale;
    const [min, max] = [num.lo / power, num.hi / power];
    return { text: num.text, type: { t: num.kind, scale: num.scale, min, max, values: null }, gaps: [] };
  }

  #cell(draw: Draw, conditions: Conditions, column: Ref): string {
    const { type } = column;
    const literal = (): string => constant(conditions, type, column);
    const ordered = type.t !== 'string' && type.t !== 'bool';
    const alternative = (): string =>
      draw.oneOf(
        [4, literal],
        [1, () => (column.gaps.length > 0 ? 'absent' : literal())],
        [2, () => (ordered ? `${draw.pick(['<', '<=', '>', '>=', '!='])} ${literal()}` : literal())],
        [1, () => (ordered ? `${literal()} .. ${literal()}` : literal())],
        [1, () => (type.t === 'string' ? `matches ${conditions.pattern()}` : literal())],
      );
    if (draw.once(4)) return '_';
    return `${draw.once(6) ? 'not ' : ''}${draw.list(1, 2, alternative).join(' | ')}`;
  }
}

/** A constant of a type. */
function constant(conditions: Conditions, type: Model, ref?: Ref): string {
  const { draw } = conditions.values;
  if (type.t === 'list') return `[${draw.list(0, 2, () => constant(conditions, type.item)).join(', ')}]`;
  if (isNumber(type)) return conditions.values.literalNear(numOf(ref ?? { text: '', type, gaps: [] }));
  return conditions.values.argument(new Environment({ root: EMPTY, defs: new Map() }), type);
}

const EMPTY = { t: 'record' as const, props: [], closed: false, additional: null, def: null };

export function makeCase(seeds: Seeds): Case {
  const schema = makeSchema(new Draw(seeds.schema));
  const constants: Constants = { strings: [], numbers: [0] };
  const policy = new PolicyMaker(new Draw(seeds.header), schema, constants).make(seeds.items);
  const requests = seeds.requests.map((request) => makeRequest(new Draw(request), schema, constants));
  return { policy, schema, requests };
}
