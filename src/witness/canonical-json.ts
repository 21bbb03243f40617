// JSON as one text for all that is equal.

import type { Json } from '../value/json.ts';

/** JSON as RFC 8785 writes it: keys by their code units, nothing between the tokens. */
export function canonicalJson(value: Json): string {
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  // What reading made infinite is written so that it is read so again.
  if (typeof value === 'number' && !Number.isFinite(value)) return value > 0 ? '1e999' : '-1e999';
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key]!)}`);
  return `{${members.join(',')}}`;
}

/** `Array.isArray` does not tell read-only lists from objects. */
function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
