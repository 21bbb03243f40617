// The meaning of the language: every evaluator gives the whole decision that the fixtures state, whichever way it is asked.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  type Case,
  compileFixture,
  type ExpectedDecision,
  readFixtures,
  requestBytes,
  withoutHash,
} from '../../scripts/fixture-files.ts';
import { DECISION_KEYS } from '../../src/bytecode/opcodes.ts';
import { Files } from '../../src/cli/files.ts';
import { runTest } from '../../src/cli/test-run.ts';
import { type Decision, loadBundle } from '../../src/evaluator/evaluator.ts';
import { compilePolicy } from '../../src/policy.ts';
import { loadCases } from '../gtaf/cases.ts';
import { EVALUATORS, type Subject } from './evaluators.ts';

const json = (bytes: Uint8Array): Decision => JSON.parse(new TextDecoder().decode(bytes)) as Decision;

/** A later version may add keys to a decision: only those that the fixture states are compared. */
function stated(decision: Decision, expected: ExpectedDecision): Partial<ExpectedDecision> {
  const keys = Object.keys(expected);
  return Object.fromEntries(Object.entries(withoutHash(decision)).filter(([key]) => keys.includes(key)));
}

function judge(subject: Subject, one: Case): void {
  const expected = one.decision!;
  expect(stated(json(subject.evaluateJson(requestBytes(one))), expected), 'evaluateJson').toEqual(expected);
  if (!('request' in one)) return;
  expect(stated(subject.evaluate(one.request), expected), 'evaluate').toEqual(expected);
  const { effect, reason, rule, severity, obligations } = expected;
  expect(subject.decide(one.request), 'decide').toEqual({ effect, reason, rule, severity, obligations });
}

describe.each(EVALUATORS)('$name', (evaluator) => {
  describe.each(readFixtures())('$name', (fixture) => {
    let subject: Subject;
    beforeAll(() => {
      subject = evaluator.load(compileFixture(fixture).bytes);
    });
    test.each(fixture.cases)('$title', (one) => judge(subject, one));
  });

  describe('gtaf-v0.1', () => {
    let subject: Subject;
    beforeAll(() => {
      const policy = join(import.meta.dirname, '../../policies/gtaf/projection-v0.1.policy');
      const result = compilePolicy(policy, new Files());
      if (!result.ok) throw new Error('the policy does not compile');
      subject = evaluator.load(result.compiled.bytes);
    });
    test.each(loadCases())('$name', ({ request, expected }) => {
      const { effect, reason } = subject.evaluate(request);
      expect({ effect, reason }).toEqual(expected);
      const decision = json(subject.evaluateJson(requestBytes({ request })));
      expect({ effect: decision.effect, reason: decision.reason }).toEqual(expected);
      expect(subject.decide(request)).toMatchObject(expected);
    });
  });
});

const fixtures = readFixtures();

describe('the tests that are written in the policies', () => {
  const files = new Files();
  const tests = fixtures.flatMap((fixture) => {
    const { bytes, typed } = compileFixture(fixture);
    return typed.tests.map((one) => ({ name: `${fixture.name}: ${one.title}`, fixture, one, bytes }));
  });

  test.each(tests)('$name', ({ fixture, one, bytes }) => {
    const result = runTest(one, join(fixture.folder, 'policy.policy'), loadBundle(bytes), files);
    expect(result, JSON.stringify(result.got)).toMatchObject({ ok: true });
  });

  test('exist', () => {
    expect(tests.length).toBeGreaterThan(0);
  });
});

/** What v1 says of a decision. It stays this list when decisions have more keys. */
const V1_KEYS = [
  'effect',
  'invalid',
  'matched',
  'message',
  'obligations',
  'policy',
  'reason',
  'remediations',
  'rule',
  'severity',
  'shadowed',
];

describe('the fixtures', () => {
  test('exist', () => {
    expect(fixtures.length).toBeGreaterThan(0);
  });

  test.each(fixtures)('$name states whole decisions', ({ name, cases, folder }) => {
    const keys = name.startsWith('v1/') ? V1_KEYS : DECISION_KEYS;
    expect(cases.length).toBeGreaterThan(0);
    expect(new Set(cases.map((one) => one.title)).size).toBe(cases.length);
    for (const one of cases) expect(Object.keys(one.decision ?? {}).sort(), one.title).toEqual([...keys]);
    const text = readFileSync(join(folder, 'cases.json'), 'utf8');
    expect(text.isWellFormed()).toBe(true);
  });
});
