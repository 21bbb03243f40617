// How much of a list must be modelled item by item, and which keys of an object are named. A list that satisfies some conditions still does
// when items that no condition needs are removed: an `any` needs one item, a `count` as many as the largest number it is compared with.
// So a bounded number of items stands for lists of every length (a small-model argument); where it would be too large, the rest of the list
// is modelled as unknown, which proves less but nothing wrong.

import type { Core, SchemaNode, SchemaSet, Shape } from '../checker/shape.ts';
import type { Field, FieldId, Ir, IrAtom } from '../ir/ir.ts';
import { FieldReader, type Path } from './fields.ts';
import { ENTRIES, ITEMS, type Place } from './place.ts';

/** Items of one list that are modelled one by one, at most; and of a list in a list. */
const MAX_MODELLED = 40;
const MAX_NESTED = 8;

export interface Modelled {
  readonly count: number;
  /** The modelled items stand for lists of every length. */
  readonly exact: boolean;
}

/** Something that asks for items of a list (or entries of an object). */
interface Site {
  readonly path: Path;
  /** Items that it needs to be true, or false. */
  readonly items: number;
  /** Bound fields whose every binding makes it a question of its own. */
  readonly per: readonly FieldId[];
  readonly reader: FieldReader;
}

export class Demand {
  readonly #sites: Site[] = [];
  readonly #keys: { readonly path: Path; readonly keys: readonly string[] }[] = [];
  readonly #sizes: { readonly path: Path; readonly least: number }[] = [];
  /** Lists whose items cannot be repeated without changing a count or a uniqueness. */
  readonly #counted: Path[] = [];
  readonly #longest: { readonly path: Path; readonly max: number }[] = [];
  /** Objects that are read under a key known at run time. */
  readonly #dynamic: Path[] = [];
  readonly #modelled = new Map<string, Modelled | null>();
  readonly #known = new Map<string, readonly string[]>();

  readonly #schemas: readonly SchemaSet[];
  /** Questions are also about requests that one of the policies, or its schema, refuses. */
  readonly judged: boolean;

  constructor(irs: readonly Ir[], schemas: readonly SchemaSet[], judged: boolean) {
    this.#schemas = schemas;
    this.judged = judged;
    for (const ir of irs) this.#collect(new FieldReader(ir));
  }

  items(list: Place): Modelled {
    return this.#count([...list.path, ITEMS]);
  }

  entries(object: Place): Modelled {
    return this.#count([...object.path, ENTRIES]);
  }

  /** Whether the object is read under keys that are only known at run time. */
  isDynamic(object: Place): boolean {
    return this.#dynamic.some((each) => matches(each, object.path));
  }

  /** Keys of an object that some policy names, sorted. */
  keys(object: Place): readonly string[] {
    return this.#keysAt(object.path);
  }

  #keysAt(path: Path): readonly string[] {
    const name = path.join('\n');
    let keys = this.#known.get(name);
    if (keys === undefined) {
      const all = this.#keys.filter((each) => matches(each.path, path));
      const declared = this.#schemas.flatMap((schemas) => declaredKeys(schemas.root.shape, path));
      keys = [...new Set([...all.flatMap((each) => each.keys), ...declared])].sort();
      this.#known.set(name, keys);
    }
    return keys;
  }

  #count(path: Path): Modelled {
    const name = path.join('\n');
    const known = this.#modelled.get(name);
    // A list that is needed to say how often it is asked for itself: no bound.
    const limit = path.slice(0, -1).some((segment) => segment === ITEMS || segment === ENTRIES)
      ? MAX_NESTED
      : MAX_MODELLED;
    if (known !== undefined) return known ?? { count: limit, exact: false };
    this.#modelled.set(name, null);
    let needed = 0;
    for (const site of this.#sites) {
      if (!matches(site.path, path)) continue;
      needed +=
        site.items * site.per.reduce((product, bound) => product * this.#bindings(site.reader, bound), 1);
    }
    const of = path.slice(0, -1);
    const sizes = this.#sizes.filter((each) => matches(each.path, of));
    if (sizes.length > 0) needed = Math.max(needed, 1);
    if (this.#counted.some((each) => matches(each, of)))
      needed = Math.max(needed, ...sizes.map((each) => each.least + 1));
    const longest =
      path.at(-1) === ITEMS
        ? this.#longest.filter((each) => matches(each.path, of)).map((each) => each.max)
        : [];
    const max = longest.length === 0 ? Infinity : Math.max(...longest);
    const wanted = Math.min(needed, max);
    const modelled = { count: Math.min(wanted, limit), exact: wanted <= limit };
    this.#modelled.set(name, modelled);
    return modelled;
  }

  /** How many places a bound field can stand for. */
  #bindings(reader: FieldReader, bound: FieldId): number {
    const list = reader.ir.fields[bound]!.parent!;
    const over = reader.overValues.has(bound) ? ENTRIES : ITEMS;
    const counts = reader.paths(list).map((path) => {
      const named = over === ENTRIES ? this.#keysAt(path).length : 0;
      return this.#count([...path, over]).count + named;
    });
    const outer = reader.freeOfField(list).reduce((n, each) => n * this.#bindings(reader, each), 1);
    return Math.max(1, ...counts) * outer;
  }

  #collect(reader: FieldReader): void {
    const { ir } = reader;
    const ask = (list: FieldId, over: string, items: number, per: readonly FieldId[]): void => {
      for (const path of reader.paths(list)) this.#sites.push({ path: [...path, over], items, per, reader });
    };
    for (const field of ir.fields) {
      const { derived, limits } = field;
      if (field.via === 'member') this.#name(reader, field.parent!, [field.key!]);
      if (field.closed !== null) this.#name(reader, field.id, reader.strings(field.closed));
      if (field.kind === 'list' || field.kind === 'unknown')
        for (const path of reader.paths(field.id))
          this.#longest.push({ path, max: limits?.maxLength ?? Infinity });
      if (field.kind === 'list' && limits?.minLength)
        for (const path of reader.paths(field.id)) this.#sizes.push({ path, least: limits.minLength });
      if (field.unique) this.#counted.push(...reader.paths(field.id));
      if (this.judged) this.#collectJudged(field, ask);
      if (derived === null) continue;
      if (derived.op === 'AT') ask(derived.args[0]!, ITEMS, Math.max(0, derived.imm + 1), []);
      if (derived.op === 'GET') this.#dynamic.push(...reader.paths(derived.args[0]!));
      if (derived.op === 'FIRST')
        ask(derived.list, ITEMS, 1, reader.per(derived.list, derived.elem, derived.body));
      if (derived.op === 'COUNT') {
        this.#counted.push(...reader.paths(derived.list));
        const per = reader.per(derived.list, derived.elem, derived.body);
        ask(derived.list, ITEMS, reader.threshold(field.id), per);
      }
      if (derived.op === 'SIZE')
        for (const path of reader.paths(derived.args[0]!))
          this.#sizes.push({ path, least: reader.threshold(field.id) });
    }
    for (const atom of ir.atoms) this.#collectAtom(reader, atom, ask);
  }

  // A list is refused for one item, or for two equal ones.
  #collectJudged(
    field: Field,
    ask: (list: FieldId, over: string, items: number, per: readonly FieldId[]) => void,
  ): void {
    if (field.via === 'element') ask(field.parent!, ITEMS, 1, []);
    if (field.via === 'value') ask(field.parent!, ENTRIES, 1, []);
    if (field.unique) ask(field.id, ITEMS, 2, []);
  }

  #collectAtom(
    reader: FieldReader,
    atom: IrAtom,
    ask: (list: FieldId, over: string, items: number, per: readonly FieldId[]) => void,
  ): void {
    switch (atom.op) {
      case 'ANY':
      case 'ALL':
        if (atom.except !== null) this.#name(reader, atom.list, reader.strings(atom.except));
        ask(atom.list, atom.overValues ? ENTRIES : ITEMS, 1, reader.per(atom.list, atom.elem, atom.body));
        return;
      case 'HAS_KEY_AT':
        this.#dynamic.push(...reader.paths(atom.field));
        return;
      case 'HAS_KEY':
        this.#name(reader, atom.field, [atom.key]);
        return;
      case 'KEYS_IN':
        this.#name(reader, atom.field, reader.strings(atom.set));
        return;
      case 'UNIQUE':
        this.#counted.push(...reader.paths(atom.field));
        // Two equal items are what makes it false.
        ask(atom.field, ITEMS, 2, []);
        return;
      default:
    }
  }

  #name(reader: FieldReader, object: FieldId, keys: readonly string[]): void {
    for (const path of reader.paths(object)) this.#keys.push({ path, keys });
  }
}

/** Keys that a closed object of the schema may have at a path: it must be known which other keys are none of them. */
function declaredKeys(shape: Shape, path: Path): string[] {
  const { core } = shape;
  if (core.kind === 'union') return core.branches.flatMap(({ node }) => declaredKeys(node.shape, path));
  if (core.kind === 'anyOf') return core.branches.flatMap((branch) => declaredKeys(branch, path));
  const [step, ...rest] = path;
  if (step === undefined)
    return core.kind === 'record' && core.additional === false ? [...core.properties.keys()] : [];
  const child = childOf(core, step);
  return child === null ? [] : declaredKeys(child.shape, rest);
}

function childOf(core: Core, step: string): SchemaNode | null {
  if (core.kind === 'list') return step === ITEMS ? core.items : null;
  if (core.kind === 'map') return core.value === false ? null : core.value;
  if (core.kind !== 'record') return null;
  return core.properties.get(step.slice(1)) ?? (core.additional === false ? null : core.additional);
}

/** Whether a place of the second path is one that the first speaks of: `{}` there means an entry under any key. */
function matches(asked: Path, path: Path): boolean {
  return (
    asked.length === path.length &&
    asked.every((segment, i) => segment === path[i] || (segment === ENTRIES && path[i]!.startsWith('.')))
  );
}
