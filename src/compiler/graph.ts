// Nodes of the branch graph while it is built: backwards, from the continuations, so that a node is always made after the nodes it goes
// to and has a larger number. Equal nodes are one node.

import { MAX_BUNDLE_BYTES } from '../bytecode/limits.ts';
import type { NodeOp } from '../bytecode/opcodes.ts';
import type { FieldId } from '../ir/ir.ts';
import { TooLarge } from './too-large.ts';

/** More nodes than a bundle has room for. */
const MAX_NODES = Math.floor(MAX_BUNDLE_BYTES / 12);

/** `a` as the operation says: atom, calc, quantifier and switch numbers are those of the tables of the generator. */
export interface GraphNode {
  readonly op: NodeOp;
  readonly a: number;
  readonly t: number;
  readonly f: number;
}

export interface GraphSwitch {
  readonly field: FieldId;
  /** Sorted by key. */
  readonly arms: readonly { readonly key: string; readonly node: number }[];
}

/** One region: the main program, the shadow rules, or the body of a quantifier. */
export class Graph {
  readonly nodes: GraphNode[] = [];
  readonly switches: GraphSwitch[] = [];
  readonly #ids = new Map<string, number>();
  readonly #switchIds = new Map<string, number>();

  node(op: NodeOp, a: number, t: number, f: number): number {
    const key = `${op} ${a} ${t} ${f}`;
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    if (this.nodes.length >= MAX_NODES) throw new TooLarge({ kind: 'bundle' });
    this.nodes.push({ op, a, t, f });
    this.#ids.set(key, this.nodes.length - 1);
    return this.nodes.length - 1;
  }

  /** A test whose outcome does not matter is no test. */
  branch(op: 'TEST' | 'ANY' | 'ALL', a: number, t: number, f: number): number {
    return t === f ? t : this.node(op, a, t, f);
  }

  end(code: 0 | 1 | 2): number {
    return this.node('END', code, 0, 0);
  }

  switch(field: FieldId, arms: GraphSwitch['arms'], otherwise: number): number {
    if (arms.every((arm) => arm.node === otherwise)) return otherwise;
    const key = JSON.stringify([field, arms.map((arm) => [arm.key, arm.node])]);
    let id = this.#switchIds.get(key);
    if (id === undefined) {
      id = this.switches.length;
      this.switches.push({ field, arms });
      this.#switchIds.set(key, id);
    }
    return this.node('SWITCH', id, otherwise, otherwise);
  }

  /** All nodes that a node may go to. */
  successors(node: GraphNode): readonly number[] {
    if (node.op === 'END') return [];
    if (node.op === 'SWITCH') return [node.t, ...this.switches[node.a]!.arms.map((arm) => arm.node)];
    return node.t === node.f ? [node.t] : [node.t, node.f];
  }
}
