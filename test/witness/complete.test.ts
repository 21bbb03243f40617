// Completed requests: valid under the whole schema, with what was fixed as it was.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it, test } from 'vitest';
import { Files } from '../../src/cli/files.ts';
import { checkPolicy } from '../../src/policy.ts';
import type { Json } from '../../src/value/json.ts';
import { completeRequest } from '../../src/witness/complete.ts';
import { agrees } from '../../src/witness/complete-plan.ts';
import { SchemaValidator } from '../../src/witness/schema-valid.ts';
import { Draw } from '../parity/draw.ts';
import { loadSet } from '../schema/load.ts';
import { ABSENT, CASES, CLOSED, FREE, int, object, planOf } from './complete-cases.ts';
import { instanceOf, keptOf, randomSchema } from './random-schemas.ts';

describe('completion', () => {
  test.each(CASES)('$name', ({ schema, plan: written, request }) => {
    const set = loadSet({ 's.json': schema });
    const validator = new SchemaValidator(set);
    const plan = planOf(written);
    const completed = completeRequest(plan, set, validator);
    if (request === null) {
      expect(completed).toEqual({ kind: 'failed', reason: expect.stringMatching(/./) });
      return;
    }
    expect(completed).toEqual({ kind: 'request', request });
    if (completed.kind !== 'request') return;
    expect(validator.validate(completed.request)).toEqual([]);
    expect(agrees(plan, completed.request)).toBe(true);
    expect(completeRequest(plan, set, null)).toEqual(completed);
  });

  test('the reason names what is wrong with what is fixed', () => {
    const set = loadSet({ 's.json': object({ a: int }) });
    const completed = completeRequest(planOf({ a: 'x' }), set, null);
    expect(completed).toMatchObject({ reason: expect.stringContaining('/a must be integer') });
  });

  test('without schemas the request is the plan', () => {
    const plan = planOf({ a: { b: 1, c: ABSENT }, d: [2, FREE] });
    expect(completeRequest(plan, null, null)).toEqual({
      kind: 'request',
      request: { a: { b: 1 }, d: [2, true] },
    });
  });

  test('a search that finds nothing ends', () => {
    const parts = Array.from({ length: 40 }, (_, i) => ({
      anyOf: [{ required: [`p${i}`] }, { required: [`q${i}`] }],
    }));
    const set = loadSet({
      's.json': { type: 'object', allOf: parts, not: { required: ['a'] }, maxProperties: 3 },
    });
    expect(completeRequest(planOf({}), set, null)).toMatchObject({ kind: 'failed' });
  });
});

describe('agreement with a plan', () => {
  test.each([
    [{ a: 1 }, { a: 1, b: 2 }, true],
    [{ a: 1 }, { b: 2 }, false],
    [{ a: 1, [CLOSED]: true }, { a: 1, b: 2 }, false],
    [{ a: ABSENT }, { a: null }, false],
    [{ a: FREE }, { a: null }, false],
    [{ a: [1] }, { a: [1, 2] }, false],
    [{ a: [1, 2] }, { a: [2, 1] }, false],
    [[], {}, false],
    [{}, [], false],
  ])('%j and %j', (written, value, expected) => {
    expect(agrees(planOf(written), value as Json)).toBe(expected);
  });
});

describe.each(['agent-ops', 'data-pipeline', 'gtaf', 'shell-guard', 'spend-limits'])(
  'policy %s',
  (folder) => {
    const files = new Files();
    const path = join(import.meta.dirname, '../../policies', folder);
    const [name] = readdirSync(path).filter((file) => file.endsWith('.policy'));
    const set = checkPolicy(join(path, name!), files).schemas!;
    const validator = new SchemaValidator(set);
    const requests = readFileSync(join(path, 'requests.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Json);

    test('the least request', () => {
      expect(validator.problem).toBeNull();
      const made = completeRequest(planOf({}), set, validator);
      expect(made.kind === 'request' ? validator.validate(made.request) : made.reason).toEqual([]);
    });

    test('parts of the example requests', () => {
      let parts = 0;
      for (const [i, request] of requests.entries()) {
        if (validator.validate(request).length > 0) continue;
        parts++;
        const draw = new Draw(Array.from({ length: 50 }, (_, k) => (i * 31 + k * k * 7) % 101));
        const plan = keptOf(draw, request);
        const made = completeRequest(plan, set, validator);
        expect(made.kind === 'request' ? validator.validate(made.request) : made.reason).toEqual([]);
        expect(made.kind === 'request' && agrees(plan, made.request)).toBe(true);
      }
      expect(parts).toBeGreaterThan(10);
    });
  },
);

const SEED = Number(process.env.POLICYC_SEED ?? Date.now() % 2 ** 31);
const RUNS = Number(process.env.POLICYC_RUNS ?? 300);

describe(`random schemas (POLICYC_SEED=${SEED})`, () => {
  let completed = 0;
  let failed = 0;
  const open: string[] = [];

  it('parts of valid requests are completed', () => {
    const property = fc.property(
      fc.array(fc.nat({ max: 999_983 }), { minLength: 120, maxLength: 200 }),
      (choices) => {
        const draw = new Draw(choices);
        const schema = randomSchema(draw);
        const instance = instanceOf(draw, schema);
        const set = loadSet({ 's.json': schema });
        const validator = new SchemaValidator(set);
        if (validator.validate(instance).length > 0) return;
        const plan = keptOf(draw, instance);
        const made = completeRequest(plan, set, validator);
        if (made.kind === 'failed') {
          failed++;
          open.push(JSON.stringify({ schema, instance, reason: made.reason }));
          return;
        }
        completed++;
        expect(validator.validate(made.request)).toEqual([]);
        expect(agrees(plan, made.request)).toBe(true);
      },
    );
    fc.assert(property, { seed: SEED, numRuns: RUNS });
  });

  it('nearly always, and of most random requests there was a part to complete', () => {
    expect(completed + failed).toBeGreaterThan(RUNS / 3);
    expect(completed / (completed + failed), open[0]).toBeGreaterThanOrEqual(0.99);
  });

  afterAll(() => {
    console.info(`completion: seed ${SEED}, ${completed} completed, ${failed} failed`);
  });
});
