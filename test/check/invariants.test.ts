// Invariants after the checker: what they claim, and that a bundle knows nothing of them.
import { describe, expect, it } from 'vitest';
import type { TypedInvariant, TypedPolicy } from '../../src/checker/typed.ts';
import { type LoweredInvariant, lower, lowerWithInvariants } from '../../src/compiler/lower.ts';
import { type Ir, TRUE } from '../../src/ir/ir.ts';
import { renderCondition } from '../../src/ir/render.ts';
import { checkPolicy, compilePolicy } from '../../src/policy.ts';
import { complete, hostOf } from './case-file.ts';

const RULES = `effects allow < warn < ask < deny
default deny
let large = amount > 100.00
warn often when count(n in names: n == text) > 1
ask dear when large and env == "production"
deny labelled when has opt_actor and opt_actor.id in names`;

// Fields, sets, patterns, quantifiers and computed values that no rule has, and some that rules have too.
const INVARIANTS = `invariant none never allow, warn when large
invariant one always deny unless not has opt_small when opt_small == 5
invariant least always >= ask when any(s in sizes: s + small > 10)
invariant most always <= ask unless text matches glob ["a*", "b"] or count(n in names: n == "z") > 2
invariant some always warn, ask when role == "sre" when has opt_actor when opt_actor.role != "dev" or amount + rate > 3.00
invariant bare never warn`;

function typed(source: string): TypedPolicy {
  const checked = checkPolicy('case.policy', hostOf(complete(source)));
  if (checked.typed === null) throw new Error(JSON.stringify(checked.diagnostics));
  return checked.typed;
}

function bytes(source: string): Uint8Array {
  const result = compilePolicy('case.policy', hostOf(complete(source)));
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
  return result.compiled.bytes;
}

const both = `${RULES}\n${INVARIANTS}`;

describe('a typed invariant', () => {
  const { invariants, effects } = typed(both);
  const named = (name: string): TypedInvariant => invariants.find((one) => one.name === name)!;

  it('says which effects it is about, by their order', () => {
    expect(effects.map(({ name }) => name)).toEqual(['allow', 'warn', 'ask', 'deny']);
    expect(invariants.map(({ name, demand }) => [name, demand.kind, ...demand.effects])).toEqual([
      ['none', 'never', 0, 1],
      ['one', 'always', 3],
      ['least', 'atLeast', 2],
      ['most', 'atMost', 2],
      ['some', 'always', 1, 2],
      ['bare', 'never', 1],
    ]);
  });

  it('has its conditions as one, `unless` negated', () => {
    expect(named('bare').condition).toBe(null);
    expect(named('none').condition).toMatchObject({ kind: 'let', let: { name: 'large' } });
    expect(named('most').condition).toMatchObject({ kind: 'not', arg: { kind: 'or' } });
    expect(named('one').condition).toMatchObject({
      kind: 'and',
      args: [{ kind: 'not', arg: { kind: 'not' } }, { kind: 'compare' }],
    });
  });

  it('has the place of its name', () => {
    const source = complete(both);
    for (const { name, file, span } of invariants) {
      expect(file).toBe('case.policy');
      expect(source.slice(span.start, span.end)).toBe(name);
      expect(source.slice(0, span.start)).toMatch(/\ninvariant $/);
    }
  });
});

describe('the bundle', () => {
  it.each(['most_restrictive', 'first_applicable'])('has the same bytes with invariants: %s', (combining) => {
    const rules = `combining ${combining}\n${RULES}`;
    const plain = bytes(rules);
    expect(bytes(`${rules}\n${INVARIANTS}`)).toEqual(plain);
    // Between the rules, too.
    const [first, ...rest] = rules.split('\ndeny ');
    expect(bytes(`${first}\n${INVARIANTS}\ndeny ${rest.join('\ndeny ')}`)).toEqual(plain);
  });

  it('does not validate what only invariants read', () => {
    const keys = (ir: Ir): (string | null)[] => ir.fields.map(({ key }) => key);
    const withInvariants = typed(both);
    expect(keys(lower(withInvariants))).not.toContain('sizes');
    expect(keys(lowerWithInvariants(withInvariants).ir)).toContain('sizes');
    expect(keys(lowerWithInvariants(withInvariants).ir)).toContain('opt_small');
  });
});

describe('the IR for proofs', () => {
  const policy = typed(both);
  const plain = lower(policy);
  const { ir, invariants } = lowerWithInvariants(policy);
  const named = (name: string): LoweredInvariant => invariants.find((one) => one.name === name)!;

  it('begins with the IR of the bundle', () => {
    const { fields, sets, langs, atoms, conds, ...rest } = plain;
    expect(ir).toMatchObject(rest);
    expect(ir.sets.slice(0, sets.length)).toEqual(sets);
    expect(ir.langs.slice(0, langs.length)).toEqual(langs);
    expect(ir.atoms.slice(0, atoms.length)).toEqual(atoms);
    expect(ir.conds.slice(0, conds.length)).toEqual(conds);
    const open = ir.fields
      .slice(0, fields.length)
      .map((field, i) => ({ ...field, closed: fields[i]!.closed }));
    expect(open).toEqual(fields);
    expect(ir.fields.length).toBeGreaterThan(fields.length);
    expect(ir.atoms.length).toBeGreaterThan(atoms.length);
    expect(ir.langs.length).toBeGreaterThan(langs.length);
  });

  it('is that of the bundle when there are no invariants', () => {
    const bare = typed(RULES);
    expect(lowerWithInvariants(bare)).toEqual({ ir: lower(bare), invariants: [] });
    expect(lower(bare)).toEqual(plain);
  });

  it('closes an object of which only an invariant reads an optional member', () => {
    const source = 'deny r when thing.owner == "a"\ninvariant i never deny when has actor.age';
    const closed = (of: Ir): number => of.fields.filter((field) => field.closed !== null).length;
    const one = typed(source);
    expect([closed(lower(one)), closed(lowerWithInvariants(one).ir)]).toEqual([0, 1]);
  });

  it('has the conditions that rules with the same words have', () => {
    const asRules = INVARIANTS.replace(/^invariant (\w+) (never|always)( [<>]=)? (\w+, )*\w+/gm, 'deny $1');
    const rules = lower(typed(`${RULES}\n${asRules}`));
    for (const { name, cond } of invariants) {
      const rule = rules.rules.find((one) => one.name === name)!;
      expect(renderCondition(ir, cond)).toBe(renderCondition(rules, rule.cond));
    }
  });

  it('has the condition of each invariant, in their order', () => {
    expect(invariants.map(({ name }) => name)).toEqual(policy.invariants.map(({ name }) => name));
    expect(invariants.map(({ demand }) => demand)).toEqual(policy.invariants.map(({ demand }) => demand));
    expect(named('bare').cond).toBe(TRUE);
    // What a rule asks too is the same condition.
    const dear = plain.rules.find(({ name }) => name === 'dear')!;
    const conjunction = plain.conds[dear.cond >> 1];
    expect(conjunction?.op === 'and' && conjunction.args).toContain(named('none').cond);
    // `unless` is the negation of `when`.
    const { invariants: pair } = lowerWithInvariants(
      typed('invariant a never deny when small > 7\ninvariant b never deny unless small > 7'),
    );
    expect(pair[0]!.cond).toBe(pair[1]!.cond ^ 1);
  });
});
