// The machine: walks the branch graph over the slots of one request and collects the rules that match.

import type { Bundle, Quant } from '../bytecode/bundle.ts';
import { MAX_LIST_ITEMS, MAX_MAP_ENTRIES } from '../bytecode/limits.ts';
import { containsText } from '../value/text.ts';
import { compute, copy } from './calc.ts';
import { everyMember, isObject, isUniqueList, jsonKind, keysIn, memberCount, ownMember } from './plain.ts';
import { link, Op, type Program, type Step } from './program.ts';
import { Projection } from './projection.ts';
import type { Slots } from './slots.ts';

/** How the last body ended. */
const BODY_TRUE = 1;

export class Machine {
  readonly projection: Projection;
  readonly slots: Slots;
  /** Rules that matched, in the order in which the graph came to them; a rule may stand there twice. */
  readonly hits: Int32Array;
  hitCount = 0;
  readonly #program: Program;
  /** Evaluation in which the result of a memoised operation was computed last, by its slot. */
  readonly #resultDone: Float64Array;
  /** Evaluation in which a memoised ANY or ALL was asked last, and the truth that it had. */
  readonly #quantDone: Float64Array;
  readonly #quantTruth: Uint8Array;
  #evaluation = 0;
  #stopsAtBar = false;

  constructor(bundle: Bundle) {
    this.projection = new Projection(bundle);
    this.slots = this.projection.slots;
    this.#program = link(bundle, this.slots.plans);
    // No walk comes to a node twice outside a body, and no body has a hit.
    this.hits = new Int32Array(bundle.nodes.length);
    this.#resultDone = new Float64Array(bundle.slots.length);
    this.#quantDone = new Float64Array(this.#program.quants);
    this.#quantTruth = new Uint8Array(this.#program.quants);
  }

  /** Runs the rules over the projected request. `first`: stop as soon as the outcome is known, its obligations included. */
  run(first: boolean): void {
    this.#evaluation++;
    this.#stopsAtBar = first;
    this.hitCount = 0;
    this.#walk(this.#program.main);
  }

  /** Runs the shadow rules behind `run`. */
  runShadow(): void {
    this.hitCount = 0;
    if (this.#program.shadow !== null) this.#walk(this.#program.shadow);
  }

  /** From a node to the next END; the result is its code. */
  #walk(start: Step): number {
    const nums = this.slots.nums;
    const values = this.slots.values;
    const bounds = this.#program.bounds;
    let step = start;
    for (;;) {
      let holds: boolean;
      switch (step.op) {
        case Op.End:
          return step.index;
        case Op.Hit:
          this.hits[this.hitCount++] = step.index;
          step = step.t;
          continue;
        case Op.LastHit:
          this.hits[this.hitCount++] = step.index;
          if (this.#stopsAtBar === true) return 0;
          step = step.t;
          continue;
        case Op.Bar:
          if (this.#stopsAtBar && this.hitCount > 0) return 0;
          step = step.t;
          continue;
        case Op.SwitchIds:
          // The slot's number is NaN when it is absent, which is place 0 here.
          step = step.places[nums[step.slot]! | 0]!;
          continue;
        case Op.Switch: {
          const arm = step.more.arms.get(values[step.slot] as string);
          step = arm === undefined ? step.t : arm;
          continue;
        }
        case Op.PresentNumber: {
          const number = nums[step.slot]!;
          holds = !Number.isNaN(number);
          break;
        }
        case Op.PresentValue: {
          const value = values[step.slot];
          holds = value !== undefined && value !== null;
          break;
        }
        case Op.IsText:
          holds = values[step.slot] === step.text;
          break;
        case Op.InIds:
          // Absent is bit 0, which is never set.
          holds = ((step.index >>> nums[step.slot]!) & 1) !== 0;
          break;
        case Op.InFewStrings: {
          const text = values[step.slot];
          const { few } = step;
          let at = 0;
          while (at < few.length && few[at] !== text) at++;
          holds = at < few.length;
          break;
        }
        case Op.InStrings:
          holds = step.more.texts.has(values[step.slot] as string);
          break;
        case Op.IsNumber:
          holds = nums[step.slot] === bounds[step.index];
          break;
        case Op.InNumbers:
          holds = step.more.numbers.has(nums[step.slot]!);
          break;
        case Op.Range: {
          const number = nums[step.slot]!;
          holds = number >= bounds[step.index]! && number <= bounds[step.index + 1]!;
          break;
        }
        case Op.Contains: {
          const text = values[step.slot];
          holds = typeof text === 'string' && containsText(text, step.text);
          break;
        }
        case Op.StartsWith: {
          const text = values[step.slot];
          holds = typeof text === 'string' && text.startsWith(step.text);
          break;
        }
        case Op.EndsWith: {
          const text = values[step.slot];
          holds = typeof text === 'string' && text.endsWith(step.text);
          break;
        }
        case Op.Match: {
          const text = values[step.slot];
          holds = typeof text === 'string' && step.more.matcher!.matches(text);
          break;
        }
        case Op.EqNumber:
          holds = nums[step.slot] === nums[step.index];
          break;
        case Op.LtNumber:
          holds = nums[step.slot]! < nums[step.index]!;
          break;
        case Op.LeNumber:
          holds = nums[step.slot]! <= nums[step.index]!;
          break;
        case Op.EqString: {
          const text = values[step.slot];
          holds = text !== undefined && text === values[step.index];
          break;
        }
        case Op.Calc:
          this.#calc(step);
          step = step.t;
          continue;
        case Op.Any:
        case Op.All:
          holds = this.#quantified(step);
          break;
        case Op.Count:
        case Op.First:
          this.#select(step);
          step = step.t;
          continue;
        default:
          holds = this.#test(step);
      }
      step = holds ? step.t : step.f;
    }
  }

  /** The rarer atoms. */
  #test(step: Step): boolean {
    const value = this.slots.values[step.slot];
    switch (step.op) {
      case Op.KindIs:
        return (jsonKind(value) & step.index) !== 0;
      case Op.HasKey:
        return ownMember(value, step.text) !== undefined;
      case Op.HasKeyAt: {
        const key = this.slots.values[step.index];
        return typeof key === 'string' && ownMember(value, key) !== undefined;
      }
      case Op.KeysIn:
        return keysIn(value, step.more.texts);
      case Op.Unique:
        return isUniqueList(value);
      case Op.ScanContains:
      case Op.ScanPrefix:
      case Op.ScanSuffix:
        return this.#scan(step, value, this.slots.values[step.index]);
      default:
        return this.#testTime(step);
    }
  }

  #scan(step: Step, text: unknown, part: unknown): boolean {
    if (typeof text !== 'string' || typeof part !== 'string') return false;
    if (step.op === Op.ScanContains) return containsText(text, part);
    return step.op === Op.ScanPrefix ? text.startsWith(part) : text.endsWith(part);
  }

  #testTime(step: Step): boolean {
    const { nums, micros } = this.slots;
    const seconds = nums[step.slot]!;
    const part = micros[step.slot]!;
    if (step.op === Op.RangeTime) {
      const { bounds } = this.#program;
      const at = step.index;
      const from = bounds[at]!;
      const until = bounds[at + 2]!;
      return (
        (seconds > from || (seconds === from && part >= bounds[at + 1]!)) &&
        (seconds < until || (seconds === until && part <= bounds[at + 3]!))
      );
    }
    const otherSeconds = nums[step.index]!;
    const otherPart = micros[step.index]!;
    if (seconds !== otherSeconds) return step.op !== Op.EqTime && seconds < otherSeconds;
    if (step.op === Op.EqTime) return part === otherPart;
    return step.op === Op.LtTime ? part < otherPart : part <= otherPart;
  }

  #calc(step: Step): void {
    const calc = step.more.calc!;
    if (calc.memo && this.#isDone(this.#resultDone, calc.dst)) return;
    compute(this.slots, calc);
  }

  /** Whether this was done before in this evaluation; it is from now on. */
  #isDone(done: Float64Array, index: number): boolean {
    if (done[index] === this.#evaluation) return true;
    done[index] = this.#evaluation;
    return false;
  }

  /** ANY and ALL. Over what is not there both are false. */
  #quantified(step: Step): boolean {
    const quant = step.more.quant!;
    if (quant.memo && this.#isDone(this.#quantDone, step.index)) return this.#quantTruth[step.index] === 1;
    const wanted = step.op === Op.Any;
    let found = false;
    const isThere = this.#each(step, quant, () => {
      found = (this.#walk(step.more.body!) === BODY_TRUE) === wanted;
      return !found;
    });
    const truth = isThere && found === wanted;
    this.#quantTruth[step.index] = truth ? 1 : 0;
    return truth;
  }

  /** COUNT and FIRST. Of what is not there the result is absent. */
  #select(step: Step): void {
    const quant = step.more.quant!;
    const dst = quant.dst ?? 0;
    if (quant.memo && this.#isDone(this.#resultDone, dst)) return;
    const counts = step.op === Op.Count;
    let count = 0;
    const isThere = this.#each(step, quant, () => {
      if (this.#walk(step.more.body!) !== BODY_TRUE) return true;
      count++;
      return counts;
    });
    if (counts) this.slots.nums[dst] = isThere ? count : Number.NaN;
    // The slot of the items still holds the one that was found.
    else if (count > 0) copy(this.slots, quant.elem, dst);
    else this.slots.fill(dst, undefined);
  }

  /**
   * Binds each item in turn until `round` says false. The result: whether there is anything to go through. What is larger than the
   * stated bounds allow is not there, like a typed list of that size below an unknown.
   */
  #each(step: Step, quant: Quant, round: () => boolean): boolean {
    const slots = this.slots;
    const over = slots.values[quant.list];
    if (quant.overValues) {
      if (!isObject(over) || memberCount(over) > MAX_MAP_ENTRIES) return false;
      const except = this.#program.except[step.index]!;
      everyMember(over, (key, member) => {
        if (except.has(key)) return true;
        slots.fill(quant.elem, member);
        return round();
      });
      return true;
    }
    if (!Array.isArray(over) || over.length > MAX_LIST_ITEMS) return false;
    for (let i = 0; i < over.length; i++) {
      slots.fill(quant.elem, over[i]);
      if (!round()) break;
    }
    return true;
  }
}
