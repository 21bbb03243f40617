// Whatever becomes of a policy by moving its tokens: the checker answers, and what it accepts compiles.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Item } from '../../src/ast.ts';
import { lowerWithInvariants } from '../../src/compiler/lower.ts';
import { hasErrors } from '../../src/diagnostic/diagnostic.ts';
import { parsePolicy } from '../../src/parser/parse.ts';
import { checkPolicy, compilePolicy, type Host } from '../../src/policy.ts';
import { hostOf, readCases } from './case-file.ts';

const ROOT = join(import.meta.dirname, '../..');
const TOKEN =
  /"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|[A-Za-z_]\w*|\d+(?:\.\d+)?[a-z]*|==|!=|<=|>=|->|\?\?|\.\.|\s+|[\s\S]/g;

interface Subject {
  readonly name: string;
  readonly tokens: readonly string[];
  readonly host: (source: string) => Host;
}

function find(folder: string, suffix: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith(suffix)).map((name) => join(folder, name));
}

const shipped: Subject[] = find(join(ROOT, 'policies'), '.policy').map((path) => ({
  name: relative(ROOT, path),
  tokens: readFileSync(path, 'utf8').match(TOKEN) ?? [],
  host: (source) => besides(dirname(path), source),
}));

// Of the cases what is right in them, one by one: their words meet in many more ways.
const cases: Subject[] = find(join(import.meta.dirname, 'cases'), '.policy-cases').flatMap((file) =>
  readCases(basename(file)).map(({ title, source }) => ({
    name: title,
    tokens: unmarked(source).match(TOKEN) ?? [],
    host: hostOf,
  })),
);

function unmarked(source: string): string {
  return source.replace(/^.*\/\/~.*\n/gm, '');
}

function besides(folder: string, source: string): Host {
  return {
    readFile(path) {
      if (path === 'case.policy') return { ok: true, bytes: new TextEncoder().encode(source) };
      try {
        return { ok: true, bytes: readFileSync(join(folder, path)) };
      } catch (error) {
        return { ok: false, reason: String(error) };
      }
    },
  };
}

type Mutation = readonly ['delete' | 'double' | 'swap' | 'replace', number, number];

const mutation: fc.Arbitrary<Mutation> = fc.tuple(
  fc.constantFrom(
    'delete' as const,
    'double' as const,
    'swap' as const,
    'replace' as const,
    'replace' as const,
  ),
  fc.nat(1_000_000),
  fc.nat(1_000_000),
);

/** Applies mutations to the tokens that are not white space; a replacement is another token of the same sort. */
function mutate(tokens: readonly string[], mutations: readonly Mutation[]): string {
  const result = [...tokens];
  for (const [kind, a, b] of mutations) {
    const places = result.flatMap((token, i) => (/^\s*$|^\/\//.test(token) ? [] : [i]));
    const at = places[a % places.length];
    if (at === undefined) return '';
    const alike = places.filter((i) => sortOf(result[i]!) === sortOf(result[at]!));
    const other = kind === 'swap' ? places[b % places.length]! : alike[b % alike.length]!;
    if (kind === 'delete') result[at] = '';
    else if (kind === 'double') result[at] = `${result[at]} ${result[at]}`;
    else if (kind === 'replace') result[at] = result[other]!;
    else [result[at], result[other]] = [result[other]!, result[at]!];
  }
  return result.join('');
}

function sortOf(token: string): string {
  if (/^[A-Za-z_]/.test(token)) return 'word';
  if (/^[\d"]/.test(token)) return 'constant';
  return 'sign';
}

function answers(source: string, host: Host): void {
  const { diagnostics, typed } = checkPolicy('case.policy', host);
  expect(typed === null, source).toBe(hasErrors(diagnostics));
  for (const { place } of diagnostics) {
    if (place.span === null) continue;
    expect(place.span.end).toBeLessThanOrEqual(source.length);
  }
  if (typed === null) return;
  // Nothing that was written is lost on the way.
  const tree = parsePolicy(source, 'case.policy').tree;
  expect(typed.rules.length, source).toBe(countRules(tree?.items ?? []));
  const invariants = (tree?.items ?? []).filter(({ kind }) => kind === 'invariant');
  expect(typed.invariants.length, source).toBe(invariants.length);
  expect(lowerWithInvariants(typed).invariants.length, source).toBe(invariants.length);
  const result = compilePolicy('case.policy', host);
  expect(result.ok || hasErrors(result.diagnostics), source).toBe(true);
}

function countRules(items: readonly Item[]): number {
  let count = 0;
  for (const item of items) {
    if (item.kind === 'rule') count += 1;
    else if (item.kind === 'table') count += item.rows.length;
    else if (item.kind === 'group') count += countRules(item.items);
  }
  return count;
}

function survives(subjects: readonly Subject[], runs: number): void {
  fc.assert(
    fc.property(
      fc.constantFrom(...subjects),
      fc.array(mutation, { minLength: 1, maxLength: 3 }),
      ({ tokens, host }, mutations) => {
        const source = mutate(tokens, mutations);
        answers(source, host(source));
      },
    ),
    { numRuns: runs },
  );
}

describe('a mutated policy', () => {
  it.each(shipped.map((subject) => [subject.name, subject] as const))('%s', (_, subject) => {
    answers(subject.tokens.join(''), subject.host(subject.tokens.join('')));
    survives([subject], 40);
  });

  it('of the cases', () => survives(cases, 1500));
});
