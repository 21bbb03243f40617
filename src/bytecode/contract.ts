// The contract hash: what both evaluators must agree on before one may run a bundle of the other. It covers the meaning-bearing
// columns of the tables, not their prose. Leaf module: it imports only the tables (and SHA-256).

import { sha256 } from '@noble/hashes/sha2.js';
import {
  CONTRACT_MAJOR,
  HASH_BYTES,
  HEADER_FIELDS,
  type LayoutField,
  MAGIC,
  NONE,
  NONE16,
  SECTION_NAMES,
  SECTIONS,
} from './layout.ts';
import * as limits from './limits.ts';
import {
  ATOMS,
  type AtomRow,
  CALCS,
  type CalcRow,
  DECISION_KEYS,
  FORMATS,
  INVALID_CODES,
  JSON_KINDS,
  type KindSet,
  LANGS,
  LIST_FLAG,
  MEMO_FLAG,
  NODES,
  type NodeRow,
  REASON_DEFAULT,
  REASON_INVALID,
  SHADOW_FLAG,
  SLOT_FLAGS,
  SLOT_KINDS,
  SLOT_VIAS,
  VALUES_FLAG,
} from './opcodes.ts';

const kinds = (set: KindSet | null): string => (set === null ? '-' : set === 'any' ? 'any' : set.join('|'));

function fieldLine(field: LayoutField): string {
  const ref = field.ref === undefined ? '' : ` -> ${field.ref}`;
  const marks = `${field.optional ? ' optional' : ''}${field.reserved ? ' reserved' : ''}${field.run ? ` run ${field.run}` : ''}`;
  return `  ${field.name} ${field.type}${ref}${marks}`;
}

function codes(title: string, table: { readonly [name: string]: number }): string[] {
  return [title, ...Object.entries(table).map(([name, code]) => `  ${name} ${code}`)];
}

// Bundlers do not all keep the order of a module's names.
function sorted(table: { readonly [name: string]: number }): { readonly [name: string]: number } {
  return Object.fromEntries(Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The canonical text that the contract hash covers, one fact per line. */
export function contractText(): string {
  const lines = [`contract ${CONTRACT_MAJOR} magic ${MAGIC} none ${NONE} ${NONE16} hash ${HASH_BYTES}`];
  lines.push('header', ...HEADER_FIELDS.map(fieldLine));
  for (const name of SECTION_NAMES) lines.push(`section ${name}`, ...SECTIONS[name].fields.map(fieldLine));
  lines.push('atoms');
  for (const [name, row] of Object.entries<AtomRow>(ATOMS)) {
    lines.push(`  ${name} ${row.code} ${kinds(row.slot)} ${kinds(row.other)} ${row.b}`);
  }
  lines.push('calcs');
  for (const [name, row] of Object.entries<CalcRow>(CALCS)) {
    lines.push(
      `  ${name} ${row.code} ${kinds(row.dst)} ${kinds(row.a)} ${kinds(row.b)} ${row.imm ? 'imm' : '-'}`,
    );
  }
  lines.push('nodes');
  for (const [name, row] of Object.entries<NodeRow>(NODES)) {
    lines.push(`  ${name} ${row.code} ${row.a} ${row.branches ? 'branches' : '-'}`);
  }
  lines.push(...codes('kinds', SLOT_KINDS), ...codes('vias', SLOT_VIAS), ...codes('slot flags', SLOT_FLAGS));
  lines.push(...codes('json', JSON_KINDS), ...codes('langs', LANGS), ...codes('formats', FORMATS));
  lines.push(`flags list ${LIST_FLAG} memo ${MEMO_FLAG} values ${VALUES_FLAG} shadow ${SHADOW_FLAG}`);
  lines.push(...codes('limits', sorted(limits)));
  lines.push(`reasons ${REASON_INVALID} ${REASON_DEFAULT}`);
  lines.push(`invalid ${INVALID_CODES.join(' ')}`);
  lines.push(`decision ${DECISION_KEYS.join(' ')}`);
  return `${lines.join('\n')}\n`;
}

let known: Uint8Array | null = null;

/** SHA-256 of the contract; a bundle carries it, an evaluator compares it. */
export function contractHash(): Uint8Array {
  known ??= sha256(new TextEncoder().encode(contractText()));
  return known.slice();
}
