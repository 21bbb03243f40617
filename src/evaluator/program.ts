// The code of a bundle, prepared: every node is an object of one class that knows its operands and its successors.

import type { Atom, Bundle, Calc, Node, Quant } from '../bytecode/bundle.ts';
import type { AtomOp } from '../bytecode/opcodes.ts';
import { Matcher } from './language.ts';
import { Fast, intern, isNumeric, type Plan } from './plan.ts';

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
  /** IN_STRINGS of a slot that is one of a few texts, by its number. */
  InEnum = 36,
  /** IN_STRINGS with two to four texts. */
  InFewStrings = 37,
}

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
const NO_ARMS: ReadonlyMap<string, Step> = new Map();

/** One node. */
export class Step {
  op: Op = Op.End;
  slot = 0;
  other = 0;
  lo = 0;
  hi = 0;
  lo2 = 0;
  hi2 = 0;
  /** The rule of a HIT, the truth of an END, the mask of a KIND_IS or an enum, the index of a calc or quantifier. */
  index = 0;
  text = '';
  texts: ReadonlySet<string> = NO_TEXTS;
  few: readonly string[] = NO_FEW;
  numbers: ReadonlySet<number> = NO_NUMBERS;
  matcher: Matcher | null = null;
  arms: ReadonlyMap<string, Step> = NO_ARMS;
  calc: Calc | null = null;
  quant: Quant | null = null;
  /** First node of a quantifier's body. */
  body: Step = this;
  t: Step = this;
  f: Step = this;
}

export interface Program {
  readonly main: Step;
  readonly shadow: Step | null;
  readonly calcs: number;
  readonly quants: number;
  /** Keys that the body of a quantifier over values passes over, per quantifier. */
  readonly except: readonly ReadonlySet<string>[];
}

/** Links the nodes of a verified bundle. */
export function link(bundle: Bundle, plans: readonly Plan[]): Program {
  const steps = bundle.nodes.map(() => new Step());
  const linker = new Linker(bundle, steps, plans);
  for (const [index, node] of bundle.nodes.entries()) linker.set(steps[index]!, node, index);
  return {
    main: steps[bundle.main]!,
    shadow: bundle.shadow === null ? null : steps[bundle.shadow]!,
    calcs: bundle.calcs.length,
    quants: bundle.quants.length,
    except: bundle.quants.map((quant) => linker.strings(quant.except)),
  };
}

class Linker {
  readonly #bundle: Bundle;
  readonly #steps: readonly Step[];
  readonly #plans: readonly Plan[];
  readonly #matchers: readonly Matcher[];
  readonly #sets = new Map<number, ReadonlySet<string>>();

  constructor(bundle: Bundle, steps: readonly Step[], plans: readonly Plan[]) {
    this.#bundle = bundle;
    this.#steps = steps;
    this.#plans = plans;
    this.#matchers = bundle.langs.map((language) => new Matcher(language, bundle));
  }

  set(step: Step, node: Node, index: number): void {
    step.t = this.#steps[node.t]!;
    step.f = this.#steps[node.f]!;
    switch (node.op) {
      case 'TEST':
        this.#setTest(step, this.#bundle.atoms[node.a]!);
        break;
      case 'SWITCH':
        this.#setSwitch(step, node.a);
        break;
      case 'CALC':
        step.op = Op.Calc;
        step.index = node.a;
        step.calc = this.#bundle.calcs[node.a]!;
        break;
      case 'ANY':
      case 'ALL':
      case 'COUNT':
      case 'FIRST':
        step.op = { ANY: Op.Any, ALL: Op.All, COUNT: Op.Count, FIRST: Op.First }[node.op];
        step.index = node.a;
        step.quant = this.#bundle.quants[node.a]!;
        step.body = this.#steps[index + 1]!;
        break;
      default:
        step.op = { HIT: Op.Hit, BAR: Op.Bar, END: Op.End }[node.op];
        step.index = node.a;
    }
  }

  #setSwitch(step: Step, index: number): void {
    const table = this.#bundle.switches[index]!;
    step.op = Op.Switch;
    step.slot = table.slot;
    step.arms = new Map(table.arms.map((arm) => [intern(arm.key), this.#steps[arm.node]!]));
  }

  #setTest(step: Step, atom: Atom): void {
    step.op = TESTS[atom.op];
    step.slot = atom.slot;
    step.other = atom.other ?? 0;
    step.text = intern(atom.key ?? '');
    [step.lo = 0, step.hi = 0] = atom.bounds;
    switch (atom.op) {
      case 'PRESENT':
        if (isNumeric(this.#bundle.slots[atom.slot]!.kind)) step.op = Op.PresentNumber;
        break;
      case 'KIND_IS':
        step.index = atom.index ?? 0;
        break;
      case 'RANGE_TIME':
        [step.lo = 0, step.lo2 = 0, step.hi = 0, step.hi2 = 0] = atom.bounds;
        break;
      case 'IN_STRINGS':
      case 'KEYS_IN':
        step.texts = this.strings(atom.index);
        if (atom.op === 'IN_STRINGS') this.#setStrings(step);
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

  #setStrings(step: Step): void {
    const plan = this.#plans[step.slot]!;
    if (plan.fast === Fast.Enum) {
      step.op = Op.InEnum;
      step.index = plan.texts.reduce((mask, text, i) => (step.texts.has(text) ? mask | (2 << i) : mask), 0);
    } else if (step.texts.size === 1) {
      step.op = Op.IsText;
      [step.text = ''] = step.texts;
    } else if (step.texts.size <= MAX_FEW) {
      step.op = Op.InFewStrings;
      step.few = [...step.texts];
    }
  }

  #setNumbers(step: Step, index: number | null): void {
    const set = index === null ? undefined : this.#bundle.sets[index];
    if (set?.of !== 'number') return;
    step.numbers = new Set(set.items);
    if (step.numbers.size !== 1) return;
    step.op = Op.IsNumber;
    step.lo = set.items[0]!;
  }

  #setMatch(step: Step, matcher: Matcher): void {
    step.matcher = matcher;
    // Patterns have no texts: only their automaton decides.
    if (matcher.texts.length !== 1) return;
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
