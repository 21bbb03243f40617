// Running a language: a few texts are searched with the engine's own string functions, anything else with the automaton. Only the
// automaton says what a language of kind `contains` is: its texts are searched where that is proved to be the same.

import { type Automaton, type Bundle, DEAD, type Language } from '../bytecode/bundle.ts';
import type { LangKind } from '../bytecode/opcodes.ts';
import { containsText } from '../value/text.ts';
import { isSearchFor } from './searched.ts';

/** Texts up to which looking for each beats one run of the automaton. */
const MAX_SEARCHED_TEXTS = 8;

export class Matcher {
  readonly kind: LangKind;
  readonly texts: readonly string[];
  readonly #automaton: Automaton | null;
  /** The texts by length, for sets of beginnings or endings too large to compare one by one. */
  readonly #byLength: ReadonlyMap<number, ReadonlySet<string>> | null;

  constructor(language: Language, bundle: Bundle) {
    const set = bundle.sets[language.set];
    const isPlain = language.kind === 'contains' || language.kind === 'prefix' || language.kind === 'suffix';
    this.kind = language.kind;
    const { automaton } = language;
    const texts = isPlain && set?.of === 'string' ? set.items : [];
    const isSmall = isPlain && texts.length <= MAX_SEARCHED_TEXTS;
    const isSearched = isSmall && (automaton === null || isSearchFor(automaton, texts));
    this.#automaton = isSearched ? null : automaton;
    this.texts = this.#automaton === null ? texts : [];
    this.#byLength = isSmall || this.#automaton !== null ? null : groupByLength(texts);
  }

  /** Whether the whole text is in the language. */
  matches(text: string): boolean {
    if (this.#automaton !== null) return accepts(this.#automaton, text);
    if (this.#byLength !== null) return this.#matchesAnyLength(text, this.#byLength);
    const texts = this.texts;
    for (let i = 0; i < texts.length; i++) {
      if (matchesOne(this.kind, text, texts[i]!)) return true;
    }
    return false;
  }

  #matchesAnyLength(text: string, groups: ReadonlyMap<number, ReadonlySet<string>>): boolean {
    for (const [length, texts] of groups) {
      if (length > text.length) continue;
      if (texts.has(this.kind === 'prefix' ? text.slice(0, length) : text.slice(text.length - length)))
        return true;
    }
    return false;
  }
}

function matchesOne(kind: LangKind, text: string, part: string): boolean {
  switch (kind) {
    case 'contains':
      return containsText(text, part);
    case 'prefix':
      return text.startsWith(part);
    case 'suffix':
      return text.endsWith(part);
    default:
      return false;
  }
}

function groupByLength(texts: readonly string[]): Map<number, Set<string>> {
  const groups = new Map<number, Set<string>>();
  for (const text of texts) {
    const group = groups.get(text.length);
    if (group === undefined) groups.set(text.length, new Set([text]));
    else group.add(text);
  }
  return groups;
}

/** Runs an automaton over the UTF-8 bytes of a well-formed text, without making them. */
function accepts(automaton: Automaton, text: string): boolean {
  const { classes, classOf, next, accept } = automaton;
  let state = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) state = next[state * classes + classOf[unit]!]!;
    else {
      const point = text.codePointAt(i)!;
      if (point > 0xffff) i++;
      state = runPoint(automaton, state, point);
    }
    if (state === DEAD) return false;
  }
  return accept[state] === 1;
}

/** Over the two to four bytes of a code point above ASCII. */
function runPoint(automaton: Automaton, from: number, point: number): number {
  const { classes, classOf, next } = automaton;
  const tail = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
  const lead = point < 0x800 ? 0xc0 : point < 0x10000 ? 0xe0 : 0xf0;
  let state = next[from * classes + classOf[lead | (point >> (6 * tail))]!]!;
  for (let k = tail - 1; k >= 0 && state !== DEAD; k--) {
    state = next[state * classes + classOf[0x80 | ((point >> (6 * k)) & 0x3f)]!]!;
  }
  return state;
}
