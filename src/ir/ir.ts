// The declarative form of a policy: fields, derived values, languages, atoms, conditions, rules. Lowering makes it; the emitter, the
// index, explain and the semantic diff consume it. Every atom is TOTAL (on an absent field it is false), so a condition is a plain
// Boolean function of atoms. Every table is hash-consed: equal things have one id, and an id is larger than the ids it refers to.
// Leaf module: it imports only the tables of the bytecode.

import type { AtomOp, CalcOp, Format, SlotKind, SlotVia } from '../bytecode/opcodes.ts';

export type FieldId = number;
export type SetId = number;
export type LangId = number;
export type AtomId = number;
export type CondId = number;
/** `condId << 1 | negated`. */
export type Edge = number;

export interface Ir {
  readonly name: string;
  readonly version: string | null;
  readonly combining: 'most_restrictive' | 'first_applicable';
  /** Weakest first. */
  readonly effects: readonly Effect[];
  readonly severities: readonly string[];
  /** Field 0 is the request. A field's parent and operands come before it. */
  readonly fields: readonly Field[];
  readonly sets: readonly IrSet[];
  readonly langs: readonly Lang[];
  readonly atoms: readonly IrAtom[];
  /** Cond 0 is `true`. */
  readonly conds: readonly Cond[];
  /** Declaration order, groups and tables expanded in place. */
  readonly rules: readonly IrRule[];
  readonly defaultOutcome: Outcome;
  readonly onInvalid: Outcome;
}

export interface Effect {
  readonly name: string;
  /** Names of its obligations, as declared. */
  readonly obligations: readonly string[];
}

/** Every enforced assertion of the schema at one place. Numbers are scaled (decimal), days (date) or milliseconds (duration). */
export interface FieldLimits {
  readonly min: number;
  readonly max: number;
  /** Code points of a string, items of a list, keys of an object; null for none. */
  readonly minLength: number | null;
  readonly maxLength: number | null;
  /** Allowed values: strings, or (scaled) numbers; bools as 0 and 1. */
  readonly set: SetId | null;
}

export interface Field {
  readonly id: FieldId;
  /** The object, list or value that this one hangs under; for `calc` and `constant`: null. The request: null. */
  readonly parent: FieldId | null;
  readonly via: SlotVia;
  readonly kind: SlotKind;
  /** Digits after the point of a decimal, else 0. */
  readonly scale: number;
  /** Key of a member; null otherwise. */
  readonly key: string | null;
  /** Absent (or null) is allowed. False for required members, even when their parent may be absent. */
  readonly optional: boolean;
  /** null reads as absent although the key is required. */
  readonly nullable: boolean;
  readonly unique: boolean;
  /** Allowed keys of a closed record of which an optional member is read, else null. */
  readonly closed: SetId | null;
  readonly limits: FieldLimits | null;
  /** Of a union: its discriminator key, and all values that select a branch. */
  readonly discriminator: { readonly key: string; readonly values: SetId } | null;
  /** Of a view of a union: the discriminator values for which it exists. */
  readonly branch: SetId | null;
  readonly derived: Derived | null;
  readonly constant: Constant | null;
}

export type Derived =
  /** A calculation over one or two fields; `imm` as the CALC row says. */
  | { readonly op: Exclude<CalcOp, 'SET'>; readonly args: readonly FieldId[]; readonly imm: number }
  /** The truth of a condition as a bool. */
  | { readonly op: 'HOLDS'; readonly cond: Edge }
  | { readonly op: 'COUNT' | 'FIRST'; readonly list: FieldId; readonly elem: FieldId; readonly body: Edge };

export type Constant =
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'timestamp'; readonly seconds: number; readonly micros: number }
  | { readonly kind: 'emptyList' };

export type IrSet =
  /** Sorted by UTF-8 bytes, distinct. */
  | { readonly of: 'string'; readonly items: readonly string[] }
  /** Ascending, distinct. */
  | { readonly of: 'number'; readonly items: readonly number[] };

/**
 * A set of strings. `contains`, `prefix`, `suffix`: any of the plain texts. `glob`, `dotted`, `path`: any of the patterns, in the
 * canonical writing of pattern.ts (`*`, `**` wildcards; a literal star is `\*`, a backslash `\\`). Sorted by UTF-8 bytes, distinct.
 * The subject of a `path` language is a NORM field.
 */
export interface Lang {
  readonly kind: 'contains' | 'prefix' | 'suffix' | 'glob' | 'dotted' | 'path';
  readonly texts: readonly string[];
}

export type IrAtom =
  | { readonly op: 'PRESENT' | 'UNIQUE'; readonly field: FieldId }
  | { readonly op: 'KIND_IS'; readonly field: FieldId; readonly mask: number }
  | { readonly op: 'HAS_KEY'; readonly field: FieldId; readonly key: string }
  | { readonly op: 'IN_STRINGS' | 'IN_NUMBERS' | 'KEYS_IN'; readonly field: FieldId; readonly set: SetId }
  /** Inclusive; a RANGE_TIME has (seconds, micros) twice. */
  | { readonly op: 'RANGE' | 'RANGE_TIME'; readonly field: FieldId; readonly bounds: readonly number[] }
  | { readonly op: 'MATCH'; readonly field: FieldId; readonly lang: LangId }
  | { readonly op: BinaryAtomOp; readonly field: FieldId; readonly other: FieldId }
  /** `overValues`: over the own values of the object `list`, except those under the keys of `except`. */
  | {
      readonly op: 'ANY' | 'ALL';
      readonly list: FieldId;
      readonly elem: FieldId;
      readonly overValues: boolean;
      readonly except: SetId | null;
      readonly body: Edge;
    };

/** Atoms over two fields. */
export type BinaryAtomOp = Extract<
  AtomOp,
  | 'HAS_KEY_AT'
  | 'EQ_NUMBER'
  | 'LT_NUMBER'
  | 'LE_NUMBER'
  | 'EQ_TIME'
  | 'LT_TIME'
  | 'LE_TIME'
  | 'EQ_STRING'
  | 'SCAN_CONTAINS'
  | 'SCAN_PREFIX'
  | 'SCAN_SUFFIX'
>;

export type Cond =
  | { readonly op: 'true' }
  | { readonly op: 'atom'; readonly atom: AtomId }
  /** Two or more edges, sorted, distinct, no edge beside its negation; no non-negated `and` among them. */
  | { readonly op: 'and'; readonly args: readonly Edge[] };

/** What a decision says when it is this one that decides. */
export interface Outcome {
  /** Index into effects. */
  readonly effect: number;
  /** Index into severities. */
  readonly severity: number | null;
  readonly reason: string;
  /** Plain text with holes; null for none. */
  readonly message: Template | null;
  readonly remediations: readonly string[];
  /** One per obligation that the effect declares, in declaration order; each value is JSON text with holes. */
  readonly obligations: readonly { readonly name: string; readonly value: Template }[];
}

export interface IrRule extends Outcome {
  /** `RULE`, `TABLE.LABEL` or `TABLE.N`. */
  readonly name: string;
  readonly cond: Edge;
  readonly tags: readonly string[];
  readonly shadow: boolean;
}

/** Constant texts and holes. A hole prints a scalar field, or (`list`) a list field of such scalars. */
export type Template = readonly (string | Hole)[];
export interface Hole {
  readonly field: FieldId;
  readonly format: Format;
  readonly scale: number;
  readonly list: boolean;
}

export const TRUE: Edge = 0;
export const FALSE: Edge = 1;
