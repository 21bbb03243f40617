// Verifies ATOM, CALC, QUANT and SWITCH: the operands of each row against the row of its operation.

import { claim, count, rowOf } from './bundle.ts';
import {
  ARM_key,
  ATOM_b,
  LAST_ATOM,
  ATOM_IN_NUMBERS,
  ATOM_IN_STRINGS,
  ATOM_op,
  ATOM_other,
  ATOM_PRESENT,
  ATOM_RANGE,
  ATOM_ROW,
  ATOM_ROWS,
  ATOM_slot,
  CALC_a,
  CALC_AT,
  CALC_b,
  CALC_COALESCE,
  LAST_CALC,
  CALC_DATE,
  CALC_dst,
  CALC_flags,
  CALC_GET,
  CALC_imm,
  CALC_MINUTE_OF_DAY,
  CALC_op,
  CALC_ROW,
  CALC_ROWS,
  CALC_SET,
  FLAG_needsId,
  FLAG_scanned,
  KIND_list,
  KIND_number,
  KIND_string,
  KIND_union,
  KIND_unknown,
  MASK_LIST,
  MASK_NUMERIC,
  MASK_OBJECT,
  MEMO_FLAG,
  NONE,
  NONE16,
  OPERAND_mask,
  OPERAND_none,
  QUANT_dst,
  QUANT_elem,
  QUANT_except,
  QUANT_flags,
  QUANT_list,
  S_ARM,
  S_NUMS,
  S_SETS,
  SLOT_aux,
  SLOT_parent,
  SLOT_set,
  SWITCH_count,
  SWITCH_first,
  SWITCH_kind,
  SWITCH_slot,
  VALUES_FLAG,
  VERIFY_code,
  VERIFY_index,
  VERIFY_kind,
  VERIFY_operand,
  VERIFY_order,
  VERIFY_reserved,
  VERIFY_slot,
  VIA_bound,
  VIA_calc,
  VIA_constant,
  Z_ARM,
} from './generated.ts';
import { textLength } from './bounds.ts';
import { SET_NUMBERS, SET_STRINGS, setKind } from './verify-data.ts';
import { isTemplate, kindIn, slotFlags, slotKind, slotRow, slotVia } from './verify-slots.ts';

const OFFSET_LIMIT: i32 = 1439;

/** The highest code of an operation so far: atoms, calculations and nodes. */
let highest: i32 = 0;

export function highestCode(): i32 {
  return highest;
}

/** Whether an operation is known, 1 to `last`; remembers the highest. */
export function isCode(op: i32, last: i32): bool {
  highest = max(highest, op);
  return op > 0 && op <= last;
}

export function beginOperands(): void {
  highest = 0;
}

/** A slot operand of a kind in the mask; mask 0: no operand. */
function verifySlotOperand(at: usize, mask: i32): i32 {
  const slot = <u32>load<u16>(at);
  if ((slot != NONE16) != (mask != 0)) return VERIFY_operand;
  if (mask == 0) return 0;
  return kindIn(slotKind(slot), mask) && !isTemplate(slot) ? 0 : VERIFY_kind;
}

function verifyFlagged(at: usize, flag: i32): i32 {
  const slot = <u32>load<u16>(at);
  return slotKind(slot) != KIND_string || slotFlags(slot) & flag ? 0 : VERIFY_slot;
}

export function verifyAtom(row: usize): i32 {
  const op = <i32>load<u8>(row, ATOM_op);
  if (!isCode(op, LAST_ATOM)) return VERIFY_code;
  const rule = ATOM_ROWS + <usize>((op - 1) * ATOM_ROW);
  const otherMask = <i32>load<u16>(rule, 2);
  let code = verifySlotOperand(row + ATOM_slot, load<u16>(rule));
  if (!code) code = verifySlotOperand(row + ATOM_other, otherMask);
  if (!code) code = verifyB(row + ATOM_b, op, load<u8>(rule, 4));
  if (!code && op != ATOM_PRESENT) {
    code = verifyFlagged(row + ATOM_slot, op == ATOM_IN_STRINGS ? FLAG_needsId : FLAG_scanned);
  }
  if (!code && otherMask) code = verifyFlagged(row + ATOM_other, FLAG_scanned);
  return code;
}

function verifyB(at: usize, op: i32, operand: i32): i32 {
  const b = load<u32>(at);
  if (operand == OPERAND_none) return b == NONE ? 0 : VERIFY_operand;
  if (operand == OPERAND_mask) return b - 1 < 63 ? 0 : VERIFY_operand;
  if (operand == S_NUMS) return claim(S_NUMS, b, op == ATOM_RANGE ? 2 : 4);
  if (b >= count(operand)) return VERIFY_index;
  const wanted = op == ATOM_IN_NUMBERS ? SET_NUMBERS : SET_STRINGS;
  return operand == S_SETS && setKind(b) != wanted ? VERIFY_kind : 0;
}

export function verifyCalc(row: usize): i32 {
  const op = <i32>load<u8>(row, CALC_op);
  if (!isCode(op, LAST_CALC)) return VERIFY_code;
  const rule = CALC_ROWS + <usize>((op - 1) * CALC_ROW);
  if (<i32>load<u8>(row, CALC_flags) > MEMO_FLAG) return VERIFY_reserved;
  let code = verifySlotOperand(row + CALC_dst, load<u16>(rule));
  if (code) return code;
  const dst = <u32>load<u16>(row, CALC_dst);
  if (slotVia(dst) != VIA_calc) return VERIFY_slot;
  code = verifyOperand(row + CALC_a, op, dst, load<u16>(rule, 2));
  if (!code) code = verifyOperand(row + CALC_b, op, dst, load<u16>(rule, 4));
  if (code) return code;
  return immediateFits(op, load<i32>(row, CALC_imm)) ? 0 : VERIFY_operand;
}

function verifyOperand(at: usize, op: i32, dst: u32, mask: i32): i32 {
  const wrong = verifySlotOperand(at, mask);
  if (wrong || mask == 0) return wrong;
  const slot = <u32>load<u16>(at);
  if (slot >= dst) return VERIFY_order;
  // COALESCE hands a value on as it is. AT and GET read a part of it anew.
  if (op == CALC_COALESCE) return takes(slot, dst) ? 0 : VERIFY_kind;
  const code = verifyFlagged(at, FLAG_scanned);
  return code || op == CALC_AT || op == CALC_GET || holds(slot, dst) ? code : VERIFY_kind;
}

/** Whether a result may be computed from an operand: it is as long, and integers are made of integers. */
function holds(operand: u32, result: u32): bool {
  const whole = slotKind(operand) != KIND_number || slotKind(result) == KIND_number;
  return whole && textLength(slotRow(operand)) <= textLength(slotRow(result));
}

/** Whether the result may take the value of the operand as it is: both are stored alike. */
export function takes(operand: u32, result: u32): bool {
  const x = slotKind(operand);
  const y = slotKind(result);
  // The empty list is the one container constant; beside a value under an unknown it stands for an array.
  const emptyList = x == KIND_list && y == KIND_unknown && slotVia(operand) == VIA_constant;
  if (x != y && !emptyList && !(kindIn(x, MASK_NUMERIC) && kindIn(y, MASK_NUMERIC))) return false;
  const a = slotRow(operand);
  const b = slotRow(result);
  // What tells the branches of two unions apart must be the same.
  const sameUnion =
    x != KIND_union ||
    (load<u32>(a, SLOT_aux) == load<u32>(b, SLOT_aux) && load<u32>(a, SLOT_set) == load<u32>(b, SLOT_set));
  return sameUnion && holds(operand, result);
}

function immediateFits(op: i32, imm: i32): bool {
  if (op >= CALC_DATE && op <= CALC_MINUTE_OF_DAY) return <u32>(imm + OFFSET_LIMIT) <= 2 * OFFSET_LIMIT;
  return <u32>imm <= <u32>(op == CALC_AT ? i32.MAX_VALUE : i32(op == CALC_SET));
}

export function verifyQuant(row: usize): i32 {
  const flags = <i32>load<u16>(row, QUANT_flags);
  if (flags & ~(MEMO_FLAG | VALUES_FLAG)) return VERIFY_reserved;
  const values = (flags & VALUES_FLAG) != 0;
  const code = verifySlotOperand(row + QUANT_list, values ? MASK_OBJECT : MASK_LIST);
  if (code) return code;
  const elem = <u32>load<u16>(row, QUANT_elem);
  if (slotVia(elem) != VIA_bound || load<u16>(slotRow(elem), SLOT_parent) != load<u16>(row, QUANT_list)) {
    return VERIFY_slot;
  }
  const dst = <u32>load<u16>(row, QUANT_dst);
  if (dst != NONE16) {
    if (slotVia(dst) != VIA_calc) return VERIFY_slot;
    if (dst < elem) return VERIFY_order;
  }
  const except = load<u32>(row, QUANT_except);
  if (except == NONE) return 0;
  if (!values) return VERIFY_operand;
  return setKind(except) == SET_STRINGS ? 0 : VERIFY_kind;
}

export function verifySwitch(row: usize): i32 {
  let code = verifySlotOperand(row + SWITCH_slot, 1 << KIND_string);
  if (!code) code = verifyFlagged(row + SWITCH_slot, FLAG_needsId);
  if (code) return code;
  if (load<u8>(row, SWITCH_kind) != 1) return VERIFY_code;
  const start = load<u32>(row, SWITCH_first);
  const n = load<u32>(row, SWITCH_count);
  code = claim(S_ARM, start, n);
  if (code) return code;
  if (n < 1) return VERIFY_operand;
  for (let k: u32 = 1; k < n; k++) {
    const arm = rowOf(S_ARM, start + k);
    if (load<u32>(arm - Z_ARM, ARM_key) >= load<u32>(arm, ARM_key)) return VERIFY_order;
  }
  return 0;
}
