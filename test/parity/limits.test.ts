// Parity at the limits that generated requests do not reach: each on both sides.
import { describe, expect, it } from 'vitest';
import {
  MAX_LIST_ITEMS,
  MAX_MAP_ENTRIES,
  MAX_MESSAGE,
  MAX_NODES,
  MAX_STRING_BYTES,
} from '../../src/bytecode/limits.ts';
import { difference } from './properties.ts';

function policy(condition: string): string {
  return `policy p\nrequest from "s.json"\neffects allow < deny\ncombining most_restrictive\ndefault allow\ndeny d when ${condition} message "{t}"\n`;
}

const SCHEMA = JSON.stringify({
  type: 'object',
  required: ['t'],
  properties: {
    t: { type: 'string' },
    u: true,
    xs: { type: 'array', items: { type: 'integer' } },
    rows: { type: 'array', items: { type: 'array', items: { type: 'integer' } } },
    m: { type: 'object', additionalProperties: { type: 'array', items: { type: 'integer' } } },
  },
});

const list = (length: number): number[] => Array.from({ length }, (_, i) => i);
const map = (size: number, value: unknown): object =>
  Object.fromEntries(list(size).map((i) => [`k${i}`, value]));

describe('the evaluators agree with the specification at the limit of', () => {
  const at = (condition: string, value: unknown): void =>
    expect(difference(policy(condition), SCHEMA, value)).toBeNull();

  it.each([0, 1])('items, and %d more', (more) => {
    at('has xs and 3 in xs', { t: '', xs: list(MAX_LIST_ITEMS + more) });
    at('u is list<int> and any(v in u: v == 3)', { t: '', u: list(MAX_LIST_ITEMS + more) });
    at('u is list and size(u) > 3', { t: '', u: list(MAX_LIST_ITEMS + more) });
  });

  it.each([0, 1])('entries, and %d more', (more) => {
    at('has m and "k1" in m', { t: '', m: map(MAX_MAP_ENTRIES + more, []) });
    at('u is map<int>', { t: '', u: map(MAX_MAP_ENTRIES + more, 1) });
    at('u is object and "k1" in u', { t: '', u: map(MAX_MAP_ENTRIES + more, 1) });
  });

  it.each([0, 1])('values, and %d more', (more) => {
    // The text, the list of rows, the rows and their items.
    const perRow = 1_000;
    const rows = Array.from({ length: 65 }, () => list(perRow));
    rows.push(list(MAX_NODES - 2 - 66 - 65 * perRow + more));
    at('has rows and size(rows) > 3', { t: '', rows });
    const entries = map(65, list(perRow));
    const rest = MAX_NODES - 2 - 66 - 65 * perRow + more;
    at('has m and size(m) > 3', { t: '', m: { ...entries, rest: list(rest) } });
    at('has m and size(m) > 3', { t: '', m: { rest: ['x'], ...entries, more: list(rest) } });
  });

  it.each([0, 1])('bytes of a string, and %d more', (more) => {
    at('t != "a"', { t: 'x'.repeat(MAX_STRING_BYTES + more) });
    at('t != "a"', { t: `${'é'.repeat(MAX_STRING_BYTES / 2)}${'x'.repeat(more)}` });
    at('u is string', { t: '', u: 'x'.repeat(MAX_STRING_BYTES + more) });
  });

  it.each([0, 1])('code points of a message, and %d more', (more) => {
    at('t != "a"', { t: '😀'.repeat(MAX_MESSAGE + more) });
  });
});
