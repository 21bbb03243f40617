// The normal form of a path, the subject of `matches path`. Leaf module: it imports nothing.

/**
 * Normalises a path: repeated `/` collapse, `.` segments vanish, `x/..` cancels, `/..` at the root is `/`, a trailing `/` is dropped,
 * leading `..` of a relative path stay. `\` is an ordinary character. The current directory (`.`, `a/..`) is `.`, the root is `/`.
 * The empty string and a string with NUL have no normal form: null.
 */
export function normalizePath(text: string): string | null {
  if (text === '' || text.includes('\0')) return null;
  const absolute = text.startsWith('/');
  const kept: string[] = [];
  for (const segment of text.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') kept.push(segment);
    else if (kept.length > 0 && kept[kept.length - 1] !== '..') kept.pop();
    else if (!absolute) kept.push('..');
  }
  const joined = kept.join('/');
  if (absolute) return `/${joined}`;
  return joined === '' ? '.' : joined;
}
