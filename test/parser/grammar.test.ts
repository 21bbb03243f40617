// grammar/policy.ebnf is the syntax that people read. It must say what the parser does, in both directions.

import { readFileSync } from 'node:fs';
import type { ISerializedGast, TokenType } from 'chevrotain';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PolicyParser } from '../../src/parser/grammar.ts';
import { parsePolicy } from '../../src/parser/parse.ts';
import { Report } from '../../src/parser/report.ts';
import { scan } from '../../src/parser/scanner.ts';
import { isReserved, type SourceToken, VOCABULARY } from '../../src/parser/tokens.ts';
import { derives, Generator, isSyntaxRule, mentions, normal, readEbnf } from './ebnf.ts';

const ebnf = readEbnf(readFileSync(new URL('../../grammar/policy.ebnf', import.meta.url), 'utf8'));
const productions = new PolicyParser().getSerializedGastProductions();

/** The levels of operators are one run in the parser; the sentences below hold these rules together. */
const LEVELS = ['expr', 'and', 'not', 'rel', 'add', 'mul', 'coal'];
const RUNS = ['expr', 'add', 'operand', 'wordTest'];

/** How the EBNF writes a token type of the parser. */
function written(name: string, label: string | undefined): string {
  return label?.startsWith('`') === true ? `"${label.slice(1, -1)}"` : name;
}

function structure(production: ISerializedGast): string {
  const node = production as ISerializedGast & {
    definition?: ISerializedGast[];
    name?: string;
    label?: string;
  };
  const inner = (): string => (node.definition ?? []).map(structure).join(' ');
  switch (node.type) {
    case 'Terminal':
      return written(node.name as string, node.label);
    case 'NonTerminal':
      return node.name as string;
    case 'Alternation':
      return `( ${(node.definition ?? []).map(structure).join(' | ')} )`;
    case 'Option':
      return `[ ${inner()} ]`;
    case 'Repetition':
      return `{ ${inner()} }`;
    default:
      return inner();
  }
}

describe('the EBNF and the parser', () => {
  const names = productions.map((rule) => (rule as unknown as { name: string }).name);

  test('have the same rules', () => {
    const fromEbnf = [...ebnf.keys()].filter((name) => isSyntaxRule(name) && !LEVELS.includes(name));
    expect(fromEbnf.sort()).toEqual(names.filter((name) => !RUNS.includes(name)).sort());
  });

  test.each(names.filter((name) => !RUNS.includes(name)))('give %s the same structure', (name) => {
    const rule = productions[names.indexOf(name)] as ISerializedGast;
    // Parentheses around a whole rule or an alternative mean nothing.
    const plain = (text: string): string => text.replace(/^\( (.*) \)$/, '$1');
    expect(plain(structure(rule))).toBe(plain(normal(ebnf.get(name) ?? { kind: 'special' })));
  });

  test('have the same tokens', () => {
    const mentioned = new Set([...ebnf.values()].flatMap(mentions));
    const categories = ['InfixOp', 'ArithmeticOp', 'WordOp'];
    const types = VOCABULARY.filter((type) => !categories.includes(type.name));
    for (const type of types) expect(mentioned).toContain(written(type.name, type.LABEL));
    const known = new Set(types.map((type) => written(type.name, type.LABEL)));
    for (const name of mentioned)
      if (!isSyntaxRule(name) && name !== 'Reserved') expect(known).toContain(name);
  });

  test('have the same reserved words', () => {
    const reserved = VOCABULARY.filter(isReserved).map((type) => written(type.name, type.LABEL));
    expect(mentions(ebnf.get('Reserved') ?? { kind: 'special' }).sort()).toEqual(reserved.sort());
  });
});

const SAMPLES: { readonly [token: string]: readonly string[] } = {
  Id: ['a', 'b', 'amount', 'allow', 'decimal', 'list', 'glob', 'most_restrictive', 'x1'],
  Name: ['a', 'group', 'when', 'not', 'first', 'path', 'request'],
  Num: ['0', '7', '0.50', '1200.00'],
  Int: ['0', '12'],
  Dur: ['1h30m', '250ms', '2d'],
  Str: ['"s"', '"a\\*b\\u{1F600}"', '""'],
  Regex: ['/a+/', '/x\\/y/is'],
  Json: ['{ "a": [1, null, { "when": "x" }] }', '{}'],
};

function random(seed: number): (n: number) => number {
  let state = seed >>> 0;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

function sentence(seed: number, budget: number): { words: string[]; reached: Set<string> } {
  const next = random(seed);
  const pick = <T>(list: readonly T[]): T => list[next(list.length)] as T;
  const generator = new Generator(ebnf, (name) => pick(SAMPLES[name] ?? []), next);
  return { words: generator.sentence('file', budget), reached: generator.reached };
}

function accepted(text: string): boolean {
  return parsePolicy(text, 'p').diagnostics.length === 0;
}

function inEbnf(tokens: readonly SourceToken[]): boolean {
  const kinds = (type: TokenType): string[] => [type.name, ...(type.CATEGORIES ?? []).flatMap(kinds)];
  return derives(ebnf, 'file', tokens, (terminal, token) => {
    if (terminal.kind === 'name') return kinds(token.tokenType).includes(terminal.text);
    return written(token.tokenType.name, token.tokenType.LABEL) === `"${terminal.text}"`;
  });
}

describe('sentences', () => {
  test('of the EBNF are accepted, whatever rule they use', () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 4, max: 22 }), (seed, budget) => {
        const made = sentence(seed, budget);
        for (const rule of made.reached) reached.add(rule);
        // A guard cannot end with a bare `request`: its `{` would begin a JSON object.
        fc.pre(!/(?<!\. )request \{ (?!")/.test(made.words.join(' ')));
        const result = parsePolicy(made.words.join(' '), 'p');
        expect(result.diagnostics, made.words.join(' ')).toEqual([]);
      }),
      { seed: 1, numRuns: 3000 },
    );
    expect(
      [...ebnf.keys()].filter((name) => isSyntaxRule(name) && name !== 'file' && !reached.has(name)),
    ).toEqual([]);
  });

  test('that were damaged are accepted exactly when the EBNF derives them', () => {
    let both = 0;
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 8, max: 18 }), (seed, budget) => {
        const { words } = sentence(seed, budget);
        const next = random(seed ^ 0x5bd1e995);
        const at = next(words.length);
        const other = next(words.length);
        const word = words[other] as string;
        if (next(3) === 0) words.splice(at, 1);
        else if (next(2) === 0) words.splice(at, 0, word);
        else [words[at], words[other]] = [word, words[at] as string];
        const text = words.slice(0, 120).join(' ');
        const result = parsePolicy(text, 'p');
        expect(result.tree !== null || result.diagnostics.length > 0).toBe(true);
        const report = new Report('p');
        const { tokens } = scan(text, report);
        if (report.diagnostics.length > 0) return;
        expect(accepted(text), text).toBe(inEbnf(tokens));
        if (accepted(text)) both++;
      }),
      { seed: 2, numRuns: 3000 },
    );
    expect(both).toBeGreaterThan(50);
  });
});
