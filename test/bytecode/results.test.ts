// What the compiler says of results and variables: their limits are those of everything they may hold, and nothing is an error there,
// because their values were judged where they stand in the request.

import { describe, expect, test } from 'vitest';
import type { Bundle } from '../../src/bytecode/bundle.ts';
import { decodeBundle } from '../../src/bytecode/codec.ts';
import { compilePolicy } from '../../src/policy.ts';

const string = (maxLength?: number): object => ({ type: 'string', maxLength });
const strings = (maxItems?: number): object => ({ type: 'array', items: { type: 'string' }, maxItems });
const schema = JSON.stringify({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    five: string(5),
    ten: string(10),
    free: string(),
    two: strings(2),
    seven: strings(7),
    env: { enum: ['dev', 'prod'] },
    least: { type: 'integer', minimum: 3, maximum: 9 },
    most: { type: 'integer', minimum: 5, maximum: 20 },
    items: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        properties: {
          tags: { type: 'array', items: { type: 'string' }, uniqueItems: true },
          at: { type: 'object', additionalProperties: false, properties: { x: { type: 'string' } } },
        },
      },
    },
  },
});

function compiled(condition: string): Bundle {
  const policy = `policy p\nrequest from "s.json"\neffects allow < deny\ncombining most_restrictive\ndefault deny\nallow r when ${condition}\n`;
  const result = compilePolicy('p.policy', {
    readFile: (path) => ({
      ok: true,
      bytes: new TextEncoder().encode(path.endsWith('.policy') ? policy : schema),
    }),
  });
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
  const decoded = decodeBundle(result.compiled.bytes);
  if (!decoded.ok) throw new Error(decoded.message);
  return decoded.bundle;
}

/** Limits of the result of the last COALESCE. */
function limitsOf(condition: string): unknown {
  const { calcs, slots } = compiled(condition);
  return slots[calcs.findLast(({ op }) => op === 'COALESCE')!.dst]!.limits;
}

describe('the limits of `??`', () => {
  test('are those of the longer text', () => {
    expect(limitsOf('(five ?? "twelve chars") == "y"')).toMatchObject({ maxLength: 12 });
    expect(limitsOf('(five ?? "x") == "y"')).toMatchObject({ maxLength: 5, set: null });
    expect(limitsOf('((five ?? ten) ?? "x") == "y"')).toMatchObject({ maxLength: 10 });
    expect(limitsOf('((five ?? free) ?? "x") == "y"')).toBeNull();
  });

  test('are those of the longer list', () => {
    expect(limitsOf('any(s in ((two ?? seven) ?? []): s == "x")')).toMatchObject({ maxLength: 7 });
  });

  test('are those of both ranges', () => {
    expect(limitsOf('((least ?? most) ?? 1) > 4')).toMatchObject({ min: 1, max: 20 });
  });

  test('keep the texts of an enum', () => {
    const { sets } = compiled('(env ?? "dev") == "prod"');
    expect(sets).toContainEqual({ of: 'string', items: ['dev', 'prod'] });
    expect(limitsOf('(env ?? "dev") == "prod"')).toMatchObject({ set: expect.any(Number) });
  });
});

test('below variables and results nothing is closed or unique', () => {
  for (const condition of [
    'any(i in items ?? []: any(t in i.tags ?? []: t == "x"))',
    'any(i in items ?? []: has i.at and has i.at.x)',
    'has items and has items[0] and has items[0].at and has items[0].at.x',
  ]) {
    const { slots } = compiled(condition);
    const later = (i: number | null): boolean =>
      i !== null && (['bound', 'calc'].includes(slots[i]!.via) || later(slots[i]!.parent));
    expect(slots.filter((slot, i) => later(i) && (slot.closed || slot.unique))).toEqual([]);
    // Where the value stands in the request, it is.
    expect(slots.some((slot) => slot.closed || slot.unique)).toBe(true);
  }
});
