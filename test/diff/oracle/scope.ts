// What a condition may refer to at one place of a generated policy, and what is known to be there.

import type { Prop, RecordType, Type, World } from './world.ts';

/** `gaps`: the steps of the reference that may be absent. */
export interface Ref {
  readonly text: string;
  readonly type: Type;
  readonly gaps: readonly string[];
}

export interface Def {
  readonly name: string;
  readonly param: Type;
}

export class Scope {
  readonly #refs: readonly Ref[];
  readonly #known: ReadonlySet<string>;
  readonly defs: readonly Def[];
  /** Quantifiers around. */
  readonly depth: number;

  private constructor(refs: readonly Ref[], known: ReadonlySet<string>, defs: readonly Def[], depth: number) {
    this.#refs = refs;
    this.#known = known;
    this.defs = defs;
    this.depth = depth;
  }

  static of(world: World): Scope {
    return new Scope(membersOf('', world.root, []), new Set(), [], 0);
  }

  /** What is certainly there. */
  usable<K extends Type['t']>(...kinds: readonly K[]): readonly (Ref & { type: Extract<Type, { t: K }> })[] {
    return this.#ofKind(kinds).filter((ref) => this.#missing(ref).length === 0);
  }

  doubtful<K extends Type['t']>(
    ...kinds: readonly K[]
  ): readonly (Ref & { type: Extract<Type, { t: K }> })[] {
    return this.#ofKind(kinds).filter((ref) => this.#missing(ref).length > 0);
  }

  all(): readonly Ref[] {
    return this.#refs;
  }

  #ofKind<K extends Type['t']>(kinds: readonly K[]): readonly (Ref & { type: Extract<Type, { t: K }> })[] {
    const wanted = new Set<string>(kinds);
    return this.#refs.filter((ref): ref is Ref & { type: Extract<Type, { t: K }> } => wanted.has(ref.type.t));
  }

  #missing(ref: Ref): readonly string[] {
    return ref.gaps.filter((gap) => !this.#known.has(gap));
  }

  knowing(ref: Ref): Scope {
    const known = new Set([...this.#known, ...ref.gaps, ref.text]);
    return new Scope(this.#refs, known, this.defs, this.depth);
  }

  /** With another name in scope; inside a quantifier often only that name, so that bodies speak of their variable. */
  naming(
    name: string,
    type: Type,
    options: { optional?: boolean; deeper?: boolean; alone?: boolean },
  ): Scope {
    const added = expand(name, type, options.optional === true ? [name] : []);
    const refs = options.alone === true ? added : [...this.#refs, ...added];
    return new Scope(refs, this.#known, this.defs, this.depth + (options.deeper === true ? 1 : 0));
  }

  defining(def: Def): Scope {
    return new Scope(this.#refs, this.#known, [...this.defs, def], this.depth);
  }

  /** Inside one branch of a union. */
  within(text: string, branch: RecordType): Scope {
    return new Scope(
      [...this.#refs, ...membersOf(`${text}.`, branch, [])],
      this.#known,
      this.defs,
      this.depth,
    );
  }
}

function membersOf(prefix: string, record: RecordType, gaps: readonly string[]): readonly Ref[] {
  return record.props.flatMap((prop: Prop) => {
    const text = prefix + prop.name;
    const absent = !prop.required || (prop.nullable && prop.type.t !== 'unknown');
    return expand(text, prop.type, absent ? [...gaps, text] : gaps);
  });
}

function expand(text: string, type: Type, gaps: readonly string[]): readonly Ref[] {
  const here: Ref = { text, type, gaps };
  if (type.t === 'record') return [here, ...membersOf(`${text}.`, type, gaps)];
  if (type.t === 'list') {
    const at = `${text}[0]`;
    return [here, ...expand(at, type.item, type.min > 0 && !type.nullableItem ? gaps : [...gaps, at])];
  }
  if (type.t === 'map') {
    const at = `${text}["a"]`;
    return [here, ...expand(at, type.value, [...gaps, at])];
  }
  if (type.t === 'union') {
    const values = type.branches.map((branch) => branch.value);
    return [here, { text: `${text}.${type.tag}`, type: { t: 'string', values }, gaps }];
  }
  return [here];
}
