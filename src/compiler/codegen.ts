// Conditions → branch graph. An edge is generated between two continuations: where to go when it is true, where when it is false.
// Derived fields are computed right before the first node that reads them; what does not depend on a quantifier's variable is computed
// before the quantifier, not in its body.

import { type Edge, FALSE, type Field, type FieldId, type Ir, type IrAtom } from '../ir/ir.ts';
import { Dependencies } from './dependencies.ts';
import { Graph } from './graph.ts';

export type PlainAtom = Exclude<IrAtom, { op: 'ANY' | 'ALL' }>;

/** A CALC record before slots are known. */
export interface CalcRow {
  readonly field: FieldId;
  /** The truth value of SET; null for the derived field's own operation. */
  readonly value: 0 | 1 | null;
}

/** A quantifier and its body. */
export interface QuantRow {
  readonly list: FieldId;
  readonly elem: FieldId;
  readonly dst: FieldId | null;
  readonly overValues: boolean;
  readonly except: number | null;
  /** Nothing in it depends on the variable of a quantifier around it. */
  readonly free: boolean;
  readonly body: Region;
}

/** A graph with its entry; `elem`: the variable of the quantifier whose body it is. */
export interface Region {
  readonly graph: Graph;
  readonly elem: FieldId | null;
  entry: number;
}

export class CodeGenerator {
  readonly ir: Ir;
  readonly dependencies: Dependencies;
  /** The atoms of the IR, then those that only the code needs. */
  readonly atoms: IrAtom[];
  readonly calcs: CalcRow[] = [];
  readonly quants: QuantRow[] = [];
  readonly #calcIds = new Map<string, number>();
  readonly #quantIds = new Map<string, number>();

  constructor(ir: Ir) {
    this.ir = ir;
    this.dependencies = new Dependencies(ir);
    this.atoms = [...ir.atoms];
  }

  region(elem: FieldId | null): Region {
    return { graph: new Graph(), elem, entry: 0 };
  }

  /**
   * The node that goes to `t` when the condition holds, else to `f`. `ready`: derived fields are computed already.
   * The conditions of a conjunction are generated from the last to the first, on an explicit stack: conditions may nest deeply.
   */
  branch(region: Region, edge: Edge, t: number, f: number, ready = false): number {
    const open: { readonly args: readonly Edge[]; next: number; readonly otherwise: number }[] = [];
    let current = edge;
    let yes = t;
    let no = f;
    for (;;) {
      if ((current & 1) === 1) [yes, no] = [no, yes];
      const cond = this.ir.conds[current >> 1]!;
      if (cond.op === 'and') {
        open.push({ args: cond.args, next: cond.args.length - 1, otherwise: no });
      } else {
        yes = cond.op === 'true' ? yes : this.#test(region, cond.atom, yes, no, ready);
      }
      // `yes` is the continuation made so far; the next condition of the innermost open conjunction goes before it.
      while (open.length > 0 && open.at(-1)!.next < 0) open.pop();
      const inner = open.at(-1);
      if (inner === undefined) return yes;
      current = inner.args[inner.next--]!;
      no = inner.otherwise;
    }
  }

  #test(region: Region, atom: number, t: number, f: number, ready: boolean): number {
    if (t === f) return t;
    const row = this.atoms[atom]!;
    let node: number;
    if (row.op === 'ANY' || row.op === 'ALL') {
      if (row.op === 'ANY' && row.body === FALSE) return f;
      const free = this.dependencies.atomBounds(atom).size === 0;
      node = region.graph.branch(row.op, this.#quant(row, null, free), t, f);
    } else {
      node = region.graph.branch('TEST', atom, t, f);
    }
    return ready ? node : this.prelude(region, this.dependencies.atomNeeds(atom), node);
  }

  /** Computes derived fields before a node: those that have their value in this region. */
  prelude(region: Region, needs: ReadonlySet<FieldId>, node: number): number {
    if (needs.size === 0) return node;
    let entry = node;
    // Operands have smaller numbers, and come first.
    for (const field of [...needs].sort((a, b) => b - a)) {
      const here = region.elem === null || this.dependencies.bounds(field).has(region.elem);
      if (here) entry = this.#compute(region, this.ir.fields[field]!, entry);
    }
    return entry;
  }

  #compute(region: Region, field: Field, next: number): number {
    const derived = field.derived!;
    if (derived.op === 'HOLDS') {
      const yes = region.graph.node('CALC', this.#calc(field.id, 1), next, next);
      const no = region.graph.node('CALC', this.#calc(field.id, 0), next, next);
      return this.branch(region, derived.cond, yes, no, true);
    }
    if (derived.op === 'COUNT' || derived.op === 'FIRST') {
      const free = this.dependencies.bounds(field.id).size === 0;
      const row = { ...derived, overValues: false, except: null };
      return region.graph.node(derived.op, this.#quant(row, field.id, free), next, next);
    }
    return region.graph.node('CALC', this.#calc(field.id, null), next, next);
  }

  #calc(field: FieldId, value: 0 | 1 | null): number {
    const key = `${field} ${value}`;
    let id = this.#calcIds.get(key);
    if (id === undefined) {
      id = this.calcs.length;
      this.calcs.push({ field, value });
      this.#calcIds.set(key, id);
    }
    return id;
  }

  #quant(
    row: { list: FieldId; elem: FieldId; overValues: boolean; except: number | null; body: Edge },
    dst: FieldId | null,
    free: boolean,
  ): number {
    const key = JSON.stringify([row.list, row.elem, dst, row.overValues, row.except, row.body]);
    let id = this.#quantIds.get(key);
    if (id === undefined) {
      const body = this.#body(row.elem, row.body);
      id = this.quants.length;
      const { list, elem, overValues, except } = row;
      this.quants.push({ list, elem, dst, overValues, except, free, body });
      this.#quantIds.set(key, id);
    }
    return id;
  }

  #body(elem: FieldId, edge: Edge): Region {
    const region = this.region(elem);
    const yes = region.graph.end(1);
    const no = region.graph.end(2);
    region.entry = this.branch(region, edge, yes, no);
    // A body begins with END 1 when it is empty; one that always says false needs a node that goes to END 2.
    if (region.entry === no) {
      this.atoms.push({ op: 'PRESENT', field: elem });
      region.entry = region.graph.node('TEST', this.atoms.length - 1, no, no);
    }
    return region;
  }
}
