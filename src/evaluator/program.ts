// The code of a bundle, prepared: every node is an object of one class that knows its operands and its successors.

import type { Atom, Bundle, Calc, Node, Quant } from '../bytecode/bundle.ts';
import type { AtomOp } from '../bytecode/opcodes.ts';
import { Matcher } from './language.ts';
import { idOf, intern, isNumeric, type Plan } from './plan.ts';

/** What the machine does at a node. A TEST is split by its atom, and some atoms by what they have to look at. */
export enum Op {
  End = 0,
  Hit = 1,
  Bar = 2,
  Switch = 3,
  Calc = 4,
  Any = 5,
  All = 6,
  Count = 7,
  First = 8,
  PresentNumber = 9,
  PresentValue = 10,
  KindIs = 11,
  HasKey = 12,
  HasKeyAt = 13,
  IsText = 14,
  InStrings = 15,
  IsNumber = 16,
  InNumbers = 17,
  Range = 18,
  RangeTime = 19,
  Contains = 20,
  StartsWith = 21,
  EndsWith = 22,
  Match = 23,
  EqNumber = 24,
  LtNumber = 25,
  LeNumber = 26,
  EqTime = 27,
  LtTime = 28,
  LeTime = 29,
  EqString = 30,
  ScanContains = 31,
  ScanPrefix = 32,
  ScanSuffix = 33,
  KeysIn = 34,
  Unique = 35,
  /** IN_STRINGS of a slot whose texts have small ids. */
  InIds = 36,
  /** IN_STRINGS with two to four texts. */
  InFewStrings = 37,
  /** HIT behind which nothing in its stratum can change the outcome. */
  LastHit = 38,
  /** SWITCH over a slot whose texts have ids. */
  SwitchIds = 39,
}

/** Ids up to this one have a bit in the mask of an `Op.InIds`; bit 0 stands for no id. */
const MAX_MASK_ID = 31;
/** A SWITCH by ids has a place for each id of its slot: at most so many per arm. */
const MAX_PLACES_PER_ARM = 8;

/** Texts up to which comparing with each beats a hash table. */
const MAX_FEW = 4;

const TESTS: { readonly [A in AtomOp]: Op } = {
  PRESENT: Op.PresentValue,
  KIND_IS: Op.KindIs,
  HAS_KEY: Op.HasKey,
  HAS_KEY_AT: Op.HasKeyAt,
  IN_STRINGS: Op.InStrings,
  IN_NUMBERS: Op.InNumbers,
  RANGE: Op.Range,
  RANGE_TIME: Op.RangeTime,
  MATCH: Op.Match,
  EQ_NUMBER: Op.EqNumber,
  LT_NUMBER: Op.LtNumber,
  LE_NUMBER: Op.LeNumber,
  EQ_TIME: Op.EqTime,
  LT_TIME: Op.LtTime,
  LE_TIME: Op.LeTime,
  EQ_STRING: Op.EqString,
  SCAN_CONTAINS: Op.ScanContains,
  SCAN_PREFIX: Op.ScanPrefix,
  SCAN_SUFFIX: Op.ScanSuffix,
  KEYS_IN: Op.KeysIn,
  UNIQUE: Op.Unique,
};

const NO_TEXTS: ReadonlySet<string> = new Set();
const NO_FEW: readonly string[] = [];
const NO_NUMBERS: ReadonlySet<number> = new Set();
const NO_PLACES: readonly Step[] = [];
const NOTHING_MORE: More = {
  texts: NO_TEXTS,
  numbers: NO_NUMBERS,
  matcher: null,
  arms: new Map(),
  calc: null,
  quant: null,
  body: null,
};

/** One node. Kept small, what most nodes need in front: large policies are read from memory, one line of the cache after the other. */
export class Step {
  op: Op = Op.End;
  slot = 0;
  /**
   * The number that the operation needs: rule of a HIT, effect of a BAR, truth of an END, kinds of a KIND_IS, ids of an `InIds`, other
   * slot of a comparison, place of the bounds of a range, calc, quantifier.
   */
  index = 0;
  t: Step = this;
  f: Step = this;
  text = '';
  few: readonly string[] = NO_FEW;
  /** Where a `SwitchIds` goes, by id. */
  places: readonly Step[] = NO_PLACES;
  /** What else an operation needs. */
  more: More = NOTHING_MORE;
}

/** Operands of the rarer operations. */
export interface More {
  readonly texts: ReadonlySet<string>;
  readonly numbers: ReadonlySet<number>;
  readonly matcher: Matcher | null;
  readonly arms: Map<string, Step>;
  readonly calc: Calc | null;
  readonly quant: Quant | null;
  /** First node of a quantifier's body. */
  readonly body: Step | null;
}

export interface Program {
  readonly main: Step;
  readonly shadow: Step | null;
  /** Bounds of ranges and single numbers, each at the index of its node. */
  readonly bounds: Float64Array;
  readonly quants: number;
  /** Keys that the body of a quantifier over values passes over, per quantifier. */
  readonly except: readonly ReadonlySet<string>[];
}

/** Links the nodes of a verified bundle. */
export function link(bundle: Bundle, plans: readonly Plan[]): Program {
  const steps = bundle.nodes.map(() => new Step());
  const linker = new Linker(bundle, steps, plans);
  for (const [index, node] of bundle.nodes.entries()) linker.set(steps[index]!, node, index);
  markLastHits(bundle, steps);
  skipBars(bundle, steps);
  return {
    main: steps[bundle.main]!,
    shadow: bundle.shadow === null ? null : steps[bundle.shadow]!,
    bounds: Float64Array.from(linker.bounds),
    quants: bundle.quants.length,
    except: bundle.quants.map((quant) => linker.strings(quant.except)),
  };
}

/**
 * Marks each HIT that decides: every rule that its stratum could still report stands behind its own in declaration order and brings no
 * obligations. Nodes go to larger ones, so one pass backwards sees everything that lies ahead.
 */
function markLastHits(bundle: Bundle, steps: readonly Step[]): void {
  /** Per node: the first declared rule that may be reported from it to the end of the stratum; -1: one with obligations may be. */
  const ahead = new Float64Array(bundle.nodes.length).fill(Number.POSITIVE_INFINITY);
  for (let i = bundle.nodes.length - 1; i >= 0; i--) {
    const node = bundle.nodes[i]!;
    if (node.op === 'BAR' || node.op === 'END') continue;
    let first = Math.min(ahead[node.t]!, ahead[node.f]!);
    if (node.op === 'SWITCH') {
      for (const arm of bundle.switches[node.a]!.arms) first = Math.min(first, ahead[arm.node]!);
    }
    if (node.op === 'HIT') {
      if (first >= node.a) steps[i]!.op = Op.LastHit;
      first = bundle.rules[node.a]!.obligations === null ? Math.min(first, node.a) : -1;
    }
    ahead[i] = first;
  }
}

/** A BAR of a stratum in which every HIT decides never stops anything: the nodes that go to it go on to the next one. */
function skipBars(bundle: Bundle, steps: readonly Step[]): void {
  const needed = new Set<number>();
  for (const step of steps) if (step.op === Op.Hit) needed.add(bundle.rules[step.index]!.effect);
  const behind = (step: Step): Step => {
    let at = step;
    while (at.op === Op.Bar && !needed.has(at.index)) at = at.t;
    return at;
  };
  for (const step of steps) {
    step.t = behind(step.t);
    step.f = behind(step.f);
    if (step.places.length > 0) step.places = step.places.map(behind);
    for (const [key, arm] of step.more.arms) if (arm.op === Op.Bar) step.more.arms.set(key, behind(arm));
  }
}

class Linker {
  readonly bounds: number[] = [];
  readonly #bundle: Bundle;
  readonly #steps: readonly Step[];
  readonly #plans: readonly Plan[];
  readonly #matchers: readonly Matcher[];
  readonly #sets = new Map<number, ReadonlySet<string>>();
  readonly #few = new Map<ReadonlySet<string>, readonly string[]>();

  constructor(bundle: Bundle, steps: readonly Step[], plans: readonly Plan[]) {
    this.#bundle = bundle;
    this.#steps = steps;
    this.#plans = plans;
    this.#matchers = bundle.langs.map((language) => new Matcher(language, bundle));
  }

  set(step: Step, node: Node, index: number): void {
    step.t = this.#steps[node.t]!;
    step.f = this.#steps[node.f]!;
    step.index = node.a;
    switch (node.op) {
      case 'TEST':
        this.#setTest(step, this.#bundle.atoms[node.a]!);
        break;
      case 'SWITCH':
        this.#setSwitch(step, node.a);
        break;
      case 'CALC':
        step.op = Op.Calc;
        step.more = { ...NOTHING_MORE, calc: this.#bundle.calcs[node.a]! };
        break;
      case 'ANY':
      case 'ALL':
      case 'COUNT':
      case 'FIRST':
        step.op = { ANY: Op.Any, ALL: Op.All, COUNT: Op.Count, FIRST: Op.First }[node.op];
        step.more = { ...NOTHING_MORE, quant: this.#bundle.quants[node.a]!, body: this.#steps[index + 1]! };
        break;
      default:
        step.op = { HIT: Op.Hit, BAR: Op.Bar, END: Op.End }[node.op];
    }
  }

  #setSwitch(step: Step, index: number): void {
    const { slot, arms } = this.#bundle.switches[index]!;
    const plan = this.#plans[slot]!;
    step.slot = slot;
    const ids = Math.max(plan.texts.length, plan.ids?.size ?? 0);
    if (ids === 0 || ids > arms.length * MAX_PLACES_PER_ARM) {
      step.op = Op.Switch;
      const entries = arms.map((arm) => [intern(arm.key), this.#steps[arm.node]!] as const);
      step.more = { ...NOTHING_MORE, arms: new Map(entries) };
      return;
    }
    step.op = Op.SwitchIds;
    const places = new Array<Step>(ids + 1).fill(step.t);
    for (const arm of arms) {
      const id = idOf(plan, arm.key)!;
      // A key that the schema does not allow cannot come.
      if (id > 0) places[id] = this.#steps[arm.node]!;
    }
    step.places = places;
  }

  #setTest(step: Step, atom: Atom): void {
    step.op = TESTS[atom.op];
    step.slot = atom.slot;
    step.index = atom.other ?? atom.index ?? 0;
    switch (atom.op) {
      case 'PRESENT':
        if (isNumeric(this.#bundle.slots[atom.slot]!.kind)) step.op = Op.PresentNumber;
        break;
      case 'HAS_KEY':
        step.text = intern(atom.key ?? '');
        break;
      case 'RANGE':
      case 'RANGE_TIME':
        this.#setBounds(step, atom.bounds);
        break;
      case 'IN_STRINGS':
        this.#setStrings(step, this.strings(atom.index));
        break;
      case 'KEYS_IN':
        step.more = { ...NOTHING_MORE, texts: this.strings(atom.index) };
        break;
      case 'IN_NUMBERS':
        this.#setNumbers(step, atom.index);
        break;
      case 'MATCH':
        this.#setMatch(step, this.#matchers[atom.index ?? 0]!);
        break;
      default:
    }
  }

  #setBounds(step: Step, bounds: readonly number[]): void {
    step.index = this.bounds.length;
    this.bounds.push(...bounds);
  }

  #setStrings(step: Step, texts: ReadonlySet<string>): void {
    const plan = this.#plans[step.slot]!;
    const largest = Math.max(plan.texts.length, plan.ids?.size ?? 0);
    const ids = [...texts].map((text) => idOf(plan, text) ?? 0);
    // Of a free text only those that some SWITCH asks for have an id.
    const isKnown = plan.texts.length > 0 || ids.every((id) => id > 0);
    if (largest > 0 && largest <= MAX_MASK_ID && isKnown) {
      step.op = Op.InIds;
      step.index = ids.reduce((mask, id) => (id > 0 ? mask | (1 << id) : mask), 0);
    } else if (texts.size === 1) {
      step.op = Op.IsText;
      [step.text = ''] = texts;
    } else if (texts.size <= MAX_FEW) {
      step.op = Op.InFewStrings;
      step.few = this.#fewOf(texts);
    } else step.more = { ...NOTHING_MORE, texts };
  }

  /** The texts of a set as a list, one list for all nodes. */
  #fewOf(texts: ReadonlySet<string>): readonly string[] {
    const known = this.#few.get(texts);
    if (known !== undefined) return known;
    const few = [...texts];
    this.#few.set(texts, few);
    return few;
  }

  #setNumbers(step: Step, index: number | null): void {
    const set = index === null ? undefined : this.#bundle.sets[index];
    if (set?.of !== 'number') return;
    if (set.items.length === 1) {
      step.op = Op.IsNumber;
      this.#setBounds(step, set.items);
    } else step.more = { ...NOTHING_MORE, numbers: new Set(set.items) };
  }

  #setMatch(step: Step, matcher: Matcher): void {
    // Patterns have no texts: only their automaton decides.
    if (matcher.texts.length !== 1) {
      step.more = { ...NOTHING_MORE, matcher };
      return;
    }
    step.text = matcher.texts[0]!;
    step.op =
      matcher.kind === 'contains' ? Op.Contains : matcher.kind === 'prefix' ? Op.StartsWith : Op.EndsWith;
  }

  /** A set of strings, made once. */
  strings(index: number | null): ReadonlySet<string> {
    if (index === null) return NO_TEXTS;
    let texts = this.#sets.get(index);
    if (texts === undefined) {
      const set = this.#bundle.sets[index];
      texts = new Set(set?.of === 'string' ? set.items.map(intern) : []);
      this.#sets.set(index, texts);
    }
    return texts;
  }
}
