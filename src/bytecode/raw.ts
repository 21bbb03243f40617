// Reading access to the sections of a bundle whose placement is verified. Leaf module.

import {
  BODY_OFFSET,
  fieldOf,
  HEADER_SHAPE,
  readField,
  SECTION_ENTRY,
  SECTION_TABLE_OFFSET,
  SHAPES,
} from './geometry.ts';
import { SECTION_NAMES, type SectionName } from './layout.ts';

/** Reads one field of the record with the given index. */
export type Column = (index: number) => number;

export class RawBundle {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly #offsets = new Map<SectionName, number>();
  readonly #counts = new Map<SectionName, number>();

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    SECTION_NAMES.forEach((name, i) => {
      const entry = SECTION_TABLE_OFFSET + i * SECTION_ENTRY;
      const present = bytes.length >= BODY_OFFSET;
      this.#offsets.set(name, present ? this.view.getUint32(entry, true) : 0);
      this.#counts.set(name, present ? this.view.getUint32(entry + 4, true) : 0);
    });
  }

  offset(section: SectionName): number {
    return this.#offsets.get(section)!;
  }

  count(section: SectionName): number {
    return this.#counts.get(section)!;
  }

  header(name: string): number {
    const field = fieldOf(HEADER_SHAPE, name);
    return readField(this.view, field.type, field.offset);
  }

  /** Byte offset of a field, for reports. */
  place(section: SectionName, index: number, field: string): number {
    const shape = SHAPES[section];
    return this.offset(section) + index * shape.size + fieldOf(shape, field).offset;
  }

  column(section: SectionName, name: string): Column {
    const shape = SHAPES[section];
    const field = fieldOf(shape, name);
    const base = this.offset(section) + field.offset;
    const { size } = shape;
    const { view } = this;
    switch (field.type) {
      case 'u8':
        return (i) => view.getUint8(base + i * size);
      case 'u16':
        return (i) => view.getUint16(base + i * size, true);
      case 'u32':
        return (i) => view.getUint32(base + i * size, true);
      case 'i32':
        return (i) => view.getInt32(base + i * size, true);
      case 'f64':
        return (i) => view.getFloat64(base + i * size, true);
    }
  }
}
