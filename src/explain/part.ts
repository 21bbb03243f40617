// What an explanation says of a condition, as data: a tree of parts with their truth, the values that were read, and the items looked at.

import type { JsonKind } from '../bytecode/opcodes.ts';

/** A value that a test reads. */
export interface Read {
  /** In the policy's words. */
  readonly text: string;
  /** Where in the request; null for what is computed, and where a step on the way there is missing. */
  readonly pointer: string | null;
  /**
   * `absent`: nothing is there. `null`: null is there. `other`: something is there that cannot be read as what the policy reads here.
   */
  readonly state: 'value' | 'absent' | 'null' | 'other';
  /** What the policy reads here. */
  readonly expected: string;
  readonly type: JsonKind | null;
  /** Of a scalar the value itself. */
  readonly value: string | number | boolean | null;
  /** Of a list its items, of an object its members. */
  readonly size: number | null;
}

/** A look at the items of a list, or the values of an object. */
export interface Look {
  readonly kind: 'any' | 'all' | 'count' | 'first';
  readonly over: Read;
  /** How many there are; null when there is no list. */
  readonly checked: number | null;
  /** For how many of them the condition holds. */
  readonly holding: number;
  /** The items that make it what it is, and those shown beside them. */
  readonly items: readonly LookItem[];
  /** Items that are not shown. */
  readonly omitted: number;
}

export interface LookItem {
  readonly pointer: string | null;
  readonly holds: boolean;
  readonly condition: Part;
}

export interface Part {
  readonly kind: 'and' | 'or' | 'not' | 'test' | 'any' | 'all' | 'constant';
  readonly text: string;
  readonly holds: boolean;
  /** The truth of the whole above hangs on this part. */
  readonly decisive: boolean;
  readonly reads: readonly Read[];
  readonly looks: readonly Look[];
  /** Those that decide come first. */
  readonly parts: readonly Part[];
  /** Parts that are not shown. */
  readonly omitted: number;
}
