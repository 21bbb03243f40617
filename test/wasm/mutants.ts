// Bundles that are wrong in ways that the verifier must look deep to see: fields of records take other values, and what the header says
// of all records is made right again, so that it is not the header that refuses them.

import { computeBounds } from '../../src/bytecode/bounds.ts';
import { fieldOf, HEADER_SHAPE, SHAPES } from '../../src/bytecode/geometry.ts';
import { SECTION_NAMES } from '../../src/bytecode/layout.ts';
import { RawBundle } from '../../src/bytecode/raw.ts';
import { unpack } from '../../src/bytecode/unpack.ts';
import { verify } from '../../src/bytecode/verify.ts';
import { Refusal } from '../../src/bytecode/verify-refusal.ts';

const NUMBERS = [0.5, 1e300, Infinity, -Infinity, 2 ** 53, -1, 3, 1e15, 123.25, -1e16];

/** The bundle with one to three fields changed. */
export function mutant(bundle: Uint8Array, next: () => number): Uint8Array {
  const below = (n: number): number => Math.floor(next() * n);
  const raw = new RawBundle(bundle);
  const bytes = bundle.slice();
  const view = new DataView(bytes.buffer);
  const sections = SECTION_NAMES.filter((name) => name !== 'META' && raw.count(name) > 0);
  for (let n = 1 + below(3); n > 0; n--) {
    const section = sections[below(sections.length)]!;
    const { size, fields } = SHAPES[section];
    const field = fields[below(fields.length)]!;
    const column = raw.offset(section) + field.offset;
    const at = column + below(raw.count(section)) * size;
    if (field.type === 'f64') view.setFloat64(at, NUMBERS[below(NUMBERS.length)]!, true);
    else if (section === 'NODE' && field.name === 'word' && next() < 0.7)
      view.setUint32(at, 1 + below(10) + 256 * below(1 + raw.count('ATOM')), true);
    else if (next() < 0.5) {
      const from = column + below(raw.count(section)) * size;
      bytes.copyWithin(at, from, from + field.size);
    } else if (field.size === 1) bytes[at] = below(next() < 0.3 ? 256 : 24);
    else if (field.size === 2) view.setUint16(at, next() < 0.1 ? 0xffff : below(20), true);
    else view.setUint32(at, next() < 0.1 ? 0xffffffff : below(40), true);
  }
  if (next() < 0.9) repair(bytes);
  return bytes;
}

function repair(bytes: Uint8Array): void {
  const raw = new RawBundle(bytes);
  const at = (name: string): number => fieldOf(HEADER_SHAPE, name).offset;
  let highest = 0;
  const atom = raw.column('ATOM', 'op');
  const calc = raw.column('CALC', 'op');
  const node = raw.column('NODE', 'word');
  for (let i = 0; i < raw.count('ATOM'); i++) highest = Math.max(highest, atom(i));
  for (let i = 0; i < raw.count('CALC'); i++) highest = Math.max(highest, calc(i));
  for (let i = 0; i < raw.count('NODE'); i++) highest = Math.max(highest, node(i) & 0xff);
  raw.view.setUint16(at('highestOpcode'), highest, true);
  try {
    const { steps, scan } = computeBounds(unpack(verify(bytes)));
    raw.view.setFloat64(at('steps'), steps, true);
    raw.view.setFloat64(at('scan'), scan, true);
  } catch (error) {
    // Refused for something else: the bounds do not matter.
    if (!(error instanceof Refusal)) throw error;
  }
}
