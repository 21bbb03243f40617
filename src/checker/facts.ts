// What is known about stable references at one point of a policy. Facts are immutable; conditions make new ones for their true and their
// false side (grammar/semantics.md: narrowing).

import type { TypedExpr } from './typed.ts';
import { intersect, type Slotted, type Type } from './types.ts';
import { sameType } from './unify.ts';

/** Knowledge about one reference. `types`: all hold. `values`: the string is one of these. */
export interface Fact {
  readonly present: boolean;
  readonly types: readonly Type[];
  readonly values: readonly string[] | null;
}

/** Facts that one rule adds before they are settled. */
const MAX_RECENT = 64;

/**
 * Facts by reference. In first_applicable every rule adds to what is known and thousands of rules may follow each other, so new facts lie
 * over a settled map that many points of the policy share: adding one, or joining two that share it, does not touch all that is known.
 */
export class Facts {
  readonly settled: ReadonlyMap<string, Fact>;
  /** Null: known in `settled`, but not here. */
  readonly recent: ReadonlyMap<string, Fact | null>;

  constructor(settled: ReadonlyMap<string, Fact>, recent: ReadonlyMap<string, Fact | null>) {
    this.settled = settled;
    this.recent = recent;
  }

  get(key: string): Fact | undefined {
    const recent = this.recent.get(key);
    return recent === undefined ? this.settled.get(key) : (recent ?? undefined);
  }

  /** These facts with others on top of them. */
  over(recent: ReadonlyMap<string, Fact | null>): Facts {
    const all = new Map([...this.recent, ...recent]);
    if (all.size <= MAX_RECENT) return new Facts(this.settled, all);
    const settled = new Map(this.settled);
    for (const [key, fact] of all) {
      if (fact === null) settled.delete(key);
      else settled.set(key, fact);
    }
    return new Facts(settled, new Map());
  }

  /** Nothing is known of any reference. */
  isEmpty(): boolean {
    for (const fact of this.recent.values()) if (fact !== null) return false;
    for (const key of this.settled.keys()) if (this.get(key) !== undefined) return false;
    return true;
  }

  keys(): Iterable<string> {
    return new Set([...this.settled.keys(), ...this.recent.keys()]);
  }
}

export const NO_FACTS: Facts = new Facts(new Map(), new Map());
const NOTHING: Fact = { present: false, types: [], values: null };

/** The facts on the two sides of a condition. */
export interface Outcomes {
  readonly whenTrue: Facts;
  readonly whenFalse: Facts;
}

/** A key that equal stable references share; null when the expression is not one. */
export function referenceKey(expr: TypedExpr): string | null {
  switch (expr.kind) {
    case 'request':
      return 'request';
    case 'let':
      return `let ${expr.let.name}`;
    case 'binding':
      return `binding ${bindingId(expr.binding)}`;
    case 'member': {
      const object = referenceKey(expr.object);
      return object === null ? null : memberKey(object, expr.name);
    }
    case 'at': {
      const list = referenceKey(expr.list);
      return list === null ? null : `${list}[${expr.index}]`;
    }
    case 'get': {
      const map = referenceKey(expr.map);
      if (map === null) return null;
      if (expr.key.kind === 'literal' && expr.key.literal.kind === 'string')
        return memberKey(map, expr.key.literal.value);
      const key = referenceKey(expr.key);
      return key === null ? null : `${map}[${key}]`;
    }
    default:
      return null;
  }
}

export function memberKey(object: string, name: string): string {
  return `${object}.${JSON.stringify(name)}`;
}

const ids = new WeakMap<object, number>();
let nextId = 0;
function bindingId(binding: object): number {
  let id = ids.get(binding);
  if (id === undefined) {
    id = nextId++;
    ids.set(binding, id);
  }
  return id;
}

/** Adds what is newly known about one reference. */
export function assume(facts: Facts, key: string, add: Partial<Fact>): Facts {
  const old = facts.get(key) ?? NOTHING;
  const types =
    add.types === undefined
      ? old.types
      : [...old.types, ...add.types.filter((type) => !old.types.some((o) => sameType(o, type)))];
  const values =
    add.values === undefined || add.values === null
      ? old.values
      : old.values === null
        ? add.values
        : add.values.filter((v) => old.values?.includes(v));
  const next: Fact = { present: old.present || (add.present ?? false), types, values };
  return facts.over(new Map([[key, next]]));
}

/** Only what holds on both sides. */
export function join(a: Facts, b: Facts): Facts {
  if (a === b) return a;
  const shared = a.settled === b.settled;
  const keys = shared ? new Set([...a.recent.keys(), ...b.recent.keys()]) : a.keys();
  const both = new Map<string, Fact | null>();
  for (const key of keys) both.set(key, joinFact(a.get(key), b.get(key)));
  return (shared ? new Facts(a.settled, new Map()) : NO_FACTS).over(both);
}

function joinFact(x: Fact | undefined, y: Fact | undefined): Fact | null {
  if (x === undefined || y === undefined) return null;
  if (x === y) return x;
  const types = x.types.filter((type) => y.types.some((other) => sameType(type, other)));
  const values = x.values === null || y.values === null ? null : [...new Set([...x.values, ...y.values])];
  const present = x.present && y.present;
  return present || types.length > 0 || values !== null ? { present, types, values } : null;
}

/** The type of a reference under what is known of it; null when the facts contradict each other. */
export function narrow(base: Slotted, key: string | null, facts: Facts): Slotted | null {
  if (key === null) return base;
  const fact = facts.get(key);
  let type: Type | null = base.type;
  let optional = base.optional;
  if (fact !== undefined) {
    if (fact.present || fact.types.length > 0) optional = false;
    for (const next of fact.types) {
      type = intersect(type, next);
      if (type === null) return null;
    }
  }
  if (type.kind === 'union') {
    const values = facts.get(memberKey(key, type.discriminator))?.values;
    if (values != null) {
      const branches = type.branches
        .map((branch) => ({ node: branch.node, values: branch.values.filter((v) => values.includes(v)) }))
        .filter((branch) => branch.values.length > 0);
      if (branches.length === 0) return null;
      type = { kind: 'union', discriminator: type.discriminator, branches };
    }
  }
  return { type, optional };
}
