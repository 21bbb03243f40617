// All values that a JSON Schema allows, where they are finitely many: the ground on which a comparison of two policies is judged.

import type { Json } from '../../../src/value/json.ts';

export interface Schema {
  readonly [keyword: string]: unknown;
}

/** Values to try at a place that allows infinitely many; null: there is nothing to try. */
export type Sampler = (place: Schema) => readonly Json[] | null;

/** The place allows infinitely many values, or more than the limit. */
export class NotEnumerable extends Error {}

/** JSON with sorted keys: equal texts, equal values. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join()}}`;
}

/** Every value that the schema allows, each once. Throws `NotEnumerable`. With a sampler open places have the sampled values only. */
export function enumerate(schema: Schema, limit: number, sampler: Sampler | null = null): readonly Json[] {
  return new Enumeration(schema, limit, sampler).values(schema);
}

class Enumeration {
  readonly #root: Schema;
  readonly #limit: number;
  readonly #sampler: Sampler | null;

  constructor(root: Schema, limit: number, sampler: Sampler | null) {
    this.#root = root;
    this.#limit = limit;
    this.#sampler = sampler;
  }

  values(place: Schema): readonly Json[] {
    const values = this.#all(place);
    if (values.length > this.#limit) throw new NotEnumerable(`more than ${this.#limit} values`);
    return values;
  }

  #all(place: Schema): readonly Json[] {
    if (typeof place.$ref === 'string') return this.values(this.#resolve(place.$ref));
    const branches = (place.anyOf ?? place.oneOf) as readonly Schema[] | undefined;
    if (branches !== undefined) return distinct(branches.flatMap((branch) => this.values(branch)));
    if (place.enum !== undefined) return distinct(place.enum as readonly Json[]);
    if (place.const !== undefined) return [place.const as Json];
    const types = Array.isArray(place.type) ? (place.type as readonly unknown[]) : [place.type];
    return types.flatMap((type) => this.#ofType(type, place));
  }

  #resolve(reference: string): Schema {
    const steps = reference.replace(/^#\/?/, '').split('/');
    const found = steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], this.#root);
    if (typeof found !== 'object' || found === null) throw new Error(`no ${reference}`);
    return found as Schema;
  }

  #ofType(type: unknown, place: Schema): readonly Json[] {
    if (type === 'boolean') return [false, true];
    if (type === 'null') return [null];
    const made =
      type === 'integer' || type === 'number'
        ? grid(type, place)
        : type === 'array'
          ? this.#lists(place)
          : type === 'object'
            ? this.#records(place)
            : null;
    const values = made ?? this.#sampler?.(place) ?? null;
    if (values === null) throw new NotEnumerable(`infinitely many values: ${JSON.stringify(place)}`);
    return values;
  }

  #lists(place: Schema): readonly Json[] | null {
    if (typeof place.maxItems !== 'number' || place.items === undefined) return null;
    const items = this.values(place.items as Schema);
    let lists: Json[][] = [[]];
    const found: Json[][] = [];
    for (let length = 0; ; length++) {
      if (length >= ((place.minItems as number | undefined) ?? 0)) found.push(...lists);
      if (length === place.maxItems || found.length > this.#limit) return found;
      const free = (list: readonly Json[], item: Json): boolean =>
        place.uniqueItems !== true || list.every((other) => canonical(other) !== canonical(item));
      lists = lists.flatMap((list) =>
        items.filter((item) => free(list, item)).map((item) => [...list, item]),
      );
    }
  }

  #records(place: Schema): readonly Json[] | null {
    if (place.additionalProperties !== false || place.properties === undefined) return null;
    const required = new Set(place.required as readonly string[] | undefined);
    let records: { readonly [key: string]: Json }[] = [{}];
    for (const [key, member] of Object.entries(place.properties as Record<string, Schema>)) {
      const values = this.values(member);
      const before = records;
      records = values.flatMap((value) => before.map((record) => ({ ...record, [key]: value })));
      if (!required.has(key)) records.push(...before);
      if (records.length > this.#limit) throw new NotEnumerable(`more than ${this.#limit} values`);
    }
    return records;
  }
}

/** Equal values once. */
export function distinct(values: readonly Json[]): readonly Json[] {
  return [...new Map(values.map((value) => [canonical(value), value])).values()];
}

// Whole multiples of the step between the bounds.
function grid(type: 'integer' | 'number', place: Schema): readonly Json[] | null {
  const step = (place.multipleOf as number | undefined) ?? (type === 'integer' ? 1 : null);
  if (step === null) return null;
  const parts = Math.round(1 / step);
  const bound = (inclusive: unknown, exclusive: unknown, inwards: 1 | -1): number | null => {
    if (typeof inclusive === 'number') return Math.round(inclusive * parts);
    return typeof exclusive === 'number' ? Math.round(exclusive * parts) + inwards : null;
  };
  const min = bound(place.minimum, place.exclusiveMinimum, 1);
  const max = bound(place.maximum, place.exclusiveMaximum, -1);
  if (min === null || max === null) return null;
  return Array.from({ length: Math.max(0, max - min + 1) }, (_, i) => (min + i) / parts);
}
