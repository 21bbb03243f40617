import { describe, expect, it } from 'vitest';
import { decodeBundle } from '../../src/bytecode/codec.ts';
import { disassemble } from '../../src/bytecode/disassemble.ts';
import { emit } from '../../src/compiler/emit.ts';
import { IrBuilder } from '../../src/ir/builder.ts';
import { fieldRow, irOf, rule } from '../emit/ir-samples.ts';
import { richIr } from '../emit/rich-ir.ts';

describe('the disassembly', () => {
  it('lists slots, code and rules', () => {
    const b = new IrBuilder();
    const root = b.field(fieldRow({ via: 'root', kind: 'record' }));
    const limits = { min: 0, max: 10, minLength: null, maxLength: null, set: null };
    const amount = b.field(fieldRow({ parent: root, via: 'member', key: 'amount', kind: 'int', limits }));
    const many = b.atom({ op: 'RANGE', field: amount, bounds: [5, Infinity] });
    const { bundle } = emit(
      irOf(
        b,
        [
          rule('large', 2, many, {
            message: ['too many: ', { field: amount, format: 'int', scale: 0, list: false }],
          }),
        ],
        'most_restrictive',
      ),
    );
    expect(disassemble(bundle)).toBe(`policy sample version "1.0.0"
combining most_restrictive
effects allow < warn < deny
severities low < high

slots
  s0  request  root record
  s1  amount  member int min 0 max 10

main
  0  TEST RANGE amount 5 .. Infinity ? 1 : 2
  1  HIT r0 large -> 2
  2  BAR deny -> 3
  3  END program

rules
  r0  large  deny reason "LARGE"
      message "too many: " {amount as int}
  r1  default  allow reason "NO_RULE_MATCHED"
  r2  on invalid  deny reason "INVALID_REQUEST"
`);
  });

  it('is the same for a bundle and its bytes, and names what it holds', () => {
    const { bundle, bytes } = emit(richIr());
    const decoded = decodeBundle(bytes);
    const text = disassemble(bundle);
    expect(decoded.ok && disassemble(decoded.bundle)).toBe(text);
    for (const part of [
      '["com mand"]',
      'target<record>.path',
      'tags[*]',
      'labels{*}',
      'except {"skip"}',
      'SWITCH env',
      'shadow',
      'END false',
      'contains {"mkfs", "rm -rf"}',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toMatch(/undefined|NaN/);
  });
});
