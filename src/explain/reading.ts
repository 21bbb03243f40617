// What the fields and conditions of an IR are for one request that the projection accepted. It follows the contract of the evaluators, but
// computes every part for itself, whether or not an evaluator would have come to it.

import { MAX_LIST_ITEMS, MAX_MAP_ENTRIES } from '../bytecode/limits.ts';
import { isObject, memberCount, ownMember } from '../evaluator/plain.ts';
import type { Derived, Edge, Field, FieldId, Ir, SetId } from '../ir/ir.ts';
import { FieldReader } from '../symbolic/fields.ts';
import type { Json } from '../value/json.ts';
import { atomHolds } from './atom.ts';
import { computed } from './computed.ts';
import { keepsLimits, numberValue, readAs, type Value } from './value.ts';

/** What a field is. */
export interface Located {
  /** Null when it is absent. */
  readonly value: Value | null;
  /** What stands in the request where the field is read, of whatever kind; undefined when nothing does. */
  readonly raw: Json | undefined;
  /** Where in the request that is; null for what is computed. */
  readonly pointer: string | null;
}

/** An item of a list, or an entry of an object, that a quantifier looks at. */
export interface Item {
  readonly pointer: string | null;
  readonly raw: Json;
}

/** The items that variables stand for. What depends on outer variables only is remembered in the outer scope. */
export class Scope {
  readonly outer: Scope | null;
  readonly bound: FieldId | null;
  readonly item: Item | null;
  readonly fields = new Map<FieldId, Located>();
  readonly truths = new Map<number, boolean>();

  constructor(outer: Scope | null, bound: FieldId | null, item: Item | null) {
    this.outer = outer;
    this.bound = bound;
    this.item = item;
  }
}

/** Something that goes through a list or the values of an object. */
export interface Quantifier {
  readonly list: FieldId;
  readonly elem: FieldId;
  readonly body: Edge;
  readonly overValues?: boolean;
  readonly except?: SetId | null;
}

const NOWHERE: Located = { value: null, raw: undefined, pointer: null };

export class Reading {
  readonly ir: Ir;
  readonly top: Scope;
  readonly #reader: FieldReader;
  /** Per field: its value was judged elsewhere, so that the limits decide whether it is there. */
  readonly #later: readonly boolean[];

  constructor(ir: Ir, request: Json) {
    this.ir = ir;
    this.top = new Scope(null, null, { pointer: '', raw: request });
    this.#reader = new FieldReader(ir);
    const later: boolean[] = [];
    for (const { via, parent } of ir.fields)
      later.push(
        via === 'bound' ||
          via === 'calc' ||
          via === 'constant' ||
          (parent !== null && later[parent] === true),
      );
    this.#later = later;
  }

  /** Whether a condition holds. */
  holds(edge: Edge, scope: Scope): boolean {
    const top = edge >> 1;
    // Conditions of bundles may be nested deeply.
    const pending = [top];
    while (pending.length > 0) {
      const cond = pending.at(-1)!;
      const home = this.#home(this.#reader.freeOfEdge(cond << 1), scope);
      const row = this.ir.conds[cond]!;
      if (row.op === 'and' && !home.truths.has(cond)) {
        const known = row.args.map((arg) => this.#known(arg, scope));
        if (known.includes(false)) home.truths.set(cond, false);
        else {
          const open = row.args.find((_, i) => known[i] === null);
          if (open !== undefined) {
            pending.push(open >> 1);
            continue;
          }
          home.truths.set(cond, true);
        }
      } else if (!home.truths.has(cond))
        home.truths.set(cond, row.op === 'true' || (row.op === 'atom' && this.#atom(row.atom, home)));
      pending.pop();
    }
    return this.#known(edge, scope)!;
  }

  #atom(id: number, scope: Scope): boolean {
    const atom = this.ir.atoms[id]!;
    if (!('list' in atom)) return atomHolds(this, atom, scope);
    const scopes = this.scopes(atom, scope);
    if (scopes === null) return false;
    const test = (each: Scope): boolean => this.holds(atom.body, each);
    return atom.op === 'ANY' ? scopes.some(test) : scopes.every(test);
  }

  #known(edge: Edge, scope: Scope): boolean | null {
    const home = this.#home(this.#reader.freeOfEdge(edge), scope);
    const truth = home.truths.get(edge >> 1);
    return truth === undefined ? null : truth !== ((edge & 1) === 1);
  }

  #home(free: readonly FieldId[], scope: Scope): Scope {
    let home = scope;
    while (home.outer !== null && !free.includes(home.bound!)) home = home.outer;
    return home;
  }

  /** A scope per item that a quantifier goes through; null when there is nothing to go through. */
  scopes(quantifier: Quantifier, scope: Scope): readonly Scope[] | null {
    const { list, elem, overValues, except } = quantifier;
    const { value, pointer } = this.field(list, scope);
    const over = value !== null && 'json' in value ? value.json : null;
    const bind = (key: string | number, raw: Json): Scope =>
      new Scope(scope, elem, { raw, pointer: pointer === null ? null : below(pointer, key) });
    if (overValues === true) {
      if (!isObject(over) || memberCount(over) > MAX_MAP_ENTRIES) return null;
      const skipped = new Set(except == null ? [] : (this.ir.sets[except]!.items as readonly string[]));
      const entries = Object.entries(over as { readonly [key: string]: Json });
      return entries.filter(([key]) => !skipped.has(key)).map(([key, raw]) => bind(key, raw));
    }
    if (!Array.isArray(over) || over.length > MAX_LIST_ITEMS) return null;
    return (over as readonly Json[]).map((raw, index) => bind(index, raw));
  }

  value(id: FieldId, scope: Scope): Value | null {
    return this.field(id, scope).value;
  }

  field(id: FieldId, scope: Scope): Located {
    const home = this.#home(this.#reader.freeOfField(id), scope);
    let located = home.fields.get(id);
    if (located === undefined) {
      located = this.#locate(this.ir.fields[id]!, home);
      home.fields.set(id, located);
    }
    return located;
  }

  #locate(field: Field, scope: Scope): Located {
    switch (field.via) {
      case 'root':
        return this.#read(field, this.top.item!);
      case 'bound':
      case 'element':
      case 'value':
        return scope.bound === field.id ? this.#read(field, scope.item!) : NOWHERE;
      case 'member': {
        const { value, pointer } = this.field(field.parent!, scope);
        const raw = value !== null && 'json' in value ? member(value.json, field.key!) : undefined;
        return this.#read(field, { raw, pointer: pointer === null ? null : below(pointer, field.key!) });
      }
      case 'view':
        return this.#view(field, this.field(field.parent!, scope));
      case 'constant':
        return { ...NOWHERE, value: constantValue(field) };
      case 'calc':
        return field.derived === null ? NOWHERE : this.#derived(field, field.derived, scope);
    }
  }

  #read(field: Field, { raw, pointer }: { raw: Json | undefined; pointer: string | null }): Located {
    const value = readAs(this.ir, field, raw);
    const isThere = value !== null && (!this.#later[field.id] || keepsLimits(this.ir, field, value));
    return { value: isThere ? value : null, raw, pointer };
  }

  #view(field: Field, parent: Located): Located {
    if (parent.value === null || !('json' in parent.value)) return { ...parent, value: null };
    const whole = { raw: parent.value.json, pointer: parent.pointer };
    if (field.branch === null) return this.#read(field, whole);
    const tag = member(whole.raw, this.ir.fields[field.parent!]!.discriminator?.key ?? '');
    const selected = this.ir.sets[field.branch]!.items as readonly unknown[];
    return selected.includes(tag) ? this.#read(field, whole) : { ...whole, value: null };
  }

  #derived(field: Field, derived: Derived, scope: Scope): Located {
    switch (derived.op) {
      case 'HOLDS':
        return { ...NOWHERE, value: { num: this.holds(derived.cond, scope) ? 1 : 0 } };
      case 'COUNT': {
        const scopes = this.scopes(derived, scope);
        const hits = scopes?.filter((each) => this.holds(derived.body, each)).length ?? null;
        return { ...NOWHERE, value: numberValue(hits) };
      }
      case 'FIRST': {
        const hit = this.scopes(derived, scope)?.find((each) => this.holds(derived.body, each));
        return hit === undefined ? NOWHERE : this.#copied(field, this.field(derived.elem, hit));
      }
      case 'COALESCE': {
        const [a, b] = derived.args.map((arg) => this.field(arg, scope));
        return this.#copied(field, isPresent(a!.value) ? a! : b!);
      }
      case 'AT': {
        const { value, pointer } = this.field(derived.args[0]!, scope);
        const list = value !== null && 'json' in value ? value.json : null;
        const raw = Array.isArray(list) && derived.imm >= 0 ? (list[derived.imm] as Json) : undefined;
        return this.#read(field, { raw, pointer: pointer === null ? null : below(pointer, derived.imm) });
      }
      case 'GET': {
        const { value, pointer } = this.field(derived.args[0]!, scope);
        const key = this.text(derived.args[1]!, scope);
        if (key === null || value === null || !('json' in value)) return NOWHERE;
        const place = pointer === null ? null : below(pointer, key);
        return this.#read(field, { raw: member(value.json, key), pointer: place });
      }
      default: {
        const args = derived.args.map((arg) => this.value(arg, scope));
        const isText = this.ir.fields[derived.args[0]!]!.kind === 'string';
        return {
          ...NOWHERE,
          value: computed(derived.op, args[0] ?? null, args[1] ?? null, derived.imm, isText),
        };
      }
    }
  }

  /** A value that another field holds is not judged again. */
  #copied(field: Field, from: Located): Located {
    if (from.value === null || !('json' in from.value)) return from;
    return { ...from, value: readAs(this.ir, field, from.value.json) };
  }

  /** The string that a field holds, or null. */
  text(id: FieldId, scope: Scope): string | null {
    const value = this.value(id, scope);
    return value !== null && 'json' in value && typeof value.json === 'string' ? value.json : null;
  }
}

/** Whether there is a value that is not null. */
export function isPresent(value: Value | null): boolean {
  return value !== null && !('json' in value && value.json === null);
}

function member(value: Json | undefined, key: string): Json | undefined {
  return ownMember(value, key) as Json | undefined;
}

/** The pointer (RFC 6901) of a part. */
export function below(pointer: string, key: string | number): string {
  return `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function constantValue({ constant }: Field): Value | null {
  switch (constant?.kind) {
    case undefined:
      return null;
    case 'string':
      return { json: constant.value };
    case 'number':
      return { num: constant.value };
    case 'timestamp':
      return { time: { seconds: constant.seconds, micros: constant.micros } };
    case 'emptyList':
      return { json: [] };
  }
}
