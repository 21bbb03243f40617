// The projection: reads what the bundle asks for from the tape into slots, in slot order, and stops at the first error. Slots stand
// depth first, so a run over a range of slots reads a whole subtree without recursion; only an item of a list, an entry of a map or the
// members of a map start another run, and each of these lies one container deeper in a text whose depth is limited.

import { setHasText } from './bundle.ts';
import { convert } from './convert.ts';
import {
  FLAG_closed,
  FLAG_nullable,
  FLAG_optional,
  FLAG_unique,
  INVALID_limit,
  INVALID_no_branch,
  INVALID_not_plain,
  INVALID_not_unique,
  INVALID_number,
  INVALID_required,
  INVALID_size,
  INVALID_type,
  INVALID_unknown_key,
  JSON_list,
  JSON_null,
  JSON_object,
  JSON_string,
  KIND_list,
  KIND_map,
  KIND_number,
  KIND_record,
  KIND_union,
  KIND_unknown,
  LIMITS_maxLength,
  LIMITS_minLength,
  MAX_LIST_ITEMS,
  MAX_MAP_ENTRIES,
  MAX_NODES,
  MAX_STRING_BYTES,
  NONE,
  SLOT_aux,
  SLOT_branch,
  SLOT_flags,
  SLOT_kind,
  SLOT_parent,
  SLOT_set,
  SLOT_via,
  VIA_element,
  VIA_member,
  VIA_value,
  VIA_view,
} from './generated.ts';
import { stringAddress, stringLength } from './bundle.ts';
import {
  ABSENT,
  AUX,
  END,
  forget,
  HAS_ELEMENT,
  HAS_VALUE,
  KEY,
  KEY_LENGTH,
  LIMITS,
  MARKS,
  NULL,
  plan,
  PRESENT,
  QUIET,
  ROW,
  STATE,
  STRICT,
  value,
} from './slots.ts';
import { isHuge, member, NODE_BYTES, nextOf, sizeOf, tagOf, textAddress, textLength } from './tape.ts';
import { hasTwins } from './unique.ts';

/** Values read so far, and whether they were too many. */
let nodes: i32 = 0;
let flooded: bool = false;

/** Where the first error is: a tape node, and the missing member below it (key length and address; address 0: the node itself). */
export let errorNode: usize = 0;
export let errorKey: usize = 0;
export let errorKeyLength: usize = 0;

/** Reads the whole request; 0 or the code of the first error. */
export function project(root: usize): i32 {
  nodes = 0;
  flooded = false;
  const code = take(0, root);
  return code ? fail(code, root) : walkBelow(0);
}

/** Reads the value of a bound or calc slot, and all below it. */
export function assign(slot: u32, node: usize): void {
  const end = load<u32>(plan(slot), END);
  forget(slot, end);
  take(slot, node);
  if (load<u32>(value(slot), STATE) != ABSENT) walk(slot + 1, end);
}

/** Reads what lies below a slot that was given its value. */
export function refresh(slot: u32): void {
  const end = load<u32>(plan(slot), END);
  forget(slot + 1, end);
  if (load<u32>(value(slot), STATE) != ABSENT) walk(slot + 1, end);
}

function fail(code: i32, node: usize): i32 {
  errorNode = node;
  errorKey = 0;
  return code;
}

/** Reads slots from `i` up to `end`; what they hang under has been read. */
function walk(i: u32, end: u32): i32 {
  while (i < end) {
    const at = plan(i);
    const row = <usize>load<u32>(at, ROW);
    const above = value(load<u16>(row, SLOT_parent));
    const next = load<u32>(at, END);
    let code = 0;
    if (load<u32>(above, STATE) == PRESENT) {
      const node = <usize>load<u32>(above, AUX);
      const via = <i32>load<u8>(row, SLOT_via);
      if (via == VIA_member) code = readMember(i, at, row, node);
      else if (via == VIA_view) code = readView(i, row, node);
      else if (!(load<u32>(at, MARKS) & QUIET)) {
        code = via == VIA_element ? readItems(i, node) : readEntries(i, node);
        if (code) return code;
        i = next;
        continue;
      }
    }
    if (code) return code;
    if (load<u32>(value(i), STATE) != PRESENT) i = next;
    else if (load<u8>(row, SLOT_kind) == KIND_map && load<u32>(at, MARKS) & STRICT) {
      code = walkBelow(i);
      if (code) return code;
      i = next;
    } else i++;
  }
  return 0;
}

/** Reads what lies below slot i, whose value has been read. Errors below a map are errors of the map. */
function walkBelow(i: u32): i32 {
  const at = plan(i);
  const end = load<u32>(at, END);
  if (load<u8>(load<u32>(at, ROW), SLOT_kind) != KIND_map) return walk(i + 1, end);
  const map = <usize>load<u32>(value(i), AUX);
  let earliest = 0;
  for (let child = i + 1; child < end; child = load<u32>(plan(child), END)) {
    earliest = earlier(earliest, walk(child, load<u32>(plan(child), END)));
    if (flooded) break;
  }
  return earliest ? fail(flooded ? INVALID_limit : earliest, map) : 0;
}

function earlier(a: i32, b: i32): i32 {
  return a == 0 || (b != 0 && b < a) ? b : a;
}

/** Counts a value; false when it is one too many. */
function admit(): bool {
  if (++nodes <= MAX_NODES) return true;
  flooded = true;
  return false;
}

function readMember(i: u32, at: usize, row: usize, object: usize): i32 {
  if (tagOf(object) != JSON_object) return 0;
  const key = <usize>load<u32>(at, KEY);
  const keyLength = <usize>load<u32>(at, KEY_LENGTH);
  const marks = load<u32>(at, MARKS);
  const found = member(object, key, keyLength);
  if (!found) {
    if (!(marks & STRICT) || load<u16>(row, SLOT_flags) & FLAG_optional) return 0;
    errorNode = object;
    errorKey = key;
    errorKeyLength = keyLength;
    return INVALID_required;
  }
  if (!(marks & QUIET) && !admit()) return fail(INVALID_limit, found);
  const code = take(i, found);
  return code ? fail(code, found) : 0;
}

function readView(i: u32, row: usize, node: usize): i32 {
  const branch = load<u32>(row, SLOT_branch);
  if (branch != NONE) {
    const union = <usize>load<u32>(plan(load<u16>(row, SLOT_parent)), ROW);
    const found = discriminator(union, node);
    if (!found || !setHasText(branch, textAddress(found), textLength(found))) return 0;
  }
  const code = take(i, node);
  return code ? fail(code, node) : 0;
}

/** Judges every item of a list by the template at slot i. */
function readItems(i: u32, list: usize): i32 {
  if (tagOf(list) != JSON_list) return 0;
  const at = plan(i);
  const end = load<u32>(at, END);
  let item = list + NODE_BYTES;
  for (let n = sizeOf(list); n > 0; n--, item = nextOf(item)) {
    const code = readTemplate(i, end, item);
    if (code) return code;
  }
  const parent = plan(load<u16>(load<u32>(at, ROW), SLOT_parent));
  if (
    load<u16>(load<u32>(parent, ROW), SLOT_flags) & FLAG_unique &&
    load<u32>(parent, MARKS) & STRICT &&
    hasTwins(list)
  ) {
    return fail(INVALID_not_unique, list);
  }
  return 0;
}

/** Judges every value of an object by the template at slot i: the earliest code of all, at the object. */
function readEntries(i: u32, object: usize): i32 {
  if (tagOf(object) != JSON_object) return 0;
  const end = load<u32>(plan(i), END);
  let earliest = 0;
  let entry = object + 2 * NODE_BYTES;
  for (let n = sizeOf(object); n > 0; n--, entry = nextOf(entry) + NODE_BYTES) {
    earliest = earlier(earliest, readTemplate(i, end, entry));
    if (flooded) break;
  }
  return earliest ? fail(flooded ? INVALID_limit : earliest, object) : 0;
}

function readTemplate(i: u32, end: u32, node: usize): i32 {
  if (!admit()) return fail(INVALID_limit, node);
  forget(i, end);
  const code = take(i, node);
  if (code) return fail(code, node);
  return load<u32>(value(i), STATE) == PRESENT ? walkBelow(i) : 0;
}

/** Reads one value into a slot. Returns a code when it is an error; what merely does not fit leaves the slot absent. */
function take(i: u32, node: usize): i32 {
  const at = plan(i);
  const row = <usize>load<u32>(at, ROW);
  const to = value(i);
  const marks = load<u32>(at, MARKS);
  const kind = <i32>load<u8>(row, SLOT_kind);
  const tag = tagOf(node);
  if (!(marks & QUIET)) {
    if (isHuge(node)) return INVALID_number;
  }
  let code: i32;
  if (kind == KIND_unknown) {
    code = marks & QUIET ? 0 : enterUnknown(marks, node, tag);
    if (code) return code;
    store<u32>(to, tag == JSON_null ? NULL : PRESENT, STATE);
    store<u32>(to, <u32>node, AUX);
    return 0;
  }
  if (tag == JSON_null) {
    return marks & STRICT && !(load<u16>(row, SLOT_flags) & (FLAG_optional | FLAG_nullable))
      ? INVALID_type
      : 0;
  }
  if (kind >= KIND_record && kind <= KIND_union) {
    code = enter(at, row, kind, node, tag);
    store<u32>(to, <u32>node, AUX);
  } else {
    // A string where none is expected is an error of type, however long.
    const long = tag == JSON_string && kind > KIND_number && textLength(node) > <usize>MAX_STRING_BYTES;
    if (long && !(marks & QUIET)) return INVALID_limit;
    code = convert(kind, row, <usize>load<u32>(at, LIMITS), node, tag, to);
  }
  if (code == 0) store<u32>(to, PRESENT, STATE);
  return marks & STRICT ? code : 0;
}

function enterUnknown(marks: u32, node: usize, tag: i32): i32 {
  if (tag == JSON_string) return textLength(node) > <usize>MAX_STRING_BYTES ? INVALID_limit : 0;
  if (tag == JSON_list && marks & HAS_ELEMENT && sizeOf(node) > MAX_LIST_ITEMS) return INVALID_limit;
  if (tag == JSON_object && marks & HAS_VALUE && sizeOf(node) > MAX_MAP_ENTRIES) return INVALID_limit;
  return 0;
}

/** The checks on a container itself, in the order of their codes. */
function enter(at: usize, row: usize, kind: i32, node: usize, tag: i32): i32 {
  const flags = load<u16>(row, SLOT_flags);
  if (tag != (kind == KIND_list ? JSON_list : JSON_object)) return INVALID_type;
  const n = sizeOf(node);
  if (kind == KIND_list && n > MAX_LIST_ITEMS) return INVALID_limit;
  if (kind == KIND_map && n > MAX_MAP_ENTRIES) return INVALID_limit;
  const limits = <usize>load<u32>(at, LIMITS);
  if (limits) {
    const least = load<u32>(limits, LIMITS_minLength);
    const most = load<u32>(limits, LIMITS_maxLength);
    // Of a record and a union neither is there. No number is larger than NONE.
    if ((least != NONE && <u32>n < least) || <u32>n > most) return INVALID_size;
  }
  const set = load<u32>(row, SLOT_set);
  if (flags & FLAG_closed) {
    let key = node + NODE_BYTES;
    for (let k = n; k > 0; k--, key = nextOf(key + NODE_BYTES)) {
      if (!setHasText(set, textAddress(key), textLength(key))) return INVALID_unknown_key;
    }
  }
  if (kind == KIND_union) {
    const found = discriminator(row, node);
    if (!found || !setHasText(set, textAddress(found), textLength(found))) return INVALID_no_branch;
  }
  // Behind the items, when they are judged.
  if (flags & FLAG_unique && !(load<u32>(at, MARKS) & HAS_ELEMENT) && hasTwins(node))
    return INVALID_not_unique;
  return 0;
}

/** The text that selects the branch of a union; 0 when there is none. */
function discriminator(union: usize, object: usize): usize {
  const key = load<u32>(union, SLOT_aux);
  const found = member(object, stringAddress(key), stringLength(key));
  return found && tagOf(found) == JSON_string ? found : 0;
}
