import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBundle } from '../../src/bytecode/codec.ts';
import { emit } from '../../src/compiler/emit.ts';
import type { Ir } from '../../src/ir/ir.ts';
import { dispatchRules, type RuleShape, requests, ruleShapes, sampleIr } from './ir-samples.ts';
import { matchingRules, runBundle } from './reference.ts';

const distinct = (numbers: readonly number[]): number[] => [...new Set(numbers)].sort((a, b) => a - b);

/** What the code must report: the rules that the conditions say. */
function checkAgainstIr(ir: Ir, request: object): void {
  const { bytes, bounds } = emit(ir);
  const decoded = decodeBundle(bytes);
  if (!decoded.ok) throw new Error(`${decoded.code}: ${decoded.message}`);
  const run = runBundle(decoded.bundle, request);
  const matching = matchingRules(ir, request);
  const deciding = matching.filter((id) => !ir.rules[id]!.shadow);
  expect(distinct(run.shadowHits)).toEqual(matching.filter((id) => ir.rules[id]!.shadow));
  // No rule is reported twice.
  expect(run.hits.length).toBe(distinct(run.hits).length);
  if (ir.combining === 'first_applicable') expect(run.hits).toEqual(deciding.slice(0, 1));
  else {
    expect(distinct(run.hits)).toEqual(deciding);
    const effects = run.hits.map((id) => ir.rules[id]!.effect);
    expect(effects).toEqual([...effects].sort((a, b) => b - a));
  }
  expect(run.steps).toBeLessThanOrEqual(bounds.steps);
  checkHoles(ir, decoded.bundle, run, request);
}

// The value that a reported rule prints has been computed.
function checkHoles(
  ir: Ir,
  bundle: Parameters<typeof runBundle>[0],
  run: ReturnType<typeof runBundle>,
  request: { readonly n0?: number; readonly n1?: number },
): void {
  for (const id of run.hits) {
    const hole = bundle.rules[id]!.message?.[0]?.hole;
    if (ir.rules[id]!.message === null) expect(hole).toBeUndefined();
    else if (request.n0 !== undefined && request.n1 !== undefined) {
      expect(run.values[hole!.slot]).toBe(request.n0 + request.n1);
    }
  }
}

const combinings = fc.constantFrom('most_restrictive' as const, 'first_applicable' as const);

describe('the emitted graph decides as the conditions of the IR', () => {
  const property = (rules: fc.Arbitrary<RuleShape[]>, runs: number): void =>
    fc.assert(
      fc.property(
        rules,
        combinings,
        fc.array(requests, { minLength: 8, maxLength: 8 }),
        (shapes, combining, many) => {
          const ir = sampleIr(shapes, combining);
          for (const request of many) checkAgainstIr(ir, request);
        },
      ),
      { numRuns: runs },
    );

  it('for any conditions', () => {
    property(fc.array(ruleShapes, { maxLength: 6 }), 300);
  });

  it('for rules that share tests and hang under a SWITCH', () => {
    property(fc.array(dispatchRules, { minLength: 5, maxLength: 24 }), 300);
  });
});
