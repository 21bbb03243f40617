// The files of one policy's schemas, and where their references lead. Pure: the files have been read before.

import type { SchemaFile, Target } from './schema-file.ts';
import { assertions, isObject, type JsonObject, member, valueAt } from './schema-keywords.ts';

/** A place of a schema file. */
export interface SchemaPlace {
  readonly file: string;
  readonly pointer: string;
  readonly json: JsonObject | boolean;
}

/** The place that a `$ref` leads to, or why there is none. */
export type Followed =
  | { readonly kind: 'place'; readonly place: SchemaPlace }
  | Exclude<Target, { readonly kind: 'here' }>;

export class SchemaGraph {
  /** By name, in the order in which they were reached, the entry first. */
  readonly files = new Map<string, SchemaFile>();
  /** Where chains end that were followed before: many may share a long one. */
  private readonly ends = new Map<string, SchemaPlace>();

  add(file: SchemaFile): void {
    this.files.set(file.name, file);
  }

  place(file: string, pointer: string): SchemaPlace {
    return { file, pointer, json: valueAt(this.files.get(file)!.json, pointer) as JsonObject | boolean };
  }

  /** The `$ref` of a place, followed one step. Kind `file`: that file is not here. */
  follow(place: SchemaPlace, ref: string): Followed {
    const target = this.files.get(place.file)!.follow(ref, place.pointer);
    if (target.kind === 'here') return { kind: 'place', place: this.place(place.file, target.pointer) };
    const file = target.kind === 'file' ? this.files.get(target.file) : undefined;
    if (target.kind !== 'file' || file === undefined) return target;
    const inside = file.inside('', target.fragment);
    return inside.kind === 'here'
      ? { kind: 'place', place: this.place(file.name, inside.pointer) }
      : (inside as Followed);
  }

  /**
   * The place where a chain of plain `$ref`s ends. A `$ref` with judging keywords beside it ends the chain too: its shape is refused.
   * Only for references that were checked when the files were read.
   */
  resolve(start: SchemaPlace): SchemaPlace {
    const passed: string[] = [];
    let place = start;
    for (let ref = plainRef(place.json); ref !== null; ref = plainRef(place.json)) {
      const key = `${place.file}#${place.pointer}`;
      passed.push(key);
      const known = this.ends.get(key);
      const followed: Followed =
        known === undefined ? this.follow(place, ref) : { kind: 'place', place: known };
      if (followed.kind !== 'place') throw new Error(`unchecked reference ${ref} in ${place.file}`);
      place = followed.place;
    }
    for (const key of passed) this.ends.set(key, place);
    return place;
  }
}

/** The `$ref` of a schema that says nothing else. */
export function plainRef(json: JsonObject | boolean): string | null {
  if (!isObject(json)) return null;
  const ref = member(json, '$ref');
  return typeof ref === 'string' && assertions(json).length === 1 ? ref : null;
}
