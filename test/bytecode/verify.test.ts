// One wrong bundle per rule of the verifier, made by changing one thing of a right one.

import { describe, expect, it } from 'vitest';
import { computeBounds } from '../../src/bytecode/bounds.ts';
import type { Bundle } from '../../src/bytecode/bundle.ts';
import { decodeBundle, encodeBundle } from '../../src/bytecode/codec.ts';
import {
  fieldOf,
  HASH_OFFSET,
  HEADER_SHAPE,
  SECTION_TABLE_OFFSET,
  SHAPES,
  writeField,
} from '../../src/bytecode/geometry.ts';
import { SECTION_NAMES, type SectionName } from '../../src/bytecode/layout.ts';
import { VERIFY_CODES } from '../../src/bytecode/verify-refusal.ts';
import { emit } from '../../src/compiler/emit.ts';
import type { Ir } from '../../src/ir/ir.ts';
import { richIr } from '../emit/rich-ir.ts';

type Mutable<T> = T extends Uint8Array | Uint16Array
  ? T
  : T extends object
    ? { -readonly [K in keyof T]: Mutable<T[K]> }
    : T;
type Change = (bundle: Mutable<Bundle>) => void;

const code = (bytes: Uint8Array): string => {
  const decoded = decodeBundle(bytes);
  return decoded.ok ? 'ok' : decoded.code;
};

function changed(change: Change, combining: Ir['combining']): string {
  const bundle = structuredClone(emit(richIr(combining)).bundle) as Mutable<Bundle>;
  change(bundle);
  let bounds = { steps: 0, scan: 0 };
  try {
    bounds = computeBounds(bundle);
  } catch {
    // A broken index: the bounds do not matter.
  }
  return code(encodeBundle(bundle, bounds));
}

const find = <T>(list: T[], wanted: (item: T) => boolean): T => {
  const found = list.find(wanted);
  if (found === undefined) throw new Error('not in the sample');
  return found;
};
const nodeOf = (b: Mutable<Bundle>, op: string): Mutable<Bundle>['nodes'][number] =>
  find(b.nodes, (node) => node.op === op);
const atomOf = (b: Mutable<Bundle>, op: string): Mutable<Bundle>['atoms'][number] =>
  find(b.atoms, (atom) => atom.op === op);
const calcOf = (b: Mutable<Bundle>, op: string): Mutable<Bundle>['calcs'][number] =>
  find(b.calcs, (calc) => calc.op === op);
const slotOf = (b: Mutable<Bundle>, wanted: string): Mutable<Bundle>['slots'][number] =>
  find(b.slots, (slot) => slot.key === wanted || slot.via === wanted || slot.kind === wanted);
const set = (items: string[]): Mutable<Bundle>['sets'][number] => ({ of: 'string', items });

const cases: readonly (readonly [string, keyof typeof VERIFY_CODES, Change])[] = [
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

describe('the verifier refuses', () => {
  for (const [name, expected, change] of cases) {
    it(`${name}: ${expected}`, () => expect(changed(change, 'most_restrictive')).toBe(expected));
  }

  it('strata from the weakest up', () => {
    const swap: Change = (b) => {
      const [first, second] = b.nodes.filter((node) => node.op === 'BAR');
      [first!.a, second!.a] = [second!.a, first!.a];
    };
    expect(changed(swap, 'most_restrictive')).toBe('stratum');
  });

  it('a HIT in the stratum of another effect', () => {
    expect(
      changed((b) => {
        b.rules[nodeOf(b, 'HIT').a]!.effect = 0;
      }, 'most_restrictive'),
    ).toBe('stratum');
  });

  it('a way around a BAR', () => {
    const around: Change = (b) => {
      const bar = b.nodes.findIndex((node) => node.op === 'BAR');
      const hit = b.nodes.findLast((node, i) => i < bar && node.op === 'HIT')!;
      hit.t = bar + 1;
      hit.f = bar + 1;
    };
    expect(changed(around, 'most_restrictive')).toBe('stratum');
  });

  it('a BAR under first_applicable', () => {
    expect(
      changed((b) => {
        b.combining = 'first_applicable';
      }, 'most_restrictive'),
    ).toBe('stratum');
  });

  it('a HIT that is not final under first_applicable', () => {
    const go: Change = (b) => {
      const i = b.nodes.findIndex((node, k) => node.op === 'HIT' && b.nodes[k + 1]!.op === 'TEST');
      b.nodes[i]!.t = i + 1;
      b.nodes[i]!.f = i + 1;
    };
    expect(changed(go, 'first_applicable')).toBe('stratum');
  });
});

describe('the verifier refuses bytes', () => {
  const { bytes } = emit(richIr());
  const section = (name: SectionName): number =>
    new DataView(bytes.buffer).getUint32(SECTION_TABLE_OFFSET + 8 * SECTION_NAMES.indexOf(name), true);
  const poke = (at: number, value: number): string => {
    const copy = bytes.slice();
    copy[at] = value;
    return code(copy);
  };
  const field = (name: SectionName, index: number, wanted: string, value: number): string => {
    const copy = bytes.slice();
    const { offset, type } = fieldOf(SHAPES[name], wanted);
    writeField(new DataView(copy.buffer), type, section(name) + index * SHAPES[name].size + offset, value);
    return code(copy);
  };
  const header = (name: string, value: number): string => {
    const copy = bytes.slice();
    const { offset, type } = fieldOf(HEADER_SHAPE, name);
    writeField(new DataView(copy.buffer), type, offset, value);
    return code(copy);
  };

  it('with another header', () => {
    expect(header('magic', 1)).toBe('magic');
    expect(header('contract', 9)).toBe('contract');
    expect(header('flags', 1)).toBe('reserved');
    expect(header('length', 1)).toBe('length');
    expect(header('sections', 1)).toBe('section');
    expect(header('highestOpcode', 99)).toBe('opcode');
    expect(header('steps', 1)).toBe('bounds');
    expect(header('scan', Number.NaN)).toBe('bounds');
    expect(poke(HASH_OFFSET, bytes[HASH_OFFSET]! ^ 1)).toBe('contract');
  });

  it('with reserved bits or padding', () => {
    expect(field('META', 0, 'pad', 1)).toBe('reserved');
    expect(field('SLOT', 0, 'flags', 64)).toBe('reserved');
    const end = section('META') + SHAPES.META.size;
    expect(end % 8).toBe(4);
    expect(poke(end, 1)).toBe('section');
  });

  it('with codes that do not exist', () => {
    expect(field('META', 0, 'combining', 3)).toBe('code');
    expect(field('SETS', 0, 'kind', 0)).toBe('code');
    expect(field('LANG', 0, 'kind', 9)).toBe('code');
    expect(field('SLOT', 1, 'kind', 0)).toBe('code');
    expect(field('SLOT', 1, 'via', 200)).toBe('code');
    expect(field('ATOM', 0, 'op', 0)).toBe('code');
    expect(field('CALC', 0, 'op', 99)).toBe('code');
    expect(field('NODE', 0, 'word', 0)).toBe('code');
    expect(field('SWITCH', 0, 'kind', 2)).toBe('code');
  });

  it('with texts that are not UTF-8 or not where they belong', () => {
    expect(poke(section('BYTES'), 0xff)).toBe('utf8');
    expect(field('STR', 1, 'offset', 0)).toBe('order');
    expect(field('STR', 0, 'length', 0xffffffff)).toBe('index');
    expect(field('SLOT', 1, 'key', 0xfffffffe)).toBe('index');
    expect(field('ARM', 0, 'node', 0xffffffff)).toBe('index');
  });

  it('with runs that overlap', () => {
    expect(field('SETS', 1, 'first', 0)).toBe('order');
    expect(field('FRAGMENT', 1, 'first', 0)).toBe('order');
    expect(field('RULE', 1, 'remediations', 0)).toBe('order');
    expect(field('RULE', 0, 'message', 0)).toBe('order');
  });

  it('with every code that it has', () => {
    const seen = new Set<string>(cases.map(([, expected]) => expected));
    for (const each of [
      'length',
      'magic',
      'contract',
      'section',
      'reserved',
      'code',
      'utf8',
      'stratum',
      'opcode',
      'bounds',
    ])
      seen.add(each);
    expect([...seen].sort()).toEqual(Object.keys(VERIFY_CODES).sort());
  });
});
