// Graphs → the node list of a bundle. Calculations whose result is there on every way are dropped; then regions are laid out, the body
// of each quantifier right behind its node. Nodes are numbered from the entry on, so that every jump goes forward.

import type { Node, Switch } from '../bytecode/bundle.ts';
import type { FieldId } from '../ir/ir.ts';
import type { CodeGenerator, QuantRow, Region } from './codegen.ts';
import { Graph, type GraphNode } from './graph.ts';

/** The laid out code. Numbers of atoms and calcs are still those of the generator; quantifiers and switches are numbered as they stand. */
export interface LinearCode {
  readonly nodes: readonly Node[];
  readonly quants: readonly { readonly row: QuantRow; readonly memo: boolean; readonly stop: number }[];
  readonly switches: readonly { readonly field: FieldId; readonly arms: Switch['arms'] }[];
  readonly shadow: number | null;
  /** Calcs that more than one node of the program computes. */
  readonly memoCalcs: ReadonlySet<number>;
}

export function linearise(code: CodeGenerator, main: Region, shadow: Region | null): LinearCode {
  return new Layout(code, main, shadow).run();
}

class Layout {
  readonly #code: CodeGenerator;
  readonly #main: Region;
  readonly #shadow: Region | null;
  readonly #bodies = new Map<number, Laid>();
  readonly #nodes: Node[] = [];
  readonly #quants: { row: QuantRow; memo: boolean; stop: number }[] = [];
  readonly #switches: { field: FieldId; arms: Switch['arms'] }[] = [];
  /** Fields that more than one node of the program computes. */
  readonly #repeated = new Set<FieldId>();

  constructor(code: CodeGenerator, main: Region, shadow: Region | null) {
    this.#code = code;
    this.#main = tidy(code, main);
    this.#shadow = shadow === null ? null : tidy(code, shadow);
  }

  run(): LinearCode {
    const main = this.#lay(this.#main);
    const shadow = this.#shadow === null ? null : this.#lay(this.#shadow);
    this.#findRepeated([main, ...(shadow === null ? [] : [shadow])]);
    this.#emit(main, 0, false);
    const shadowStart = shadow === null ? null : this.#nodes.length;
    if (shadow !== null) this.#emit(shadow, this.#nodes.length, false);
    const memoCalcs = new Set<number>();
    this.#code.calcs.forEach((calc, id) => {
      if (calc.value === null && this.#repeated.has(calc.field)) memoCalcs.add(id);
    });
    return {
      nodes: this.#nodes,
      quants: this.#quants,
      switches: this.#switches,
      shadow: shadowStart,
      memoCalcs,
    };
  }

  #body(quant: number): Laid {
    let laid = this.#bodies.get(quant);
    if (laid === undefined) {
      laid = this.#lay(tidy(this.#code, this.#code.quants[quant]!.body));
      this.#bodies.set(quant, laid);
    }
    return laid;
  }

  /** Places of the nodes that the entry reaches, relative to the first one. */
  #lay(region: Region): Laid {
    const order = reachable(region).reverse();
    const places = new Map<number, number>();
    let place = 0;
    for (const id of order) {
      const node = region.graph.nodes[id]!;
      if (region.elem !== null && node.op === 'END') continue;
      places.set(id, place++);
      if (isQuant(node)) place += this.#body(node.a).size;
    }
    if (region.elem !== null) {
      // Both ends are laid out, whether or not the body reaches them.
      region.graph.nodes.forEach((node, id) => {
        if (node.op === 'END') places.set(id, place + node.a - 1);
      });
      place += 2;
    }
    return { region, order, places, size: place };
  }

  #findRepeated(regions: readonly Laid[]): void {
    const seen = new Set<FieldId>();
    for (const { region, order } of regions) {
      for (const id of order) {
        const field = computed(this.#code, region.graph.nodes[id]!);
        if (field === null) continue;
        if (seen.has(field)) this.#repeated.add(field);
        seen.add(field);
      }
    }
  }

  #emit(laid: Laid, base: number, inBody: boolean): void {
    const { region, order, places } = laid;
    const at = (id: number): number => base + places.get(id)!;
    for (const id of order) {
      const node = region.graph.nodes[id]!;
      if (node.op === 'END') {
        if (!inBody) this.#nodes.push({ op: 'END', a: node.a, t: 0, f: 0 });
        continue;
      }
      const t = at(node.t);
      const f = at(node.f);
      if (isQuant(node)) {
        this.#emitQuant(node, t, f, inBody);
      } else if (node.op === 'SWITCH') {
        const { field, arms } = region.graph.switches[node.a]!;
        this.#nodes.push({ op: 'SWITCH', a: this.#switches.length, t, f });
        this.#switches.push({ field, arms: arms.map((arm) => ({ key: arm.key, node: at(arm.node) })) });
      } else {
        this.#nodes.push({ op: node.op, a: node.a, t, f });
      }
    }
    if (!inBody) return;
    this.#nodes.push({ op: 'END', a: 1, t: 0, f: 0 }, { op: 'END', a: 2, t: 0, f: 0 });
  }

  #emitQuant(node: GraphNode, t: number, f: number, inBody: boolean): void {
    const row = this.#code.quants[node.a]!;
    const body = this.#body(node.a);
    const start = this.#nodes.length + 1;
    // A test inside a body that does not depend on any variable keeps its answer; a value is kept when several nodes may compute it.
    const memo = row.dst === null ? inBody && row.free : this.#repeated.has(row.dst);
    this.#nodes.push({ op: node.op, a: this.#quants.length, t, f });
    this.#quants.push({ row, memo, stop: start + body.size - 2 });
    this.#emit(body, start, true);
  }
}

interface Laid {
  readonly region: Region;
  /** Reachable nodes, entry first. */
  readonly order: readonly number[];
  readonly places: ReadonlyMap<number, number>;
  readonly size: number;
}

function isQuant(node: GraphNode): boolean {
  return node.op === 'ANY' || node.op === 'ALL' || node.op === 'COUNT' || node.op === 'FIRST';
}

/** Nodes that the entry reaches, in ascending order. */
function reachable(region: Region): number[] {
  const { graph, entry } = region;
  const marked = new Uint8Array(graph.nodes.length);
  marked[entry] = 1;
  const found: number[] = [];
  // Successors have smaller numbers.
  for (let id = entry; id >= 0; id--) {
    if (marked[id] === 0) continue;
    found.push(id);
    for (const next of graph.successors(graph.nodes[id]!)) marked[next] = 1;
  }
  return found.reverse();
}

/** The derived field that a node computes; SET is not one: it belongs to a test that must be run anyway. */
function computed(code: CodeGenerator, node: GraphNode): FieldId | null {
  if (node.op === 'CALC') {
    const calc = code.calcs[node.a]!;
    return calc.value === null ? calc.field : null;
  }
  return node.op === 'COUNT' || node.op === 'FIRST' ? code.quants[node.a]!.dst : null;
}

/** The region without calculations whose result is there already, however they are reached. */
function tidy(code: CodeGenerator, region: Region): Region {
  const order = reachable(region);
  const dropped = superfluous(code, region, order);
  const graph = new Graph();
  const moved = new Map<number, number>();
  const to = (id: number): number => moved.get(id)!;
  if (region.elem !== null) {
    graph.end(1);
    graph.end(2);
  }
  for (const id of order) {
    const node = region.graph.nodes[id]!;
    moved.set(id, dropped.has(id) ? to(node.t) : rebuild(graph, region.graph, node, to));
  }
  return { graph, elem: region.elem, entry: to(region.entry) };
}

function rebuild(graph: Graph, from: Graph, node: GraphNode, to: (id: number) => number): number {
  if (node.op === 'END') return graph.node('END', node.a, 0, 0);
  if (node.op === 'SWITCH') {
    const { field, arms } = from.switches[node.a]!;
    return graph.switch(
      field,
      arms.map((arm) => ({ key: arm.key, node: to(arm.node) })),
      to(node.t),
    );
  }
  return graph.node(node.op, node.a, to(node.t), to(node.f));
}

// Forward data flow, 31 fields at a time: a field is there when it is there on all ways to a node.
function superfluous(code: CodeGenerator, region: Region, order: readonly number[]): Set<number> {
  const { nodes } = region.graph;
  const counts = new Map<FieldId, number>();
  for (const id of order) {
    const field = computed(code, nodes[id]!);
    if (field !== null) counts.set(field, (counts.get(field) ?? 0) + 1);
  }
  const fields = [...counts].filter(([, count]) => count > 1).map(([field]) => field);
  const dropped = new Set<number>();
  for (let base = 0; base < fields.length; base += 31) {
    const bits = new Map(fields.slice(base, base + 31).map((field, i) => [field, 1 << i]));
    const there = new Int32Array(nodes.length).fill(-1);
    there[region.entry] = 0;
    for (let k = order.length - 1; k >= 0; k--) {
      const id = order[k]!;
      const node = nodes[id]!;
      const field = computed(code, node);
      const bit = field === null ? 0 : (bits.get(field) ?? 0);
      if ((there[id]! & bit) !== 0) dropped.add(id);
      for (const next of region.graph.successors(node)) there[next]! &= there[id]! | bit;
    }
  }
  return dropped;
}
