// Generation against enumeration: over small worlds every request is decided, and what some request reaches must be reached by a generated
// one. The seed is printed; POLICYC_SEED repeats a run, POLICYC_RUNS makes it longer.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conditionsOf } from '../../src/generate/conditions.ts';
import { ProbedEdges } from '../../src/generate/goals.ts';
import { Probes } from '../../src/generate/probe.ts';
import type { GenerateReport } from '../../src/generate/report.ts';
import type { Json } from '../../src/value/json.ts';
import { canonical } from '../diff/oracle/enumerate.ts';
import { makePair, SEEDS } from '../diff/oracle/pairs.ts';
import type { Subject } from '../diff/oracle/subject.ts';
import { generated } from './appended.ts';

const SEED = Number(process.env.POLICYC_SEED ?? Date.now() % 2 ** 31);
const RUNS = Number(process.env.POLICYC_RUNS ?? 120);

/** Worlds with a goal that stays open, of all. */
const MAX_OPEN = 0.03;

const tally = { worlds: 0, open: 0, requests: 0, enumerated: 0 };

function problemsOf({ compiled, evaluator }: Subject, requests: readonly Json[]): readonly string[] {
  const report = generated(compiled, 10_000);
  const open = report.goals.filter(({ kind, status }) => status === 'unknown' && kind !== 'independence');
  tally.worlds += 1;
  tally.requests += report.requests.length;
  tally.enumerated += requests.length;
  if (open.length > 0) tally.open += 1;
  const made = report.requests.map(({ request }) => request);
  const valid = new Set(requests.map(canonical));
  const decisions = requests.map((request) => evaluator.evaluate(request));
  const reaching = new Set(report.requests.map(({ expect: { rule } }) => rule ?? 'default'));
  const isOpen = (kind: string, subject: string): boolean =>
    open.some((goal) => goal.kind === kind && goal.subject === subject);
  return [
    ...made.filter((request) => !valid.has(canonical(request))).map((each) => `invalid: ${canonical(each)}`),
    ...[...new Set(decisions.map(({ rule }) => rule ?? 'default'))]
      .filter((name) => !reaching.has(name) && !isOpen('rule', name) && !isOpen('default', name))
      .map((name) => `${name} decides, but not for a generated request`),
    ...report.requests.flatMap((each) => {
      const { effect, rule, reason } = evaluator.evaluate(each.request);
      const same = canonical({ effect, rule, reason }) === canonical(each.expect);
      return same ? [] : [`${each.name} is decided otherwise`];
    }),
    ...(open.length > 0 ? [] : truthProblems(compiled.ir, requests, made)),
    ...proofProblems(report, requests, evaluator),
    ...dependenceProblems(report, compiled.ir, requests, evaluator),
  ];
}

/** Both truth values of every condition that takes both, and every value at a boundary. */
function truthProblems(
  ir: Subject['compiled']['ir'],
  requests: readonly Json[],
  made: readonly Json[],
): readonly string[] {
  const conditions = conditionsOf(ir);
  const probed = new ProbedEdges(ir);
  const boundaries = conditions.flatMap((_, at) => probed.boundaries(probed.conditions[at]!));
  const edges = [...conditions.flatMap(({ edge }) => [edge, edge ^ 1]), ...boundaries];
  const probes = new Probes(probed.ir, edges);
  const taken = (of: readonly Json[]): readonly boolean[] => {
    const truths = of.map((request) => probes.truths(request));
    return edges.map((_, at) => truths.some((row) => row[at]));
  };
  const [all, own] = [taken(requests), taken(made)];
  return edges.flatMap((edge, at) =>
    all[at] === own[at]
      ? []
      : [`condition ${edge} (${at} of ${edges.length}): ${all[at]}, generated ${own[at]}`],
  );
}

/** What is proved to be unreachable is reached by no request. */
function proofProblems(
  { goals }: GenerateReport,
  requests: readonly Json[],
  evaluator: Subject['evaluator'],
): readonly string[] {
  const proved = goals.filter(({ status }) => status === 'unreachable');
  const decisions = requests.map((request) => evaluator.evaluate(request));
  return proved.flatMap(({ kind, subject }) => {
    const reached = decisions.some(({ rule, effect }) => {
      if (kind === 'rule') return rule === subject;
      if (kind === 'default') return rule === null;
      return kind === 'effect' && effect === subject;
    });
    return reached ? [`${kind} ${subject} is reached, in spite of the proof`] : [];
  });
}

/** Where a condition is proved to change no decision, no rule that decides a request would stop matching without it. */
function dependenceProblems(
  { goals }: GenerateReport,
  ir: Subject['compiled']['ir'],
  requests: readonly Json[],
  evaluator: Subject['evaluator'],
): readonly string[] {
  const proved = new Set(
    goals.flatMap(({ kind, subject, reason }) =>
      kind === 'independence' && reason?.endsWith('changes no decision') ? [subject] : [],
    ),
  );
  const conditions = conditionsOf(ir);
  const edges = conditions.map(({ edge }) => edge);
  const probes = new Probes(ir, edges);
  const rows = requests.map((request) => probes.truths(request));
  // Conditions that always hold together, or that read alike as in several branches of a union, may be proved to decide nothing together.
  const isOwn = (at: number): boolean =>
    conditions.every(
      ({ text }, other) =>
        other === at ||
        (text !== conditions[at]!.text && new Set(rows.map((row) => row[at] === row[other])).size > 1),
    );
  const judged = conditions.filter(({ text }, at) => proved.has(text) && isOwn(at));
  return requests.flatMap((request, row) => {
    const { rule } = evaluator.evaluate(request);
    const decider = ir.rules.find(({ name }) => name === rule);
    if (judged.length === 0 || decider === undefined) return [];
    const truths = rows[row]!;
    return judged.flatMap(({ edge, text }) => {
      const flipped = new Map(edges.map((each, at) => [each, truths[at]! !== (each === edge)]));
      return holds(ir, decider.cond, flipped) ? [] : [`${text} decides ${JSON.stringify(request)}`];
    });
  });
}

/** An edge under truth values of the conditions below it. */
function holds(ir: Subject['compiled']['ir'], edge: number, truth: ReadonlyMap<number, boolean>): boolean {
  const cond = ir.conds[edge >> 1]!;
  const value =
    cond.op === 'true' ||
    (cond.op === 'and' ? cond.args.every((arg) => holds(ir, arg, truth)) : truth.get(edge & ~1)!);
  return value !== ((edge & 1) === 1);
}

describe(`generation and enumeration (POLICYC_SEED=${SEED})`, () => {
  it('reaches what some request reaches', { timeout: Number.POSITIVE_INFINITY }, () => {
    const property = fc.property(SEEDS, (seeds) => {
      const built = makePair('independent', seeds);
      if (built === null) return;
      const problems = problemsOf(built.old, built.requests);
      if (problems.length === 0) return;
      const { source, schema } = built.old.version;
      expect.fail(`${problems.join('\n')}\n${source}\n${JSON.stringify(schema)}`);
    });
    fc.assert(property, { seed: SEED, numRuns: RUNS, endOnFailure: true });
  });

  it('has seen enough, and hardly any goal stays open', () => {
    expect(tally.worlds).toBeGreaterThan(RUNS / 2);
    expect(tally.open / tally.worlds).toBeLessThanOrEqual(MAX_OPEN);
    // Few requests stand for all.
    expect(tally.requests).toBeLessThan(tally.enumerated / 4);
  });
});
