// A policy that reads every member and item of one request. Beside the real one it makes all of them places, so that nothing of the
// request is out of sight when the smallest change is looked for.

import type { Field, FieldId, Ir } from '../ir/ir.ts';
import type { Json } from '../value/json.ts';

/** Decides nothing; only its fields matter. */
export function readingAll(ir: Ir, request: Json): Ir {
  const fields = new WholeRequest(ir.fields[0]!, request).fields;
  return { ...ir, fields, sets: [], langs: [], atoms: [], conds: [{ op: 'true' }], rules: [] };
}

class WholeRequest {
  readonly fields: Field[];
  readonly #known = new Map<string, FieldId>();
  readonly #longest = new Map<FieldId, number>();

  constructor(root: Field, request: Json) {
    this.fields = [{ ...PLAIN, id: 0, parent: null, via: 'root', kind: root.kind }];
    this.#visit(0, request);
    // An item behind the last one may be asked for too.
    for (const [list, length] of this.#longest)
      this.#add({ via: 'calc', derived: { op: 'AT', args: [list], imm: length } });
  }

  #visit(id: FieldId, value: Json): void {
    if (Array.isArray(value)) {
      this.#longest.set(id, Math.max(this.#longest.get(id) ?? 0, value.length));
      const element = this.#child(id, { via: 'element' });
      for (const item of value) this.#visit(element, item);
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value))
        this.#visit(this.#child(id, { via: 'member', key }), member);
    }
  }

  #child(parent: FieldId, part: Partial<Field>): FieldId {
    const name = `${parent} ${part.via} ${part.key ?? ''}`;
    let id = this.#known.get(name);
    if (id === undefined) {
      id = this.#add({ ...part, parent });
      this.#known.set(name, id);
    }
    return id;
  }

  #add(part: Partial<Field>): FieldId {
    const id = this.fields.length;
    this.fields.push({ ...PLAIN, ...part, id });
    return id;
  }
}

const PLAIN: Field = {
  id: 0,
  parent: null,
  via: 'member',
  kind: 'record',
  scale: 0,
  key: null,
  optional: true,
  nullable: false,
  unique: false,
  closed: null,
  limits: null,
  discriminator: null,
  branch: null,
  derived: null,
  constant: null,
};
