import { describe, expect, test } from 'vitest';
import { expression, items, places, showCell, showType } from './show.ts';

describe('precedence, weakest first', () => {
  test.each([
    ['a or b and c', '[a or [b and c]]'],
    ['a and b or c and d', '[[a and b] or [c and d]]'],
    ['a or b or c', '[a or b or c]'],
    ['a and b and c and d', '[a and b and c and d]'],
    ['(a or b) or c', '[([a or b]) or c]'],
    ['not a and b', '[[not a] and b]'],
    ['not a == b', '[not [a == b]]'],
    ['not not a', '[not [not a]]'],
    ['not x in xs', '[not [x in xs]]'],
    ['x not in xs', '[x not in xs]'],
    ['a and not b or c', '[[a and [not b]] or c]'],
    ['a == b + c', '[a == [b + c]]'],
    ['a + b < c - d', '[[a + b] < [c - d]]'],
    ['a - b - c', '[[a - b] - c]'],
    ['a + b * c', '[a + [b * c]]'],
    ['a * b * c + d', '[[[a * b] * c] + d]'],
    ['a * b ?? c', '[a * [b ?? c]]'],
    ['a ?? b + c', '[[a ?? b] + c]'],
    ['-a.b', '[- a.b]'],
    ['- a * b', '[[- a] * b]'],
    ['a --b', '[a - [- b]]'],
    ['has a.b and c', '[[has a.b] and c]'],
    ['has a["k"] == true', '[[has a{"k"}] == true]'],
    ['a ?? -1', '[a ?? [- 1]]'],
    ['a contains b and c starts_with d', '[[a contains b] and [c starts_with d]]'],
    [
      'a not contains "x" or a ends_with ["y", "z",]',
      '[[a not contains "x"] or [a ends_with list("y", "z")]]',
    ],
    ['a under b or a not under c', '[[a under b] or [a not under c]]'],
    ['a is T and b is not list<map<int>>', '[[a is T] and [b is not list<map<int>>]]'],
    ['a + 1 is decimal(2)', '[[a + 1] is decimal(2)]'],
    ['(a == b) == c', '[([a == b]) == c]'],
    ['a == (b in c)', '[a == ([b in c])]'],
    ['a ?? (b ?? c)', '[a ?? ([b ?? c])]'],
    ['(not a) == b', '[([not a]) == b]'],
  ])('%s', (text, tree) => {
    expect(expression(text)).toBe(tree);
  });
});

describe('operands', () => {
  test.each([
    ['request.group["x"][0].not', 'REQUEST.group{"x"}{0}.not'],
    ['size(f(a, b), [])', 'size(f(a, b), list())'],
    ['any(x in xs ?? []: x.y == 1)', 'any(x in [xs ?? list()]: [x.y == 1])'],
    ['first(x in xs: has x.y).y', 'first(x in xs: [has x.y]).y'],
    ['count(x in a + b: not x) > 2', '[count(x in [a + b]: [not x]) > 2]'],
    ['all(x in xs: x or y)', 'all(x in xs: [x or y])'],
    ['1h30m + 250ms + 2d', '[[5400000ms + 250ms] + 172800000ms]'],
    ['0.50 * 10', '[0.50 * 10]'],
    ['true and false', '[true and false]'],
    ['glob', 'glob'],
    ['decimal + list + path', '[[decimal + list] + path]'],
    ['a matches glob "x*" and b', '[[a matches glob "x*"] and b]'],
    ['a not matches path ["/x", y]', '[a not matches path list("/x", y)]'],
    ['a matches dotted glob', '[a matches dotted glob]'],
    ['a matches /x\\/(y|z)$/si and b', '[[a matches /x\\/(y|z)$/si] and b]'],
    ['a is "request"', '[a is "request"]'],
    ['a is list', '[a is list]'],
    ['a is decimal', '[a is decimal(?)]'],
  ])('%s', (text, tree) => {
    expect(expression(text)).toBe(tree);
  });

  test('strings: escapes, and stars that are not wildcards', () => {
    const [item] = items(String.raw`policy p let x = "a\*\\*\n\"\u{1F600}\u{e9}"`);
    if (item?.kind !== 'let' || item.value.kind !== 'expr' || item.value.expr.kind !== 'string')
      throw new Error();
    expect(item.value.expr.str).toMatchObject({ value: 'a*\\*\n"😀é', stars: [1] });
  });

  test('spans are those of the text', () => {
    const text = 'policy p let x = a + b.c["d"]  let y = 1';
    const [item] = items(text);
    if (item?.kind !== 'let' || item.value.kind !== 'expr' || item.value.expr.kind !== 'binary')
      throw new Error();
    const cut = ({ start, end }: { start: number; end: number }): string => text.slice(start, end);
    expect(cut(item.span)).toBe('let x = a + b.c["d"]');
    expect(cut(item.value.expr.span)).toBe('a + b.c["d"]');
    expect(cut(item.value.expr.right.span)).toBe('b.c["d"]');
  });
});

describe('types and cells', () => {
  test.each([
    ['bool', 'bool'],
    ['decimal(2)', 'decimal(2)'],
    ['list<list<"odd name">>', 'list<list<"odd name">>'],
    ['map', 'map'],
  ])('type %s', (text, type) => {
    const [item] = items(`policy p def f(x: ${text}) = x`);
    if (item?.kind !== 'def') throw new Error();
    expect(item.params.map((param) => showType(param.type))).toEqual([type]);
  });

  test.each([
    ['_', '_'],
    ['absent | "x"', 'absent | "x"'],
    ['not "a" | b', 'not "a" | b'],
    ['10..20', '10..20'],
    ['-1 .. 0.5', '[- 1]..0.5'],
    ['<= 10m', '<= 600000ms'],
    ['!= true', '!= true'],
    ['matches glob "x*" | matches path p', 'matches glob "x*" | matches path p'],
    ['low .. high', 'low..high'],
  ])('cell %s', (text, cell) => {
    const [item] = items(`policy p table t (a) first { ${text} -> deny }`);
    if (item?.kind !== 'table') throw new Error();
    expect(item.rows.flatMap((row) => row.cells.map(showCell))).toEqual([cell]);
  });
});

describe('expressions that are errors', () => {
  test.each([
    ['a < b < c', 'P1305 1:24 "<"'],
    ['a == b in c', 'P1305 1:25 "in"'],
    ['a is T == b', 'P1305 1:25 "=="'],
    ['a < b < c < d == e', 'P1305 1:24 "<"'],
    ['a ?? b ?? c', 'P1305 1:25 "??"'],
    ['a matches glob "x" contains b', 'P1305 1:37 "contains"'],
    ['a + not b', 'P1306 1:22 "not"'],
    ['a == not b', 'P1306 1:23 "not"'],
    ['- - a', 'P1301 1:20 "-"'],
    ['has has a', 'P1301 1:22 "has"'],
    ['has -a', 'P1301 1:22 "-"'],
    ['any(x in a or b: c)', 'P1301 1:29 "or"'],
    ['f()', 'P1301 1:20 ")"'],
    ['[,]', 'P1301 1:19 ","'],
    ['[1,,2]', 'P1301 1:21 ","'],
    ['(a', 'P1301 1:20 ""'],
    ['a.', 'P1301 1:20 ""'],
    ['a[]', 'P1301 1:20 "]"'],
    ['a matches "x"', 'P1301 1:28 "\\"x\\""'],
    ['a not b', 'P1301 1:24 "b"'],
    ['if(a)', 'P1301 1:18 "if"'],
    ['a.b c.d', 'P1302 1:22 "c"'],
  ])('%s', (text, place) => {
    expect(places(`policy p let x = ${text}`)).toEqual([place]);
  });
});
