// The oracle itself: the enumeration is complete, equal policies have no cells, and a wrong report is not let through.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cell, DiffReport } from '../../src/diff/report.ts';
import type { Decision } from '../../src/evaluator/evaluator.ts';
import type { Json } from '../../src/value/json.ts';
import { directionsOf, placeKey, placeOf, trueCells, trueLines } from './oracle/cells.ts';
import { canonical } from './oracle/enumerate.ts';
import { judge, validator } from './oracle/judge.ts';
import { type Built, makePair, PAIR_KINDS, type PairKind, SEEDS, showPair } from './oracle/pairs.ts';
import { reduced } from './oracle/reduce.ts';
import { parseTrap } from './oracle/trap.ts';
import { schemaOf } from './oracle/world.ts';

function pairs(kind: PairKind, count: number): readonly Built[] {
  return fc.sample(SEEDS, { seed: 20, numRuns: count }).flatMap((seeds) => makePair(kind, seeds) ?? []);
}

/** Requests that differ from one in a single place, by little. */
function* nearby(value: Json): Generator<Json> {
  if (typeof value === 'number') yield* [value + 1, value - 1, value + 0.01, null];
  else if (typeof value === 'string') yield* [`${value}x`, '', 'a', 'new', 1, null];
  else if (typeof value === 'boolean' || value === null) yield* [!value, null, 0];
  else if (Array.isArray(value)) {
    yield [...value, ...value.slice(-1)];
    yield value.slice(1);
    for (const [i, item] of value.entries())
      for (const other of nearby(item as Json)) yield value.with(i, other);
  } else {
    yield { ...value, other: 1 };
    for (const [key, member] of Object.entries(value)) {
      const { [key]: _, ...others } = value as Record<string, Json>;
      yield others;
      for (const other of nearby(member)) yield { ...others, [key]: other };
    }
  }
}

/** A report that says what is true. */
function truthful({ old, next, requests }: Built): DiffReport {
  const cells = [...trueCells(old, next, requests).values()].map((cell): Cell => {
    const inside = (request: Json): boolean => {
      const place = placeOf(old.evaluator.evaluate(request), next.evaluator.evaluate(request));
      return place !== null && placeKey(place) === placeKey(cell);
    };
    const witness = requests.find(inside) ?? cell.example;
    const ordered = (rules: readonly string[], names: Set<string>): string[] => [
      ...rules.filter((rule) => names.has(rule)),
      ...['default', 'invalid'].filter((name) => names.has(name)),
    ];
    const { from, to, kind } = cell;
    return {
      ...{ from, to, kind },
      direction: directionsOf(cell, old, next)[0]!,
      oldRules: ordered(old.rules, cell.oldRules),
      newRules: ordered(next.rules, cell.newRules),
      changedRules: [],
      region: { alternatives: [], complete: false },
      witnesses: [witness],
      decisions: [
        { old: summary(old.evaluator.evaluate(witness)), new: summary(next.evaluator.evaluate(witness)) },
      ],
    };
  });
  const policy = { label: '', name: 'p', version: null, bundle: '', rules: [] };
  const verdict = cells.length === 0 ? 'no_change' : 'changed';
  return { verdict, old: policy, new: policy, cells, unknowns: [], structure: [], trace: null };
}

function summary({
  effect,
  rule,
  reason,
  severity,
  obligations,
}: Decision): Cell['decisions'][number]['old'] {
  return { effect, rule, reason, severity, obligations: obligations as unknown as readonly Json[] };
}

describe('the oracle of the comparison', () => {
  it('enumerates every valid request and nothing else', () => {
    for (const { pair, requests } of pairs('edited', 25)) {
      const isValid = validator(schemaOf(pair.old.world));
      const all = new Set(requests.map(canonical));
      expect(all.size).toBe(requests.length);
      const some = requests.filter((_, i) => i % Math.ceil(requests.length / 12) === 0);
      for (const request of some) {
        expect(isValid(request), canonical(request)).toBe(true);
        for (const other of nearby(request)) {
          const text = canonical(other);
          expect(isValid(other), `${text} under ${JSON.stringify(schemaOf(pair.old.world))}`).toBe(
            all.has(text),
          );
        }
      }
    }
  });

  it('no version refuses a request that is valid under its schema', () => {
    for (const { old, requests } of pairs('edited', 25))
      for (const request of requests) expect(old.evaluator.evaluate(request).invalid).toBeNull();
  });

  it('sees no cell between a policy and itself, nor in another way to write it', () => {
    for (const { old, requests } of pairs('edited', 20)) expect(trueCells(old, old, requests).size).toBe(0);
    for (const { old, next, requests } of pairs('rewritten', 80)) {
      const found = [...trueCells(old, next, requests).keys()];
      expect(found, `${old.version.source}\n${next.version.source}`).toEqual([]);
    }
  });

  it('lets a truthful report pass, and no report that is wrong in one point', () => {
    const broken: readonly ((cell: Cell) => readonly Partial<Cell>[])[] = [
      () => [],
      (cell) => [{ ...cell, direction: cell.direction === 'tightening' ? 'loosening' : 'tightening' }, cell],
      (cell) => [{ ...cell, kind: cell.kind === 'effect' ? 'reason' : 'effect' }],
      (cell) => [{ ...cell, oldRules: [] }],
      (cell) => [{ ...cell, newRules: [...cell.newRules, 'nobody'] }],
      (cell) => [{ ...cell, witnesses: [] }],
      (cell) => [{ ...cell, witnesses: [{ no: 'request' }] }],
      (cell) => [{ ...cell, changedRules: ['nobody'] }],
    ];
    for (const kind of PAIR_KINDS)
      for (const built of pairs(kind, 12)) {
        const { old, next, requests } = built;
        const ground = { old, next, requests, oneSided: built.oneSided, complete: kind !== 'open' };
        const report = truthful(built);
        expect(judge(report, ground).problems).toEqual([]);
        const refused = ({ oldRules, newRules }: Cell): boolean =>
          oldRules.includes('invalid') && newRules.includes('invalid');
        const first = report.cells.find((cell) => !refused(cell));
        if (kind === 'open' || first === undefined) continue;
        for (const change of broken) {
          const others = report.cells.filter((cell) => cell !== first);
          const cells = [...(change(first) as readonly Cell[]), ...others];
          expect(judge({ ...report, cells }, ground).problems, change.toString()).not.toEqual([]);
        }
        expect(judge({ ...report, verdict: 'no_change' }, ground).problems).not.toEqual([]);
      }
  });

  it('makes a failing pair smaller, and it still fails', () => {
    const denies = ({ old, next, requests }: Built): boolean =>
      [...trueCells(old, next, requests).values()].some((cell) => cell.to === 'deny');
    const failing = pairs('edited', 40).filter(denies);
    expect(failing.length).toBeGreaterThan(3);
    for (const built of failing.slice(0, 4)) {
      const small = reduced(built, denies);
      expect(denies(small)).toBe(true);
      expect(small.pair.old.policy.items.length + small.pair.next.policy.items.length).toBeLessThan(5);
    }
  });

  it('shows a failing pair as a trap file', () => {
    for (const built of [...pairs('edited', 6), ...pairs('upgraded', 6)]) {
      const trap = parseTrap('shown', showPair(built));
      expect([trap.old, trap.next]).toEqual([built.old.version, built.next.version]);
      expect(trap.cells).toEqual(trueLines(built.old, built.next, trap.requests));
    }
  });
});
