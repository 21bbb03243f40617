import { describe, expect, it } from 'vitest';
import { IrBuilder } from '../../src/ir/builder.ts';
import type { Edge, FieldId, IrAtom } from '../../src/ir/ir.ts';
import { decisionTable, printDecisionTable, renderCondition } from '../../src/ir/render.ts';
import { fieldRow, irOf, rule, sample } from './ir-samples.ts';
import { richIr } from './rich-ir.ts';

describe('conditions in policy syntax', () => {
  const b = new IrBuilder();
  const root = b.field(fieldRow({ via: 'root', kind: 'record' }));
  const member = (
    parent: FieldId,
    key: string,
    kind: Parameters<typeof fieldRow>[0]['kind'],
    scale = 0,
  ): FieldId => b.field(fieldRow({ parent, via: 'member', key, kind, scale }));
  const resource = member(root, 'resource', 'record');
  const env = member(resource, 'env', 'string');
  const flag = member(root, 'flag', 'bool');
  const amount = member(root, 'amount', 'decimal', 2);
  const qty = member(root, 'qty', 'int');
  const day = member(root, 'day', 'date');
  const at = member(root, 'at', 'timestamp');
  const odd = member(root, 'odd key', 'string');
  const any = member(root, 'any', 'unknown');
  const tags = member(root, 'tags', 'list');
  const tag = b.field(fieldRow({ parent: tags, via: 'bound', kind: 'string' }));
  const calc = (derived: NonNullable<Parameters<typeof fieldRow>[0]['derived']>): FieldId =>
    b.field(fieldRow({ via: 'calc', kind: 'int', derived }));
  const size = calc({ op: 'SIZE', args: [env], imm: 0 });
  const product = calc({ op: 'MUL', args: [size, qty], imm: 0 });
  const weekday = calc({ op: 'WEEKDAY', args: [at], imm: -90 });
  const norm = calc({ op: 'NORM', args: [odd], imm: 0 });
  const isTag = b.atom({ op: 'EQ_STRING', field: tag, other: env });
  const count = calc({ op: 'COUNT', list: tags, elem: tag, body: isTag });
  const atom = (row: IrAtom): Edge => b.atom(row);
  const inEnv = (...keys: string[]): Edge => atom({ op: 'IN_STRINGS', field: env, set: b.strings(keys) });
  const isFlag = atom({ op: 'IN_NUMBERS', field: flag, set: b.numbers([1]) });
  const big = atom({ op: 'RANGE', field: amount, bounds: [100000, Infinity] });
  const pattern = (field: FieldId, kind: 'glob' | 'path' | 'contains', ...texts: string[]): Edge =>
    atom({ op: 'MATCH', field, lang: b.lang(kind, texts) });
  const or = (...edges: Edge[]): Edge => b.or(edges);
  const and = (...edges: Edge[]): Edge => b.and(edges);

  const cases: readonly (readonly [Edge, string])[] = [
    [0, 'true'],
    [1, 'false'],
    [inEnv('dev'), 'resource.env == "dev"'],
    [inEnv('dev') ^ 1, 'resource.env != "dev"'],
    [inEnv('a', 'b') ^ 1, 'resource.env not in ["a", "b"]'],
    [isFlag, 'flag'],
    [isFlag ^ 1, 'not flag'],
    [big, 'amount >= 1000.00'],
    [atom({ op: 'RANGE', field: qty, bounds: [2, 5] }), 'qty >= 2 and qty <= 5'],
    [atom({ op: 'RANGE', field: qty, bounds: [2, 5] }) ^ 1, 'not (qty >= 2 and qty <= 5)'],
    [atom({ op: 'RANGE', field: day, bounds: [-Infinity, 0] }), 'day <= "1970-01-01"'],
    [atom({ op: 'RANGE_TIME', field: at, bounds: [0, 0, Infinity, 0] }), 'at >= "1970-01-01T00:00:00Z"'],
    [atom({ op: 'PRESENT', field: odd }), 'has request["odd key"]'],
    [atom({ op: 'PRESENT', field: odd }) ^ 1, 'not has request["odd key"]'],
    [atom({ op: 'KIND_IS', field: any, mask: 9 }) ^ 1, 'any is not null or string'],
    [atom({ op: 'HAS_KEY', field: any, key: 'k' }), '"k" in any'],
    [
      atom({ op: 'LT_NUMBER', field: product, other: count }) ^ 1,
      'not ((size(resource.env) * qty) < count(item in tags: item == resource.env))',
    ],
    [atom({ op: 'RANGE', field: weekday, bounds: [-Infinity, 5] }), 'weekday(at, "-01:30") <= 5'],
    [pattern(norm, 'path', '/etc/**', '/a\\*"'), 'request["odd key"] matches path ["/a\\*\\"", "/etc/**"]'],
    [pattern(env, 'contains', 'rm'), 'resource.env contains "rm"'],
    [
      atom({ op: 'ANY', list: tags, elem: tag, overValues: false, except: null, body: isTag }),
      'any(item in tags: item == resource.env)',
    ],
    [and(inEnv('dev'), or(isFlag, big)), 'resource.env == "dev" and (flag or amount >= 1000.00)'],
    [or(and(inEnv('dev'), isFlag), big), 'amount >= 1000.00 or flag and resource.env == "dev"'],
    [and(and(inEnv('dev'), big) ^ 1, isFlag), 'flag and not (amount >= 1000.00 and resource.env == "dev")'],
  ];

  for (const [edge, text] of cases) {
    it(text, () => {
      // The order of conjuncts is that of the IR, not that of the source.
      expect(renderCondition(irOf(b, [], 'most_restrictive'), edge)).toBe(text);
    });
  }

  it('end somewhere, however deep and shared the condition is', () => {
    const s = sample();
    let edge: Edge = 0;
    for (let i = 0; i < 60; i++) {
      const left = s.builder.atom({ op: 'RANGE', field: s.ints[0]!, bounds: [i, i] });
      const right = s.builder.atom({ op: 'RANGE', field: s.ints[1]!, bounds: [i, i] });
      edge = s.builder.or([s.builder.and([edge, left]), s.builder.and([edge, right])]);
    }
    const text = renderCondition(irOf(s.builder, [], 'most_restrictive'), edge);
    expect(text.length).toBeLessThan(1_000_000);
    expect(text).toContain('…');
  });
});

describe('the decision table', () => {
  it('has one row per rule and the default', () => {
    const ir = richIr();
    const rows = decisionTable(ir);
    expect(rows).toHaveLength(ir.rules.length + 1);
    expect(rows.at(-1)).toEqual({
      rule: 'default',
      effect: 'allow',
      condition: 'otherwise',
      reason: 'NO_RULE_MATCHED',
      severity: null,
      shadow: false,
    });
    expect(rows[0]).toMatchObject({ rule: 'big', effect: 'deny', severity: 'high', reason: 'BIG' });
    expect(printDecisionTable(ir).split('\n')).toHaveLength(rows.length + 1);
  });

  it('of a policy without rules is the default alone', () => {
    const ir = irOf(new IrBuilder(), [], 'first_applicable');
    expect(printDecisionTable(ir)).toBe('allow  default  otherwise  reason NO_RULE_MATCHED\n');
    expect(decisionTable({ ...ir, rules: [rule('r', 2, 0, { shadow: true })] })[0]).toMatchObject({
      condition: 'true',
      shadow: true,
    });
  });
});
