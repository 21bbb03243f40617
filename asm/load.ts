// One bundle per instance. Memory, from the end of the static data: the bundle, its tables, then the request and all that is made of it.

import { base, locate, lookAt, lookedAt, record, stringAddress, stringLength } from './bundle.ts';
import { decisionBytes, prepareDecisions } from './decision.ts';
import {
  JSON_list,
  MAX_BUNDLE_BYTES,
  MAX_REQUEST_BYTES,
  META_name,
  META_version,
  NONE,
  S_META,
  TEXT_bundle,
  TEXT_name,
  TEXT_version,
  VERIFY_length,
  BODY_OFFSET,
} from './generated.ts';
import { prepareState, stateBytes } from './machine-state.ts';
import { align, reach } from './memory.ts';
import { beginOutput, hexLetter, outputLength, put, writeNull, writeQuoted, writeText } from './out.ts';
import { begin } from './request.ts';
import { sha256 } from './sha256.ts';
import { preparePlans, slotBytes } from './slots.ts';
import { NEXT, NODE_BYTES, PAYLOAD } from './tape.ts';
import { verify } from './verify.ts';
import { OUT_OF_MEMORY } from './verify-slots.ts';

/** The host gave other memory than the one that it was told to use. */
export const MISUSED: i32 = 254;

/** Bytes behind an input that a reader may look at. */
const MARGIN: usize = 32;

/** Where the request begins; 0: no bundle is loaded. */
let requestStart: usize = 0;
let capacity: usize = 0;
/** A list without items, for constants. */
let emptyList: usize = 0;
/** The bundle that was to be loaded last. */
let refusedAt: usize = 0;

/** Memory for a bundle, or for a request once one is loaded; 0 when there is none, or more is asked for than either may have. */
export function allocate(size: usize): usize {
  const at = requestStart ? requestStart : align(__heap_base);
  capacity = 0;
  if (size > <usize>(requestStart ? MAX_REQUEST_BYTES : MAX_BUNDLE_BYTES) || !reach(at + size + MARGIN))
    return 0;
  capacity = size;
  return at;
}

/** Whether [p, p + length) is memory that `allocate` gave for a request. */
export function isRequest(p: usize, length: usize): bool {
  return requestStart != 0 && p == requestStart && length <= capacity;
}

/** Whether [p, p + length) lies in memory that `allocate` gave for a request; the empty text may lie anywhere. */
export function isText(p: usize, length: usize): bool {
  return length == 0 || (p >= requestStart && length <= capacity && p - requestStart <= capacity - length);
}

/** Bytes that `allocate` gave last. */
export function requestSize(): usize {
  return capacity;
}

export function emptyNode(): usize {
  return emptyList;
}

export function isLoaded(): bool {
  return requestStart != 0;
}

/** Where the request begins. */
export function requestAddress(): usize {
  return requestStart;
}

/** Forgets the bundle. */
export function unload(): void {
  requestStart = 0;
  capacity = 0;
}

/** Byte offset of the record that the verifier looked at last. */
export function errorPlace(): u32 {
  return <u32>(lookedAt() - refusedAt);
}

/** Verifies a bundle and makes its tables; 0 or why not. */
export function loadBundle(p: usize, length: usize): i32 {
  refusedAt = p;
  lookAt(p);
  // Wrong sizes first: a host cannot get memory for a bundle that is too large.
  if (length < <usize>BODY_OFFSET || length > <usize>MAX_BUNDLE_BYTES) return VERIFY_length;
  if (requestStart || p != align(__heap_base) || length > capacity) return MISUSED;
  const free = align(p + length);
  locate(p);
  const code = verify(p, length, free);
  if (code) return code;
  emptyList = free;
  const plans = emptyList + NODE_BYTES;
  const state = align(plans + slotBytes());
  const decisions = align(state + stateBytes());
  const policy = align(decisions + decisionBytes());
  if (!reach(policy)) return OUT_OF_MEMORY;
  store<u32>(emptyList, JSON_list);
  store<u32>(emptyList, <u32>(emptyList + NODE_BYTES), NEXT);
  store<u64>(emptyList, 0, PAYLOAD);
  preparePlans(plans, emptyList);
  prepareState(state);
  begin(policy);
  writePolicy(policy, sha256(p, length));
  prepareDecisions(decisions, policy, outputLength());
  requestStart = align(policy + outputLength());
  capacity = 0;
  return 0;
}

/** {"bundle":"sha256:…","name":…,"version":…} */
function writePolicy(at: usize, hash: usize): void {
  beginOutput(at);
  writeText(TEXT_bundle);
  for (let i: usize = 0; i < 32; i++) {
    // The words of the hash are big numbers in little-endian memory.
    const byte = <i32>load<u8>(hash + (i ^ 3));
    put(hexLetter(byte >> 4));
    put(hexLetter(byte & 15));
  }
  writeText(TEXT_name);
  writeName(load<u32>(base(S_META), META_name));
  writeText(TEXT_version);
  writeName(load<u32>(base(S_META), META_version));
  put(0x7d);
}

function writeName(id: u32): void {
  if (id == NONE) writeNull();
  else writeQuoted(stringAddress(id), stringLength(id));
}
