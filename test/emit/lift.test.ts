import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBundle } from '../../src/bytecode/codec.ts';
import { emit } from '../../src/compiler/emit.ts';
import { loadBundle } from '../../src/evaluator/evaluator.ts';
import type { Ir } from '../../src/ir/ir.ts';
import { lift } from '../../src/ir/lift.ts';
import { dispatchRules, type RuleShape, requests, ruleShapes, sampleIr } from './ir-samples.ts';
import { matchingRules } from './reference.ts';

function lifted(bytes: Uint8Array): Ir {
  const decoded = decodeBundle(bytes);
  if (!decoded.ok) throw new Error(decoded.message);
  return lift(decoded.bundle);
}

// What a chain leaves of the matching rules is the first; behind it a condition may take for granted that it did not match.
function decided(ir: Ir, request: object): number[] {
  const matching = matchingRules(ir, request);
  if (ir.combining === 'most_restrictive') return matching;
  const first = matching.find((id) => !ir.rules[id]!.shadow);
  return matching.filter((id) => ir.rules[id]!.shadow || id === first);
}

describe('a bundle lifted to the IR', () => {
  const property = (rules: fc.Arbitrary<RuleShape[]>): void =>
    fc.assert(
      fc.property(
        rules,
        fc.constantFrom('most_restrictive' as const, 'first_applicable' as const),
        fc.array(requests, { minLength: 6, maxLength: 6 }),
        (shapes, combining, many) => {
          const ir = sampleIr(shapes, combining);
          const back = lifted(emit(ir).bytes);
          for (const request of many) expect(decided(back, request)).toEqual(decided(ir, request));
        },
      ),
      { numRuns: 200 },
    );

  it('says what the IR said, for any conditions', () => {
    property(fc.array(ruleShapes, { maxLength: 6 }));
  });

  it('says what the IR said, for rules under a SWITCH', () => {
    property(fc.array(dispatchRules, { minLength: 5, maxLength: 24 }));
  });
});

const BUNDLES = join(import.meta.dirname, '../../contract_fixtures/bundles');

describe.each(readdirSync(BUNDLES))('the stored bundle %s', (name) => {
  it('decides the same when it is lifted and emitted again', () => {
    const stored = readFileSync(join(BUNDLES, name, 'bundle.policyb'));
    const again = loadBundle(emit(lifted(stored)).bytes);
    const evaluator = loadBundle(stored);
    for (const line of readFileSync(join(BUNDLES, name, 'requests.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')) {
      const expected = JSON.parse(new TextDecoder().decode(evaluator.evaluateJson(line)));
      const found = JSON.parse(new TextDecoder().decode(again.evaluateJson(line)));
      expect({ line, ...found, policy: null }).toEqual({ line, ...expected, policy: null });
    }
  });
});
