// What generated policies have found: each case once disagreed with the specification or did not load.
import { expect, it } from 'vitest';
import { difference } from './properties.ts';

const INT = { type: 'integer', minimum: 0 };
const A = { type: 'object', required: ['tag', 'x'], properties: { tag: { const: 'a' }, x: INT } };
const B = { type: 'object', required: ['tag'], properties: { tag: { const: 'b' }, x: { type: 'string' } } };

function schema(properties: object): string {
  return JSON.stringify({ type: 'object', properties, required: Object.keys(properties), $defs: { A, B } });
}

function policy(items: string, effects = 'allow < deny'): string {
  return `policy p\nrequest from "s.json"\neffects ${effects}\ncombining most_restrictive\ndefault allow\n${items}\n`;
}

it('an obligation copies a list that lies under an unknown', () => {
  const source = policy('deny d with who: u when u is list<string>', 'allow < deny(who: list<string> = [])');
  for (const u of [['a', '😀'], [], [1], 'a', null])
    expect(difference(source, schema({ u: true }), { u })).toBeNull();
});

it('an error in a list inside a map is told at the map', () => {
  const source = policy(
    'deny d when has m["a"] and 1 in m["a"]\ndeny e when has xs[0]["a"] and size(xs[0]) > 1',
  );
  const map = { type: 'object', additionalProperties: { type: 'array', items: INT } };
  const text = schema({ m: map, xs: { type: 'array', items: map } });
  expect(difference(source, text, { m: { a: [1, -1] }, xs: [] })).toBeNull();
  expect(difference(source, text, { m: {}, xs: [{}, { a: [1, -1] }] })).toBeNull();
  expect(difference(source, text, { m: {}, xs: [{ b: [-1], a: [0.5] }] })).toBeNull();
});

it('of the errors in a map the earliest code counts, also between a key that is named and the others', () => {
  const source = policy(
    'deny d when has m["a"].x and m["a"].x > 1\ndeny e when has m["b"].x\ndeny f when size(m) > 3',
  );
  const record = { type: 'object', required: ['x'], properties: { x: INT } };
  const text = schema({ m: { type: 'object', additionalProperties: record } });
  for (const m of [
    { a: {}, z: 1 },
    { z: 1, a: { x: -1 } },
    { a: { x: -1 }, b: {} },
    { a: { x: 'a' }, b: { x: -1 } },
  ])
    expect(difference(source, text, { m })).toBeNull();
});

it('a record parameter validates the branches of the union that it is given', () => {
  const source = policy('def f(v: A) = v.x > 4\ndeny d when n is A and f(n)');
  const text = schema({ n: { anyOf: [{ $ref: '#/$defs/A' }, { $ref: '#/$defs/B' }] } });
  for (const n of [{ tag: 'a', x: 5 }, { tag: 'a', x: -1 }, { tag: 'a' }, { tag: 'b', x: -1 }, { tag: 'c' }])
    expect(difference(source, text, { n })).toBeNull();
});

it('`is` on a record parameter is refused where a call gives it a typed value', () => {
  const source = policy('def f(v: A) = v is A and v.x > 4\ndeny d when f(n)');
  expect(difference(source, schema({ n: A }), { n: { tag: 'a', x: 5 } })).toBe('P3049');
  const nested = policy('def f(v: A) = v is A and v.x > 4\ndef g(v: A) = f(v)\ndeny d when u is A and g(u)');
  expect(difference(nested, schema({ u: true }), { u: { tag: 'a', x: 5 } })).toBeNull();
});

it('what the body of a quantifier names is read, also over an empty list', () => {
  const source = policy(
    'def f(xs: list<string>) = any(v in xs: b and v == "a")\ndef g(xs: list<A>) = all(v in xs: v.x == n and v.tag == t)\n' +
      'deny d when f([])\ndeny e unless g([])\ndeny k when z in []',
  );
  const text = schema({ b: { type: 'boolean' }, n: INT, t: { type: 'string' }, z: INT });
  expect(difference(source, text, { b: true, n: 1, t: '', z: 1 })).toBeNull();
  expect(difference(source, text, { b: 'x', n: 1, t: '', z: 1 })).toBeNull();
  expect(difference(source, text, { b: true, n: -1, t: '', z: 1 })).toBeNull();
  expect(difference(source, text, { b: true, n: 1, t: 1, z: 1 })).toBeNull();
  expect(difference(source, text, { b: true, n: 1, t: '', z: -1 })).toBeNull();
});

it('one value tested both as a list and as a map is validated as both', () => {
  const source = policy('deny d when u is list<list<string>>\ndeny e when u is map<list<string>>');
  const text = schema({ u: true });
  const long = Array.from({ length: 1025 }, () => 's');
  for (const u of [[['a']], { a: ['b'] }, { a: long }, [long], { a: [1] }, [1]])
    expect(difference(source, text, { u })).toBeNull();
});

it('what a written list names is read, also when the def that it is passed to ignores it', () => {
  const source = policy('def f(xs: list<string>) = b\ndeny d when f([t, "a"])');
  const text = schema({ b: { type: 'boolean' }, t: { type: 'string' } });
  expect(difference(source, text, { b: true, t: 'x' })).toBeNull();
  expect(difference(source, text, { b: true, t: [] })).toBeNull();
});

const list = (items: object, more: object = {}): object => ({ type: 'array', items, ...more });
const map = (values: object | boolean): object => ({ type: 'object', additionalProperties: values });
const text = (maxLength: number): object => ({ type: 'string', maxLength });
const decimal = (scale: number, maximum?: number): object => ({
  type: 'number',
  multipleOf: Number(`1e-${scale}`),
  ...(maximum === undefined ? {} : { minimum: 0, maximum }),
});

/** Every decision on `xs ?? ys`, with each of the values at each of the two places. */
function defaults(xs: object, ys: object, condition: string, values: readonly unknown[]): unknown[] {
  const source = policy(`deny d when ${condition}`);
  const properties = { xs, ys, k: { type: 'string' } };
  const json = JSON.stringify({ type: 'object', properties, required: ['k'] });
  const found = values.flatMap((v) =>
    [{ ys: v }, { xs: v }, { xs: null, ys: v }].map((request) =>
      difference(source, json, { ...request, k: 'a' }),
    ),
  );
  return found.filter((one) => one !== null);
}

const SOME = 'any(v in ((xs ?? ys) ?? []): ';

it.each([
  ['shorter texts', list(text(3)), list(text(9)), `${SOME}v == "long one")`],
  ['longer texts', list({ type: 'string', minLength: 3 }), list(text(9)), '"a" in ((xs ?? ys) ?? [])'],
  ['local times', list({ type: 'string', format: 'date-time-local' }), list(text(9)), `${SOME}v == "a")`],
  ['other enums', list({ enum: ['a', 'b'] }), list({ enum: ['c', 'a'] }), `${SOME}v == "c")`],
  ['smaller ints', list({ ...INT, maximum: 9 }), list(INT), '((xs ?? ys)[0] ?? 1) > 9'],
  ['some ints', list({ enum: [1, 2] }), list({ ...INT, maximum: 50 }), `${SOME}v > 9)`],
  [
    'ints',
    list({ ...INT, maximum: 9 }),
    list(decimal(2, 50)),
    '(first(v in ((xs ?? ys) ?? []): v > 0.1) ?? 0) > 0.1',
  ],
  ['other scales', list(decimal(2, 9)), list(decimal(3, 50)), `${SOME}v == 0.125)`],
  ['binary64', list({ ...INT, maximum: 9 }), list({ type: 'number' }), `${SOME}v == 0.125)`],
  ['no null', list(text(9)), list({ type: ['string', 'null'] }), `${SOME}not has v)`],
  ['no items', list(text(9), { maxItems: 0 }), list(INT), `${SOME}v > 9)`],
  ['rows', list(list(text(3), { maxItems: 1 })), list(list(text(9))), `${SOME}any(w in v: w == "long one"))`],
  ['a row of texts', list(list(text(3))), list(list(text(9))), '((xs ?? ys)[0][0] ?? "") == "long one"'],
  ['values', map(text(3)), map(text(9)), '((xs ?? ys)[k] ?? "") == "long one"'],
  ['a named value', map(text(3)), map(text(9)), '((xs ?? ys)["a"] ?? "") == "long one"'],
  [
    'lists of values',
    map(list(text(3))),
    map(list(text(9))),
    'any(v in ((xs ?? ys)[k] ?? []): v == "long one")',
  ],
  ['no values', map(false), map({}), '(xs ?? ys)[k] is string'],
] as const)('limits of one side of `??` do not hold for the other: %s', (_, xs, ys, condition) => {
  const items = [
    ['long one'],
    ['a'],
    ['b', 'c'],
    [50],
    [12, 1],
    [0.125, 0.5],
    [null],
    [[]],
    [['long one', 'a']],
    [],
  ];
  const objects = [{ a: 'long one' }, { a: 'a', b: 'b' }, { a: ['long one'] }, { a: 1 }, {}];
  expect(defaults(xs, ys, condition, [...items, ...objects])).toEqual([]);
});

it('the items of lists beside each other at `??` must be exact in the larger number of digits', () => {
  const wide = defaults(list(decimal(2)), list(decimal(3)), `${SOME}v > 9)`, [[9e12]]);
  expect(wide).toEqual(Array.from({ length: 3 }, () => expect.stringContaining('P3027')));
  expect(defaults(list(decimal(2, 3)), list(INT), `${SOME}v > 9)`, [[9e15]])).toHaveLength(3);
  expect(defaults(list(decimal(2, 9e12)), list(decimal(2)), `${SOME}v > 9)`, [[9e12]])).toEqual([]);
});

it('a value under an unknown behind `??` is not read by the schema of the other side', () => {
  const under = (xs: object, condition: string, u: unknown): string | null => {
    const properties = { xs, u: true };
    return difference(policy(`deny d when ${condition}`), JSON.stringify({ type: 'object', properties }), {
      u,
    });
  };
  for (const u of [0, 0.5, 2, 'a']) expect(under(INT, 'u is number and (xs ?? u) > 0.25', u)).toBeNull();
  for (const u of ['long one', 'a', 1])
    expect(under(text(3), 'u is string and (xs ?? u) == "long one"', u)).toBeNull();
  expect(under(map(text(3)), 'u is map<string> and ((xs ?? u)["a"] ?? "") == "b"', {})).toContain('P3005');
});

it('members that branches share keep the limits of their own branch', () => {
  const branch = (tag: string, names: object): object => ({
    type: 'object',
    required: ['tag', 'names'],
    properties: { tag: { const: tag }, names },
  });
  for (const part of [text(9), { enum: ['long one', 'a'] }]) {
    const n = { oneOf: [branch('a', list(text(3))), branch('b', list(part))] };
    for (const condition of ['any(v in n.names: v == "long one")', '(n.names[0] ?? "") == "long one"'])
      for (const tag of ['a', 'b'])
        expect(
          difference(policy(`deny d when ${condition}`), schema({ n }), { n: { tag, names: ['long one'] } }),
        ).toBeNull();
  }
});
