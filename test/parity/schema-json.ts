// The JSON Schema of a schema model.

import type { Model, SchemaModel } from './model.ts';

type Json = { [key: string]: unknown };

/** The model as a JSON Schema. `reversed`: with every object's keys in the other order. */
export function schemaText(model: SchemaModel, reversed = false): string {
  const defs = Object.fromEntries([...model.defs].map(([name, def]) => [name, definition(def)]));
  const root = definition(model.root);
  const all = { $schema: 'https://json-schema.org/draft/2020-12/schema', ...root, $defs: defs };
  return JSON.stringify(reversed ? reverseKeys(all) : all, null, 1);
}

function reverseKeys(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(reverseKeys);
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(
    Object.entries(json)
      .reverse()
      .map(([key, value]) => [key, reverseKeys(value)]),
  );
}

/** The schema of a place; a named record is referred to. */
function schemaOf(model: Model): Json {
  return model.t === 'record' && model.def !== null ? { $ref: `#/$defs/${model.def}` } : definition(model);
}

function definition(model: Model): Json {
  const set = (json: Json): Json =>
    Object.fromEntries(Object.entries(json).filter(([, value]) => value !== null && value !== undefined));
  switch (model.t) {
    case 'bool':
      return { type: 'boolean' };
    case 'timestamp':
      return { type: 'string', format: 'date-time' };
    case 'date':
    case 'duration':
      return { type: 'string', format: model.t };
    case 'local':
      return { type: 'string', format: 'date-time-local' };
    case 'unknown':
      return {};
    case 'string': {
      const { values } = model;
      if (values?.length === 1) return { const: values[0] };
      return values !== null
        ? { enum: values }
        : set({ type: 'string', minLength: model.min, maxLength: model.max });
    }
    case 'int':
    case 'decimal':
    case 'number':
      if (model.json !== undefined) return model.json;
      return set({
        type: model.t === 'int' ? 'integer' : 'number',
        multipleOf: model.t === 'decimal' ? Number(`1e-${model.scale}`) : null,
        minimum: model.min,
        maximum: model.max,
        enum: model.values,
      });
    case 'record': {
      const properties = Object.fromEntries(
        model.props.map((prop) => [prop.name, prop.nullable ? orNull(prop.type) : schemaOf(prop.type)]),
      );
      const required = model.props.filter((prop) => prop.required).map((prop) => prop.name);
      const additional = model.closed ? false : model.additional === null ? null : schemaOf(model.additional);
      return set({ type: 'object', properties, required, additionalProperties: additional });
    }
    case 'map':
      return set({
        type: 'object',
        additionalProperties: schemaOf(model.value),
        minProperties: model.min,
        maxProperties: model.max,
      });
    case 'list':
      return set({
        type: 'array',
        items: model.nullableItem ? orNull(model.item) : schemaOf(model.item),
        minItems: model.min === 0 ? null : model.min,
        maxItems: model.max,
        uniqueItems: model.unique ? true : null,
      });
    case 'union':
      return { [model.keyword]: model.branches.map((branch) => schemaOf(branch.record)) };
    case 'raw':
      return model.json;
    case 'anyOf':
      return { anyOf: model.branches.map(schemaOf) };
  }
}

function orNull(model: Model): Json {
  const json = schemaOf(model);
  if (Object.keys(json).length === 0) return json;
  if (typeof json.type === 'string' && json.enum === undefined) return { ...json, type: [json.type, 'null'] };
  return { anyOf: [json, { type: 'null' }] };
}
