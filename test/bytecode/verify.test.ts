// One wrong bundle per rule of the verifier, made by changing one thing of a right one.

import { describe, expect, it } from 'vitest';
import { decodeBundle } from '../../src/bytecode/codec.ts';
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

import { type Change, changedBytes, find, nodeOf, slotOf } from './bundle-changes.ts';
import { WRONG_CODE } from './wrong-code.ts';
import { WRONG_DATA } from './wrong-data.ts';
import { WRONG_VALUES } from './wrong-values.ts';

const cases = [...WRONG_DATA, ...WRONG_VALUES, ...WRONG_CODE];

const code = (bytes: Uint8Array): string => {
  const decoded = decodeBundle(bytes);
  return decoded.ok ? 'ok' : decoded.code;
};

function changed(change: Change, combining: Ir['combining']): string {
  return code(changedBytes(change, combining));
}

describe('the verifier refuses', () => {
  for (const [name, expected, change] of cases) {
    it(`${name}: ${expected}`, () => expect(changed(change, 'most_restrictive')).toBe(expected));
  }

  it('a short file that repeats one long text beyond all measure: limit', () => {
    const long = 'x'.repeat(20_000);
    const pieces: Change = (b) => {
      const hole = find(b.rules, (rule) => rule.obligations?.[0]?.hole != null).obligations![0]!.hole;
      const middle = Array.from({ length: 2000 }, () => ({ text: `,"${long}",`, hole }));
      b.rules[0]!.obligations = [{ text: '[', hole }, ...middle, { text: ']', hole: null }];
    };
    expect(changed(pieces, 'most_restrictive')).toBe('limit');
    const keys: Change = (b) => {
      const record = { ...slotOf(b, 'target'), kind: 'unknown' as const, set: null, discriminator: null };
      const root = { ...b.slots[0]!, closed: false, set: null };
      const parents = Array.from({ length: 2000 }, (_, i) => [
        { ...record, parent: 0, key: `p${String(i).padStart(4, '0')}` },
        { ...record, parent: 1 + 2 * i, key: long },
      ]);
      b.slots = [root, ...parents.flat()];
    };
    expect(changed(keys, 'most_restrictive')).toBe('limit');
  });

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
