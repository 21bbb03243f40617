// The slot path: a host that validated the request itself writes the values of slots, and asks for the deciding rule alone. What a wrong
// host writes can make the decision wrong, never the module: every address and index is clamped here.

import { count, rowOf } from './bundle.ts';
import { primary } from './decision.ts';
import { KIND_record, KIND_string, NONE, S_SLOT, S_STR, SLOT_kind, SLOT_via, VIA_view } from './generated.ts';
import { emptyNode, isLoaded, isText, requestAddress, requestSize } from './load.ts';
import { run, start } from './machine.ts';
import { resetState } from './machine-state.ts';
import { begin, isExhausted } from './request.ts';
import { ABSENT, AUX, clear, LENGTH, PRESENT, STATE, UNKNOWN_ID, VALUE, value } from './slots.ts';

/** Forgets the last request; where the values of slots are, 0 when no bundle is loaded. */
export function beginTable(): usize {
  if (!isLoaded()) return 0;
  clear(0);
  return value(0);
}

/** Runs the bundle over the table; the index of the record in RULE that decides, or -1 when memory ended on the way. */
export function decideTable(): i32 {
  resetState();
  // Texts that calculations make come behind those of the host.
  begin(requestAddress() + requestSize());
  const n = count(S_SLOT);
  let i: u32 = 0;
  for (; i < n; i++) {
    const row = rowOf(S_SLOT, i);
    // The slots of the request come first; the others are none of the host's business.
    if (<i32>load<u8>(row, SLOT_via) > VIA_view) break;
    const at = value(i);
    if (!isSafe(load<u8>(row, SLOT_kind), at)) store<u32>(at, ABSENT, STATE);
  }
  clear(i);
  start(true);
  run(0);
  // A text for which there was no room counts as absent, and what follows from that is no decision.
  return isExhausted() ? -1 : primary();
}

function isSafe(kind: i32, at: usize): bool {
  if (load<u32>(at, STATE) != PRESENT || kind > KIND_record) return false;
  if (kind == KIND_record) {
    // It has no members to look for here, but it is there.
    store<u32>(at, <u32>emptyNode(), AUX);
    return true;
  }
  if (kind != KIND_string) {
    const v = load<f64>(at, VALUE);
    return v == v;
  }
  const id = load<u32>(at, AUX);
  return (
    (id < count(S_STR) || id == NONE || id == UNKNOWN_ID) &&
    isText(load<u32>(at, VALUE), load<u32>(at, LENGTH))
  );
}
