// The analysis against enumeration: over small worlds every request is decided, and the report must say just what that shows.
// The seed is printed; POLICYC_SEED repeats a run, POLICYC_RUNS makes it longer.

import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import reportSchema from '../../schemas/analysis-report.schema.json' with { type: 'json' };
import { analyzePolicy, compareRules } from '../../src/analyze/analyze.ts';
import type { AnalysisReport, Fate, RuleAnalysis, Shown } from '../../src/analyze/report.ts';
import type { Json } from '../../src/value/json.ts';
import { canonical } from '../diff/oracle/enumerate.ts';
import { makePair, SEEDS } from '../diff/oracle/pairs.ts';
import { policyText } from '../diff/oracle/policy.ts';
import { compileVersion, type Subject } from '../diff/oracle/subject.ts';
import { withSameReasons } from './same-reasons.ts';
import { subjectOf, type TrueRule, type Truth, truthOf } from './truth.ts';

const SEED = Number(process.env.POLICYC_SEED ?? Date.now() % 2 ** 31);
const RUNS = Number(process.env.POLICYC_RUNS ?? 150);

/** Part of the policies about which the engine may leave a question open. */
const MAX_UNDECIDED = 0.02;

interface World {
  readonly subject: Subject;
  readonly requests: readonly Json[];
}

/** Two policies per run, over one world; half of them with one reason for everything. */
function worlds(runs: number, seed: number): readonly World[] {
  return fc.sample(SEEDS, { seed, numRuns: runs }).flatMap((seeds, run): World[] => {
    const built = makePair('edited', seeds);
    if (built === null) return [];
    const { pair, old, next, requests } = built;
    const { schema } = next.version;
    const source = policyText(withSameReasons(pair.next.policy, run % 2 === 0));
    const same = compileVersion({ source, schema });
    return [old, 'compiled' in same ? same : next].map((subject) => ({ subject, requests }));
  });
}

function minus<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): ReadonlySet<T> {
  return new Set([...a].filter((each) => !b.has(each)));
}

const fateOf = (holds: boolean): Fate => (holds ? 'yes' : 'no');

/** What is wrong with what is said of one rule. */
function ruleProblems(said: RuleAnalysis, truth: TrueRule): string[] {
  const fates = [
    ['matches', said.matches, truth.matches.size > 0],
    ['decides', said.decides, truth.decides],
    ['matters', said.matters, truth.matters],
  ] as const;
  const problems = fates.flatMap(([what, fate, holds]) =>
    fate === 'unknown' || fate === fateOf(holds) ? [] : [`${truth.name}: ${what} ${fate}`],
  );
  const finding =
    truth.matches.size === 0 ? 'dead' : truth.matters ? null : truth.decides ? 'redundant' : 'shadowed';
  const isKnown = fates.every(([, fate]) => fate !== 'unknown');
  if (isKnown && said.finding !== finding) problems.push(`${truth.name}: ${said.finding}, not ${finding}`);
  const names = new Set(said.decidedBy);
  if (isKnown && truth.matches.size > 0 && !truth.decides && said.decidedByComplete)
    if (minus(names, truth.decidedBy).size + minus(truth.decidedBy, names).size > 0)
      problems.push(`${truth.name}: decided by ${said.decidedBy}, not ${[...truth.decidedBy]}`);
  return problems;
}

function problemsOf(report: AnalysisReport, truth: Truth, { subject, requests }: World): string[] {
  const problems = report.rules.flatMap((said, at) => ruleProblems(said, truth.rules[at]!));
  if (report.rules.length !== truth.rules.length) problems.push('not all rules');
  for (const { name, reached } of report.effects)
    if (reached !== 'unknown' && reached !== fateOf(truth.effects.has(name)))
      problems.push(`effect ${name}: ${reached}`);
  const { gaps, overlaps, equivalent } = report;
  if (gaps.reached !== 'unknown' && gaps.reached !== fateOf(truth.hasGap))
    problems.push(`gaps ${gaps.reached}`);
  const pairs = new Set(overlaps.pairs.map(({ rules }) => rules.join(' ')));
  if (pairs.size !== overlaps.found) problems.push('pairs are missing, or there twice');
  for (const pair of pairs) if (!truth.overlaps.has(pair)) problems.push(`overlap ${pair}`);
  if (overlaps.complete && pairs.size !== truth.overlaps.size) problems.push('not all overlaps');
  const isOpen = report.unknowns.length > 0;
  if (!isOpen && canonical(equivalent) !== canonical(truth.equivalent))
    problems.push(`equivalent ${canonical(equivalent)}, not ${canonical(truth.equivalent)}`);
  return [...problems, ...witnessProblems(report, subject, requests)];
}

/** Every request that is shown is one of the world, and is decided as shown. */
function witnessProblems(
  report: AnalysisReport,
  { evaluator }: Subject,
  requests: readonly Json[],
): string[] {
  const all = new Set(requests.map(canonical));
  const shown = [
    ...report.rules.map(({ witness }) => witness),
    ...report.effects.map(({ witness }) => witness),
    ...report.overlaps.pairs.map(({ witness }) => witness),
    report.gaps.witness,
  ].filter((witness): witness is Shown => witness !== null);
  const problems = shown.flatMap(({ request, decision }) => {
    const { effect, rule } = evaluator.evaluate(request);
    const text = canonical(request);
    if (!all.has(text)) return [`${text} is no valid request`];
    return effect === decision.effect && rule === decision.rule ? [] : [`${text} is decided otherwise`];
  });
  for (const { name, decides, matches, witness } of report.rules) {
    if (decides === 'yes' && witness?.decision.rule !== name) problems.push(`${name}: not its witness`);
    if (matches === 'yes' && witness === null) problems.push(`${name}: no witness`);
  }
  return problems;
}

describe(`analysis and enumeration (POLICYC_SEED=${SEED})`, () => {
  const all = worlds(RUNS, SEED);
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(reportSchema);
  const counts = new Map<string, number>();
  const count = (what: string): number => counts.set(what, (counts.get(what) ?? 0) + 1).get(what)!;

  it('says what is true, and nothing else', { timeout: Number.POSITIVE_INFINITY }, () => {
    for (const world of all) {
      const report = analyzePolicy(subjectOf(world.subject));
      expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
      const problems = problemsOf(report, truthOf(world.subject, world.requests), world);
      const { source, schema } = world.subject.version;
      expect(problems, `${source}\n${JSON.stringify(schema)}`).toEqual([]);
      count('policies');
      if (report.unknowns.length > 0 || !report.overlaps.complete) count('undecided');
      for (const { finding } of report.rules) if (finding !== null) count(finding);
      for (const { reached, onInvalid } of report.effects)
        if (reached === 'no') count(onInvalid ? 'on invalid only' : 'unreached');
      if (report.gaps.reached === 'no') count('no gap');
      if (report.equivalent.length > 0) count('equivalent');
      if (report.overlaps.pairs.length > 0) count('overlaps');
    }
    console.info(`seed ${SEED}: ${JSON.stringify(Object.fromEntries(counts))}`);
  });

  it('finds everything somewhere, and leaves hardly anything open', () => {
    const policies = counts.get('policies') ?? 0;
    expect((counts.get('undecided') ?? 0) / policies).toBeLessThanOrEqual(MAX_UNDECIDED);
    if (policies < 200) return;
    for (const what of ['dead', 'shadowed', 'redundant', 'unreached', 'no gap', 'equivalent', 'overlaps'])
      expect(counts.get(what) ?? 0, what).toBeGreaterThan(0);
  });

  it('compares two rules', { timeout: Number.POSITIVE_INFINITY }, () => {
    const seen = new Set<Fate>();
    for (const { subject, requests } of all.slice(0, 80)) {
      const [a, b] = truthOf(subject, requests).rules;
      if (a === undefined || b === undefined) continue;
      const report = compareRules(subjectOf(subject), [a.name, b.name])!;
      expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
      const [ab, ba] = [minus(a.matches, b.matches), minus(b.matches, a.matches)];
      const said = report.directions.map(({ exists }) => exists);
      if (said.includes('unknown')) continue;
      expect(said, subject.version.source).toEqual([fateOf(ab.size > 0), fateOf(ba.size > 0)]);
      expect(report.equivalent).toBe(fateOf(ab.size + ba.size === 0));
      seen.add(report.equivalent);
      report.directions.forEach(({ witness }, i) => {
        if (witness === null) return;
        const at = requests.findIndex((request) => canonical(request) === canonical(witness.request));
        expect([ab, ba][i]!.has(at), canonical(witness.request)).toBe(true);
      });
    }
    expect(seen).toEqual(new Set(['yes', 'no']));
  });
});
