// From the part of a request that policies read to a whole request that is valid under the schemas: what nothing reads is chosen, what is
// read stays as it is. The search is bounded and deterministic; its result has been validated.

import type { JsonObject } from '../checker/schema-keywords.ts';
import type { SchemaSet } from '../checker/shape.ts';
import type { Json } from '../value/json.ts';
import { canonicalJson } from './canonical-json.ts';
import { lists, objects } from './complete-container.ts';
import { Expansion, type Judge } from './complete-expand.ts';
import { agrees, fixedPart, type ObjectPlan, type Plan } from './complete-plan.ts';
import { numbers, strings } from './complete-scalar.ts';
import type { Schema } from './schema-flat.ts';
import { SchemaValidator } from './schema-valid.ts';

export type Completion =
  | { readonly kind: 'request'; readonly request: Json }
  | { readonly kind: 'failed'; readonly reason: string };

/** Values and alternatives looked at in one search. */
const MAX_STEPS = 20_000;
/** Objects and lists that nothing reads may be nested so deep, least first: schemas may be recursive. */
const DEPTHS: readonly number[] = [1, 2, 3, 5, 8, 13, 24, 64];

/**
 * Adds to the plan what the schemas require. Without schemas the request is the plan, where a free value is `true`. The validator is one
 * of the same schemas; without it one is made.
 */
export function completeRequest(
  plan: Plan,
  schemas: SchemaSet | null,
  validator: SchemaValidator | null,
): Completion {
  if (schemas === null) return { kind: 'request', request: fixedPart(plan) };
  const valid = validator ?? new SchemaValidator(schemas);
  if (valid.problem !== null) return { kind: 'failed', reason: valid.problem };
  const search = new Search(valid);
  try {
    for (const depth of DEPTHS) {
      const request = search.run(plan, depth);
      if (request !== null) return { kind: 'request', request };
      if (!search.wasCut) break;
    }
  } catch (error) {
    if (!(error instanceof Exhausted)) throw error;
    return { kind: 'failed', reason: `no valid request was found in ${MAX_STEPS} steps` };
  }
  return { kind: 'failed', reason: search.wasCut ? TOO_DEEP : reasonOf(plan, valid) };
}

const TOO_DEEP = `the schemas ask for objects and lists nested more than ${DEPTHS.at(-1)} deep`;

/** What is wrong with the fixed part alone, which is often why it cannot be completed. */
function reasonOf(plan: Plan, validator: SchemaValidator): string {
  const [violation] = validator.validate(fixedPart(plan));
  return `no valid request was found${violation === undefined ? '' : `; of what is fixed alone, ${violation}`}`;
}

class Exhausted extends Error {}

const TYPES = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'] as const;
type Type = (typeof TYPES)[number];

/** Keywords that tell which type a schema without `type` is about. */
const TYPICAL: readonly (readonly [Type, readonly string[]])[] = [
  ['object', ['properties', 'required', 'patternProperties', 'minProperties', 'propertyNames']],
  ['array', ['items', 'prefixItems', 'contains', 'minItems', 'uniqueItems']],
  ['string', ['pattern', 'format', 'minLength', 'maxLength']],
  ['number', ['minimum', 'exclusiveMinimum', 'maximum', 'exclusiveMaximum', 'multipleOf']],
];

const OPEN: ObjectPlan = { object: new Map(), open: true };

class Search implements Judge {
  /** Something was left out in the last run because it was nested too deep. */
  wasCut = false;
  private readonly validator: SchemaValidator;
  private steps = 0;

  constructor(validator: SchemaValidator) {
    this.validator = validator;
  }

  run(plan: Plan, depth: number): Json | null {
    this.wasCut = false;
    for (const request of this.candidates(plan, [this.validator.flat.root], depth)) {
      if (agrees(plan, request) && this.validator.validate(request).length === 0) return request;
    }
    return null;
  }

  step(): void {
    if (++this.steps > MAX_STEPS) throw new Exhausted();
  }

  accepts(schema: Schema, value: Json): boolean {
    this.step();
    return this.validator.accepts(schema, value);
  }

  target(ref: string): Schema {
    return this.validator.flat.targets.get(ref)!;
  }

  /** Values of a place that agree with its plan and all of its schemas, no value twice. */
  private *candidates(plan: Plan | null, schemas: readonly Schema[], depth: number): Generator<Json> {
    const isGood = (value: Json): boolean => schemas.every((schema) => this.accepts(schema, value));
    if (plan !== null && 'fixed' in plan) {
      if (isGood(plan.fixed)) yield plan.fixed;
      return;
    }
    const given = new Set<string>();
    const expansion = new Expansion(this, plan);
    for (const atoms of expansion.alternatives(schemas)) {
      for (const value of this.build(plan, atoms, expansion, depth)) {
        this.step();
        if (value === null && plan !== null) continue;
        const key = canonicalJson(value);
        if (given.has(key) || !isGood(value)) continue;
        given.add(key);
        yield value;
      }
    }
  }

  private *build(
    plan: Plan | null,
    atoms: readonly JsonObject[],
    expansion: Expansion,
    depth: number,
  ): Generator<Json> {
    const constants = constantsOf(atoms);
    if (constants !== null) {
      yield* constants.filter((value) => plan === null || agrees(plan, value));
    } else if (plan !== null && 'object' in plan) {
      yield* this.object(plan, atoms, expansion, depth);
    } else if (plan !== null && 'list' in plan) {
      yield* lists(plan, atoms, (child, schemas) => this.candidates(child, schemas, depth));
    } else {
      yield* this.any(atoms, expansion, depth);
    }
  }

  /** Values of a place that nothing reads. What the schema gives as an example is used where it is no object or list. */
  private *any(atoms: readonly JsonObject[], expansion: Expansion, depth: number): Generator<Json> {
    const suggested = atoms.flatMap((s) => [
      ...(s.default === undefined ? [] : [s.default as Json]),
      ...(Array.isArray(s.examples) ? (s.examples as Json[]) : []),
    ]);
    yield* suggested.filter((value) => typeof value !== 'object');
    for (const type of typesOf(atoms)) {
      if (type === 'null') yield null;
      else if (type === 'boolean') yield* [false, true];
      else if (type === 'string') yield* strings(atoms);
      else if (type === 'integer' || type === 'number') yield* numbers(atoms, type === 'integer');
      else if (depth === 0) this.wasCut = true;
      else if (type === 'object') yield* this.object(OPEN, atoms, expansion, depth - 1);
      else yield* lists(null, atoms, (child, schemas) => this.candidates(child, schemas, depth - 1));
    }
    yield* suggested.filter((value) => typeof value === 'object');
  }

  private object(
    plan: ObjectPlan,
    atoms: readonly JsonObject[],
    expansion: Expansion,
    depth: number,
  ): Generator<Json> {
    return objects(plan, atoms, expansion, this, (child, schemas) => this.candidates(child, schemas, depth));
  }
}

/** The values of the shortest list of constants; null when there is none. */
function constantsOf(atoms: readonly JsonObject[]): readonly Json[] | null {
  const all = atoms.flatMap((s) => [
    ...(s.const === undefined ? [] : [[s.const as Json]]),
    ...(Array.isArray(s.enum) ? [s.enum as Json[]] : []),
  ]);
  return all.length === 0 ? null : all.reduce((a, b) => (b.length < a.length ? b : a));
}

/** The types that all of the schemas allow, the one that they are about first. */
function typesOf(atoms: readonly JsonObject[]): readonly Type[] {
  const declared = atoms.filter((s) => s.type !== undefined).map((s) => [s.type].flat() as Type[]);
  const about = TYPICAL.filter(([, keywords]) =>
    keywords.some((key) => atoms.some((s) => s[key] !== undefined)),
  );
  const order = declared[0] ?? [...new Set([...about.map(([type]) => type), ...TYPES])];
  const isAllowed = (type: Type): boolean =>
    declared.every((types) => types.includes(type) || (type === 'integer' && types.includes('number')));
  const allowed = order.filter(isAllowed);
  // Of a number that must be an integer elsewhere, the integers are left.
  if (order.includes('number') && !allowed.includes('number') && isAllowed('integer'))
    allowed.push('integer');
  return allowed;
}
