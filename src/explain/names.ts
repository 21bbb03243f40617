// Conditions and fields in the policy's own syntax, part by part. A variable has the same name in every part.

import type { Edge, Field, FieldId, Ir, IrAtom } from '../ir/ir.ts';
import { renderCondition } from '../ir/render.ts';
import { FieldReader } from '../symbolic/fields.ts';
import type { Quantifier } from './reading.ts';

const PRESENT = 'has ';

export class Names {
  readonly #ir: Ir;
  /** Conditions of the policy itself; behind them one per field: that it is present. */
  readonly #conditions: number;

  constructor(ir: Ir) {
    this.#conditions = ir.conds.length;
    const depths = depthsOf(ir);
    const taken = new Set(ir.fields.map(({ key }) => key));
    const nameOf = variableNames(taken);
    this.#ir = {
      ...ir,
      // To whoever prints it, a variable that is a member of the request is its name.
      fields: ir.fields.map((field): Field => {
        const depth = depths.get(field.id);
        return depth === undefined ? field : { ...field, via: 'member', parent: 0, key: nameOf(depth) };
      }),
      atoms: [...ir.atoms, ...ir.fields.map(({ id }): IrAtom => ({ op: 'PRESENT', field: id }))],
      conds: [...ir.conds, ...ir.fields.map((_, i) => ({ op: 'atom' as const, atom: ir.atoms.length + i }))],
    };
  }

  condition(edge: Edge): string {
    return renderCondition(this.#ir, edge);
  }

  field(id: FieldId): string {
    const field = this.#ir.fields[id]!;
    if (field.derived?.op === 'NORM') return `${this.field(field.derived.args[0]!)} as a path`;
    return renderCondition(this.#ir, (this.#conditions + id) << 1).slice(PRESENT.length);
  }
}

/** Names of variables by how deeply they are nested: none that the request has a member of. */
function variableNames(taken: ReadonlySet<string | null>): (depth: number) => string {
  const names: string[] = [];
  for (let i = 1; names.length < taken.size + 64; i++) {
    const name = i === 1 ? 'item' : `item${i}`;
    if (!taken.has(name)) names.push(name);
  }
  return (depth) => names[depth] ?? 'item';
}

/** Per variable, how many others the parts of its quantifier depend on. */
function depthsOf(ir: Ir): ReadonlyMap<FieldId, number> {
  const reader = new FieldReader(ir);
  const depths = new Map<FieldId, number>();
  const quantifiers: Quantifier[] = [
    ...ir.fields.flatMap(({ derived }) => (derived !== null && 'list' in derived ? [derived] : [])),
    ...ir.atoms.flatMap((atom) => ('list' in atom ? [atom] : [])),
  ];
  const needs = new Map<FieldId, Set<FieldId>>();
  for (const { list, elem, body } of quantifiers) {
    const free = needs.get(elem) ?? new Set();
    for (const bound of [...reader.freeOfField(list), ...reader.freeOfEdge(body)])
      if (bound !== elem) free.add(bound);
    needs.set(elem, free);
  }
  const depthOf = (bound: FieldId): number => {
    let depth = depths.get(bound);
    if (depth === undefined) {
      depths.set(bound, 0);
      depth = Math.max(0, ...[...(needs.get(bound) ?? [])].map((outer) => depthOf(outer) + 1));
      depths.set(bound, depth);
    }
    return depth;
  };
  for (const bound of needs.keys()) depthOf(bound);
  return depths;
}
