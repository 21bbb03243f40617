// The binary contract: stored bundles load and decide the stored bytes, and the compiler still writes the same bundles.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  bundleFolder,
  type CaseInput,
  compileFixture,
  FIXTURES,
  inputOf,
  readFixtures,
  requestBytes,
} from '../../scripts/fixture-files.ts';
import { decodeBundle } from '../../src/bytecode/codec.ts';
import { disassemble } from '../../src/bytecode/disassemble.ts';
import { compilePolicy } from '../../src/policy.ts';
import { EVALUATORS } from './evaluators.ts';

const FOLDER = join(FIXTURES, 'bundles');
const fixtures = readFixtures();

function lines(folder: string, file: string): string[] {
  return readFileSync(join(folder, file), 'utf8').trimEnd().split('\n');
}

test('every fixture has a bundle and every bundle a fixture', () => {
  expect(
    readdirSync(FOLDER)
      .map((name) => join(FOLDER, name))
      .sort(),
  ).toEqual(fixtures.map(bundleFolder).sort());
});

describe.each(fixtures)('$name', (fixture) => {
  const folder = bundleFolder(fixture);
  const stored = (): Uint8Array => new Uint8Array(readFileSync(join(folder, 'bundle.policyb')));

  test.each(EVALUATORS)('$name decides the stored bytes', (evaluator) => {
    const subject = evaluator.load(stored());
    const requests = lines(folder, 'requests.jsonl').map((line) => JSON.parse(line) as CaseInput);
    const decisions = requests.map((one) =>
      new TextDecoder().decode(subject.evaluateJson(requestBytes(one))),
    );
    expect(decisions).toEqual(lines(folder, 'decisions.jsonl'));
  });

  test('is listed as stored', () => {
    const decoded = decodeBundle(stored());
    if (!decoded.ok) throw new Error(decoded.message);
    expect(disassemble(decoded.bundle)).toBe(readFileSync(join(folder, 'disassembly.txt'), 'utf8'));
  });

  test('is what the compiler makes of the fixture', () => {
    const requests = fixture.cases.map((one) => JSON.stringify(inputOf(one)));
    expect(lines(folder, 'requests.jsonl')).toEqual(requests);
    expect(Buffer.from(compileFixture(fixture).bytes).equals(stored()), 'run `npm run fixtures`').toBe(true);
  });

  test('is the same in another folder, with the keys of its schemas in another order', () => {
    const result = compilePolicy('/other place/policy.policy', {
      readFile: (path) => {
        const name = path.slice('/other place/'.length);
        const file = readFileSync(join(fixture.folder, name));
        if (!name.endsWith('.json')) return { ok: true, bytes: file };
        const text = JSON.stringify(reversed(JSON.parse(file.toString())), null, 7);
        return { ok: true, bytes: new TextEncoder().encode(text) };
      },
    });
    if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
    expect(Buffer.from(result.compiled.bytes).equals(stored())).toBe(true);
  });
});

/** The same JSON with the keys of every object in reverse order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  );
}
