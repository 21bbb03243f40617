// Verifies RULE, FRAGMENT and PIECE: what a decision is written from. Leaf module.

import { JsonCheck } from './json-check.ts';
import { NONE, NONE16 } from './layout.ts';
import { MAX_BUNDLE_BYTES, MAX_SCALE } from './limits.ts';
import { FORMAT_NAMES } from './names.ts';
import { FORMATS, LIST_FLAG, LIST_KINDS, SHADOW_FLAG, SLOT_VIAS } from './opcodes.ts';
import type { Column, RawBundle } from './raw.ts';
import type { DataFacts } from './verify-data.ts';
import { refuse } from './verify-refusal.ts';
import type { SlotFacts } from './verify-slots.ts';

const NO_SEVERITY = 255;

export function verifyRules(raw: RawBundle, data: DataFacts, slots: SlotFacts): void {
  const check = new RuleCheck(raw, data, slots);
  const count = raw.count('RULE');
  for (let i = 0; i < count; i++) check.rule(i, i < count - 2, i === count - 1);
  check.finish();
}

class RuleCheck {
  readonly #raw: RawBundle;
  readonly #data: DataFacts;
  readonly #slots: SlotFacts;
  readonly #json = new JsonCheck();
  readonly #rule: { readonly [field: string]: Column };
  readonly #piece: { readonly [field: string]: Column };
  readonly #first: Column;
  readonly #count: Column;
  readonly #strOffset: Column;
  readonly #strLength: Column;
  #fragments = 0;
  #pieces = 0;
  /** Bytes of JSON read so far: many pieces may share one text. */
  #read = 0;

  constructor(raw: RawBundle, data: DataFacts, slots: SlotFacts) {
    this.#raw = raw;
    this.#data = data;
    this.#slots = slots;
    const columns = (section: 'RULE' | 'PIECE', names: readonly string[]): { [field: string]: Column } =>
      Object.fromEntries(names.map((name) => [name, raw.column(section, name)]));
    this.#rule = columns('RULE', [
      'effect',
      'severity',
      'flags',
      'name',
      'matched',
      'message',
      'obligations',
      'remediations',
      'remediationCount',
    ]);
    this.#piece = columns('PIECE', ['text', 'slot', 'format', 'scale']);
    this.#first = raw.column('FRAGMENT', 'first');
    this.#count = raw.column('FRAGMENT', 'count');
    this.#strOffset = raw.column('STR', 'offset');
    this.#strLength = raw.column('STR', 'length');
  }

  rule(i: number, named: boolean, onInvalid: boolean): void {
    const raw = this.#raw;
    const c = this.#rule;
    if (c.effect!(i) >= raw.count('EFFECT')) refuse(raw, 'index', 'RULE', i, 'effect', 'no such effect');
    const severity = c.severity!(i);
    if (severity !== NO_SEVERITY && severity >= raw.count('SEVERITY'))
      refuse(raw, 'index', 'RULE', i, 'severity', 'no such severity');
    const flags = c.flags!(i);
    if ((flags & ~SHADOW_FLAG) !== 0) refuse(raw, 'reserved', 'RULE', i, 'flags', 'unknown flag');
    if (flags !== 0 && !named) refuse(raw, 'rule', 'RULE', i, 'flags', 'an outcome is no shadow rule');
    if ((c.name!(i) !== NONE) !== named)
      refuse(raw, 'rule', 'RULE', i, 'name', 'name missing or superfluous');
    if ((c.matched!(i) !== NONE) !== named)
      refuse(raw, 'rule', 'RULE', i, 'matched', 'entry missing or superfluous');
    this.#fragment(i, 'matched', true, false);
    this.#fragment(i, 'message', false, !onInvalid);
    this.#fragment(i, 'obligations', true, !onInvalid);
    this.#remediations(i);
  }

  #remediations(i: number): void {
    const raw = this.#raw;
    const count = this.#rule.remediationCount!(i);
    const ref = raw.column('REFS', 'index');
    if (this.#rule.remediations!(i) !== this.#data.refs)
      refuse(raw, 'order', 'RULE', i, 'remediations', 'not the next records of REFS');
    if (count > raw.count('REFS') - this.#data.refs)
      refuse(raw, 'index', 'RULE', i, 'remediationCount', 'ends behind REFS');
    for (let k = 0; k < count; k++, this.#data.refs++) {
      if (ref(this.#data.refs) >= raw.count('STR'))
        refuse(raw, 'index', 'REFS', this.#data.refs, 'index', 'out of range');
    }
  }

  #fragment(rule: number, field: 'matched' | 'message' | 'obligations', json: boolean, holes: boolean): void {
    const raw = this.#raw;
    const fragment = this.#rule[field]!(rule);
    if (fragment === NONE) return;
    if (fragment !== this.#fragments) refuse(raw, 'order', 'RULE', rule, field, 'not the next fragment');
    this.#fragments++;
    if (this.#first(fragment) !== this.#pieces)
      refuse(raw, 'order', 'FRAGMENT', fragment, 'first', 'not the next piece');
    const count = this.#count(fragment);
    if (count > raw.count('PIECE') - this.#pieces)
      refuse(raw, 'index', 'FRAGMENT', fragment, 'count', 'ends behind PIECE');
    this.#json.start();
    for (let k = 0; k < count; k++, this.#pieces++)
      this.#onePiece(this.#pieces, k === count - 1, json, holes);
    if (json && !this.#json.finish()) refuse(raw, 'fragment', 'FRAGMENT', fragment, 'first', 'not JSON');
  }

  #onePiece(i: number, last: boolean, json: boolean, holes: boolean): void {
    const raw = this.#raw;
    const text = this.#piece.text!(i);
    const slot = this.#piece.slot!(i);
    // Neighbouring texts are one text, and there is no empty one: a fragment has one writing.
    if (slot === NONE16 && !last)
      refuse(raw, 'fragment', 'PIECE', i, 'slot', 'only the last piece has no hole');
    if (slot === NONE16 && text === NONE) refuse(raw, 'fragment', 'PIECE', i, 'text', 'empty piece');
    if (text !== NONE) {
      const length = this.#strLength(text);
      if (length === 0) refuse(raw, 'fragment', 'PIECE', i, 'text', 'empty text');
      const start = raw.offset('BYTES') + this.#strOffset(text);
      if (json) this.#read += length;
      if (this.#read > MAX_BUNDLE_BYTES)
        refuse(raw, 'limit', 'PIECE', i, 'text', 'more JSON than MAX_BUNDLE_BYTES');
      if (json && !this.#json.text(raw.bytes, start, start + length))
        refuse(raw, 'fragment', 'PIECE', i, 'text', 'not JSON');
    }
    const format = this.#piece.format!(i);
    const scale = this.#piece.scale!(i);
    if (slot === NONE16) {
      if (format !== 0) refuse(raw, 'fragment', 'PIECE', i, 'format', 'no hole');
      if (scale !== 0) refuse(raw, 'fragment', 'PIECE', i, 'scale', 'no hole');
      return;
    }
    if (!holes) refuse(raw, 'fragment', 'PIECE', i, 'slot', 'no hole is allowed here');
    if (!json && (format & LIST_FLAG) !== 0)
      refuse(raw, 'fragment', 'PIECE', i, 'format', 'a message has no list');
    if (json && !this.#json.hole())
      refuse(raw, 'fragment', 'PIECE', i, 'slot', 'a hole stands for a JSON value');
    this.#hole(i, slot, format, scale);
  }

  #hole(i: number, slot: number, code: number, scale: number): void {
    const raw = this.#raw;
    const format = FORMAT_NAMES[code & ~LIST_FLAG];
    if (format === undefined) refuse(raw, 'code', 'PIECE', i, 'format', 'unknown format');
    const isList = (code & LIST_FLAG) !== 0;
    // A list under an unknown is printed as the policy knows it: a rule matches only where a test has said what its items are.
    const fits = isList ? LIST_KINDS.includes(this.#slots.kind(slot)!) : this.#slots.kind(slot) === format;
    if (!fits) refuse(raw, 'kind', 'PIECE', i, 'slot', `not a ${isList ? 'list' : format}`);
    if (this.#slots.template[slot] === 1)
      refuse(raw, 'kind', 'PIECE', i, 'slot', 'a template holds no value');
    if (this.#slots.via(this.#slots.root[slot]!) === SLOT_VIAS.bound)
      refuse(raw, 'region', 'PIECE', i, 'slot', 'a bound slot outside its body');
    const max = code === FORMATS.decimal || code === (FORMATS.decimal | LIST_FLAG) ? MAX_SCALE : 0;
    if (scale > max) refuse(raw, 'fragment', 'PIECE', i, 'scale', 'scale does not fit the format');
    if (code === FORMATS.decimal && scale !== this.#slots.scale(slot))
      refuse(raw, 'fragment', 'PIECE', i, 'scale', 'not the scale of the slot');
  }

  finish(): void {
    const raw = this.#raw;
    if (this.#fragments !== raw.count('FRAGMENT'))
      refuse(raw, 'order', 'FRAGMENT', this.#fragments, 'first', 'belongs to no rule');
    if (this.#pieces !== raw.count('PIECE'))
      refuse(raw, 'order', 'PIECE', this.#pieces, 'text', 'belongs to no fragment');
    if (this.#data.refs !== raw.count('REFS'))
      refuse(raw, 'order', 'REFS', this.#data.refs, 'index', 'belongs to no set and no rule');
  }
}
