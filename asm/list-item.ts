// Items of a list that a decision copies, read one by one in the format of the hole.

import { FORMAT_KINDS, SLOT_scale } from './generated.ts';
import { convert } from './convert.ts';
import { tagOf } from './tape.ts';

const VALUE_AT: usize = memory.data(24);
/** Stands for a SLOT record, of which only the scale is read. */
const ROW_AT: usize = memory.data(32);

/** Where the value of the item is; 0 when it has none in this format. */
export function convertItem(format: i32, scale: i32, item: usize): usize {
  store<u8>(ROW_AT, <u8>scale, SLOT_scale);
  return convert(kindOfFormat(format), ROW_AT, 0, item, tagOf(item), VALUE_AT) == 0 ? VALUE_AT : 0;
}

export function kindOfFormat(format: i32): i32 {
  return <i32>((FORMAT_KINDS >> (format << 2)) & 15);
}
