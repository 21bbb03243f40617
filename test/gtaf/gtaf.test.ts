// The policy of the GTAF projection against the frozen fixtures, the model of the reference and the published cases.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCases } from './cases.ts';
import { evaluate } from './reference.ts';
import { type Request, requests } from './requests.ts';
import { loadSubject } from './subject.ts';

const ROOT = join(import.meta.dirname, '../..');
const decide = loadSubject(join(ROOT, 'policies/gtaf/projection-v0.1.policy'));
const expected = (request: Request) => evaluate(request.drc, request.context, request.artifacts, request.now);

describe('the GTAF projection policy', () => {
  it.each(loadCases())('fixture $name', ({ request, expected: { effect, reason } }) => {
    expect(decide(request)).toEqual({ outcome: effect, reason });
  });

  it('decides generated requests as the model does', () => {
    fc.assert(
      fc.property(requests, (request) => {
        expect(decide(request)).toEqual(expected(request));
      }),
      { numRuns: 3000 },
    );
  });

  it('decides the shipped requests as the model does', () => {
    const lines = readFileSync(join(ROOT, 'policies/gtaf/requests.jsonl'), 'utf8').trimEnd().split('\n');
    for (const line of lines) {
      const request = JSON.parse(line) as Request;
      expect({ line, ...decide(request) }).toEqual({ line, ...expected(request) });
    }
  });
});

const published = join(ROOT, '../shared/data/gtaf/v0.1');

describe('the published cases', () => {
  it.runIf(existsSync(published))('agree with the policy', () => {
    const names = readdirSync(published).filter((name) => existsSync(join(published, name, 'drc.json')));
    expect(names).toHaveLength(9);
    for (const name of names) {
      const read = (file: string) => JSON.parse(readFileSync(join(published, name, `${file}.json`), 'utf8'));
      const want = read('expected') as { outcome: string; reason_code: string; now: string };
      const parts = { drc: read('drc'), context: read('context'), artifacts: read('artifacts') };
      const verdict = decide({ ...parts, now: want.now });
      expect({ name, ...verdict }).toEqual({ name, outcome: want.outcome, reason: want.reason_code });
    }
  });
});
