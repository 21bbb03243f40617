// The obvious matcher: what LANGUAGE says about patterns, with backtracking and no automata. Only for small inputs.
import type { Lang } from '../../src/ir/ir.ts';
import { type PatternSegment, type Piece, patternPieces, patternSegments } from '../../src/ir/pattern.ts';

export function slowMatch(kind: Lang['kind'], texts: readonly string[], subject: string): boolean {
  return texts.some((text) => MATCHERS[kind](text, subject));
}

const MATCHERS: { readonly [kind in Lang['kind']]: (text: string, subject: string) => boolean } = {
  contains: (text, subject) => subject.includes(text),
  prefix: (text, subject) => subject.startsWith(text),
  suffix: (text, subject) => subject.endsWith(text),
  glob: (text, subject) => run(patternPieces(text), subject, false),
  dotted: (text, subject) => segments(patternSegments('dotted', text).segments, subject.split('.'), false),
  path,
};

function run(pieces: readonly Piece[], subject: string, avoidDots: boolean): boolean {
  if (avoidDots && pieces.includes(null) && (subject === '.' || subject === '..')) return false;
  const [piece, ...rest] = pieces;
  if (piece === undefined) return subject === '';
  if (piece !== null) return subject.startsWith(piece) && run(rest, subject.slice(piece.length), false);
  for (let i = 0; i <= subject.length; i++) if (run(rest, subject.slice(i), false)) return true;
  return false;
}

function segments(
  patterns: readonly PatternSegment[],
  subject: readonly string[],
  avoidDots: boolean,
): boolean {
  if (subject.includes('')) return false;
  const [pattern, ...rest] = patterns;
  if (pattern === undefined) return subject.length === 0;
  if (pattern === '**') {
    for (let i = 0; i <= subject.length; i++) {
      if (avoidDots && subject.slice(0, i).includes('..')) return false;
      if (segments(rest, subject.slice(i), avoidDots)) return true;
    }
    return false;
  }
  return (
    subject.length > 0 && run(pattern, subject[0]!, avoidDots) && segments(rest, subject.slice(1), avoidDots)
  );
}

/** `subject` is a normalised path. */
function path(text: string, subject: string): boolean {
  const pattern = patternSegments('path', text);
  if (pattern.absolute !== subject.startsWith('/')) return false;
  const body = pattern.absolute ? subject.slice(1) : subject === '.' ? '' : subject;
  return segments(pattern.segments, body === '' ? [] : body.split('/'), !pattern.absolute);
}
