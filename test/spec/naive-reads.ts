// Which places of the request a policy reads. A place is a spot of the condition schema (or of an unknown value) that some expression
// names; expressions are walked as they are written, whether or not they could decide anything.

import type { SchemaNode, Shape } from '../../src/checker/shape.ts';
import type { Binding, TypedExpr, TypedLet, TypedPolicy, TypeTest } from '../../src/checker/typed.ts';
import type { Type } from '../../src/checker/types.ts';

export class Place {
  /** Null under an unknown: nothing is asked of the value itself. */
  readonly shape: Shape | null;
  /** It need not be there. */
  readonly optional: boolean;
  readonly members = new Map<string, Place>();
  /** Of a union: the branches that are read, by their index. */
  readonly branches = new Map<number, Place>();
  /** Every item of a list. A list that is read at all is read with its items. */
  element: Place | null = null;
  /** Every value of an object that is read as a whole. */
  value: Place | null = null;
  /** An optional member is read, so that a misspelt key must not pass for an absent one. */
  readsOptional = false;
  /** The same value under a test by `is`, which asks nothing of it but to be plain JSON. */
  tested: Place | null = null;

  constructor(shape: Shape | null, optional: boolean) {
    const isTyped = shape !== null && !['unknown', 'anyOf', 'null', 'never'].includes(shape.core.kind);
    this.shape = isTyped ? shape : null;
    this.optional = optional;
    if (this.shape?.core.kind === 'list') this.readElement();
  }

  readElement(): Place {
    const core = this.shape?.core;
    const shape = core?.kind === 'list' ? (core.items?.shape ?? null) : null;
    this.element ??= new Place(shape, false);
    return this.element;
  }

  readValue(): Place {
    const core = this.shape?.core;
    const shape = core?.kind === 'map' && core.value ? core.value.shape : null;
    // An entry is optional under every key, so null in it is absence.
    this.value ??= new Place(shape, true);
    return this.value;
  }

  readMember(name: string): Place {
    let place = this.members.get(name);
    if (place === undefined) {
      place = this.#newMember(name);
      this.members.set(name, place);
    }
    return place;
  }

  #newMember(name: string): Place {
    const core = this.shape?.core;
    switch (core?.kind) {
      case 'record': {
        const optional = !core.required.has(name);
        if (optional) this.readsOptional = true;
        return new Place(core.properties.get(name)?.shape ?? null, optional);
      }
      case 'map':
        return new Place(core.value ? core.value.shape : null, !core.required.has(name));
      case 'union': {
        const values = core.branches.flatMap((branch) => branch.values);
        const tag = { kind: 'string' as const, values, minLength: null, maxLength: null };
        return new Place({ ...this.shape!, core: tag, nullable: false }, false);
      }
      default:
        return new Place(null, true);
    }
  }

  readBranch(node: SchemaNode): Place {
    const core = this.shape!.core;
    if (core.kind !== 'union') throw new Error('a branch of no union');
    const index = core.branches.findIndex(
      (branch) => branch.node.file === node.file && branch.node.pointer === node.pointer,
    );
    let place = this.branches.get(index);
    if (place === undefined) {
      place = new Place(core.branches[index]!.node.shape, false);
      this.branches.set(index, place);
    }
    return place;
  }

  /** The place as `is` sees it. */
  underTest(): Place {
    if (this.shape === null) return this;
    this.tested ??= new Place(null, true);
    return this.tested;
  }
}

/** The request with everything that the policy reads of it. */
export function readPlaces(policy: TypedPolicy): Place {
  const reader = new Reader(new Place(policy.schemas.root.shape, false));
  for (const rule of policy.rules) for (const condition of rule.conditions) reader.visit(condition);
  for (const outcome of [...policy.rules, policy.defaultOutcome, policy.onInvalid]) {
    for (const value of outcome.obligations) reader.visit(value);
    for (const part of outcome.message ?? []) if (typeof part !== 'string') reader.visit(part);
  }
  return reader.root;
}

class Reader {
  readonly root: Place;
  readonly #lets = new Map<TypedLet, readonly Place[]>();
  readonly #bindings = new Map<Binding, readonly Place[]>();

  constructor(root: Place) {
    this.root = root;
  }

  /** Walks an expression; the result are the places whose value the expression may have. */
  visit(expr: TypedExpr): readonly Place[] {
    switch (expr.kind) {
      case 'literal':
        return [];
      case 'request':
        return [this.root];
      case 'let': {
        let places = this.#lets.get(expr.let);
        if (places === undefined) {
          places = this.visit(expr.let.value);
          this.#lets.set(expr.let, places);
        }
        return places;
      }
      case 'binding':
        return this.#bindings.get(expr.binding)!;
      case 'member':
        return this.visit(expr.object).flatMap((place) => this.#member(place, expr.object, expr.name));
      case 'at':
        return this.visit(expr.list).map((place) => place.readElement());
      case 'get': {
        const places = this.visit(expr.map);
        if (expr.key.kind === 'literal' && expr.key.literal.kind === 'string') {
          const key = expr.key.literal.value;
          return places.map((place) => place.readMember(key));
        }
        this.visit(expr.key);
        return places.map((place) => place.readValue());
      }
      case 'coalesce':
        return [...this.visit(expr.left), ...this.visit(expr.right)];
      case 'quantifier': {
        const items =
          expr.list.kind === 'list'
            ? expr.list.items.flatMap((item) => this.visit(item))
            : this.visit(expr.list).map((place) => place.readElement());
        this.#bindings.set(expr.variable, items);
        this.visit(expr.body);
        return expr.op === 'first' ? items : [];
      }
      case 'call': {
        const places = expr.args.map((arg, i) => this.#argument(arg, expr.params[i]!.slotted.type));
        for (const [i, param] of expr.params.entries()) this.#bindings.set(param, places[i]!);
        return this.visit(expr.body);
      }
      case 'is':
        for (const place of this.visit(expr.subject)) reach(place, expr.test);
        return [];
      case 'has':
        this.#readWhole(expr.subject);
        return [];
      case 'size':
        this.#readWhole(expr.arg);
        return [];
      case 'hasKey':
        this.visit(expr.key);
        this.#readWhole(expr.object);
        return [];
      case 'list':
        for (const item of expr.items) this.visit(item);
        return [];
      case 'and':
      case 'or':
        for (const arg of expr.args) this.visit(arg);
        return [];
      case 'not':
      case 'negate':
      case 'case':
      case 'calendar':
        this.visit(expr.arg);
        return [];
      case 'compare':
      case 'arithmetic':
        this.visit(expr.left);
        this.visit(expr.right);
        return [];
      case 'in':
        this.visit(expr.item);
        this.visit(expr.list);
        return [];
      case 'text':
        this.visit(expr.subject);
        if ('kind' in expr.texts) this.visit(expr.texts);
        return [];
      case 'matches':
        this.visit(expr.subject);
        return [];
    }
  }

  // A record parameter stands for the branches that its argument may be of.
  #argument(arg: TypedExpr, declared: Type): readonly Place[] {
    const places = this.visit(arg);
    const { type } = arg;
    if (type.kind !== 'union' || declared.kind !== 'record') return places;
    return places.flatMap((place) =>
      place.shape?.core.kind === 'union'
        ? type.branches.map((branch) => place.readBranch(branch.node))
        : [place],
    );
  }

  #member(place: Place, object: TypedExpr, name: string): Place[] {
    const core = place.shape?.core;
    if (core?.kind !== 'union' || name === core.discriminator) return [place.readMember(name)];
    if (object.type.kind !== 'union')
      throw new Error(`${name} is read of a union that is a ${object.type.kind}`);
    return object.type.branches.map((branch) => place.readBranch(branch.node).readMember(name));
  }

  #readWhole(expr: TypedExpr): void {
    for (const place of this.visit(expr)) if (place.shape?.core.kind === 'map') place.readValue();
  }
}

/** Everything that a test on a value looks at. */
function reach(place: Place, test: TypeTest): void {
  switch (test.kind) {
    case 'branch':
      place.readMember(test.discriminator);
      return;
    case 'schema':
      reachShape(place.underTest(), test.node.shape);
      return;
    case 'listOf':
      reach(place.underTest().readElement(), test.item);
      return;
    case 'mapOf':
      reach(place.underTest().readValue(), test.item);
      return;
    default:
      place.underTest();
  }
}

function reachShape(place: Place, shape: Shape): void {
  const { core } = shape;
  const says = (node: SchemaNode | null | false): node is SchemaNode =>
    node !== null && node !== false && node.shape.core.kind !== 'unknown';
  switch (core.kind) {
    case 'record':
      for (const [name, node] of core.properties)
        if (says(node)) reachShape(place.readMember(name), node.shape);
      if (says(core.additional)) reachShape(place.readValue(), core.additional.shape);
      return;
    case 'map':
      if (says(core.value)) reachShape(place.readValue(), core.value.shape);
      return;
    case 'list':
      if (says(core.items)) reachShape(place.readElement(), core.items.shape);
      return;
    case 'union':
      place.readMember(core.discriminator);
      for (const branch of core.branches) reachShape(place, branch.node.shape);
      return;
    case 'anyOf':
      for (const branch of core.branches) reachShape(place, branch);
      return;
  }
}
