// The two bounds that a bundle states: machine steps and scanned bytes of the most expensive request. Both are computed in binary64 by
// one backward pass over the nodes, in exactly the order written here, so that every implementation gets the same number. They are
// bounds, not counts. Leaf module.

import { utf8Length } from '../value/text.ts';
import type { Atom, Bundle, Calc, Quant, Slot } from './bundle.ts';
import { MAX_LIST_ITEMS, MAX_MAP_ENTRIES, MAX_NODES, MAX_STRING_BYTES } from './limits.ts';

export interface Bounds {
  readonly steps: number;
  readonly scan: number;
}

/**
 * steps: projection (one per slot and template item) + the longest way through the nodes, where a quantifier costs
 * 1 + items × (1 + slots of the element + body). scan: the same way, with the bytes that an operation may look at.
 */
export function computeBounds(bundle: Bundle): Bounds {
  return new BoundsPass(bundle).total();
}

class BoundsPass {
  readonly #bundle: Bundle;
  readonly #lengths = new Map<string, number>();
  /** Longest text of each set in bytes, and all its texts. */
  readonly #longest: readonly number[];
  readonly #sum: readonly number[];
  /** Slots of the subtree of each slot, itself included. */
  readonly #subtree: Float64Array;
  readonly #steps: Float64Array;
  readonly #scan: Float64Array;

  constructor(bundle: Bundle) {
    this.#bundle = bundle;
    const lengths = bundle.sets.map((set) =>
      set.of === 'string' ? set.items.map((item) => this.#bytes(item)) : [],
    );
    this.#longest = lengths.map((each) => each.reduce((max, n) => Math.max(max, n), 0));
    this.#sum = lengths.map((each) => each.reduce((sum, n) => sum + n, 0));
    this.#subtree = subtreeSizes(bundle.slots);
    this.#steps = new Float64Array(bundle.nodes.length);
    this.#scan = new Float64Array(bundle.nodes.length);
  }

  total(): Bounds {
    const { nodes, main, shadow } = this.#bundle;
    for (let i = nodes.length - 1; i >= 0; i--) this.#node(i);
    let { steps, scan } = this.#projection();
    steps += this.#steps[main]!;
    scan += this.#scan[main]!;
    if (shadow !== null) {
      steps += this.#steps[shadow]!;
      scan += this.#scan[shadow]!;
    }
    return { steps, scan };
  }

  // Values that the projection reads: at most MAX_NODES for what hangs under templates.
  #projection(): Bounds {
    const { slots } = this.#bundle;
    const times = new Float64Array(slots.length);
    let steps = 0;
    let scan = 0;
    slots.forEach((slot, i) => {
      if (slot.via === 'bound' || slot.via === 'calc' || slot.via === 'constant') return;
      const above = slot.parent === null ? 1 : times[slot.parent]!;
      if (slot.parent !== null && above === 0) return;
      const items =
        slot.via === 'element' ? listItems(slots[slot.parent!]!) : slot.via === 'value' ? MAX_MAP_ENTRIES : 1;
      times[i] = Math.min(above * items, MAX_NODES);
      steps += times[i]!;
      if (isText(slot)) scan += times[i]! * this.#textLength(slot);
    });
    return { steps, scan };
  }

  #node(i: number): void {
    const node = this.#bundle.nodes[i]!;
    let steps = 1;
    let scan = 0;
    let nextSteps = 0;
    let nextScan = 0;
    if (node.op !== 'END') {
      nextSteps = Math.max(this.#steps[node.t]!, this.#steps[node.f]!);
      nextScan = Math.max(this.#scan[node.t]!, this.#scan[node.f]!);
    }
    if (node.op === 'TEST') {
      const atom = this.#bundle.atoms[node.a]!;
      scan = this.#atomScan(atom);
      if (atom.op === 'UNIQUE') steps += MAX_LIST_ITEMS;
      if (atom.op === 'KEYS_IN') steps += MAX_MAP_ENTRIES;
    } else if (node.op === 'CALC') {
      scan = this.#calcScan(this.#bundle.calcs[node.a]!);
    } else if (node.op === 'SWITCH') {
      const { slot, arms } = this.#bundle.switches[node.a]!;
      steps += ceilLog2(arms.length);
      const longest = arms.reduce((max, arm) => Math.max(max, this.#bytes(arm.key)), 0);
      scan = Math.min(longest, this.#textLength(this.#bundle.slots[slot]!));
      for (const arm of arms) {
        nextSteps = Math.max(nextSteps, this.#steps[arm.node]!);
        nextScan = Math.max(nextScan, this.#scan[arm.node]!);
      }
    } else if (node.op === 'ANY' || node.op === 'ALL' || node.op === 'COUNT' || node.op === 'FIRST') {
      const quant = this.#bundle.quants[node.a]!;
      const items = this.#items(quant);
      steps += items * (1 + this.#subtree[quant.elem]! + this.#steps[i + 1]!);
      scan = items * this.#scan[i + 1]!;
    }
    this.#steps[i] = steps + nextSteps;
    this.#scan[i] = scan + nextScan;
  }

  #items(quant: Quant): number {
    return quant.overValues ? MAX_MAP_ENTRIES : listItems(this.#bundle.slots[quant.list]!);
  }

  #atomScan(atom: Atom): number {
    const { slots } = this.#bundle;
    const length = this.#textLength(slots[atom.slot]!);
    switch (atom.op) {
      case 'IN_STRINGS':
        return Math.min(this.#longest[atom.index!]!, length);
      case 'MATCH': {
        const lang = this.#bundle.langs[atom.index!]!;
        if (lang.automaton !== null) return length;
        return Math.min(this.#sum[lang.set!]!, this.#bundle.sets[lang.set!]!.items.length * length);
      }
      case 'EQ_STRING':
      case 'SCAN_CONTAINS':
      case 'SCAN_PREFIX':
      case 'SCAN_SUFFIX':
        return length + this.#textLength(slots[atom.other!]!);
      case 'HAS_KEY':
        return this.#bytes(atom.key!);
      case 'HAS_KEY_AT':
        return this.#textLength(slots[atom.other!]!);
      case 'KEYS_IN':
        return MAX_MAP_ENTRIES * this.#longest[atom.index!]!;
      case 'UNIQUE':
        return MAX_LIST_ITEMS * MAX_STRING_BYTES;
      default:
        return 0;
    }
  }

  // A code point has at most four bytes. The limits of bound and calc slots are taken as stated.
  #textLength(slot: Slot): number {
    if (slot.via === 'constant' && slot.key !== null) return this.#bytes(slot.key);
    const max = slot.limits?.maxLength ?? null;
    return max === null ? MAX_STRING_BYTES : Math.min(4 * max, MAX_STRING_BYTES);
  }

  // A hostile bundle may name one huge text a million times: it is measured once.
  #bytes(text: string): number {
    let length = this.#lengths.get(text);
    if (length === undefined) {
      length = utf8Length(text);
      this.#lengths.set(text, length);
    }
    return length;
  }

  #calcScan(calc: Calc): number {
    const { slots } = this.#bundle;
    switch (calc.op) {
      case 'SIZE':
        return isText(slots[calc.a!]!) ? this.#textLength(slots[calc.a!]!) : 0;
      case 'LOWER':
      case 'UPPER':
      case 'NORM':
        return this.#textLength(slots[calc.a!]!);
      case 'GET':
        return this.#textLength(slots[calc.b!]!);
      default:
        return 0;
    }
  }
}

function subtreeSizes(slots: readonly Slot[]): Float64Array {
  const sizes = new Float64Array(slots.length).fill(1);
  for (let i = slots.length - 1; i > 0; i--) {
    const { parent, via } = slots[i]!;
    // A bound slot belongs to its quantifier, not to the slot that it iterates over.
    if (parent !== null && via !== 'bound') sizes[parent]! += sizes[i]!;
  }
  return sizes;
}

function isText(slot: Slot): boolean {
  return (
    slot.kind === 'string' || slot.kind === 'timestamp' || slot.kind === 'date' || slot.kind === 'duration'
  );
}

function listItems(slot: Slot): number {
  const max = slot.limits?.maxLength ?? null;
  return max === null ? MAX_LIST_ITEMS : Math.min(max, MAX_LIST_ITEMS);
}

function ceilLog2(n: number): number {
  let bits = 0;
  for (let power = 1; power < n; power *= 2) bits++;
  return bits;
}
