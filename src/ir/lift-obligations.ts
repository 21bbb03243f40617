// The entry of a rule in `obligations`, `{"rule":…,"values":{…}}` with holes, taken apart into one template per obligation.

import type { Hole, Template } from './ir.ts';

/** The obligations in the order of their names, which is that of the JSON. */
export function readObligations(entry: Template): { name: string; value: Template }[] {
  const reader = new EntryReader(entry);
  return reader.read();
}

class EntryReader {
  readonly #parts: readonly (string | Hole)[];
  readonly #found: { name: string; value: (string | Hole)[] }[] = [];
  #depth = 0;
  #quoted = false;
  /** Text of a key that is being read; null behind its colon. */
  #key: string | null = '';

  constructor(parts: Template) {
    this.#parts = parts;
  }

  read(): { name: string; value: Template }[] {
    for (const part of this.#parts) {
      if (typeof part === 'string') for (let i = 0; i < part.length; ) i += this.#step(part, i);
      else this.#append(part);
    }
    return this.#found;
  }

  // The values stand at depth 2; what is outside them belongs to no obligation. Returns how many characters were read.
  #step(text: string, at: number): number {
    const ch = text[at]!;
    if (this.#quoted) {
      if (ch === '\\') return this.#take(text.slice(at, at + 2));
      if (ch === '"') this.#quoted = false;
      return this.#take(ch);
    }
    if (ch === '"') this.#quoted = true;
    else if (ch === '{' || ch === '[') {
      this.#depth += 1;
      if (this.#depth === 2 && ch === '{') {
        this.#key = '';
        return 1;
      }
    } else if (ch === '}' || ch === ']') {
      this.#depth -= 1;
      if (this.#depth < 2) return 1;
    } else if (this.#depth === 2 && ch === ':' && this.#key !== null) {
      this.#found.push({ name: JSON.parse(this.#key) as string, value: [] });
      this.#key = null;
      return 1;
    } else if (this.#depth === 2 && ch === ',') {
      this.#key = '';
      return 1;
    }
    return this.#take(ch);
  }

  #take(text: string): number {
    if (this.#depth >= 2) {
      if (this.#key !== null) this.#key += text;
      else this.#append(text);
    }
    return text.length;
  }

  #append(part: string | Hole): void {
    const value = this.#found.at(-1)?.value;
    if (value === undefined) return;
    const last = value.at(-1);
    if (typeof part === 'string' && typeof last === 'string') value[value.length - 1] = last + part;
    else value.push(part);
  }
}
