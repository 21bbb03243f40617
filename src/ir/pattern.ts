// Patterns: from a source string to the canonical writing that the IR holds, and back to segments for the automaton builder.
//
// Canonical writing: `*` and `**` are wildcards, `\*` is a literal star, `\\` a backslash, everything else is itself. Equal canonical
// texts are one pattern for hash-consing, so redundant wildcards are collapsed and path patterns are normalised as their subjects are:
//   glob    runs of wildcards become one `*`
//   dotted  a segment of two or more wildcards becomes `**`, adjacent `**` segments become one
//   path    as dotted, over the normal form of value/path.ts; `.` is the pattern of the current directory, `/` that of the root
// An empty pattern is an error in every kind: an empty glob would only equal "", the others would match nothing.
// Leaf module: it imports only the limits.

import { MAX_PATTERN_BYTES } from '../bytecode/limits.ts';

export type PatternKind = 'glob' | 'dotted' | 'path';

export type ParsedPattern =
  | { readonly ok: true; readonly canonical: string }
  | { readonly ok: false; readonly problem: string };

/** A wildcard is null, any other token is one code unit of literal text. */
type Token = string | null;

/** A piece of a segment: literal text, or null for a wildcard that stands for any run without the separator. */
export type Piece = string | null;

/** A segment of a canonical pattern: `**`, or its pieces (never empty, no two wildcards side by side). */
export type PatternSegment = '**' | readonly Piece[];

export interface SegmentedPattern {
  /** A path pattern that begins with `/`; false for `dotted`. */
  readonly absolute: boolean;
  /** Empty for the root and for the current directory. */
  readonly segments: readonly PatternSegment[];
}

/**
 * Reads a pattern from a source string. `stars` are the code-unit offsets of its literal stars; every other `*` is a wildcard.
 * The problem completes the sentence "the pattern …".
 */
export function parsePattern(kind: PatternKind, text: string, stars: readonly number[]): ParsedPattern {
  if (text === '') return problem('is empty');
  if (text.includes('\0')) return problem('contains NUL');
  if (new TextEncoder().encode(text).length > MAX_PATTERN_BYTES) {
    return problem(`is longer than ${MAX_PATTERN_BYTES} bytes`);
  }
  const literal = new Set(stars);
  const tokens: Token[] = Array.from({ length: text.length }, (_, i) =>
    text[i] === '*' && !literal.has(i) ? null : text[i]!,
  );
  if (kind === 'glob') return { ok: true, canonical: write(collapse(tokens)) };
  const separator = kind === 'dotted' ? '.' : '/';
  const segments = split(tokens, separator);
  const inner = segments.find(hasInnerDoubleStar);
  if (inner !== undefined) {
    return problem(
      `has "**" beside other characters in the segment "${write(inner)}": it stands for whole segments`,
    );
  }
  return kind === 'dotted' ? dotted(segments) : path(segments, text.startsWith('/'));
}

function problem(text: string): ParsedPattern {
  return { ok: false, problem: text };
}

function dotted(segments: readonly Token[][]): ParsedPattern {
  if (segments.some((s) => s.length === 0)) return problem('has an empty segment, so it can match nothing');
  return { ok: true, canonical: join(segments, '.') };
}

function path(segments: readonly Token[][], absolute: boolean): ParsedPattern {
  const kept: Token[][] = [];
  for (const segment of segments) {
    const text = segment.includes(null) ? null : segment.join('');
    if (text === '' || text === '.') continue;
    const before = kept.at(-1);
    if (text !== '..') kept.push(segment);
    else if (before === undefined) {
      if (!absolute) kept.push(segment);
    } else if (before.includes(null)) {
      return problem(`has ".." after the wildcard segment "${write(before)}", which cannot be normalised`);
    } else if (before.join('') === '..') kept.push(segment);
    else kept.pop();
  }
  const canonical = join(kept, '/');
  if (absolute) return { ok: true, canonical: `/${canonical}` };
  return { ok: true, canonical: canonical === '' ? '.' : canonical };
}

function isDoubleStar(segment: readonly Token[]): boolean {
  return segment.length >= 2 && segment.every((t) => t === null);
}

function hasInnerDoubleStar(segment: readonly Token[]): boolean {
  return !isDoubleStar(segment) && segment.some((t, i) => t === null && segment[i + 1] === null);
}

function split(tokens: readonly Token[], separator: string): Token[][] {
  const segments: Token[][] = [[]];
  for (const token of tokens) {
    if (token === separator) segments.push([]);
    else segments.at(-1)!.push(token);
  }
  return segments;
}

function join(segments: readonly Token[][], separator: string): string {
  const texts = segments.map((s) => (isDoubleStar(s) ? '**' : write(s)));
  return texts.filter((t, i) => t !== '**' || texts[i - 1] !== '**').join(separator);
}

function collapse(tokens: readonly Token[]): Token[] {
  return tokens.filter((t, i) => t !== null || tokens[i - 1] !== null);
}

function write(tokens: readonly Token[]): string {
  return tokens.map((t) => (t === null ? '*' : t === '*' || t === '\\' ? `\\${t}` : t)).join('');
}

/** The pieces of a canonical glob pattern, or of one segment of a canonical dotted or path pattern. */
export function patternPieces(canonical: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let text = '';
  for (let i = 0; i < canonical.length; i++) {
    if (canonical[i] === '*') {
      if (text !== '') pieces.push(text);
      pieces.push(null);
      text = '';
    } else {
      // A backslash always escapes the next character in canonical writing.
      if (canonical[i] === '\\') i++;
      text += canonical[i];
    }
  }
  if (text !== '') pieces.push(text);
  return pieces;
}

/** The segments of a canonical dotted or path pattern. */
export function patternSegments(kind: 'dotted' | 'path', canonical: string): SegmentedPattern {
  const absolute = kind === 'path' && canonical.startsWith('/');
  const body = absolute ? canonical.slice(1) : canonical;
  if (kind === 'path' && (body === '' || body === '.')) return { absolute, segments: [] };
  const segments = body.split(kind === 'dotted' ? '.' : '/').map((s) => (s === '**' ? s : patternPieces(s)));
  return { absolute, segments };
}
