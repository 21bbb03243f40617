// What must be computed before a field can be read, and inside which quantifiers.

import type { AtomId, Edge, FieldId, Ir, IrAtom } from '../ir/ir.ts';

type Ids = ReadonlySet<FieldId>;
const NOTHING: Ids = new Set();

/** Derived fields and bound variables that fields, atoms and conditions depend on. */
export class Dependencies {
  readonly #ir: Ir;
  /** Root of each field: the field without parent, or the bound variable, that it hangs under. */
  readonly #root: FieldId[] = [];
  readonly #needs: Ids[] = [];
  readonly #bounds: Ids[] = [];
  readonly #condNeeds = new Map<number, Ids>();
  readonly #condBounds = new Map<number, Ids>();

  constructor(ir: Ir) {
    this.#ir = ir;
    // Operands come before what is made of them, so one pass in order is enough.
    for (const field of ir.fields) {
      const below = field.parent !== null && field.via !== 'bound';
      const root = below ? this.#root[field.parent]! : field.id;
      this.#root.push(root);
      this.#needs.push(below ? this.#needs[root]! : this.#rootNeeds(field.id));
      this.#bounds.push(below ? this.#bounds[root]! : this.#rootBounds(field.id));
    }
  }

  /** Derived fields to compute before the field can be read, itself included. */
  needs(field: FieldId): Ids {
    return this.#needs[field]!;
  }

  /** Bound variables that the value of the field depends on. */
  bounds(field: FieldId): Ids {
    return this.#bounds[field]!;
  }

  /** Derived fields to compute before a test, except those that depend on a variable which the test itself binds. */
  atomNeeds(atom: AtomId): Ids {
    return this.#ofAtom(
      this.#ir.atoms[atom]!,
      this.#needs,
      (body) => this.condNeeds(body),
      (need, elem) => this.bounds(need).has(elem),
    );
  }

  atomBounds(atom: AtomId): Ids {
    return this.#ofAtom(
      this.#ir.atoms[atom]!,
      this.#bounds,
      (body) => this.condBounds(body),
      (bound, elem) => bound === elem,
    );
  }

  condNeeds(edge: Edge): Ids {
    return this.#ofCond(edge, this.#condNeeds, (atom) => this.atomNeeds(atom));
  }

  condBounds(edge: Edge): Ids {
    return this.#ofCond(edge, this.#condBounds, (atom) => this.atomBounds(atom));
  }

  #ofAtom(
    atom: IrAtom,
    table: readonly Ids[],
    ofBody: (body: Edge) => Ids,
    local: (id: FieldId, elem: FieldId) => boolean,
  ): Ids {
    if ('field' in atom) {
      return 'other' in atom ? union([table[atom.field]!, table[atom.other]!]) : table[atom.field]!;
    }
    const body = [...ofBody(atom.body)].filter((id) => !local(id, atom.elem));
    return union([table[atom.list]!, new Set(body)]);
  }

  // Quantifiers nest at most MAX_QUANTIFIERS deep, so this recursion is shallow; conditions are walked without recursion.
  #ofCond(edge: Edge, memo: Map<number, Ids>, ofAtom: (atom: AtomId) => Ids): Ids {
    const known = memo.get(edge >> 1);
    if (known !== undefined) return known;
    const parts: Ids[] = [];
    const seen = new Set<number>();
    const stack = [edge >> 1];
    for (let cond = stack.pop(); cond !== undefined; cond = stack.pop()) {
      if (seen.has(cond)) continue;
      seen.add(cond);
      const row = this.#ir.conds[cond]!;
      if (row.op === 'atom') parts.push(ofAtom(row.atom));
      else if (row.op === 'and') for (const arg of row.args) stack.push(arg >> 1);
    }
    const all = union(parts);
    memo.set(edge >> 1, all);
    return all;
  }

  #rootNeeds(id: FieldId): Ids {
    const { derived } = this.#ir.fields[id]!;
    if (derived === null) return NOTHING;
    const self: Ids = new Set([id]);
    if (derived.op === 'HOLDS') return union([this.condNeeds(derived.cond), self]);
    if ('body' in derived) {
      const body = [...this.condNeeds(derived.body)].filter((need) => !this.bounds(need).has(derived.elem));
      return union([this.needs(derived.list), new Set(body), self]);
    }
    return union([...derived.args.map((arg) => this.needs(arg)), self]);
  }

  #rootBounds(id: FieldId): Ids {
    const { derived, via, parent } = this.#ir.fields[id]!;
    if (via === 'bound') return union([this.bounds(parent!), new Set([id])]);
    if (derived === null) return NOTHING;
    if (derived.op === 'HOLDS') return this.condBounds(derived.cond);
    if ('body' in derived) {
      const body = [...this.condBounds(derived.body)].filter((bound) => bound !== derived.elem);
      return union([this.bounds(derived.list), new Set(body)]);
    }
    return union(derived.args.map((arg) => this.bounds(arg)));
  }
}

function union(sets: readonly Ids[]): Ids {
  const filled = sets.filter((set) => set.size > 0);
  if (filled.length === 0) return NOTHING;
  if (filled.length === 1) return filled[0]!;
  const all = new Set<FieldId>();
  for (const set of filled) for (const id of set) all.add(id);
  return all;
}
