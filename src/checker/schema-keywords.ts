// Which keywords of JSON Schema hold schemas, which say nothing about values, and what each other one is about.

export type JsonObject = { readonly [key: string]: unknown };

export function isObject(json: unknown): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

/** Whether JSON can be a schema at all. */
export function isSchema(json: unknown): json is JsonObject | boolean {
  return typeof json === 'boolean' || isObject(json);
}

/** An own member, so that `__proto__` and `constructor` are keys like any other. */
export function member(json: JsonObject, key: string): unknown {
  return Object.hasOwn(json, key) ? json[key] : undefined;
}

/** The value at an RFC 6901 pointer, own members only; undefined when there is none. */
export function valueAt(json: unknown, pointer: string): unknown {
  let value = json;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(value)) value = /^(0|[1-9][0-9]*)$/.test(key) ? value[Number(key)] : undefined;
    else if (isObject(value)) value = member(value, key);
    else return undefined;
  }
  return value;
}

export function pointerTo(pointer: string, ...keys: readonly (string | number)[]): string {
  return keys.reduce<string>(
    (p, key) => `${p}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`,
    pointer,
  );
}

/** They name or explain a schema and never refuse a value. */
const ANNOTATIONS: ReadonlySet<string> = new Set([
  '$schema',
  '$id',
  '$anchor',
  '$comment',
  '$defs',
  'definitions',
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
]);

/** The keys of a schema that judge values, sorted, so that nothing depends on the order in the file. */
export function assertions(schema: JsonObject): string[] {
  return Object.keys(schema)
    .filter((key) => !ANNOTATIONS.has(key))
    .sort();
}

/** Keywords that judge values of one JSON type and pass all others. */
export const KEYWORD_TYPE: ReadonlyMap<string, TypeName> = new Map([
  ...keywords('number', 'minimum maximum exclusiveMinimum exclusiveMaximum multipleOf'),
  ...keywords('string', 'minLength maxLength pattern format contentEncoding contentMediaType contentSchema'),
  ...keywords('array', 'items prefixItems additionalItems unevaluatedItems minItems maxItems uniqueItems'),
  ...keywords('array', 'contains minContains maxContains'),
  ...keywords('object', 'properties required additionalProperties minProperties maxProperties'),
  ...keywords('object', 'patternProperties propertyNames dependentRequired dependentSchemas dependencies'),
  ...keywords('object', 'unevaluatedProperties'),
]);

/** The values of `type`. */
export type TypeName = 'null' | 'boolean' | 'integer' | 'number' | 'string' | 'array' | 'object';
export const TYPE_NAMES: readonly TypeName[] = [
  'null',
  'boolean',
  'integer',
  'number',
  'string',
  'array',
  'object',
];

/** What `type` allows; null without it. */
export function declaredTypes(schema: JsonObject): ReadonlySet<TypeName> | null {
  const type = member(schema, 'type');
  if (type === undefined) return null;
  return new Set((Array.isArray(type) ? type : [type]) as TypeName[]);
}

/** The types of constants: integers only when all numbers among them are. */
export function typesOfValues(values: readonly unknown[]): ReadonlySet<TypeName> {
  const fractions = values.some((v) => typeof v === 'number' && !Number.isInteger(v));
  return new Set(
    values.map((v): TypeName => {
      if (v === null) return 'null';
      if (Array.isArray(v)) return 'array';
      if (typeof v === 'number') return fractions ? 'number' : 'integer';
      return typeof v as 'boolean' | 'string' | 'object';
    }),
  );
}

/** Whether a keyword judges values of one of the types. */
export function concerns(keyword: string, types: ReadonlySet<TypeName>): boolean {
  const type = KEYWORD_TYPE.get(keyword);
  return type === undefined || types.has(type) || (type === 'number' && types.has('integer'));
}

function keywords(type: TypeName, names: string): [string, TypeName][] {
  return names.split(' ').map((name) => [name, type]);
}

/** Keywords that shapes are made of; every other one is refused where the policy reads. */
export const SUPPORTED: ReadonlySet<string> = new Set(
  (
    '$ref type enum const anyOf oneOf minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength format ' +
    'properties required additionalProperties minProperties maxProperties items minItems maxItems uniqueItems'
  ).split(' '),
);

/** What to write instead of an unsupported keyword. */
const WHY: { readonly [keyword: string]: string } = {
  allOf: 'merge its parts into one schema',
  not: 'list what is allowed instead',
  if: 'use `oneOf` with a constant property that tells the cases apart',
  pattern: 'match the string in the policy instead',
  patternProperties: 'use `properties`, or `additionalProperties` for all keys',
  propertyNames: 'test the keys in the policy instead',
  prefixItems: 'lists have items of one type; use an object for a tuple',
  contains: 'use `any(…)` in the policy instead',
  dependentRequired: 'use `oneOf`, or test it in the policy',
  dependencies: 'use `oneOf`, or test it in the policy',
  $dynamicRef: 'use `$ref`',
};

export function whyUnsupported(keyword: string): string {
  return Object.hasOwn(WHY, keyword)
    ? WHY[keyword]!
    : 'this keyword is not among those that the projection can enforce';
}

const SINGLE =
  'additionalProperties additionalItems unevaluatedProperties unevaluatedItems items contains propertyNames not if then else contentSchema'.split(
    ' ',
  );
const LISTS = ['allOf', 'anyOf', 'oneOf', 'prefixItems', 'items'];
const MAPS = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas', 'dependencies'];

export interface Subschema {
  readonly pointer: string;
  readonly json: JsonObject | boolean;
}

/** The schemas directly inside a schema; constants and annotations are data, whatever they look like. */
export function subschemas(schema: JsonObject, pointer: string): Subschema[] {
  const found: Subschema[] = [];
  const add = (json: unknown, at: string): void => {
    if (isSchema(json)) found.push({ pointer: at, json });
  };
  for (const key of SINGLE) add(member(schema, key), pointerTo(pointer, key));
  for (const key of LISTS) {
    const list = member(schema, key);
    if (Array.isArray(list)) for (const [i, json] of list.entries()) add(json, pointerTo(pointer, key, i));
  }
  for (const key of MAPS) {
    const map = member(schema, key);
    if (isObject(map))
      for (const name of Object.keys(map).sort()) add(map[name], pointerTo(pointer, key, name));
  }
  return found;
}
