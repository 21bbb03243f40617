import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { computeBounds } from '../../src/bytecode/bounds.ts';
import { encodeBundle } from '../../src/bytecode/codec.ts';
import { MAX_MESSAGE } from '../../src/bytecode/limits.ts';
import { DECISION_KEYS } from '../../src/bytecode/opcodes.ts';
import { BundleError, type Evaluator, loadBundle } from '../../src/evaluator/evaluator.ts';
import { Assembly, parsed, rule, text, verdict } from './assemble.ts';

/** Rules a (allow), w1 w2 (warn), d1 d2 (deny), each on a bool of its name, in strata; s1 s2 are shadow rules. */
function strata(combining: 'most_restrictive' | 'first_applicable' = 'most_restrictive'): Assembly {
  const names = ['d1', 'w1', 's1', 'a', 'w2', 'd2', 's2'];
  const assembly = new Assembly({
    kind: 'record',
    members: {
      ...Object.fromEntries(names.map((name) => [name, { kind: 'bool', as: name, optional: true } as const])),
      n: { kind: 'decimal', scale: 2, as: 'n', optional: true },
      text: { kind: 'string', as: 'text', optional: true },
      list: { kind: 'list', as: 'list', optional: true, element: { kind: 'decimal', scale: 2 } },
    },
  });
  assembly.combining = combining;
  const yes = assembly.set([1]);
  const effects: { [name: string]: number } = { a: 0, w1: 1, w2: 1, d1: 2, d2: 2, s1: 2, s2: 2 };
  for (const name of names) {
    const shadow = name.startsWith('s');
    const row = { effect: effects[name]!, shadow, ...rows[name]?.(assembly) };
    assembly.when(name, assembly.atom('IN_NUMBERS', name, { index: yes }), row);
  }
  return assembly;
}

const rows: { [name: string]: (assembly: Assembly) => Partial<ReturnType<typeof rule>> } = {
  d1: (assembly) => ({
    severity: 1,
    remediations: ['fix', 'ask'],
    obligations: [
      {
        text: '{"rule":"d1","values":{"amount":',
        hole: { slot: assembly.slot('n'), format: 'decimal', list: false, scale: 2 },
      },
      { text: ',"of":', hole: { slot: assembly.slot('list'), format: 'decimal', list: true, scale: 2 } },
      { text: ',"who":', hole: { slot: assembly.slot('text'), format: 'string', list: false, scale: 0 } },
      { text: '}}', hole: null },
    ],
    message: [
      { text: 'pay ', hole: { slot: assembly.slot('n'), format: 'decimal', list: false, scale: 2 } },
      { text: ' to ', hole: { slot: assembly.slot('text'), format: 'string', list: false, scale: 0 } },
    ],
  }),
  d2: () => ({
    remediations: ['ask', 'wait'],
    obligations: text('{"rule":"d2","values":{"hours":1}}'),
    message: text('never shown with d1'),
  }),
  w1: () => ({ obligations: text('{"rule":"w1","values":{"log":true}}') }),
  w2: () => ({ obligations: text('{"rule":"w2","values":{"log":false}}') }),
};

/** Strongest effect first, each stratum closed by a BAR; the shadow region behind. */
function mostRestrictive(): Evaluator {
  const assembly = strata();
  for (const [effect, indexes] of [
    [2, [0, 5]],
    [1, [1, 4]],
    [0, [3]],
  ] as const) {
    assembly.steps(indexes.map((index) => ({ test: index, rule: index })));
    assembly.node('BAR', effect, assembly.nodes.length + 1);
  }
  assembly.node('END', 0, 0);
  assembly.shadow = assembly.nodes.length;
  return assembly.load([
    { test: 2, rule: 2 },
    { test: 6, rule: 6 },
  ]);
}

function firstApplicable(): Evaluator {
  const assembly = strata('first_applicable');
  const order = [0, 1, 3, 4, 5];
  const end = order.length * 2;
  for (const [i, index] of order.entries()) {
    assembly.node('TEST', index, 2 * i + 1, i === order.length - 1 ? end : 2 * i + 2);
    assembly.node('HIT', index, end);
  }
  assembly.node('END', 0, 0);
  assembly.shadow = assembly.nodes.length;
  return assembly.load([
    { test: 2, rule: 2 },
    { test: 6, rule: 6 },
  ]);
}

const on = (...names: string[]): { [name: string]: unknown } =>
  Object.fromEntries(names.map((name) => [name, true]));

describe('most_restrictive', () => {
  const evaluator = mostRestrictive();

  test('the strongest effect decides, of its rules the first', () => {
    const request = { ...on('a', 'w1', 'd1', 'd2', 's1'), n: 12.5, text: 'Zoë "Z"', list: [1, 0.25] };
    expect(evaluator.evaluate(request)).toEqual({
      effect: 'deny',
      invalid: null,
      matched: ['d1', 'w1', 'a', 'd2'].map((name) => ({
        effect: { d: 'deny', w: 'warn', a: 'allow' }[name[0]!],
        reason: name.toUpperCase(),
        rule: name,
        severity: null,
        tags: [],
      })),
      message: 'pay 12.50 to Zoë "Z"',
      obligations: [
        { rule: 'd1', values: { amount: 12.5, of: [1, 0.25], who: 'Zoë "Z"' } },
        { rule: 'd2', values: { hours: 1 } },
      ],
      policy: { bundle: 'sha256:00', name: 'test', version: '1.0.0' },
      reason: 'D1',
      remediations: ['fix', 'ask', 'wait'],
      rule: 'd1',
      severity: 'high',
      shadowed: [{ effect: 'deny', reason: 'S1', rule: 's1', severity: null, tags: [] }],
    });
  });

  test('the bytes are canonical', () => {
    const bytes = evaluator.evaluateJson(
      JSON.stringify({ ...on('d1'), n: 1e-2, text: '\u0001\u2028€', list: [] }),
    );
    expect(new TextDecoder().decode(bytes)).toBe(
      '{"effect":"deny","invalid":null,"matched":[{"effect":"deny","reason":"D1","rule":"d1","severity":null,"tags":[]}],' +
        '"message":"pay 0.01 to \\u0001\u2028€","obligations":[{"rule":"d1","values":{"amount":0.01,"of":[],"who":"\\u0001\u2028€"}}],' +
        '"policy":{"bundle":"sha256:00","name":"test","version":"1.0.0"},"reason":"D1","remediations":["fix","ask"],' +
        '"rule":"d1","severity":"high","shadowed":[]}',
    );
    expect(Object.keys(parsed(bytes) as object)).toEqual([...DECISION_KEYS]);
    expect(Object.keys(evaluator.evaluate({}))).toEqual([...DECISION_KEYS]);
  });

  test('nothing matched, and nothing valid', () => {
    expect(evaluator.evaluate({})).toMatchObject({
      effect: 'allow',
      reason: 'NO_RULE_MATCHED',
      rule: null,
      matched: [],
      obligations: [],
    });
    expect(evaluator.evaluate({ ...on('s1'), d1: 1 })).toMatchObject({
      effect: 'deny',
      invalid: { code: 'type', pointer: '/d1' },
      reason: 'INVALID_REQUEST',
      rule: null,
      matched: [],
      shadowed: [],
    });
    expect(evaluator.decide({ d1: 1 })).toEqual({
      effect: 'deny',
      reason: 'INVALID_REQUEST',
      rule: null,
      severity: null,
      obligations: [],
    });
    expect(evaluator.evaluate(on('s1', 's2')).shadowed.map((entry) => entry.rule)).toEqual(['s1', 's2']);
  });

  test('decide agrees with evaluate on every combination', () => {
    const names = ['d1', 'w1', 's1', 'a', 'w2', 'd2', 's2'];
    for (let mask = 0; mask < 1 << names.length; mask++) {
      const request = { ...on(...names.filter((_, i) => (mask >> i) & 1)), n: 1, text: 't', list: [1] };
      const { effect, reason, rule: name, severity, obligations } = evaluator.evaluate(request);
      expect(evaluator.decide(request)).toEqual({ effect, reason, rule: name, severity, obligations });
      expect(parsed(evaluator.evaluateJson(JSON.stringify(request)))).toEqual(evaluator.evaluate(request));
    }
  });

  test('outcomes are shared while they are constant, and frozen always', () => {
    expect(evaluator.decide(on('w1', 'w2'))).toBe(evaluator.decide(on('w1', 'w2')));
    expect(evaluator.decide(on('w2'))).toBe(evaluator.decide(on('w2', 'a')));
    expect(evaluator.decide(on('w1', 'w2')).obligations).toHaveLength(2);
    expect(evaluator.decide({ ...on('d1'), text: 'x' }).obligations[0]!.values.who).toBe('x');
    expect(evaluator.decide({ ...on('d1'), text: 'y' }).obligations[0]!.values.who).toBe('y');
    for (const outcome of [
      evaluator.decide(on('d1')),
      evaluator.decide(on('w1', 'w2')),
      evaluator.decide({}),
    ]) {
      expect(Object.isFrozen(outcome) && Object.isFrozen(outcome.obligations)).toBe(true);
      for (const entry of outcome.obligations)
        expect(Object.isFrozen(entry) && Object.isFrozen(entry.values)).toBe(true);
    }
  });

  test('a decision belongs to the caller', () => {
    const request = on('d1', 'w1');
    const first = evaluator.evaluate(request) as unknown as { [key: string]: unknown[] };
    const copy = structuredClone(first);
    for (const key of ['matched', 'obligations', 'remediations', 'shadowed']) first[key]!.length = 0;
    first.effect = [];
    expect(evaluator.evaluate(request)).toEqual(copy);
    expect(() => {
      (evaluator.evaluate(request).matched[0] as { rule: string }).rule = 'x';
    }).toThrow(TypeError);
  });

  test('holes of absent slots', () => {
    const decision = evaluator.evaluate(on('d1'));
    expect(decision.message).toBe('pay  to ');
    expect(decision.obligations[0]!.values).toEqual({ amount: null, of: null, who: null });
  });

  test('a long message is cut at a code point', () => {
    const prefix = 'pay 1.00 to ';
    const fits = { ...on('d1'), n: 1, text: '😀'.repeat(MAX_MESSAGE - prefix.length) };
    expect(evaluator.evaluate(fits).message).toBe(prefix + fits.text);
    const long = { ...on('d1'), n: 1, text: '😀'.repeat(MAX_MESSAGE) };
    expect(evaluator.evaluate(long).message).toBe(
      `${prefix}${'😀'.repeat(MAX_MESSAGE - prefix.length - 1)}…`,
    );
  });
});

describe('first_applicable', () => {
  const evaluator = firstApplicable();

  test('the first match alone', () => {
    expect(verdict(evaluator, on('w1', 'a', 'd2'))).toBe('w1');
    expect(evaluator.decide(on('a', 'd2'))).toMatchObject({ effect: 'allow', rule: 'a' });
    expect(evaluator.evaluate(on('w2', 'd2')).obligations).toEqual([{ rule: 'w2', values: { log: false } }]);
    expect(verdict(evaluator, {})).toBe('');
  });

  test('shadow rules above the deciding one', () => {
    const shadowed = (...names: string[]) =>
      evaluator.evaluate(on(...names, 's1', 's2')).shadowed.map((entry) => entry.rule);
    expect([shadowed('w1'), shadowed('a'), shadowed('d2'), shadowed()]).toEqual([
      [],
      ['s1'],
      ['s1'],
      ['s1', 's2'],
    ]);
  });
});

test('formats of holes', () => {
  const kinds = ['bool', 'int', 'decimal', 'string', 'timestamp', 'date', 'duration'] as const;
  const assembly = new Assembly({
    kind: 'record',
    members: Object.fromEntries(
      kinds.flatMap((kind) => [
        [kind, { kind, as: kind, optional: true, scale: kind === 'decimal' ? 7 : 0 }],
        [
          `${kind}s`,
          {
            kind: 'list',
            as: `${kind}s`,
            optional: true,
            element: { kind, nullable: true, scale: kind === 'decimal' ? 7 : 0 },
          },
        ],
      ]),
    ),
  });
  const hole = (name: string, list: boolean) => {
    const format = (list ? name.slice(0, -1) : name) as (typeof kinds)[number];
    return { slot: assembly.slot(name), format, list, scale: format === 'decimal' ? 7 : 0 };
  };
  const names = kinds.flatMap((kind) => [kind, `${kind}s`]);
  assembly.defaultRule = rule(null, {
    message: kinds.map((kind) => ({ text: ' ', hole: hole(kind, false) })),
    obligations: [
      ...names.map((name, i) => ({
        text: `${i === 0 ? '{"rule":null,"values":{' : ','}"${name}":`,
        hole: hole(name, name.endsWith('s')),
      })),
      { text: '}}', hole: null },
    ],
  });
  const evaluator = assembly.load();
  const request = {
    bool: false,
    bools: [true, null],
    int: -3,
    ints: [1, -0, 9007199254740991],
    decimal: 0.0000001,
    decimals: [1.5, -0.25],
    string: 'a"b',
    strings: ['é\n', ''],
    timestamp: '2026-01-01T01:00:00.500+01:00',
    timestamps: ['2026-01-01T00:00:00.0000009Z'],
    date: '2026-01-01',
    dates: ['2024-02-29'],
    duration: 'PT90M',
    durations: ['P1W', '-PT0.5S'],
  };
  const decision = evaluator.evaluate(request);
  expect(decision.message).toBe(' false -3 0.0000001 a"b 2026-01-01T00:00:00.5Z 2026-01-01 PT1H30M');
  expect(decision.obligations[0]!.values).toEqual({
    ...request,
    ints: [1, 0, 9007199254740991],
    timestamp: '2026-01-01T00:00:00.5Z',
    timestamps: ['2026-01-01T00:00:00Z'],
    duration: 'PT1H30M',
    durations: ['P7D', '-PT0.5S'],
  });
  expect(parsed(evaluator.evaluateJson(JSON.stringify(request)))).toEqual(decision);
  expect(new TextDecoder().decode(evaluator.evaluateJson(JSON.stringify(request)))).toContain(
    '"decimal":1e-7,',
  );
});

test('many sets of obligations are remembered only so far', () => {
  const names = Array.from({ length: 10 }, (_, i) => `r${i}`);
  const assembly = new Assembly({
    kind: 'record',
    members: Object.fromEntries(names.map((name) => [name, { kind: 'bool', as: name }])),
  });
  const steps = names.map((name) =>
    assembly.when(name, assembly.atom('IN_NUMBERS', name, { index: assembly.set([1]) }), {
      obligations: text(`{"rule":"${name}","values":{}}`),
    }),
  );
  const evaluator = assembly.load(steps);
  for (let mask = 0; mask < 1 << names.length; mask++) {
    const request = Object.fromEntries(names.map((name, i) => [name, ((mask >> i) & 1) === 1]));
    const expected = names.filter((name) => request[name]);
    expect(evaluator.decide(request).obligations.map((entry) => entry.rule)).toEqual(expected);
  }
});

describe('loading', () => {
  const assembly = new Assembly({ kind: 'record', members: { a: { kind: 'int', as: 'a' } } });
  assembly.steps([
    assembly.when('big', assembly.atom('RANGE', 'a', { bounds: [10, Number.POSITIVE_INFINITY] })),
  ]);
  assembly.node('BAR', 0, 3);
  assembly.node('END', 0, 0);
  assembly.effects = ['allow'];
  assembly.severities = [];
  assembly.rules[0] = rule('big', {}, assembly.effects);
  assembly.onInvalid = rule(null, { effect: 0, reason: 'INVALID_REQUEST' });
  const bundle = assembly.bundle();
  const bytes = encodeBundle(bundle, computeBounds(bundle));

  test('a bundle is known by the hash of its bytes', () => {
    const evaluator = loadBundle(bytes);
    const hash = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    expect(evaluator.bundle).toBe(hash);
    expect(evaluator.policy).toEqual({ name: 'test', version: '1.0.0' });
    expect(evaluator.evaluate({ a: 10 })).toMatchObject({ rule: 'big', policy: { bundle: hash } });
    expect(evaluator.evaluate({ a: 9 }).rule).toBeNull();
  });

  test('what does not verify is refused', () => {
    for (const damaged of [
      new Uint8Array(),
      bytes.slice(0, -1),
      bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte)),
    ]) {
      expect(() => loadBundle(damaged)).toThrow(BundleError);
    }
    try {
      loadBundle(new Uint8Array([1, 2, 3]));
    } catch (error) {
      expect(error).toMatchObject({
        name: 'BundleError',
        code: expect.any(String),
        offset: expect.any(Number),
      });
    }
  });

  test('two evaluators do not share their slots', () => {
    const [one, other] = [loadBundle(bytes), loadBundle(bytes)];
    one.evaluate({ a: 10 });
    expect(other.evaluate({ a: 1 }).rule).toBeNull();
    expect(one.evaluate({ a: 11 }).rule).toBe('big');
  });
});
