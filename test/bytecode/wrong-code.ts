// Bundles that are wrong in what they run, and in what their rules say.

import { atomOf, type Case, calcOf, find, nodeOf } from './bundle-changes.ts';

export const WRONG_CODE: readonly Case[] = [
  [
    'an atom over the wrong kind',
    'kind',
    (b) => {
      atomOf(b, 'RANGE').slot = 0;
    },
  ],
  [
    'an atom over a template',
    'kind',
    (b) => {
      atomOf(b, 'PRESENT').slot = b.slots.findIndex((s) => s.via === 'element');
    },
  ],
  [
    'an atom over no slot',
    'index',
    (b) => {
      atomOf(b, 'PRESENT').slot = 60000;
    },
  ],
  [
    'an atom without its second slot',
    'operand',
    (b) => {
      atomOf(b, 'LE_TIME').other = null;
    },
  ],
  [
    'a superfluous operand',
    'operand',
    (b) => {
      atomOf(b, 'PRESENT').index = 0;
    },
  ],
  [
    'an empty mask',
    'operand',
    (b) => {
      atomOf(b, 'KIND_IS').index = 0;
    },
  ],
  [
    'a set that does not exist',
    'index',
    (b) => {
      atomOf(b, 'IN_STRINGS').index = 99;
    },
  ],
  [
    'a set of the wrong kind',
    'kind',
    (b) => {
      b.sets.push({ of: 'number', items: [] });
      atomOf(b, 'IN_STRINGS').index = b.sets.length - 1;
    },
  ],
  [
    'a language that does not exist',
    'index',
    (b) => {
      atomOf(b, 'MATCH').index = 99;
    },
  ],
  [
    'a result that is no calc slot',
    'slot',
    (b) => {
      calcOf(b, 'NORM').dst = b.slots.findIndex((s) => s.key === 'env');
    },
  ],
  [
    'an operand behind its result',
    'order',
    (b) => {
      calcOf(b, 'LOWER').a = calcOf(b, 'LOWER').dst;
    },
  ],
  [
    'an offset of more than a day',
    'operand',
    (b) => {
      calcOf(b, 'WEEKDAY').imm = 1440;
    },
  ],
  [
    'an unused imm',
    'operand',
    (b) => {
      calcOf(b, 'NORM').imm = 1;
    },
  ],
  [
    'a coalesce of two kinds',
    'kind',
    (b) => {
      calcOf(b, 'COALESCE').a = 0;
    },
  ],
  [
    'a quantifier over no list',
    'kind',
    (b) => {
      b.quants[0]!.list = b.slots.findIndex((s) => s.key === 'env');
    },
  ],
  [
    'an element of another list',
    'slot',
    (b) => {
      b.quants[0]!.elem = find(b.quants, (q) => q.overValues).elem;
    },
  ],
  [
    'keys left out of a list',
    'operand',
    (b) => {
      find(b.quants, (q) => !q.overValues).except = 0;
    },
  ],
  [
    'arms out of order',
    'order',
    (b) => {
      b.switches[0]!.arms.reverse();
    },
  ],
  [
    'a switch without arms',
    'operand',
    (b) => {
      b.switches[0]!.arms = [];
    },
  ],
  [
    'an automaton that goes to no state',
    'table',
    (b) => {
      b.langs[0]!.automaton!.next[0] = 999;
    },
  ],
  [
    'an unknown byte class',
    'table',
    (b) => {
      b.langs[0]!.automaton!.classOf[0] = 255;
    },
  ],
  [
    'a jump to itself',
    'jump',
    (b) => {
      nodeOf(b, 'TEST').t = b.nodes.indexOf(nodeOf(b, 'TEST'));
    },
  ],
  [
    'a second successor of a HIT',
    'jump',
    (b) => {
      nodeOf(b, 'HIT').f += 1;
    },
  ],
  [
    'a jump behind the end',
    'index',
    (b) => {
      nodeOf(b, 'TEST').t = b.nodes.length;
    },
  ],
  [
    'an END with a successor',
    'jump',
    (b) => {
      nodeOf(b, 'END').t = 1;
    },
  ],
  [
    'a jump into a body',
    'region',
    (b) => {
      nodeOf(b, 'TEST').t = b.quants[0]!.stop;
    },
  ],
  [
    'a body behind its region',
    'region',
    (b) => {
      b.quants[0]!.stop = b.nodes.length - 1;
    },
  ],
  [
    'a HIT inside a body',
    'region',
    (b) => {
      const at = b.nodes.findIndex((n) => n.op === 'ANY') + 1;
      b.nodes[at] = { ...b.nodes[at]!, op: 'HIT', a: 0, f: b.nodes[at]!.t };
    },
  ],
  [
    'an END 1 outside a body',
    'region',
    (b) => {
      b.nodes.at(-1)!.a = 1;
    },
  ],
  [
    'nodes without an end',
    'region',
    (b) => {
      const last = b.nodes.at(-1)!;
      Object.assign(last, { op: 'BAR', a: 0 });
    },
  ],
  [
    'a bound slot outside its body',
    'region',
    (b) => {
      atomOf(b, 'RANGE_TIME').slot = atomOf(b, 'EQ_STRING').slot;
      Object.assign(atomOf(b, 'RANGE_TIME'), { op: 'PRESENT', bounds: [], slot: b.quants[0]!.elem });
    },
  ],
  [
    'a shadow entry elsewhere',
    'region',
    (b) => {
      b.shadow = b.shadow! + 1;
    },
  ],
  [
    'a main entry elsewhere',
    'region',
    (b) => {
      b.main = 1;
    },
  ],
  [
    'no such rule',
    'index',
    (b) => {
      nodeOf(b, 'HIT').a = b.rules.length - 2;
    },
  ],
  [
    'a shadow rule among the others',
    'stratum',
    (b) => {
      b.rules[nodeOf(b, 'HIT').a]!.shadow = true;
    },
  ],
  [
    'a severity that does not exist',
    'index',
    (b) => {
      b.rules[0]!.severity = 7;
    },
  ],
  [
    'a rule without a name',
    'rule',
    (b) => {
      b.rules[0]!.name = null;
    },
  ],
  [
    'a default with a name',
    'rule',
    (b) => {
      b.rules.at(-2)!.name = 'x';
    },
  ],
  [
    'a rule without its entry',
    'rule',
    (b) => {
      b.rules[0]!.matched = null;
    },
  ],
  [
    'an entry that is not JSON',
    'fragment',
    (b) => {
      b.rules[0]!.matched![0]!.text += '}';
    },
  ],
  [
    'an entry with white space',
    'fragment',
    (b) => {
      b.rules[0]!.matched![0]!.text += ' ';
    },
  ],
  [
    'a hole inside a string',
    'fragment',
    (b) => {
      const o = find(b.rules, (r) => r.obligations?.[0]?.hole != null).obligations!;
      o[0]!.text += '"';
    },
  ],
  [
    'a hole behind a digit',
    'fragment',
    (b) => {
      const o = find(b.rules, (r) => r.obligations?.[0]?.hole != null).obligations!;
      o[0]!.text += '1';
    },
  ],
  [
    'a hole for the wrong kind',
    'kind',
    (b) => {
      find(b.rules, (r) => r.message !== null).message![0]!.hole!.format = 'bool';
    },
  ],
  [
    'a hole on invalid',
    'fragment',
    (b) => {
      b.rules.at(-1)!.message = b.rules.at(-2)!.message;
    },
  ],
];
