// What a test read, and how many items a quantifier looked at, in words.

import type { Look, Part, Read } from '../explain/part.ts';
import { counted, jsonText } from './diff-view.ts';

const MAX_VALUE = 80;
const MAX_READS = 6;

/** The values that a part read: without the name, when the part begins with it. */
export function readsText({ reads, text, kind }: Part): string {
  if (kind === 'any' || kind === 'all') return '';
  const [only] = reads;
  if (reads.length === 1 && text.startsWith(only!.text)) return stateText(only!);
  const shown = reads.slice(0, MAX_READS).map((read) => `${read.text} ${stateText(read)}`);
  if (reads.length > MAX_READS) shown.push(`… ${counted(reads.length - MAX_READS, 'more value')}`);
  return shown.join(', ');
}

function stateText(read: Read): string {
  switch (read.state) {
    case 'absent':
      return 'is absent';
    case 'null':
      return 'is null';
    case 'other':
      return `is ${valueText(read)}, which is not read as ${read.expected}`;
    case 'value':
      return `is ${valueText(read)}`;
  }
}

function valueText({ type, value, size }: Read): string {
  if (type === 'list') return `a list of ${counted(size ?? 0, 'item')}`;
  if (type === 'object') return `an object with ${counted(size ?? 0, 'member')}`;
  const text = jsonText(value);
  return text.length <= MAX_VALUE ? text : `${text.slice(0, MAX_VALUE)}…`;
}

export function lookText({ kind, over, checked, holding }: Look): string {
  if (checked === null) return `${over.text} ${stateText(over)}`;
  const items = counted(checked, 'item');
  if (checked === 0) return `${over.text} has no items`;
  if (kind === 'count') return `it holds for ${holding} of ${items}`;
  return holding === 0 ? `it holds for none of ${items}` : `it holds for ${holding} of ${items}`;
}
