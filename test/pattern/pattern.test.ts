import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_PATTERN_BYTES } from '../../src/bytecode/limits.ts';
import { type PatternKind, parsePattern, patternPieces, patternSegments } from '../../src/ir/pattern.ts';
import { normalizePath } from '../../src/value/path.ts';

/** `\*` in `text` stands for a literal star, as in a source string. */
function parse(kind: PatternKind, text: string): string {
  const stars: number[] = [];
  const value = text.replaceAll(/\\\*/g, (_, at: number) => {
    stars.push(at - stars.length);
    return '*';
  });
  const parsed = parsePattern(kind, value, stars);
  return parsed.ok ? parsed.canonical : `error: ${parsed.problem}`;
}

describe('canonical writing', () => {
  test.each<[PatternKind, string, string]>([
    ['glob', 'a**b***', 'a*b*'],
    ['glob', 'a\\*b', 'a\\*b'],
    ['glob', 'a\\**', 'a\\**'],
    ['glob', 'C:\\x', 'C:\\\\x'],
    ['glob', 'a//b/../c', 'a//b/../c'],
    ['dotted', 'a.**.b', 'a.**.b'],
    ['dotted', 'a.***', 'a.**'],
    ['dotted', 'a.**.**.b', 'a.**.b'],
    ['dotted', 'a.*x*', 'a.*x*'],
    ['dotted', 'a.\\*\\*', 'a.\\*\\*'],
    ['path', '/etc/**', '/etc/**'],
    ['path', '//etc/./x/../**/', '/etc/**'],
    ['path', '/../a', '/a'],
    ['path', './a', 'a'],
    ['path', '../../a', '../../a'],
    ['path', 'a/../../b', '../b'],
    ['path', '**/./**', '**'],
    ['path', '/', '/'],
    ['path', '/..', '/'],
    ['path', './', '.'],
    ['path', 'a/..', '.'],
    ['path', '\\*/..', '.'],
    ['path', './**', '**'],
  ])('%s %s', (kind, text, expected) => {
    expect(parse(kind, text)).toBe(expected);
  });
});

describe('errors', () => {
  test.each<[PatternKind, string, string]>([
    ['glob', '', 'is empty'],
    ['dotted', '', 'is empty'],
    ['path', '', 'is empty'],
    ['glob', 'a\0', 'contains NUL'],
    ['dotted', 'a..b', 'has an empty segment, so it can match nothing'],
    ['dotted', '.a', 'has an empty segment, so it can match nothing'],
    ['dotted', 'a.', 'has an empty segment, so it can match nothing'],
    [
      'dotted',
      'x.a**b',
      'has "**" beside other characters in the segment "a**b": it stands for whole segments',
    ],
    [
      'path',
      'x/**.ts',
      'has "**" beside other characters in the segment "**.ts": it stands for whole segments',
    ],
    [
      'path',
      'x/***\\*',
      'has "**" beside other characters in the segment "***\\*": it stands for whole segments',
    ],
    ['path', '**/..', 'has ".." after the wildcard segment "**", which cannot be normalised'],
    ['path', '/a*/../b', 'has ".." after the wildcard segment "a*", which cannot be normalised'],
  ])('%s %j', (kind, text, problem) => {
    expect(parse(kind, text)).toBe(`error: ${problem}`);
  });

  test('MAX_PATTERN_BYTES counts UTF-8 bytes, inclusive', () => {
    const longest = 'é'.repeat(MAX_PATTERN_BYTES / 2);
    expect(parse('glob', longest)).toBe(longest);
    expect(parse('glob', `${longest}a`)).toBe(`error: is longer than ${MAX_PATTERN_BYTES} bytes`);
  });
});

describe('reading canonical patterns', () => {
  test('pieces', () => {
    expect(patternPieces('a*\\*\\\\*')).toEqual(['a', null, '*\\', null]);
  });
  test('segments', () => {
    expect(patternSegments('dotted', 'a.**.*b')).toEqual({
      absolute: false,
      segments: [['a'], '**', [null, 'b']],
    });
    expect(patternSegments('path', '/**')).toEqual({ absolute: true, segments: ['**'] });
    expect(patternSegments('path', '/')).toEqual({ absolute: true, segments: [] });
    expect(patternSegments('path', '.')).toEqual({ absolute: false, segments: [] });
    expect(patternSegments('path', '\\*\\*')).toEqual({ absolute: false, segments: [['**']] });
  });

  test('canonical text is a fixed point: written back as source it gives itself', () => {
    const kinds = fc.constantFrom<PatternKind>('glob', 'dotted', 'path');
    const text = fc.array(fc.constantFrom('a', '.', '/', '*', '**', '..', '\\', '😀')).map((p) => p.join(''));
    fc.assert(
      fc.property(kinds, text, fc.nat(), (kind, source, star) => {
        const first = parsePattern(kind, source, [star]);
        if (!first.ok) return;
        const stars: number[] = [];
        let plain = '';
        for (let i = 0; i < first.canonical.length; i++) {
          if (first.canonical[i] === '\\') {
            i++;
            if (first.canonical[i] === '*') stars.push(plain.length);
          }
          plain += first.canonical[i];
        }
        expect(parsePattern(kind, plain, stars)).toEqual(first);
      }),
    );
  });
});

describe('normalizePath', () => {
  test.each([
    ['/a/b', '/a/b'],
    ['//a///b/', '/a/b'],
    ['/a/./b/.', '/a/b'],
    ['/a/../b', '/b'],
    ['/../../a', '/a'],
    ['/..', '/'],
    ['/', '/'],
    ['a/../..', '..'],
    ['../../a/..', '../..'],
    ['..', '..'],
    ['.', '.'],
    ['./', '.'],
    ['a/..', '.'],
    ['...', '...'],
    ['a\\..\\b', 'a\\..\\b'],
    ['.env', '.env'],
    ['é/😀', 'é/😀'],
    ['a b', 'a b'],
    ['', null],
    ['a\0b', null],
    ['\0', null],
  ])('%j → %j', (text, expected) => {
    expect(normalizePath(text)).toBe(expected);
  });

  test('is idempotent and keeps absolute and relative apart', () => {
    const path = fc
      .array(fc.constantFrom('a', '.', '..', '/', '//', 'b/', '\\'), { minLength: 1 })
      .map((p) => p.join(''));
    fc.assert(
      fc.property(path, (text) => {
        const normal = normalizePath(text)!;
        expect(normalizePath(normal)).toBe(normal);
        expect(normal.startsWith('/')).toBe(text.startsWith('/'));
      }),
    );
  });
});
