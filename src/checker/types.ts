// The checker's types. Numeric types carry their interval, so that range analysis is part of typing (LANGUAGE: ranges and overflow).

import { MAX_DECIMAL, MAX_DEPTH, MAX_DURATION_MS, MAX_SAFE_INT } from '../bytecode/limits.ts';
import type { SchemaNode, Shape } from './shape.ts';

export type Type =
  | { readonly kind: 'bool' | 'number' | 'unknown' | 'null' }
  /** `values`: a closed enum. */
  | { readonly kind: 'string'; readonly values: readonly string[] | null }
  | { readonly kind: 'int'; readonly lo: number; readonly hi: number }
  /** `lo`, `hi` scaled. `scale` is null for a parameter that takes its argument's scale, while its body is checked once for all calls. */
  | { readonly kind: 'decimal'; readonly scale: number | null; readonly lo: number; readonly hi: number }
  /** `computed`: the result of adding a duration, which may leave years 1–9999 and may not be printed. */
  | { readonly kind: 'timestamp' | 'date'; readonly computed: boolean }
  | { readonly kind: 'duration'; readonly lo: number; readonly hi: number }
  /** The difference of two timestamps, with microseconds: only comparable with a duration. */
  | { readonly kind: 'difference' }
  /** All parts hold at once (facts intersect); a property is readable when a part declares it. `keys`: known to be any JSON object too, so `in` works. */
  | { readonly kind: 'record'; readonly parts: readonly SchemaNode[]; readonly keys: boolean }
  | { readonly kind: 'map'; readonly value: Slotted }
  | {
      readonly kind: 'list';
      readonly item: Slotted;
      readonly minItems: number;
      readonly maxItems: number | null;
    }
  | { readonly kind: 'union'; readonly discriminator: string; readonly branches: readonly Branch[] }
  /** A property common to several branches of a union that is not of one scalar type: readable where all of them agree. */
  | { readonly kind: 'either'; readonly types: readonly Type[] };

export interface Branch {
  readonly node: SchemaNode;
  readonly values: readonly string[];
}

/** A type at a place that may be empty. */
export interface Slotted {
  readonly type: Type;
  readonly optional: boolean;
}

export const BOOL: Type = { kind: 'bool' };
export const STRING: Type = { kind: 'string', values: null };
export const NUMBER: Type = { kind: 'number' };
export const UNKNOWN: Type = { kind: 'unknown' };
export const NULL: Type = { kind: 'null' };
export const INT: Type = { kind: 'int', lo: -MAX_SAFE_INT, hi: MAX_SAFE_INT };
export const DURATION: Type = { kind: 'duration', lo: -MAX_DURATION_MS, hi: MAX_DURATION_MS };
export const TIMESTAMP: Type = { kind: 'timestamp', computed: false };
export const DATE: Type = { kind: 'date', computed: false };
export const OBJECT: Type = { kind: 'map', value: { type: UNKNOWN, optional: false } };
export const ANY_LIST: Type = {
  kind: 'list',
  item: { type: UNKNOWN, optional: false },
  minItems: 0,
  maxItems: null,
};

export function decimalType(scale: number | null, lo = -MAX_DECIMAL, hi = MAX_DECIMAL): Type {
  return { kind: 'decimal', scale, lo, hi };
}

export type NumericType = Extract<Type, { kind: 'int' | 'decimal' }>;
export function isNumeric(type: Type): type is NumericType {
  return type.kind === 'int' || type.kind === 'decimal';
}

/** Digits behind the point. */
export function scaleOf(type: NumericType): number {
  return type.kind === 'int' ? 0 : (type.scale ?? 0);
}

/** The scalars that a message or an obligation may print: all but `number`. */
export function isPrintable(type: Type): boolean {
  switch (type.kind) {
    case 'bool':
    case 'string':
    case 'int':
    case 'decimal':
    case 'duration':
      return true;
    case 'timestamp':
    case 'date':
      return !type.computed;
    default:
      return false;
  }
}

/** The type of a schema place, one level deep; members are typed when they are read. */
function typeOfShape(shape: Shape): Slotted {
  return { type: coreType(shape), optional: shape.nullable || shape.core.kind === 'null' };
}

function coreType(shape: Shape): Type {
  const core = shape.core;
  switch (core.kind) {
    case 'bool':
    case 'number':
    case 'unknown':
    case 'null':
      return { kind: core.kind };
    case 'string':
      return { kind: 'string', values: core.values };
    case 'int':
      return { kind: 'int', ...interval(core, MAX_SAFE_INT) };
    case 'decimal':
      return { kind: 'decimal', scale: core.scale, ...interval(core, MAX_DECIMAL) };
    case 'timestamp':
    case 'date':
      return { kind: core.kind, computed: false };
    case 'duration':
      return DURATION;
    case 'localTimestamp':
      return STRING;
    case 'record':
      return { kind: 'record', parts: [shapeNode(shape)], keys: false };
    case 'map':
      return {
        kind: 'map',
        value: core.value ? typeOfShape(core.value.shape) : { type: UNKNOWN, optional: false },
      };
    case 'list':
      return {
        kind: 'list',
        item: core.items === null ? { type: UNKNOWN, optional: false } : typeOfShape(core.items.shape),
        minItems: core.minItems ?? 0,
        maxItems: core.maxItems,
      };
    case 'union':
      return { kind: 'union', discriminator: core.discriminator, branches: core.branches };
    case 'never':
    case 'anyOf':
      return UNKNOWN;
  }
}

function interval(
  core: {
    readonly min: number | null;
    readonly max: number | null;
    readonly values: readonly number[] | null;
  },
  limit: number,
): { lo: number; hi: number } {
  const lo = core.values === null ? -limit : Math.min(...core.values);
  const hi = core.values === null ? limit : Math.max(...core.values);
  return { lo: Math.max(lo, core.min ?? -limit), hi: Math.min(hi, core.max ?? limit) };
}

// A record's type names its schema node; a shape made inside a type array has no node of its own and becomes one here.
function shapeNode(shape: Shape): SchemaNode {
  return { file: shape.file, pointer: shape.pointer, defName: null, shape };
}

/** The type of a schema node, naming the node itself, so that `is` can recognise a branch by its definition. */
export function typeOfNode(node: SchemaNode): Slotted {
  const slotted = typeOfShape(node.shape);
  return slotted.type.kind === 'record'
    ? { type: { kind: 'record', parts: [node], keys: false }, optional: slotted.optional }
    : slotted;
}

/** Whether two nodes are the same place of the same schema. */
export function sameNode(a: SchemaNode, b: SchemaNode): boolean {
  return a === b || (a.file === b.file && a.pointer === b.pointer);
}

/** A declared property of a record type: the narrowest of its parts' types, or why it cannot be read. */
export type MemberResult =
  | { readonly ok: true; readonly slotted: Slotted; readonly nodes: readonly SchemaNode[] }
  | { readonly ok: false; readonly why: 'undeclared' | 'conflict' };

export function memberOf(parts: readonly SchemaNode[], name: string): MemberResult {
  let found: Slotted | null = null;
  let required = false;
  const nodes: SchemaNode[] = [];
  for (const part of parts) {
    const core = part.shape.core;
    if (core.kind !== 'record' && core.kind !== 'map') continue;
    if (core.required.has(name)) required = true;
    const node = core.kind === 'record' ? core.properties.get(name) : undefined;
    if (node === undefined) continue;
    nodes.push(node);
    const next = typeOfNode(node);
    if (found === null) found = next;
    else {
      const narrowed = intersect(found.type, next.type);
      if (narrowed === null) return { ok: false, why: 'conflict' };
      found = { type: narrowed, optional: found.optional && next.optional };
    }
  }
  if (found === null) return { ok: false, why: 'undeclared' };
  return { ok: true, slotted: { type: found.type, optional: found.optional || !required }, nodes };
}

/** Every property that a record type declares. */
export function propertyNames(parts: readonly SchemaNode[]): string[] {
  const names = new Set<string>();
  for (const part of parts)
    if (part.shape.core.kind === 'record')
      for (const name of part.shape.core.properties.keys()) names.add(name);
  return [...names];
}

/** The narrower of two types, or both together for records; null when neither is assignable to the other. */
export function intersect(a: Type, b: Type): Type | null {
  if (a.kind === 'record' && b.kind === 'record') {
    const parts = [...a.parts, ...b.parts.filter((part) => !a.parts.some((other) => sameNode(part, other)))];
    return { kind: 'record', parts, keys: a.keys || b.keys };
  }
  if (a.kind === 'record' && isAnyObject(b)) return { ...a, keys: true };
  if (b.kind === 'record' && isAnyObject(a)) return { ...b, keys: true };
  if ((a.kind === 'int' && b.kind === 'int') || (a.kind === 'duration' && b.kind === 'duration'))
    return { ...a, lo: Math.max(a.lo, b.lo), hi: Math.min(a.hi, b.hi) };
  if (a.kind === 'decimal' && b.kind === 'decimal' && a.scale === b.scale)
    return { ...a, lo: Math.max(a.lo, b.lo), hi: Math.min(a.hi, b.hi) };
  if (isAssignable(b, a)) return b;
  if (isAssignable(a, b)) return a;
  return null;
}

function isAnyObject(type: Type): boolean {
  return type.kind === 'map' && type.value.type.kind === 'unknown';
}

/** Whether a value of type `a` may stand where `b` is expected (LANGUAGE: narrowing). The interval of a number itself does not matter: it is checked at each use. */
export function isAssignable(a: Type, b: Type): boolean {
  return fits(a, b, new Set(), 0, false);
}

// `assumed`: pairs of records already under comparison. A recursive schema that is met again fits if the rest does. No request is
// nested deeper than the limit, so below it nothing is left to compare. `bounded`: inside a container, where uses read the bounds of `b`,
// those of `a` must lie within them.
function fits(a: Type, b: Type, assumed: Set<string>, depth: number, bounded: boolean): boolean {
  if (b.kind === 'unknown') return a.kind !== 'difference';
  if (depth > MAX_DEPTH) return true;
  switch (a.kind) {
    case 'string':
      return (
        b.kind === 'string' && (b.values === null || a.values?.every((v) => b.values?.includes(v)) === true)
      );
    case 'int':
      return (b.kind === 'int' || b.kind === 'decimal') && (!bounded || isWithin(a, b));
    case 'decimal':
      return (
        b.kind === 'decimal' &&
        (b.scale === null || a.scale === null || a.scale <= b.scale) &&
        (!bounded || isWithin(a, b))
      );
    case 'record':
      if (b.kind === 'union')
        return b.branches.some((branch) => a.parts.some((part) => sameNode(part, branch.node)));
      return (
        (b.kind === 'record' && b.parts.every((part) => recordFits(a.parts, part, assumed, depth))) ||
        isAnyObject(b)
      );
    case 'map':
      return b.kind === 'map' && slottedFits(a.value, b.value, assumed, depth, true);
    case 'list':
      return (
        b.kind === 'list' &&
        (!bounded || hasItemsOf(a, b)) &&
        slottedFits(a.item, b.item, assumed, depth, bounded || !isScalar(a.item.type))
      );
    case 'union':
      if (b.kind === 'record')
        return a.branches.every(({ node }) =>
          b.parts.every((part) => recordFits([node], part, assumed, depth)),
        );
      return b.kind === 'union'
        ? a.branches.every((x) => b.branches.some((y) => sameNode(x.node, y.node)))
        : isAnyObject(b);
    case 'either':
      return a.types.every((type) => fits(type, b, assumed, depth + 1, bounded));
    default:
      return a.kind === b.kind;
  }
}

function slottedFits(a: Slotted, b: Slotted, assumed: Set<string>, depth: number, bounded: boolean): boolean {
  return (!a.optional || b.optional) && fits(a.type, b.type, assumed, depth + 1, bounded);
}

function isWithin(a: NumericType, b: NumericType): boolean {
  const factor = 10 ** (scaleOf(b) - scaleOf(a));
  return a.lo * factor >= b.lo && a.hi * factor <= b.hi;
}

type ListType = Extract<Type, { kind: 'list' }>;

function hasItemsOf(a: ListType, b: ListType): boolean {
  return (
    a.minItems >= b.minItems && (b.maxItems === null || (a.maxItems !== null && a.maxItems <= b.maxItems))
  );
}

function isScalar(type: Type): boolean {
  return isPrintable(type) || type.kind === 'timestamp' || type.kind === 'date' || type.kind === 'number';
}

function recordFits(
  parts: readonly SchemaNode[],
  target: SchemaNode,
  assumed: Set<string>,
  depth: number,
): boolean {
  if (parts.some((part) => sameNode(part, target))) return true;
  const core = target.shape.core;
  if (core.kind !== 'record') return false;
  const pair = [...parts, target].map((node) => `${node.file}#${node.pointer}`).join(' ');
  if (assumed.has(pair)) return true;
  assumed.add(pair);
  for (const name of core.properties.keys()) {
    const want = memberOf([target], name);
    const have = memberOf(parts, name);
    if (!have.ok || !want.ok || !slottedFits(have.slotted, want.slotted, assumed, depth, true)) return false;
  }
  return true;
}

/** A type as a person writes it, for messages. */
export function typeText(type: Type): string {
  switch (type.kind) {
    case 'string':
      return type.values === null
        ? 'string'
        : `enum(${type.values
            .slice(0, 6)
            .map((v) => JSON.stringify(v))
            .join(', ')}${type.values.length > 6 ? ', …' : ''})`;
    case 'decimal':
      return type.scale === null ? 'decimal' : `decimal(${type.scale})`;
    case 'difference':
      return 'difference of timestamps';
    case 'record':
      return type.parts.map((part) => part.defName ?? 'record').join(' & ');
    case 'map':
      return isAnyObject(type) ? 'object' : `map<${slottedText(type.value)}>`;
    case 'list':
      return `list<${slottedText(type.item)}>`;
    case 'union':
      return `union(${type.branches.map((branch) => branch.node.defName ?? branch.values.join('|')).join(', ')})`;
    case 'either':
      return [...new Set(type.types.map(typeText))].join(' or ');
    default:
      return type.kind;
  }
}

function slottedText(slotted: Slotted): string {
  return slotted.optional ? `optional ${typeText(slotted.type)}` : typeText(slotted.type);
}
