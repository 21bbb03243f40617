// `x is T` of the executable specification: JSON Schema validation of a value that is there.

import type { Core, Shape } from '../../src/checker/shape.ts';
import type { TypeTest } from '../../src/checker/typed.ts';
import type { Type } from '../../src/checker/types.ts';
import { isLocalTimestamp, readDate, readDuration, readTimestamp } from './naive-time.ts';
import { isObject, keysOf, ownMember, scaledOf } from './naive-values.ts';

/** Whether a present value satisfies a test. */
export function passes(json: unknown, test: TypeTest): boolean {
  switch (test.kind) {
    case 'schema':
      return satisfies(json, test.node.shape);
    case 'scalar':
      return isScalar(json, test.type);
    case 'null':
      return json === null;
    case 'unknown':
      return true;
    case 'object':
      return isObject(json);
    case 'list':
      return Array.isArray(json);
    case 'listOf':
      return Array.isArray(json) && json.every((item) => passes(item, test.item));
    case 'mapOf':
      return isObject(json) && keysOf(json).every((key) => passes(json[key], test.item));
    case 'branch': {
      const tag = ownMember(json, test.discriminator);
      return typeof tag === 'string' && test.values.includes(tag);
    }
  }
}

function isScalar(json: unknown, type: Type): boolean {
  switch (type.kind) {
    case 'bool':
      return typeof json === 'boolean';
    case 'string':
      return typeof json === 'string';
    case 'int':
      return Number.isSafeInteger(json);
    case 'decimal':
      return typeof json === 'number' && scaledOf(json, type.scale!) !== null;
    case 'number':
      return typeof json === 'number';
    case 'timestamp':
      return typeof json === 'string' && readTimestamp(json) !== null;
    case 'date':
      return typeof json === 'string' && readDate(json) !== null;
    case 'duration':
      return typeof json === 'string' && readDuration(json) !== null;
    default:
      throw new Error(`no scalar test for ${type.kind}`);
  }
}

/** Whether a present value satisfies a schema. */
export function satisfies(json: unknown, shape: Shape): boolean {
  return (json === null && shape.nullable) || satisfiesCore(json, shape.core);
}

function satisfiesCore(json: unknown, core: Core): boolean {
  const within = (x: number | bigint, min: number | null, max: number | null): boolean =>
    (min === null || x >= min) && (max === null || x <= max);
  switch (core.kind) {
    case 'unknown':
      return true;
    case 'never':
      return false;
    case 'null':
      return json === null;
    case 'bool':
      return typeof json === 'boolean' && (core.values === null || core.values.includes(json));
    case 'string':
      return (
        typeof json === 'string' &&
        (core.values === null || core.values.includes(json)) &&
        within([...json].length, core.minLength, core.maxLength)
      );
    case 'int':
      if (!Number.isSafeInteger(json)) return false;
      return within(json as number, core.min, core.max) && (core.values?.includes(json as number) ?? true);
    case 'number':
      if (typeof json !== 'number') return false;
      return within(json, core.min, core.max) && (core.values === null || core.values.includes(json));
    case 'decimal': {
      const k = typeof json === 'number' ? scaledOf(json, core.scale) : null;
      return (
        k !== null &&
        within(k, core.min, core.max) &&
        (core.values === null || core.values.some((v) => BigInt(v) === k))
      );
    }
    case 'timestamp':
      return typeof json === 'string' && readTimestamp(json) !== null;
    case 'date':
      return typeof json === 'string' && readDate(json) !== null;
    case 'duration':
      return typeof json === 'string' && readDuration(json) !== null;
    case 'localTimestamp':
      return typeof json === 'string' && isLocalTimestamp(json);
    case 'record': {
      if (!isObject(json)) return false;
      const keys = keysOf(json);
      return (
        within(keys.length, core.minProperties, core.maxProperties) &&
        [...core.required].every((key) => keys.includes(key)) &&
        keys.every((key) => {
          const node = core.properties.get(key);
          if (node !== undefined) return satisfies(json[key], node.shape);
          if (core.additional === false) return false;
          return core.additional === null || satisfies(json[key], core.additional.shape);
        })
      );
    }
    case 'map': {
      if (!isObject(json)) return false;
      const keys = keysOf(json);
      const { value } = core;
      return (
        within(keys.length, core.minProperties, core.maxProperties) &&
        [...core.required].every((key) => keys.includes(key)) &&
        (value === null || keys.every((key) => value !== false && satisfies(json[key], value.shape)))
      );
    }
    case 'list': {
      if (!Array.isArray(json) || !within(json.length, core.minItems, core.maxItems)) return false;
      const { items } = core;
      if (items !== null && !json.every((item) => satisfies(item, items.shape))) return false;
      return !core.unique || areDistinct(json);
    }
    case 'union': {
      const tag = ownMember(json, core.discriminator);
      const branch = core.branches.find(({ values }) => typeof tag === 'string' && values.includes(tag));
      return branch !== undefined && satisfies(json, branch.node.shape);
    }
    case 'anyOf':
      return core.branches.some((branch) => satisfies(json, branch));
  }
}

/** Whether no two scalars of a list are equal as JSON. */
export function areDistinct(list: readonly unknown[]): boolean {
  return list.every((item, i) => list.slice(0, i).every((other) => other !== item));
}
