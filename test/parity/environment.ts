// What an expression may refer to at one place of a generated policy, with what is known there: the generator's own, simple idea of
// narrowing. It only has to be right often enough; the checker judges.

import { quoted } from './draw.ts';
import type { Model, RecordModel, SchemaModel, UnionModel } from './model.ts';

/** A reference as text. `gaps`: the steps of it that may be absent. */
export interface Ref {
  readonly text: string;
  readonly type: Model;
  readonly gaps: readonly string[];
}

export interface Def {
  readonly name: string;
  readonly params: readonly Model[];
}

const RESERVED = new Set(
  (
    'absent all and any combining complete contains count def default effects ends_with expect extend extends false final first from ' +
    'group has import in invalid invariant is let matches message never not on open or policy reason remediation request severities ' +
    'severity shadow starts_with table tags test tighten_only true under unique unless version when with between else emit except ' +
    'exists if intersects max meta min module namespace sealed subset_of sum then total where'
  ).split(' '),
);

export const UNKNOWN: Model = { t: 'unknown' };
export const ANY_OBJECT: Model = { t: 'map', value: UNKNOWN, min: null, max: null };
export const ANY_LIST: Model = {
  t: 'list',
  item: UNKNOWN,
  nullableItem: false,
  min: 0,
  max: null,
  unique: false,
};

export function isName(text: string): boolean {
  return /^[A-Za-z_]\w*$/.test(text) && text !== '_';
}

function step(object: string, name: string): string {
  return isName(name) ? `${object}.${name}` : `${object}[${quoted(name)}]`;
}

/** Keys that generated policies look up in maps. */
const KEYS = ['a', 'read', 'é', '__proto__'] as const;

export class Environment {
  readonly schema: SchemaModel;
  /** Lets, parameters and variables. */
  readonly names: readonly Ref[];
  readonly defs: readonly Def[];
  readonly present: ReadonlySet<string>;
  readonly types: ReadonlyMap<string, Model>;
  /** Quantifiers around. */
  readonly depth: number;
  #refs: readonly Ref[] | null = null;

  constructor(schema: SchemaModel, from: Partial<Environment> = {}) {
    this.schema = schema;
    this.names = from.names ?? [];
    this.defs = from.defs ?? [];
    this.present = from.present ?? new Set();
    this.types = from.types ?? new Map();
    this.depth = from.depth ?? 0;
  }

  #with(change: Partial<Environment>): Environment {
    const { names, defs, present, types, depth } = this;
    return new Environment(this.schema, { names, defs, present, types, depth, ...change });
  }

  withName(ref: Ref, deeper = 0): Environment {
    return this.#with({ names: [...this.names, ref], depth: this.depth + deeper });
  }

  withDef(def: Def): Environment {
    return this.#with({ defs: [...this.defs, def] });
  }

  /** Knowing that a reference and all steps to it are there. */
  knowing(ref: Ref): Environment {
    return this.#with({ present: new Set([...this.present, ...ref.gaps, ref.text]) });
  }

  /** Knowing that a reference has a type, and so is there. */
  narrowed(ref: Ref, type: Model): Environment {
    return this.knowing(ref).#with({ types: new Map(this.types).set(ref.text, type) });
  }

  /** The same facts and names with the names of another place. */
  withNamesOf(other: Environment): Environment {
    return this.#with({ names: other.names, defs: other.defs });
  }

  /** Every reference up to a few steps deep. */
  refs(): readonly Ref[] {
    if (this.#refs === null) {
      const found: Ref[] = [];
      for (const ref of this.names) this.#expand(ref, 0, found);
      this.#members('request', this.schema.root, [], 0, found, (name) =>
        isName(name) && !RESERVED.has(name) ? name : step('request', name),
      );
      if (this.schema.root.t === 'union') found.push({ text: 'request', type: this.schema.root, gaps: [] });
      this.#refs = found;
    }
    return this.#refs;
  }

  /** References that need no further test. */
  usable(test: (type: Model) => boolean): readonly Ref[] {
    return this.refs().filter((ref) => ref.gaps.length === 0 && test(ref.type));
  }

  /** References that may be absent. */
  doubtful(test: (type: Model) => boolean = () => true): readonly Ref[] {
    return this.refs().filter((ref) => ref.gaps.length > 0 && test(ref.type));
  }

  #expand(ref: Ref, depth: number, found: Ref[]): void {
    const narrowed = this.types.get(ref.text);
    const gaps = ref.gaps.filter((gap) => !this.present.has(gap));
    const here: Ref = {
      text: ref.text,
      type: narrowed ?? ref.type,
      gaps: narrowed === undefined ? gaps : [],
    };
    found.push(here);
    if (depth >= 3) return;
    const { type, text } = here;
    if (type.t === 'record' || type.t === 'union')
      this.#members(text, type, here.gaps, depth + 1, found, (name) => step(text, name));
    else if (type.t === 'list') {
      const at = `${text}[0]`;
      const gap = type.min > 0 && !type.nullableItem ? [] : [at];
      this.#expand({ text: at, type: type.item, gaps: [...here.gaps, ...gap] }, depth + 1, found);
    } else if (type.t === 'map')
      for (const key of KEYS.slice(0, 1 + (text.length % 3))) {
        const at = `${text}[${quoted(key)}]`;
        this.#expand({ text: at, type: type.value, gaps: [...here.gaps, at] }, depth + 1, found);
      }
    if (type.t === 'map')
      for (const key of this.names
        .filter((name) => name.type.t === 'string' && name.gaps.length === 0)
        .slice(-1)) {
        const at = `${text}[${key.text}]`;
        this.#expand({ text: at, type: type.value, gaps: [...here.gaps, at] }, depth + 1, found);
      }
  }

  #members(
    object: string,
    type: RecordModel | UnionModel,
    gaps: readonly string[],
    depth: number,
    found: Ref[],
    textOf: (name: string) => string,
  ): void {
    const narrowed = this.types.get(object) ?? type;
    if (narrowed.t !== 'record' && narrowed.t !== 'union') return;
    for (const prop of narrowed.t === 'record' ? narrowed.props : commonProps(narrowed)) {
      const text = textOf(prop.name);
      const gap = prop.required && !prop.nullable && prop.type.t !== 'unknown' ? [] : [text];
      const mayBeAbsent = prop.type.t === 'unknown' ? (prop.required ? [] : [text]) : gap;
      this.#expand({ text, type: prop.type, gaps: [...gaps, ...mayBeAbsent] }, depth, found);
    }
  }
}

function commonProps(union: UnionModel): RecordModel['props'] {
  const [first, ...others] = union.branches.map((branch) => branch.record);
  const values = union.branches.flatMap((branch) => branch.values);
  const tag = { t: 'string' as const, values, min: null, max: null };
  const same = first!.props.filter((prop) => {
    const text = JSON.stringify(prop);
    return (
      prop.name !== union.tag && others.every((other) => other.props.some((p) => JSON.stringify(p) === text))
    );
  });
  return [{ name: union.tag, type: tag, required: true, nullable: false }, ...same];
}
