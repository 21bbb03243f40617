// How far a change goes: of changes of equally many members the nearest is the one that a reader would think of.

import { timeOf } from '../symbolic/fact-of-text.ts';
import type { Json } from '../value/json.ts';
import type { Change } from './change.ts';

/** Smaller is nearer; one member is 1 at most. Numbers and times are nearer than texts, and a value is nearer than none. */
export function farness(changes: readonly Change[]): number {
  return changes.reduce((sum, { old, new: next }) => sum + between(old, next), 0);
}

function between(old: Json | undefined, next: Json | undefined): number {
  if (typeof old === 'number' && typeof next === 'number')
    return (0.4 * Math.abs(old - next)) / Math.max(Math.abs(old) + Math.abs(next), 1);
  if (typeof old === 'boolean' && typeof next === 'boolean') return 0.5;
  if (typeof old !== 'string' || typeof next !== 'string') return 1;
  const isTime = (['timestamp', 'date', 'duration'] as const).some(
    (kind) => timeOf(kind, old) !== null && timeOf(kind, next) !== null,
  );
  return isTime ? 0.4 : 0.5 + 0.4 * (1 - sharedPart(old, next));
}

/** Share of the longer text that both begin or end with. */
function sharedPart(a: string, b: string): number {
  const short = Math.min(a.length, b.length);
  let start = 0;
  while (start < short && a[start] === b[start]) start++;
  let end = 0;
  while (end < short - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  return (start + end) / Math.max(a.length, b.length, 1);
}
