// The analysis of policies that are made for one point each.

import { describe, expect, it } from 'vitest';
import { analyzePolicy, compareRules } from '../../src/analyze/analyze.ts';
import type { AnalysisReport, RuleAnalysis } from '../../src/analyze/report.ts';
import type { AnalysisSubject } from '../../src/analyze/subject.ts';
import { decodeBundle } from '../../src/bytecode/codec.ts';
import { lift } from '../../src/ir/lift.ts';
import type { Schema } from '../diff/oracle/enumerate.ts';
import { compileVersion } from '../diff/oracle/subject.ts';
import { subjectOf } from './truth.ts';

const SCHEMA: Schema = {
  type: 'object',
  required: ['action', 'env', 'n'],
  properties: {
    action: { enum: ['read', 'write', 'drop'] },
    env: { enum: ['test', 'prod'] },
    n: { type: 'integer', minimum: 0, maximum: 100 },
    who: { type: 'string' },
  },
  additionalProperties: false,
};

function subject(
  rules: string,
  combining = 'most_restrictive',
  effects = 'allow < ask < deny',
): AnalysisSubject {
  const source = `policy p\nrequest from "s.json"\neffects ${effects}\ncombining ${combining}\ndefault allow\n${rules}\n`;
  const compiled = compileVersion({ source, schema: SCHEMA });
  if (!('compiled' in compiled)) throw new Error(compiled.join('\n'));
  return subjectOf(compiled);
}

/** As it is known from its bundle alone. */
function ofBundle({ bytes }: AnalysisSubject): AnalysisSubject {
  const decoded = decodeBundle(bytes);
  if (!decoded.ok) throw new Error(decoded.message);
  const ir = lift(decoded.bundle);
  return { label: 'p.policyb', bytes, ir, typed: null, schemas: null, rulePlaces: new Map() };
}

const rule = ({ rules }: AnalysisReport, name: string): RuleAnalysis =>
  rules.find((each) => each.name === name)!;
const findings = ({ rules }: AnalysisReport): (string | null)[] => rules.map(({ finding }) => finding);

describe('a rule', () => {
  it('is dead when the schema excludes its condition', () => {
    const report = analyzePolicy(subject('deny big when n > 100\ndeny small when n >= 100'));
    expect(findings(report)).toEqual(['dead', null]);
    expect(rule(report, 'small').witness?.request).toMatchObject({ n: 100 });
    expect(rule(report, 'big').witness).toBeNull();
  });

  it('is shadowed by stronger rules together', () => {
    const rules = 'deny low when n < 50\ndeny high when n > 40\nask whole when env == "prod"';
    const report = analyzePolicy(subject(rules));
    expect(findings(report)).toEqual([null, null, 'shadowed']);
    expect(rule(report, 'whole')).toMatchObject({ decidedBy: ['low', 'high'], decidedByComplete: true });
    expect(rule(report, 'whole').witness).toMatchObject({
      request: { env: 'prod' },
      decision: { effect: 'deny' },
    });
  });

  it('is shadowed by earlier rules together, where order decides', () => {
    const rules = 'ask low when n < 50\nask high when n > 40\ndeny whole when env == "prod"';
    expect(findings(analyzePolicy(subject(rules, 'first_applicable')))).toEqual([null, null, 'shadowed']);
    expect(findings(analyzePolicy(subject(rules)))).toEqual([null, null, null]);
  });

  it('that never decides is no finding when its obligations matter', () => {
    const effects = 'allow < ask < deny(who: string = "x")';
    const rules = (who: string): string =>
      `deny whole when env == "prod"\ndeny drops with who: "${who}" when env == "prod" and action == "drop"`;
    const brings = analyzePolicy(subject(rules('y'), 'most_restrictive', effects));
    expect(rule(brings, 'drops')).toMatchObject({ decides: 'no', matters: 'yes', finding: null });
    const same = analyzePolicy(subject(rules('x'), 'most_restrictive', effects));
    expect(rule(same, 'drops')).toMatchObject({ decides: 'no', matters: 'no', finding: 'shadowed' });
  });

  it('is redundant when others say the same of all that it decides', () => {
    const rules = (reason: string): string =>
      `deny drops reason "NO" when action == "drop"\ndeny writes reason "${reason}" when action != "read"`;
    expect(findings(analyzePolicy(subject(rules('NO'))))).toEqual(['redundant', null]);
    expect(findings(analyzePolicy(subject(rules('OTHER'))))).toEqual([null, null]);
    expect(findings(analyzePolicy(subject(rules('NO'), 'first_applicable')))).toEqual(['redundant', null]);
  });

  it('is redundant when the default says the same', () => {
    const rules =
      'allow reads reason "NO_RULE_MATCHED" when action == "read"\ndeny drops when action == "drop"';
    expect(findings(analyzePolicy(subject(rules)))).toEqual(['redundant', null]);
  });
});

describe('a row of a table', () => {
  const table = (last: string): string => `deny whole when n > 3
table t (action, env) first {
  one: "drop", _ -> ask reason "R"
  two: _, "prod" -> ${last} reason "R"
}`;

  it('keeps its requests from the rows below', () => {
    // Without the first row the second would deny what the first asks about.
    const report = analyzePolicy(subject(table('deny')));
    expect(findings(report)).toEqual([null, null, null]);
    expect(rule(report, 't.one')).toMatchObject({ decides: 'yes', matters: 'yes' });
  });

  it('that never decides still matters when it keeps its requests from a stronger row', () => {
    const rules = `ask drops when action == "drop"
table t (action, env) first {
  one: "drop", _ -> allow reason "R"
  two: _, "prod" -> deny reason "R"
}`;
    const report = analyzePolicy(subject(rules));
    expect(rule(report, 't.one')).toMatchObject({ decides: 'no', matters: 'yes', finding: null });
    // A bundle knows no tables, only that the rule does not decide.
    expect(rule(analyzePolicy(ofBundle(subject(rules))), 't.one')).toMatchObject({ decides: 'no' });
  });
});

describe('effects, gaps, overlaps and equivalent rules', () => {
  it('an effect is unreached when the rules that have it are', () => {
    const report = analyzePolicy(subject('ask hardly when n < 0\ndeny drops when action == "drop"'));
    expect(report.effects.map(({ name, reached }) => [name, reached])).toEqual([
      ['allow', 'yes'],
      ['ask', 'no'],
      ['deny', 'yes'],
    ]);
    // The dead rule and its effect.
    expect(report.findings).toBe(2);
  });

  it('an effect that refused requests get is no finding', () => {
    const report = analyzePolicy(subject('ask drops when action == "drop"'));
    expect(report.effects[2]).toMatchObject({ name: 'deny', reached: 'no', onInvalid: true });
    expect(report.findings).toBe(0);
  });

  it('there is no gap when the rules cover everything', () => {
    const covered = 'deny a when n < 50\nask b when n >= 50';
    expect(analyzePolicy(subject(covered)).gaps).toEqual({ reached: 'no', witness: null });
    const { gaps } = analyzePolicy(subject('deny a when n < 50\nask b when n > 50'));
    expect(gaps).toMatchObject({ reached: 'yes', witness: { request: { n: 50 }, decision: { rule: null } } });
  });

  it('rules overlap when they have different effects', () => {
    const rules = 'deny a when n < 50\nask b when n > 40\nask c when n > 45\nallow d when n > 60';
    const pairs = ({ overlaps }: AnalysisReport): string[] =>
      overlaps.pairs.map((pair) => pair.rules.join(' '));
    const all = analyzePolicy(subject(rules));
    expect(pairs(all)).toEqual(['a b', 'a c', 'b d', 'c d']);
    expect(all.overlaps).toMatchObject({ found: 4, complete: true, reason: null });
    // What c matches, b decides.
    expect(pairs(analyzePolicy(subject(rules, 'first_applicable')))).toEqual(['a b', 'a c', 'b d']);
  });

  it('rules are equivalent whose conditions are written differently', () => {
    const rules = `deny a when n > 9 and n < 11
ask b when n == 10
ask c when n >= 10
allow d unless n < 10
deny e when n > 100
deny f when n < 0`;
    const report = analyzePolicy(subject(rules));
    // e and f match nothing: they are dead, not equivalent.
    expect(report.equivalent).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect(compareRules(subject(rules), ['a', 'b'])).toMatchObject({ equivalent: 'yes' });
    expect(compareRules(subject(rules), ['a', 'c'])).toMatchObject({
      equivalent: 'no',
      directions: [
        { rule: 'a', notRule: 'c', exists: 'no', witness: null },
        { rule: 'c', notRule: 'a', exists: 'yes' },
      ],
    });
    expect(compareRules(subject(rules), ['a', 'nobody'])).toBeNull();
  });
});

describe('the report', () => {
  const rules = Array.from({ length: 200 }, (_, i) => {
    const effect = ['allow', 'ask', 'deny'][i % 3];
    return `${effect} r${i} when n == ${i % 110} and (env == "prod" or has who and who starts_with "w${i % 7}")`;
  }).join('\n');

  it('settles two hundred rules', () => {
    const report = analyzePolicy(subject(rules));
    expect(report.unknowns).toEqual([]);
    expect(report.overlaps.complete).toBe(true);
    // n is at most 100, and comes again from rule 110 on.
    const isDead = (i: number): boolean => i % 110 > 100;
    expect(report.rules.map(({ finding }) => finding === 'dead')).toEqual(
      Array.from({ length: 200 }, (_, i) => isDead(i)),
    );
  });

  it('says the same of a bundle, as far as it can', () => {
    const small = subject('deny a when n > 50\nask b when n > 60\nask c when action == "drop"');
    const [source, bundle] = [small, ofBundle(small)].map((each) => analyzePolicy(each));
    expect(findings(bundle!)).toEqual(findings(source!));
    expect(findings(bundle!)).toEqual([null, 'shadowed', null]);
  });

  it('claims nothing without time', () => {
    const options = { budgetMs: -1 };
    const report = analyzePolicy(subject('deny a when n > 50\nask b when n > 60'), options);
    expect(report.rules.map(({ matches, decides, matters }) => [matches, decides, matters])).toEqual([
      ['unknown', 'unknown', 'unknown'],
      ['unknown', 'unknown', 'unknown'],
    ]);
    expect(report.findings).toBe(0);
    expect(report.gaps.reached).toBe('unknown');
    expect(report.overlaps.complete).toBe(false);
    expect(report.unknowns.length).toBeGreaterThan(2);
    expect(compareRules(subject('deny a when n > 50\nask b when n > 60'), ['a', 'b'], options)).toMatchObject(
      {
        equivalent: 'unknown',
      },
    );
  });
});
