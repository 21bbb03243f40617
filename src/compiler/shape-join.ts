// The shape that covers two: what every value of either place keeps. A field of `a ?? b` may hold a value that was judged at either, and a
// value beyond the limits of a field is absent, so below such a field no limit may hold that one of the operands does not keep.

import type { Core, SchemaNode, Shape } from '../checker/shape.ts';
import { sameNode } from '../checker/types.ts';

type CoreOf<K extends Core['kind']> = Extract<Core, { readonly kind: K }>;
type NumericCore = CoreOf<'int' | 'decimal' | 'number'>;

/** The shape of a value that has one of two shapes, which the checker has found to be of one type; `b` null: a constant or computed. */
export function joinShapes(a: Shape, b: Shape | null): Shape {
  if (b === null || a === b) return a;
  return {
    core: joinCores(a.core, b.core),
    nullable: a.nullable || b.nullable,
    unsupported: a.unsupported ?? b.unsupported,
    file: a.file,
    pointer: a.pointer,
  };
}

function joinCores(a: Core, b: Core): Core {
  if (isNumeric(a) && isNumeric(b)) return joinNumbers(a, b);
  if (a.kind === 'string') return b.kind === 'string' ? joinStrings(a, b) : ANY_STRING;
  if (b.kind === 'string') return ANY_STRING;
  if (a.kind === 'bool' && b.kind === 'bool') return { kind: 'bool', values: both(a.values, b.values) };
  if (a.kind === 'list' && b.kind === 'list') return joinLists(a, b);
  if (a.kind === 'map' && b.kind === 'map') return joinMaps(a, b);
  // Records and unions are of one place of the schema, or the checker refuses them.
  return a;
}

// A date-time without offset is a string too.
const ANY_STRING: Core = { kind: 'string', values: null, minLength: null, maxLength: null };

function joinStrings(a: CoreOf<'string'>, b: CoreOf<'string'>): Core {
  return {
    kind: 'string',
    values: both(a.values, b.values),
    minLength: lower(a.minLength, b.minLength),
    maxLength: higher(a.maxLength, b.maxLength),
  };
}

function isNumeric(core: Core): core is NumericCore {
  return core.kind === 'int' || core.kind === 'decimal' || core.kind === 'number';
}

function joinNumbers(a: NumericCore, b: NumericCore): Core {
  const scale = Math.max(scaleOf(a), scaleOf(b));
  const x = scaled(a, scale);
  const y = scaled(b, scale);
  const limits = {
    min: lower(x.min, y.min),
    max: higher(x.max, y.max),
    values: both(x.values, y.values),
  };
  if (a.kind === 'number' || b.kind === 'number') return { kind: 'number', ...limits };
  if (a.kind === 'decimal' || b.kind === 'decimal') return { kind: 'decimal', scale, ...limits };
  return { kind: 'int', ...limits };
}

function scaleOf(core: NumericCore): number {
  return core.kind === 'decimal' ? core.scale : 0;
}

// The bounds of allowed values hold also where the values of the other place take their set away.
function scaled(core: NumericCore, scale: number): Pick<NumericCore, 'min' | 'max' | 'values'> {
  const by = 10 ** (scale - scaleOf(core));
  const values = core.values?.map((value) => value * by) ?? null;
  const min = core.min === null ? null : core.min * by;
  const max = core.max === null ? null : core.max * by;
  if (values === null) return { min, max, values };
  return {
    min: Math.max(min ?? -Infinity, Math.min(...values)),
    max: Math.min(max ?? Infinity, Math.max(...values)),
    values,
  };
}

function joinLists(a: CoreOf<'list'>, b: CoreOf<'list'>): Core {
  // A list without items says nothing of them.
  const items = b.maxItems === 0 ? a.items : a.maxItems === 0 ? b.items : joinNodes(a.items, b.items);
  return {
    kind: 'list',
    items,
    minItems: lower(a.minItems, b.minItems),
    maxItems: higher(a.maxItems, b.maxItems),
    unique: a.unique && b.unique,
  };
}

function joinMaps(a: CoreOf<'map'>, b: CoreOf<'map'>): Core {
  const value = b.value === false ? a.value : a.value === false ? b.value : joinNodes(a.value, b.value);
  return {
    kind: 'map',
    value,
    required: new Set([...a.required].filter((key) => b.required.has(key))),
    minProperties: lower(a.minProperties, b.minProperties),
    maxProperties: higher(a.maxProperties, b.maxProperties),
  };
}

// Read only when something asks for it: schemas may be recursive.
function joinNodes(a: SchemaNode | null, b: SchemaNode | null): SchemaNode | null {
  if (a === null || b === null) return null;
  if (sameNode(a, b)) return a;
  let joined: Shape | null = null;
  return {
    file: a.file,
    pointer: a.pointer,
    defName: null,
    get shape() {
      joined ??= joinShapes(a.shape, b.shape);
      return joined;
    },
  };
}

function lower(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.min(a, b);
}

function higher(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.max(a, b);
}

function both<T>(a: readonly T[] | null, b: readonly T[] | null): readonly T[] | null {
  return a === null || b === null ? null : [...new Set([...a, ...b])];
}
