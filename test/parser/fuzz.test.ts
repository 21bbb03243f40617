// Whatever stands in a file: no exception, a tree or a diagnostic, and every place lies within the text.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describe as describeDiagnostic } from '../../src/diagnostic/diagnostic.ts';
import { MAX_ERRORS } from '../../src/parser/limits.ts';
import { type Parsed, parsePolicy, parsePolicyBytes } from '../../src/parser/parse.ts';
import { VOCABULARY } from '../../src/parser/tokens.ts';

function sound(source: string, { tree, diagnostics }: Parsed): void {
  expect(tree !== null || diagnostics.length > 0).toBe(true);
  expect(diagnostics.length).toBeLessThanOrEqual(MAX_ERRORS + 1);
  const seen = new Set<string>();
  for (const d of diagnostics) {
    const { span } = d.place;
    if (span !== null) {
      expect(span.start).toBeGreaterThanOrEqual(0);
      expect(span.end).toBeGreaterThanOrEqual(span.start);
      expect(span.end).toBeLessThanOrEqual(source.length);
    }
    const { message, hint } = describeDiagnostic(d);
    expect(`${message} ${hint}`).not.toMatch(
      /undefined|NaN|\{(?:found|expected|after|hint|what|limit|reason)\}/,
    );
    const key = `${d.code} ${span?.start}`;
    expect(seen, key).not.toContain(key);
    seen.add(key);
  }
}

const words = [
  ...VOCABULARY.map((type) => /^`(.*)`$/.exec(type.LABEL ?? '')?.[1]).filter((text) => text !== undefined),
  ...[
    'a',
    'b',
    'deny',
    'allow',
    '1',
    '0.5',
    '1h',
    '"s"',
    '/x/',
    '{ "a": 1 }',
    '{',
    "'",
    '//',
    '&&',
    '$',
    '\n',
    '\n',
  ],
];
const soup = fc.array(fc.constantFrom(...words), { maxLength: 60 });

describe('anything', () => {
  test('bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (list) =>
        sound('\0'.repeat(200), parsePolicyBytes(list, 'p')),
      ),
      { seed: 3, numRuns: 2000 },
    );
  });
  test('characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 120 }), (text) =>
        sound(text, parsePolicy(text, 'p')),
      ),
      { seed: 4, numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 }), (units) => {
        const text = `policy p ${String.fromCharCode(...units)}`;
        sound(text, parsePolicy(text, 'p'));
      }),
      { seed: 5, numRuns: 1000 },
    );
  });
  test('tokens', () => {
    fc.assert(
      fc.property(soup, fc.boolean(), (list, headed) => {
        const text = `${headed ? 'policy p effects allow < deny\n' : ''}${list.join(' ')}`;
        sound(text, parsePolicy(text, 'p'));
      }),
      { seed: 6, numRuns: 5000 },
    );
  });
  test('a parser that has seen errors parses the next file as if it were new', () => {
    const good = 'policy p effects allow < deny deny x when a == 1';
    const before = JSON.stringify(parsePolicy(good, 'p'));
    fc.assert(
      fc.property(soup, (list) => {
        parsePolicy(`policy p ${list.join(' ')}`, 'p');
        expect(JSON.stringify(parsePolicy(good, 'p'))).toBe(before);
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});
