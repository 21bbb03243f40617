// One request, from JSON text to JSON decision: read, project, run, write. Whatever goes wrong with a request ends in a decision.

import {
  FORMAT_int,
  H_shadow,
  INVALID_duplicate_key,
  INVALID_limit,
  INVALID_too_large,
  JSON_list,
  MAX_REQUEST_BYTES,
  META_combining,
  NONE,
  S_META,
} from './generated.ts';
import { base } from './bundle.ts';
import { writeDecision, writeInvalidHead, writeInvalidTail } from './decision.ts';
import { parse, repeatedIn, tapeEnd } from './json.ts';
import { requestAddress } from './load.ts';
import { run, start } from './machine.ts';
import { resetState } from './machine-state.ts';
import { align } from './memory.ts';
import { beginOutput, put, write, writeEscaped } from './out.ts';
import { print, printed } from './print.ts';
import { errorKey, errorKeyLength, errorNode, project } from './project.ts';
import { begin, isExhausted, scratch } from './request.ts';
import { clear } from './slots.ts';
import { NODE_BYTES, nextOf, tagOf, textAddress, textLength } from './tape.ts';

let shadowStart: u32 = 0;

/** Remembers where the shadow rules of the loaded bundle begin. */
export function prepareEvaluation(bundle: usize): void {
  shadowStart = load<u32>(bundle, H_shadow);
}

/** Judges the request at p and writes its decision. */
export function evaluateText(p: usize, length: usize): void {
  if (length > <usize>MAX_REQUEST_BYTES) {
    writeTooLarge();
    return;
  }
  // Eight bytes behind the text may be read, one is written.
  const tape = align(p + length + 16);
  begin(tape);
  let code = parse(p, p + length, tape);
  begin(tapeEnd());
  if (code == INVALID_too_large) {
    writeTooLarge();
    return;
  }
  if (code) writeInvalid(code, tape, tape, 0);
  else if (repeatedIn()) writeInvalid(INVALID_duplicate_key, tape, repeatedIn(), 0);
  else {
    clear(0);
    resetState();
    code = project(tape);
    if (code && !isExhausted()) writeInvalid(code, tape, errorNode, errorKey);
    else if (!isExhausted() && !decide()) writeInvalid(INVALID_limit, 0, 0, 0);
  }
  if (isExhausted()) writeTooLarge();
}

function decide(): bool {
  start(false);
  run(0);
  if (shadowStart != NONE) run(shadowStart);
  beginOutput(scratch());
  return writeDecision(load<u8>(base(S_META), META_combining) == 2);
}

// Also when memory ends: the decision takes the place of the request, where there was room for more.
function writeTooLarge(): void {
  begin(requestAddress());
  writeInvalid(INVALID_too_large, 0, 0, 0);
}

/** The decision on an invalid request: the error is at `node`, or at the missing member `key` of it (0: none). */
function writeInvalid(code: i32, root: usize, node: usize, key: usize): void {
  beginOutput(scratch());
  writeInvalidHead(code);
  while (root != node) root = writeStep(root, node);
  if (key) writeSegment(key, errorKeyLength);
  writeInvalidTail();
}

/** Writes the segment that leads from a container towards a node below it, and returns what lies there. */
function writeStep(container: usize, node: usize): usize {
  let at = container + NODE_BYTES;
  if (tagOf(container) == JSON_list) {
    let index = 0;
    for (; node >= nextOf(at); at = nextOf(at)) index++;
    writeSegment(printed, print(FORMAT_int, 0, index, 0, true));
    return at;
  }
  while (node >= nextOf(at + NODE_BYTES)) at = nextOf(at + NODE_BYTES);
  writeSegment(textAddress(at), textLength(at));
  return at + NODE_BYTES;
}

/** A segment of a JSON pointer (RFC 6901). */
function writeSegment(p: usize, length: usize): void {
  put(0x2f);
  for (const end = p + length; p < end; p++) {
    const c = load<u8>(p);
    if (c == 0x7e || c == 0x2f) {
      put(0x7e);
      put(c == 0x7e ? 0x30 : 0x31);
    } else writeEscaped(p, 1);
  }
}
