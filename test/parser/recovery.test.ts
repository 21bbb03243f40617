// Several mistakes in one file: each is reported once, none hides another, none makes others up.

import { describe, expect, test } from 'vitest';
import { parsePolicy } from '../../src/parser/parse.ts';
import { places, texts } from './show.ts';

const HEAD = 'policy p\neffects allow < deny\n';

describe('recovery', () => {
  test('clauses of one rule', () => {
    const source = `${HEAD}deny one
  when
  unless a ==
  reason NOT_QUOTED
  severity "high"
  message "fine"
  tags "x"
deny two when b`;
    expect(places(source)).toEqual([
      'P1301 5:3 "unless"',
      'P1301 6:3 "reason"',
      'P1301 6:10 "NOT_QUOTED"',
      'P1301 7:12 "\\"high\\""',
      'P1301 9:8 "\\"x\\""',
    ]);
    const { tree } = parsePolicy(source, 'p');
    expect(tree?.items).toMatchObject([
      { kind: 'effects' },
      { kind: 'rule', name: { name: 'one' }, clauses: [{ kind: 'message' }] },
      { kind: 'rule', name: { name: 'two' }, conditions: [{ kind: 'when' }] },
    ]);
  });

  test('items of every kind', () => {
    const source = `policy p
request "x"
effects allow < < deny
combining strictest
default when a
on invalid
let = 1
def f(x) = x
group g { allow a when b }
table t a first { _ -> deny }
test { request { } expect deny }
import a from "b"
extends b
deny last when c`;
    expect(places(source)).toEqual([
      'P1301 2:9 "\\"x\\""',
      'P1301 3:17 "<"',
      'P1301 4:11 "strictest"',
      'P1301 5:9 "when"',
      'P1301 7:1 "let"',
      'P1301 7:5 "="',
      'P1301 8:8 ")"',
      'P1301 9:9 "{"',
      'P1301 10:9 "a"',
      'P1301 11:6 "{"',
      'P1301 12:8 "a"',
      'P1301 13:9 "b"',
    ]);
  });

  test('a bad head of a group does not hide its members', () => {
    const source = `${HEAD}group g whn a {\n allow x when >\n allow y when b\n}\ndeny z when =`;
    expect(places(source)).toEqual(['P1301 3:9 "whn"', 'P1301 4:15 ">"', 'P1301 7:13 "="']);
  });

  test('invariants', () => {
    const source = `${HEAD}invariant one deny when a ==
invariant two
allow x when b
invariant never deny
invariant three never when a
invariant four always = deny
invariant five never allow,
  when c == unless a
invariant six always >= deny reason "X"
invariant seven always < deny
deny z when =`;
    expect(places(source)).toEqual([
      'P1301 3:15 "deny"',
      'P1301 4:1 "invariant"',
      'P1301 5:1 "allow"',
      'P1301 6:11 "never"',
      'P1301 7:23 "when"',
      'P1301 8:23 "="',
      'P1301 10:3 "when"',
      'P1301 10:13 "unless"',
      'P1302 11:30 "reason"',
      'P1301 12:24 "<"',
      'P1301 13:13 "="',
    ]);
    const { tree } = parsePolicy(source, 'p');
    expect(tree?.items).toMatchObject([
      { kind: 'effects' },
      { kind: 'rule', name: { name: 'x' } },
      { kind: 'invariant', name: { name: 'six' } },
      { kind: 'rule', name: { name: 'z' }, conditions: [] },
    ]);
  });

  test('rows of a table', () => {
    const source = `${HEAD}table t (a, b) first {
  "x" "y" -> allow
  1.., _ -> deny
  "z", _ -> deny reason R
  ok: _, _ -> deny
  _ _
}
deny z when )`;
    expect(places(source)).toEqual([
      'P1301 4:7 "\\"y\\""',
      'P1301 5:6 ","',
      'P1301 6:25 "R"',
      'P1301 8:5 "_"',
      'P1301 10:13 ")"',
    ]);
    const table = parsePolicy(source, 'p').tree?.items[1];
    expect(table?.kind === 'table' && table.rows.length).toBe(1);
  });

  test('braces', () => {
    expect(places(`${HEAD}group g when a {\n allow x`)).toEqual(['P1307 3:16 "{"']);
    expect(places(`${HEAD}group g when a {\n allow x\ntest "t" { request { } expect deny }`)).toEqual([
      'P1307 3:16 "{"',
    ]);
    expect(places(`${HEAD}test "t" { request { } expect deny`)).toEqual(['P1307 3:10 "{"']);
    expect(places(`${HEAD}allow x }\nallow y`)).toEqual(['P1308 3:9 "}"']);
    expect(
      places(`${HEAD}group g when a { test "t" { request {} expect deny } def f(x: int) = x allow y }`),
    ).toEqual(['P1309 3:18 "test"', 'P1309 3:54 "def"']);
  });

  test('blocks of other languages are skipped as a whole', () => {
    expect(places(`${HEAD}when (a) {\n if (b) { return deny; }\n}\nallow x`)[0]).toBe('P1302 3:1 "when"');
    expect(places(`${HEAD}allow x when a { b c d }\nallow y`)).toEqual(['P1302 3:16 "{"']);
  });

  test('errors end after a hundred', () => {
    const found = parsePolicy(HEAD + 'deny x when =\n'.repeat(500), 'p').diagnostics;
    expect(found).toHaveLength(101);
    expect(found.at(-1)?.code).toBe('P1007');
  });
});

describe('the header', () => {
  test.each([
    ['', 'P1001 1:1 ""'],
    ['\ufeff // nothing\n', 'P1001 1:1 ""'],
    ['allow x', 'P1006 1:1 "allow"'],
    ['{ "effect": 1 }', 'P1006 1:1 "{"'],
    ['rules:\n  - name: x\n    when: a > 1', 'P1006 1:1 "rules"'],
    ['request from "x"\npolicy p', 'P1006 1:1 "request"'],
    ['policy', 'P1301 1:7 ""'],
    ['policy "p"', 'P1301 1:8 "\\"p\\""'],
    ['policy p version 1', 'P1301 1:18 "1"'],
    ['policy p\npolicy q', 'P1310 2:1 "policy"'],
    ['policy when version "1"', 'P1303 1:8 "when"'],
  ])('%j', (source, place) => {
    expect(places(source)).toEqual([place]);
  });
});

describe('messages are written for people', () => {
  test.each([
    ['deny x when }', 'expected an expression after `when`, found `}`'],
    [
      'deny x when a = 1',
      'unexpected `=` after `a` (compare with `==`; only `let`, `def` and the parameters of an effect have `=`)',
    ],
    [
      'deny x when a else b',
      'unexpected `else` after `a` (there is no `else`: write another rule, or `unless`)',
    ],
    [
      'deny x when a | b',
      'unexpected `|` after `a` (write `or`; `|` stands only between the alternatives of a table cell)',
    ],
    ['deny x when a equals "b"', 'unexpected `equals` after `a` (compare with `==`)'],
    ['deny x when a like "b"', 'unexpected `like` after `a` (write `matches glob "…"`)'],
    [
      'deny x when a matches "b*"',
      'expected a pattern (`glob`, `dotted`, `path`, `host` or `cidr`, then a string or a list) or a /regex/ after ' +
        '`matches`, found `"b*"` (write the kind of the pattern: `matches glob "b*"`)',
    ],
    ['deny x reason GONE', 'expected a string after `reason`, found `GONE` (put quotes around it: `"GONE"`)'],
    [
      'def f() = 1',
      'expected the name of a parameter after `(`, found `)` (a def without parameters is a `let`)',
    ],
    ['deny', 'expected the name of a rule after `deny`, found the end of the file'],
    ['invariant x deny', 'expected `never` or `always` after `x`, found `deny`'],
    ['invariant x always', 'expected an effect, `>=` or `<=` after `always`, found the end of the file'],
    [
      'invariant x always > allow',
      'expected an effect, `>=` or `<=` after `always`, found `>` (write `always EFFECT`, `always >= EFFECT` or `always <= EFFECT`)',
    ],
    ['invariant x never', 'expected the name of an effect after `never`, found the end of the file'],
    ['deny x when (a', 'expected `)` after `a`, found the end of the file'],
  ])('%s', (text, message) => {
    expect(texts(HEAD + text)[0]).toBe(message);
  });
});
