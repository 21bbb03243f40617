// Small IRs for the tests of the emitter, and random ones.

import fc from 'fast-check';
import { IrBuilder } from '../../src/ir/builder.ts';
import type { Edge, Field, FieldId, Hole, Ir, IrRule } from '../../src/ir/ir.ts';

export type FieldRow = Omit<Field, 'id'>;

export function fieldRow(row: Partial<FieldRow> & Pick<FieldRow, 'via' | 'kind'>): FieldRow {
  return {
    parent: null,
    scale: 0,
    key: null,
    optional: false,
    nullable: false,
    unique: false,
    closed: null,
    limits: null,
    discriminator: null,
    branch: null,
    derived: null,
    constant: null,
    ...row,
  };
}

export interface Sample {
  readonly builder: IrBuilder;
  readonly bools: readonly FieldId[];
  readonly strings: readonly FieldId[];
  readonly ints: readonly FieldId[];
  /** A list of ints, its bound variable, and their sum with the first int. */
  readonly list: FieldId;
  readonly elem: FieldId;
  readonly elemSum: FieldId;
  /** Computed at the top: sum of the ints, number of elements above the first int. */
  readonly sum: FieldId;
  readonly count: FieldId;
  readonly holds: FieldId;
}

const INTS = { min: -20, max: 20, minLength: null, maxLength: null, set: null };
const TEXTS = ['a', 'b', 'c', 'd', 'e', 'f'];

/** The fields that all samples share. Keys are in no order on purpose. */
export function sample(): Sample {
  const builder = new IrBuilder();
  const root = builder.field(fieldRow({ via: 'root', kind: 'record' }));
  const member = (key: string, row: Partial<FieldRow> & Pick<FieldRow, 'kind'>): FieldId =>
    builder.field(fieldRow({ parent: root, via: 'member', key, ...row }));
  const strings = ['s1', 's0'].map((key) => member(key, { kind: 'string', optional: true }));
  const bools = ['b1', 'b0'].map((key) => member(key, { kind: 'bool' }));
  const ints = ['n1', 'n0'].map((key) => member(key, { kind: 'int', limits: INTS, optional: key === 'n1' }));
  const list = member('xs', {
    kind: 'list',
    limits: { ...INTS, min: -Infinity, max: Infinity, maxLength: 5 },
  });
  builder.field(fieldRow({ parent: list, via: 'element', kind: 'int', limits: INTS }));
  const elem = builder.field(fieldRow({ parent: list, via: 'bound', kind: 'int' }));
  const calc = (kind: 'int' | 'bool', derived: NonNullable<Field['derived']>): FieldId =>
    builder.field(fieldRow({ via: 'calc', kind, derived }));
  const elemSum = calc('int', { op: 'ADD', args: [elem, ints[0]!], imm: 0 });
  const sum = calc('int', { op: 'ADD', args: [ints[0]!, ints[1]!], imm: 0 });
  // A count may be needed inside a quantifier over the same list, so it has a variable of its own.
  const counted = builder.field(fieldRow({ parent: list, via: 'bound', kind: 'int', nullable: true }));
  const countedSum = calc('int', { op: 'ADD', args: [counted, ints[0]!], imm: 0 });
  const body = builder.atom({ op: 'LT_NUMBER', field: sum, other: countedSum });
  const count = calc('int', { op: 'COUNT', list, elem: counted, body });
  const holds = calc('bool', {
    op: 'HOLDS',
    cond: builder.and([
      builder.atom({ op: 'RANGE', field: count, bounds: [2, 9] }),
      builder.atom({ op: 'PRESENT', field: strings[0]! }),
    ]),
  });
  return { builder, bools, strings, ints, list, elem, elemSum, sum, count, holds };
}

/** A condition as data, before it has a number. */
export type Shape =
  | { readonly op: 'bool'; readonly field: number }
  | { readonly op: 'string'; readonly field: number; readonly keys: readonly string[] }
  | { readonly op: 'range'; readonly field: number; readonly lo: number; readonly hi: number }
  | { readonly op: 'present'; readonly field: number }
  | { readonly op: 'holds' }
  | { readonly op: 'same' }
  | { readonly op: 'and' | 'or'; readonly args: readonly Shape[] }
  | { readonly op: 'not'; readonly arg: Shape }
  | { readonly op: 'ANY' | 'ALL'; readonly body: Shape };

/** `inBody`: the bound variable may be read. */
function leaves(inBody: boolean): fc.Arbitrary<Shape> {
  const bound = fc.integer({ min: -4, max: 4 });
  return fc.oneof(
    fc.record({ op: fc.constant('bool' as const), field: fc.nat(1) }),
    fc.record({
      op: fc.constant('string' as const),
      field: fc.nat(1),
      keys: fc.uniqueArray(fc.constantFrom(...TEXTS), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ op: fc.constant('range' as const), field: fc.nat(inBody ? 5 : 3), lo: bound, hi: bound }),
    fc.record({ op: fc.constant('present' as const), field: fc.nat(3) }),
    fc.constant({ op: 'holds' as const }),
    fc.constant({ op: 'same' as const }),
  );
}

function trees(inBody: boolean, depth: number): fc.Arbitrary<Shape> {
  if (depth === 0) return leaves(inBody);
  const inner = trees(inBody, depth - 1);
  const list = fc.array(inner, { maxLength: 3 });
  return fc.oneof(
    { weight: 3, arbitrary: leaves(inBody) },
    { weight: 3, arbitrary: fc.record({ op: fc.constantFrom('and' as const, 'or' as const), args: list }) },
    { weight: 1, arbitrary: fc.record({ op: fc.constant('not' as const), arg: inner }) },
    {
      weight: 1,
      arbitrary: fc.record({
        op: fc.constantFrom('ANY' as const, 'ALL' as const),
        body: inBody ? leaves(true) : trees(true, 1),
      }),
    },
  );
}

export interface RuleShape {
  readonly cond: Shape;
  readonly effect: number;
  readonly shadow: boolean;
  readonly hole: boolean;
}

export const ruleShapes: fc.Arbitrary<RuleShape> = fc.record({
  cond: trees(false, 3),
  effect: fc.nat(2),
  shadow: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  hole: fc.boolean(),
});

/** Rules in the manner of a dispatch: a conjunction of a few tests, taken from a small pool so that they are shared. */
export const dispatchRules: fc.Arbitrary<RuleShape> = fc.record({
  cond: fc
    .uniqueArray(leaves(false), { minLength: 1, maxLength: 4, selector: (leaf) => JSON.stringify(leaf) })
    .map((args): Shape => ({ op: 'and', args })),
  effect: fc.nat(2),
  shadow: fc.constant(false),
  hole: fc.boolean(),
});

/** The condition's edge. */
export function edgeOf(s: Sample, shape: Shape): Edge {
  const { builder } = s;
  const numbers = [...s.ints, s.sum, s.count, s.elem, s.elemSum];
  switch (shape.op) {
    case 'bool':
      return builder.atom({ op: 'IN_NUMBERS', field: s.bools[shape.field]!, set: builder.numbers([1]) });
    case 'string':
      return builder.atom({
        op: 'IN_STRINGS',
        field: s.strings[shape.field]!,
        set: builder.strings(shape.keys),
      });
    case 'range':
      return builder.atom({ op: 'RANGE', field: numbers[shape.field]!, bounds: [shape.lo, shape.hi] });
    case 'present':
      return builder.atom({ op: 'PRESENT', field: [...s.ints, ...s.strings][shape.field]! });
    case 'holds':
      return builder.atom({ op: 'IN_NUMBERS', field: s.holds, set: builder.numbers([1]) });
    case 'same':
      return builder.atom({ op: 'EQ_STRING', field: s.strings[0]!, other: s.strings[1]! });
    case 'and':
      return builder.and(shape.args.map((arg) => edgeOf(s, arg)));
    case 'or':
      return builder.or(shape.args.map((arg) => edgeOf(s, arg)));
    case 'not':
      return builder.not(edgeOf(s, shape.arg));
    default: {
      const body = edgeOf(s, shape.body);
      return builder.atom({
        op: shape.op,
        list: s.list,
        elem: s.elem,
        overValues: false,
        except: null,
        body,
      });
    }
  }
}

export function rule(name: string, effect: number, cond: Edge, more: Partial<IrRule> = {}): IrRule {
  return {
    name,
    effect,
    cond,
    severity: null,
    reason: name.toUpperCase(),
    message: null,
    remediations: [],
    obligations: [],
    tags: [],
    shadow: false,
    ...more,
  };
}

export function irOf(builder: IrBuilder, rules: readonly IrRule[], combining: Ir['combining']): Ir {
  const outcome = {
    severity: null,
    message: null,
    remediations: [],
    obligations: [],
  };
  return {
    name: 'sample',
    version: '1.0.0',
    combining,
    effects: ['allow', 'warn', 'deny'].map((name) => ({ name, obligations: [] })),
    severities: ['low', 'high'],
    ...builder.tables(),
    rules,
    defaultOutcome: { ...outcome, effect: 0, reason: 'NO_RULE_MATCHED' },
    onInvalid: { ...outcome, effect: 2, reason: 'INVALID_REQUEST' },
  };
}

/** An IR of random rules. */
export function sampleIr(shapes: readonly RuleShape[], combining: Ir['combining']): Ir {
  const s = sample();
  const hole: Hole = { field: s.sum, format: 'int', scale: 0, list: false };
  const rules = shapes.map((shape, i) =>
    rule(`r${i}`, shape.effect, edgeOf(s, shape.cond), {
      shadow: shape.shadow,
      message: shape.hole ? ['sum ', hole] : null,
    }),
  );
  return irOf(s.builder, rules, combining);
}

export const requests = fc.record(
  {
    s0: fc.constantFrom(...TEXTS),
    s1: fc.constantFrom(...TEXTS),
    b0: fc.boolean(),
    b1: fc.boolean(),
    n0: fc.integer({ min: -5, max: 5 }),
    n1: fc.integer({ min: -5, max: 5 }),
    xs: fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 5 }),
  },
  { requiredKeys: ['b0', 'b1', 'n0', 'xs'] },
);
export type SampleRequest = typeof requests extends fc.Arbitrary<infer R> ? R : never;

/** `action == A and type == T and amount >= k and role in {4 of 16}`, about one rule per request. */
export function dispatchIr(count: number, combining: Ir['combining']): Ir {
  const builder = new IrBuilder();
  const root = builder.field(fieldRow({ via: 'root', kind: 'record' }));
  const member = (key: string, kind: 'string' | 'int'): FieldId =>
    builder.field(fieldRow({ parent: root, via: 'member', key, kind }));
  const [action, type, role] = [
    member('action', 'string'),
    member('type', 'string'),
    member('role', 'string'),
  ];
  const amount = member('amount', 'int');
  const side = Math.ceil(Math.sqrt(count));
  const text = (field: FieldId, texts: readonly string[]): Edge =>
    builder.atom({ op: 'IN_STRINGS', field, set: builder.strings(texts) });
  const rules = Array.from({ length: count }, (_, i) => {
    const roles = [0, 5, 7, 11].map((step) => `role${(i * 3 + step) % 16}`);
    const cond = builder.and([
      text(action, [`action${i % side}`]),
      text(type, [`type${Math.floor(i / side)}`]),
      builder.atom({ op: 'RANGE', field: amount, bounds: [(i * 37) % 1000, Infinity] }),
      text(role, roles),
    ]);
    return rule(`rule${i}`, i % 3, cond);
  });
  return irOf(builder, rules, combining);
}
