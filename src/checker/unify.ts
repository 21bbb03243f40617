// Types put side by side: whether they are the same, and the one type that covers both.

import { isNumeric, type Type } from './types.ts';

/** Whether two types are the same. Schema nodes are compared by place: their shapes are lazy and may be recursive. */
export function sameType(a: Type, b: Type): boolean {
  return a === b || JSON.stringify(a, typeKey) === JSON.stringify(b, typeKey);
}

function typeKey(_key: string, value: unknown): unknown {
  if (
    typeof value === 'object' &&
    value !== null &&
    'shape' in value &&
    'pointer' in value &&
    'file' in value
  ) {
    return `${String(value.file)}#${String(value.pointer)}`;
  }
  return value;
}

/** The type that covers both, for list items, `??` and members of several branches; null when there is none. */
export function unify(a: Type, b: Type): Type | null {
  if (a.kind === 'string' && b.kind === 'string') {
    return {
      kind: 'string',
      values: a.values === null || b.values === null ? null : [...new Set([...a.values, ...b.values])],
    };
  }
  if (isNumeric(a) && isNumeric(b)) {
    if (a.kind === 'int' && b.kind === 'int')
      return { kind: 'int', lo: Math.min(a.lo, b.lo), hi: Math.max(a.hi, b.hi) };
    const sa = a.kind === 'int' ? 0 : a.scale;
    const sb = b.kind === 'int' ? 0 : b.scale;
    if (sa === null || sb === null) return { kind: 'decimal', scale: null, lo: a.lo, hi: a.hi };
    const scale = Math.max(sa, sb);
    const fa = 10 ** (scale - sa);
    const fb = 10 ** (scale - sb);
    return { kind: 'decimal', scale, lo: Math.min(a.lo * fa, b.lo * fb), hi: Math.max(a.hi * fa, b.hi * fb) };
  }
  if (a.kind === 'number' && b.kind === 'int') return a;
  if (a.kind === 'int' && b.kind === 'number') return b;
  if (a.kind === 'duration' && b.kind === 'duration')
    return { kind: 'duration', lo: Math.min(a.lo, b.lo), hi: Math.max(a.hi, b.hi) };
  if ((a.kind === 'timestamp' || a.kind === 'date') && a.kind === b.kind)
    return { kind: a.kind, computed: a.computed || b.computed };
  if (a.kind === 'list' && b.kind === 'list') {
    const item =
      b.maxItems === 0 ? a.item.type : a.maxItems === 0 ? b.item.type : unify(a.item.type, b.item.type);
    if (item === null) return null;
    const maxItems = a.maxItems === null || b.maxItems === null ? null : Math.max(a.maxItems, b.maxItems);
    return {
      kind: 'list',
      item: { type: item, optional: a.item.optional || b.item.optional },
      minItems: Math.min(a.minItems, b.minItems),
      maxItems,
    };
  }
  return sameType(a, b) ? a : null;
}

/** Whether values of both types are stored alike, so that one name can stand for either. */
export function storedAlike(a: Type, b: Type): boolean {
  if (a.kind === 'list' && b.kind === 'list')
    return a.item.optional === b.item.optional && storedAlike(a.item.type, b.item.type);
  if (a.kind === 'decimal' && b.kind === 'decimal') return a.scale === b.scale;
  if (a.kind === 'map' || a.kind === 'record' || a.kind === 'union') return sameType(a, b);
  return a.kind === b.kind;
}
