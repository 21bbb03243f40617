// Bundles that ask for more text than a decision can hold: a decision all the same.

import { describe, expect, test } from 'vitest';
import { computeBounds } from '../../src/bytecode/bounds.ts';
import type { Fragment, Piece } from '../../src/bytecode/bundle.ts';
import { encodeBundle } from '../../src/bytecode/codec.ts';
import { MAX_MESSAGE, MAX_STRING_BYTES } from '../../src/bytecode/limits.ts';
import { type Evaluator, loadBundle } from '../../src/evaluator/evaluator.ts';
import { Assembly, parsed, rule, text } from './assemble.ts';

const hole: Piece['hole'] = { slot: 1, format: 'string', list: false, scale: 0 };
const of = (times: number, constant: string): Fragment =>
  Array.from({ length: times }, (_, i) => ({ text: i === 0 ? '' : constant, hole }));
/** The field so many times. */
const copies = (times: number): Fragment => {
  const [first, ...rest] = of(times, ',');
  return [{ ...first!, text: '{"rule":"r","values":{"all":[' }, ...rest, ...text(']}}')];
};

/** As bytes, so that the verifier has accepted it. */
function load(more: { obligations?: Fragment; message?: Fragment; remediations?: string[] }): Evaluator {
  const assembly = new Assembly({ kind: 'record', members: { s: { kind: 'string', as: 's' } } });
  assembly.onInvalid = rule(null, { effect: 2, reason: 'INVALID_REQUEST', message: text('no') });
  const step = assembly.when('r', assembly.atom('PRESENT', 's'), more);
  assembly.steps([step]);
  assembly.node('BAR', 0, assembly.nodes.length + 1);
  assembly.node('END', 0, 0);
  const bundle = assembly.bundle();
  return loadBundle(encodeBundle(bundle, computeBounds(bundle)));
}

const long = 'x'.repeat(MAX_STRING_BYTES);

describe('obligations', () => {
  const tooLarge = load({ obligations: copies(5000) });

  test('of more text than there may be: limit', () => {
    const decision = tooLarge.evaluate({ s: long });
    expect(decision).toMatchObject({
      effect: 'deny',
      invalid: { code: 'limit', pointer: '' },
      matched: [],
      message: 'no',
      obligations: [],
      reason: 'INVALID_REQUEST',
    });
    expect(parsed(tooLarge.evaluateJson(JSON.stringify({ s: long })))).toEqual(decision);
    expect(tooLarge.decide({ s: long })).toMatchObject({ effect: 'deny', reason: 'INVALID_REQUEST' });
  });

  test('of the same bundle that are short', () => {
    const decision = tooLarge.evaluate({ s: 'x' });
    expect(decision.invalid).toBeNull();
    expect(decision.obligations[0]!.values.all).toHaveLength(5000);
    expect(parsed(tooLarge.evaluateJson('{"s":"x"}'))).toEqual(decision);
  });

  test('that are long, but not too long', () => {
    const { invalid, obligations } = load({ obligations: copies(100) }).evaluate({ s: long });
    expect(invalid).toBeNull();
    expect(obligations[0]!.values.all).toEqual(Array.from({ length: 100 }, () => long));
  });
});

test('a message of more text than a string can hold is cut like any other', () => {
  const evaluator = load({ message: of(20_000, 'y'.repeat(60_000)) });
  const { message } = evaluator.evaluate({ s: 'z' });
  expect(message).toBe(`z${'y'.repeat(MAX_MESSAGE - 2)}…`);
  const decision = evaluator.evaluate({ s: '\u{1f600}'.repeat(MAX_MESSAGE) });
  expect(decision.message).toBe(`${'\u{1f600}'.repeat(MAX_MESSAGE - 1)}…`);
});

test('more remediations than a call may have arguments', () => {
  const evaluator = load({ remediations: Array.from({ length: 300_000 }, (_, i) => `r${i % 3}`) });
  expect(evaluator.evaluate({ s: '' }).remediations).toEqual(['r0', 'r1', 'r2']);
});
