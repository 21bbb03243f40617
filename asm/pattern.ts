// Looking into texts. Every scan is linear in the text.

import { base, count, reference, rowOf, stringAddress, stringLength } from './bundle.ts';
import {
  LANG_classes,
  LANG_first,
  LANG_prefix,
  LANG_kind,
  LANG_set,
  LANG_states,
  S_LANG,
  S_SETS,
  S_TABLES,
  SETS_count,
  SETS_first,
} from './generated.ts';
import { reach } from './memory.ts';
import { scratch } from './request.ts';
import { equal } from './text.ts';

const DEAD: u32 = 0xffff;

/** Whether the whole text is in a language. */
export function matches(lang: u32, p: usize, length: usize): bool {
  const row = rowOf(S_LANG, lang);
  const states = load<u32>(row, LANG_states);
  if (states) return accepts(row, states, p, length);
  const set = rowOf(S_SETS, load<u32>(row, LANG_set));
  const prefix = load<u8>(row, LANG_kind) == LANG_prefix;
  let at = load<u32>(set, SETS_first);
  for (const end = at + load<u32>(set, SETS_count); at < end; at++) {
    const id = reference(at);
    if (endsAt(p, length, stringAddress(id), stringLength(id), prefix)) return true;
  }
  return false;
}

/** Whether a text starts (or ends) with another. */
export function endsAt(p: usize, length: usize, part: usize, partLength: usize, atStart: bool): bool {
  return partLength <= length && equal(atStart ? p : p + length - partLength, part, partLength);
}

function accepts(row: usize, states: u32, p: usize, length: usize): bool {
  const classOf = base(S_TABLES) + ((<usize>load<u32>(row, LANG_first)) << 1);
  const classes = <u32>load<u16>(row, LANG_classes);
  const targets = classOf + 512;
  const bits = targets + ((<usize>(states * classes)) << 1);
  let state: u32 = 0;
  let from = targets;
  for (const end = p + length; p < end; p++) {
    const to = <u32>load<u16>(from + ((<usize>load<u16>(classOf + ((<usize>load<u8>(p)) << 1))) << 1));
    // Most bytes of most texts lead nowhere.
    if (to == state) continue;
    if (to == DEAD) return false;
    state = to;
    from = targets + ((<usize>(state * classes)) << 1);
    // What nothing can undo needs no more bytes: a text that was looked for has been found.
    if (isAccepting(bits, state) && isSink(from, classes, state)) return true;
  }
  return isAccepting(bits, state);
}

function isAccepting(bits: usize, state: u32): bool {
  return ((load<u16>(bits + ((<usize>(state >> 4)) << 1)) >> (state & 15)) & 1) != 0;
}

/** Whether a state leads only to itself: all targets of its row. */
function isSink(row: usize, classes: u32, state: u32): bool {
  let at = row + ((<usize>classes) << 1);
  while (at > row) {
    at -= 2;
    if (load<u16>(at) != state) return false;
  }
  return true;
}

/** Whether `part` occurs in the text: Knuth, Morris and Pratt, with the table of the part in scratch memory. */
export function contains(p: usize, length: usize, part: usize, partLength: usize): bool {
  if (partLength > length) return false;
  if (partLength == 0) return true;
  const table = scratch();
  if (!reach(table + (partLength << 2))) return containsSlowly(p, length, part, partLength);
  store<u32>(table, 0);
  let k: usize = 0;
  for (let i: usize = 1; i < partLength; i++) {
    while (k && load<u8>(part + i) != load<u8>(part + k)) k = load<u32>(table + ((k - 1) << 2));
    if (load<u8>(part + i) == load<u8>(part + k)) k++;
    store<u32>(table + (i << 2), <u32>k);
  }
  k = 0;
  for (const end = p + length; p < end; p++) {
    const c = load<u8>(p);
    while (k && c != load<u8>(part + k)) k = load<u32>(table + ((k - 1) << 2));
    if (c == load<u8>(part + k) && ++k == partLength) return true;
  }
  return false;
}

// Only when the host gives no more memory: the answer matters more than the time.
function containsSlowly(p: usize, length: usize, part: usize, partLength: usize): bool {
  for (const last = p + length - partLength; p <= last; p++) if (equal(p, part, partLength)) return true;
  return false;
}

/** Writes the path normalised to `to`, which has room for length + 1 bytes; its length, 0 when the text is no path. */
export function normalise(p: usize, length: usize, to: usize): usize {
  if (length == 0) return 0;
  for (let i: usize = 0; i < length; i++) if (load<u8>(p + i) == 0) return 0;
  const end = p + length;
  const absolute = load<u8>(p) == 0x2f;
  const start = absolute ? to + 1 : to;
  if (absolute) store<u8>(to, 0x2f);
  let out = start;
  // Everything before `kept` is leading `..` of a relative path, which nothing cancels.
  let kept = start;
  while (p < end) {
    let stop = p;
    while (stop < end && load<u8>(stop) != 0x2f) stop++;
    const n = stop - p;
    if (n == 2 && load<u16>(p) == 0x2e2e) {
      if (out > kept) {
        do out--;
        while (out > kept && load<u8>(out) != 0x2f);
      } else if (!absolute) {
        out = put(out, start, p, n);
        kept = out;
      }
    } else if (n && !(n == 1 && load<u8>(p) == 0x2e)) out = put(out, start, p, n);
    p = stop + 1;
  }
  // A relative path that cancels itself is the folder that it stands in.
  if (out == to) store<u8>(out++, 0x2e);
  return out - to;
}

function put(out: usize, start: usize, p: usize, n: usize): usize {
  if (out > start) store<u8>(out++, 0x2f);
  memory.copy(out, p, n);
  return out + n;
}
