// The projection: reads exactly the slots of the bundle out of a request, validates and converts them, and stops at the first error in
// slot order. `#run` decides the common case of a member; everything else, and every doubt, goes to `#judge`, which knows the whole order of
// the checks. Recursion follows templates, whose nesting the contract's depth limit bounds; never the data alone.

import type { Bundle } from '../bytecode/bundle.ts';
import { MAX_DEPTH, MAX_LIST_ITEMS, MAX_MAP_ENTRIES, MAX_NODES } from '../bytecode/limits.ts';
import { isWellFormed } from '../value/text.ts';
import { checkPlain, checkTyped, mistyped } from './check.ts';
import * as code from './invalid.ts';
import { ABSENT, PRESENT } from './invalid.ts';
import { load, type PlainObject } from './load-sites.ts';
import { guarded, isPrototypePolluted, isUsualObject, isUsualRequest } from './member.ts';
import { everyMember, isObject, memberCount, ownMember } from './plain.ts';
import { Fast, Guard, isNumeric, type Plan, plansOf, Step } from './plan.ts';
import { isTypedMap, outermostMap, pointerTo } from './pointer.ts';
import { Slots } from './slots.ts';

const hasOwn = Object.prototype.hasOwnProperty;
const objectPrototype: object = Object.prototype;
const arrayPrototype: object = Array.prototype;

export class Projection {
  readonly slots: Slots;
  /** Where the error is, after `project` has returned a code. */
  pointer = '';
  readonly #plans: readonly Plan[];
  readonly #values: unknown[];
  readonly #nums: Float64Array;
  readonly #end: number;
  /** Own members, items and map entries met so far. */
  #nodes = 0;
  /** The limit of nodes is crossed: no further value is judged. */
  #exhausted = false;
  /** Every read must be an own read: some object here has an unusual prototype. */
  #ownOnly = false;

  constructor(bundle: Bundle) {
    this.#plans = plansOf(bundle);
    this.slots = new Slots(bundle, this.#plans);
    this.#values = this.slots.values;
    this.#nums = this.slots.nums;
    this.#end = this.#plans[0]!.end;
  }

  /** Fills the slots. The result is 0 or the number of the first error's code. May throw what getters and proxies throw. */
  project(request: unknown): number {
    this.pointer = '';
    this.#nodes = 0;
    this.#exhausted = false;
    this.#ownOnly = isPrototypePolluted();
    this.slots.reset();
    const root = this.#plans[0]!;
    if (root.fast === Fast.Record && isUsualRequest(request)) this.#values[0] = request;
    else {
      const found = request === undefined ? code.NOT_PLAIN : this.#judge(root, request);
      if (found > PRESENT) return found;
      if (found === ABSENT) {
        this.slots.clear(0, this.#end);
        return PRESENT;
      }
    }
    return this.#run(1, this.#end, 0);
  }

  /** Goes through the slots from..to. `within`: the outermost slot whose map an error here may be told at. */
  #run(from: number, to: number, within: number): number {
    if (this.#ownOnly) return this.#runOwn(from, to, within);
    const plans = this.#plans;
    const values = this.#values;
    const nums = this.#nums;
    const maxNodes = MAX_NODES;
    let nodes = this.#nodes;
    let i = from;
    while (i < to) {
      const plan = plans[i]!;
      let value: unknown;
      if (plan.guard !== Guard.NoMember) {
        const parent = values[plan.parent] as PlainObject;
        value = plan.guard === Guard.None ? load(plan.site, parent, plan.key) : guarded(plan, parent);
        if (value !== undefined && ++nodes > maxNodes) return this.#fail(plan, this.#exhaust());
        // The common case of each kind is stored here. Written out, because the engine inlines no function this large.
        switch (plan.fast) {
          case Fast.Int:
            if (
              typeof value === 'number' &&
              value >= plan.lo &&
              value <= plan.hi &&
              Math.floor(value) === value
            ) {
              nums[i++] = value + 0;
              continue;
            }
            break;
          case Fast.Decimal:
            if (typeof value === 'number') {
              const scaled = Math.round(value * plan.power);
              if (scaled / plan.power === value && scaled >= plan.lo && scaled <= plan.hi) {
                nums[i++] = scaled + 0;
                continue;
              }
            }
            break;
          case Fast.Bool:
            if (typeof value === 'boolean') {
              nums[i++] = value ? 1 : 0;
              continue;
            }
            break;
          case Fast.Enum: {
            // Without a branch on the data, which no processor could predict.
            const texts = plan.texts;
            let id = 0;
            for (let k = 0; k < texts.length; ) {
              const isHere = texts[k] === value;
              id += ++k * Number(isHere);
            }
            if (id > 0) {
              nums[i] = id;
              values[i++] = value;
              continue;
            }
            break;
          }
          case Fast.LargeEnum: {
            const id = plan.ids!.get(value as string);
            if (id !== undefined) {
              nums[i] = id;
              values[i++] = value;
              continue;
            }
            break;
          }
          case Fast.Text:
            if (
              typeof value === 'string' &&
              value.length <= plan.maxUnits &&
              value.length >= plan.minUnits &&
              isWellFormed(value)
            ) {
              if (plan.ids !== null) nums[i] = plan.ids.get(value) ?? 0;
              values[i++] = value;
              continue;
            }
            break;
          case Fast.Record:
            if (isUsualObject(plan.site, value)) {
              values[i++] = value;
              continue;
            }
            break;
          default:
        }
      }
      this.#nodes = nodes;
      const found = plan.guard === Guard.NoMember ? this.#step(plan) : this.#member(plan, value);
      if (found > PRESENT) return this.#atMap(plan, found, within);
      nodes = this.#nodes;
      i = found === PRESENT ? i + 1 : plan.end;
      if (this.#ownOnly) return this.#runOwn(i, to, within);
    }
    this.#nodes = nodes;
    return PRESENT;
  }

  /** The same, for requests in which not everything that can be read is their own. */
  #runOwn(from: number, to: number, within: number): number {
    let i = from;
    while (i < to) {
      const plan = this.#plans[i]!;
      let found: number;
      if (plan.guard === Guard.NoMember) found = this.#step(plan);
      else {
        const value = ownMember(this.#values[plan.parent], plan.key);
        if (value !== undefined && ++this.#nodes > MAX_NODES) return this.#fail(plan, this.#exhaust());
        found = this.#member(plan, value);
      }
      if (found > PRESENT) return this.#atMap(plan, found, within);
      i = found === PRESENT ? i + 1 : plan.end;
    }
    return PRESENT;
  }

  /** A member of a typed object that is not the common case. */
  #member(plan: Plan, value: unknown): number {
    const found = this.#judge(plan, value);
    if (found === ABSENT) this.slots.clear(plan.slot, plan.end);
    return this.#failing(plan, found);
  }

  /** An error below a typed map is told at the outermost one, with the earliest code of all its entries. */
  #atMap(plan: Plan, found: number, within: number): number {
    const map = outermostMap(this.#plans, plan, within);
    if (map === null) return found;
    const earliest = this.#earliest(map, found);
    return this.#fail(map, earliest);
  }

  /** The earliest code of an error in a map and of the errors in the entries that are read by their keys. */
  #earliest(map: Plan, found: number): number {
    let earliest = found;
    for (let i = map.slot + 1; i < map.end && !this.#exhausted; i = this.#plans[i]!.end) {
      if (this.#plans[i]!.step !== Step.Member) continue;
      const other = this.#run(i, this.#plans[i]!.end, i);
      if (other > PRESENT) earliest = Math.min(earliest, other);
    }
    return earliest;
  }

  #fail(plan: Plan, found: number): number {
    this.pointer = pointerTo(this.#plans, plan);
    return found;
  }

  #exhaust(): number {
    this.#exhausted = true;
    return code.LIMIT;
  }

  /** Everything but a member of a typed object: PRESENT goes on behind the slot itself, ABSENT behind its subtree. */
  #step(plan: Plan): number {
    const parent = this.slots.values[plan.parent];
    switch (plan.step) {
      case Step.Element:
        return Array.isArray(parent) ? this.#items(plan, parent) : ABSENT;
      case Step.Value:
        // The entries of a typed map were judged with the map.
        return isObject(parent) && !isTypedMap(this.#plans[plan.parent]!)
          ? this.#entries(plan, parent)
          : ABSENT;
      case Step.LooseMember:
        return this.#looseMember(plan, parent);
      case Step.View:
        return this.#settle(plan, parent !== undefined && this.slots.convert(plan, parent));
      case Step.Branch:
        if (!this.slots.isBranch(plan)) return this.#settle(plan, false);
        if (plan.loose) return this.#settle(plan, this.slots.convert(plan, parent));
        return this.#failing(plan, this.#judge(plan, parent));
      default:
        return ABSENT;
    }
  }

  #failing(plan: Plan, found: number): number {
    return found > PRESENT ? this.#fail(plan, found) : found;
  }

  /** After a conversion below an unknown. */
  #settle(plan: Plan, present: boolean): number {
    if (!present) {
      this.slots.clear(plan.slot, plan.end);
      return ABSENT;
    }
    if (isNumeric(plan.kind) || !plan.hasChildren) return PRESENT;
    return this.#failing(plan, this.#enter(plan, this.slots.values[plan.slot]));
  }

  #looseMember(plan: Plan, parent: unknown): number {
    const value =
      isObject(parent) && hasOwn.call(parent, plan.key) ? load(plan.site, parent, plan.key) : undefined;
    if (value !== undefined) {
      if (++this.#nodes > MAX_NODES) return this.#fail(plan, this.#exhaust());
      const found = this.#judge(plan, value);
      if (found !== ABSENT) return this.#failing(plan, found);
    }
    return this.#settle(plan, false);
  }

  /** Whether an object or list may be entered: its depth, and its size when templates look at every part of it. */
  #enter(plan: Plan, value: unknown): number {
    if (typeof value !== 'object' || value === null) return PRESENT;
    if (plan.depth > MAX_DEPTH) return code.LIMIT;
    if (Array.isArray(value)) {
      if (plan.hasElement && value.length > MAX_LIST_ITEMS) return code.LIMIT;
      if (Object.getPrototypeOf(value) !== arrayPrototype) this.#ownOnly = true;
      return PRESENT;
    }
    // A typed map is counted where its bounds are.
    if (
      plan.valueTemplate > 0 &&
      (plan.loose || plan.kind !== 'map') &&
      memberCount(value as PlainObject) > MAX_MAP_ENTRIES
    )
      return code.LIMIT;
    if (Object.getPrototypeOf(value) !== objectPrototype) this.#ownOnly = true;
    return PRESENT;
  }

  /** Judges one value that is not below a template of its own, and stores it: PRESENT, ABSENT or a code. */
  #judge(plan: Plan, value: unknown): number {
    if (plan.loose) {
      const found = checkPlain(value);
      if (found > PRESENT) return found;
      if (!this.slots.convert(plan, value)) return ABSENT;
      return plan.hasChildren ? this.#enter(plan, value) : PRESENT;
    }
    if (value === undefined) return plan.mayBeAbsent ? ABSENT : code.REQUIRED;
    if (plan.kind === 'unknown') {
      const found = checkPlain(value);
      if (found > PRESENT) return found;
      this.slots.values[plan.slot] = value;
      return plan.hasChildren ? this.#enter(plan, value) : PRESENT;
    }
    if (value === null) return plan.mayBeNull ? ABSENT : code.TYPE;
    switch (plan.kind) {
      case 'record':
      case 'map':
      case 'union':
        return isObject(value) ? this.#judgeObject(plan, value) : mistyped(value);
      case 'list':
        return Array.isArray(value) ? this.#judgeList(plan, value) : mistyped(value);
      default:
        return checkTyped(this.slots, plan, value);
    }
  }

  #judgeObject(plan: Plan, value: PlainObject): number {
    const entered = this.#enter(plan, value);
    if (entered > PRESENT) return entered;
    if (plan.kind === 'map' || plan.minLength > 0 || plan.maxLength < Infinity) {
      const count = memberCount(value);
      if (plan.kind === 'map' && count > MAX_MAP_ENTRIES) return code.LIMIT;
      if (count < plan.minLength || count > plan.maxLength) return code.SIZE;
    }
    const closed = plan.closed;
    if (closed !== null) {
      // A key that is not allowed is harmless while its value is undefined: then it is not there.
      for (const key of Object.keys(value))
        if (!closed.has(key) && value[key] !== undefined) return code.UNKNOWN_KEY;
    }
    if (plan.kind === 'map') {
      if (plan.valueTemplate === 0) {
        if (!everyMember(value, isWellFormed)) return code.UTF8;
      } else {
        const found = this.#entries(this.#plans[plan.valueTemplate]!, value);
        if (found > PRESENT) {
          this.slots.values[plan.slot] = value;
          return this.#fail(plan, this.#earliest(plan, found));
        }
      }
    }
    if (plan.kind === 'union') return this.slots.convertUnion(plan, value) ? PRESENT : code.NO_BRANCH;
    this.slots.values[plan.slot] = value;
    return PRESENT;
  }

  #judgeList(plan: Plan, value: readonly unknown[]): number {
    if (value.length > MAX_LIST_ITEMS) return code.LIMIT;
    const entered = this.#enter(plan, value);
    if (entered > PRESENT) return entered;
    if (value.length < plan.minLength || value.length > plan.maxLength) return code.SIZE;
    if (plan.unique && !plan.hasElement && !isDistinct(value)) return code.NOT_UNIQUE;
    this.slots.values[plan.slot] = value;
    return PRESENT;
  }

  /** Validates every item of a list, an item with all its members before the next. */
  #items(template: Plan, list: readonly unknown[]): number {
    for (let i = 0; i < list.length; i++) {
      const item = this.#ownOnly && !hasOwn.call(list, i) ? undefined : list[i];
      const found = this.#part(template, item);
      if (found > PRESENT) {
        this.pointer = `${pointerTo(this.#plans, this.#plans[template.parent]!)}/${i}${this.pointer}`;
        return found;
      }
    }
    const parent = this.#plans[template.parent]!;
    if (parent.unique && !parent.loose && !isDistinct(list)) return this.#fail(parent, code.NOT_UNIQUE);
    this.slots.clear(template.slot, template.end);
    return ABSENT;
  }

  /** Validates every entry of a map. Their order means nothing: of all errors the earliest code is reported, at the map. */
  #entries(template: Plan, map: PlainObject): number {
    let worst = Infinity;
    everyMember(map, (key, value) => {
      const found = isWellFormed(key) ? this.#part(template, value) : code.UTF8;
      if (found > PRESENT) worst = this.#exhausted ? found : Math.min(worst, found);
      return !this.#exhausted;
    });
    if (worst !== Infinity) return this.#fail(this.#plans[template.parent]!, worst);
    this.slots.clear(template.slot, template.end);
    return ABSENT;
  }

  /** One item or entry with everything in it. The pointer of an error is relative to it. */
  #part(template: Plan, value: unknown): number {
    this.pointer = '';
    if (value === undefined) return code.NOT_PLAIN;
    if (++this.#nodes > MAX_NODES) return this.#exhaust();
    const found = this.#judge(template, value);
    if (found !== PRESENT || !template.hasChildren) return found;
    return this.#run(template.slot + 1, template.end, template.slot);
  }
}

/** Scalars that are equal as JSON are the same element of a set. */
function isDistinct(list: readonly unknown[]): boolean {
  return new Set(list).size === list.length;
}
