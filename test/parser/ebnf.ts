// A reader of grammar/policy.ebnf, a generator of sentences and a recogniser. The recogniser knows the EBNF only,
// nothing of the parser, so that the two can be compared.

export type Node =
  | { readonly kind: 'literal' | 'name'; readonly text: string }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly Node[] }
  | { readonly kind: 'optional' | 'repeated'; readonly part: Node }
  | { readonly kind: 'special' };

export type Ebnf = ReadonlyMap<string, Node>;

export function readEbnf(text: string): Ebnf {
  const words =
    text.replace(/\(\*.*?\*\)/gs, ' ').match(/"[^"]+"|\?(?:[^?]|\?(?!\s*;))*\?|\w+|[[\](){}|=;]/g) ?? [];
  let at = 0;
  const expect = (word: string): void => {
    if (words[at] !== word)
      throw new Error(`EBNF: expected ${word}, found ${words[at]} after ${words[at - 1]}`);
    at++;
  };
  const choice = (): Node => {
    const parts = [sequence()];
    while (words[at] === '|') {
      at++;
      parts.push(sequence());
    }
    return parts.length === 1 ? (parts[0] as Node) : { kind: 'choice', parts };
  };
  const sequence = (): Node => {
    const parts: Node[] = [];
    while (at < words.length && !['|', ')', ']', '}', ';'].includes(words[at] as string)) parts.push(part());
    return parts.length === 1 ? (parts[0] as Node) : { kind: 'sequence', parts };
  };
  const enclosed = (close: string): Node => {
    const inner = choice();
    expect(close);
    return inner;
  };
  const part = (): Node => {
    const word = words[at++] as string;
    if (word === '(') return enclosed(')');
    if (word === '[') return { kind: 'optional', part: enclosed(']') };
    if (word === '{') return { kind: 'repeated', part: enclosed('}') };
    if (word.startsWith('"')) return { kind: 'literal', text: word.slice(1, -1) };
    if (word.startsWith('?')) return { kind: 'special' };
    return { kind: 'name', text: word };
  };
  const rules = new Map<string, Node>();
  while (at < words.length) {
    const name = words[at++] as string;
    expect('=');
    if (rules.has(name)) throw new Error(`EBNF: ${name} stands twice`);
    rules.set(name, choice());
    expect(';');
  }
  return rules;
}

/** Rules with a small letter; the others are tokens. */
export function isSyntaxRule(name: string): boolean {
  return /^[a-z]/.test(name);
}

/** The names and literals that a rule mentions. */
export function mentions(node: Node): string[] {
  switch (node.kind) {
    case 'literal':
      return [`"${node.text}"`];
    case 'name':
      return [node.text];
    case 'sequence':
    case 'choice':
      return node.parts.flatMap(mentions);
    case 'optional':
    case 'repeated':
      return mentions(node.part);
    case 'special':
      return [];
  }
}

/** One line that shows the structure of a rule; equal for equal structure. */
export function normal(node: Node): string {
  switch (node.kind) {
    case 'literal':
      return `"${node.text}"`;
    case 'name':
      return node.text;
    case 'sequence':
      return node.parts.map(normal).join(' ');
    case 'choice':
      return `( ${node.parts.map(normal).join(' | ')} )`;
    case 'optional':
      return `[ ${normal(node.part)} ]`;
    case 'repeated':
      return `{ ${normal(node.part)} }`;
    case 'special':
      return '?';
  }
}

/** Fewest rule steps to a finished sentence, for each rule. */
function heights(rules: Ebnf): Map<string, number> {
  const known = new Map<string, number>();
  for (let changed = true; changed; ) {
    changed = false;
    for (const [name, node] of rules) {
      const height = heightOf(node, known) + 1;
      if (height < (known.get(name) ?? Infinity)) {
        known.set(name, height);
        changed = true;
      }
    }
  }
  return known;
}

function heightOf(node: Node, known: ReadonlyMap<string, number>): number {
  if (node.kind === 'name') return isSyntaxRule(node.text) ? (known.get(node.text) ?? Infinity) : 0;
  if (node.kind === 'sequence') return Math.max(0, ...node.parts.map((part) => heightOf(part, known)));
  if (node.kind === 'choice') return Math.min(...node.parts.map((part) => heightOf(part, known)));
  return 0;
}

/** Makes sentences: lists of token texts. `token` gives a text for a token name. */
export class Generator {
  readonly reached = new Set<string>();
  private readonly heights: Map<string, number>;
  private readonly rules: Ebnf;
  private readonly token: (name: string) => string;
  /** A number from 0 up to, but not including, `n`. */
  private readonly random: (n: number) => number;
  constructor(rules: Ebnf, token: (name: string) => string, random: (n: number) => number) {
    this.rules = rules;
    this.token = token;
    this.random = random;
    this.heights = heights(rules);
  }

  sentence(rule: string, budget: number): string[] {
    const words: string[] = [];
    this.write({ kind: 'name', text: rule }, budget, words);
    return words;
  }

  private write(node: Node, budget: number, words: string[]): void {
    switch (node.kind) {
      case 'literal':
        words.push(node.text);
        return;
      case 'name':
        if (!isSyntaxRule(node.text)) words.push(this.token(node.text));
        else {
          this.reached.add(node.text);
          this.write(this.rules.get(node.text) as Node, budget - 1, words);
        }
        return;
      case 'sequence':
        for (const part of node.parts) this.write(part, budget, words);
        return;
      case 'choice': {
        const fits = node.parts.filter((part) => heightOf(part, this.heights) < budget);
        const least = Math.min(...node.parts.map((part) => heightOf(part, this.heights)));
        const open =
          fits.length > 0 ? fits : node.parts.filter((part) => heightOf(part, this.heights) === least);
        this.write(open[this.random(open.length)] as Node, budget, words);
        return;
      }
      case 'optional':
      case 'repeated': {
        if (heightOf(node.part, this.heights) >= budget) return;
        const times = node.kind === 'optional' ? this.random(2) : Math.max(0, this.random(4) - 1);
        for (let i = 0; i < times; i++) this.write(node.part, budget, words);
        return;
      }
      case 'special':
        throw new Error('a token has no sentence');
    }
  }
}

/** True when the rule derives exactly this list of tokens. `matches` judges a terminal. */
export function derives<T>(
  rules: Ebnf,
  rule: string,
  tokens: readonly T[],
  matches: (terminal: Node & { kind: 'literal' | 'name' }, token: T) => boolean,
): boolean {
  const memo = new Map<Node, Map<number, ReadonlySet<number>>>();
  const ends = (node: Node, at: number): ReadonlySet<number> => {
    const known = memo.get(node)?.get(at);
    if (known !== undefined) return known;
    const found = compute(node, at);
    if (!memo.has(node)) memo.set(node, new Map());
    memo.get(node)?.set(at, found);
    return found;
  };
  const step = (node: Node, starts: ReadonlySet<number>): Set<number> => {
    const found = new Set<number>();
    for (const start of starts) for (const end of ends(node, start)) found.add(end);
    return found;
  };
  const compute = (node: Node, at: number): ReadonlySet<number> => {
    switch (node.kind) {
      case 'name':
        if (isSyntaxRule(node.text)) return ends(rules.get(node.text) as Node, at);
        return new Set(at < tokens.length && matches(node, tokens[at] as T) ? [at + 1] : []);
      case 'literal':
        return new Set(at < tokens.length && matches(node, tokens[at] as T) ? [at + 1] : []);
      case 'sequence':
        return node.parts.reduce<ReadonlySet<number>>((starts, part) => step(part, starts), new Set([at]));
      case 'choice':
        return new Set(node.parts.flatMap((part) => [...ends(part, at)]));
      case 'optional':
        return new Set([at, ...ends(node.part, at)]);
      case 'repeated': {
        const all = new Set([at]);
        for (let last = new Set([at]); last.size > 0; ) {
          last = new Set([...step(node.part, last)].filter((end) => !all.has(end)));
          for (const end of last) all.add(end);
        }
        return all;
      }
      case 'special':
        return new Set();
    }
  };
  return ends({ kind: 'name', text: rule }, 0).has(tokens.length);
}
