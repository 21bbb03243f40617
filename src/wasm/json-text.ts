// Data → JSON text, where both mean the same. Unlike JSON.stringify this calls no `toJSON`, and it gives up where the text would say
// something else than the data: what has no JSON, what a text may not hold although data may (lone surrogates, deep nesting).

import { MAX_DEPTH } from '../bytecode/limits.ts';

/** The text, or null when the data has none that is judged alike, or one of many more code units than `limit`. */
export function jsonText(value: unknown, limit: number): string | null {
  room = limit;
  try {
    return write(value, 1);
  } catch {
    return null;
  }
}

class NoText extends Error {}

/** Values that may still be written: each takes a code unit or more. Data that refers to itself twice would have no end of them. */
let room = 0;

function write(value: unknown, depth: number): string {
  if (--room < 0) throw new NoText();
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed()) throw new NoText();
      return JSON.stringify(value);
    case 'number':
      if (!Number.isFinite(value)) throw new NoText();
      return String(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      if (depth > MAX_DEPTH) throw new NoText();
      return Array.isArray(value) ? writeList(value, depth) : writeObject(value, depth);
    default:
      throw new NoText();
  }
}

function writeList(list: readonly unknown[], depth: number): string {
  let text = '[';
  for (let i = 0; i < list.length; i++) text += (i === 0 ? '' : ',') + write(list[i], depth + 1);
  return `${text}]`;
}

function writeObject(object: object, depth: number): string {
  let text = '{';
  for (const key of Object.keys(object)) {
    const value = (object as { readonly [key: string]: unknown })[key];
    // A member that is undefined is absent.
    if (value === undefined) continue;
    if (!key.isWellFormed()) throw new NoText();
    text += `${text.length === 1 ? '' : ','}${JSON.stringify(key)}:${write(value, depth + 1)}`;
  }
  return `${text}}`;
}
