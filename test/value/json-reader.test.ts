import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readJson, readJsonText } from '../../src/value/json-reader.ts';

const LIMITS = { maxBytes: 4096, maxDepth: 8 };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function verdict(input: string | Uint8Array): string {
  const result = typeof input === 'string' ? readJsonText(input, LIMITS) : readJson(input, LIMITS);
  return result.ok ? 'ok' : `${result.code} ${result.pointer}@${result.offset}`;
}

describe('values', () => {
  test('agree with JSON.parse', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        fc.pre(bytes(text).length <= LIMITS.maxBytes);
        const expected = JSON.parse(text);
        for (const result of [readJson(bytes(text), LIMITS), readJsonText(text, LIMITS)]) {
          expect(result).toEqual({ ok: true, value: expected });
        }
      }),
    );
  });

  test.each([
    '1',
    '-0',
    '1.0',
    '1e0',
    '1E+2',
    '1e-2',
    '0.5',
    '-1.25e3',
    '1e400',
    '5e-324',
    '"\\u00e9\\n\\/"',
    ' [ ] ',
    '{ }\n',
  ])('%s', (text) => {
    expect(readJson(bytes(text), LIMITS)).toEqual({ ok: true, value: JSON.parse(text) });
  });

  test('__proto__ is an own property', () => {
    const result = readJson(bytes('{"__proto__":{"x":1},"\\u005f_proto__x":2}'), LIMITS);
    expect(result.ok && Object.keys(result.value as object)).toEqual(['__proto__', '__proto__x']);
  });

  test('damaged texts are rejected exactly when JSON.parse rejects them', () => {
    const damage = fc.tuple(
      fc.json({ maxDepth: 4 }),
      fc.nat(),
      fc.constantFrom(...'{}[],:"\\u0123eE+-. \n\0\u2028tfn'),
    );
    fc.assert(
      fc.property(damage, fc.boolean(), ([text, at, unit], replace) => {
        const place = at % (text.length + 1);
        const damaged = text.slice(0, place) + unit + text.slice(place + (replace ? 1 : 0));
        let accepted = true;
        try {
          JSON.parse(damaged);
        } catch {
          accepted = false;
        }
        const result = readJsonText(damaged, { maxBytes: 1e6, maxDepth: 100 });
        if (result.ok || result.code === 'json') expect(result.ok).toBe(accepted);
        else if (result.code === 'duplicate_key') expect(accepted).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('errors', () => {
  test.each([
    ['', 'json @0'],
    ['\ufeff{}', 'json @0'],
    ['{} {}', 'json @3'],
    ['[1,]', 'json @3'],
    ['{"a":1,}', 'json @7'],
    ['{a:1}', 'json @1'],
    ['01', 'json @1'],
    ['-', 'json @0'],
    ['1.', 'json @0'],
    ['.5', 'json @0'],
    ['1e', 'json @0'],
    ['+1', 'json @0'],
    ['NaN', 'json @0'],
    ['nul', 'json @0'],
    ['"a', 'json @2'],
    ['"\t"', 'json @1'],
    ['"\\x"', 'json @1'],
    ['"\\u12g4"', 'json @1'],
    ['"\\ud800"', 'utf8 @1'],
    ['"\\udc00\\ud800"', 'utf8 @1'],
    ['"\\ud800\\u0041"', 'utf8 @1'],
    ['{"\\ud800":1}', 'utf8 @2'],
    ['"\\ud83d\\ude00"', 'ok'],
    ['["\\ud800",}', 'utf8 @2'],
    ['[},"\\ud800"]', 'json @1'],
    ['[[[[[[[[1]]]]]]]]', 'ok'],
    ['[[[[[[[[[1]]]]]]]]]', 'depth @8'],
    ['[[[[[[[[[}', 'depth @8'],
    ['[}[[[[[[[[', 'json @1'],
    ['{"a":1,"a":2}', 'duplicate_key @7'],
    ['{"a":1,"\\u0061":2}', 'duplicate_key @7'],
    ['{"a":1,"a":2', 'json @12'],
    ['{"é":{"k":[0,{"x":1,"x":2}],"k":0}}', 'duplicate_key /é/k/1@21'],
    ['{"a/~":{"b":1,"b":1},"a/~":2}', 'duplicate_key /a~1~0@14'],
    ['{"a":{"b":1},"c":{"b":1}}', 'ok'],
    ['\ud800', 'utf8 @0'],
    ['["é\udc00"]', 'utf8 @4'],
  ])('%j', (text, expected) => {
    expect(verdict(text)).toBe(expected);
    if (text.isWellFormed()) expect(verdict(bytes(text))).toBe(expected);
  });

  test('a repeated key among many', () => {
    const members = Array.from({ length: 50 }, (_, i) => `"k${i}":${i}`).join(',');
    expect(verdict(`{${members}}`)).toBe('ok');
    expect(verdict(`[{${members},"k3":0}]`)).toMatch(/^duplicate_key \/0@/);
  });

  test('UTF-8', () => {
    const cases: [number[], string][] = [
      [[0x22, 0xc3, 0xa9, 0x22], 'ok'],
      [[0x22, 0xc0, 0x80, 0x22], 'utf8 @1'],
      [[0x22, 0xe0, 0x9f, 0xbf, 0x22], 'utf8 @1'],
      [[0x22, 0xed, 0xa0, 0x80, 0x22], 'utf8 @1'],
      [[0x22, 0xf4, 0x90, 0x80, 0x80, 0x22], 'utf8 @1'],
      [[0x22, 0xf0, 0x9f, 0x98, 0x80, 0x22], 'ok'],
      [[0x22, 0x22, 0xe2, 0x82], 'utf8 @2'],
      [[0xef, 0xbb, 0xbf, 0x31], 'json @0'],
      [[0xff], 'utf8 @0'],
    ];
    for (const [input, expected] of cases) expect(verdict(new Uint8Array(input))).toBe(expected);
  });

  test('every invalid sequence is found where the platform finds one', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 8 }), (input) => {
        const result = readJson(input, LIMITS);
        let valid = true;
        try {
          new TextDecoder('utf-8', { fatal: true }).decode(input);
        } catch {
          valid = false;
        }
        expect(!result.ok && result.code === 'utf8' && result.offset < input.length).toBe(!valid);
      }),
      { numRuns: 2000 },
    );
  });

  test('size on both sides of the limit', () => {
    const fits = `"${'x'.repeat(LIMITS.maxBytes - 2)}"`;
    expect(verdict(fits)).toBe('ok');
    expect(verdict(bytes(fits))).toBe('ok');
    expect(verdict(`${fits} `)).toBe(`too_large @${LIMITS.maxBytes}`);
    expect(verdict(bytes(`${fits} `))).toBe(`too_large @${LIMITS.maxBytes}`);
    expect(verdict(`"${'é'.repeat(LIMITS.maxBytes / 2)}"`)).toBe(`too_large @${LIMITS.maxBytes}`);
  });

  test('a million open brackets', () => {
    const deep = readJson(bytes('['.repeat(1_000_000)), { maxBytes: 1e7, maxDepth: 64 });
    expect(deep).toEqual({ ok: false, code: 'depth', pointer: '', offset: 64 });
  });
});
