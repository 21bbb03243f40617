// Bundles that are wrong in what they hold: sets, slots, rules, texts.

import { type Case, find, set, slotOf } from './bundle-changes.ts';

export const WRONG_DATA: readonly Case[] = [
  ['an unsorted set', 'order', (b) => b.sets.push(set(['b', 'a']))],
  ['a repeated text in a set', 'order', (b) => b.sets.push(set(['a', 'a']))],
  ['a descending set of numbers', 'order', (b) => b.sets.push({ of: 'number', items: [2, 1] })],
  ['NaN in a set', 'nan', (b) => b.sets.push({ of: 'number', items: [Number.NaN] })],
  [
    'NaN in a bound',
    'nan',
    (b) => {
      slotOf(b, 'amount').limits!.min = Number.NaN;
    },
  ],
  [
    'no effects',
    'limit',
    (b) => {
      b.effects = [];
    },
  ],
  [
    'too many effects',
    'limit',
    (b) => {
      b.effects = Array.from({ length: 33 }, (_, i) => `e${i}`);
    },
  ],
  [
    'too few rules',
    'limit',
    (b) => {
      b.rules = b.rules.slice(0, 1);
    },
  ],
  [
    'a second request',
    'slot',
    (b) => {
      slotOf(b, 'amount').via = 'root';
    },
  ],
  [
    'a parent behind its child',
    'slot',
    (b) => {
      slotOf(b, 'amount').parent = b.slots.length - 1;
    },
  ],
  [
    'a member of a number',
    'slot',
    (b) => {
      b.slots[0]!.kind = 'int';
    },
  ],
  [
    'members out of order',
    'order',
    (b) => {
      slotOf(b, 'amount').key = 'zzz';
    },
  ],
  [
    'a child away from its parent',
    'order',
    (b) => {
      slotOf(b, 'path').parent = b.slots.findIndex((slot) => slot.key === 'target');
    },
  ],
  [
    'a member without a key',
    'slot',
    (b) => {
      slotOf(b, 'amount').key = null;
    },
  ],
  [
    'a scale on an int',
    'slot',
    (b) => {
      find(b.slots, (s) => s.kind === 'int').scale = 1;
    },
  ],
  [
    'a closed record without its keys',
    'slot',
    (b) => {
      b.slots[0]!.set = null;
    },
  ],
  [
    'a unique string',
    'slot',
    (b) => {
      slotOf(b, 'env').unique = true;
    },
  ],
  [
    'a union without discriminator',
    'slot',
    (b) => {
      slotOf(b, 'union').discriminator = null;
    },
  ],
  [
    'a branch of no union',
    'slot',
    (b) => {
      slotOf(b, 'amount').branch = 0;
    },
  ],
  [
    'a set read by identity without the flag',
    'slot',
    (b) => {
      slotOf(b, 'env').needsId = false;
    },
  ],
  [
    'a text scanned without the flag',
    'slot',
    (b) => {
      slotOf(b, 'com mand').scanned = false;
    },
  ],
  [
    'numbers as the allowed set of a string',
    'kind',
    (b) => {
      b.sets.push({ of: 'number', items: [1] });
      slotOf(b, 'env').limits!.set = b.sets.length - 1;
    },
  ],
  [
    'a constant without a value',
    'slot',
    (b) => {
      find(b.slots, (s) => s.via === 'constant' && s.kind === 'int').limits = null;
    },
  ],
];
