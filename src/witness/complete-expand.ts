// What a place must satisfy: the schemas that apply to it with their references followed and one branch of each choice taken.

import { isObject, type JsonObject } from '../checker/schema-keywords.ts';
import type { Json } from '../value/json.ts';
import { fixedPart, type ObjectPlan, type Plan } from './complete-plan.ts';
import type { Schema } from './schema-flat.ts';
import { regExpOf } from './schema-valid.ts';

/** What judges values, and bounds the work of one search. */
export interface Judge {
  /** Counts a step; throws when there have been too many. */
  step(): void;
  accepts(schema: Schema, value: Json): boolean;
  target(ref: string): Schema;
}

/** Plans and references that are followed to see whether a branch contradicts what is fixed. */
const MAX_LOOK = 64;

/** One branch of a choice: schemas that then apply as well. */
type Branch = readonly Schema[];

interface Open {
  readonly atoms: readonly JsonObject[];
  readonly choices: readonly (readonly Branch[])[];
}

/** Finds the alternatives of a place for which something may be fixed already. */
export class Expansion {
  private readonly judge: Judge;
  private readonly plan: Plan | null;

  constructor(judge: Judge, plan: Plan | null) {
    this.judge = judge;
    this.plan = plan;
  }

  /** Each alternative: schemas that apply together, of which only the keywords about the value itself are left to satisfy. */
  *alternatives(
    schemas: readonly Schema[],
    known: readonly JsonObject[] = [],
  ): Generator<readonly JsonObject[]> {
    yield* this.choose(schemas, { atoms: known, choices: [] });
  }

  private *choose(added: Branch, before: Open): Generator<readonly JsonObject[]> {
    const opened = this.open(added, before);
    if (opened === null) return;
    const [choice, ...choices] = opened.choices;
    if (choice === undefined) yield opened.atoms;
    else for (const branch of choice) yield* this.choose(branch, { atoms: opened.atoms, choices });
  }

  /** Adds schemas; null when they contradict what is fixed. */
  private open(added: Branch, { atoms, choices }: Open): Open | null {
    this.judge.step();
    const all = new Set(atoms);
    const open: (readonly Branch[])[] = [...choices];
    const pending = [...added];
    for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
      if (next === false) return null;
      if (next === true || all.has(next)) continue;
      if (this.plan !== null && this.contradicts(this.plan, next, MAX_LOOK)) return null;
      all.add(next);
      if (typeof next.$ref === 'string') pending.push(this.judge.target(next.$ref));
      pending.push(...listOf(next.allOf));
      open.push(...this.choicesOf(next));
    }
    return { atoms: [...all], choices: open };
  }

  private choicesOf(schema: JsonObject): (readonly Branch[])[] {
    const choices: (readonly Branch[])[] = [];
    for (const keyword of ['oneOf', 'anyOf']) {
      if (Array.isArray(schema[keyword])) choices.push(listOf(schema[keyword]).map((branch) => [branch]));
    }
    const condition = schema.if as Schema | undefined;
    if (condition !== undefined) {
      const yes: Branch = [condition, (schema.then as Schema | undefined) ?? true];
      const no: Branch = [(schema.else as Schema | undefined) ?? true];
      const holds = this.plan !== null && this.judge.accepts(condition, fixedPart(this.plan));
      choices.push(holds ? [yes, no] : [no, yes]);
    }
    return choices;
  }

  /** Whether a schema certainly refuses every value of the plan. False says nothing. */
  private contradicts(plan: Plan, schema: Schema, look: number): boolean {
    if (typeof schema === 'boolean') return !schema;
    if (look === 0 || 'free' in plan) return false;
    if ('fixed' in plan) return !this.judge.accepts(schema, plan.fixed);
    if (typeof schema.$ref === 'string' && this.contradicts(plan, this.judge.target(schema.$ref), look - 1))
      return true;
    if (listOf(schema.allOf).some((part) => this.contradicts(plan, part, look - 1))) return true;
    const type = 'list' in plan ? 'array' : 'object';
    if (schema.type !== undefined && ![schema.type].flat().includes(type)) return true;
    if ('list' in plan) {
      return plan.list.some((item, i) =>
        itemSchemas(schema, i).some((s) => this.contradicts(item, s, look - 1)),
      );
    }
    const required = namesOf(schema.required);
    if (required.some((name) => isForbidden(plan, name))) return true;
    return [...plan.object].some(
      ([name, child]) =>
        child !== 'absent' && memberSchemas(schema, name).some((s) => this.contradicts(child, s, look - 1)),
    );
  }
}

/** Whether an object of this plan may not have the key. */
export function isForbidden(plan: ObjectPlan, name: string): boolean {
  const member = plan.object.get(name);
  return member === 'absent' || (member === undefined && !plan.open);
}

/** The schemas that a schema has for a member, of its own keywords. */
export function memberSchemas(schema: JsonObject, name: string): Schema[] {
  const found: Schema[] = [];
  const { properties, patternProperties, additionalProperties } = schema;
  if (isObject(properties) && Object.hasOwn(properties, name)) found.push(properties[name] as Schema);
  for (const [pattern, value] of Object.entries(isObject(patternProperties) ? patternProperties : {})) {
    if (regExpOf(pattern).test(name)) found.push(value as Schema);
  }
  if (found.length === 0 && additionalProperties !== undefined) found.push(additionalProperties as Schema);
  return found;
}

/** The schemas that a schema has for an item, of its own keywords. */
export function itemSchemas(schema: JsonObject, index: number): Schema[] {
  const item = listOf(schema.prefixItems)[index] ?? schema.items;
  return item === undefined ? [] : [item as Schema];
}

function listOf(json: unknown): readonly Schema[] {
  return Array.isArray(json) ? json : [];
}

export function namesOf(json: unknown): readonly string[] {
  return Array.isArray(json) ? json : [];
}
