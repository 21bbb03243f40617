import { expect, test } from 'vitest';
import { SourceText } from '../../src/cli/source-frame.ts';
import { printable, width } from '../../src/cli/text-width.ts';

/** The frame of the first occurrence of `mark` in the text, as it would be printed. */
function frameOf(text: string, mark: string): string {
  const start = text.indexOf(mark);
  const frame = new SourceText(text).frame({ start, end: start + mark.length });
  return `${frame.number}|${frame.line}\n ${' '.repeat(frame.indent + 1)}${'^'.repeat(frame.carets)}`;
}

test('the marker stands under the place', () => {
  expect(frameOf('policy x\ndeny y when a == b\n', 'a == b')).toBe(
    '2|deny y when a == b\n              ^^^^^^',
  );
});

test('tabs, wide characters and combining marks keep the marker in place', () => {
  expect(frameOf('\ta\tbad', 'bad')).toBe('1|    a    bad\n           ^^^');
  expect(frameOf('"日本" bad', 'bad')).toBe('1|"日本" bad\n         ^^^');
  expect(frameOf('e\u0301 bad', 'bad')).toBe('1|e\u0301 bad\n    ^^^');
  expect(frameOf('x 日本 y', '日本')).toBe('1|x 日本 y\n    ^^^^');
});

test('a place at the end of the text or of a line has one marker', () => {
  expect(new SourceText('ab').frame({ start: 2, end: 2 })).toEqual({
    number: 1,
    line: 'ab',
    indent: 2,
    carets: 1,
  });
  expect(new SourceText('').frame({ start: 0, end: 0 })).toEqual({
    number: 1,
    line: '',
    indent: 0,
    carets: 1,
  });
  expect(new SourceText('ab\r\ncd').frame({ start: 0, end: 6 })).toEqual({
    number: 1,
    line: 'ab',
    indent: 0,
    carets: 2,
  });
});

test('a long line is cut around the place, never inside a character', () => {
  const text = `${'😀'.repeat(5_000)}bad${'😀'.repeat(5_000)}`;
  const start = text.indexOf('bad');
  const frame = new SourceText(text).frame({ start, end: start + 3 });
  expect(frame.line.length).toBeLessThan(300);
  expect(frame.line).toMatch(/^…(😀)+bad(😀)+…$/u);
  expect(frame.carets).toBe(3);
  const long = new SourceText('x'.repeat(1_000_000)).frame({ start: 10, end: 900_000 });
  expect(long.line.length).toBeLessThan(300);
  expect(long.indent + long.carets).toBeLessThan(300);
});

test('columns count code points from 1 and do not count a byte order mark', () => {
  const source = new SourceText('\ufeffpolicy x\n😀😀bad\n');
  expect(source.range({ start: 1, end: 7 })).toEqual({ line: 1, column: 1, endLine: 1, endColumn: 7 });
  expect(source.range({ start: 14, end: 17 })).toEqual({ line: 2, column: 3, endLine: 2, endColumn: 6 });
  expect(source.range({ start: 1, end: 18 })).toEqual({ line: 1, column: 1, endLine: 3, endColumn: 1 });
});

test('places on one line may come in any order', () => {
  const source = new SourceText('0123456789');
  const columns = [8, 2, 5, 5].map((start) => source.range({ start, end: start + 1 }).column);
  expect(columns).toEqual([9, 3, 6, 6]);
});

test('text from a file cannot steer the terminal', () => {
  expect(printable('\u001b[31mred\u0007 \u202eevil\r')).toBe('\\u{1b}[31mred\\u{7} \\u{202e}evil\\u{d}');
  expect(printable('plain\n\ttext äß 日本 😀')).toBe('plain\n\ttext äß 日本 😀');
  expect(printable('\ud800')).toBe('\\u{d800}');
});

test('width counts columns', () => {
  expect(['', 'abc', '日本', '한글', 'ｆ', '😀', 'é', 'e\u0301'].map(width)).toEqual([
    0, 3, 4, 4, 2, 2, 1, 1,
  ]);
});
