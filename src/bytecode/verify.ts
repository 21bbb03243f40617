// The verifier: a bundle is run only when every index, kind, jump and bound in it is what the layout says. The checks go through the
// header, then the sections in file order, records in order, fields in order, and stop at the first fault, so that an independent
// implementation reports the same code. What a policy means is the compiler's business; the verifier guarantees that running it is
// safe, ends, and reads the same in every evaluator.
// Leaf module.

import { contractHash } from './contract.ts';
import {
  align8,
  BODY_OFFSET,
  fieldOf,
  HASH_OFFSET,
  HEADER_SHAPE,
  readField,
  SECTION_ENTRY,
  SECTION_TABLE_OFFSET,
  SHAPES,
} from './geometry.ts';
import { CONTRACT_MAJOR, MAGIC, NONE, NONE16, SECTION_NAMES, type SectionName } from './layout.ts';
import {
  MAX_BUNDLE_BYTES,
  MAX_CODE_NODES,
  MAX_EFFECTS,
  MAX_RULES,
  MAX_SEVERITIES,
  MAX_SLOTS,
} from './limits.ts';
import { RawBundle } from './raw.ts';
import { verifyCode } from './verify-code.ts';
import { verifyData } from './verify-data.ts';
import { verifyOperands } from './verify-operands.ts';
import { Refusal } from './verify-refusal.ts';
import { ResultCheck } from './verify-results.ts';
import { verifyRules } from './verify-rules.ts';
import { verifySlots } from './verify-slots.ts';

/** Checks everything but the stated bounds, which need the decoded bundle. Throws a Refusal at the first fault. */
export function verify(bytes: Uint8Array): RawBundle {
  verifyHeader(bytes);
  const raw = new RawBundle(bytes);
  verifyPlacement(raw);
  verifyCounts(raw);
  for (const section of SECTION_NAMES) verifyFields(raw, section);
  const data = verifyData(raw);
  const slots = verifySlots(raw, data);
  const results = new ResultCheck(raw, slots);
  verifyOperands(raw, data, slots, results);
  verifyCode(raw, slots, results);
  verifyRules(raw, data, slots);
  return raw;
}

function verifyHeader(bytes: Uint8Array): void {
  if (bytes.length < BODY_OFFSET) throw new Refusal('length', bytes.length, 'shorter than the header');
  if (bytes.length > MAX_BUNDLE_BYTES)
    throw new Refusal('length', MAX_BUNDLE_BYTES, 'larger than MAX_BUNDLE_BYTES');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const expect = (
    name: string,
    value: number,
    code: 'magic' | 'contract' | 'reserved' | 'length' | 'section',
  ) => {
    const field = fieldOf(HEADER_SHAPE, name);
    const found = readField(view, field.type, field.offset);
    if (found === value) return;
    const problem =
      name === 'length'
        ? `${value} bytes, but the header says ${found}`
        : `${name} is ${found}, expected ${value}`;
    throw new Refusal(code, field.offset, problem);
  };
  expect('magic', MAGIC, 'magic');
  expect('contract', CONTRACT_MAJOR, 'contract');
  expect('flags', 0, 'reserved');
  expect('length', bytes.length, 'length');
  expect('sections', SECTION_NAMES.length, 'section');
  const hash = contractHash();
  for (let i = 0; i < hash.length; i++) {
    if (bytes[HASH_OFFSET + i] !== hash[i])
      throw new Refusal('contract', HASH_OFFSET, 'made for another contract');
  }
}

// Sections follow each other, each padded with zeros, and fill the file: there is one place for each.
function verifyPlacement(raw: RawBundle): void {
  const { bytes } = raw;
  let cursor = BODY_OFFSET;
  SECTION_NAMES.forEach((name, i) => {
    const entry = SECTION_TABLE_OFFSET + i * SECTION_ENTRY;
    if (raw.offset(name) !== cursor)
      throw new Refusal('section', entry, `section ${name} is not at ${cursor}`);
    const end = cursor + raw.count(name) * SHAPES[name].size;
    if (align8(end) > bytes.length)
      throw new Refusal('section', entry + 4, `section ${name} ends behind the file`);
    for (let p = end; p < align8(end); p++) {
      if (bytes[p] !== 0) throw new Refusal('section', p, `padding of section ${name} is not zero`);
    }
    cursor = align8(end);
  });
  if (cursor !== bytes.length) throw new Refusal('length', cursor, 'bytes behind the last section');
}

const COUNTS: { readonly [S in SectionName]?: readonly [number, number] } = {
  META: [1, 1],
  EFFECT: [1, MAX_EFFECTS],
  SEVERITY: [0, MAX_SEVERITIES],
  SLOT: [1, MAX_SLOTS],
  NODE: [1, MAX_CODE_NODES],
  RULE: [2, MAX_RULES + 2],
};

function verifyCounts(raw: RawBundle): void {
  SECTION_NAMES.forEach((name, i) => {
    const range = COUNTS[name];
    const count = raw.count(name);
    if (range === undefined || (count >= range[0] && count <= range[1])) return;
    throw new Refusal(
      'limit',
      SECTION_TABLE_OFFSET + i * SECTION_ENTRY + 4,
      `section ${name} has ${count} records`,
    );
  });
}

// What the layout alone says of each field: reserved ones are zero, indexes are in their section, numbers are numbers.
function verifyFields(raw: RawBundle, section: SectionName): void {
  const shape = SHAPES[section];
  const checked = shape.fields.filter(
    (field) => field.reserved || field.type === 'f64' || (field.ref !== undefined && field.run === undefined),
  );
  if (checked.length === 0) return;
  const count = raw.count(section);
  const base = raw.offset(section);
  for (let i = 0; i < count; i++) {
    for (const field of checked) {
      const at = base + i * shape.size + field.offset;
      const value = readField(raw.view, field.type, at);
      if (field.reserved) {
        if (value !== 0) throw new Refusal('reserved', at, `reserved field of ${section} ${i} is not zero`);
      } else if (field.type === 'f64') {
        if (Number.isNaN(value) || Object.is(value, -0))
          throw new Refusal('nan', at, `${section} ${i}: NaN or negative zero`);
      } else if (!field.optional || value !== (field.type === 'u16' ? NONE16 : NONE)) {
        // END nodes have no successors: their T and F are zero, which is in range.
        if (value >= raw.count(field.ref!))
          throw new Refusal('index', at, `${field.name} of ${section} ${i} is out of range`);
      }
    }
  }
}
