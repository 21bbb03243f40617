// The single table of every operation of the machine: one row per operation, codes dense from 1 (0 is invalid).
// The verifier, the disassembler, the manual (grammar/bytecode.md) and the AssemblyScript constants are driven by it.
// Leaf module: it imports nothing.

/** What a `u16`/`u32` operand of an operation refers to; `none` operands must be zero (u16) or NONE. */
export type OperandRef = 'slot' | 'string' | 'set' | 'nums' | 'lang' | 'mask' | 'integer' | 'none';

/** Slot kinds that an operand accepts, as names of `SLOT_KINDS`; `any` accepts all. */
export type KindSet = readonly SlotKind[] | 'any';

/** How a slot gets its value. */
export const SLOT_VIAS = {
  /** The request itself: slot 0 and no other. */
  root: 1,
  /** The own property `key` of the parent, when the parent's value is an object. */
  member: 2,
  /** Template of the items of the parent list (or of an unknown that is an array): validated per item, holds no value. */
  element: 3,
  /** Template of the values of the parent map (or of an unknown that is an object): validated per entry, holds no value. */
  value: 4,
  /** The parent's own value read as this kind: of an unknown (absent when it is not of the kind), or one branch of a union. */
  view: 5,
  /** Variable of a quantifier over the parent (a list, or the values of an object); set per round. */
  bound: 6,
  /** Result of a CALC, COUNT or FIRST. */
  calc: 7,
  /** A constant, set once at load. */
  constant: 8,
} as const;
export type SlotVia = keyof typeof SLOT_VIAS;

/** Kinds of slot values. */
export const SLOT_KINDS = {
  bool: 1,
  int: 2,
  decimal: 3,
  number: 4,
  string: 5,
  timestamp: 6,
  date: 7,
  duration: 8,
  record: 9,
  map: 10,
  list: 11,
  unknown: 12,
  union: 13,
  /** A string that is an RFC 3339 date-time without offset. */
  localTimestamp: 14,
} as const;
export type SlotKind = keyof typeof SLOT_KINDS;

/** Bits of a KIND_IS mask: JSON types of a present value. */
export const JSON_KINDS = { null: 1, bool: 2, number: 4, string: 8, list: 16, object: 32 } as const;
export type JsonKind = keyof typeof JSON_KINDS;

/** Kinds that are stored as one number. */
export const NUMERIC_KINDS: readonly SlotKind[] = ['int', 'decimal', 'number', 'date', 'duration', 'bool'];
/** Kinds whose length or size may be limited. */
export const SIZED_KINDS: readonly SlotKind[] = ['string', 'list', 'map'];
export const OBJECT_KINDS: readonly SlotKind[] = ['record', 'map', 'unknown', 'union'];
export const LIST_KINDS: readonly SlotKind[] = ['list', 'unknown'];

export interface AtomRow {
  readonly code: number;
  readonly slot: KindSet;
  /** Kinds of the second slot, when there is one. */
  readonly other: KindSet | null;
  readonly b: OperandRef;
  readonly doc: string;
}

/** Atoms: total tests. On an absent slot every atom is false. */
export const ATOMS = {
  PRESENT: { code: 1, slot: 'any', other: null, b: 'none', doc: 'the slot has a value that is not null' },
  KIND_IS: {
    code: 2,
    slot: ['unknown'],
    other: null,
    b: 'mask',
    doc: 'the JSON type of the value, null included, is in the mask',
  },
  HAS_KEY: {
    code: 3,
    slot: OBJECT_KINDS,
    other: null,
    b: 'string',
    doc: 'the object has the own key b, whatever its value',
  },
  HAS_KEY_AT: {
    code: 4,
    slot: OBJECT_KINDS,
    other: ['string'],
    b: 'none',
    doc: 'the object has the own key that the other slot holds',
  },
  IN_STRINGS: {
    code: 5,
    slot: ['string'],
    other: null,
    b: 'set',
    doc: 'the string is in the set b of strings',
  },
  IN_NUMBERS: {
    code: 6,
    slot: NUMERIC_KINDS,
    other: null,
    b: 'set',
    doc: 'the number is in the set b of numbers',
  },
  RANGE: { code: 7, slot: NUMERIC_KINDS, other: null, b: 'nums', doc: 'NUMS[b] <= value <= NUMS[b+1]' },
  RANGE_TIME: {
    code: 8,
    slot: ['timestamp'],
    other: null,
    b: 'nums',
    doc: '(NUMS[b], NUMS[b+1]) <= (seconds, micros) <= (NUMS[b+2], NUMS[b+3]), lexicographically',
  },
  MATCH: { code: 9, slot: ['string'], other: null, b: 'lang', doc: 'the whole string is in the language b' },
  EQ_NUMBER: { code: 10, slot: NUMERIC_KINDS, other: NUMERIC_KINDS, b: 'none', doc: 'slot = other' },
  LT_NUMBER: { code: 11, slot: NUMERIC_KINDS, other: NUMERIC_KINDS, b: 'none', doc: 'slot < other' },
  LE_NUMBER: { code: 12, slot: NUMERIC_KINDS, other: NUMERIC_KINDS, b: 'none', doc: 'slot <= other' },
  EQ_TIME: { code: 13, slot: ['timestamp'], other: ['timestamp'], b: 'none', doc: 'slot = other' },
  LT_TIME: { code: 14, slot: ['timestamp'], other: ['timestamp'], b: 'none', doc: 'slot < other' },
  LE_TIME: { code: 15, slot: ['timestamp'], other: ['timestamp'], b: 'none', doc: 'slot <= other' },
  EQ_STRING: {
    code: 16,
    slot: ['string'],
    other: ['string'],
    b: 'none',
    doc: 'slot = other, code unit by code unit',
  },
  SCAN_CONTAINS: {
    code: 17,
    slot: ['string'],
    other: ['string'],
    b: 'none',
    doc: 'the other string occurs in the slot',
  },
  SCAN_PREFIX: {
    code: 18,
    slot: ['string'],
    other: ['string'],
    b: 'none',
    doc: 'the slot starts with the other string',
  },
  SCAN_SUFFIX: {
    code: 19,
    slot: ['string'],
    other: ['string'],
    b: 'none',
    doc: 'the slot ends with the other string',
  },
  KEYS_IN: {
    code: 20,
    slot: ['unknown'],
    other: null,
    b: 'set',
    doc: 'the value is an object and each own key is in the set b',
  },
  UNIQUE: {
    code: 21,
    slot: ['unknown'],
    other: null,
    b: 'none',
    doc: 'the value is an array in which no two scalar items are equal as JSON (1 and 1.0 are equal)',
  },
} as const satisfies { readonly [name: string]: AtomRow };
export type AtomOp = keyof typeof ATOMS;

export interface CalcRow {
  readonly code: number;
  readonly dst: KindSet;
  readonly a: KindSet | null;
  readonly b: KindSet | null;
  /** Whether `imm` is used; otherwise it must be zero. */
  readonly imm: boolean;
  readonly doc: string;
}

/**
 * CALC operations. Total: unless the row says otherwise the result is present exactly when all operands are.
 * Numbers are binary64; a result is `value + 0`, so that there is no negative zero, and absent when it is NaN.
 */
export const CALCS = {
  ADD: { code: 1, dst: NUMERIC_KINDS, a: NUMERIC_KINDS, b: NUMERIC_KINDS, imm: false, doc: 'a + b' },
  SUB: { code: 2, dst: NUMERIC_KINDS, a: NUMERIC_KINDS, b: NUMERIC_KINDS, imm: false, doc: 'a - b' },
  MUL: { code: 3, dst: NUMERIC_KINDS, a: NUMERIC_KINDS, b: NUMERIC_KINDS, imm: false, doc: 'a * b' },
  TIME_ADD: {
    code: 4,
    dst: ['timestamp'],
    a: ['timestamp'],
    b: ['duration'],
    imm: false,
    doc: 'a + b, exact; absent when milliseconds or seconds are beyond MAX_SAFE_INT',
  },
  TIME_SUB: {
    code: 5,
    dst: ['timestamp'],
    a: ['timestamp'],
    b: ['duration'],
    imm: false,
    doc: 'a - b, exact; absent when milliseconds or seconds are beyond MAX_SAFE_INT',
  },
  COALESCE: {
    code: 6,
    dst: 'any',
    a: 'any',
    b: 'any',
    imm: false,
    doc: 'a when present, else b (present when b is)',
  },
  SIZE: {
    code: 7,
    dst: ['int'],
    a: ['string', 'list', 'map', 'unknown'],
    b: null,
    imm: false,
    doc: 'code points of a string, items of a list, own keys of a map; of an unknown: items or keys, absent when it is neither array nor object',
  },
  LOWER: { code: 8, dst: ['string'], a: ['string'], b: null, imm: false, doc: 'ASCII letters to lower case' },
  UPPER: { code: 9, dst: ['string'], a: ['string'], b: null, imm: false, doc: 'ASCII letters to upper case' },
  DATE: {
    code: 10,
    dst: ['date'],
    a: ['timestamp'],
    b: null,
    imm: true,
    doc: 'calendar day of a at the offset of imm minutes',
  },
  WEEKDAY: {
    code: 11,
    dst: ['int'],
    a: ['timestamp'],
    b: null,
    imm: true,
    doc: '1 (Monday) to 7 at the offset of imm minutes',
  },
  MINUTE_OF_DAY: {
    code: 12,
    dst: ['int'],
    a: ['timestamp'],
    b: null,
    imm: true,
    doc: '0 to 1439 at the offset of imm minutes',
  },
  AT: {
    code: 13,
    dst: 'any',
    a: LIST_KINDS,
    b: null,
    imm: true,
    doc: 'item imm of the list a; absent when there is none',
  },
  GET: {
    code: 14,
    dst: 'any',
    a: ['map', 'unknown'],
    b: ['string'],
    imm: false,
    doc: 'value under the own key b of the object a; absent when there is none',
  },
  NORM: {
    code: 15,
    dst: ['string'],
    a: ['string'],
    b: null,
    imm: false,
    doc: 'a normalised as a path; absent when a is empty or holds NUL',
  },
  SET: { code: 16, dst: ['bool'], a: null, b: null, imm: true, doc: 'the truth value imm (0 or 1)' },
} as const satisfies { readonly [name: string]: CalcRow };
export type CalcOp = keyof typeof CALCS;

export interface NodeRow {
  readonly code: number;
  readonly a: 'atom' | 'switch' | 'rule' | 'effect' | 'calc' | 'quant' | 'end';
  /** Whether F is used; otherwise F equals T. */
  readonly branches: boolean;
  readonly doc: string;
}

/** Nodes of the forward branch graph. */
export const NODES = {
  TEST: { code: 1, a: 'atom', branches: true, doc: 'atom a: T or F' },
  SWITCH: {
    code: 2,
    a: 'switch',
    branches: false,
    doc: 'go to the arm of the string that the slot holds; no arm or absent: default. T = F = the default node',
  },
  HIT: { code: 3, a: 'rule', branches: false, doc: 'rule a matches: add it to the hit set, go to T' },
  BAR: {
    code: 4,
    a: 'effect',
    branches: false,
    doc: 'end of the stratum of effect a; `decide` stops here when the stratum has a hit',
  },
  CALC: {
    code: 5,
    a: 'calc',
    branches: false,
    doc: 'compute the calc a (once, when it is memoised), go to T',
  },
  ANY: {
    code: 6,
    a: 'quant',
    branches: true,
    doc: 'run the body per item until it says true: T, else F. Empty, absent or too large: F',
  },
  ALL: {
    code: 7,
    a: 'quant',
    branches: true,
    doc: 'run the body per item until it says false: F, else T. Empty: T; absent or too large: F',
  },
  COUNT: {
    code: 8,
    a: 'quant',
    branches: false,
    doc: 'number of items for which the body says true, into dst',
  },
  FIRST: {
    code: 9,
    a: 'quant',
    branches: false,
    doc: 'first item for which the body says true, into dst; absent when there is none',
  },
  END: {
    code: 10,
    a: 'end',
    branches: false,
    doc: 'a = 0: end of the program; 1 or 2: the body says true or false. T = F = 0',
  },
} as const satisfies { readonly [name: string]: NodeRow };
export type NodeOp = keyof typeof NODES;

/** Kinds of languages. */
export const LANGS = {
  /** Contains any text of the set, as the automaton says: only it decides. */
  contains: 1,
  /** Starts with any text of the set; no automaton. */
  prefix: 2,
  /** Ends with any text of the set; no automaton. */
  suffix: 3,
  /** Matches any pattern of the set, in the canonical writing of its kind; the automaton decides. */
  glob: 4,
  dotted: 5,
  path: 6,
} as const;
export type LangKind = keyof typeof LANGS;

/** Formats of a hole in a fragment; `LIST_FLAG` added when the slot is a list (or an unknown, printed as null unless it is an array) of such values. */
export const FORMATS = {
  string: 1,
  bool: 2,
  int: 3,
  decimal: 4,
  timestamp: 5,
  date: 6,
  duration: 7,
} as const;
export type Format = keyof typeof FORMATS;
export const LIST_FLAG = 0x80;

/** Bits of SLOT.flags. */
export const SLOT_FLAGS = {
  /** Absent is allowed. */
  optional: 1,
  /** null is allowed and reads as absent. (An optional typed slot accepts null too.) */
  nullable: 2,
  /** Keys outside the slot's set make the request invalid. */
  closed: 4,
  /** No two items may be equal. */
  unique: 8,
  /** An atom IN_STRINGS, a SWITCH or an allowed set reads this string: hosts may pass its dictionary id. */
  needsId: 16,
  /** An atom or calc looks into the text of this string. */
  scanned: 32,
} as const;

/** Bits of CALC.flags and QUANT.flags. */
export const MEMO_FLAG = 1;
/** Bit of QUANT.flags: iterate over the own values of an object instead of the items of an array. */
export const VALUES_FLAG = 2;
/** Bit of RULE.flags: evaluated and reported, never decides. */
export const SHADOW_FLAG = 1;

/**
 * Codes of `invalid.code`: those of the text, then in the order in which they are checked on one value. A text is judged `utf8` right
 * after `too_large`; a string in an object, where a lone surrogate can stand, as `utf8` where the code is listed.
 */
export const INVALID_CODES = [
  'too_large',
  'json',
  'depth',
  'duplicate_key',
  'not_plain',
  'number',
  'utf8',
  'required',
  'type',
  'limit',
  'enum',
  'range',
  'multiple_of',
  'length',
  'format',
  'size',
  'unknown_key',
  'no_branch',
  'not_unique',
] as const;
export type InvalidCode = (typeof INVALID_CODES)[number];

/** Built-in reason codes. */
export const REASON_INVALID = 'INVALID_REQUEST';
export const REASON_DEFAULT = 'NO_RULE_MATCHED';

/** Keys of a decision, in RFC 8785 order. */
export const DECISION_KEYS = [
  'effect',
  'invalid',
  'matched',
  'message',
  'obligations',
  'policy',
  'reason',
  'remediations',
  'rule',
  'severity',
  'shadowed',
] as const;
