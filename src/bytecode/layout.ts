// The binary layout of a bundle, as data. Little-endian; every record has a fixed width, a multiple of 4 (8 where it holds f64).
// One row per field: the encoder, the decoder, the verifier's index checks, the manual and the AssemblyScript offsets come from it.
//
//   header | section 0 | section 1 | …      sections follow each other in the order of SECTIONS, each padded with zeros to 8 bytes;
//                                           nothing else is in the file, so that one policy has one encoding.
// Leaf module: it imports nothing.

export const MAGIC = 0x43594c50; // "PLYC" read as a little-endian u32
export const CONTRACT_MAJOR = 0;
/** "No index" in a u32 field, and in a u16 field. */
export const NONE = 0xffffffff;
export const NONE16 = 0xffff;

export type FieldType = 'u8' | 'u16' | 'u32' | 'i32' | 'f64';
export const FIELD_SIZES: { readonly [T in FieldType]: number } = { u8: 1, u16: 2, u32: 4, i32: 4, f64: 8 };

export interface LayoutField {
  readonly name: string;
  readonly type: FieldType;
  /** Section that the field indexes; `optional` allows NONE (NONE16). */
  readonly ref?: SectionName;
  readonly optional?: boolean;
  /**
   * The field is the start of a run in `ref`, of as many records as the field named here says. Runs follow each other without gaps
   * in the order of the records that own them, so a start is always the end of the run before it.
   */
  readonly run?: string;
  /** Must be zero. */
  readonly reserved?: boolean;
}

export interface Section {
  readonly doc: string;
  readonly fields: readonly LayoutField[];
}

const f = (name: string, type: FieldType, ref?: SectionName, optional = false): LayoutField =>
  ref === undefined ? { name, type } : { name, type, ref, optional };
const run = (name: string, ref: SectionName, count = 'count'): LayoutField => ({
  name,
  type: 'u32',
  ref,
  run: count,
});
const pad = (type: FieldType): LayoutField => ({ name: 'pad', type, reserved: true });

export type SectionName =
  | 'META'
  | 'EFFECT'
  | 'SEVERITY'
  | 'STR'
  | 'BYTES'
  | 'NUMS'
  | 'REFS'
  | 'SETS'
  | 'LANG'
  | 'TABLES'
  | 'SLOT'
  | 'LIMITS'
  | 'ATOM'
  | 'CALC'
  | 'QUANT'
  | 'NODE'
  | 'SWITCH'
  | 'ARM'
  | 'RULE'
  | 'FRAGMENT'
  | 'PIECE';

/** Sections in file order. */
export const SECTIONS: { readonly [S in SectionName]: Section } = {
  META: {
    doc: 'one record: name and version of the policy. combining: 1 most_restrictive, 2 first_applicable',
    fields: [
      f('name', 'u32', 'STR'),
      f('version', 'u32', 'STR', true),
      f('combining', 'u8'),
      pad('u8'),
      pad('u16'),
    ],
  },
  EFFECT: { doc: 'effects, weakest first', fields: [f('name', 'u32', 'STR')] },
  SEVERITY: { doc: 'severities, lowest first', fields: [f('name', 'u32', 'STR')] },
  STR: {
    doc: 'well-formed UTF-8, sorted by bytes, distinct; the texts follow each other in BYTES without gaps',
    fields: [f('offset', 'u32'), f('length', 'u32')],
  },
  BYTES: { doc: 'the texts of STR', fields: [f('byte', 'u8')] },
  NUMS: {
    doc: 'numbers, no NaN and no negative zero: those of the number sets in the order of SETS, then the bounds of atoms in the order of ATOM',
    fields: [f('value', 'f64')],
  },
  REFS: {
    doc: 'lists of STR or NUMS indexes: the runs of SETS, then the remediations of RULE',
    fields: [f('index', 'u32')],
  },
  SETS: {
    doc: 'kind 1: strings (REFS of STR, ascending); kind 2: numbers (REFS of NUMS, values ascending)',
    fields: [f('kind', 'u8'), pad('u8'), pad('u16'), run('first', 'REFS'), f('count', 'u32')],
  },
  LANG: {
    doc:
      'kind: LANGS. set: the texts or patterns. An automaton (states > 0) is at TABLES[first]: 256 byte classes, then states × classes ' +
      'targets (0xFFFF = dead), then ceil(states / 16) words of accept bits, lowest bit first; state 0 starts; it reads UTF-8 bytes',
    fields: [
      f('kind', 'u8'),
      pad('u8'),
      f('classes', 'u16'),
      f('set', 'u32', 'SETS'),
      run('first', 'TABLES', 'states'),
      f('states', 'u32'),
    ],
  },
  TABLES: { doc: 'automata', fields: [f('word', 'u16')] },
  SLOT: {
    doc:
      'depth first from the request: a slot, then its members sorted by key (UTF-16 code units), then its views, its element and its value template, each ' +
      'with all below it; then the bound, calc and constant slots, parents and operands first, each with all below it. ' +
      'set: allowed keys of a closed record, or discriminator values of a union. ' +
      'branch: discriminator values for which a view of a union exists. aux: discriminator key of a union. key of a string constant: its text',
    fields: [
      f('parent', 'u16', 'SLOT', true),
      f('via', 'u8'),
      f('kind', 'u8'),
      f('flags', 'u16'),
      f('scale', 'u8'),
      pad('u8'),
      f('key', 'u32', 'STR', true),
      f('limits', 'u32', 'LIMITS', true),
      f('set', 'u32', 'SETS', true),
      f('branch', 'u32', 'SETS', true),
      f('aux', 'u32', 'STR', true),
    ],
  },
  LIMITS: {
    doc:
      'one record per slot that has limits, in the order of SLOT. Enforced bounds, inclusive: min/max of the (scaled) number; minLength/maxLength in code points, items or keys (NONE: no bound); set: allowed values. ' +
      'Of a constant slot: min = number or seconds, max = microseconds (0 for a number)',
    fields: [
      f('min', 'f64'),
      f('max', 'f64'),
      f('minLength', 'u32'),
      f('maxLength', 'u32'),
      f('set', 'u32', 'SETS', true),
      pad('u32'),
    ],
  },
  ATOM: {
    doc: 'operands as ATOMS says; b is NONE and other is NONE16 when unused',
    fields: [
      f('op', 'u8'),
      pad('u8'),
      f('slot', 'u16', 'SLOT'),
      f('other', 'u16', 'SLOT', true),
      pad('u16'),
      f('b', 'u32'),
    ],
  },
  CALC: {
    doc: 'operands as CALCS says; a and b are NONE16 when unused. flags bit 0: memoised, dst is computed at most once per decision',
    fields: [
      f('op', 'u8'),
      f('flags', 'u8'),
      f('dst', 'u16', 'SLOT'),
      f('a', 'u16', 'SLOT', true),
      f('b', 'u16', 'SLOT', true),
      f('imm', 'i32'),
    ],
  },
  QUANT: {
    doc:
      'one record per ANY, ALL, COUNT and FIRST node, in the order of NODE. flags bit 0: memoised (COUNT, FIRST: skipped when dst was computed before in this ' +
      'decision; ANY, ALL: the node keeps its answer for this decision); bit 1: over the own values of an object, without the keys of `except`. The body is the nodes from the node that names ' +
      'the record, plus one, up to `stop`, where END 1 (true) and END 2 (false) stand',
    fields: [
      f('list', 'u16', 'SLOT'),
      f('elem', 'u16', 'SLOT'),
      f('dst', 'u16', 'SLOT', true),
      f('flags', 'u16'),
      f('except', 'u32', 'SETS', true),
      f('stop', 'u32', 'NODE'),
    ],
  },
  NODE: {
    doc:
      'op in the low 8 bits of `word`, a in the high 24; T, F > self and in the same region. Regions: main, from node 0 to the first END 0; ' +
      'shadow, from there to the last node, an END 0, when there are shadow rules; the body of each quantifier with its two END nodes',
    fields: [f('word', 'u32'), f('t', 'u32', 'NODE'), f('f', 'u32', 'NODE')],
  },
  SWITCH: {
    doc: 'one record per SWITCH node, in the order of NODE. kind 1: string arms. ARM[first..first+count): keys (STR) ascending',
    fields: [f('slot', 'u16', 'SLOT'), f('kind', 'u8'), pad('u8'), run('first', 'ARM'), f('count', 'u32')],
  },
  ARM: { doc: 'key and node', fields: [f('key', 'u32', 'STR'), f('node', 'u32', 'NODE')] },
  RULE: {
    doc:
      'rules in declaration order, then the default, then on invalid (name NONE). severity 255: none. matched: JSON of the entry in `matched` (NONE for the ' +
      'last two). message: raw text. obligations: JSON of the entry in `obligations`. remediations: REFS of STR',
    fields: [
      f('effect', 'u8'),
      f('severity', 'u8'),
      f('flags', 'u16'),
      f('name', 'u32', 'STR', true),
      f('reason', 'u32', 'STR'),
      f('matched', 'u32', 'FRAGMENT', true),
      f('message', 'u32', 'FRAGMENT', true),
      f('obligations', 'u32', 'FRAGMENT', true),
      run('remediations', 'REFS', 'remediationCount'),
      f('remediationCount', 'u32'),
    ],
  },
  FRAGMENT: {
    doc: 'matched, message and obligations of each rule, in the order of RULE',
    fields: [run('first', 'PIECE'), f('count', 'u32')],
  },
  PIECE: {
    doc: 'constant text (NONE: none), then the value of a slot (NONE16: none) in a format of FORMATS; in `obligations` as JSON, in `message` as plain text',
    fields: [
      f('text', 'u32', 'STR', true),
      f('slot', 'u16', 'SLOT', true),
      f('format', 'u8'),
      f('scale', 'u8'),
    ],
  },
};
export const SECTION_NAMES = Object.keys(SECTIONS) as SectionName[];

/** Header fields, then 32 bytes of contract hash, then {offset u32, count u32} per section. */
export const HEADER_FIELDS: readonly LayoutField[] = [
  f('magic', 'u32'),
  f('contract', 'u16'),
  f('flags', 'u16'),
  f('length', 'u32'),
  f('highestOpcode', 'u16'),
  f('sections', 'u16'),
  f('steps', 'f64'),
  f('scan', 'f64'),
  f('main', 'u32'),
  f('shadow', 'u32'),
];
export const HASH_BYTES = 32;
