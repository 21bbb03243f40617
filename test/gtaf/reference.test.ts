// The model of the reference against the frozen fixtures.
import { describe, expect, it } from 'vitest';
import { loadCases } from './cases.ts';
import { evaluate } from './reference.ts';

describe('the model of the GTAF reference', () => {
  it.each(loadCases())('$name', ({ request, expected }) => {
    const verdict = evaluate(request.drc, request.context, request.artifacts, request.now);
    expect({ effect: verdict.outcome, reason: verdict.reason }).toEqual(expected);
  });

  it('knows dates before it compares them', () => {
    const at = (valid_from: string) => {
      const drc = {
        id: 'd',
        revision: 1,
        result: 'PERMITTED',
        gtaf_ref: { version: '0.1' },
        scope: 's',
        valid_from,
        valid_until: '2032-01-01T00:00:00Z',
        refs: { sb: ['a'], dr: ['a'], rb: [] },
      };
      return evaluate(drc, {}, {}, '2031-01-01T00:00:00Z').reason;
    };
    expect(at('2028-02-29T00:00:00Z')).toBe('MISSING_REFERENCE');
    expect(at('2030-02-29T00:00:00Z')).toBe('INVALID_DRC_SCHEMA');
    expect(at('0001-01-01T00:00:00Z')).toBe('MISSING_REFERENCE');
    expect(at('2030-01-01T00:00:00+24:00')).toBe('INVALID_DRC_SCHEMA');
    expect(at('2030-01-01T00:00:00+23:59')).toBe('MISSING_REFERENCE');
    expect(at('2031-01-01T00:59:59.999999+01:00')).toBe('MISSING_REFERENCE');
    expect(at('2031-01-01T00:00:00.000001Z')).toBe('EXPIRED');
    expect(at('2030-12-31')).toBe('INTERNAL_ERROR');
  });
});
