// What differs in writing, on pairs of compiled policies: sources, and their bundles read back.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBundle } from '../../src/bytecode/codec.ts';
import type { StructuralChange } from '../../src/diff/report.ts';
import type { DiffSide } from '../../src/diff/sides.ts';
import { compareStructure } from '../../src/diff/structure.ts';
import { keptInOrder } from '../../src/diff/structure-rules.ts';
import { IrBuilder } from '../../src/ir/builder.ts';
import type { Edge } from '../../src/ir/ir.ts';
import { lift } from '../../src/ir/lift.ts';
import { compilePolicy } from '../../src/policy.ts';
import { fieldRow, irOf, rule as rowOf } from '../emit/ir-samples.ts';

const SCHEMA = {
  type: 'object',
  required: ['action', 'amount'],
  properties: {
    action: { enum: ['read', 'write', 'pay'] },
    amount: { type: 'number', multipleOf: 0.01, minimum: 0, maximum: 1000 },
    note: { type: 'string', maxLength: 10 },
    labels: { type: 'array', maxItems: 4, items: { type: 'string' } },
    items: { type: 'array', maxItems: 4, items: { type: 'integer', minimum: 0, maximum: 9 } },
  },
};

const HEAD = `policy demo version "1.0.0"
request from "./s.json"
effects allow < ask(who: string = "ops") < deny
combining most_restrictive
default deny
`;
const RULES = `allow reads when action == "read"
deny dear when amount >= 100 severity high message "too dear" tags ["money"]
ask noted when has note and note starts_with "x"
`;

function side(text: string, schema: object = SCHEMA): DiffSide {
  const files: { [path: string]: string } = { 'p.policy': text, 's.json': JSON.stringify(schema) };
  const result = compilePolicy('p.policy', {
    readFile: (path) => {
      const found = files[path];
      return found === undefined
        ? { ok: false, reason: 'no such file' }
        : { ok: true, bytes: new TextEncoder().encode(found) };
    },
  });
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
  const { bytes, ir, typed } = result.compiled;
  return { label: 'p.policy', bytes, ir, schemas: typed.schemas, rulePlaces: new Map() };
}

function bundleOf(source: DiffSide): DiffSide {
  const decoded = decodeBundle(source.bytes);
  if (!decoded.ok) throw new Error(decoded.message);
  return { ...source, ir: lift(decoded.bundle), schemas: null };
}

const base = side(HEAD + RULES);
const changes = (text: string, schema?: object): readonly StructuralChange[] =>
  compareStructure(base, side(text, schema));
const rule = (change: string, old: string | null, next: string | null, details: string[] = []): object => ({
  subject: 'rule',
  change,
  old,
  new: next,
  details,
});
const same = (change: string, name: string, ...details: string[]): object =>
  rule(change, name, name, details);

describe('nothing is said about', () => {
  test('equal policies, as sources, as bundles, and one of each', () => {
    const other = side(HEAD + RULES);
    expect(compareStructure(base, other)).toEqual([]);
    expect(compareStructure(bundleOf(base), bundleOf(other))).toEqual([]);
    expect(compareStructure(base, bundleOf(other))).toEqual([]);
    expect(compareStructure(bundleOf(base), other)).toEqual([]);
  });

  test('ids, which depend on the other rules', () => {
    const found = changes(`${HEAD}deny seven when amount == 7 and action != "pay"\n${RULES}`);
    expect(found).toEqual([rule('added', null, 'seven')]);
  });

  test('layout, comments and names of values', () => {
    const rules = RULES.replace('amount >= 100', 'amount >= limit // dear\n ');
    expect(changes(`${HEAD}let limit = 100.00\n${rules}`)).toEqual([]);
  });

  test('conditions when only the schema changed', () => {
    const amount = { type: 'number', multipleOf: 0.001, minimum: 0, maximum: 1000 };
    expect(changes(HEAD + RULES, { ...SCHEMA, properties: { ...SCHEMA.properties, amount } })).toEqual([
      {
        subject: 'field',
        change: 'changed',
        old: 'amount',
        new: 'amount',
        details: ['decimal(2) → decimal(3)'],
      },
    ]);
  });
});

describe('a rule', () => {
  test('removed', () => {
    expect(changes(HEAD + RULES.replace(/deny dear.*\n/, ''))).toEqual([
      rule('removed', 'dear', null),
      { subject: 'field', change: 'removed', old: 'amount', new: null, details: [] },
    ]);
  });

  test('with another condition', () => {
    expect(changes(HEAD + RULES.replace('>= 100', '> 100'))).toEqual([same('changed', 'dear', 'condition')]);
  });

  test('with other parts names each of them', () => {
    const next = RULES.replace('deny dear', 'ask dear').replace('high', 'low').replace('too dear', 'dear');
    expect(changes(HEAD + next)).toEqual([
      same('changed', 'dear', 'effect', 'severity', 'obligations', 'message'),
    ]);
  });

  test('with another obligation', () => {
    expect(changes(HEAD + RULES.replace('ask noted', 'ask noted with who: "me"'))).toEqual([
      same('changed', 'noted', 'obligations'),
    ]);
  });

  test('with another text only', () => {
    expect(changes(HEAD + RULES.replace('"money"', '"cash"').replace('too dear', '{amount}'))).toEqual([
      same('text', 'dear', 'message', 'tags'),
    ]);
  });

  test('with another name keeps its identity, although its reason follows the name', () => {
    expect(changes(HEAD + RULES.replace('noted', 'remarked'))).toEqual([
      rule('renamed', 'noted', 'remarked', ['reason']),
    ]);
    const reason = (name: string): string => `${HEAD}allow ${name} when action == "read" reason "R"\n`;
    expect(compareStructure(side(reason('a')), side(reason('b')))).toEqual([rule('renamed', 'a', 'b')]);
  });

  test('moved: as few as possible', () => {
    const [a, b, c] = RULES.split('\n') as [string, string, string];
    expect(changes(`${HEAD}${c}\n${a}\n${b}\n`)).toEqual([same('moved', 'noted', 'now first')]);
    expect(changes(`${HEAD}${b}\n${c}\n${a}\n`)).toEqual([same('moved', 'reads', 'now after noted')]);
  });

  test('of a bundle against a source', () => {
    const next = side(HEAD + RULES.replace('too dear', 'dear').replace('allow reads', 'deny reads'));
    const wanted = [same('changed', 'reads', 'effect'), same('text', 'dear', 'message')];
    expect(compareStructure(bundleOf(base), next)).toEqual(wanted);
    expect(compareStructure(base, bundleOf(next))).toEqual(wanted);
  });

  test('of a bundle, whose condition is known as compiled only', () => {
    const next = side(HEAD + RULES.replace('>= 100', '> 100'));
    const wanted = [same('changed', 'dear', 'compiled condition')];
    expect(compareStructure(bundleOf(base), next)).toEqual(wanted);
    expect(compareStructure(bundleOf(base), bundleOf(next))).toEqual(wanted);
  });
});

describe('nested quantifiers', () => {
  const nested = (body: string, before = ''): DiffSide =>
    side(`${HEAD}${before}deny n when has items and any(i in items: any(j in items: ${body}))\n`);

  test('are equal whatever was written before them', () => {
    const before = 'deny m when has items and any(k in items: k == 3)\n';
    expect(compareStructure(nested('i < j'), nested('i < j', before))).toEqual([rule('added', null, 'm')]);
  });

  test('are equal under other names, and differ when the variables change places', () => {
    const other = side(`${HEAD}deny n when has items and any(a in items: any(b in items: a < b))\n`);
    expect(compareStructure(nested('i < j'), other)).toEqual([]);
    expect(compareStructure(nested('i < j'), nested('j < i'))).toEqual([same('changed', 'n', 'condition')]);
  });
});

describe('the head', () => {
  test('name, version, combining', () => {
    const text = (HEAD + RULES)
      .replace('policy demo version "1.0.0"', 'policy other')
      .replace('most_restrictive', 'first_applicable');
    expect(changes(text)).toEqual([
      { subject: 'name', change: 'renamed', old: 'demo', new: 'other', details: [] },
      { subject: 'version', change: 'removed', old: '1.0.0', new: null, details: [] },
      {
        subject: 'combining',
        change: 'changed',
        old: 'most_restrictive',
        new: 'first_applicable',
        details: [],
      },
    ]);
  });

  test('effects and their obligations', () => {
    const text = HEAD.replace(
      'allow < ask(who: string = "ops") < deny',
      'ask(why: string = "x") < allow < log < deny',
    );
    expect(changes(text + RULES).filter(({ subject }) => subject === 'effect')).toEqual([
      { subject: 'effect', change: 'moved', old: 'ask', new: 'ask', details: ['now weakest'] },
      {
        subject: 'effect',
        change: 'changed',
        old: 'ask',
        new: 'ask',
        details: ['obligation who removed', 'obligation why added'],
      },
      { subject: 'effect', change: 'added', old: null, new: 'log', details: [] },
    ]);
    const removed = changes(
      (HEAD + RULES).replace('ask(who: string = "ops") < ', '').replace(/ask.*\n$/, ''),
    );
    expect(removed).toContainEqual({
      subject: 'effect',
      change: 'removed',
      old: 'ask',
      new: null,
      details: [],
    });
  });

  test('default and on invalid', () => {
    const text = `${HEAD.replace('default deny', 'default ask reason "X" message "m"')}on invalid allow\n${RULES}`;
    expect(changes(text)).toEqual([
      {
        subject: 'default',
        change: 'changed',
        old: 'deny',
        new: 'ask',
        details: ['effect', 'reason', 'obligations', 'message'],
      },
      { subject: 'invalid', change: 'changed', old: 'deny', new: 'allow', details: ['effect'] },
    ]);
    expect(changes(HEAD.replace('default deny', 'default deny message "m"') + RULES)).toEqual([
      { subject: 'default', change: 'text', old: 'deny', new: 'deny', details: ['message'] },
    ]);
  });
});

describe('fields', () => {
  test('that are read newly, or no longer', () => {
    const text = HEAD + RULES.replace('note starts_with', 'any(t in labels: t == note) and note starts_with');
    const next = text.replace('has note', 'has note and has labels');
    const added = (path: string): object => ({
      subject: 'field',
      change: 'added',
      old: null,
      new: path,
      details: [],
    });
    expect(changes(next)).toEqual([
      same('changed', 'noted', 'condition'),
      added('labels'),
      added('labels[]'),
    ]);
    expect(compareStructure(side(next), base)).toContainEqual({
      ...added('labels'),
      change: 'removed',
      old: 'labels',
      new: null,
    });
  });

  test('whose schema changed', () => {
    const properties = {
      ...SCHEMA.properties,
      action: { enum: ['read', 'write', 'drop'] },
      amount: { type: 'number', multipleOf: 0.01, maximum: 500.5 },
      note: { type: ['string', 'null'], minLength: 1 },
    };
    const schema = {
      ...SCHEMA,
      properties,
      additionalProperties: false,
    };
    const field = (path: string, ...details: string[]): object => ({
      subject: 'field',
      change: 'changed',
      old: path,
      new: path,
      details,
    });
    expect(changes(HEAD + RULES, schema).filter(({ subject }) => subject === 'field')).toEqual([
      field('request', 'keys: any → listed'),
      field('action', 'values removed: "pay"', 'values added: "drop"'),
      field('amount', 'minimum 0 → none', 'maximum 1000 → 500.5'),
      field('note', 'null refused → null allowed', 'minimum size none → 1', 'maximum size 10 → none'),
    ]);
  });
});

test('conditions may nest very deeply, as those of large bundles do', () => {
  const deep = (last: string): DiffSide => {
    const builder = new IrBuilder();
    const root = builder.field(fieldRow({ via: 'root', kind: 'record' }));
    const has = (key: string): Edge =>
      builder.atom({
        op: 'PRESENT',
        field: builder.field(fieldRow({ parent: root, via: 'member', key, kind: 'string' })),
      });
    let edge = has(last);
    for (let i = 0; i < 50_000; i++) edge = builder.and([has(`k${i % 7}`), edge ^ 1]);
    const ir = irOf(builder, [rowOf('r', 0, edge)], 'most_restrictive');
    return { label: last, bytes: new Uint8Array(), ir, schemas: null, rulePlaces: new Map() };
  };
  const found = (last: string): string[] =>
    compareStructure(deep('a'), deep(last)).map(({ subject }) => subject);
  expect(found('a')).toEqual([]);
  expect(found('b')).toEqual(['rule', 'field', 'field']);
});

test('what is kept in order is a longest increasing subsequence', () => {
  const longest = (list: readonly number[]): number => {
    const best = list.map(() => 1);
    list.forEach((value, i) => {
      for (let j = 0; j < i; j++) if (list[j]! < value) best[i] = Math.max(best[i]!, best[j]! + 1);
    });
    return Math.max(0, ...best);
  };
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(50), { maxLength: 30 }), (list) => {
      const kept = [...keptInOrder(list)].sort((a, b) => a - b).map((index) => list[index]!);
      expect(kept).toEqual([...kept].sort((a, b) => a - b));
      expect(kept.length).toBe(longest(list));
    }),
  );
});
