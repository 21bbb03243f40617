// Whether a request is valid under all of the schemas of a policy, also where the policy does not read. Formats and multiples are judged as
// the projection judges them; everything else is JSON Schema.

import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { JsonObject } from '../checker/schema-keywords.ts';
import type { SchemaSet } from '../checker/shape.ts';
import type { Json } from '../value/json.ts';
import { toScaled } from '../value/number.ts';
import { isLocalTimestamp, parseDate, parseDuration, parseTimestamp } from '../value/time.ts';
import { type Decimal, decimalOf, isMultiple } from './decimal.ts';
import { FLAT_ID, type FlatSchema, flatten, type Schema } from './schema-flat.ts';

export class SchemaValidator {
  /** Why nothing can be validated; null when everything can. */
  readonly problem: string | null;
  readonly flat: FlatSchema;
  private readonly ajv: Ajv2020 = newAjv();
  private readonly compiled = new Map<JsonObject, ValidateFunction>();
  private readonly root: ValidateFunction | null;

  constructor(schemas: SchemaSet) {
    this.flat = flatten(schemas);
    const made = this.compileRoot();
    this.root = typeof made === 'string' ? null : made;
    this.problem = typeof made === 'string' ? made : null;
  }

  /** What is wrong with a request, one line per violation; nothing for a valid one. */
  validate(request: Json): readonly string[] {
    if (this.root === null) return [this.problem!];
    return judged(this.root, request) ? [] : (this.root.errors ?? []).map(lineOf);
  }

  /** Whether a value is valid under a part of the flat schema. */
  accepts(schema: Schema, value: Json): boolean {
    if (typeof schema === 'boolean') return schema;
    let validate = this.compiled.get(schema);
    if (validate === undefined) {
      validate = this.ajv.compile(schema);
      this.compiled.set(schema, validate);
    }
    return judged(validate, value);
  }

  private compileRoot(): ValidateFunction | string {
    const { root, problem } = this.flat;
    if (problem !== null) return problem;
    try {
      this.ajv.addSchema(root, FLAT_ID);
      const validate = this.ajv.getSchema(FLAT_ID)!;
      if (typeof root === 'object') this.compiled.set(root, validate);
      return validate;
    } catch (error) {
      // A pattern that is no regular expression, or more nesting than the stack holds.
      return `the schemas cannot be compiled: ${(error as Error).message}`;
    }
  }
}

/** Validates; a value on which the schema recurses without end, or which is nested too deeply for it, is not valid. */
function judged(validate: ValidateFunction, value: Json): boolean {
  try {
    return validate(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    validate.errors = [TOO_DEEP];
    return false;
  }
}

const TOO_DEEP: ErrorObject = {
  instancePath: '',
  schemaPath: '',
  keyword: '$ref',
  params: {},
  message: 'needs more nesting than can be validated',
};

function lineOf(error: ErrorObject): string {
  return `${error.instancePath === '' ? 'the request' : error.instancePath} ${error.message ?? 'is not valid'}`;
}

function newAjv(): Ajv2020 {
  const ajv = new Ajv2020({
    strict: false,
    allErrors: true,
    logger: false,
    meta: false,
    validateSchema: false,
    addUsedSchema: false,
    // A member that is inherited, such as `constructor`, is not there.
    ownProperties: true,
    formats: FORMATS,
    code: { regExp: ENGINE },
  });
  ajv.removeKeyword('multipleOf');
  ajv.addKeyword({
    keyword: 'multipleOf',
    type: 'number',
    schemaType: 'number',
    compile: (multiple: number, parent: JsonObject) => multipleTest(multiple, parent),
  });
  return ajv;
}

// Formats that are not named here are annotations.
const FORMATS: { readonly [name: string]: (text: string) => boolean } = {
  'date-time': (text) => parseTimestamp(text) !== null,
  date: (text) => parseDate(text) !== null,
  duration: (text) => parseDuration(text) !== null,
  'date-time-local': isLocalTimestamp,
};

/** A regular expression, with Unicode semantics unless it is only legal without. */
export function regExpOf(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    return new RegExp(pattern);
  }
}

// The code is only for schemas compiled to text, which these are not.
const ENGINE = Object.assign(regExpOf, { code: 'new RegExp' });

const POWERS: readonly number[] = Array.from({ length: 16 }, (_, scale) => Number(`1e-${scale}`));

/** The test of `multipleOf`, where division of binary64 numbers would refuse 0.29 at 0.01. */
function multipleTest(multiple: number, parent: JsonObject): (value: number) => boolean {
  const scale = POWERS.indexOf(multiple);
  // An integer is larger than a decimal can be.
  if (scale === 0 && parent.type === 'integer') return Number.isInteger;
  if (scale >= 0) return (value) => toScaled(value, scale) !== null;
  const step: Decimal = decimalOf(multiple);
  return (value) => isMultiple(decimalOf(value), step);
}
