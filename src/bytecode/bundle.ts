// A bundle in memory: what the emitter builds, the encoder writes, the decoder reads, and the evaluator, the disassembler and the
// semantic diff consume. Indexes are dense; see layout.ts for the meaning of each field. Names stand for codes here.
// Leaf module: it imports only the tables.

import type { AtomOp, CalcOp, Format, LangKind, NodeOp, SlotKind, SlotVia } from './opcodes.ts';

export interface Bundle {
  readonly name: string;
  readonly version: string | null;
  readonly combining: 'most_restrictive' | 'first_applicable';
  /** Names, weakest first. */
  readonly effects: readonly string[];
  readonly severities: readonly string[];
  readonly sets: readonly ValueSet[];
  readonly langs: readonly Language[];
  readonly slots: readonly Slot[];
  readonly atoms: readonly Atom[];
  readonly calcs: readonly Calc[];
  readonly quants: readonly Quant[];
  readonly nodes: readonly Node[];
  readonly switches: readonly Switch[];
  /** Rules in declaration order, then the default outcome, then the outcome of an invalid request. */
  readonly rules: readonly Rule[];
  /** Entry nodes; `shadow` is null when there are no shadow rules. */
  readonly main: number;
  readonly shadow: number | null;
}

export type ValueSet =
  /** Sorted by UTF-8 bytes, distinct. */
  | { readonly of: 'string'; readonly items: readonly string[] }
  /** Ascending, distinct, no NaN, no negative zero. */
  | { readonly of: 'number'; readonly items: readonly number[] };

/** A deterministic automaton over UTF-8 bytes. State 0 starts. */
export interface Automaton {
  readonly classes: number;
  /** 256 entries: byte → class. */
  readonly classOf: Uint8Array;
  /** states × classes; DEAD = 0xFFFF. */
  readonly next: Uint16Array;
  /** One entry per state. */
  readonly accept: Uint8Array;
}
export const DEAD = 0xffff;

export interface Language {
  readonly kind: LangKind;
  /** Index of a string set: the texts, or the patterns in their canonical writing. */
  readonly set: number;
  /** Null for `prefix` and `suffix`. */
  readonly automaton: Automaton | null;
}

export interface Limits {
  /** Bounds of the (scaled) number, inclusive; ±Infinity for none. Of a constant: the number or the seconds, and the microseconds. */
  readonly min: number;
  readonly max: number;
  /** Code points, items or keys; null for none. */
  readonly minLength: number | null;
  readonly maxLength: number | null;
  /** Allowed values. */
  readonly set: number | null;
}
export const NO_LIMITS: Limits = {
  min: -Infinity,
  max: Infinity,
  minLength: null,
  maxLength: null,
  set: null,
};

export interface Slot {
  readonly parent: number | null;
  readonly via: SlotVia;
  readonly kind: SlotKind;
  readonly optional: boolean;
  readonly nullable: boolean;
  readonly closed: boolean;
  readonly unique: boolean;
  readonly needsId: boolean;
  readonly scanned: boolean;
  readonly scale: number;
  /** Own key of a member; text of a string constant. */
  readonly key: string | null;
  readonly limits: Limits | null;
  readonly set: number | null;
  readonly branch: number | null;
  readonly discriminator: string | null;
}

export interface Atom {
  readonly op: AtomOp;
  readonly slot: number;
  readonly other: number | null;
  /** Set or language index, or the KIND_IS mask; null when the operation uses none of these. */
  readonly index: number | null;
  /** The key of HAS_KEY. */
  readonly key: string | null;
  /** The bounds of RANGE (2) and RANGE_TIME (4); else empty. */
  readonly bounds: readonly number[];
}

export interface Calc {
  readonly op: CalcOp;
  readonly memo: boolean;
  readonly dst: number;
  readonly a: number | null;
  readonly b: number | null;
  readonly imm: number;
}

export interface Quant {
  readonly list: number;
  readonly elem: number;
  readonly dst: number | null;
  readonly memo: boolean;
  /** Over the own values of an object, except those under the keys of the set `except`. */
  readonly overValues: boolean;
  readonly except: number | null;
  /** Node index of the END 1 that closes the body; END 2 follows it. */
  readonly stop: number;
}

export interface Node {
  readonly op: NodeOp;
  /** Index of the atom, switch, rule, effect, calc or quant; the code of END. */
  readonly a: number;
  readonly t: number;
  readonly f: number;
}

export interface Switch {
  readonly slot: number;
  /** Sorted by UTF-8 bytes of the key. */
  readonly arms: readonly { readonly key: string; readonly node: number }[];
}

export interface Rule {
  /** Index into effects. */
  readonly effect: number;
  /** Index into severities. */
  readonly severity: number | null;
  readonly shadow: boolean;
  readonly name: string | null;
  readonly reason: string;
  readonly matched: Fragment | null;
  readonly message: Fragment | null;
  readonly obligations: Fragment | null;
  readonly remediations: readonly string[];
}

export type Fragment = readonly Piece[];

/** Constant text, then the value of a slot. */
export interface Piece {
  readonly text: string;
  readonly hole: {
    readonly slot: number;
    readonly format: Format;
    readonly list: boolean;
    readonly scale: number;
  } | null;
}
