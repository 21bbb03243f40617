// What a policy expects at a place of the request, for requests that are not valid.

import type { Field, FieldId, Ir } from '../ir/ir.ts';
import { formatDate, formatDuration } from '../value/time.ts';

const KINDS: { readonly [kind in Field['kind']]: string } = {
  bool: 'true or false',
  int: 'an integer',
  decimal: 'a number',
  number: 'a number',
  string: 'a string',
  timestamp: 'a timestamp with its offset, such as "2027-03-15T09:00:00Z"',
  date: 'a date, such as "2027-03-15"',
  duration: 'a duration, such as "PT1H30M"',
  record: 'an object',
  map: 'an object',
  list: 'a list',
  unknown: 'any value',
  union: 'an object',
  localTimestamp: 'a timestamp without offset, such as "2027-03-15T09:00:00"',
};

/** Texts of an enumeration that are listed. */
const MAX_LISTED = 20;

/** What is expected at a pointer of the request; null when the policy reads nothing there. */
export function expectedAt(ir: Ir, pointer: string): string | null {
  const children = new Map<FieldId, Field[]>();
  for (const field of ir.fields) {
    if (field.parent === null || field.via === 'bound') continue;
    const siblings = children.get(field.parent);
    if (siblings === undefined) children.set(field.parent, [field]);
    else siblings.push(field);
  }
  const withViews = (field: Field): Field[] => [
    field,
    ...(children.get(field.id) ?? []).filter(({ via }) => via === 'view').flatMap(withViews),
  ];
  let here = withViews(ir.fields[0]!);
  let above = here;
  const segments = pointer === '' ? [] : pointer.slice(1).split('/');
  for (const segment of segments) {
    const key = segment.replaceAll('~1', '/').replaceAll('~0', '~');
    above = here;
    const below = here.flatMap(({ id }) => children.get(id) ?? []);
    const named = below.filter((field) => field.via === 'member' && field.key === key);
    const any = below.filter((field) => field.via === 'element' || field.via === 'value');
    here = (named.length > 0 ? named : any).flatMap(withViews);
  }
  const texts = new Set(here.filter(({ via }) => via !== 'view').map((field) => fieldText(ir, field)));
  if (texts.size > 0) return [...texts].join(', or ');
  const closed = above.find((field) => field.closed !== null)?.closed;
  return closed == null ? null : `no member but ${listed(ir.sets[closed]!.items)}`;
}

function fieldText(ir: Ir, field: Field): string {
  const parts: string[] = [];
  const { kind, limits, discriminator, closed, scale } = field;
  if (limits !== null && limits.set !== null) {
    const values = (ir.sets[limits.set]!.items as readonly (string | number)[]).map((item) =>
      typeof item === 'string' ? item : scalar(field, item),
    );
    parts.push(values.length === 1 ? listed(values) : `one of ${listed(values)}`);
  } else parts.push(KINDS[kind]);
  if (kind === 'decimal' && scale > 0)
    parts.push(`with at most ${scale} ${scale === 1 ? 'digit' : 'digits'} after the point`);
  if (limits !== null && limits.set === null) {
    if (limits.min > -Infinity) parts.push(`at least ${scalar(field, limits.min)}`);
    if (limits.max < Infinity) parts.push(`at most ${scalar(field, limits.max)}`);
  }
  if (limits !== null && limits.minLength !== null) parts.push(`of size ${limits.minLength} or more`);
  if (limits !== null && limits.maxLength !== null) parts.push(`of size ${limits.maxLength} or less`);
  if (field.unique) parts.push('without equal items');
  if (discriminator !== null)
    parts.push(`whose ${discriminator.key} is one of ${listed(ir.sets[discriminator.values]!.items)}`);
  if (closed !== null) parts.push(`with no members but ${listed(ir.sets[closed]!.items)}`);
  if (field.nullable && !field.optional) parts.push('or null');
  if (field.optional) parts.push('or nothing');
  return parts.join(' ');
}

function scalar({ kind, scale }: Field, value: number): string | number | boolean {
  if (kind === 'bool') return value === 1;
  if (kind === 'date') return formatDate(value);
  if (kind === 'duration') return formatDuration(value);
  return scale === 0 ? value : value / 10 ** scale;
}

function listed(items: readonly (string | number | boolean)[]): string {
  const shown = items.slice(0, MAX_LISTED).map((item) => JSON.stringify(item));
  const rest = items.length - shown.length;
  return `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
