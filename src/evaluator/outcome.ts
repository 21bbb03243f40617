// What each rule contributes to a decision, prepared from its record. Parsed and frozen parts are made when they are first needed, so
// that loading a bundle does not pay for rules that never match.

import type { Bundle, Fragment, Piece, Rule } from '../bytecode/bundle.ts';
import { MAX_MESSAGE, MAX_OBLIGATION_BYTES, MAX_SAFE_INT } from '../bytecode/limits.ts';
import { decimalJson, decimalText, toScaled } from '../value/number.ts';
import { truncateCodePoints, utf8Length } from '../value/text.ts';
import {
  formatDate,
  formatDuration,
  formatTimestamp,
  parseDate,
  parseDuration,
  parseTimestamp,
} from '../value/time.ts';
import type { Slots } from './slots.ts';

/** A rule in `matched` and `shadowed`. */
export interface RuleEntry {
  readonly effect: string;
  readonly reason: string;
  readonly rule: string;
  readonly severity: string | null;
  readonly tags: readonly string[];
}

/** The obligations of one rule; `rule` is null for the default and the invalid request. */
export interface ObligationEntry {
  readonly rule: string | null;
  readonly values: { readonly [name: string]: ObligationValue };
}
export type ObligationValue =
  | string
  | number
  | boolean
  | readonly (string | number | boolean | null)[]
  | null;

/** What `decide` gives. Frozen, and shared between calls unless an obligation copies a field of the request. */
export interface Outcome {
  readonly effect: string;
  readonly reason: string;
  readonly rule: string | null;
  readonly severity: string | null;
  readonly obligations: readonly ObligationEntry[];
}

/** Thrown while a decision is written: its obligations are more than MAX_OBLIGATION_BYTES. */
export class TooLarge extends Error {}

/** One row of the rule table of a bundle. */
export class RuleOutcome {
  readonly index: number;
  readonly strength: number;
  readonly effect: string;
  readonly severity: string | null;
  readonly reason: string;
  readonly rule: string | null;
  readonly remediations: readonly string[];
  readonly hasMessage: boolean;
  readonly hasObligations: boolean;
  /** Whether it has obligations or remediations. */
  readonly brings: boolean;
  /** Whether the obligations are the same in every decision. */
  readonly isConstant: boolean;
  readonly matchedJson: string;
  readonly #message: Fragment;
  readonly #obligations: Fragment;
  #entry: RuleEntry | null = null;
  #constant: ObligationEntry | null = null;
  #outcome: Outcome | null = null;

  constructor(index: number, row: Rule, bundle: Bundle) {
    this.index = index;
    this.strength = row.effect;
    this.effect = bundle.effects[row.effect]!;
    this.severity = row.severity === null ? null : bundle.severities[row.severity]!;
    this.reason = row.reason;
    this.rule = row.name;
    this.remediations = row.remediations;
    this.hasMessage = row.message !== null;
    this.hasObligations = row.obligations !== null;
    this.brings = this.hasObligations || row.remediations.length > 0;
    this.#message = row.message ?? [];
    this.#obligations = row.obligations ?? [];
    this.isConstant = this.#obligations.every((piece) => piece.hole === null);
    this.matchedJson = row.matched?.map((piece) => piece.text).join('') ?? '';
  }

  /** The entry in `matched`, frozen and shared. */
  get entry(): RuleEntry {
    this.#entry ??= parseFrozen(this.matchedJson) as RuleEntry;
    return this.#entry;
  }

  /** The outcome when this rule decides and its own obligations, if any, are constant and the only ones. */
  get outcome(): Outcome {
    this.#outcome ??= this.outcomeWith(this.hasObligations ? [this.constantObligation()] : []);
    return this.#outcome;
  }

  outcomeWith(obligations: readonly ObligationEntry[]): Outcome {
    return Object.freeze({
      effect: this.effect,
      reason: this.reason,
      rule: this.rule,
      severity: this.severity,
      obligations: Object.freeze(obligations),
    });
  }

  /** The entry in `obligations` of a rule whose arguments are constant, frozen and shared. */
  constantObligation(): ObligationEntry {
    this.#constant ??= parseFrozen(this.#obligations.map((piece) => piece.text).join('')) as ObligationEntry;
    return this.#constant;
  }

  /** The entry in `obligations` of which this is the text. Parsing what `evaluateJson` writes keeps both forms equal. */
  obligation(json: string): ObligationEntry {
    return this.isConstant ? this.constantObligation() : (parseFrozen(json) as ObligationEntry);
  }

  obligationJson(slots: Slots): string {
    let text = '';
    for (const piece of this.#obligations) {
      text += piece.text;
      if (piece.hole !== null) text += holeJson(slots, piece.hole);
      // A code unit has a byte or more.
      if (text.length > MAX_OBLIGATION_BYTES) throw new TooLarge();
    }
    return text;
  }

  message(slots: Slots): string | null {
    if (!this.hasMessage) return null;
    let text = '';
    for (const piece of this.#message) {
      text += piece.text;
      if (piece.hole !== null) text += holeText(slots, piece.hole);
      // A code point has at most two units: what is still to come would be cut off.
      if (text.length > 2 * MAX_MESSAGE) break;
    }
    return truncateCodePoints(text, MAX_MESSAGE);
  }
}

/** The obligations of the rules as JSON, one text for each that has some. Throws TooLarge. */
export function obligationTexts(rules: readonly RuleOutcome[], slots: Slots): string[] {
  const texts: string[] = [];
  // Of the list the brackets, and a comma between two.
  let units = 1;
  for (const rule of rules) {
    if (!rule.hasObligations) continue;
    const text = rule.obligationJson(slots);
    units += text.length + 1;
    if (units > MAX_OBLIGATION_BYTES) throw new TooLarge();
    texts.push(text);
  }
  // A code unit has three bytes at most: most decisions need not be measured.
  if (3 * units > MAX_OBLIGATION_BYTES) {
    const bytes = texts.reduce((sum, text) => sum + utf8Length(text) + 1, 1);
    if (bytes > MAX_OBLIGATION_BYTES) throw new TooLarge();
  }
  return texts;
}

function parseFrozen(json: string): unknown {
  return JSON.parse(json, (_key, value: unknown) => Object.freeze(value));
}

type Hole = NonNullable<Piece['hole']>;

/** A value as JSON; what is absent is null. */
function holeJson(slots: Slots, hole: Hole): string {
  if (!hole.list) return slotJson(slots, hole);
  const list = slots.values[hole.slot];
  if (!Array.isArray(list)) return 'null';
  const items: string[] = [];
  let units = 0;
  for (const item of list as readonly unknown[]) {
    const json = itemJson(item, hole);
    units += json.length;
    if (units > MAX_OBLIGATION_BYTES) throw new TooLarge();
    items.push(json);
  }
  return `[${items.join(',')}]`;
}

function slotJson(slots: Slots, hole: Hole): string {
  if (!slots.isPresent(hole.slot)) return 'null';
  switch (hole.format) {
    case 'bool':
    case 'int':
      return slotText(slots, hole);
    case 'decimal':
      return decimalJson(numberOf(slots, hole), hole.scale);
    default:
      return JSON.stringify(slotText(slots, hole));
  }
}

/** A value as plain text; what is absent is nothing. */
function holeText(slots: Slots, hole: Hole): string {
  return slots.isPresent(hole.slot) ? slotText(slots, hole) : '';
}

/** Beyond these days a date is printed as the nearest of them. */
const MAX_DAYS = 1e11;

// Arithmetic can lead beyond what a kind holds; the text is then that of the nearest number that integers reach exactly.
function numberOf(slots: Slots, hole: Hole): number {
  const bound = hole.format === 'date' ? MAX_DAYS : MAX_SAFE_INT;
  return Math.min(Math.max(slots.nums[hole.slot]!, -bound), bound);
}

function slotText(slots: Slots, hole: Hole): string {
  const number = numberOf(slots, hole);
  switch (hole.format) {
    case 'string':
      return slots.values[hole.slot] as string;
    case 'bool':
      return number !== 0 ? 'true' : 'false';
    case 'int':
      return String(number);
    case 'decimal':
      return decimalText(number, hole.scale);
    case 'timestamp':
      return formatTimestamp(number, slots.micros[hole.slot]!);
    case 'date':
      return formatDate(number);
    case 'duration':
      return formatDuration(number);
  }
}

/** An item of a list as JSON, in canonical writing; null for what is not of the format. */
function itemJson(item: unknown, hole: Hole): string {
  switch (hole.format) {
    case 'bool':
      return typeof item === 'boolean' ? String(item) : 'null';
    case 'int':
      return typeof item === 'number' && Number.isSafeInteger(item) ? String(item + 0) : 'null';
    case 'decimal': {
      const scaled = typeof item === 'number' ? toScaled(item, hole.scale) : null;
      return scaled === null ? 'null' : decimalJson(scaled, hole.scale);
    }
    default: {
      const text = typeof item === 'string' ? canonicalText(item, hole) : null;
      return text === null ? 'null' : JSON.stringify(text);
    }
  }
}

function canonicalText(text: string, hole: Hole): string | null {
  switch (hole.format) {
    case 'timestamp': {
      const time = parseTimestamp(text);
      return time === null ? null : formatTimestamp(time.seconds, time.micros);
    }
    case 'date': {
      const days = parseDate(text);
      return days === null ? null : formatDate(days);
    }
    case 'duration': {
      const ms = parseDuration(text);
      return ms === null ? null : formatDuration(ms);
    }
    default:
      return text;
  }
}
