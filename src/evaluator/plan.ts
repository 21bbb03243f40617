// The projection of a bundle, prepared: one record of one class per slot, in slot order. A slot's subtree is the contiguous run behind it.

import type { Bundle, Slot } from '../bytecode/bundle.ts';
import { MAX_DECIMAL, MAX_DEPTH, MAX_SAFE_INT, MAX_STRING_BYTES } from '../bytecode/limits.ts';
import type { SlotKind } from '../bytecode/opcodes.ts';
import { POWERS_OF_TEN } from '../value/number.ts';
import { siteOf } from './load-sites.ts';

/** How the projection comes to a slot's value. */
export enum Step {
  Root = 0,
  /** Member of a typed object: its parent is known to be an object when it is reached. */
  Member = 1,
  /** Member below an unknown, where the parent may be anything. */
  LooseMember = 2,
  View = 3,
  /** View of a union. */
  Branch = 4,
  Element = 5,
  Value = 6,
  /** Bound, calc, constant: not projected. */
  Later = 7,
}

/** When to ask whether a member of an object with the usual prototype is its own. */
export enum Guard {
  /** Not at all: `Object.prototype` has no such member, and a required one that is not there is missed anyway. */
  None = 0,
  /** When there is a value: most often an optional member is simply not there. */
  After = 1,
  /** Always: `Object.prototype` has such a member. */
  Before = 2,
  /** The slot is no member of a typed object. */
  NoMember = 3,
}

/** Members for which the common case is decided in the projection loop itself. */
export enum Fast {
  None = 0,
  Bool = 1,
  Int = 2,
  Decimal = 3,
  Text = 4,
  /** One of a few texts. */
  Enum = 5,
  /** One of many texts. */
  LargeEnum = 6,
  Record = 7,
}

/** Texts up to which comparing with each beats a hash table; at most 31, see `Plan.texts`. */
const MAX_ENUM = 16;

/** The own keys of `Object.prototype` in the standard: a read of one must be an own read. */
const PROTOTYPE_KEYS: ReadonlySet<string> = new Set([
  '__defineGetter__',
  '__defineSetter__',
  '__lookupGetter__',
  '__lookupSetter__',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'isPrototypeOf',
  'propertyIsEnumerable',
  'toLocaleString',
  'toString',
  'valueOf',
]);

/** A code unit has at most three bytes in UTF-8. */
export const SAFE_UNITS = Math.floor(MAX_STRING_BYTES / 3);

const NUMERIC: ReadonlySet<SlotKind> = new Set([
  'bool',
  'int',
  'decimal',
  'number',
  'timestamp',
  'date',
  'duration',
]);

/** Whether values of the kind live in the numbers of a projection (absent: NaN) and not among its values (absent: undefined). */
export function isNumeric(kind: SlotKind): boolean {
  return NUMERIC.has(kind);
}

// `declare`: a field that is defined before it is assigned begins as undefined, and the engine then never trusts it to be a number.
export class Plan {
  declare readonly slot: number;
  declare readonly step: Step;
  declare readonly fast: Fast;
  declare readonly kind: SlotKind;
  declare readonly parent: number;
  declare readonly key: string;
  declare readonly site: number;
  /** Slot behind the subtree. */
  declare readonly end: number;
  declare readonly guard: Guard;
  declare readonly mayBeAbsent: boolean;
  declare readonly mayBeNull: boolean;
  declare readonly lo: number;
  declare readonly hi: number;
  declare readonly scale: number;
  declare readonly power: number;
  declare readonly minLength: number;
  declare readonly maxLength: number;
  /** Code units between which a string keeps every bound on its length without counting. */
  declare readonly minUnits: number;
  declare readonly maxUnits: number;
  declare readonly allowedTexts: ReadonlySet<string> | null;
  /** The texts of a `Fast.Enum`: the slot's number is the id of the one that it holds, its place here counted from 1. */
  declare readonly texts: readonly string[];
  /** Ids of texts by which the code branches, for slots that are no `Fast.Enum`; the slot's number is the id, or 0 for any other text. */
  declare readonly ids: ReadonlyMap<string, number> | null;
  declare readonly allowedNumbers: ReadonlySet<number> | null;
  declare readonly closed: ReadonlySet<string> | null;
  declare readonly discriminator: string;
  declare readonly branches: ReadonlySet<string> | null;
  /** Below an unknown: nothing about types is an error. */
  declare readonly loose: boolean;
  /** Bound, calc or constant, or below such a slot: its value was judged where it stands in the request. */
  declare readonly later: boolean;
  /** Of these, those with limits: a value that does not keep them is absent. */
  declare readonly limited: boolean;
  declare readonly unique: boolean;
  declare readonly hasElement: boolean;
  /** Slot of the template of an object's values, or 0. */
  declare readonly valueTemplate: number;
  declare readonly hasChildren: boolean;
  /** Nesting of the containers of this slot; the request is 1. */
  declare readonly depth: number;

  constructor(
    index: number,
    bundle: Bundle,
    shape: Shape,
    parent: Plan | null,
    keys: ReadonlySet<string> | undefined,
  ) {
    const slot = bundle.slots[index]!;
    const limits = slot.limits;
    const set = limits === null || limits.set === null ? null : bundle.sets[limits.set]!;
    this.slot = index;
    this.kind = slot.kind;
    this.loose = parent !== null && (parent.loose || parent.kind === 'unknown' || parent.step === Step.Later);
    this.step = stepOf(slot, this.loose);
    this.later = this.step === Step.Later || parent?.later === true;
    this.limited = this.later && limits !== null;
    this.parent = slot.parent ?? 0;
    this.key = slot.via === 'member' ? intern(slot.key ?? '') : '';
    this.site = slot.via === 'member' ? siteOf(this.key) : 0;
    this.end = shape.end;
    this.mayBeAbsent = slot.optional;
    this.mayBeNull = slot.optional || slot.nullable;
    this.guard = guardOf(this);
    const bound = slot.kind === 'int' ? MAX_SAFE_INT : slot.kind === 'decimal' ? MAX_DECIMAL : Infinity;
    this.lo = Math.max(limits?.min ?? -Infinity, -bound);
    this.hi = Math.min(limits?.max ?? Infinity, bound);
    this.scale = slot.scale;
    this.power = POWERS_OF_TEN[slot.scale] ?? 1;
    this.minLength = limits?.minLength ?? 0;
    this.maxLength = limits?.maxLength ?? Infinity;
    this.minUnits = 2 * this.minLength;
    this.maxUnits = Math.min(this.maxLength, SAFE_UNITS);
    this.allowedTexts = set?.of === 'string' ? new Set(set.items.map(intern)) : null;
    this.allowedNumbers = set?.of === 'number' ? new Set(set.items) : null;
    this.closed = slot.closed ? stringSet(bundle, slot.set) : null;
    this.discriminator = slot.discriminator ?? '';
    this.branches = slot.kind === 'union' ? stringSet(bundle, slot.set) : stringSet(bundle, slot.branch);
    this.unique = slot.unique;
    this.hasChildren = shape.end > index + 1;
    this.hasElement = shape.hasElement;
    this.valueTemplate = shape.valueTemplate;
    this.depth = (parent?.depth ?? 0) + (slot.via === 'view' ? 0 : 1);
    const isFast = this.step === Step.Member || (this.step === Step.Root && this.kind === 'record');
    this.fast = isFast ? fastOf(this) : Fast.None;
    this.texts = this.fast === Fast.Enum ? [...this.allowedTexts!] : [];
    this.ids = this.step === Step.Member && this.kind === 'string' ? idsOf(this, keys) : null;
  }
}

function stepOf(slot: Slot, loose: boolean): Step {
  switch (slot.via) {
    case 'root':
      return Step.Root;
    case 'member':
      return loose ? Step.LooseMember : Step.Member;
    case 'view':
      return slot.branch === null ? Step.View : Step.Branch;
    case 'element':
      return Step.Element;
    case 'value':
      return Step.Value;
    default:
      return Step.Later;
  }
}

function guardOf(plan: Plan): Guard {
  if (plan.step !== Step.Member) return Guard.NoMember;
  if (PROTOTYPE_KEYS.has(plan.key)) return Guard.Before;
  return plan.mayBeAbsent ? Guard.After : Guard.None;
}

function fastOf(plan: Plan): Fast {
  const free = plan.minLength === 0 && plan.maxLength === Infinity;
  switch (plan.kind) {
    case 'bool':
      return plan.allowedNumbers === null && plan.lo <= 0 && plan.hi >= 1 ? Fast.Bool : Fast.None;
    case 'int':
      return plan.allowedNumbers === null ? Fast.Int : Fast.None;
    case 'decimal':
      return plan.allowedNumbers === null ? Fast.Decimal : Fast.None;
    case 'string':
      if (plan.allowedTexts === null) return Fast.Text;
      if (!free || [...plan.allowedTexts].some((text) => text.length > SAFE_UNITS)) return Fast.None;
      return plan.allowedTexts.size <= MAX_ENUM ? Fast.Enum : Fast.LargeEnum;
    case 'record':
      return free && plan.closed === null && plan.depth <= MAX_DEPTH ? Fast.Record : Fast.None;
    default:
      return Fast.None;
  }
}

function idsOf(plan: Plan, keys: ReadonlySet<string> | undefined): ReadonlyMap<string, number> | null {
  const texts = plan.fast === Fast.LargeEnum ? plan.allowedTexts : plan.fast === Fast.Text ? keys : undefined;
  return texts ? new Map([...texts].map((text, i) => [text, i + 1])) : null;
}

/** The id of a text in the number of the slot; undefined when the slot has no ids at all. */
export function idOf(plan: Plan, text: string): number | undefined {
  if (plan.fast === Fast.Enum) return plan.texts.indexOf(text) + 1;
  return plan.ids === null ? undefined : (plan.ids.get(text) ?? 0);
}

/** Per slot, the keys of every SWITCH over it. */
function switchKeys(bundle: Bundle): Map<number, Set<string>> {
  const keys = new Map<number, Set<string>>();
  for (const { slot, arms } of bundle.switches) {
    let known = keys.get(slot);
    if (known === undefined) {
      known = new Set();
      keys.set(slot, known);
    }
    for (const arm of arms) known.add(intern(arm.key));
  }
  return keys;
}

function stringSet(bundle: Bundle, index: number | null): ReadonlySet<string> | null {
  const set = index === null ? undefined : bundle.sets[index];
  return set?.of === 'string' ? new Set(set.items) : null;
}

/** The engine's own copy of a text, which compares with the keys and short values of parsed JSON by identity. */
export function intern(text: string): string {
  return Object.keys({ [text]: 0 })[0]!;
}

/** What a plan must know of the slots behind it. */
interface Shape {
  end: number;
  hasElement: boolean;
  valueTemplate: number;
}

/** The plans of all slots. */
export function plansOf(bundle: Bundle): Plan[] {
  const shapes = shapesOf(bundle.slots);
  const keys = switchKeys(bundle);
  const plans: Plan[] = [];
  for (const [index, slot] of bundle.slots.entries()) {
    const parent = slot.parent === null || startsRun(slot) ? null : plans[slot.parent]!;
    plans.push(new Plan(index, bundle, shapes[index]!, parent, keys.get(index)));
  }
  return plans;
}

/** Whether the slot is the root of a run of its own instead of a part of its parent's. */
function startsRun(slot: Slot): boolean {
  return slot.via === 'bound' || slot.via === 'calc' || slot.via === 'constant' || slot.via === 'root';
}

function shapesOf(slots: readonly Slot[]): Shape[] {
  const shapes = slots.map((_, index): Shape => ({ end: index + 1, hasElement: false, valueTemplate: 0 }));
  for (let i = slots.length - 1; i > 0; i--) {
    const slot = slots[i]!;
    if (startsRun(slot) || slot.parent === null) continue;
    const parent = shapes[slot.parent]!;
    parent.end = Math.max(parent.end, shapes[i]!.end);
    if (slot.via === 'element') parent.hasElement = true;
    if (slot.via === 'value') parent.valueTemplate = i;
  }
  return shapes;
}
