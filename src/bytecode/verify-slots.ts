// Verifies SLOT and LIMITS: the tree of what a bundle reads, in projection order. Leaf module.

import { NONE, NONE16 } from './layout.ts';
import { MAX_BUNDLE_BYTES, MAX_SCALE } from './limits.ts';
import { KIND_NAMES, VIA_NAMES } from './names.ts';
import { OBJECT_KINDS, SLOT_FLAGS, SLOT_KINDS, SLOT_VIAS, type SlotKind } from './opcodes.ts';
import type { Column, RawBundle } from './raw.ts';
import { type DataFacts, SET_STRINGS } from './verify-data.ts';
import { LimitCheck } from './verify-limits.ts';
import { refuse } from './verify-refusal.ts';

const ALL_FLAGS = Object.values(SLOT_FLAGS).reduce((sum, bit) => sum | bit, 0);

/** What the checks of code and rules need to know of a slot. */
export interface SlotFacts {
  kind(slot: number): SlotKind;
  via(slot: number): number;
  readonly flags: Column;
  readonly scale: Column;
  readonly parent: Column;
  /** Slot without parent, or bound slot, that the slot hangs under. */
  readonly root: Uint16Array;
  /** 1: inside an element or value template, where there is no value. */
  readonly template: Uint8Array;
}

interface Columns {
  readonly parent: Column;
  readonly via: Column;
  readonly kind: Column;
  readonly flags: Column;
  readonly scale: Column;
  readonly key: Column;
  readonly limits: Column;
  readonly set: Column;
  readonly branch: Column;
  readonly aux: Column;
}

export function verifySlots(raw: RawBundle, data: DataFacts): SlotFacts {
  const column = (name: string): Column => raw.column('SLOT', name);
  const c: Columns = {
    parent: column('parent'),
    via: column('via'),
    kind: column('kind'),
    flags: column('flags'),
    scale: column('scale'),
    key: column('key'),
    limits: column('limits'),
    set: column('set'),
    branch: column('branch'),
    aux: column('aux'),
  };
  const count = raw.count('SLOT');
  const root = new Uint16Array(count);
  const template = new Uint8Array(count);
  /** 1: below an unknown, where no type is an error. */
  const loose = new Uint8Array(count);
  /** 1: bound, calc or constant, or below such a slot. */
  const later = new Uint8Array(count);
  const tree = new SlotTree(raw, c);
  const limits = new LimitCheck(raw, data);
  for (let i = 0; i < count; i++) {
    verifyCodes(raw, c, i);
    verifyParent(raw, c, i);
    tree.add(i);
    const via = c.via(i);
    const below = via >= SLOT_VIAS.member && via <= SLOT_VIAS.view;
    root[i] = below ? root[c.parent(i)]! : i;
    later[i] = below ? later[c.parent(i)]! : Number(i > 0);
    loose[i] = below && (loose[c.parent(i)] === 1 || c.kind(c.parent(i)) === SLOT_KINDS.unknown) ? 1 : 0;
    const opens = via === SLOT_VIAS.element || via === SLOT_VIAS.value;
    template[i] = opens || (below && template[c.parent(i)] === 1) ? 1 : 0;
    if (via === SLOT_VIAS.bound && template[c.parent(i)] === 1) {
      refuse(raw, 'slot', 'SLOT', i, 'parent', 'a bound slot over a template');
    }
    verifyFlags(raw, c, i, loose[i] === 0 && later[i] === 0);
    verifyAttached(raw, c, data, i);
    limits.slot(i, loose[i] === 1 && later[i] === 0);
  }
  limits.finish();
  return {
    kind: (slot) => KIND_NAMES[c.kind(slot)]!,
    via: c.via,
    flags: c.flags,
    scale: c.scale,
    parent: c.parent,
    root,
    template,
  };
}

function verifyCodes(raw: RawBundle, c: Columns, i: number): void {
  if (VIA_NAMES[c.via(i)] === undefined) refuse(raw, 'code', 'SLOT', i, 'via', 'unknown via');
  if (KIND_NAMES[c.kind(i)] === undefined) refuse(raw, 'code', 'SLOT', i, 'kind', 'unknown kind');
  if ((c.flags(i) & ~ALL_FLAGS) !== 0) refuse(raw, 'reserved', 'SLOT', i, 'flags', 'unknown flag');
  const scaled = c.kind(i) === SLOT_KINDS.decimal;
  if (c.scale(i) > (scaled ? MAX_SCALE : 0))
    refuse(raw, 'slot', 'SLOT', i, 'scale', 'scale does not fit the kind');
}

function verifyParent(raw: RawBundle, c: Columns, i: number): void {
  const via = VIA_NAMES[c.via(i)]!;
  if ((via === 'root') !== (i === 0))
    refuse(raw, 'slot', 'SLOT', i, 'via', 'slot 0 is the request, and no other');
  const parent = c.parent(i);
  if (via === 'root' || via === 'calc' || via === 'constant') {
    if (parent !== NONE16) refuse(raw, 'slot', 'SLOT', i, 'parent', 'has a parent');
    if (via === 'root' && !OBJECT_KINDS.includes(KIND_NAMES[c.kind(i)]!))
      refuse(raw, 'slot', 'SLOT', i, 'kind', 'the request is an object');
    return;
  }
  if (parent >= i) refuse(raw, 'slot', 'SLOT', i, 'parent', 'has no parent before it');
  const kind = KIND_NAMES[c.kind(parent)]!;
  const fits =
    via === 'member' || via === 'value'
      ? OBJECT_KINDS.includes(kind)
      : via === 'element'
        ? kind === 'list' || kind === 'unknown'
        : via === 'view'
          ? kind === 'unknown' || kind === 'union' || kind === 'localTimestamp'
          : kind === 'list' || OBJECT_KINDS.includes(kind);
  if (!fits) refuse(raw, 'slot', 'SLOT', i, 'parent', `a ${kind} has no ${via}`);
  if (kind === 'localTimestamp' && c.kind(i) !== SLOT_KINDS.string && via === 'view')
    refuse(raw, 'slot', 'SLOT', i, 'kind', 'a local timestamp is read as a string');
}

// Members sorted by key come first, then views, then the templates, at most one of each.
const RANKS = [0, 0, 1, 3, 4, 2];

/** Checks that slots stand in depth-first order with sorted siblings. */
class SlotTree {
  readonly #raw: RawBundle;
  readonly #c: Columns;
  #path: number[] = [];
  /** Bytes of keys so far: many members may share one text. */
  #read = 0;
  readonly #lastChild: Uint16Array;
  readonly #text = new TextDecoder('utf-8', { ignoreBOM: true });

  constructor(raw: RawBundle, c: Columns) {
    this.#raw = raw;
    this.#c = c;
    this.#lastChild = new Uint16Array(raw.count('SLOT')).fill(NONE16);
  }

  add(i: number): void {
    const c = this.#c;
    const via = c.via(i);
    if (via === SLOT_VIAS.root || via > SLOT_VIAS.view) {
      this.#path = [i];
      return;
    }
    const parent = c.parent(i);
    while (this.#path.length > 0 && this.#path.at(-1) !== parent) this.#path.pop();
    if (this.#path.length === 0) refuse(this.#raw, 'order', 'SLOT', i, 'parent', 'not in depth-first order');
    this.#path.push(i);
    const last = this.#lastChild[parent]!;
    this.#lastChild[parent] = i;
    if (via === SLOT_VIAS.member) {
      if (c.key(i) === NONE) refuse(this.#raw, 'slot', 'SLOT', i, 'key', 'a member has a key');
      this.#read += this.#raw.column('STR', 'length')(c.key(i));
      if (this.#read > MAX_BUNDLE_BYTES)
        refuse(this.#raw, 'limit', 'SLOT', i, 'key', 'more keys than MAX_BUNDLE_BYTES');
    }
    if (last !== NONE16 && !this.#ascends(last, i))
      refuse(this.#raw, 'order', 'SLOT', i, 'via', 'siblings are not in order');
  }

  #ascends(last: number, i: number): boolean {
    const before = RANKS[this.#c.via(last)]!;
    const now = RANKS[this.#c.via(i)]!;
    if (before !== now) return before < now;
    if (now === 1) return this.#key(last) < this.#key(i);
    return now === 2;
  }

  #key(i: number): string {
    const key = this.#c.key(i);
    const start = this.#raw.offset('BYTES') + this.#raw.column('STR', 'offset')(key);
    return this.#text.decode(this.#raw.bytes.subarray(start, start + this.#raw.column('STR', 'length')(key)));
  }
}

function verifyFlags(raw: RawBundle, c: Columns, i: number, strict: boolean): void {
  const kind = KIND_NAMES[c.kind(i)]!;
  const flags = c.flags(i);
  const wrong =
    ((flags & SLOT_FLAGS.closed) !== 0 && kind !== 'record' && kind !== 'map') ||
    ((flags & SLOT_FLAGS.unique) !== 0 && kind !== 'list') ||
    ((flags & (SLOT_FLAGS.needsId | SLOT_FLAGS.scanned)) !== 0 && kind !== 'string');
  if (wrong) refuse(raw, 'slot', 'SLOT', i, 'flags', `flags do not fit a ${kind}`);
  if (!strict && (flags & (SLOT_FLAGS.closed | SLOT_FLAGS.unique)) !== 0)
    refuse(raw, 'slot', 'SLOT', i, 'flags', 'closed or unique where nothing is an error');
}

function verifyAttached(raw: RawBundle, c: Columns, data: DataFacts, i: number): void {
  const via = VIA_NAMES[c.via(i)]!;
  const kind = KIND_NAMES[c.kind(i)]!;
  const wantsKey = via === 'member' || (via === 'constant' && kind === 'string');
  if ((c.key(i) !== NONE) !== wantsKey) refuse(raw, 'slot', 'SLOT', i, 'key', 'key missing or superfluous');
  const wantsSet = (c.flags(i) & SLOT_FLAGS.closed) !== 0 || kind === 'union';
  if ((c.set(i) !== NONE) !== wantsSet) refuse(raw, 'slot', 'SLOT', i, 'set', 'set missing or superfluous');
  if (wantsSet && data.setKind(c.set(i)) !== SET_STRINGS)
    refuse(raw, 'kind', 'SLOT', i, 'set', 'not a set of strings');
  const wantsBranch = via === 'view' && c.kind(c.parent(i)) === SLOT_KINDS.union;
  if ((c.branch(i) !== NONE) !== wantsBranch)
    refuse(raw, 'slot', 'SLOT', i, 'branch', 'branch missing or superfluous');
  if (wantsBranch && data.setKind(c.branch(i)) !== SET_STRINGS)
    refuse(raw, 'kind', 'SLOT', i, 'branch', 'not a set of strings');
  if ((c.aux(i) !== NONE) !== (kind === 'union'))
    refuse(raw, 'slot', 'SLOT', i, 'aux', 'discriminator missing or superfluous');
}
