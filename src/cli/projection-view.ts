// The projection of a bundle for people: every path of the request that it reads, with what must hold there.

import type { Bundle, Limits, Slot } from '../bytecode/bundle.ts';

export interface ProjectedPath {
  /** `a.b`, `a["odd key"]`, `list[]`, `map{}`; the request itself is `request`. */
  readonly path: string;
  readonly type: string;
  readonly notes: readonly string[];
}

/** The paths in the order in which an evaluator reads them. */
export function projectedPaths(bundle: Bundle): ProjectedPath[] {
  const paths: (string | null)[] = [];
  const found: ProjectedPath[] = [];
  for (const slot of bundle.slots) {
    const path = pathOf(slot, slot.parent === null ? null : (paths[slot.parent] ?? null));
    paths.push(path);
    if (path !== null) found.push({ path, type: typeOf(slot), notes: notesOf(slot, bundle) });
  }
  return found;
}

/** Null for what is not a place of the request: variables, results and constants, and what hangs under them. */
function pathOf(slot: Slot, parent: string | null): string | null {
  if (slot.via === 'root') return 'request';
  if (parent === null) return null;
  const prefix = parent === 'request' ? '' : parent;
  switch (slot.via) {
    case 'member': {
      const key = slot.key ?? '';
      if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `${prefix}[${JSON.stringify(key)}]`;
      return prefix === '' ? key : `${prefix}.${key}`;
    }
    case 'element':
      return `${prefix}[]`;
    case 'value':
      return `${prefix}{}`;
    case 'view':
      return parent;
    default:
      return null;
  }
}

function typeOf(slot: Slot): string {
  const type = slot.kind === 'decimal' ? `decimal(${slot.scale})` : slot.kind;
  return slot.via === 'view' ? `read as ${type}` : type;
}

function notesOf(slot: Slot, bundle: Bundle): string[] {
  const notes: string[] = [];
  const texts = (set: number): string =>
    (bundle.sets[set]?.items ?? []).map((item) => JSON.stringify(item)).join(' ');
  if (slot.optional) notes.push('optional');
  if (slot.nullable) notes.push('null allowed');
  if (slot.unique) notes.push('items distinct');
  if (slot.discriminator !== null) notes.push(`branch chosen by ${JSON.stringify(slot.discriminator)}`);
  if (slot.branch !== null) notes.push(`for ${texts(slot.branch)}`);
  if (slot.closed && slot.set !== null) notes.push(`no keys but ${texts(slot.set)}`);
  if (slot.limits !== null) notes.push(...limitNotes(slot, slot.limits, texts));
  return notes;
}

function limitNotes(slot: Slot, limits: Limits, texts: (set: number) => string): string[] {
  const notes: string[] = [];
  const number = (value: number): string => String(value / 10 ** slot.scale);
  if (limits.min !== -Infinity) notes.push(`>= ${number(limits.min)}`);
  if (limits.max !== Infinity) notes.push(`<= ${number(limits.max)}`);
  if (limits.minLength !== null) notes.push(`size >= ${limits.minLength}`);
  if (limits.maxLength !== null) notes.push(`size <= ${limits.maxLength}`);
  if (limits.set !== null) notes.push(`one of ${texts(limits.set)}`);
  return notes;
}
