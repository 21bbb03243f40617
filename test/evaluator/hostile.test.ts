import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { MAX_DEPTH, MAX_REQUEST_BYTES } from '../../src/bytecode/limits.ts';
import type { SlotKind } from '../../src/bytecode/opcodes.ts';
import type { Evaluator } from '../../src/evaluator/evaluator.ts';
import { Assembly, parsed, type Tree, verdict } from './assemble.ts';

const of = (kind: SlotKind, more: Partial<Tree> = {}): Tree => ({ kind, ...more });

/** A policy that reads something of every kind. */
function everything(): Evaluator {
  const item = of('record', { members: { id: of('string'), n: of('int', { optional: true }) } });
  const assembly = new Assembly({
    kind: 'record',
    members: {
      a: of('int', { as: 'a', optional: true }),
      constructor: of('int', { as: 'constructor', optional: true }),
      d: of('decimal', { as: 'd', scale: 2, optional: true }),
      items: of('list', { as: 'items', optional: true, element: item }),
      m: of('map', { as: 'm', optional: true, value: of('number') }),
      r: of('record', {
        as: 'r',
        optional: true,
        closed: ['s', 't'],
        members: {
          s: of('string', { as: 's', optional: true }),
          t: of('timestamp', { as: 't', optional: true }),
        },
      }),
      toString: of('string', { as: 'toString', optional: true }),
      u: of('unknown', {
        as: 'u',
        optional: true,
        members: { k: of('unknown', { as: 'k', views: [of('int', { as: 'ki' })] }) },
        views: [of('string', { as: 'us' })],
        element: of('unknown'),
        value: of('unknown'),
      }),
    },
  });
  assembly.bound('items', of('record', { members: { n: of('int', { as: 'n' }) } }));
  const names = ['a', 'constructor', 'd', 'items', 'm', 'r', 's', 't', 'toString', 'u', 'k', 'ki', 'us'];
  const steps = names.map((name) => assembly.when(name, assembly.atom('PRESENT', name)));
  steps.push(assembly.when('key', assembly.atom('HAS_KEY', 'u', { key: '__proto__' })));
  steps.push(assembly.when('list', assembly.atom('KIND_IS', 'u', { index: 16 })));
  steps.push(assembly.when('unique', assembly.atom('UNIQUE', 'u')));
  return assembly.load(steps);
}
const evaluator = everything();

const shaped = fc.record(
  {
    a: fc.oneof(fc.integer(), fc.double(), fc.jsonValue()),
    d: fc.oneof(
      fc.integer().map((k) => k / 100),
      fc.jsonValue(),
    ),
    items: fc.oneof(
      fc.array(
        fc.record(
          { id: fc.string({ unit: 'binary' }), n: fc.oneof(fc.integer(), fc.jsonValue()) },
          { requiredKeys: [] },
        ),
      ),
      fc.jsonValue(),
    ),
    m: fc.oneof(fc.dictionary(fc.string(), fc.oneof(fc.double(), fc.jsonValue())), fc.jsonValue()),
    r: fc.oneof(
      fc.record(
        {
          s: fc.string(),
          t: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
          x: fc.integer(),
        },
        { requiredKeys: [] },
      ),
      fc.jsonValue(),
    ),
    toString: fc.jsonValue(),
    u: fc.oneof(
      fc.record({ k: fc.jsonValue(), __proto__: fc.jsonValue() }, { requiredKeys: [] }),
      fc.jsonValue(),
    ),
  },
  { requiredKeys: [] },
);

describe('evaluate is evaluateJson without the text', () => {
  test('for JSON values', () => {
    fc.assert(
      fc.property(fc.oneof({ weight: 5, arbitrary: shaped }, fc.jsonValue()), (value) => {
        const text = JSON.stringify(value);
        const request: unknown = JSON.parse(text);
        const decision = evaluator.evaluate(request);
        const bytes = evaluator.evaluateJson(text);
        expect(parsed(bytes)).toEqual(decision);
        expect(new TextDecoder().decode(bytes)).toBe(JSON.stringify(decision));
        expect(evaluator.evaluateJson(new TextEncoder().encode(text))).toEqual(bytes);
        const { effect, reason, rule, severity } = decision;
        expect(evaluator.decide(request)).toMatchObject({ effect, reason, rule, severity });
        // Nothing is left of a call in the next.
        expect(evaluator.evaluate(request)).toEqual(decision);
      }),
      { numRuns: 1500 },
    );
  });

  test.each([
    ['{"a":1e400}', 'number', '/a'],
    ['{"other":1e400}', null, ''],
    ['{"a":1,"a":2}', 'duplicate_key', ''],
    ['{"other":[{"k":1,"k":1}]}', 'duplicate_key', '/other/0'],
    ['{"other":"\\ud800"}', 'utf8', ''],
    ['{"other":"\ud800"}', 'utf8', ''],
    ['{', 'json', ''],
    ['', 'json', ''],
    ['\ufeff{}', 'json', ''],
    [`${'['.repeat(MAX_DEPTH + 1)}`, 'depth', ''],
    [`{"x":${'['.repeat(MAX_DEPTH - 1)}${']'.repeat(MAX_DEPTH - 1)}}`, null, ''],
    [`{"x":"${'x'.repeat(MAX_REQUEST_BYTES - 8)}"}`, null, ''],
    [`{"x":"${'x'.repeat(MAX_REQUEST_BYTES - 7)}"}`, 'too_large', ''],
    ['[]', 'type', ''],
    ['{"a":-0}', null, ''],
    ['{"__proto__":{"a":"x"}}', null, ''],
  ])('%#', (text, code, pointer) => {
    const invalid = code === null ? null : { code, pointer };
    expect(parsed(evaluator.evaluateJson(text))).toMatchObject({ invalid });
  });

  test('what is neither text nor bytes', () => {
    for (const json of [null, undefined, 1, {}, [], Symbol('x'), new Proxy(new Uint8Array(1), {})]) {
      expect(parsed(evaluator.evaluateJson(json as unknown as string))).toMatchObject({
        invalid: { code: 'json', pointer: '' },
      });
    }
    expect(parsed(evaluator.evaluateJson(new Uint8Array([0xff])))).toMatchObject({
      invalid: { code: 'utf8', pointer: '' },
    });
  });
});

const thrower = (): never => {
  throw new Error('no');
};

describe('objects that are not plain', () => {
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const revokedList = Proxy.revocable([], {});
  revokedList.revoke();
  const cycle: { [key: string]: unknown } = {};
  cycle.u = cycle;
  cycle.r = cycle;

  test.each<[string, unknown, string]>([
    [
      'getter',
      {
        get a() {
          return thrower();
        },
      },
      'not_plain ',
    ],
    [
      'getter that works',
      {
        get a() {
          return 1;
        },
      },
      'a',
    ],
    [
      'getter in a list',
      {
        items: [
          {
            get id() {
              return thrower();
            },
          },
        ],
      },
      'not_plain ',
    ],
    ['revoked proxy', revoked.proxy, 'not_plain '],
    ['member that is a revoked proxy', { r: revoked.proxy }, 'not_plain '],
    ['revoked proxy under an unknown', { u: { k: revoked.proxy } }, 'not_plain '],
    ['list that is a revoked proxy', { items: revokedList.proxy }, 'not_plain '],
    [
      'proxy that throws on everything',
      new Proxy(
        {},
        { get: thrower, getOwnPropertyDescriptor: thrower, getPrototypeOf: thrower, ownKeys: thrower },
      ),
      'not_plain ',
    ],
    ['transparent proxy', new Proxy({ a: 1 }, {}), 'a'],
    [
      'list with a length that lies',
      { items: new Proxy([], { get: (_, key) => (key === 'length' ? 1e9 : undefined) }) },
      'limit /items',
    ],
    ['cycle', { u: cycle }, 'u'],
    ['cycle in a closed record', { r: cycle }, 'unknown_key /r'],
    ['BigInt', { a: 1n }, 'not_plain /a'],
    ['function', { items: thrower }, 'not_plain /items'],
    ['sparse list', { items: new Array(3) }, 'not_plain /items/0'],
    ['NaN', { d: Number.NaN }, 'number /d'],
    ['null prototype', Object.assign(Object.create(null), { a: 1 }), 'a'],
    ['inherited members', Object.create({ a: 1, toString: 'x' }), ''],
    [
      'class instance',
      new (class {
        a = 1;
        get d() {
          return thrower();
        }
      })(),
      'a',
    ],
    ['Date, Map, RegExp', { r: new Date(), u: new Map([['k', 1]]), m: /x/ }, 'm r u'],
    ['boxed values', { u: new String('ab') }, 'u'],
    ['boxed number', { a: new Number(1) }, 'type /a'],
    ['typed array', { m: new Uint8Array(2) }, 'm'],
    ['key on a prototype', { toString: 'x' }, 'toString'],
    ['nothing but prototypes', {}, ''],
    ['__proto__', { u: JSON.parse('{"__proto__":1}') }, 'u key'],
    ['toJSON', { toJSON: thrower, a: 1 }, 'a'],
    ['a string of 5 MB', { r: { s: 'x'.repeat(5_000_000) } }, 'limit /r/s'],
  ])('%s', (_name, request, expected) => {
    const found = verdict(evaluator, request);
    expect(found.split(' ').sort().join(' ')).toBe(expected.split(' ').sort().join(' '));
    const { effect, reason } = evaluator.evaluate(request);
    expect(evaluator.decide(request)).toMatchObject({ effect, reason });
  });

  test('10,000 nested containers', () => {
    let deep: unknown = {};
    for (let i = 0; i < 10_000; i++) deep = i % 2 === 0 ? { k: deep } : [deep];
    expect(verdict(evaluator, { u: deep })).toBe('u list unique');
    expect(parsed(evaluator.evaluateJson('['.repeat(10_000)))).toMatchObject({ invalid: { code: 'depth' } });
  });

  test('a getter may call the evaluator', () => {
    const inner = { d: 1.5 };
    const request = {
      a: 1,
      get d() {
        expect(verdict(evaluator, inner)).toBe('d');
        expect(evaluator.decide(inner).rule).toBe('d');
        expect(parsed(evaluator.evaluateJson('{"d":2}'))).toMatchObject({ rule: 'd' });
        return 2;
      },
      toString: 'x',
    };
    expect(verdict(evaluator, request)).toBe('a d toString');
  });

  test('a getter that never ends its recursion is an invalid request', () => {
    const request = {
      get a(): unknown {
        return evaluator.evaluate(request);
      },
    };
    expect(['not_plain ', 'type /a']).toContain(verdict(evaluator, request));
  });

  test('never throws', () => {
    const weird = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
      withNullPrototype: true,
      withObjectString: true,
      withBoxedValues: true,
    });
    fc.assert(
      fc.property(
        fc.oneof(
          weird,
          fc.record({ a: weird, d: weird, items: weird, m: weird, r: weird, u: weird }, { requiredKeys: [] }),
        ),
        (request) => {
          const decision = evaluator.evaluate(request);
          expect(evaluator.decide(request)).toMatchObject({
            effect: decision.effect,
            reason: decision.reason,
          });
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('polluted prototypes', () => {
  const required = new Assembly({ kind: 'record', members: { a: of('int', { as: 'a' }) } });
  const strict = required.load([required.when('a', required.atom('PRESENT', 'a'))]);
  const prototypes = [Object.prototype, Array.prototype] as unknown as { [key: string]: unknown }[];

  afterEach(() => {
    for (const prototype of prototypes) for (const key of ['a', 'k', '0']) delete prototype[key];
  });

  test('an inherited member is none', () => {
    prototypes[0]!.a = 1;
    prototypes[0]!.k = 1;
    expect(verdict(strict, {})).toBe('required /a');
    expect(verdict(evaluator, { u: {} })).toBe('u');
    expect(verdict(strict, { a: 2 })).toBe('a');
  });

  test('an inherited item is none', () => {
    prototypes[1]!['0'] = { id: 'x' };
    expect(verdict(evaluator, { items: new Array(1) })).toBe('not_plain /items/0');
  });

  test('a required member of a class instance is read as an own one', () => {
    class Request {
      get a(): number {
        return 1;
      }
    }
    expect(verdict(strict, new Request())).toBe('required /a');
    expect(verdict(strict, Object.create({ a: 1 }))).toBe('required /a');
  });

  test('a hidden addition to Object.prototype is the one thing that is not seen', () => {
    Object.defineProperty(Object.prototype, 'a', { value: 1, enumerable: false, configurable: true });
    expect(verdict(strict, {})).toBe('a');
    expect(verdict(evaluator, {})).toBe('');
  });
});
