// Corners of the machine where two evaluators would most easily part, each asked of both with bundles that no compiler writes.

import { describe, expect, test } from 'vitest';
import { computeBounds } from '../../src/bytecode/bounds.ts';
import type { Automaton, Fragment, Piece } from '../../src/bytecode/bundle.ts';
import { encodeBundle } from '../../src/bytecode/codec.ts';
import { MAX_OBLIGATION_BYTES, MAX_STRING_BYTES } from '../../src/bytecode/limits.ts';
import type { Decision } from '../../src/evaluator/decision.ts';
import { loadBundle } from '../../src/evaluator/evaluator.ts';
import { Assembly, rule, type StepSpec, type Tree, text } from '../evaluator/assemble.ts';
import { Instance } from './module.ts';

/** Decides a request, with both evaluators, which must agree byte by byte. */
type Both = (request: unknown) => Decision;

function both(assembly: Assembly, steps: readonly StepSpec[]): Both {
  assembly.steps(steps);
  assembly.node('BAR', 0, assembly.nodes.length + 1);
  assembly.node('END', 0, 0);
  for (const [i, slot] of assembly.slots.entries())
    if (slot.kind === 'string') assembly.slots[i] = { ...slot, scanned: true };
  const bundle = assembly.bundle();
  const bytes = encodeBundle(bundle, computeBounds(bundle));
  const typeScript = loadBundle(bytes);
  const wasm = new Instance();
  expect(wasm.load(bytes)).toBe('ok');
  return (request) => {
    const json = JSON.stringify(request);
    const expected = new TextDecoder().decode(typeScript.evaluateJson(json));
    const found = wasm.evaluate(new TextEncoder().encode(json));
    // Not with `toBe`, which would print them: they may be very long.
    expect(found === expected, `${found.slice(0, 200)}, expected ${expected.slice(0, 200)}`).toBe(true);
    const decision = JSON.parse(expected) as Decision;
    expect(JSON.stringify(typeScript.evaluate(request)) === JSON.stringify(decision)).toBe(true);
    expect(typeScript.decide(request).effect).toBe(decision.effect);
    return decision;
  };
}

const matched = ({ matched }: Decision): string[] => matched.map((entry) => entry.rule);
const record = (members: { [key: string]: Tree }): Tree => ({ kind: 'record', members });

describe('calculations', () => {
  test('a result that is no number is absent', () => {
    const assembly = new Assembly(record({ x: { kind: 'number', as: 'x' } }));
    const steps: StepSpec[] = [];
    const made = (name: string, op: 'MUL' | 'SUB', a: string, b: string): void => {
      assembly.result({ kind: 'number', as: name });
      steps.push({ calc: assembly.calc(op, name, a, b) });
    };
    made('huge', 'MUL', 'x', 'x');
    made('nothing', 'SUB', 'huge', 'huge');
    for (const name of ['huge', 'nothing']) steps.push(assembly.when(name, assembly.atom('PRESENT', name)));
    const decide = both(assembly, steps);
    expect(matched(decide({ x: 1 }))).toEqual(['huge', 'nothing']);
    expect(matched(decide({ x: 1e200 }))).toEqual(['huge']);
  });

  test('a time beyond the exact integers is absent', () => {
    const assembly = new Assembly(record({ n: { kind: 'int', as: 'n' }, t: { kind: 'timestamp', as: 't' } }));
    assembly.result({ kind: 'duration', as: 'd' });
    assembly.result({ kind: 'timestamp', as: 'later' });
    const steps: StepSpec[] = [
      { calc: assembly.calc('MUL', 'd', 'n', 'n') },
      { calc: assembly.calc('TIME_ADD', 'later', 't', 'd') },
      assembly.when('is', assembly.atom('PRESENT', 'later'), {
        message: [
          { text: null, hole: { slot: assembly.slot('later'), format: 'timestamp', list: false, scale: 0 } },
        ],
      } as never),
    ];
    const decide = both(assembly, steps);
    expect(decide({ n: 1000, t: '2000-01-01T00:00:00Z' }).message).toBe('2000-01-01T00:16:40Z');
    for (const n of [90_000_000, 94_906_265])
      expect(matched(decide({ n, t: '2000-01-01T00:00:00Z' }))).toEqual(['is']);
    for (const n of [94_906_266, 2 ** 40, -(2 ** 52)])
      expect(matched(decide({ n, t: '2000-01-01T00:00:00Z' }))).toEqual([]);
  });

  test('a truth value that was summed up', () => {
    const assembly = new Assembly(record({ x: { kind: 'bool', as: 'x' } }));
    assembly.result({ kind: 'bool', as: 'sum' });
    const hole: Piece['hole'] = { slot: assembly.slot('sum'), format: 'bool', list: false, scale: 0 };
    const decide = both(assembly, [
      { calc: assembly.calc('ADD', 'sum', 'x', 'x') },
      assembly.when('r', assembly.atom('PRESENT', 'sum'), { message: [{ text: 'is ', hole }] }),
    ]);
    expect([true, false].map((x) => decide({ x }).message)).toEqual(['is true', 'is false']);
  });
});

test('a truth value with a range', () => {
  const assembly = new Assembly(record({ x: { kind: 'bool', as: 'x', limits: { min: 1 } } }));
  const decide = both(assembly, [assembly.when('r', assembly.atom('PRESENT', 'x'))]);
  expect(matched(decide({ x: true }))).toEqual(['r']);
  expect(decide({ x: false }).invalid).toEqual({ code: 'range', pointer: '/x' });
});

test('of a language the automaton decides, whatever its texts say', () => {
  const classOf = new Uint8Array(256);
  classOf[0x61] = 1;
  // Texts that begin with `a`.
  const automaton: Automaton = {
    classes: 2,
    classOf,
    next: new Uint16Array([0xffff, 1, 1, 1]),
    accept: new Uint8Array([0, 1]),
  };
  for (const texts of [['b'], ['b', 'c'], ['']]) {
    const assembly = new Assembly(record({ x: { kind: 'string', as: 'x' } }));
    const lang = assembly.lang('contains', texts, automaton);
    const decide = both(assembly, [assembly.when('r', assembly.atom('MATCH', 'x', { index: lang }))]);
    expect(['a', 'b', 'ba', 'ab', ''].map((x) => matched(decide({ x })).length)).toEqual([1, 0, 0, 1, 0]);
  }
});

describe('a quantifier over an unknown without template', () => {
  test.each([
    ['items', undefined, (n: number) => Array.from({ length: n }, () => 0)],
    ['values', null, (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${i}`, 0]))],
  ] as const)('%s: more than the bounds allow are not there', (_, except, of) => {
    const assembly = new Assembly(record({ u: { kind: 'unknown', as: 'u' } }));
    assembly.bound('u', { kind: 'unknown', as: 'e' });
    assembly.result({ kind: 'int', as: 'count' });
    const quants = ['ANY', 'ALL'].map(() => assembly.quant('u', 'e', except === null ? { except } : {}));
    const counted = assembly.quant('u', 'e', except === null ? { except, dst: 'count' } : { dst: 'count' });
    const until = assembly.atom('PRESENT', 'e');
    for (const name of ['any', 'all']) assembly.rules.push(rule(name, {}, assembly.effects));
    const decide = both(assembly, [
      { op: 'ANY', quant: quants[0]!, body: [], until, rule: 0 },
      { op: 'ALL', quant: quants[1]!, body: [], until, rule: 1 },
      { op: 'COUNT', quant: counted, body: [], until },
      assembly.when('count', assembly.atom('PRESENT', 'count')),
    ]);
    expect(matched(decide({ u: of(1024) }))).toEqual(['any', 'all', 'count']);
    expect(matched(decide({ u: of(1025) }))).toEqual([]);
  });
});

describe('obligations', () => {
  const hole: Piece['hole'] = { slot: 1, format: 'string', list: false, scale: 0 };
  /** So many copies of the field, and a constant. */
  const copies = (times: number, constant: string): Fragment => [
    { text: '{"rule":"r","values":{"all":[', hole },
    ...Array.from({ length: times - 1 }, (_, i) => ({ text: i === 0 ? `,"${constant}",` : ',', hole })),
    ...text(']}}'),
  ];
  const load = (times: number, constant: string): Both => {
    const assembly = new Assembly(record({ s: { kind: 'string', as: 's' } }));
    assembly.onInvalid = rule(null, { effect: 2, reason: 'INVALID_REQUEST', message: text('no') });
    const step = assembly.when('r', assembly.atom('PRESENT', 's'), { obligations: copies(times, constant) });
    return both(assembly, [step]);
  };

  // Characters of one, two and six bytes in a decision.
  test.each([
    ['x', 1023],
    ['é', 1023],
    ['\u0001', 170],
  ])('of %j up to the limit, and one byte more', (letter, times) => {
    const s = letter.repeat(MAX_STRING_BYTES / new TextEncoder().encode(letter).length);
    const { obligations } = load(times, '')({ s: letter });
    const copy = new TextEncoder().encode(JSON.stringify(s)).length;
    const one = new TextEncoder().encode(JSON.stringify(letter)).length;
    const size = new TextEncoder().encode(JSON.stringify(obligations)).length + times * (copy - one);
    const room = MAX_OBLIGATION_BYTES - size;
    expect(room).toBeGreaterThan(0);
    expect(load(times, 'c'.repeat(room))({ s }).invalid).toBeNull();
    expect(load(times, 'c'.repeat(room + 1))({ s })).toMatchObject({
      effect: 'deny',
      invalid: { code: 'limit', pointer: '' },
      matched: [],
      message: 'no',
      obligations: [],
    });
  });

  test('far beyond the limit', () => {
    const decide = load(100_000, '');
    expect(decide({ s: 'x'.repeat(MAX_STRING_BYTES) }).invalid).toEqual({ code: 'limit', pointer: '' });
    expect(decide({ s: '' }).invalid).toBeNull();
  });
});
