// Linear memory without an allocator: whoever needs room asks whether memory reaches as far as it wants to write. What lies where is
// decided in load.ts (per bundle) and request.ts (per request); both reuse the same addresses every time, so that memory grows to the
// size of the largest request and never again.

/** Bytes that are known to exist. */
let size: usize = 0;

/** Makes sure that memory reaches up to `end`; false when the host has no more. */
export function reach(end: usize): bool {
  return end <= size || grow(end);
}

function grow(end: usize): bool {
  const have = (<usize>memory.size()) << 16;
  if (end > have) {
    // The last page stays out of use: an address never wraps around.
    if (end > 0xffff0000) return false;
    if (memory.grow(<i32>((end - have + 0xffff) >> 16)) < 0) return false;
  }
  size = (<usize>memory.size()) << 16;
  return true;
}

export function align(at: usize): usize {
  return (at + 15) & ~15;
}
