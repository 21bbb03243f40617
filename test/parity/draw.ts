// Choices: a generator reads small numbers from a list that fast-check makes and shrinks. Zero is always the simplest choice, and a list
// that is used up gives zeros, so that shorter and smaller lists are simpler cases.

import fc from 'fast-check';

export class Draw {
  readonly #choices: readonly number[];
  #at = 0;

  constructor(choices: readonly number[]) {
    this.#choices = choices;
  }

  /** 0 to n - 1. */
  int(n: number): number {
    const choice = this.#choices[this.#at++] ?? 0;
    return choice % n;
  }

  /** True once in n times, and never when the choices are used up. */
  once(n: number): boolean {
    return this.int(n) === n - 1;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.int(items.length)]!;
  }

  /** One of several generators; earlier ones are simpler. A number repeats the generator behind it. */
  oneOf<T>(...options: readonly (readonly [number, () => T])[]): T {
    let at = this.int(options.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, make] of options) {
      if (at < weight) return make();
      at -= weight;
    }
    return options[0]![1]();
  }

  list<T>(min: number, max: number, make: (i: number) => T): T[] {
    const length = min + this.int(max - min + 1);
    return Array.from({ length }, (_, i) => make(i));
  }
}

export function choices(max: number): fc.Arbitrary<number[]> {
  return fc.array(fc.nat({ max: 999_983 }), { minLength: 0, maxLength: max, size: 'max' });
}

/** Text as a policy writes it. `\*` in the result is a literal star; other stars stay as they are. */
export function quoted(text: string, literalStars = false): string {
  let written = '';
  for (const character of text) {
    if (character === '"' || character === '\\') written += `\\${character}`;
    else if (character === '\n') written += '\\n';
    else if (character === '*' && literalStars) written += '\\*';
    else if (character < ' ' || character === '\u{7f}' || character === '\u{2028}')
      written += `\\u{${character.codePointAt(0)!.toString(16)}}`;
    else written += character;
  }
  return `"${written}"`;
}
