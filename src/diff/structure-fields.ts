// Which places of the request the two versions read, and what their schemas say there.

import type { Field, FieldId, Ir, SetId } from '../ir/ir.ts';
import { decimalJson } from '../value/number.ts';
import type { StructuralChange } from './report.ts';

/** Items of a set that a detail names. */
const MAX_NAMED = 5;

/** Fields by their place: `a.b`, `a["odd key"]`, `list[]`, `map{}`; the request itself is `request`. */
export function fieldChanges(old: Ir, next: Ir): StructuralChange[] {
  const subject = 'field';
  const before = placesOf(old);
  const after = placesOf(next);
  const changes: StructuralChange[] = [];
  for (const path of before.keys())
    if (!after.has(path)) changes.push({ subject, change: 'removed', old: path, new: null, details: [] });
  for (const [path, field] of after) {
    const known = before.get(path);
    if (known === undefined) {
      changes.push({ subject, change: 'added', old: null, new: path, details: [] });
      continue;
    }
    const details = fieldDetails(new FieldText(old, known), new FieldText(next, field));
    if (details.length > 0) changes.push({ subject, change: 'changed', old: path, new: path, details });
  }
  return changes;
}

function placesOf(ir: Ir): ReadonlyMap<string, Field> {
  const paths = new Map<FieldId, string>();
  const places = new Map<string, Field>();
  for (const field of ir.fields) {
    const parent = field.parent === null ? null : (paths.get(field.parent) ?? null);
    const path = pathOf(ir, field, parent);
    if (path === null) continue;
    paths.set(field.id, path);
    places.set(path, field);
  }
  return places;
}

/** Null for variables, results and constants, and what hangs under them. */
function pathOf(ir: Ir, field: Field, parent: string | null): string | null {
  if (field.via === 'root') return 'request';
  if (parent === null) return null;
  const prefix = parent === 'request' ? '' : parent;
  switch (field.via) {
    case 'member': {
      const key = field.key!;
      if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `${prefix}[${JSON.stringify(key)}]`;
      return prefix === '' ? key : `${prefix}.${key}`;
    }
    case 'element':
      return `${prefix}[]`;
    case 'value':
      return `${prefix}{}`;
    case 'view': {
      const branch = field.branch === null ? '' : ` ${ir.sets[field.branch]!.items.join(' ')}`;
      return `${parent} as ${field.kind}${branch}`;
    }
    default:
      return null;
  }
}

/** What one version says of a field. */
class FieldText {
  readonly field: Field;
  readonly #ir: Ir;

  constructor(ir: Ir, field: Field) {
    this.#ir = ir;
    this.field = field;
  }

  get type(): string {
    return this.field.kind === 'decimal' ? `decimal(${this.field.scale})` : this.field.kind;
  }

  number(value: number | undefined): string | null {
    if (value === undefined || Math.abs(value) === Infinity) return null;
    return decimalJson(value, this.field.scale);
  }

  items(set: SetId | null | undefined): readonly string[] | null {
    if (set === null || set === undefined) return null;
    return this.#ir.sets[set]!.items.map((item) =>
      typeof item === 'string' ? JSON.stringify(item) : decimalJson(item, this.field.scale),
    );
  }
}

function fieldDetails(old: FieldText, next: FieldText): string[] {
  const [a, b] = [old.field, next.field];
  const details: string[] = [];
  const flag = (before: boolean, after: boolean, no: string, yes: string): void => {
    if (before !== after) details.push(before ? `${yes} → ${no}` : `${no} → ${yes}`);
  };
  const bound = (name: string, before: unknown, after: unknown): void => {
    if (before !== after) details.push(`${name} ${before ?? 'none'} → ${after ?? 'none'}`);
  };
  if (old.type !== next.type) details.push(`${old.type} → ${next.type}`);
  flag(a.optional, b.optional, 'required', 'optional');
  flag(a.nullable, b.nullable, 'null refused', 'null allowed');
  flag(a.unique, b.unique, 'items need not differ', 'items distinct');
  bound('minimum', old.number(a.limits?.min), next.number(b.limits?.min));
  bound('maximum', old.number(a.limits?.max), next.number(b.limits?.max));
  bound('minimum size', a.limits?.minLength ?? null, b.limits?.minLength ?? null);
  bound('maximum size', a.limits?.maxLength ?? null, b.limits?.maxLength ?? null);
  bound('discriminator', a.discriminator?.key ?? null, b.discriminator?.key ?? null);
  details.push(
    ...setDetails('values', old.items(a.limits?.set), next.items(b.limits?.set), 'any'),
    ...setDetails(
      'branches',
      old.items(a.discriminator?.values),
      next.items(b.discriminator?.values),
      'none',
    ),
    ...setDetails('keys', old.items(a.closed), next.items(b.closed), 'any'),
  );
  return details;
}

/** `open` says what no set means. */
function setDetails(
  name: string,
  old: readonly string[] | null,
  next: readonly string[] | null,
  open: string,
): string[] {
  if (old === null || next === null)
    return old === next ? [] : [`${name}: ${old === null ? `${open} → listed` : `listed → ${open}`}`];
  const [before, after] = [new Set(old), new Set(next)];
  const gone = old.filter((item) => !after.has(item));
  const come = next.filter((item) => !before.has(item));
  return [
    ...(gone.length === 0 ? [] : [`${name} removed: ${someOf(gone)}`]),
    ...(come.length === 0 ? [] : [`${name} added: ${someOf(come)}`]),
  ];
}

function someOf(items: readonly string[]): string {
  const rest = items.length - MAX_NAMED;
  return `${items.slice(0, MAX_NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
