// Patterns of the executable specification: plain backtracking over code points and segments, from the canonical writing of a pattern
// (`*` and `**` are wildcards, a backslash escapes the next character).

type Piece = { readonly text: string } | 'any run';

/** Whether the whole subject matches the pattern. */
export function matchesPattern(kind: 'glob' | 'dotted' | 'path', pattern: string, subject: string): boolean {
  switch (kind) {
    case 'glob':
      return matchesPieces(piecesOf(pattern), [...subject]);
    case 'dotted': {
      const segments = subject.split('.');
      if (segments.includes('')) return false;
      return matchesSegments(pattern.split('.'), segments, () => true);
    }
    case 'path': {
      const path = normalise(subject);
      if (path === null || path.absolute !== pattern.startsWith('/')) return false;
      const wanted = pattern.split('/').filter((segment) => segment !== '' && segment !== '.');
      // `..` at the front of a relative path is matched by `..` in the pattern, not by a wildcard.
      return matchesSegments(wanted, path.segments, (segment) => segment !== '..');
    }
  }
}

function piecesOf(pattern: string): Piece[] {
  const pieces: Piece[] = [];
  const characters = [...pattern];
  for (let i = 0; i < characters.length; i++) {
    if (characters[i] === '*') pieces.push('any run');
    else {
      if (characters[i] === '\\') i += 1;
      pieces.push({ text: characters[i]! });
    }
  }
  return pieces;
}

// reached[j]: the pieces so far match the first j characters.
function matchesPieces(pieces: readonly Piece[], characters: readonly string[]): boolean {
  let reached = [true, ...characters.map(() => false)];
  for (const piece of pieces) {
    const next = reached.map(() => false);
    for (let j = 0; j <= characters.length; j++) {
      if (piece === 'any run') next[j] = reached[j]! || (j > 0 && next[j - 1]!);
      else next[j] = j > 0 && reached[j - 1]! && characters[j - 1] === piece.text;
    }
    reached = next;
  }
  return reached[characters.length]!;
}

function matchesSegments(
  patterns: readonly string[],
  segments: readonly string[],
  mayBeWild: (segment: string) => boolean,
): boolean {
  const [pattern, ...rest] = patterns;
  if (pattern === undefined) return segments.length === 0;
  if (pattern === '**') {
    for (let i = 0; i <= segments.length; i++) {
      if (matchesSegments(rest, segments.slice(i), mayBeWild)) return true;
      if (i < segments.length && !mayBeWild(segments[i]!)) return false;
    }
    return false;
  }
  const [segment, ...others] = segments;
  if (segment === undefined) return false;
  const pieces = piecesOf(pattern);
  if (pieces.includes('any run') && !mayBeWild(segment)) return false;
  return matchesPieces(pieces, [...segment]) && matchesSegments(rest, others, mayBeWild);
}

function normalise(text: string): { absolute: boolean; segments: string[] } | null {
  if (text === '' || text.includes('\0')) return null;
  const absolute = text.startsWith('/');
  const segments: string[] = [];
  for (const segment of text.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.length > 0 && segments.at(-1) !== '..') segments.pop();
    else if (!absolute) segments.push('..');
  }
  return { absolute, segments };
}
