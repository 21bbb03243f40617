// Transition tables before minimisation.

/** A complete transition table: state 0 starts, `next[state * classes + class]` is a state. */
export interface Table {
  readonly classes: number;
  /** 256 entries: byte → class. */
  readonly classOf: Uint8Array;
  readonly next: Int32Array;
  /** One entry per state. */
  readonly accept: Uint8Array;
}

/** Cells of one table before minimisation: what bounds time and memory. */
export const MAX_CELLS = 1 << 23;

/** Gives every listed byte a class of its own and all others one together. */
export function byteClasses(bytes: Iterable<number>): { classes: number; classOf: Uint8Array } {
  const own = [...new Set(bytes)].sort((a, b) => a - b);
  const classOf = new Uint8Array(256);
  // With all 256 bytes listed there is no class of the others, and 256 classes are 0..255.
  const others = own.length === 256 ? 0 : 1;
  own.forEach((byte, i) => {
    classOf[byte] = i + others;
  });
  return { classes: own.length + others, classOf };
}
