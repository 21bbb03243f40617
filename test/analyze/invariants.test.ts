// Invariants against enumeration, and what is special about them.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type InvariantResult, invariantDiagnostics, proveInvariants } from '../../src/analyze/invariants.ts';
import { checkPolicy } from '../../src/policy.ts';
import type { Json } from '../../src/value/json.ts';
import { complete, hostOf } from '../check/case-file.ts';
import { Conditions } from '../diff/oracle/conditions.ts';
import { canonical, type Schema } from '../diff/oracle/enumerate.ts';
import { validator } from '../diff/oracle/judge.ts';
import { makePair, SEEDS } from '../diff/oracle/pairs.ts';
import { condText } from '../diff/oracle/policy.ts';
import { Scope } from '../diff/oracle/scope.ts';
import { compileVersion, type Subject } from '../diff/oracle/subject.ts';
import { Draw } from '../parity/draw.ts';

const SEED = Number(process.env.POLICYC_SEED ?? Date.now() % 2 ** 31);
const RUNS = Number(process.env.POLICYC_RUNS ?? 110);
/** Invariants of one policy. */
const CLAIMS = 4;

interface Claim {
  readonly text: string;
  /** Null: it speaks of all requests. */
  readonly condition: string | null;
  readonly allows: (effect: number) => boolean;
}

function makeClaim(draw: Draw, name: string, effects: readonly string[], condition: string): Claim {
  const effect = draw.int(effects.length);
  const few = draw.int(effects.length - 1);
  const [demand, allows] = draw.pick<readonly [string, Claim['allows']]>([
    [`never ${effects[effect]}`, (found) => found !== effect],
    [`always ${effects[effect]}`, (found) => found === effect],
    [`never ${effects.slice(0, few + 1).join(', ')}`, (found) => found > few],
    [`always ${effects.slice(0, few + 1).join(', ')}`, (found) => found <= few],
    [`always >= ${effects[effect]}`, (found) => found >= effect],
    [`always <= ${effects[effect]}`, (found) => found <= effect],
  ]);
  if (draw.once(6)) return { text: `invariant ${name} ${demand}`, condition: null, allows };
  const word = draw.pick(['when', 'unless']);
  const held = word === 'when' ? condition : `not (${condition})`;
  return { text: `invariant ${name} ${demand} ${word} ${condition}`, condition: held, allows };
}

interface Case {
  readonly subject: Subject;
  readonly claims: readonly Claim[];
  readonly requests: readonly Json[];
}

function cases(runs: number, seed: number): readonly Case[] {
  const choices = fc.array(fc.nat({ max: 999_983 }), { minLength: 200, maxLength: 200 });
  return fc.sample(fc.tuple(SEEDS, choices), { seed, numRuns: runs }).flatMap(([seeds, drawn]) => {
    const built = makePair('edited', seeds);
    if (built === null) return [];
    const { pair, old, next, requests } = built;
    const draw = new Draw(drawn);
    let count = 0;
    const conditions = new Conditions(draw, (prefix) => `inv_${prefix}${count++}`);
    return [old, next].flatMap(({ version, effects }): Case[] => {
      const claims = Array.from({ length: CLAIMS }, (_, i) => {
        const condition = condText(conditions.make(Scope.of(pair.old.world), 2));
        return makeClaim(draw, `claim${i}`, effects, condition);
      });
      const source = `${version.source}${claims.map(({ text }) => text).join('\n')}\n`;
      const subject = compileVersion({ ...version, source });
      return 'compiled' in subject ? [{ subject, claims, requests }] : [];
    });
  });
}

/** Whether a condition holds, asked of a policy that has nothing else. */
function holding(condition: string | null, schema: Schema): (request: Json) => boolean {
  if (condition === null) return () => true;
  const source = `policy q\nrequest from "s.json"\neffects no < yes\ncombining most_restrictive\ndefault no\nyes probe when ${condition}\n`;
  const probe = compileVersion({ source, schema });
  if (!('compiled' in probe)) throw new Error(`${condition}: ${probe}`);
  return (request) => probe.evaluator.evaluate(request).rule === 'probe';
}

function prove({ compiled }: Subject): readonly InvariantResult[] {
  return proveInvariants(compiled);
}

describe(`invariants and enumeration (POLICYC_SEED=${SEED})`, () => {
  it('are proved where they hold, and broken by a request where not', {
    timeout: Number.POSITIVE_INFINITY,
  }, () => {
    const counts = { proved: 0, violated: 0, undecided: 0 };
    for (const { subject, claims, requests } of cases(RUNS, SEED)) {
      const { evaluator, effects, version } = subject;
      const isValid = validator(version.schema);
      prove(subject).forEach(({ invariant, proof }, i) => {
        const { condition, allows, text } = claims[i]!;
        const about = `${text}\n${version.source}\n${JSON.stringify(version.schema)}\n${JSON.stringify(proof)}`;
        expect(invariant.name, about).toBe(`claim${i}`);
        const holds = holding(condition, version.schema);
        const breaks = (request: Json): boolean =>
          holds(request) && !allows(effects.indexOf(evaluator.evaluate(request).effect));
        counts[proof.kind]++;
        if (proof.kind === 'undecided') return;
        const isBroken = requests.some(breaks);
        if (proof.kind === 'proved') expect(isBroken, about).toBe(false);
        else {
          const { request, decision, isSchemaValid } = proof.counterexample;
          expect([isSchemaValid, isValid(request)], about).toEqual([isBroken, isBroken]);
          expect(breaks(request), about).toBe(true);
          expect(canonical(decision), about).toBe(canonical(evaluator.evaluate(request)));
        }
      });
    }
    console.info(`seed ${SEED}: ${JSON.stringify(counts)}`);
    const total = counts.proved + counts.violated + counts.undecided;
    expect(counts.undecided / total).toBeLessThanOrEqual(0.02);
    expect(Math.min(counts.proved, counts.violated)).toBeGreaterThan(total / 20);
  });
});

const NOTHING: Schema = { type: 'integer', minimum: 5, maximum: 4 };

const SCHEMA: Schema = {
  type: 'object',
  required: ['who', 'n', 'l', 'o'],
  properties: {
    who: { enum: ['a', 'b'] },
    n: { type: 'integer', minimum: 0, maximum: 9 },
    l: { type: 'array', items: { type: 'object', properties: { k: NOTHING }, required: ['k'] }, maxItems: 4 },
    o: { type: 'object', properties: { x: { type: 'boolean' } }, additionalProperties: false },
  },
  additionalProperties: false,
};

const HEAD = `policy p
request from "s.json"
effects allow < ask < deny
combining first_applicable
default ask
deny many when n > 5
allow known when who == "a"
`;

function proofsOf(rules: string): readonly InvariantResult[] {
  const subject = compileVersion({ source: HEAD + rules, schema: SCHEMA });
  if (!('compiled' in subject)) throw new Error(subject.join());
  return prove(subject);
}

describe('a proof', () => {
  it('is not attempted without invariants', () => {
    expect(proofsOf('')).toEqual([]);
  });

  it('shows a valid request, its decision, and the place of the claim', () => {
    const results = proofsOf(
      'invariant few never allow, ask when n >= 5\ninvariant most always deny when n > 5\n',
    );
    expect(results.map(({ proof }) => proof.kind)).toEqual(['violated', 'proved']);
    const [diagnostic, ...others] = invariantDiagnostics(results);
    expect(others).toEqual([]);
    expect(diagnostic).toMatchObject({ code: 'P5001', severity: 'error', place: { file: 'p.policy' } });
    const { span } = diagnostic!.place;
    expect(`${HEAD}invariant few`.slice(span!.start, span!.end)).toBe('few');
    const request = JSON.parse(String(diagnostic!.args.request)) as { n: number };
    expect(request.n).toBe(5);
    expect(diagnostic!.args.effect).not.toBe('deny');
  });

  it('names what decides, also when no rule does', () => {
    const results = proofsOf('invariant a never ask\ninvariant b never allow when n < 1\n');
    expect(invariantDiagnostics(results).map(({ args }) => [args.name, args.effect, args.rule])).toEqual([
      ['a', 'ask', 'default'],
      ['b', 'allow', 'known'],
    ]);
  });

  it('is about requests that are valid for what invariants read, too', () => {
    // The bundle does not judge what only invariants read.
    expect(proofsOf('invariant size never ask, allow, deny when n > 9\n')[0]!.proof.kind).toBe('proved');
    expect(proofsOf('invariant x never allow when has o.x and not (o.x or not o.x)\n')[0]!.proof.kind).toBe(
      'proved',
    );
  });

  it('says that a claim is broken beside the schema only', () => {
    // No item is valid, but the bundle does not look at them: it judges how many there are.
    const [diagnostic] = invariantDiagnostics(proofsOf('invariant none never allow when size(l) > 2\n'));
    expect(diagnostic).toMatchObject({ code: 'P5002', severity: 'error' });
    expect(proofsOf('invariant long never allow when size(l) > 4\n')[0]!.proof.kind).toBe('proved');
  });

  it('that runs out of time is a warning', () => {
    const subject = compileVersion({
      source: `${HEAD}invariant few never allow when n >= 5\n`,
      schema: SCHEMA,
    });
    if (!('compiled' in subject)) throw new Error(subject.join());
    const results = proveInvariants(subject.compiled, { budgetMs: -1 });
    expect(results.map(({ proof }) => proof.kind)).toEqual(['undecided']);
    expect(invariantDiagnostics(results)).toMatchObject([{ code: 'P5901', severity: 'warning' }]);
  });
});

describe('the limits of conditions', () => {
  it('hold for invariants', () => {
    const nested = (depth: number): string =>
      depth === 0 ? 'amount > 1.00' : `any(v${depth} in names: v${depth} == "a" and ${nested(depth - 1)})`;
    const codes = (depth: number): string[] =>
      checkPolicy(
        'case.policy',
        hostOf(complete(`deny r when flag\ninvariant i never allow when ${nested(depth)}`)),
      )
        .diagnostics.filter(({ severity }) => severity === 'error')
        .map(({ code }) => code);
    expect([codes(4), codes(5)]).toEqual([[], ['P3052']]);
  });
});
