// Two readings of a policy for the tests: the IR's conditions evaluated directly, and the emitted nodes run step by step.

import type { Bundle } from '../../src/bytecode/bundle.ts';
import type { Edge, FieldId, Ir } from '../../src/ir/ir.ts';

type Value = number | string | boolean | readonly number[] | object | undefined;
type Json = { readonly [key: string]: unknown };

/** Rules whose condition holds, by the IR alone. */
export function matchingRules(ir: Ir, request: object): number[] {
  const bound = new Map<FieldId, Value>();
  const field = (id: FieldId): Value => {
    const row = ir.fields[id]!;
    if (row.via === 'root') return request;
    if (row.via === 'bound') return bound.get(id);
    if (row.via === 'member') return (field(row.parent!) as Json)[row.key!] as Value;
    const { derived } = row;
    if (derived === null) throw new Error('unexpected field');
    if (derived.op === 'HOLDS') return holds(derived.cond);
    if ('body' in derived) return items(derived.list, derived.elem, derived.body).filter(Boolean).length;
    const [a, b] = derived.args.map((arg) => field(arg) as number | undefined);
    return a === undefined || b === undefined ? undefined : a + b;
  };
  const items = (list: FieldId, elem: FieldId, body: Edge): boolean[] =>
    (field(list) as readonly number[]).map((item) => {
      bound.set(elem, item);
      return holds(body);
    });
  const holds = (edge: Edge): boolean => {
    const row = ir.conds[edge >> 1]!;
    const value = row.op === 'true' ? true : row.op === 'and' ? row.args.every(holds) : atom(row.atom);
    return value !== ((edge & 1) === 1);
  };
  const atom = (id: number): boolean => {
    const row = ir.atoms[id]!;
    if ('body' in row) {
      const answers = items(row.list, row.elem, row.body);
      return row.op === 'ANY' ? answers.includes(true) : !answers.includes(false);
    }
    const set = 'set' in row ? ir.sets[row.set]!.items : [];
    const bounds = 'bounds' in row ? row.bounds : [];
    const other = 'other' in row ? field(row.other) : undefined;
    return test(row.op, field(row.field), other, set, bounds);
  };
  return ir.rules.flatMap((rule, id) => (holds(rule.cond) ? [id] : []));
}

function test(
  op: string,
  value: Value,
  other: Value,
  set: readonly unknown[],
  bounds: readonly number[],
): boolean {
  if (value === undefined) return false;
  switch (op) {
    case 'PRESENT':
      return true;
    case 'IN_STRINGS':
      return set.includes(value);
    case 'IN_NUMBERS':
      return set.includes(Number(value));
    case 'RANGE':
      return bounds[0]! <= Number(value) && Number(value) <= bounds[1]!;
    case 'EQ_STRING':
      return value === other;
    case 'LT_NUMBER':
      return other !== undefined && value < other;
    default:
      throw new Error(`${op} is not part of these tests`);
  }
}

export interface Run {
  /** Rules hit, in order, up to the first BAR with a hit when `early`. */
  readonly hits: readonly number[];
  readonly shadowHits: readonly number[];
  readonly steps: number;
  /** Values of all slots at the end. */
  readonly values: readonly Value[];
}

/** Runs the nodes of a bundle. */
export function runBundle(bundle: Bundle, request: object): Run {
  const machine = new Machine(bundle, request);
  const hits = machine.run(bundle.main);
  const shadowHits = bundle.shadow === null ? [] : machine.run(bundle.shadow);
  return { hits, shadowHits, steps: machine.steps, values: bundle.slots.map((_, i) => machine.value(i)) };
}

class Machine {
  readonly #bundle: Bundle;
  readonly #request: object;
  readonly #computed = new Map<number, Value>();
  readonly #answers = new Map<number, boolean>();
  steps = 0;

  constructor(bundle: Bundle, request: object) {
    this.#bundle = bundle;
    this.#request = request;
  }

  value(slot: number): Value {
    const { via, parent, key } = this.#bundle.slots[slot]!;
    if (via === 'root') return this.#request;
    if (via === 'member') return (this.value(parent!) as Json)[key!] as Value;
    return this.#computed.get(slot);
  }

  run(entry: number): number[] {
    const hits: number[] = [];
    this.#walk(entry, hits);
    return hits;
  }

  #walk(entry: number, hits: number[]): number {
    const { nodes, calcs, switches, quants } = this.#bundle;
    for (let at = entry; ; ) {
      const node = nodes[at]!;
      this.steps++;
      if (node.op === 'END') return node.a;
      let next = node.t;
      if (node.op === 'HIT') hits.push(node.a);
      else if (node.op === 'TEST') next = this.#test(node.a) ? node.t : node.f;
      else if (node.op === 'CALC') this.#calc(calcs[node.a]!);
      else if (node.op === 'SWITCH') {
        const { slot, arms } = switches[node.a]!;
        next = arms.find((arm) => arm.key === this.value(slot))?.node ?? node.t;
      } else if (node.op !== 'BAR') {
        const { dst, memo } = quants[node.a]!;
        const known = memo ? (dst === null ? this.#answers.get(node.a) : this.#computed.get(dst)) : undefined;
        const answer = known ?? this.#quantify(at, node.op);
        if (dst === null) {
          this.#answers.set(node.a, answer as boolean);
          next = answer ? node.t : node.f;
        } else this.#computed.set(dst, answer as number);
      }
      if (next <= at) throw new Error('a jump back');
      at = next;
    }
  }

  #test(id: number): boolean {
    const atom = this.#bundle.atoms[id]!;
    const set = atom.index === null ? [] : this.#bundle.sets[atom.index]!.items;
    return test(
      atom.op,
      this.value(atom.slot),
      atom.other === null ? undefined : this.value(atom.other),
      set,
      atom.bounds,
    );
  }

  #calc(calc: Bundle['calcs'][number]): void {
    if (calc.memo && this.#computed.has(calc.dst)) return;
    if (calc.op === 'SET') this.#computed.set(calc.dst, calc.imm === 1);
    else {
      const [a, b] = [this.value(calc.a!), this.value(calc.b!)];
      this.#computed.set(calc.dst, a === undefined || b === undefined ? undefined : Number(a) + Number(b));
    }
  }

  #quantify(at: number, op: string): boolean | number {
    const { list, elem } = this.#bundle.quants[this.#bundle.nodes[at]!.a]!;
    let count = 0;
    for (const item of this.value(list) as readonly number[]) {
      this.#computed.set(elem, item);
      const says = this.#walk(at + 1, []) === 1;
      if (op === 'ANY' && says) return true;
      if (op === 'ALL' && !says) return false;
      if (says) count++;
    }
    return op === 'COUNT' ? count : op === 'ALL';
  }
}
