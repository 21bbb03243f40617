// Whether two scalars of an array are equal as JSON. Sorted, not compared with each other: below an unknown an array has no length limit.

import { JSON_list, JSON_object } from './generated.ts';
import { reach } from './memory.ts';
import { runOut, scratch } from './request.ts';
import { order, sort } from './sort.ts';
import { NODE_BYTES, nextOf, sizeOf, tagOf } from './tape.ts';

export function hasTwins(list: usize): bool {
  const start = scratch();
  const size = sizeOf(list);
  const spare = start + ((<usize>size) << 2);
  if (!reach(spare + ((<usize>size) << 2))) return runOut();
  let item = list + NODE_BYTES;
  let n = 0;
  for (let i = 0; i < size; i++, item = nextOf(item)) {
    if (tagOf(item) & (JSON_list | JSON_object)) continue;
    store<u32>(start + ((<usize>n) << 2), <u32>item);
    n++;
  }
  let at = sort(start, spare, n);
  for (; n > 1; n--, at += 4) if (order(load<u32>(at), load<u32>(at, 4)) == 0) return true;
  return false;
}
