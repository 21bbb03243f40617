// Memory that lives as long as one request. Behind the bundle's tables lies the text of the request, then the tape, then texts made by
// calculations, then the decision. Each part begins where the one before it ended; the next request begins at the text again.

import { align, reach } from './memory.ts';

let top: usize = 0;
let exhausted: bool = false;

export function begin(at: usize): void {
  top = align(at);
  exhausted = false;
}

/** First free address: for scratch that nobody needs later. */
export function scratch(): usize {
  return top;
}

/** Keeps `size` bytes for the rest of the request; 0 when memory ends. */
export function keep(size: usize): usize {
  const at = top;
  if (!reach(at + size)) {
    runOut();
    return 0;
  }
  top = align(at + size);
  return at;
}

/** Remembers that memory ended: the request is then too large, whatever the rest of the evaluation says. */
export function runOut(): bool {
  exhausted = true;
  return false;
}

export function isExhausted(): bool {
  return exhausted;
}
