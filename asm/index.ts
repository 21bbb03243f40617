// The exports of the module: README.md says how a host uses them.

import { evaluateText, prepareEvaluation } from './evaluate.ts';
import { CONTRACT_HASH, MAX_REQUEST_BYTES } from './generated.ts';
import { allocate, errorPlace, isLoaded, isRequest, loadBundle, unload as forgetBundle } from './load.ts';
import { beginTable, decideTable } from './slot-path.ts';
import { outputLength, outputStart } from './out.ts';

const ABI_VERSION: i32 = 1;

let lastCode: i32 = 0;

export function abiVersion(): i32 {
  return ABI_VERSION;
}

/** Address of the 32 bytes of the contract hash. */
export function contractHash(): usize {
  return CONTRACT_HASH;
}

export function alloc(size: usize): usize {
  return allocate(size);
}

export function load(address: usize, length: usize): i32 {
  lastCode = loadBundle(address, length);
  if (lastCode == 0) prepareEvaluation(address);
  return lastCode;
}

export function unload(): void {
  forgetBundle();
}

export function errorCode(): i32 {
  return lastCode;
}

export function errorOffset(): u32 {
  return errorPlace();
}

/** Address of the decision; 0 when no bundle is loaded or the text is not where alloc said. */
export function evaluate(address: usize, length: usize): usize {
  // A text that is too large has no memory here, and needs none.
  if (!isLoaded() || (length <= <usize>MAX_REQUEST_BYTES && !isRequest(address, length))) return 0;
  evaluateText(address, length);
  return outputStart();
}

/** See README.md: the slot path. */
export function beginSlots(): usize {
  return beginTable();
}

export function decideSlots(): i32 {
  return isLoaded() ? decideTable() : -1;
}

export function decisionLength(): usize {
  return outputLength();
}
