import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bytecodeManual } from '../../scripts/bytecode-doc.ts';
import { contractHash, contractText } from '../../src/bytecode/contract.ts';
import { SECTION_NAMES } from '../../src/bytecode/layout.ts';
import { ATOMS, CALCS, FORMATS, LANGS, NODES, SLOT_KINDS, SLOT_VIAS } from '../../src/bytecode/opcodes.ts';

describe('the manual of the bytecode', () => {
  const file = readFileSync(new URL('../../grammar/bytecode.md', import.meta.url), 'utf8');

  it('is what the tables say', () => {
    expect(file === bytecodeManual(), 'run `npm run generate`').toBe(true);
  });

  it('names every operation and section', () => {
    for (const name of [...Object.keys(ATOMS), ...Object.keys(CALCS), ...Object.keys(NODES)]) {
      expect(file).toContain(`| ${name} |`);
    }
    for (const name of SECTION_NAMES) expect(file).toContain(`### ${name},`);
  });
});

describe('the tables', () => {
  it('have dense codes from 1', () => {
    for (const table of [ATOMS, CALCS, NODES, SLOT_VIAS, SLOT_KINDS, LANGS, FORMATS]) {
      const codes = Object.values(table).map((row) => (typeof row === 'number' ? row : row.code));
      expect(codes).toEqual(codes.map((_, i) => i + 1));
    }
  });
});

describe('the contract hash', () => {
  it('covers operations, layout, limits and codes, not prose', () => {
    const text = contractText();
    for (const fact of [
      'TEST 1 atom branches',
      'section SWITCH',
      'MAX_STEPS 4294967296',
      'unknown_key',
      'NO_RULE_MATCHED',
    ]) {
      expect(text).toContain(fact);
    }
    expect(text).not.toContain(NODES.TEST.doc);
    expect(contractHash()).toHaveLength(32);
    contractHash().fill(0);
    expect(contractHash()).not.toEqual(new Uint8Array(32));
  });
});
