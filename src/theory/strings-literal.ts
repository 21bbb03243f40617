// Conditions on a string as literals over machines, each built once.

import { buildAutomaton } from '../compiler/automaton.ts';
import type { Lang } from '../ir/ir.ts';
import { asciiLower, asciiUpper } from '../value/text.ts';
import {
  completed,
  lengthMachine,
  type Machine,
  NORMAL_PATH,
  type Table,
  tableMachine,
  trieMachine,
  trieOf,
} from './strings-machine.ts';

/** How the value is read before it is tested. */
export type Reading = 'same' | 'lower' | 'upper';

export type StringTest =
  /** A `path` language tests the value as it is, not its normal form. */
  | { readonly kind: 'lang'; readonly lang: Lang }
  | { readonly kind: 'texts'; readonly texts: readonly string[] }
  /** The texts that are their own normal form as paths. */
  | { readonly kind: 'normalPath' }
  /** Inclusive bounds in code points; `max` may be Infinity. */
  | { readonly kind: 'length'; readonly min: number; readonly max: number };

export interface StringCondition {
  readonly test: StringTest;
  readonly reading: Reading;
  readonly holds: boolean;
}

export interface Literal {
  /** Even: the test holds; the odd successor: it does not. Equal conditions have equal ids. */
  readonly id: number;
  /** Null when the automaton would be too large; then `problem` says which. */
  readonly machine: Machine | null;
  readonly problem: string;
  readonly condition: StringCondition;
}

/** The literals of conditions. */
export class Literals {
  private readonly byKey = new Map<string, LiteralPair>();
  /** The same by the identity of the language or list, per reading: long lists of texts are spelt out once. */
  private readonly byObject = new WeakMap<object, Partial<Record<Reading, LiteralPair>>>();

  of(condition: StringCondition): Literal {
    return this.pairOf(condition).of(condition.holds);
  }

  private pairOf({ test, reading }: StringCondition): LiteralPair {
    // Case changes neither lengths nor the normal form of paths.
    if (test.kind === 'length') return this.byText(`${test.min} ${test.max}`, test, 'same');
    if (test.kind === 'normalPath') return this.byText('', test, 'same');
    const object = test.kind === 'lang' ? test.lang : test.texts;
    let pairs = this.byObject.get(object);
    if (pairs === undefined) {
      pairs = {};
      this.byObject.set(object, pairs);
    }
    pairs[reading] ??= this.byText(`${reading} ${JSON.stringify(object)}`, test, reading);
    return pairs[reading];
  }

  private byText(text: string, test: StringTest, reading: Reading): LiteralPair {
    const key = `${test.kind} ${text}`;
    let pair = this.byKey.get(key);
    if (pair === undefined) {
      pair = new LiteralPair(2 * this.byKey.size, test, reading);
      this.byKey.set(key, pair);
    }
    return pair;
  }
}

type Source = { readonly of: (holds: boolean) => Machine } | { readonly problem: string };

/** A test and its negation. */
class LiteralPair {
  private readonly id: number;
  private readonly test: StringTest;
  private readonly reading: Reading;
  private source: Source | null = null;
  private readonly built: [Literal | null, Literal | null] = [null, null];

  constructor(id: number, test: StringTest, reading: Reading) {
    this.id = id;
    this.test = test;
    this.reading = reading;
  }

  of(holds: boolean): Literal {
    const side = holds ? 0 : 1;
    this.built[side] ??= this.build(this.id + side, holds);
    return this.built[side];
  }

  private build(id: number, holds: boolean): Literal {
    this.source ??= sourceOf(this.test, this.reading);
    const condition = { test: this.test, reading: this.reading, holds };
    if ('problem' in this.source) return { id, machine: null, problem: this.source.problem, condition };
    return { id, machine: this.source.of(holds), problem: '', condition };
  }
}

function sourceOf(test: StringTest, reading: Reading): Source {
  const bytes = READ[reading].bytes;
  if (test.kind === 'length') return { of: (holds) => lengthMachine(test.min, test.max, holds) };
  if (test.kind === 'normalPath') return fromTable(NORMAL_PATH, bytes);
  if (test.kind === 'texts') {
    // A text that the reading would change is never read.
    const trie = trieOf(test.texts.filter((text) => READ[reading].text(text) === text));
    return { of: (holds) => trieMachine(trie, bytes, holds) };
  }
  const { kind, texts } = test.lang;
  const built = buildAutomaton(kind, texts);
  if (built.ok) return fromTable(completed(built.automaton), bytes);
  const more = texts.length > 1 ? ` and ${texts.length - 1} more` : '';
  return { problem: `the automaton of the ${kind} language ${JSON.stringify(texts[0])}${more} is too large` };
}

function fromTable(table: Table, bytes: Uint8Array): Source {
  return { of: (holds) => tableMachine(table, bytes, holds) };
}

/** A reading of texts, and of their bytes: only ASCII letters change, and they are bytes of their own. */
const READ: Record<Reading, { readonly text: (text: string) => string; readonly bytes: Uint8Array }> = {
  same: readingOf((text) => text),
  lower: readingOf(asciiLower),
  upper: readingOf(asciiUpper),
};

function readingOf(text: (text: string) => string): { text: (text: string) => string; bytes: Uint8Array } {
  const byteOf = (_: unknown, byte: number): number =>
    byte < 0x80 ? text(String.fromCharCode(byte)).charCodeAt(0) : byte;
  return { text, bytes: Uint8Array.from({ length: 256 }, byteOf) };
}
