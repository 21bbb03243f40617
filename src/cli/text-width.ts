// How text looks on a terminal: which characters are safe to print, and how many columns they take.

const TAB = '    ';

/** Characters that could steer the terminal or hide or reorder text: controls, format characters, line separators, lone surrogates. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** The text with unsafe characters written as `\u{…}`. Newlines and tabs stay. */
export function printable(text: string): string {
  return text.replace(UNSAFE, (char) =>
    char === '\n' || char === '\t' ? char : `\\u{${(char.codePointAt(0) as number).toString(16)}}`,
  );
}

/** Printable text on one line, so that a message or a name cannot fake a line of its own. */
export function oneLine(text: string): string {
  return printable(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}

/** One line of source, safe to print, tabs as spaces. */
export function printableLine(text: string): string {
  return printable(text.replaceAll('\t', TAB));
}

/** Columns that a printable text takes: combining marks none, East Asian wide characters and emoji two. */
export function width(text: string): number {
  let columns = 0;
  for (const char of text) {
    if (/[\p{Mn}\p{Me}]/u.test(char)) continue;
    columns += isWide(char.codePointAt(0) as number) ? 2 : 1;
  }
  return columns;
}

/** Ranges of code points that terminals draw two columns wide. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1faff],
  [0x20000, 0x3fffd],
];

function isWide(code: number): boolean {
  return code >= 0x1100 && WIDE.some(([from, to]) => code >= from && code <= to);
}
