// Generated requests for the policies that ship: they reach all that can be reached, they are valid, and their decisions are right.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Files } from '../../src/cli/files.ts';
import { Replay } from '../../src/witness/replay.ts';
import { SchemaValidator } from '../../src/witness/schema-valid.ts';
import { compiled, generated, runAppended } from './appended.ts';

const FOLDER = join(import.meta.dirname, '../../policies');
const POLICIES = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.policy'),
);

/** Goals that no request reaches, and why that is right. */
const UNREACHABLE: { readonly [policy: string]: readonly string[] } = {
  // After the check of the windows every artifact is an object; the last rule matches always.
  'gtaf/projection-v0.1.policy': [
    'rule boundary_not_object',
    'default default',
    'independence artifacts[drc.refs.sb[0]] is object',
  ],
  // No price is negative.
  'spend-limits/spend-limits.policy': [
    'fails not (purchase.price >= 0.00)',
    'boundary purchase.price == -0.01',
    'independence purchase.price >= 0.00',
  ],
};

it('are found', () => {
  expect(POLICIES.length).toBeGreaterThanOrEqual(5);
});

describe.each(POLICIES)('%s', (name) => {
  const path = join(FOLDER, name);
  const policy = compiled(path, new Files());
  const report = generated(policy);

  it('has every reachable goal reached', () => {
    const missed = report.goals.filter(({ status }) => status === 'unreachable');
    expect(missed.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual(UNREACHABLE[name] ?? []);
    const unknown = report.goals.filter(
      ({ status, kind }) => status === 'unknown' && kind !== 'independence',
    );
    expect(unknown).toEqual([]);
  });

  it('has every condition shown to decide, but for a few', () => {
    const shown = report.goals.filter(({ kind }) => kind === 'independence');
    const unknown = shown.filter(({ status }) => status === 'unknown');
    expect(unknown.length / shown.length).toBeLessThan(0.1);
    expect(unknown.every(({ reason }) => reason !== null)).toBe(true);
  });

  it('gets a request for every rule', () => {
    const decided = new Set(report.requests.map(({ expect: { rule } }) => rule));
    const missing = policy.ir.rules
      .filter((rule) => !decided.has(rule.name))
      .map((rule) => `rule ${rule.name}`);
    expect(missing).toEqual((UNREACHABLE[name] ?? []).filter((goal) => goal.startsWith('rule ')));
  });

  it('gets valid requests with the decisions of both evaluators', () => {
    const validator = new SchemaValidator(policy.typed.schemas);
    const replay = new Replay(policy.bytes);
    for (const { request, expect: expected } of report.requests) {
      expect(validator.validate(request)).toEqual([]);
      const replayed = replay.decide(request);
      expect(replayed).toMatchObject({ kind: 'decision', decision: { ...expected, invalid: null } });
    }
  });

  it('gets test blocks that pass', async () => {
    const results = await runAppended(path, new Files(), report);
    expect(results.length).toBe(report.requests.length);
    expect(results.filter(({ ok }) => !ok)).toEqual([]);
  });

  // The largest policy takes as long as all others together, and its requests are found like theirs.
  it.skipIf(report.goals.length > 300)('gets the same requests again', () => {
    expect(generated(policy)).toEqual(report);
  });

  it('has names and goals that fit each other', () => {
    const names = report.requests.map((request) => request.name);
    expect(new Set(names).size).toBe(names.length);
    const used = new Set(report.goals.flatMap(({ requests }) => requests));
    expect([...used].sort()).toEqual([...names].sort());
    for (const { status, requests, reason } of report.goals) {
      expect(requests.length > 0).toBe(status === 'reached');
      expect(reason === null).toBe(status === 'reached');
    }
  });
});
