// The parts of an explanation, one by one: what becomes of rules, what was read and how it is named, what is expected where.

import { describe, expect, test } from 'vitest';
import { loadBundle } from '../../src/evaluator/evaluator.ts';
import { changesBetween, inOrderOf, replaced, valueAt } from '../../src/explain/change.ts';
import { farness } from '../../src/explain/closeness.ts';
import { expectedAt } from '../../src/explain/expected.ts';
import { type Explanation, explainDecision, statusesOf } from '../../src/explain/explanation.ts';
import type { Part } from '../../src/explain/part.ts';
import { Reading } from '../../src/explain/reading.ts';
import type { Ir } from '../../src/ir/ir.ts';
import { type Compiled, compilePolicy } from '../../src/policy.ts';
import type { Json } from '../../src/value/json.ts';

const SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  required: ['item', 'orders'],
  properties: {
    item: { type: 'string', enum: ['a', 'b'] },
    orders: {
      type: 'array',
      items: {
        type: 'object',
        required: ['price', 'tags'],
        properties: {
          price: { type: 'number', multipleOf: 0.01, minimum: 0, maximum: 100 },
          tags: { type: 'array', items: { type: 'string' }, maxItems: 4 },
          due: { type: 'string', format: 'date' },
        },
      },
    },
    other: {},
    gone: { type: ['string', 'null'] },
  },
};

function compiled(rules: string, combining = 'most_restrictive'): Compiled {
  const header = `policy p\nrequest from "s.json"\neffects allow < deny\ncombining ${combining}\ndefault deny\n`;
  const files = new Map([
    ['p.policy', `${header}${rules}\n`],
    ['s.json', JSON.stringify(SCHEMA)],
  ]);
  const result = compilePolicy('p.policy', {
    readFile: (path) => {
      const text = files.get(path);
      return text === undefined
        ? { ok: false, reason: 'no such file' }
        : { ok: true, bytes: new TextEncoder().encode(text) };
    },
  });
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
  return result.compiled;
}

function explained(rules: string, request: Json): Explanation {
  const { ir, bytes } = compiled(rules);
  return explainDecision(ir, request, loadBundle(bytes).evaluate(request));
}

function conditionOf(rule: string, request: Json, lets = ''): Part {
  return explained(`${lets}\nallow r when ${rule}`, request).rules[0]!.condition!;
}

const ORDERS = {
  item: 'a',
  orders: [
    { price: 5, tags: [] },
    { price: 50.5, tags: ['x', 'rush'], due: '2027-01-02' },
    { price: 7, tags: ['y'] },
  ],
};

describe('conditions', () => {
  test('name nested variables apart, and none like a member of the request', () => {
    const part = conditionOf('any(o in orders: any(t in o.tags: t == item and o.price > 1))', ORDERS);
    expect(part.text).toBe(
      'any(item2 in orders: any(item3 in item2.tags: item3 == item and item2.price >= 1.01))',
    );
    const [outer] = part.looks;
    expect(outer).toMatchObject({ checked: 3, holding: 0 });
    const inner = outer!.items[1]!.condition;
    expect(inner.text).toBe('any(item3 in item2.tags: item3 == item and item2.price >= 1.01)');
    expect(inner.looks[0]!.items[0]!.condition.parts[0]!.reads).toMatchObject([
      { text: 'item3', pointer: '/orders/1/tags/0', value: 'x' },
      { text: 'item', pointer: '/item', value: 'a' },
    ]);
  });

  test('show the items that decide first', () => {
    const some = conditionOf('any(o in orders: o.price > 10)', ORDERS);
    expect(some.looks[0]!.items.map(({ pointer, holds }) => [pointer, holds])).toEqual([
      ['/orders/1', true],
      ['/orders/0', false],
      ['/orders/2', false],
    ]);
    const all = conditionOf('all(o in orders: o.price < 10)', ORDERS);
    expect(all).toMatchObject({ holds: false, looks: [{ checked: 3, holding: 2 }] });
    expect(all.looks[0]!.items[0]).toMatchObject({ pointer: '/orders/1', holds: false });
    expect(all.looks[0]!.items.map(({ condition }) => condition.decisive)).toEqual([true, false, false]);
  });

  test('show what was counted, and the first item that was found', () => {
    const count = conditionOf('count(o in orders: o.price < 10) >= 2', ORDERS);
    expect(count).toMatchObject({
      kind: 'test',
      holds: true,
      looks: [{ kind: 'count', checked: 3, holding: 2 }],
    });
    expect(count.reads).toMatchObject([{ value: 2, pointer: null }]);
    const first = conditionOf(
      'has rush and rush.price > 10',
      ORDERS,
      'let rush = first(o in orders: "rush" in o.tags)',
    );
    const test = first.kind === 'and' ? first.parts.find(({ reads }) => reads[0]?.value === 50.5)! : first;
    expect(test.reads).toMatchObject([{ pointer: '/orders/1/price', value: 50.5 }]);
    expect(test.looks).toMatchObject([{ kind: 'first', checked: 3, holding: 1 }]);
  });

  test('tell what is absent, null, or of another kind', () => {
    const state = (rule: string, request: Json): string => conditionOf(rule, request).reads[0]!.state;
    const base = { item: 'a', orders: [] };
    expect(state('has gone', base)).toBe('absent');
    expect(state('has gone', { ...base, gone: null })).toBe('null');
    expect(state('has gone', { ...base, gone: '' })).toBe('value');
    expect(conditionOf('other is string', { ...base, other: { x: 1 } }).reads[0]).toMatchObject({
      type: 'object',
      size: 1,
      value: null,
    });
  });

  test('put the alternatives that hold first', () => {
    const part = conditionOf('item == "b" or size(orders) > 2 or other is string', ORDERS);
    expect(part).toMatchObject({ kind: 'or', holds: true });
    expect(part.parts.map(({ holds, decisive }) => [holds, decisive])).toEqual([
      [true, true],
      [false, false],
      [false, false],
    ]);
  });
});

describe('the contract, where no policy source comes to it', () => {
  const bounded = { min: 0, max: 1000, minLength: null, maxLength: null, set: null };

  test('values of variables beyond the stated limits are absent', () => {
    const { ir } = compiled('deny r when any(o in orders: o.price > 10)');
    const fields = ir.fields.map((field) =>
      field.key === 'price' && ir.fields[field.parent!]!.via === 'bound'
        ? { ...field, limits: bounded }
        : field,
    );
    const prices = (price: number): Json => ({ item: 'a', orders: [{ price, tags: [] }] });
    const holds = (price: number): boolean => {
      const reading = new Reading({ ...ir, fields }, prices(price));
      return reading.holds(ir.rules[0]!.cond, reading.top);
    };
    expect([9.99, 10, 10.01, 50].map(holds)).toEqual([false, false, false, false]);
    const free = new Reading(ir, prices(50));
    expect(free.holds(ir.rules[0]!.cond, free.top)).toBe(true);
  });

  test('null gives way to a default', () => {
    const { ir } = compiled('deny r when other is string or item == "a"');
    const idOf = (key: string): number => ir.fields.find((field) => field.key === key)!.id;
    const derived = { op: 'COALESCE' as const, args: [idOf('other'), idOf('item')], imm: 0 };
    const id = ir.fields.length;
    const field = {
      ...ir.fields[idOf('other')]!,
      id,
      parent: null,
      via: 'calc' as const,
      key: null,
      derived,
    };
    const defaulted = (request: Json): unknown => {
      const reading = new Reading({ ...ir, fields: [...ir.fields, field] }, request);
      return reading.value(id, reading.top);
    };
    expect(defaulted({ item: 'a', orders: [], other: null })).toEqual({ json: 'a' });
    expect(defaulted({ item: 'a', orders: [] })).toEqual({ json: 'a' });
    expect(defaulted({ item: 'a', orders: [], other: 1 })).toEqual({ json: 1 });
  });
});

describe('what becomes of rules', () => {
  const statuses = (combining: Ir['combining'], shadows: readonly number[], holding: readonly boolean[]) => {
    const { ir } = compiled(
      'allow a when item == "a"\ndeny b when item == "b"\ndeny c when has gone\nallow d',
    );
    const rules = ir.rules.map((rule, index) => ({ ...rule, shadow: shadows.includes(index) }));
    return statusesOf({ ...ir, combining, rules }, holding);
  };

  test('in most_restrictive', () => {
    expect(statuses('most_restrictive', [], [true, true, true, false])).toEqual([
      'outranked',
      'decides',
      'contributes',
      'no_match',
    ]);
    expect(statuses('most_restrictive', [1], [true, true, false, true])).toEqual([
      'decides',
      'shadow',
      'no_match',
      'contributes',
    ]);
  });

  test('in first_applicable', () => {
    expect(statuses('first_applicable', [0, 3], [true, true, true, true])).toEqual([
      'shadow',
      'decides',
      'not_reached',
      'not_reached',
    ]);
    expect(statuses('first_applicable', [3], [false, false, false, true])[3]).toBe('shadow');
  });
});

describe('what is expected', () => {
  const { ir } = compiled(
    'deny r when any(o in orders: o.price > 3 and size(o.tags) > 1 and has o.due and o.due == "2027-01-01")\nallow s when item == "a"',
  );
  test.each([
    ['/item', 'one of "a", "b"'],
    ['/orders', 'a list'],
    ['/orders/7/price', 'a number with at most 2 digits after the point at least 0 at most 100'],
    ['/orders/0/tags', 'a list of size 4 or less'],
    ['/orders/0/due', 'a date, such as "2027-03-15" or nothing'],
    ['/nowhere', null],
  ])('at %s', (pointer, expected) => {
    expect(expectedAt(ir, pointer)).toBe(expected);
  });
});

describe('changes', () => {
  test('are counted member by member', () => {
    const old = { a: 1, b: { c: [1, 2], d: null }, e: 'x' };
    expect(changesBetween(old, { b: { c: [1, 3, 4], d: {} }, e: 'x', 'f/~': true })).toEqual([
      { pointer: '/a', old: 1, new: undefined },
      { pointer: '/b/c/1', old: 2, new: 3 },
      { pointer: '/b/c/2', old: undefined, new: 4 },
      { pointer: '/b/d', old: null, new: {} },
      { pointer: '/f~1~0', old: undefined, new: true },
    ]);
    expect(changesBetween(old, structuredClone(old))).toEqual([]);
    expect(changesBetween({ a: [] }, { a: {} })).toEqual([{ pointer: '/a', old: [], new: {} }]);
  });

  test('are made and read by pointer', () => {
    const request = { 'a/b': [{ '~': 1 }], toString: 2 };
    expect(valueAt(request, '/a~1b/0/~0')).toBe(1);
    expect(valueAt(request, '/a~1b/1/~0')).toBeUndefined();
    expect(valueAt({}, '/toString')).toBeUndefined();
    expect(replaced(request, '/a~1b/0/~0', 5)).toEqual({ 'a/b': [{ '~': 5 }], toString: 2 });
  });

  test('keep the order of the members', () => {
    const ordered = inOrderOf({ a: 1, b: { x: 1, y: 2 }, z: 0 }, { b: { y: 0, x: 0 }, gone: 1, a: 0 });
    expect(JSON.stringify(ordered)).toBe('{"b":{"y":2,"x":1},"a":1,"z":0}');
  });

  test('of numbers are nearer than those of texts, and those than new members', () => {
    const far = (old: Json | undefined, next: Json | undefined) => farness([{ pointer: '', old, new: next }]);
    const order = [far(100, 99), far(100, 1), far('ab', 'ac'), far('ab', 'xy'), far(undefined, 1)];
    expect([...order].sort((a, b) => a - b)).toEqual(order);
    expect(new Set(order).size).toBe(order.length);
  });
});
