// Claims about policies of the whole language, over schemas too large to enumerate: what a comparison does not report must not happen. Where
// it says that nothing changes, 10,000 random requests are tried. The seed is printed; POLICYC_SEED repeats a run, POLICYC_RUNS makes it longer.

import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { kindOf } from '../../src/diff/cells.ts';
import { diffPolicies } from '../../src/diff/diff.ts';
import type { DiffReport } from '../../src/diff/report.ts';
import type { DiffSide } from '../../src/diff/sides.ts';
import { type Evaluator, loadBundle } from '../../src/evaluator/evaluator.ts';
import { parsePolicyBytes } from '../../src/parser/parse.ts';
import { checkPolicy, compilePolicy, type Host } from '../../src/policy.ts';
import { choices } from '../parity/draw.ts';
import { makeCase } from '../parity/policies.ts';
import { SEEDS, showCase } from '../parity/properties.ts';
import { schemaText } from '../parity/schema-json.ts';

const SEED = Number(process.env.POLICYC_SEED ?? Date.now() % 2 ** 31);
const RUNS = Number(process.env.POLICYC_RUNS ?? 220);
const REQUESTS = 300;
const REQUESTS_OF_A_CLAIM = 10_000;
const BUDGET_MS = 4_000;

const encoder = new TextEncoder();

function hostOf(policy: string, schema: string): Host {
  const files = new Map([
    ['p.policy', policy],
    ['s.json', schema],
  ]);
  return {
    readFile: (path) => {
      const text = files.get(path);
      return text === undefined
        ? { ok: false, reason: 'not there' }
        : { ok: true, bytes: encoder.encode(text) };
    },
  };
}

interface Side {
  readonly side: DiffSide;
  readonly evaluator: Evaluator;
}

function sideOf(policy: string, schema: string): Side | null {
  const host = hostOf(policy, schema);
  const result = compilePolicy('p.policy', host);
  if (!result.ok) return null;
  const { bytes, ir } = result.compiled;
  const { schemas } = checkPolicy('p.policy', host);
  return { side: { label: 'p', bytes, ir, schemas, rulePlaces: new Map() }, evaluator: loadBundle(bytes) };
}

/** The same policy with one rule dropped, moved or turned round; null when it has none. */
function edited(policy: string, choice: number): string | null {
  const { tree } = parsePolicyBytes(encoder.encode(policy), 'p.policy');
  const items = (tree?.items ?? []).filter(
    ({ kind }) => kind === 'rule' || kind === 'table' || kind === 'group',
  );
  if (items.length === 0) return null;
  const at = choice % items.length;
  const { span } = items[at]!;
  const text = policy.slice(span.start, span.end);
  const without = policy.slice(0, span.start) + policy.slice(span.end);
  switch (Math.floor(choice / items.length) % 4) {
    case 0:
      return without;
    case 1:
      return `${without}\n${text}\n`;
    case 2:
      return policy.slice(0, span.start) + text.replace(/\bwhen\b/, 'unless') + policy.slice(span.end);
    default:
      return policy.slice(0, span.start) + text.replace(/>=|<=|==/, '!=') + policy.slice(span.end);
  }
}

/** What a request shows that the report denies; null when it shows nothing. */
function denied(report: DiffReport, old: Evaluator, next: Evaluator, request: unknown): string | null {
  const witness = { old: old.evaluate(request), new: next.evaluate(request) };
  if (witness.old.invalid !== null || witness.new.invalid !== null) return null;
  const kind = kindOf(witness);
  if (kind === null) return null;
  const { effect: from, rule: oldRule } = witness.old;
  const { effect: to, rule: newRule } = witness.new;
  const cell = report.cells.find((each) => each.from === from && each.to === to && each.kind === kind);
  if (cell === undefined) return `${from} -> ${to} ${kind} is not reported`;
  if (!cell.oldRules.includes(oldRule ?? 'default')) return `${from} -> ${to} ${kind} lacks old ${oldRule}`;
  return cell.newRules.includes(newRule ?? 'default')
    ? null
    : `${from} -> ${to} ${kind} lacks new ${newRule}`;
}

describe(`what a comparison does not report (POLICYC_SEED=${SEED})`, () => {
  const tally = { pairs: 0, changed: 0, claims: 0, undecided: 0, discarded: 0 };

  it('does not happen', { timeout: Number.POSITIVE_INFINITY }, () => {
    const cases = fc.sample(fc.tuple(SEEDS, fc.nat(), fc.infiniteStream(choices(120))), {
      numRuns: RUNS,
      seed: SEED,
    });
    for (const [seeds, choice, stream] of cases) {
      const draw = (count: number) =>
        makeCase({ ...seeds, requests: Array.from({ length: count }, () => stream.next().value) });
      const few = draw(REQUESTS);
      const schema = schemaText(few.schema);
      const changed = edited(few.policy, choice);
      const [old, next] = [sideOf(few.policy, schema), changed === null ? null : sideOf(changed, schema)];
      if (old === null || next === null) {
        tally.discarded++;
        continue;
      }
      const report = diffPolicies(old.side, next.side, { budgetMs: BUDGET_MS });
      tally.pairs++;
      if (report.verdict === 'changed') tally.changed++;
      if (report.verdict === 'no_change') tally.claims++;
      if (report.unknowns.length > 0) {
        tally.undecided++;
        continue;
      }
      const { requests } = report.verdict === 'no_change' ? draw(REQUESTS_OF_A_CLAIM) : few;
      for (const { value } of requests) {
        const problem = denied(report, old.evaluator, next.evaluator, value);
        if (problem !== null)
          expect.fail(
            `seed ${SEED}: ${problem} for ${JSON.stringify(value)}\n${showCase({ ...few, requests: [] })}\nnew:\n${changed}`,
          );
      }
    }
    expect(tally.pairs).toBeGreaterThan(RUNS / 3);
    expect(tally.changed).toBeGreaterThan(tally.pairs / 5);
    expect(tally.claims).toBeGreaterThan(0);
  });

  afterAll(() => console.info(`seed ${SEED}: ${JSON.stringify(tally)}`));
});
