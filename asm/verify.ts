// The verifier: a bundle is run only when every index, kind, jump and bound in it is what the layout says. The order of the checks is
// part of the contract, so that every evaluator reports the same code for the same bytes; the first fault is reported. A check returns
// 0 or the code of the fault.

import { allClaimed, count, rowOf } from './bundle.ts';
import { verifyBounds } from './bounds.ts';
import {
  BODY_OFFSET,
  CHECK_f64,
  CHECK_OFFSET_BITS,
  CHECK_OPTIONAL,
  CHECK_RESERVED,
  CHECK_u16,
  CONTRACT_HASH,
  CONTRACT_MAJOR,
  FIELD_CHECKS,
  H_contract,
  H_flags,
  H_length,
  H_magic,
  H_sections,
  HASH_OFFSET,
  MAGIC,
  MAX_CODE_NODES,
  MAX_EFFECTS,
  MAX_RULES,
  MAX_SEVERITIES,
  MAX_SLOTS,
  NONE,
  NONE16,
  PASS_COUNT,
  PASSES,
  S_ATOM,
  S_CALC,
  S_EFFECT,
  S_FRAGMENT,
  S_LANG,
  S_META,
  S_NODE,
  S_PIECE,
  S_QUANT,
  S_REFS,
  S_RULE,
  S_SETS,
  S_SEVERITY,
  S_SLOT,
  S_STR,
  S_SWITCH,
  SECTION_COUNT,
  SECTION_ENTRY,
  SECTION_SIZES,
  SECTION_TABLE_OFFSET,
  VERIFY_contract,
  VERIFY_index,
  VERIFY_length,
  VERIFY_limit,
  VERIFY_magic,
  VERIFY_nan,
  VERIFY_reserved,
  VERIFY_section,
} from './generated.ts';
import { equal } from './text.ts';
import { beginCode, verifyFlow, verifyNode } from './verify-code.ts';
import { verifyLanguage, verifyMeta, verifySet, verifyString } from './verify-data.ts';
import { beginOperands, verifyAtom, verifyCalc, verifyQuant, verifySwitch } from './verify-operands.ts';
import { beginRules, verifyRule } from './verify-rules.ts';
import { beginSlots, slotFactBytes, verifySlot } from './verify-slots.ts';

/** Verifies the bundle; `scratch` is free memory behind it. */
export function verify(start: usize, length: usize, scratch: usize): i32 {
  let code = verifyHeader(start, length);
  if (!code) code = verifyPlacement(start, length);
  if (code) return code;
  code = verifyCounts();
  for (let section = 0, table = FIELD_CHECKS; !code && section < SECTION_COUNT; section++) {
    code = verifyFields(section, table);
    table += 1 + 2 * <usize>load<u8>(table);
  }
  if (!code) code = verifyMeta();
  beginOperands();
  beginSlots(scratch);
  beginCode(scratch + slotFactBytes());
  beginRules();
  for (let pass = PASSES; !code && pass < PASSES + 2 * <usize>PASS_COUNT; pass += 2) {
    code = verifyRows(load<u8>(pass)) || allClaimed(load<u8>(pass, 1));
  }
  if (!code) code = verifyFlow(start);
  if (!code) code = verifyRows(S_RULE) || allClaimed(S_FRAGMENT) || allClaimed(S_PIECE) || allClaimed(S_REFS);
  if (!code) code = verifyBounds(start, scratch);
  return code;
}

function verifyRows(section: i32): i32 {
  let code = 0;
  for (let i: u32 = 0; !code && i < count(section); i++) code = verifyRow(section, rowOf(section, i), i);
  return code;
}

function verifyRow(section: i32, row: usize, i: u32): i32 {
  switch (section) {
    case S_STR:
      return verifyString(row, i);
    case S_SETS:
      return verifySet(row);
    case S_LANG:
      return verifyLanguage(row);
    case S_SLOT:
      return verifySlot(row, i);
    case S_ATOM:
      return verifyAtom(row);
    case S_CALC:
      return verifyCalc(row);
    case S_QUANT:
      return verifyQuant(row);
    case S_SWITCH:
      return verifySwitch(row);
    case S_NODE:
      return verifyNode(row, i);
    default:
      return verifyRule(row, count(S_RULE) - i);
  }
}

function verifyHeader(start: usize, length: usize): i32 {
  if (load<u32>(start, H_magic) != MAGIC) return VERIFY_magic;
  if (load<u16>(start, H_contract) != CONTRACT_MAJOR) return VERIFY_contract;
  if (load<u16>(start, H_flags)) return VERIFY_reserved;
  if (load<u32>(start, H_length) != <u32>length) return VERIFY_length;
  if (load<u16>(start, H_sections) != SECTION_COUNT) return VERIFY_section;
  if (!equal(start + HASH_OFFSET, CONTRACT_HASH, 32)) return VERIFY_contract;
  return 0;
}

// Sections follow each other, each padded with zeros, and fill the file: there is one place for each.
function verifyPlacement(start: usize, length: usize): i32 {
  let cursor: u64 = BODY_OFFSET;
  let entry = start + SECTION_TABLE_OFFSET;
  for (let i: usize = 0; i < <usize>SECTION_COUNT; i++, entry += SECTION_ENTRY) {
    if (load<u32>(entry) != cursor) return VERIFY_section;
    const end = cursor + <u64>load<u32>(entry, 4) * load<u8>(SECTION_SIZES + i);
    const padded = (end + 7) & ~7;
    if (padded > length) return VERIFY_section;
    for (let p = end; p < padded; p++) {
      if (load<u8>(start + <usize>p)) return VERIFY_section;
    }
    cursor = padded;
  }
  return cursor == length ? 0 : VERIFY_length;
}

function verifyCounts(): i32 {
  const fits =
    count(S_META) == 1 &&
    within(S_EFFECT, 1, MAX_EFFECTS) &&
    within(S_SEVERITY, 0, MAX_SEVERITIES) &&
    within(S_SLOT, 1, MAX_SLOTS) &&
    within(S_NODE, 1, MAX_CODE_NODES) &&
    within(S_RULE, 2, MAX_RULES + 2);
  return fits ? 0 : VERIFY_limit;
}

function within(section: i32, least: u32, most: u32): bool {
  return count(section) - least <= most - least;
}

// What the layout alone says of each field: reserved ones are zero, indexes are in their section, numbers are numbers.
function verifyFields(section: i32, table: usize): i32 {
  const fields = <usize>load<u8>(table++);
  if (!fields) return 0;
  const end = table + fields * 2;
  for (let i: u32 = 0; i < count(section); i++) {
    const at = rowOf(section, i);
    for (let check = table; check < end; check += 2) {
      const code = verifyField(at, check);
      if (code) return code;
    }
  }
  return 0;
}

function verifyField(row: usize, check: usize): i32 {
  const place = <usize>load<u8>(check);
  const section = <i32>load<u8>(check, 1);
  const at = row + (place & ((1 << CHECK_OFFSET_BITS) - 1));
  const type = <i32>(place >> CHECK_OFFSET_BITS);
  if (type == CHECK_f64) {
    const bits = load<u64>(at);
    const v = reinterpret<f64>(bits);
    return v != v || bits == 0x8000000000000000 ? VERIFY_nan : 0;
  }
  const value = type == 0 ? <u32>load<u8>(at) : type == CHECK_u16 ? <u32>load<u16>(at) : load<u32>(at);
  if (section == CHECK_RESERVED) return value ? VERIFY_reserved : 0;
  if (section & CHECK_OPTIONAL && value == (type == CHECK_u16 ? <u32>NONE16 : NONE)) return 0;
  return value < count(section & ~CHECK_OPTIONAL) ? 0 : VERIFY_index;
}
