// The decision of one request as canonical JSON (RFC 8785): fixed keys in their order, values joined from the texts of the bundle.

import { base, count, reference, rowOf, stringAddress, stringLength } from './bundle.ts';
import {
  FRAGMENT_count,
  FRAGMENT_first,
  FORMAT_string,
  JSON_list,
  LIST_FLAG,
  MAX_MESSAGE,
  MAX_OBLIGATION_BYTES,
  NONE,
  NONE16,
  PIECE_format,
  PIECE_scale,
  PIECE_slot,
  PIECE_text,
  RULE_effect,
  RULE_flags,
  RULE_matched,
  RULE_message,
  RULE_name,
  RULE_obligations,
  RULE_reason,
  RULE_remediationCount,
  RULE_remediations,
  RULE_severity,
  S_EFFECT,
  S_FRAGMENT,
  S_PIECE,
  S_RULE,
  S_SEVERITY,
  S_STR,
  SHADOW_FLAG,
  TEXT_code,
  TEXT_codes,
  TEXT_effect,
  TEXT_invalid,
  TEXT_matched,
  TEXT_message,
  TEXT_obligations,
  TEXT_pointer,
  TEXT_policy,
  TEXT_reason,
  TEXT_remediations,
  TEXT_rule,
  TEXT_severity,
  TEXT_shadowed,
  TEXTS,
  Z_PIECE,
} from './generated.ts';
import { convertItem } from './list-item.ts';
import { nextHit } from './machine-state.ts';
import { outputLength, put, write, writeEscaped, writeNull, writeQuoted, writeText } from './out.ts';
import { print, printed } from './print.ts';
import { AUX, LENGTH, MICROS, PRESENT, STATE, VALUE, value } from './slots.ts';
import { NODE_BYTES, nextOf, sizeOf, tagOf } from './tape.ts';
import { width } from './text.ts';

/** A message has at most MAX_MESSAGE code points of at most four bytes; one more decides whether it is cut. */
export const MESSAGE_BYTES: usize = 4 * (<usize>MAX_MESSAGE + 1);

/** What is done with each contributor: its obligations or remediations written, or the marks of these taken away. */
const OBLIGATIONS: i32 = 0;
const REMEDIATIONS: i32 = 1;
const MARKS: i32 = 2;

/** What stands in front of the next item of a list: its bracket or a comma. */
let separator: i32 = 0;

let policy: usize = 0;
let policyLength: usize = 0;
let message: usize = 0;
/** Where the message ends so far, where the last code point that may stay begins, and how many more there may be. */
let messageEnd: usize = 0;
let lastPoint: usize = 0;
let room: i32 = 0;
let marks: usize = 0;
/** Length at which a decision has more obligations than it may. */
let ceiling: usize = u32.MAX_VALUE;

/** Room that decisions need for good: a message, and a byte per text to find repeated remediations. */
export function decisionBytes(): usize {
  return MESSAGE_BYTES + <usize>count(S_STR);
}

export function prepareDecisions(at: usize, policyText: usize, length: usize): void {
  message = at;
  marks = at + MESSAGE_BYTES;
  policy = policyText;
  policyLength = length;
  memory.fill(marks, 0, <usize>count(S_STR));
}

function rule(index: i32): usize {
  return rowOf(S_RULE, <u32>index);
}

function writeString(id: u32): void {
  writeQuoted(stringAddress(id), stringLength(id));
}

/** The rule whose outcome it is: the first hit of the strongest effect, else the default. */
export function primary(): i32 {
  let best = <i32>count(S_RULE) - 2;
  let strongest = -1;
  for (let i = nextHit(0); i >= 0; i = nextHit(i + 1)) {
    const row = rule(i);
    const effect = <i32>load<u8>(row, RULE_effect);
    if (effect <= strongest || load<u16>(row, RULE_flags) & SHADOW_FLAG) continue;
    strongest = effect;
    best = i;
  }
  return best;
}

/** Writes the decision of a request that was run. False: it has more obligations than a decision may have. */
export function writeDecision(first: bool): bool {
  const index = primary();
  const outcome = rule(index);
  const decided = index < <i32>count(S_RULE) - 2;
  writeHead(outcome);
  writeText(TEXT_invalid);
  writeNull();
  // Where the first match decides, shadow rules below it are not judged.
  return writeRest(outcome, decided, -1, first && decided ? index : -1);
}

/** Writes what follows `invalid`, with the entries of rules before a limit each. */
function writeRest(outcome: usize, decided: bool, matched: i32, shadowed: i32): bool {
  writeText(TEXT_matched);
  writeMatched(0, matched);
  writeMessage(outcome);
  const fits = writeObligations(outcome, decided);
  writeTail(outcome, decided);
  writeMatched(SHADOW_FLAG, shadowed);
  put(0x7d);
  return fits;
}

/** Writes the decision of an invalid request up to the pointer. */
export function writeInvalidHead(code: i32): void {
  writeHead(rule(<i32>count(S_RULE) - 1));
  writeText(TEXT_invalid);
  writeText(TEXT_code);
  let name = TEXT_codes;
  for (; code > 1; code--) name += <i32>load<u8>(TEXTS + name) + 1;
  writeText(name);
  writeText(TEXT_pointer);
}

/** Writes what follows the pointer. */
export function writeInvalidTail(): void {
  put(0x22);
  put(0x7d);
  writeRest(rule(<i32>count(S_RULE) - 1), false, 0, 0);
}

function writeHead(outcome: usize): void {
  writeText(TEXT_effect);
  writeString(load<u32>(rowOf(S_EFFECT, load<u8>(outcome, RULE_effect))));
}

/** Begins the next item of a list. */
function item(): void {
  put(separator);
  separator = 0x2c;
}

function closeList(): void {
  if (separator == 0x5b) put(0x5b);
  put(0x5d);
}

/** The entries of rules with these flags, those before `limit` when it is not -1. */
function writeMatched(flags: i32, limit: i32): void {
  separator = 0x5b;
  for (let i = nextHit(0); i >= 0 && (limit < 0 || i < limit); i = nextHit(i + 1)) {
    const row = rule(i);
    if ((load<u16>(row, RULE_flags) & SHADOW_FLAG) != flags) continue;
    item();
    writeFragment(load<u32>(row, RULE_matched));
  }
  closeList();
}

function writeMessage(outcome: usize): void {
  writeText(TEXT_message);
  const fragment = load<u32>(outcome, RULE_message);
  if (fragment == NONE) writeNull();
  else renderMessage(fragment);
}

/** False: there are more than a decision may have. */
function writeObligations(outcome: usize, decided: bool): bool {
  writeText(TEXT_obligations);
  ceiling = outputLength() + <usize>MAX_OBLIGATION_BYTES;
  eachContributor(outcome, decided, OBLIGATIONS);
  closeList();
  const fits = outputLength() <= ceiling;
  ceiling = u32.MAX_VALUE;
  return fits;
}

/** Goes through the rules of the effect that decides, or only the outcome when no rule does. */
function eachContributor(outcome: usize, decided: bool, task: i32): void {
  const effect = load<u8>(outcome, RULE_effect);
  separator = 0x5b;
  let i = decided ? nextHit(0) : -1;
  let row = outcome;
  while (true) {
    if (i >= 0) row = rule(i);
    if (load<u8>(row, RULE_effect) == effect && !(load<u16>(row, RULE_flags) & SHADOW_FLAG)) {
      if (task == OBLIGATIONS) writeObligation(load<u32>(row, RULE_obligations));
      else writeRemediations(row, task == REMEDIATIONS);
    }
    if (i >= 0) i = nextHit(i + 1);
    if (i < 0) break;
  }
}

function writeObligation(fragment: u32): void {
  if (fragment == NONE) return;
  item();
  writeFragment(fragment);
}

/** Writes each remediation that is not marked and marks it, or takes the marks away again. */
function writeRemediations(row: usize, writing: bool): void {
  let at = load<u32>(row, RULE_remediations);
  for (const end = at + load<u32>(row, RULE_remediationCount); at < end; at++) {
    const id = reference(at);
    const mark = marks + <usize>id;
    if (writing && !load<u8>(mark)) {
      item();
      writeString(id);
    }
    store<u8>(mark, <u8>writing);
  }
}

/** policy, reason, remediations, rule and severity, and the key of what follows. */
function writeTail(outcome: usize, decided: bool): void {
  writeText(TEXT_policy);
  write(policy, policyLength);
  writeText(TEXT_reason);
  writeString(load<u32>(outcome, RULE_reason));
  writeText(TEXT_remediations);
  eachContributor(outcome, decided, REMEDIATIONS);
  closeList();
  eachContributor(outcome, decided, MARKS);
  writeText(TEXT_rule);
  const name = load<u32>(outcome, RULE_name);
  if (name == NONE) writeNull();
  else writeString(name);
  writeText(TEXT_severity);
  const severity = load<u8>(outcome, RULE_severity);
  if (severity == 255) writeNull();
  else writeString(load<u32>(rowOf(S_SEVERITY, severity)));
  writeText(TEXT_shadowed);
}

/** A fragment of JSON: its texts as they are, its holes as JSON values. */
function writeFragment(fragment: u32): void {
  const row = rowOf(S_FRAGMENT, fragment);
  let piece = rowOf(S_PIECE, load<u32>(row, FRAGMENT_first));
  for (let n = load<u32>(row, FRAGMENT_count); n > 0 && outputLength() <= ceiling; n--, piece += Z_PIECE) {
    const text = load<u32>(piece, PIECE_text);
    if (text != NONE) write(stringAddress(text), stringLength(text));
    const slot = <u32>load<u16>(piece, PIECE_slot);
    if (slot == NONE16) continue;
    const format = <i32>load<u8>(piece, PIECE_format);
    const scale = <i32>load<u8>(piece, PIECE_scale);
    const at = value(slot);
    const list = (format & LIST_FLAG) != 0;
    if (load<u32>(at, STATE) != PRESENT || (list && tagOf(load<u32>(at, AUX)) != JSON_list)) writeNull();
    else if (list) writeList(format & ~LIST_FLAG, scale, load<u32>(at, AUX));
    else writeValue(format, scale, at);
  }
}

function writeList(format: i32, scale: i32, list: usize): void {
  put(0x5b);
  let item = list + NODE_BYTES;
  for (let n = sizeOf(list); n > 0; n--, item = nextOf(item)) {
    const at = convertItem(format, scale, item);
    if (at) writeValue(format, scale, at);
    else writeNull();
    if (n > 1) put(0x2c);
  }
  put(0x5d);
}

/** A present value in a format, as JSON. */
function writeValue(format: i32, scale: i32, at: usize): void {
  if (format == FORMAT_string) {
    writeQuoted(load<u32>(at, VALUE), load<u32>(at, LENGTH));
    return;
  }
  const length = print(format, scale, load<f64>(at, VALUE), load<f64>(at, MICROS), true);
  // Dates, times and durations are strings; numbers and truth values are themselves.
  if (format > 4) writeQuoted(printed, length);
  else write(printed, length);
}

/** Renders a message and cuts it to MAX_MESSAGE code points, the last one an ellipsis. */
function renderMessage(fragment: u32): void {
  const row = rowOf(S_FRAGMENT, fragment);
  let piece = rowOf(S_PIECE, load<u32>(row, FRAGMENT_first));
  messageEnd = message;
  room = MAX_MESSAGE + 1;
  for (let n = load<u32>(row, FRAGMENT_count); n > 0 && room > 0; n--, piece += Z_PIECE) {
    const text = load<u32>(piece, PIECE_text);
    if (text != NONE) append(stringAddress(text), stringLength(text));
    const slot = <u32>load<u16>(piece, PIECE_slot);
    if (slot == NONE16) continue;
    const at = value(slot);
    if (load<u32>(at, STATE) != PRESENT) continue;
    const format = <i32>load<u8>(piece, PIECE_format);
    if (format == FORMAT_string) append(load<u32>(at, VALUE), load<u32>(at, LENGTH));
    else {
      const scale = <i32>load<u8>(piece, PIECE_scale);
      append(printed, print(format, scale, load<f64>(at, VALUE), load<f64>(at, MICROS), false));
    }
  }
  put(0x22);
  writeEscaped(message, (room > 0 ? messageEnd : lastPoint) - message);
  if (room == 0) {
    put(0xe2);
    put(0x80);
    put(0xa6);
  }
  put(0x22);
}

/** Adds code points to the message as long as there is room. */
function append(p: usize, length: usize): void {
  for (const end = p + length; p < end && room > 0; room--) {
    if (room == 2) lastPoint = messageEnd;
    for (let n = width(p); n > 0; n--) store<u8>(messageEnd++, load<u8>(p++));
  }
}
