// What is looked for, on small policies whose goals can be told by hand.

import { describe, expect, it } from 'vitest';
import type { GenerateReport } from '../../src/generate/report.ts';
import type { Json } from '../../src/value/json.ts';
import { compiled, generated, hostOf, runAppended } from './appended.ts';

const HEAD = 'policy p\nrequest from "./s.json"\neffects allow < ask < deny\n';

function hostFor(properties: object, rules: string, combining = 'most_restrictive', required?: string[]) {
  const schema = { type: 'object', properties, required: required ?? Object.keys(properties) };
  const source = `${HEAD}combining ${combining}\ndefault allow reason "NONE"\n${rules}\n`;
  return hostOf({ 'p.policy': source, './s.json': JSON.stringify(schema), 's.json': JSON.stringify(schema) });
}

function reportFor(...args: Parameters<typeof hostFor>): GenerateReport {
  return generated(compiled('p.policy', hostFor(...args)));
}

function values(report: GenerateReport, member: string): readonly Json[] {
  return report.requests.map(({ request }) => (request as { [key: string]: Json })[member]!);
}

function missed(report: GenerateReport): readonly string[] {
  return report.goals
    .filter(({ status }) => status !== 'reached')
    .map(({ kind, subject, status }) => `${status} ${kind} ${subject}`);
}

describe('boundaries', () => {
  const integer = { type: 'integer', minimum: 0, maximum: 1000 };
  const text = (format: string) => ({ type: 'string', format });

  it.each([
    ['>=', 'n >= 100', integer, [99, 100]],
    ['>', 'n > 100', integer, [100, 101]],
    ['<', 'n < 100', integer, [99, 100]],
    ['<=', 'n <= 100', integer, [100, 101]],
    ['==', 'n == 100', integer, [99, 100, 101]],
    ['a decimal', 'n >= 0.30', { type: 'number', multipleOf: 0.01, minimum: 0, maximum: 9 }, [0.29, 0.3]],
    ['a date', 'n >= "2026-03-01"', text('date'), ['2026-02-28', '2026-03-01']],
    ['a duration', 'n > 1s', text('duration'), ['PT1.001S', 'PT1S']],
    [
      'a timestamp',
      'n >= "2026-03-01T00:00:00Z"',
      text('date-time'),
      ['2026-02-28T23:59:59.999999Z', '2026-03-01T00:00:00Z'],
    ],
    ['a length', 'size(n) >= 3', { type: 'string', maxLength: 9 }, null],
  ] as const)('are the values at and next to the bound: %s', (_, condition, schema, expected) => {
    const report = reportFor({ n: schema }, `deny bounded when ${condition}`);
    expect(missed(report)).toEqual([]);
    const found = values(report, 'n');
    if (expected === null) expect(found.map((value) => String(value).length).sort()).toEqual([2, 3]);
    else expect([...found].sort((a, b) => (a! < b! ? -1 : 1))).toEqual(expected);
  });

  it('of two fields are where they are equal', () => {
    const report = reportFor({ a: integer, b: integer }, 'deny above when a > b');
    expect(missed(report)).toEqual([]);
    const pairs = report.requests.map(({ request }) => request as { a: number; b: number });
    expect(pairs.some(({ a, b }) => a === b)).toBe(true);
    expect(pairs.some(({ a, b }) => a > b)).toBe(true);
  });

  it('inside a quantifier are those of some item', () => {
    const items = { type: 'array', maxItems: 3, items: { type: 'integer', minimum: 0, maximum: 99 } };
    const report = reportFor({ items }, 'deny some when any(n in items: n >= 10)');
    expect(missed(report)).toEqual([]);
    const found = new Set(values(report, 'items').flatMap((list) => list as readonly Json[]));
    expect([...found]).toEqual(expect.arrayContaining([9, 10]));
  });

  it('beyond the schema are proved to be unreachable', () => {
    const report = reportFor({ n: integer }, 'deny within when n >= 0 and n <= 500');
    expect(missed(report)).toEqual([
      'unreachable fails not (n >= 0)',
      'unreachable boundary n == -1',
      'unreachable independence n >= 0',
    ]);
  });
});

describe('rules', () => {
  const boolean = { type: 'boolean' };

  it('that are hidden by others are proved to decide nothing, though they match', () => {
    const report = reportFor({ a: boolean, b: boolean }, 'deny one when a\ndeny second when a and b');
    expect(missed(report)).toEqual(['unreachable rule second', 'unreachable independence b']);
    expect(report.goals.find(({ kind, subject }) => kind === 'match' && subject === 'second')).toMatchObject({
      status: 'reached',
    });
  });

  it('that leave no request to the default make it unreachable', () => {
    const report = reportFor({ a: boolean }, 'deny yes when a\nask no when not a', 'first_applicable');
    expect(missed(report)).toEqual(['unreachable default default', 'unreachable effect allow']);
    expect(report.requests.map(({ expect: { rule } }) => rule)).toEqual(['yes', 'no']);
  });

  it('of a table are reached row by row', () => {
    const report = reportFor(
      { a: boolean, n: { type: 'integer', minimum: 0, maximum: 9 } },
      'table t (a, n) first {\n  true, 0..4 -> deny\n  some: true, _ -> ask\n  false, 7 -> deny\n}',
    );
    const rules = new Set(report.requests.map(({ expect: { rule } }) => rule));
    expect([...rules].sort()).toEqual([null, 't.1', 't.3', 't.some'].sort());
  });
});

describe('conditions', () => {
  it('are shown by two requests that differ in nothing but what they read', () => {
    const properties = {
      amount: { type: 'integer', minimum: 0, maximum: 9999 },
      mode: { type: 'string', enum: ['read', 'write'] },
      note: { type: 'string' },
    };
    const report = reportFor(properties, 'deny large when mode == "write" and amount >= 500', undefined, [
      'amount',
      'mode',
    ]);
    expect(missed(report)).toEqual([]);
    const byName = new Map(report.requests.map((each) => [each.name, each]));
    for (const [subject, member] of [
      ['mode == "write"', 'mode'],
      ['amount >= 500', 'amount'],
    ] as const) {
      const goal = report.goals.find((each) => each.kind === 'independence' && each.subject === subject);
      const [holds, fails] = goal!.requests.map((name) => byName.get(name)!);
      expect(holds!.expect).toMatchObject({ effect: 'deny', rule: 'large' });
      expect(fails!.expect).toMatchObject({ effect: 'allow', rule: null, reason: 'NONE' });
      const other = holds!.request as { [key: string]: Json };
      const changed = { ...(fails!.request as { [key: string]: Json }), [member]: other[member]! };
      expect(changed).toEqual(other);
    }
    // Three requests show both, at the bound.
    expect(report.requests.length).toBe(3);
    expect(values(report, 'amount')).toEqual(expect.arrayContaining([499, 500]));
  });

  it('that change no decision are proved not to', () => {
    const boolean = { type: 'boolean' };
    const report = reportFor({ a: boolean, b: boolean }, 'deny either when a or (a and b)');
    expect(missed(report)).toEqual(['unreachable independence b']);
  });
});

describe('awkward texts', () => {
  it('come back from test blocks as they were', async () => {
    const texts = ['a"b', 'a\\b', 'line\nline', '\u{2028}\u{7f}', '😀', '{x}', '*'];
    const host = hostFor(
      { text: { type: 'string', enum: texts }, other: { type: 'boolean' } },
      texts.map((text, at) => `deny r${at} when text == ${source(text)}`).join('\n'),
    );
    const report = generated(compiled('p.policy', host));
    expect(new Set(values(report, 'text'))).toEqual(new Set(texts));
    const results = await runAppended('p.policy', host, report);
    expect(results.length).toBe(report.requests.length);
    expect(results.filter(({ ok }) => !ok)).toEqual([]);
  });
});

function source(text: string): string {
  const written = [...text].map((c) => (/[\w{}😀]/u.test(c) ? c : `\\u{${c.codePointAt(0)!.toString(16)}}`));
  return `"${written.join('')}"`;
}

it('without time everything is unknown, and nothing is called unreachable', () => {
  const host = hostFor({ n: { type: 'integer' } }, 'deny bounded when n >= 100');
  const report = generated(compiled('p.policy', host), 0);
  expect(report.requests).toEqual([]);
  expect(report.goals.length).toBeGreaterThan(5);
  expect(report.goals.every(({ status, reason }) => status === 'unknown' && reason !== null)).toBe(true);
});
