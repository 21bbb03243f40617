// Verifies ATOM, CALC, QUANT and SWITCH: the operands of each record against the row of its operation. Leaf module.

import { NONE, NONE16 } from './layout.ts';
import { ATOM_NAMES, CALC_NAMES } from './names.ts';
import {
  ATOMS,
  type AtomRow,
  CALCS,
  type CalcRow,
  type KindSet,
  LIST_KINDS,
  MEMO_FLAG,
  OBJECT_KINDS,
  SLOT_FLAGS,
  SLOT_VIAS,
  VALUES_FLAG,
} from './opcodes.ts';
import type { Column, RawBundle } from './raw.ts';
import { type DataFacts, SET_NUMBERS, SET_STRINGS } from './verify-data.ts';
import { refuse } from './verify-refusal.ts';
import type { ResultCheck } from './verify-results.ts';
import type { SlotFacts } from './verify-slots.ts';

const OFFSET_LIMIT = 1439;

export function verifyOperands(
  raw: RawBundle,
  data: DataFacts,
  slots: SlotFacts,
  results: ResultCheck,
): void {
  const check = new OperandCheck(raw, data, slots, results);
  for (let i = 0; i < raw.count('ATOM'); i++) check.atom(i);
  if (data.nums !== raw.count('NUMS'))
    refuse(raw, 'order', 'NUMS', data.nums, 'value', 'belongs to no set and no atom');
  for (let i = 0; i < raw.count('CALC'); i++) check.calc(i);
  for (let i = 0; i < raw.count('QUANT'); i++) check.quant(i);
  let arms = 0;
  for (let i = 0; i < raw.count('SWITCH'); i++) arms = check.switch(i, arms);
  if (arms !== raw.count('ARM')) refuse(raw, 'order', 'ARM', arms, 'key', 'belongs to no switch');
}

type Table = 'ATOM' | 'CALC' | 'QUANT' | 'SWITCH';

class OperandCheck {
  readonly #raw: RawBundle;
  readonly #data: DataFacts;
  readonly #slots: SlotFacts;
  readonly #results: ResultCheck;
  readonly #columns = new Map<string, Column>();

  constructor(raw: RawBundle, data: DataFacts, slots: SlotFacts, results: ResultCheck) {
    this.#raw = raw;
    this.#results = results;
    this.#data = data;
    this.#slots = slots;
  }

  #read(table: Table, field: string, i: number): number {
    const name = `${table}.${field}`;
    let column = this.#columns.get(name);
    if (column === undefined) {
      column = this.#raw.column(table, field);
      this.#columns.set(name, column);
    }
    return column(i);
  }

  // A slot operand of one of the kinds; null kinds: no operand.
  #slot(table: Table, field: string, i: number, kinds: KindSet | null): void {
    const slot = this.#read(table, field, i);
    if ((slot !== NONE16) !== (kinds !== null))
      refuse(this.#raw, 'operand', table, i, field, 'operand missing or superfluous');
    if (kinds === null) return;
    if (kinds !== 'any' && !kinds.includes(this.#slots.kind(slot))) {
      refuse(this.#raw, 'kind', table, i, field, `does not accept a ${this.#slots.kind(slot)}`);
    }
    if (this.#slots.template[slot] === 1)
      refuse(this.#raw, 'kind', table, i, field, 'a template holds no value');
  }

  #flagged(table: Table, field: string, i: number, flag: 'needsId' | 'scanned'): void {
    const slot = this.#read(table, field, i);
    if (this.#slots.kind(slot) !== 'string' || (this.#slots.flags(slot) & SLOT_FLAGS[flag]) !== 0) return;
    refuse(this.#raw, 'slot', table, i, field, `the slot lacks the flag ${flag}`);
  }

  atom(i: number): void {
    const op = ATOM_NAMES[this.#read('ATOM', 'op', i)];
    if (op === undefined) refuse(this.#raw, 'code', 'ATOM', i, 'op', 'unknown operation');
    const row: AtomRow = ATOMS[op];
    this.#slot('ATOM', 'slot', i, row.slot);
    this.#slot('ATOM', 'other', i, row.other);
    const b = this.#read('ATOM', 'b', i);
    switch (row.b) {
      case 'none':
        if (b !== NONE) refuse(this.#raw, 'operand', 'ATOM', i, 'b', 'superfluous operand');
        break;
      case 'mask':
        if (b < 1 || b > 63) refuse(this.#raw, 'operand', 'ATOM', i, 'b', 'not a mask of JSON types');
        break;
      case 'string':
        if (b >= this.#raw.count('STR')) refuse(this.#raw, 'index', 'ATOM', i, 'b', 'out of range');
        break;
      case 'lang':
        if (b >= this.#raw.count('LANG')) refuse(this.#raw, 'index', 'ATOM', i, 'b', 'out of range');
        break;
      case 'set':
        if (b >= this.#raw.count('SETS')) refuse(this.#raw, 'index', 'ATOM', i, 'b', 'out of range');
        if (this.#data.setKind(b) !== (op === 'IN_NUMBERS' ? SET_NUMBERS : SET_STRINGS)) {
          refuse(this.#raw, 'kind', 'ATOM', i, 'b', 'wrong kind of set');
        }
        break;
      case 'nums': {
        const length = op === 'RANGE' ? 2 : 4;
        if (b !== this.#data.nums) refuse(this.#raw, 'order', 'ATOM', i, 'b', 'not the next numbers of NUMS');
        if (length > this.#raw.count('NUMS') - b)
          refuse(this.#raw, 'index', 'ATOM', i, 'b', 'ends behind NUMS');
        this.#data.nums += length;
        break;
      }
    }
    if (op === 'IN_STRINGS') this.#flagged('ATOM', 'slot', i, 'needsId');
    else if (op !== 'PRESENT') this.#flagged('ATOM', 'slot', i, 'scanned');
    if (row.other !== null) this.#flagged('ATOM', 'other', i, 'scanned');
  }

  calc(i: number): void {
    const op = CALC_NAMES[this.#read('CALC', 'op', i)];
    if (op === undefined) refuse(this.#raw, 'code', 'CALC', i, 'op', 'unknown operation');
    const row: CalcRow = CALCS[op];
    if (this.#read('CALC', 'flags', i) > MEMO_FLAG)
      refuse(this.#raw, 'reserved', 'CALC', i, 'flags', 'unknown flag');
    const dst = this.#read('CALC', 'dst', i);
    this.#slot('CALC', 'dst', i, row.dst);
    if (this.#slots.via(dst) !== SLOT_VIAS.calc)
      refuse(this.#raw, 'slot', 'CALC', i, 'dst', 'not a calc slot');
    for (const field of ['a', 'b'] as const) {
      this.#slot('CALC', field, i, row[field]);
      if (row[field] === null) continue;
      const slot = this.#read('CALC', field, i);
      if (slot >= dst) refuse(this.#raw, 'order', 'CALC', i, field, 'operand behind its result');
      if (op !== 'COALESCE') this.#flagged('CALC', field, i, 'scanned');
      // COALESCE hands a value on as it is. AT and GET read a part of it anew.
      const fits =
        op === 'AT' || op === 'GET'
          ? true
          : op === 'COALESCE'
            ? this.#results.takes(slot, dst)
            : this.#results.holds(slot, dst);
      if (!fits) refuse(this.#raw, 'kind', 'CALC', i, field, 'the result cannot hold it');
    }
    if (!immediateFits(op, this.#read('CALC', 'imm', i)))
      refuse(this.#raw, 'operand', 'CALC', i, 'imm', 'out of range');
  }

  quant(i: number): void {
    const flags = this.#read('QUANT', 'flags', i);
    if ((flags & ~(MEMO_FLAG | VALUES_FLAG)) !== 0)
      refuse(this.#raw, 'reserved', 'QUANT', i, 'flags', 'unknown flag');
    const values = (flags & VALUES_FLAG) !== 0;
    this.#slot('QUANT', 'list', i, values ? OBJECT_KINDS : LIST_KINDS);
    const list = this.#read('QUANT', 'list', i);
    const elem = this.#read('QUANT', 'elem', i);
    if (this.#slots.via(elem) !== SLOT_VIAS.bound || this.#slots.parent(elem) !== list) {
      refuse(this.#raw, 'slot', 'QUANT', i, 'elem', 'not a bound slot over the list');
    }
    const dst = this.#read('QUANT', 'dst', i);
    if (dst !== NONE16) {
      if (this.#slots.via(dst) !== SLOT_VIAS.calc)
        refuse(this.#raw, 'slot', 'QUANT', i, 'dst', 'not a calc slot');
      if (dst < elem) refuse(this.#raw, 'order', 'QUANT', i, 'dst', 'result before its operands');
    }
    const except = this.#read('QUANT', 'except', i);
    if (except === NONE) return;
    if (!values) refuse(this.#raw, 'operand', 'QUANT', i, 'except', 'superfluous operand');
    if (this.#data.setKind(except) !== SET_STRINGS)
      refuse(this.#raw, 'kind', 'QUANT', i, 'except', 'not a set of strings');
  }

  switch(i: number, start: number): number {
    this.#slot('SWITCH', 'slot', i, ['string']);
    this.#flagged('SWITCH', 'slot', i, 'needsId');
    if (this.#read('SWITCH', 'kind', i) !== 1)
      refuse(this.#raw, 'code', 'SWITCH', i, 'kind', 'unknown kind of switch');
    const count = this.#read('SWITCH', 'count', i);
    if (this.#read('SWITCH', 'first', i) !== start)
      refuse(this.#raw, 'order', 'SWITCH', i, 'first', 'not the next records of ARM');
    if (count > this.#raw.count('ARM') - start)
      refuse(this.#raw, 'index', 'SWITCH', i, 'count', 'ends behind ARM');
    if (count < 1) refuse(this.#raw, 'operand', 'SWITCH', i, 'count', 'has no arm');
    const key = this.#raw.column('ARM', 'key');
    for (let k = start + 1; k < start + count; k++) {
      if (key(k - 1) >= key(k)) refuse(this.#raw, 'order', 'ARM', k, 'key', 'arms are not ascending');
    }
    return start + count;
  }
}

function immediateFits(op: string, imm: number): boolean {
  switch (op) {
    case 'DATE':
    case 'WEEKDAY':
    case 'MINUTE_OF_DAY':
      return Math.abs(imm) <= OFFSET_LIMIT;
    case 'AT':
      return imm >= 0;
    case 'SET':
      return imm === 0 || imm === 1;
    default:
      return imm === 0;
  }
}
