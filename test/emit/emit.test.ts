import { describe, expect, it } from 'vitest';
import type { Bundle } from '../../src/bytecode/bundle.ts';
import { decodeBundle } from '../../src/bytecode/codec.ts';
import { MAX_MESSAGE } from '../../src/bytecode/limits.ts';
import { emit } from '../../src/compiler/emit.ts';
import { IrBuilder } from '../../src/ir/builder.ts';
import type { Edge, FieldId, Ir } from '../../src/ir/ir.ts';
import { dispatchIr, edgeOf, fieldRow, irOf, rule, sample, sampleIr } from './ir-samples.ts';
import { runBundle } from './reference.ts';
import { richIr } from './rich-ir.ts';

const ops = (bundle: Bundle, op: string): number => bundle.nodes.filter((node) => node.op === op).length;

describe('slots', () => {
  it('stand in projection order: members by UTF-16 code units, templates behind them, then the rest', () => {
    const { bundle } = emit(richIr());
    const names = bundle.slots.map((slot) => slot.key ?? slot.via);
    expect(names.slice(0, 14)).toEqual([
      'root',
      'amount',
      'com mand',
      'env',
      'extra',
      'view',
      'labels',
      'value',
      'tags',
      'element',
      'target',
      'view',
      'path',
      'when',
    ]);
    expect(bundle.slots[1]?.parent).toBe(0);
    expect(new Set(bundle.slots.slice(14).map((slot) => slot.via))).toEqual(
      new Set(['calc', 'constant', 'bound']),
    );
  });

  it('keep everything that is validated and nothing else that is not read', () => {
    const kept = emit(richIr()).bundle.slots.filter((slot) => slot.via === 'view');
    // The int view of the unknown is read by no rule.
    expect(kept.map((slot) => slot.kind)).toEqual(['string', 'record']);
    const none = emit(sampleIr([], 'most_restrictive')).bundle.slots;
    expect(none.map((slot) => slot.key ?? slot.via)).toEqual([
      'root',
      'b0',
      'b1',
      'n0',
      'n1',
      's0',
      's1',
      'xs',
      'element',
    ]);
  });

  it('sorts keys beyond the BMP by code units, not by code points', () => {
    const b = new IrBuilder();
    const root = b.field(fieldRow({ via: 'root', kind: 'record' }));
    for (const key of ['\u{1f600}', '\uffee', 'z'])
      b.field(fieldRow({ parent: root, via: 'member', key, kind: 'bool' }));
    const { bytes, bundle } = emit(irOf(b, [], 'most_restrictive'));
    expect(bundle.slots.map((slot) => slot.key)).toEqual([null, 'z', '\u{1f600}', '\uffee']);
    expect(decodeBundle(bytes).ok).toBe(true);
  });

  it('are flagged by how the code reads them, also through copies', () => {
    const { slots } = emit(richIr()).bundle;
    const slot = (key: string): Bundle['slots'][number] => slots.find((each) => each.key === key)!;
    expect(slot('env')).toMatchObject({ needsId: true, scanned: true });
    expect(slot('com mand')).toMatchObject({ needsId: false, scanned: true });
    expect(slot('path')).toMatchObject({ needsId: false, scanned: true });
  });
});

describe('strata', () => {
  it('go from the strongest effect to the weakest, each with its BAR', () => {
    const { bundle } = emit(richIr());
    const order = bundle.nodes
      .slice(0, bundle.shadow!)
      .flatMap((node) =>
        node.op === 'BAR'
          ? [`bar ${bundle.effects[node.a]}`]
          : node.op === 'HIT'
            ? [bundle.effects[bundle.rules[node.a]!.effect]!]
            : [],
      );
    expect([...new Set(order)]).toEqual(['deny', 'bar deny', 'warn', 'bar warn', 'allow', 'bar allow']);
  });

  it('have no BAR under first_applicable', () => {
    expect(ops(emit(richIr('first_applicable')).bundle, 'BAR')).toBe(0);
  });

  it('leave out rules that never match', () => {
    const s = sample();
    const never = rule(
      'never',
      2,
      s.builder.and([
        edgeOf(s, { op: 'bool', field: 0 }),
        edgeOf(s, { op: 'not', arg: { op: 'bool', field: 0 } }),
      ]),
    );
    const { bundle } = emit(irOf(s.builder, [never], 'most_restrictive'));
    expect(bundle.nodes.map((node) => node.op)).toEqual(['END']);
    expect(bundle.rules).toHaveLength(3);
  });
});

describe('sharing', () => {
  const guarded = (combining: Ir['combining']): Bundle => {
    const s = sample();
    const guard = edgeOf(s, { op: 'bool', field: 0 });
    const rules = Array.from({ length: 6 }, (_, i) =>
      rule(`r${i}`, 2, s.builder.and([guard, edgeOf(s, { op: 'range', field: 0, lo: i, hi: i })])),
    );
    return emit(irOf(s.builder, rules, combining)).bundle;
  };

  it('tests the guard of a group once', () => {
    for (const combining of ['most_restrictive', 'first_applicable'] as const)
      expect(ops(guarded(combining), 'TEST')).toBe(7);
  });

  it('hangs rules with the same key field under a SWITCH, and joins behind it', () => {
    const { bundle } = emit(dispatchIr(400, 'most_restrictive'));
    expect(ops(bundle, 'SWITCH')).toBeGreaterThan(20);
    const request = { action: 'action3', type: 'type7', role: 'role5', amount: 1000 };
    expect(runBundle(bundle, request).steps).toBeLessThan(25);
    expect(
      runBundle(bundle, { action: 'other', type: 'type7', role: 'role5', amount: 1000 }).steps,
    ).toBeLessThan(8);
  });

  it('leaves a rule that names many keys out of the SWITCH', () => {
    const s = sample();
    const text = (keys: readonly string[]): Edge => edgeOf(s, { op: 'string', field: 0, keys });
    const many = Array.from({ length: 40 }, (_, i) => `k${i}`);
    const rules = [...'abcdef'].map((key) => rule(`r_${key}`, 2, text([key])));
    const { bundle } = emit(irOf(s.builder, [...rules, rule('many', 2, text(many))], 'most_restrictive'));
    expect(bundle.switches).toHaveLength(1);
    expect(bundle.switches[0]!.arms.map((arm) => arm.key)).toEqual([...'abcdef']);
    expect(ops(bundle, 'HIT')).toBe(7);
  });

  it('computes a derived value once on a way, and marks what several ways may compute', () => {
    const bundleOf = (guarded: boolean): Bundle => {
      const s = sample();
      const guards = [0, 1, 2, 3].map((i) => edgeOf(s, { op: 'range', field: 1, lo: i, hi: i }));
      const rules = guards.map((guard, i) => {
        const sum = edgeOf(s, { op: 'range', field: 2, lo: i, hi: i });
        return rule(`r${i}`, 2, guarded ? s.builder.and([guard, sum]) : sum);
      });
      return emit(irOf(s.builder, rules, 'most_restrictive')).bundle;
    };
    expect(bundleOf(false).calcs).toMatchObject([{ op: 'ADD', memo: false }]);
    expect(ops(bundleOf(false), 'CALC')).toBe(1);
    expect(bundleOf(true).calcs).toMatchObject([{ op: 'ADD', memo: true }]);
    expect(ops(bundleOf(true), 'CALC')).toBe(4);
  });
});

describe('fragments', () => {
  const { bundle } = emit(richIr());
  const text = (fragment: Bundle['rules'][number]['matched']): string | undefined =>
    fragment?.map((piece) => piece.text + (piece.hole === null ? '' : '§')).join('');

  it('are RFC 8785 JSON with holes', () => {
    expect(text(bundle.rules[0]!.matched)).toBe(
      '{"effect":"deny","reason":"BIG","rule":"big","severity":"high","tags":["pci","a\\"b"]}',
    );
    expect(text(bundle.rules[1]!.obligations)).toBe(
      '{"rule":"late","values":{"all":{"tags":§,"n":1},"who":§}}',
    );
    expect(bundle.rules[0]!.obligations).toBeNull();
    expect(text(bundle.rules[0]!.message)).toBe('amount § in §');
  });

  it('have rule null for the default', () => {
    const ir = richIr();
    const changed = emit({
      ...ir,
      defaultOutcome: { ...ir.defaultOutcome, effect: 1, obligations: [{ name: 'who', value: ['1'] }] },
    });
    expect(text(changed.bundle.rules.at(-2)!.obligations)).toBe('{"rule":null,"values":{"who":1}}');
  });

  it('cut a constant message at its limit', () => {
    const long = '\u{1f600}'.repeat(MAX_MESSAGE + 1);
    const s = sample();
    const rules = [long, long.slice(2), ''].map((message, i) =>
      rule(`r${i}`, 2, edgeOf(s, { op: 'bool', field: 0 }), { message: [message] }),
    );
    const [cut, whole, empty] = emit(irOf(s.builder, rules, 'most_restrictive')).bundle.rules;
    expect(text(cut!.message)).toBe(`${long.slice(4)}…`);
    expect(text(whole!.message)).toBe(long.slice(2));
    expect(empty!.message).toEqual([]);
  });
});

describe('size', () => {
  it('compiles 10,000 rules, linearly', () => {
    const time = (count: number, combining: Ir['combining']): number => {
      const ir = dispatchIr(count, combining);
      const start = performance.now();
      const { bytes } = emit(ir);
      const ms = performance.now() - start;
      expect(decodeBundle(bytes).ok).toBe(true);
      return ms;
    };
    time(500, 'most_restrictive');
    for (const combining of ['most_restrictive', 'first_applicable'] as const)
      expect(time(10_000, combining)).toBeLessThan(4000);
  }, 30_000);

  it('does not recurse on the number of rules or on the depth of conditions', () => {
    const s = sample();
    const { builder } = s;
    const at = (i: number): Edge => edgeOf(s, { op: 'range', field: 0, lo: i, hi: i });
    // Row i of a table: its own test and none of the earlier ones.
    const rows = Array.from({ length: 800 }, (_, i) =>
      rule(`t${i}`, 2, builder.and([at(i), ...Array.from({ length: i }, (_, k) => at(k) ^ 1)])),
    );
    const decoded = decodeBundle(emit(irOf(builder, rows, 'most_restrictive')).bytes);
    expect(
      decoded.ok && runBundle(decoded.bundle, { n1: 700, n0: 0, b0: true, b1: true, xs: [] }).hits,
    ).toEqual([700]);
    let deep: Edge = at(0);
    for (let i = 1; i < 20_000; i++) deep = builder.and([at(i % 700), deep]) ^ 1;
    const nested = emit(irOf(builder, [rule('deep', 2, deep)], 'most_restrictive'));
    expect(decodeBundle(nested.bytes).ok).toBe(true);
    const plain = Array.from({ length: 10_000 }, (_, i) => rule(`p${i}`, 1, at(i)));
    expect(decodeBundle(emit(irOf(builder, plain, 'first_applicable')).bytes).ok).toBe(true);
  }, 30_000);

  it('gives the same bytes for the same policy', () => {
    const same = (make: () => Ir): void => expect(emit(make()).bytes).toEqual(emit(make()).bytes);
    same(richIr);
    same(() => dispatchIr(200, 'most_restrictive'));
  });
});

describe('quantifiers', () => {
  const lone = (body: (s: ReturnType<typeof sample>) => Edge, op: 'ANY' | 'ALL'): Bundle => {
    const s = sample();
    const cond = s.builder.atom({
      op,
      list: s.list,
      elem: s.elem,
      overValues: false,
      except: null,
      body: body(s),
    });
    const { bytes } = emit(irOf(s.builder, [rule('r', 2, cond)], 'most_restrictive'));
    const decoded = decodeBundle(bytes);
    if (!decoded.ok) throw new Error(decoded.message);
    return decoded.bundle;
  };
  const hits = (bundle: Bundle, xs: readonly number[]): number =>
    runBundle(bundle, { xs, n0: 0, n1: 0 }).hits.length;

  it('with a constant body', () => {
    const yes = 0;
    const no = 1;
    expect(
      [[], [1]].map((xs) =>
        hits(
          lone(() => yes, 'ANY'),
          xs,
        ),
      ),
    ).toEqual([0, 1]);
    expect(
      [[], [1]].map((xs) =>
        hits(
          lone(() => no, 'ANY'),
          xs,
        ),
      ),
    ).toEqual([0, 0]);
    expect(
      [[], [1]].map((xs) =>
        hits(
          lone(() => yes, 'ALL'),
          xs,
        ),
      ),
    ).toEqual([1, 1]);
    expect(
      [[], [1]].map((xs) =>
        hits(
          lone(() => no, 'ALL'),
          xs,
        ),
      ),
    ).toEqual([1, 0]);
  });

  it('compute what does not depend on their variable before they run', () => {
    const bundle = lone((s) => s.builder.atom({ op: 'LT_NUMBER', field: s.sum, other: s.elemSum }), 'ANY');
    const place = bundle.nodes.map((node) => node.op);
    expect(place).toEqual(['CALC', 'ANY', 'CALC', 'TEST', 'END', 'END', 'HIT', 'BAR', 'END']);
    const [outside, inside] = bundle.calcs as readonly { a: FieldId | null }[];
    expect(bundle.slots[outside!.a!]!.via).toBe('member');
    expect(bundle.slots[inside!.a!]!.via).toBe('bound');
  });
});
