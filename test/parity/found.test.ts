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
