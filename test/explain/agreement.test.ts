// An explanation says what an evaluator decided: on every contract fixture and on generated policies, compiled and read back from bundles.

import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { compileFixture, readFixtures, requestBytes } from '../../scripts/fixture-files.ts';
import { decodeBundle } from '../../src/bytecode/codec.ts';
import { type Decision, loadBundle } from '../../src/evaluator/evaluator.ts';
import { type Explanation, explainDecision } from '../../src/explain/explanation.ts';
import type { Look, Part } from '../../src/explain/part.ts';
import type { Ir } from '../../src/ir/ir.ts';
import { lift } from '../../src/ir/lift.ts';
import { compilePolicy } from '../../src/policy.ts';
import type { Json } from '../../src/value/json.ts';
import { makeCase } from '../parity/policies.ts';
import { SEEDS } from '../parity/properties.ts';
import { schemaText } from '../parity/schema-json.ts';

const SEED = Number(process.env.POLICYC_SEED ?? 7);
const RUNS = Number(process.env.POLICYC_RUNS ?? 400);

function irsOf(bytes: Uint8Array, ir: Ir): readonly Ir[] {
  const decoded = decodeBundle(bytes);
  if (!decoded.ok) throw new Error(decoded.message);
  return [ir, lift(decoded.bundle)];
}

/** What the explanation and the decision disagree about. */
function problems(ir: Ir, request: Json, decision: Decision): string[] {
  const explanation = explainDecision(ir, request, decision);
  const found: string[] = [];
  const same = (what: string, got: unknown, wanted: unknown): void => {
    if (JSON.stringify(got) !== JSON.stringify(wanted))
      found.push(`${what}: ${JSON.stringify(got)}, decided ${JSON.stringify(wanted)}`);
  };
  const named = (...statuses: readonly string[]): string[] =>
    explanation.rules.filter(({ status }) => statuses.includes(status)).map(({ rule }) => rule);
  const rules = (entries: Decision['matched']): string[] => entries.map(({ rule }) => rule);
  same('matched', named('decides', 'contributes', 'outranked'), rules(decision.matched));
  same('shadowed', named('shadow'), rules(decision.shadowed));
  same('rule', named('decides')[0] ?? null, decision.rule);
  if (decision.invalid === null)
    for (const { rule, condition, holds } of explanation.rules) {
      same(`${rule} holds`, condition!.holds, holds);
      found.push(...inconsistent(condition!).map((text) => `${rule}: ${text}`));
    }
  return [...found, ...verdictProblems(explanation, decision)];
}

function verdictProblems({ verdict }: Explanation, decision: Decision): string[] {
  const by = decision.invalid !== null ? 'invalid' : decision.rule === null ? 'default' : 'rule';
  return verdict.by === by ? [] : [`decided by ${verdict.by}, really by ${by}`];
}

/** Parts whose truth does not follow from the truth of their own parts. */
function inconsistent(part: Part): string[] {
  const truths = part.parts.map(({ holds }) => holds);
  const follows = {
    and: () => truths.every((truth) => truth),
    or: () => truths.some((truth) => truth),
    not: () => truths[0] === false,
    any: () => lookHolds(part.looks[0]!) !== part.text.startsWith('not '),
    all: () => lookHolds(part.looks[0]!) !== part.text.startsWith('not '),
    test: () => part.holds,
    constant: () => part.holds,
  };
  const bad =
    part.omitted === 0 && follows[part.kind]() !== part.holds ? [`${part.text} is ${part.holds}`] : [];
  const below = [
    ...part.parts,
    ...part.looks.flatMap(({ items }) => items.map(({ condition }) => condition)),
  ];
  return [...bad, ...below.flatMap(inconsistent)];
}

function lookHolds({ kind, checked, holding }: Look): boolean {
  return kind === 'any' ? holding > 0 : checked !== null && holding === checked;
}

function jsonOf(bytes: Uint8Array): Json | undefined {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Json;
  } catch {
    return undefined;
  }
}

describe('an explanation agrees with the evaluator', () => {
  test.each(readFixtures())('$name', (fixture) => {
    const { bytes, ir } = compileFixture(fixture);
    const evaluator = loadBundle(bytes);
    const irs = irsOf(bytes, ir);
    for (const one of fixture.cases) {
      const text = requestBytes(one);
      const request = jsonOf(text);
      if (request === undefined) continue;
      const decision = JSON.parse(new TextDecoder().decode(evaluator.evaluateJson(text))) as Decision;
      for (const each of irs) expect(problems(each, request, decision), one.title).toEqual([]);
    }
  });

  it(`on generated policies (POLICYC_SEED=${SEED})`, { timeout: Number.POSITIVE_INFINITY }, () => {
    let valid = 0;
    for (const seeds of fc.sample(SEEDS, { seed: SEED, numRuns: RUNS })) {
      const made = makeCase(seeds);
      const files = new Map([
        ['p.policy', made.policy],
        ['s.json', schemaText(made.schema)],
      ]);
      const result = compilePolicy('p.policy', {
        readFile: (path) =>
          files.has(path)
            ? { ok: true, bytes: new TextEncoder().encode(files.get(path)!) }
            : { ok: false, reason: 'no such file' },
      });
      if (!result.ok) continue;
      const { bytes, ir } = result.compiled;
      const evaluator = loadBundle(bytes);
      const irs = irsOf(bytes, ir);
      for (const { text } of made.requests) {
        const request =
          text === null || text === undefined ? undefined : jsonOf(new TextEncoder().encode(text));
        if (request === undefined) continue;
        const decision = evaluator.evaluate(request);
        if (decision.invalid === null) valid++;
        for (const each of irs)
          expect(problems(each, request, decision), `${made.policy}\n${JSON.stringify(request)}`).toEqual([]);
      }
    }
    expect(valid).toBeGreaterThan(RUNS);
  });
});
