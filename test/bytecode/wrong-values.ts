// Bundles that contradict themselves about values: limits that no value of the kind can keep, and results that cannot hold what they get.

import type { Bundle, Calc } from '../../src/bytecode/bundle.ts';
import { NO_LIMITS } from '../../src/bytecode/bundle.ts';
import type { SlotKind } from '../../src/bytecode/opcodes.ts';
import { type Case, type Change, calcOf, find, type Mutable, set, slotOf } from './bundle-changes.ts';

type MutableSlot = Mutable<Bundle>['slots'][number];

const constant = (b: Mutable<Bundle>): MutableSlot =>
  find(b.slots, (slot) => slot.via === 'constant' && slot.kind === 'int');

/** Adds a slot; its index. */
function add(b: Mutable<Bundle>, slot: Partial<MutableSlot>): number {
  b.slots.push({ ...constant(b), limits: null, via: 'calc', optional: true, ...slot });
  return b.slots.length - 1;
}

const value =
  (kind: SlotKind, min: number, max = 0): Change =>
  (b) => {
    add(b, { via: 'constant', optional: false, kind, limits: { ...NO_LIMITS, min, max } });
  };

/** A calculation over new slots of these kinds. */
const calc =
  (op: Calc['op'], a: Partial<MutableSlot>, dst: Partial<MutableSlot>): Change =>
  (b) => {
    const from = add(b, a);
    b.calcs.push({ op, memo: false, dst: add(b, dst), a: from, b: from, imm: 0 });
  };

const union = (b: Mutable<Bundle>, items: string[], discriminator: string): Partial<MutableSlot> => {
  b.sets.push(set(items));
  return { kind: 'union', set: b.sets.length - 1, discriminator };
};

const shorter = (op: Calc['op']): Change => {
  return (b) => {
    b.slots[calcOf(b, op).dst]!.limits = { ...NO_LIMITS, maxLength: 3 };
  };
};

export const WRONG_VALUES: readonly Case[] = [
  [
    'a range of a string',
    'slot',
    (b) => {
      slotOf(b, 'env').limits!.min = 0;
    },
  ],
  [
    'a length of a number',
    'slot',
    (b) => {
      slotOf(b, 'amount').limits!.maxLength = 3;
    },
  ],
  [
    'a length of a record',
    'slot',
    (b) => {
      b.slots[0]!.limits = { ...NO_LIMITS, minLength: 1 };
    },
  ],
  [
    'a constant with a length',
    'slot',
    (b) => {
      constant(b).limits!.minLength = 1;
    },
  ],
  ['a fraction as an integer', 'slot', value('int', 0.5)],
  ['an integer beyond the exact ones', 'slot', value('int', 2 ** 53)],
  ['an integer with a second value', 'slot', value('int', 1, 1)],
  ['a truth value of 2', 'slot', value('bool', 2)],
  ['a decimal of sixteen digits', 'slot', value('decimal', -(10 ** 15))],
  ['an infinite number', 'slot', value('number', -Infinity)],
  ['a date behind the year 9999', 'slot', value('date', 2_932_897)],
  ['a duration that is too long', 'slot', value('duration', 10 ** 15 + 1)],
  ['a time in the year 0', 'slot', value('timestamp', -62_135_596_801)],
  ['a fraction of a second', 'slot', value('timestamp', 0.5)],
  ['a million microseconds', 'slot', value('timestamp', 0, 1_000_000)],
  ['a fraction of a microsecond', 'slot', value('timestamp', 0, 0.5)],
  ['negative microseconds', 'slot', value('timestamp', 0, -1)],
  [
    'limits below an unknown',
    'slot',
    (b) => {
      find(b.slots, ({ via, kind }) => via === 'view' && kind === 'string').limits = {
        ...NO_LIMITS,
        maxLength: 5,
      };
    },
  ],
  [
    'a closed record below an unknown',
    'slot',
    (b) => {
      const view = find(b.slots, ({ via, kind }) => via === 'view' && kind === 'string');
      Object.assign(view, { kind: 'record', scanned: false, closed: true, set: b.slots[0]!.set });
    },
  ],
  [
    'a unique list as a variable',
    'slot',
    (b) => {
      add(b, { via: 'bound', kind: 'list', parent: b.slots.indexOf(slotOf(b, 'tags')), unique: true });
    },
  ],
  [
    'a closed record as a result',
    'slot',
    (b) => {
      add(b, { kind: 'record', closed: true, set: b.slots[0]!.set });
    },
  ],
  [
    'a local timestamp read as a number',
    'slot',
    (b) => {
      slotOf(b, 'extra').kind = 'localTimestamp';
      const view = find(b.slots, ({ via, kind }) => via === 'view' && kind === 'string');
      Object.assign(view, { kind: 'bool', scanned: false });
    },
  ],
  ['an integer as the sum of numbers', 'kind', calc('ADD', { kind: 'number' }, { kind: 'int' })],
  ['an integer in place of a number', 'kind', calc('COALESCE', { kind: 'number' }, { kind: 'decimal' })],
  [
    'a number as the first integer',
    'kind',
    (b) => {
      const quant = find(b.quants, ({ dst }) => dst !== null && b.slots[dst]!.kind === 'string');
      quant.elem = add(b, { via: 'bound', kind: 'number', parent: quant.list });
      quant.dst = add(b, { kind: 'int' });
    },
  ],
  [
    'a first text that may be longer than its slot',
    'kind',
    (b) => {
      const quant = find(b.quants, ({ dst }) => dst !== null && b.slots[dst]!.kind === 'string');
      b.slots[quant.dst!]!.limits = { ...NO_LIMITS, maxLength: 3 };
    },
  ],
  ['a text longer than what stands for it', 'kind', shorter('COALESCE')],
  ['lower case shorter than the text', 'kind', shorter('LOWER')],
  ['a path shorter than its text', 'kind', shorter('NORM')],
  [
    'upper case shorter than the text',
    'kind',
    calc(
      'UPPER',
      { kind: 'string', scanned: true, limits: { ...NO_LIMITS, maxLength: 4 } },
      { kind: 'string', limits: { ...NO_LIMITS, maxLength: 3 } },
    ),
  ],
  [
    'a list longer than what stands for it',
    'kind',
    calc('COALESCE', { kind: 'list' }, { kind: 'list', limits: { ...NO_LIMITS, maxLength: 3 } }),
  ],
  [
    'a union with another discriminator',
    'kind',
    (b) => calc('COALESCE', union(b, ['a'], 'type'), union(b, ['a'], 'env'))(b),
  ],
  [
    'a union without a branch of its operand',
    'kind',
    (b) => calc('COALESCE', union(b, ['a', 'b'], 'type'), union(b, ['a'], 'type'))(b),
  ],
  [
    'a list in a message',
    'fragment',
    (b) => {
      const hole = find(find(b.rules, ({ message }) => message !== null).message!, (p) => p.hole !== null);
      const slot = b.slots.indexOf(slotOf(b, 'tags'));
      hole.hole = { slot, format: 'string', list: true, scale: 0 };
    },
  ],
];
