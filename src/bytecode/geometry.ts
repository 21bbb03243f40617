// Where each field of the layout lies: offsets follow from the order and the types of layout.ts, nothing is written down twice.
// Leaf module.

import {
  FIELD_SIZES,
  type FieldType,
  HASH_BYTES,
  HEADER_FIELDS,
  type LayoutField,
  SECTION_NAMES,
  SECTIONS,
  type SectionName,
} from './layout.ts';

export interface PlacedField extends LayoutField {
  readonly offset: number;
  readonly size: number;
}

export interface RecordShape {
  readonly size: number;
  readonly fields: readonly PlacedField[];
}

function place(fields: readonly LayoutField[]): RecordShape {
  let offset = 0;
  const placed: PlacedField[] = [];
  for (const field of fields) {
    const size = FIELD_SIZES[field.type];
    placed.push({ ...field, offset, size });
    offset += size;
  }
  return { size: offset, fields: placed };
}

export const HEADER_SHAPE: RecordShape = place(HEADER_FIELDS);
export const SHAPES = Object.fromEntries(
  SECTION_NAMES.map((name) => [name, place(SECTIONS[name].fields)]),
) as { readonly [S in SectionName]: RecordShape };

export const HASH_OFFSET = HEADER_SHAPE.size;
export const SECTION_TABLE_OFFSET = HASH_OFFSET + HASH_BYTES;
/** Bytes of an entry of the section table: offset u32, count u32. */
export const SECTION_ENTRY = 8;
/** Where the first section starts. */
export const BODY_OFFSET = align8(SECTION_TABLE_OFFSET + SECTION_ENTRY * SECTION_NAMES.length);

/** Rounds up to the alignment of sections. */
export function align8(n: number): number {
  return Math.ceil(n / 8) * 8;
}

export function fieldOf(shape: RecordShape, name: string): PlacedField {
  const field = shape.fields.find((each) => each.name === name);
  if (field === undefined) throw new Error(`the layout has no field ${name}`);
  return field;
}

export function readField(view: DataView, type: FieldType, at: number): number {
  switch (type) {
    case 'u8':
      return view.getUint8(at);
    case 'u16':
      return view.getUint16(at, true);
    case 'u32':
      return view.getUint32(at, true);
    case 'i32':
      return view.getInt32(at, true);
    case 'f64':
      return view.getFloat64(at, true);
  }
}

export function writeField(view: DataView, type: FieldType, at: number, value: number): void {
  if (type === 'u8') view.setUint8(at, value);
  else if (type === 'u16') view.setUint16(at, value, true);
  else if (type === 'u32') view.setUint32(at, value, true);
  else if (type === 'i32') view.setInt32(at, value, true);
  else view.setFloat64(at, value, true);
}
