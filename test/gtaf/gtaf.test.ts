// The policy of the GTAF projection against the frozen fixtures and the model of the reference.
import { readFileSync } from 'node:fs';
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
