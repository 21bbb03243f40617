import { describe, expect, test } from 'vitest';
import { parsePolicy } from '../../src/parser/parse.ts';
import { expression, items, places, texts } from './show.ts';

const inLet = (text: string): string[] => places(`policy p\nlet x = ${text}`);

describe('tokens that are errors, each reported once', () => {
  test.each([
    ['01', 'P1108 2:9 "01"'],
    ['1e3', 'P1108 2:9 "1e3"'],
    ['1.5e-3', 'P1108 2:9 "1.5e-3"'],
    ['.5', 'P1108 2:9 ".5"'],
    ['5.', 'P1108 2:9 "5."'],
    ['0x1F', 'P1108 2:9 "0x1F"'],
    ['1_000', 'P1108 2:9 "1_000"'],
    ['1.2.3', 'P1108 2:9 "1.2.3"'],
    ['10min', 'P1108 2:9 "10min"'],
    ['30m1h', 'P1109 2:9 "30m1h"'],
    ['1h1h', 'P1109 2:9 "1h1h"'],
    ['1.5h', 'P1109 2:9 "1.5h"'],
    ['1h30', 'P1109 2:9 "1h30"'],
    ['05m', 'P1109 2:9 "05m"'],
    ['a && b', 'P1102 2:11 "&&"'],
    ['a || b', 'P1102 2:11 "||"'],
    ['!a', 'P1102 2:9 "!"'],
    ['a === b', 'P1102 2:11 "==="'],
    ['a !== b', 'P1102 2:11 "!=="'],
    ['a <> b', 'P1102 2:11 "<>"'],
    ['a / b', 'P1110 2:11 "/"'],
    ["'x'", 'P1103 2:9 "\'"'],
    ['`x`', 'P1103 2:9 "`"'],
    ['“x”', 'P1103 2:9 "“"'],
    ['1 # note', 'P1104 2:11 "#"'],
    ['1 /* note\n note */', 'P1104 2:11 "/*"'],
    ['"abc', 'P1105 2:9 "\\"abc"'],
    ['"a\\qb"', 'P1106 2:11 "\\\\q"'],
    ['"\\u0041"', 'P1106 2:10 "\\\\u"'],
    ['"\\u{D800}"', 'P1107 2:10 "\\\\u{D800}"'],
    ['"\\u{110000}"', 'P1107 2:10 "\\\\u{110000}"'],
    ['"\\u{}"', 'P1107 2:10 "\\\\u{}"'],
    ['a matches /x', 'P1111 2:19 "/x"'],
    ['a matches /x/g', 'P1112 2:22 "g"'],
    ['a matches /x/ii', 'P1112 2:22 "ii"'],
    ['a @ b', 'P1101 2:11 "@"'],
    ['a ü b', 'P1101 2:11 "ü"'],
    ['a;', 'P1101 2:10 ";"'],
    ['1\u00a0', 'P1101 2:10 "\u00a0"'],
  ])('%s', (text, place) => {
    expect(inLet(text)).toEqual([place]);
  });

  test('an unknown character is shown with its code point', () => {
    expect(texts('policy p let x = \u{1F600}a')).toEqual(['unknown character `😀` (U+1F600)']);
    expect(texts('policy p let x = \u200ba')[0]).toContain('U+200B');
  });

  test('what is meant is still read', () => {
    const { tree } = parsePolicy("policy p let x = !a && b === 'c'", 'p');
    const item = tree?.items[0];
    if (item?.kind !== 'let' || item.value.kind !== 'expr') throw new Error();
    expect(item.value.expr).toMatchObject({
      kind: 'and',
      args: [{ kind: 'not' }, { kind: 'compare', op: '==' }],
    });
  });
});

describe('tokens', () => {
  test('a byte order mark, comments and any line ends', () => {
    expect(items('\ufeff// head\r\npolicy p // name\r\n\tlet x = 1// end')).toHaveLength(1);
  });
  test('a range needs no spaces, `>=` is one token', () => {
    expect(items('policy p table t (a) first { 10..20 -> x }')).toHaveLength(1);
    expect(texts('policy p effects a(x: list<string>= [])')).toEqual([
      'expected `>` after `string`, found `>=` (write a space between `>` and `=`)',
    ]);
    expect(items('policy p effects a(x: list<string> = [])')).toHaveLength(1);
  });
  test('reserved words are names after a dot, as obligations and as keys of `with`', () => {
    expect(expression('a.when.group.test')).toBe('a.when.group.test');
    expect(
      items('policy p effects a(group: string, with: int) a r with group: "x", with: 1 when b'),
    ).toHaveLength(2);
  });
  test('nothing may be declared with a reserved word', () => {
    const cases: readonly (readonly [string, string])[] = [
      ['let test = 1', 'a let'],
      ['def when(a: int) = a', 'a def'],
      ['def f(in: int) = 1', 'a parameter'],
      ['let x = any(group in xs: true)', 'a variable'],
      ['effects allow < if < deny', 'an effect'],
      ['severities low < max < high', 'a severity'],
      ['group group when a { }', 'a group'],
      ['table first (a) first { _ -> deny }', 'a table'],
      ['table t (a) first { sum: _ -> deny }', 'a row'],
      ['deny total when a', 'a rule'],
      ['invariant on never deny when a', 'an invariant'],
      ['invariant never always deny when a', 'an invariant'],
    ];
    for (const [text, what] of cases) {
      expect(
        texts(`policy p\n${text}`).map((line) => line.replace(/ \(.*/, '')),
        text,
      ).toEqual([expect.stringMatching(new RegExp(`^\`\\w+\` is a reserved word and cannot name ${what}$`))]);
    }
  });
  test('contextual words may be declared', () => {
    expect(
      items(
        'policy p let glob = 1 let list = 2 let first_applicable = 3 host path when cidr always always when always',
      ),
    ).toHaveLength(5);
  });
});

describe('JSON in the source', () => {
  const json = (text: string): string[] => places(`policy p\ntest "t" { request ${text} expect deny }`);
  const value = (text: string): unknown => {
    const [item] = items(`policy p let x = request ${text}`);
    return item?.kind === 'let' && item.value.kind === 'request' ? item.value.json.value : null;
  };

  test('is RFC 8259', () => {
    const text =
      '{ "a": [1, -0.5e2, true, null], "when": {"\\u0041\\/": "\\ud83d\\ude00\\n"}, "": [] , "n": [{}]}';
    expect(JSON.stringify(value(text))).toBe(JSON.stringify(JSON.parse(text)));
  });
  test('`__proto__` is a key like any other', () => {
    const read = value('{"__proto__": {"x": 1}, "y": 2}') as object;
    expect(Object.keys(read)).toEqual(['__proto__', 'y']);
    expect(JSON.stringify(read)).toBe('{"__proto__":{"x":1},"y":2}');
    expect('x' in read).toBe(false);
  });
  test.each([
    ['{"a": 1, "a": 2}', 'P1202 2:29 "\\"a\\""'],
    ['{"a": 1, "\\u0061": 2}', 'P1202 2:29 "\\"\\\\u0061\\""'],
    ['{"a": {"b": 1, "b": 1}}', 'P1202 2:35 "\\"b\\""'],
    ["{'a': 1}", 'P1201 2:21 "\'"'],
    ['{a: 1}', 'P1201 2:21 "a"'],
    ['{"a": 1,}', 'P1201 2:28 "}"'],
    ['{"a" 1}', 'P1201 2:25 "1"'],
    ['{"a": 01}', 'P1201 2:26 "01"'],
    ['{"a": .5}', 'P1201 2:26 "."'],
    ['{"a": None}', 'P1201 2:26 "None"'],
    ['{"a": 1e400}', 'P1204 2:26 "1e400"'],
    ['{"a": "\\x"}', 'P1201 2:27 "\\\\x"'],
    ['{"a": "\\ud800"}', 'P1205 2:26 "\\"\\\\ud800\\""'],
    ['{"a": "\t"}', 'P1201 2:27 "\\t"'],
    ['{"a": [1 2]}', 'P1201 2:29 "2"'],
  ])('%s', (text, place) => {
    expect(json(text)).toEqual([place]);
  });
  test('an object without end is one error', () => {
    expect(places('policy p test "t" { request {"a": {')).toEqual(['P1201 1:36 ""']);
  });
  test('a brace after `request` begins JSON, but not after a member of that name', () => {
    expect(items('policy p group g when a.request { allow x }')).toHaveLength(1);
  });
});
