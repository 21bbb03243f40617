// Atoms: total tests of slots. On an absent slot every atom is false.

import { base, numberAt, record, setHas, setHasText, stringAddress, stringLength } from './bundle.ts';
import {
  ATOM_b,
  ATOM_EQ_NUMBER,
  ATOM_EQ_STRING,
  ATOM_EQ_TIME,
  ATOM_HAS_KEY,
  ATOM_HAS_KEY_AT,
  ATOM_IN_NUMBERS,
  ATOM_IN_STRINGS,
  ATOM_KEYS_IN,
  ATOM_KIND_IS,
  ATOM_LE_NUMBER,
  ATOM_LE_TIME,
  ATOM_LT_NUMBER,
  ATOM_LT_TIME,
  ATOM_MATCH,
  ATOM_op,
  ATOM_other,
  ATOM_PRESENT,
  ATOM_RANGE,
  ATOM_RANGE_TIME,
  ATOM_SCAN_CONTAINS,
  ATOM_SCAN_PREFIX,
  ATOM_slot,
  ATOM_UNIQUE,
  JSON_list,
  JSON_object,
  NONE,
  S_ATOM,
  Z_ATOM,
} from './generated.ts';
import { contains, endsAt, matches } from './pattern.ts';
import { ABSENT, AUX, LENGTH, MICROS, NULL, PRESENT, STATE, stringId, VALUE, value } from './slots.ts';
import { member, NODE_BYTES, nextOf, sizeOf, tagOf, textAddress, textLength } from './tape.ts';
import { equal } from './text.ts';
import { hasTwins } from './unique.ts';

/** Order of two pairs of numbers: negative, 0 or positive. */
function comparePairs(a1: f64, a2: f64, b1: f64, b2: f64): i32 {
  return a1 != b1 ? (a1 < b1 ? -1 : 1) : i32(a2 > b2) - i32(a2 < b2);
}

export function test(index: u32): bool {
  const row = record(S_ATOM, Z_ATOM, index);
  const at = value(load<u16>(row, ATOM_slot));
  const op = <i32>load<u8>(row, ATOM_op);
  const b = load<u32>(row, ATOM_b);
  const state = load<u32>(at, STATE);
  if (state != PRESENT) {
    return state == NULL && op == ATOM_KIND_IS && (tagOf(load<u32>(at, AUX)) & b) != 0;
  }
  switch (op) {
    case ATOM_PRESENT:
      return true;
    case ATOM_KIND_IS:
      return (tagOf(load<u32>(at, AUX)) & b) != 0;
    case ATOM_HAS_KEY:
      return hasKey(load<u32>(at, AUX), stringAddress(b), stringLength(b));
    case ATOM_IN_STRINGS: {
      const id = stringId(at);
      return id != NONE && setHas(b, id);
    }
    case ATOM_IN_NUMBERS:
      return setHas(b, load<f64>(at, VALUE));
    case ATOM_RANGE: {
      const v = load<f64>(at, VALUE);
      return v >= numberAt(b) && v <= numberAt(b + 1);
    }
    case ATOM_RANGE_TIME: {
      const s = load<f64>(at, VALUE);
      const m = load<f64>(at, MICROS);
      return (
        comparePairs(numberAt(b), numberAt(b + 1), s, m) <= 0 &&
        comparePairs(s, m, numberAt(b + 2), numberAt(b + 3)) <= 0
      );
    }
    case ATOM_MATCH:
      return matches(b, load<u32>(at, VALUE), load<u32>(at, LENGTH));
    case ATOM_KEYS_IN:
      return keysIn(load<u32>(at, AUX), b);
    case ATOM_UNIQUE: {
      const node = <usize>load<u32>(at, AUX);
      return tagOf(node) == JSON_list && !hasTwins(node);
    }
    default: {
      const other = value(load<u16>(row, ATOM_other));
      return load<u32>(other, STATE) == PRESENT && testBoth(op, at, other);
    }
  }
}

function testBoth(op: i32, at: usize, other: usize): bool {
  if (op >= ATOM_EQ_NUMBER && op <= ATOM_LE_NUMBER) {
    const x = load<f64>(at, VALUE);
    const y = load<f64>(other, VALUE);
    return op == ATOM_EQ_NUMBER ? x == y : op == ATOM_LT_NUMBER ? x < y : x <= y;
  }
  if (op >= ATOM_EQ_TIME && op <= ATOM_LE_TIME) {
    const d = comparePairs(
      load<f64>(at, VALUE),
      load<f64>(at, MICROS),
      load<f64>(other, VALUE),
      load<f64>(other, MICROS),
    );
    return op == ATOM_EQ_TIME ? d == 0 : op == ATOM_LT_TIME ? d < 0 : d <= 0;
  }
  const q = <usize>load<u32>(other, VALUE);
  const n = <usize>load<u32>(other, LENGTH);
  if (op == ATOM_HAS_KEY_AT) return hasKey(load<u32>(at, AUX), q, n);
  const p = <usize>load<u32>(at, VALUE);
  const length = <usize>load<u32>(at, LENGTH);
  if (op == ATOM_SCAN_CONTAINS) return contains(p, length, q, n);
  if (op == ATOM_EQ_STRING) return length == n && equal(p, q, n);
  return endsAt(p, length, q, n, op == ATOM_SCAN_PREFIX);
}

function hasKey(node: usize, key: usize, length: usize): bool {
  return tagOf(node) == JSON_object && member(node, key, length) != 0;
}

function keysIn(node: usize, set: u32): bool {
  if (tagOf(node) != JSON_object) return false;
  let key = node + NODE_BYTES;
  for (let n = sizeOf(node); n > 0; n--, key = nextOf(key + NODE_BYTES)) {
    if (!setHasText(set, textAddress(key), textLength(key))) return false;
  }
  return true;
}
