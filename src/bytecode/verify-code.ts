// Verifies NODE: a forward branch graph in regions. One pass finds the regions and checks each node, a second one the jumps, a third one
// the strata. Leaf module.

import { fieldOf, HEADER_SHAPE } from './geometry.ts';
import { NONE, NONE16 } from './layout.ts';
import { MAX_QUANTIFIERS } from './limits.ts';
import { NODE_NAMES } from './names.ts';
import { NODES, type NodeOp, SHADOW_FLAG, SLOT_VIAS } from './opcodes.ts';
import type { Column, RawBundle } from './raw.ts';
import { Refusal, refuse } from './verify-refusal.ts';
import type { ResultCheck } from './verify-results.ts';
import type { SlotFacts } from './verify-slots.ts';

const MAIN = 0;
const SHADOW = 1;

export function verifyCode(raw: RawBundle, slots: SlotFacts, results: ResultCheck): void {
  const regions = new RegionPass(raw, slots, results);
  const regionOf = regions.run();
  verifyJumps(raw, regionOf);
  verifyStrata(raw, regionOf);
  verifyHighest(raw);
}

interface Body {
  readonly region: number;
  readonly stop: number;
  readonly elem: number;
}

class RegionPass {
  readonly #raw: RawBundle;
  readonly #slots: SlotFacts;
  readonly #results: ResultCheck;
  readonly #count: number;
  readonly #word: Column;
  readonly #columns: { readonly [name: string]: Column };
  readonly #sizes: { readonly [a: string]: number };
  /** Open bodies, outermost first. */
  readonly #open: Body[] = [];
  #top = MAIN;
  #shadowStart = NONE;
  #quants = 0;
  #switches = 0;

  constructor(raw: RawBundle, slots: SlotFacts, results: ResultCheck) {
    this.#raw = raw;
    this.#slots = slots;
    this.#results = results;
    this.#count = raw.count('NODE');
    this.#word = raw.column('NODE', 'word');
    this.#columns = {
      atomSlot: raw.column('ATOM', 'slot'),
      atomOther: raw.column('ATOM', 'other'),
      calcA: raw.column('CALC', 'a'),
      calcB: raw.column('CALC', 'b'),
      list: raw.column('QUANT', 'list'),
      elem: raw.column('QUANT', 'elem'),
      dst: raw.column('QUANT', 'dst'),
      stop: raw.column('QUANT', 'stop'),
      switch: raw.column('SWITCH', 'slot'),
      ruleFlags: raw.column('RULE', 'flags'),
    };
    this.#sizes = {
      atom: raw.count('ATOM'),
      calc: raw.count('CALC'),
      quant: raw.count('QUANT'),
      switch: raw.count('SWITCH'),
      effect: raw.count('EFFECT'),
      // The default and the outcome of an invalid request are no rules that code can hit.
      rule: raw.count('RULE') - 2,
      end: 3,
    };
  }

  /** Region of each node: MAIN, SHADOW, or 2 + the quantifier whose body it is in. */
  run(): Int32Array {
    const regionOf = new Int32Array(this.#count);
    for (let i = 0; i < this.#count; i++) {
      regionOf[i] = this.#open.at(-1)?.region ?? this.#top;
      const word = this.#word(i);
      const op = NODE_NAMES[word & 0xff];
      if (op === undefined) refuse(this.#raw, 'code', 'NODE', i, 'word', 'unknown operation');
      const a = word >>> 8;
      const kind = NODES[op].a;
      if (a >= this.#sizes[kind]!) refuse(this.#raw, 'index', 'NODE', i, 'word', `no such ${kind}`);
      if (op === 'END') this.#end(i, a);
      else this.#inner(i, op, a);
    }
    this.#finish();
    return regionOf;
  }

  #fail(code: 'region' | 'order' | 'operand' | 'kind' | 'stratum', i: number, message: string): never {
    return refuse(this.#raw, code, 'NODE', i, 'word', message);
  }

  #end(i: number, a: number): void {
    const body = this.#open.at(-1);
    if (body !== undefined) {
      if (i < body.stop || a !== 1 + i - body.stop) this.#fail('region', i, 'END inside a body');
      if (a === 2) this.#open.pop();
      return;
    }
    if (a !== 0) this.#fail('region', i, 'END of no body');
    if (i === this.#count - 1) return;
    if (this.#top === SHADOW) this.#fail('region', i, 'nodes behind the end');
    this.#top = SHADOW;
    this.#shadowStart = i + 1;
  }

  #inner(i: number, op: NodeOp, a: number): void {
    const body = this.#open.at(-1);
    if (body !== undefined && i >= body.stop) this.#fail('region', i, 'a body ends with END 1 and END 2');
    const c = this.#columns;
    switch (NODES[op].a) {
      case 'atom':
        this.#scope(i, c.atomSlot!(a));
        this.#scope(i, c.atomOther!(a));
        break;
      case 'calc':
        this.#scope(i, c.calcA!(a));
        this.#scope(i, c.calcB!(a));
        break;
      case 'switch':
        if (a !== this.#switches++) this.#fail('order', i, 'switches are not in the order of nodes');
        this.#scope(i, c.switch!(a));
        break;
      case 'quant':
        this.#quant(i, op, a);
        break;
      case 'rule':
        if (body !== undefined) this.#fail('region', i, 'HIT inside a body');
        if (((c.ruleFlags!(a) & SHADOW_FLAG) !== 0) !== (this.#top === SHADOW)) {
          this.#fail('stratum', i, 'a shadow rule is hit in the shadow region, and no other rule');
        }
        break;
      case 'effect':
        if (body !== undefined || this.#top === SHADOW)
          this.#fail('region', i, 'BAR outside the main region');
        break;
    }
  }

  #quant(i: number, op: NodeOp, a: number): void {
    const c = this.#columns;
    if (a !== this.#quants++) this.#fail('order', i, 'quantifiers are not in the order of nodes');
    const list = c.list!(a);
    const elem = c.elem!(a);
    const dst = c.dst!(a);
    this.#scope(i, list);
    if ((dst !== NONE16) !== (op === 'COUNT' || op === 'FIRST'))
      this.#fail('operand', i, 'result missing or superfluous');
    if (dst !== NONE16) {
      const fits = op === 'COUNT' ? this.#slots.kind(dst) === 'int' : this.#results.takes(elem, dst);
      if (!fits) this.#fail('kind', i, 'the result cannot hold it');
    }
    const stop = c.stop!(a);
    const outer = this.#open.at(-1)?.stop ?? this.#count - 1;
    if (stop <= i || stop + 1 >= outer) this.#fail('region', i, 'the body leaves its region');
    if (this.#open.length === MAX_QUANTIFIERS)
      this.#fail('region', i, 'more than MAX_QUANTIFIERS nested bodies');
    this.#open.push({ region: 2 + a, stop, elem });
  }

  // A bound slot has a value only inside the body of its quantifier.
  #scope(i: number, slot: number): void {
    if (slot === NONE16) return;
    const root = this.#slots.root[slot]!;
    if (this.#slots.via(root) !== SLOT_VIAS.bound) return;
    if (!this.#open.some((body) => body.elem === root))
      this.#fail('region', i, 'a bound slot outside its body');
  }

  #finish(): void {
    const last = this.#count - 1;
    if (this.#open.length > 0 || (this.#word(last) & 0xff) !== NODES.END.code)
      this.#fail('region', last, 'the last node is no END 0');
    if (this.#quants !== this.#sizes.quant)
      refuse(this.#raw, 'order', 'QUANT', this.#quants, 'list', 'belongs to no node');
    if (this.#switches !== this.#sizes.switch)
      refuse(this.#raw, 'order', 'SWITCH', this.#switches, 'slot', 'belongs to no node');
    for (const [name, value] of [
      ['main', 0],
      ['shadow', this.#shadowStart],
    ] as const) {
      if (this.#raw.header(name) === value) continue;
      throw new Refusal(
        'region',
        fieldOf(HEADER_SHAPE, name).offset,
        `${name} does not start at node ${value}`,
      );
    }
  }
}

function verifyJumps(raw: RawBundle, regionOf: Int32Array): void {
  const word = raw.column('NODE', 'word');
  const t = raw.column('NODE', 't');
  const f = raw.column('NODE', 'f');
  const first = raw.column('SWITCH', 'first');
  const count = raw.column('SWITCH', 'count');
  const arm = raw.column('ARM', 'node');
  for (let i = 0; i < regionOf.length; i++) {
    const op = NODE_NAMES[word(i) & 0xff]!;
    if (op === 'END') {
      if (t(i) !== 0) refuse(raw, 'jump', 'NODE', i, 't', 'END has no successor');
      if (f(i) !== 0) refuse(raw, 'jump', 'NODE', i, 'f', 'END has no successor');
      continue;
    }
    if (t(i) <= i) refuse(raw, 'jump', 'NODE', i, 't', 'does not go forward');
    if (f(i) <= i) refuse(raw, 'jump', 'NODE', i, 'f', 'does not go forward');
    if (regionOf[t(i)] !== regionOf[i]) refuse(raw, 'region', 'NODE', i, 't', 'leaves its region');
    if (regionOf[f(i)] !== regionOf[i]) refuse(raw, 'region', 'NODE', i, 'f', 'leaves its region');
    if (!NODES[op].branches && f(i) !== t(i)) refuse(raw, 'jump', 'NODE', i, 'f', 'has one successor');
    if (op !== 'SWITCH') continue;
    const start = first(word(i) >>> 8);
    for (let k = start; k < start + count(word(i) >>> 8); k++) {
      if (arm(k) <= i) refuse(raw, 'jump', 'ARM', k, 'node', 'does not go forward');
      if (regionOf[arm(k)] !== regionOf[i]) refuse(raw, 'region', 'ARM', k, 'node', 'leaves its region');
    }
  }
}

// most_restrictive: strata from the strongest effect down, each closed by the BAR of its effect, which no path goes around.
// first_applicable: no BAR, and a hit ends the program.
function verifyStrata(raw: RawBundle, regionOf: Int32Array): void {
  const restrictive = raw.column('META', 'combining')(0) === 1;
  const word = raw.column('NODE', 'word');
  const t = raw.column('NODE', 't');
  const f = raw.column('NODE', 'f');
  const first = raw.column('SWITCH', 'first');
  const count = raw.column('SWITCH', 'count');
  const arm = raw.column('ARM', 'node');
  const effectOf = raw.column('RULE', 'effect');
  const mainEnd = raw.header('shadow') === NONE ? regionOf.length - 1 : raw.header('shadow') - 1;
  let bar = mainEnd;
  let effect = -1;
  for (let i = mainEnd - 1; i >= 0; i--) {
    if (regionOf[i] !== MAIN) continue;
    const op = NODE_NAMES[word(i) & 0xff]!;
    const a = word(i) >>> 8;
    if (t(i) > bar) refuse(raw, 'stratum', 'NODE', i, 't', 'goes around a BAR');
    if (f(i) > bar) refuse(raw, 'stratum', 'NODE', i, 'f', 'goes around a BAR');
    if (op === 'SWITCH') {
      for (let k = first(a); k < first(a) + count(a); k++) {
        if (arm(k) > bar) refuse(raw, 'stratum', 'ARM', k, 'node', 'goes around a BAR');
      }
    } else if (op === 'BAR') {
      if (!restrictive || a <= effect) refuse(raw, 'stratum', 'NODE', i, 'word', 'BAR out of order');
      bar = i;
      effect = a;
    } else if (op === 'HIT') {
      const fits = restrictive ? effectOf(a) === effect : t(i) === mainEnd;
      if (!fits)
        refuse(raw, 'stratum', 'NODE', i, 'word', 'HIT outside the stratum of its effect, or not final');
    }
  }
}

function verifyHighest(raw: RawBundle): void {
  const word = raw.column('NODE', 'word');
  const atom = raw.column('ATOM', 'op');
  const calc = raw.column('CALC', 'op');
  let highest = 0;
  for (let i = 0; i < raw.count('ATOM'); i++) highest = Math.max(highest, atom(i));
  for (let i = 0; i < raw.count('CALC'); i++) highest = Math.max(highest, calc(i));
  for (let i = 0; i < raw.count('NODE'); i++) highest = Math.max(highest, word(i) & 0xff);
  if (raw.header('highestOpcode') === highest) return;
  throw new Refusal(
    'opcode',
    fieldOf(HEADER_SHAPE, 'highestOpcode').offset,
    `the highest operation is ${highest}`,
  );
}
