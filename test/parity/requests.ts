// Random requests for a schema: valid ones with values near the constants of a policy, nearly valid ones, and garbage.

import type { Draw } from './draw.ts';
import { type Model, type SchemaModel, STRINGS } from './model.ts';

/** Constants that a policy mentions: interesting values for its requests. */
export interface Constants {
  readonly strings: string[];
  readonly numbers: number[];
}

export const TIMES = [
  '2026-01-01T00:00:00Z',
  '2026-01-01T00:00:00.000001Z',
  '2024-02-29T23:59:59.999999+05:30',
  '2025-12-31T23:30:00-00:30',
  '1969-12-31T23:59:59.5Z',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999999Z',
  '2026-01-01t01:00:00.1234567z',
] as const;
export const DATES = [
  '2026-01-01',
  '2024-02-29',
  '1970-01-01',
  '0001-01-01',
  '9999-12-31',
  '2025-12-31',
] as const;
export const DURATIONS = [
  'PT1H',
  'PT0S',
  'P1DT12H',
  '-PT5M',
  'PT0.5S',
  'P1W',
  'PT3600S',
  'P11574074D',
] as const;
const NUMBERS = [
  0,
  1,
  -1,
  5,
  0.5,
  100,
  1000,
  2 ** 53 - 1,
  -(2 ** 53 - 1),
  0.1,
  1e15 - 1,
  1e20,
  2 ** 53,
  -0,
  0.01,
];

/** A valid value of a model. */
export function validValue(draw: Draw, model: Model, constants: Constants, depth = 0): unknown {
  const inner = (next: Model): unknown => validValue(draw, next, constants, depth + 1);
  switch (model.t) {
    case 'bool':
      return draw.int(2) === 1;
    case 'string':
      return validString(draw, model, constants);
    case 'int':
    case 'decimal':
    case 'number':
      return validNumber(draw, model, constants);
    case 'timestamp':
      return draw.pick(TIMES);
    case 'date':
      return draw.pick(DATES);
    case 'duration':
      return draw.pick(DURATIONS);
    case 'local':
      return '2026-01-01T00:00:00';
    case 'unknown':
      return anyJson(draw, constants, 2);
    case 'record': {
      const entries: [string, unknown][] = [];
      for (const prop of model.props) {
        if (!prop.required && draw.once(3)) continue;
        entries.push([
          prop.name,
          (prop.nullable || !prop.required) && draw.once(6) ? null : inner(prop.type),
        ]);
      }
      if (!model.closed && draw.once(6))
        entries.push(['extra', model.additional === null ? 1 : inner(model.additional)]);
      return objectOf(entries);
    }
    case 'map': {
      const keys = new Set(draw.list(model.min ?? 0, model.max ?? 3, () => keyOf(draw, constants)));
      while (keys.size < (model.min ?? 0)) keys.add(`k${keys.size}`);
      return objectOf([...keys].map((key) => [key, inner(model.value)]));
    }
    case 'list': {
      const items = draw.list(model.min, Math.max(model.min, model.max ?? 4), () =>
        model.nullableItem && draw.once(5) ? null : inner(model.item),
      );
      return model.unique ? [...new Set(items)] : items;
    }
    case 'union':
      return inner(draw.pick(model.branches).record);
    case 'raw':
      return draw.pick(model.samples);
    case 'anyOf':
      return inner(draw.pick(model.branches));
  }
}

function objectOf(entries: readonly (readonly [string, unknown])[]): object {
  const object = {};
  for (const [key, value] of entries)
    Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
  return object;
}

function keyOf(draw: Draw, constants: Constants): string {
  return draw.once(2) && constants.strings.length > 0 ? draw.pick(constants.strings) : draw.pick(STRINGS);
}

function validString(draw: Draw, model: Extract<Model, { t: 'string' }>, constants: Constants): string {
  if (model.values !== null) return draw.pick(model.values);
  let text: string = draw.oneOf(
    [2, () => keyOf(draw, constants)],
    [1, () => `${keyOf(draw, constants)}${draw.pick(['', '.', '/', 'x'])}${keyOf(draw, constants)}`],
    [1, () => keyOf(draw, constants).toUpperCase()],
  );
  if (model.max !== null) text = [...text].slice(0, model.max).join('');
  return text.padEnd(model.min ?? 0, 'x');
}

function validNumber(
  draw: Draw,
  model: Extract<Model, { t: 'int' | 'decimal' | 'number' }>,
  constants: Constants,
): number {
  if (model.values !== null) return draw.pick(model.values);
  const unit = model.t === 'int' ? 1 : model.t === 'decimal' ? Number(`1e-${model.scale}`) : 0.5;
  const near = (): number => (draw.pick(constants.numbers) ?? 0) + (draw.int(3) - 1) * unit;
  const raw = draw.oneOf(
    [3, near],
    [1, () => draw.pick(NUMBERS)],
    [1, () => (model.min ?? -3) + draw.int(10)],
    [1, () => model.min ?? 0],
    [1, () => model.max ?? 0],
  );
  let value = Math.min(Math.max(raw, model.min ?? raw), model.max ?? raw);
  if (model.t === 'int') value = Math.max(-(2 ** 53 - 1), Math.min(2 ** 53 - 1, Math.round(value)));
  if (model.t === 'decimal') {
    const power = Number(`1e${model.scale}`);
    const k = Math.max(-(1e15 - 1), Math.min(1e15 - 1, Math.round(value * power)));
    value = k / power;
  }
  return value;
}

/** Any JSON value. */
export function anyJson(draw: Draw, constants: Constants, depth: number): unknown {
  return draw.oneOf<unknown>(
    [2, () => keyOf(draw, constants)],
    [2, () => draw.pick([...NUMBERS, ...constants.numbers])],
    [1, () => draw.int(2) === 1],
    [1, () => null],
    [1, () => draw.pick<string>([...TIMES, ...DATES, ...DURATIONS])],
    [2, () => (depth === 0 ? [] : draw.list(0, 3, () => anyJson(draw, constants, depth - 1)))],
    [
      2,
      () =>
        depth === 0
          ? {}
          : objectOf(draw.list(0, 3, () => [keyOf(draw, constants), anyJson(draw, constants, depth - 1)])),
    ],
  );
}

const NOT_JSON: readonly (() => unknown)[] = [
  () => Number.NaN,
  () => undefined,
  () => 10n,
  () => () => 1,
  () => Symbol('s'),
  () => '\u{d800}',
  () => new Date(0),
  () => new Map([['a', 1]]),
  () => new Array(2),
  () => Object.create({ inherited: 1 }) as object,
  () => Object.assign(Object.create(null) as object, { a: 1, n0: 'a' }),
  () => new Uint8Array(2),
];

/** Values that fit nearly any unknown place: of the definitions of the schema. */
function fillUnknown(draw: Draw, schema: SchemaModel, constants: Constants): unknown {
  const defs = [...schema.defs.values()];
  return defs.length === 0 || draw.once(4)
    ? anyJson(draw, constants, 2)
    : validValue(draw, draw.pick(defs), constants);
}

export interface Request {
  readonly value: unknown;
  /** The same as text; null when it is no JSON. */
  readonly text: string | null;
}

/** One request. */
export function makeRequest(draw: Draw, schema: SchemaModel, constants: Constants): Request {
  if (draw.once(25)) {
    const any = anyJson(draw, constants, 3);
    return { value: any, text: jsonText(draw, any) };
  }
  const value = refill(draw, validValue(draw, schema.root, constants), schema.root, schema, constants);
  const mutations = draw.oneOf([5, () => 0], [4, () => 1], [1, () => 2]);
  let plain = true;
  let mutated = value;
  for (let i = 0; i < mutations; i++) {
    if (draw.once(4)) plain = false;
    mutated = mutate(draw, mutated, constants, plain, schema);
  }
  return { value: mutated, text: plain ? jsonText(draw, mutated) : null };
}

// Unknown places hold values of the definitions, so that `is` is often true.
function refill(
  draw: Draw,
  value: unknown,
  model: Model,
  schema: SchemaModel,
  constants: Constants,
): unknown {
  if (model.t === 'unknown') return draw.once(3) ? value : fillUnknown(draw, schema, constants);
  if (model.t === 'record' && typeof value === 'object' && value !== null) {
    for (const prop of model.props)
      if (Object.hasOwn(value, prop.name))
        (value as { [key: string]: unknown })[prop.name] = refill(
          draw,
          (value as { [key: string]: unknown })[prop.name],
          prop.type,
          schema,
          constants,
        );
  }
  if (model.t === 'list' && model.item.t === 'unknown' && Array.isArray(value))
    return value.map((item) => refill(draw, item, model.item, schema, constants));
  return value;
}

function mutate(
  draw: Draw,
  value: unknown,
  constants: Constants,
  plain: boolean,
  schema: SchemaModel,
): unknown {
  const replacement = (): unknown =>
    plain
      ? draw.oneOf<unknown>(
          [3, () => anyJson(draw, constants, 2)],
          [1, () => (draw.once(4) ? Number.POSITIVE_INFINITY : null)],
          [1, () => fillUnknown(draw, schema, constants)],
          [
            1,
            () =>
              draw.once(8)
                ? 'x'.repeat(65_537)
                : draw.pick(['2026-02-30', '2026-01-01T24:00:00Z', 'P1Y', ' ']),
          ],
          [1, () => (draw.once(8) ? Array.from({ length: 1_025 }, (_, i) => i) : [])],
        )
      : draw.pick(NOT_JSON)();
  if (typeof value !== 'object' || value === null || draw.once(8)) return replacement();
  if (Array.isArray(value)) {
    if (value.length === 0 || draw.once(4)) return [...value, replacement()];
    const at = draw.int(value.length);
    return value.map((item, i) => (i === at ? mutate(draw, item, constants, plain, schema) : item));
  }
  const keys = Object.keys(value);
  if (keys.length === 0 || draw.once(5))
    return objectOf([...Object.entries(value), [draw.pick(['zz', 'n0', '__proto__', '~/']), replacement()]]);
  const at = draw.pick(keys);
  if (draw.once(5)) return objectOf(Object.entries(value).filter(([key]) => key !== at));
  return objectOf(
    Object.entries(value).map(([key, member]) =>
      key === at ? [key, mutate(draw, member, constants, plain, schema)] : [key, member],
    ),
  );
}

/** A request as JSON text in one of its many spellings. */
export function jsonText(draw: Draw, value: unknown): string {
  const space = (): string => (draw.once(6) ? draw.pick([' ', '\n', '\t\r ']) : '');
  const write = (part: unknown): string => {
    if (typeof part === 'string') return stringText(draw, part);
    if (typeof part === 'number') return numberText(draw, part);
    if (Array.isArray(part)) return `[${space()}${part.map(write).join(`${space()},${space()}`)}${space()}]`;
    if (typeof part !== 'object' || part === null) return JSON.stringify(part);
    const members = Object.entries(part).filter(([, member]) => member !== undefined);
    if (draw.once(3)) members.reverse();
    const texts = members.map(
      ([key, member]) => `${stringText(draw, key)}${space()}:${space()}${write(member)}`,
    );
    return `{${space()}${texts.join(`${space()},${space()}`)}${space()}}`;
  };
  return `${space()}${write(value)}${space()}`;
}

function stringText(draw: Draw, text: string): string {
  const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return draw.once(5) && text.length < 100
    ? `"${text.split('').map(escaped).join('')}"`
    : JSON.stringify(text);
}

function numberText(draw: Draw, value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? '1e400' : '-1e400';
  const text = Object.is(value, -0) ? '-0' : String(value);
  if (!draw.once(4) || text.includes('e')) return text;
  return draw.pick([
    `${text}${text.includes('.') ? '' : '.0'}`,
    `${text}e0`,
    `${text}E+0`,
    value.toExponential(),
  ]);
}
