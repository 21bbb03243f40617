// Which fields of the IR a bundle reads, and in which order: fields become slots.

import type { Edge, Field, FieldId, Hole, Ir, Outcome } from '../ir/ir.ts';

export interface SlotPlan {
  /** Fields in slot order. */
  readonly fields: readonly Field[];
  /** Slot of each field, -1 for fields that the bundle does not need. */
  readonly slotOf: Int32Array;
}

/** Numbers the fields that are validated or used, in the projection order that the layout documents. */
export function planSlots(ir: Ir): SlotPlan {
  const kept = keptFields(ir);
  const children: Field[][] = ir.fields.map(() => []);
  const roots: Field[] = [];
  for (const field of ir.fields) {
    if (kept[field.id] === 0) continue;
    if (field.parent === null || field.via === 'bound') roots.push(field);
    else children[field.parent]!.push(field);
  }
  const fields: Field[] = [];
  const slotOf = new Int32Array(ir.fields.length).fill(-1);
  for (const root of roots) {
    const stack = [root];
    for (let field = stack.pop(); field !== undefined; field = stack.pop()) {
      slotOf[field.id] = fields.length;
      fields.push(field);
      const below = children[field.id]!.sort(siblingOrder);
      for (let i = below.length - 1; i >= 0; i--) stack.push(below[i]!);
    }
  }
  return { fields, slotOf };
}

const RANKS: { readonly [via: string]: number } = { member: 0, view: 1, element: 2, value: 3 };

function siblingOrder(a: Field, b: Field): number {
  const rank = RANKS[a.via]! - RANKS[b.via]!;
  if (rank !== 0) return rank;
  // Strings compare by UTF-16 code units, which is the projection order.
  if (a.key !== null && b.key !== null && a.key !== b.key) return a.key < b.key ? -1 : 1;
  return a.id - b.id;
}

function keptFields(ir: Ir): Uint8Array {
  const kept = new Uint8Array(ir.fields.length);
  const inTemplate = new Uint8Array(ir.fields.length);
  const underRequest = new Uint8Array(ir.fields.length);
  for (const id of usedFields(ir)) kept[id] = 1;
  // A field comes after its parent, so one pass is enough.
  for (const field of ir.fields) {
    const { id, parent, via } = field;
    if (via === 'root') {
      kept[id] = 1;
      underRequest[id] = 2;
    } else if (parent !== null && via !== 'bound') {
      const opens = via === 'element' || via === 'value';
      const branch = via === 'view' && ir.fields[parent]!.kind === 'union';
      // 2: validated whether or not a rule reads it; 1: below a view of an unknown.
      underRequest[id] =
        via === 'view' && !branch ? Math.min(underRequest[parent]!, 1) : underRequest[parent]!;
      const template =
        underRequest[id] > 0 &&
        kept[parent] === 1 &&
        (opens || (inTemplate[parent] === 1 && (via === 'member' || branch)));
      if (template) inTemplate[id] = 1;
      if (template || underRequest[id] === 2) kept[id] = 1;
    }
  }
  return kept;
}

/** Everything that rules and templates read, with ancestors and operands. */
function usedFields(ir: Ir): Set<FieldId> {
  const used = new Set<FieldId>();
  const seen = new Set<number>();
  const fields: FieldId[] = [];
  const edges: Edge[] = [];
  for (const outcome of [...ir.rules, ir.defaultOutcome, ir.onInvalid]) {
    for (const hole of holesOf(outcome)) fields.push(hole.field);
  }
  for (const rule of ir.rules) edges.push(rule.cond);
  while (fields.length > 0 || edges.length > 0) {
    const id = fields.pop();
    if (id !== undefined) {
      if (used.has(id)) continue;
      used.add(id);
      const { parent, derived } = ir.fields[id]!;
      if (parent !== null) fields.push(parent);
      if (derived === null) continue;
      if (derived.op === 'HOLDS') edges.push(derived.cond);
      else if ('body' in derived) {
        fields.push(derived.list, derived.elem);
        edges.push(derived.body);
      } else fields.push(...derived.args);
      continue;
    }
    const cond = edges.pop()! >> 1;
    if (seen.has(cond)) continue;
    seen.add(cond);
    const row = ir.conds[cond]!;
    if (row.op === 'and') for (const arg of row.args) edges.push(arg);
    if (row.op !== 'atom') continue;
    const atom = ir.atoms[row.atom]!;
    if ('body' in atom) {
      fields.push(atom.list, atom.elem);
      edges.push(atom.body);
    } else {
      fields.push(atom.field);
      if ('other' in atom) fields.push(atom.other);
    }
  }
  return used;
}

/** The holes of an outcome's message and obligations. */
export function* holesOf(outcome: Outcome): Generator<Hole> {
  for (const part of outcome.message ?? []) if (typeof part !== 'string') yield part;
  for (const { value } of outcome.obligations)
    for (const part of value) if (typeof part !== 'string') yield part;
}
