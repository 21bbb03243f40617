// The fixtures use everything that the contract consists of, computed from its tables: what is not in a fixture is not promised.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bundleFolder, readFixtures } from '../../scripts/fixture-files.ts';
import type { Bundle, Piece } from '../../src/bytecode/bundle.ts';
import { decodeBundle } from '../../src/bytecode/codec.ts';
import {
  ATOMS,
  CALCS,
  FORMATS,
  INVALID_CODES,
  JSON_KINDS,
  LANGS,
  NODES,
  REASON_DEFAULT,
  REASON_INVALID,
  SLOT_FLAGS,
  SLOT_KINDS,
  SLOT_VIAS,
} from '../../src/bytecode/opcodes.ts';
import { parsePolicyBytes } from '../../src/parser/parse.ts';
import { declaredForms, usedForms } from './ast-forms.ts';

// That every fixture has its bundle is said in bundles.test.ts.
const fixtures = readFixtures().filter((fixture) => existsSync(bundleFolder(fixture)));
const bundles = fixtures.map((fixture): Bundle => {
  const decoded = decodeBundle(new Uint8Array(readFileSync(join(bundleFolder(fixture), 'bundle.policyb'))));
  if (!decoded.ok) throw new Error(`${fixture.name}: ${decoded.message}`);
  return decoded.bundle;
});
const decisions = fixtures.flatMap((fixture) => fixture.cases.flatMap((one) => one.decision ?? []));

/** What of `wanted` is not among `found`. */
function missing(wanted: Iterable<string>, found: Iterable<unknown>): string[] {
  const set = new Set(found);
  return [...wanted].filter((one) => !set.has(one));
}

describe('the tables', () => {
  const slots = bundles.flatMap((bundle) => bundle.slots);
  const holes = bundles.flatMap((bundle) =>
    bundle.rules
      .flatMap((rule): readonly Piece[] => [...(rule.message ?? []), ...(rule.obligations ?? [])])
      .flatMap(({ hole }) => hole ?? []),
  );

  test.each([
    ['atom', ATOMS, bundles.flatMap((bundle) => bundle.atoms.map(({ op }) => op))],
    ['calc', CALCS, bundles.flatMap((bundle) => bundle.calcs.map(({ op }) => op))],
    ['node', NODES, bundles.flatMap((bundle) => bundle.nodes.map(({ op }) => op))],
    ['slot via', SLOT_VIAS, slots.map(({ via }) => via)],
    ['slot kind', SLOT_KINDS, slots.map(({ kind }) => kind)],
    ['language', LANGS, bundles.flatMap((bundle) => bundle.langs.map(({ kind }) => kind))],
    ['format', FORMATS, holes.filter(({ list }) => !list).map(({ format }) => format)],
    ['format of lists', FORMATS, holes.filter(({ list }) => list).map(({ format }) => format)],
    [
      'slot flag',
      SLOT_FLAGS,
      Object.keys(SLOT_FLAGS).filter((flag) => slots.some((slot) => slot[flag as keyof typeof SLOT_FLAGS])),
    ],
  ])('%s: every row is used', (_, table, found) => {
    expect(missing(Object.keys(table), found)).toEqual([]);
  });

  test('every JSON kind is asked for', () => {
    const masks = bundles.flatMap((bundle) =>
      bundle.atoms.filter(({ op }) => op === 'KIND_IS').map(({ index }) => index!),
    );
    for (const [kind, bit] of Object.entries(JSON_KINDS))
      expect(
        masks.some((mask) => mask & bit),
        kind,
      ).toBe(true);
  });

  test('the flags of calcs and quantifiers are used', () => {
    const quants = bundles.flatMap((bundle) =>
      bundle.nodes
        .filter(({ op }) => NODES[op].a === 'quant')
        .map(({ op, a }) => ({ op, ...bundle.quants[a]! })),
    );
    expect(bundles.some((bundle) => bundle.calcs.some(({ memo }) => memo))).toBe(true);
    for (const op of ['ANY', 'ALL', 'COUNT', 'FIRST']) {
      expect(
        quants.some((quant) => quant.op === op && quant.memo),
        `memo ${op}`,
      ).toBe(true);
    }
    expect(quants.some(({ overValues }) => overValues)).toBe(true);
    expect(quants.some(({ except }) => except !== null)).toBe(true);
  });

  test('both combining algorithms are used', () => {
    expect(
      missing(
        ['most_restrictive', 'first_applicable'],
        bundles.map(({ combining }) => combining),
      ),
    ).toEqual([]);
  });
});

describe('the decisions', () => {
  test('show every code of an invalid request', () => {
    // not_plain: of objects that are not JSON data; a fixture is JSON.
    const wanted = INVALID_CODES.filter((code) => code !== 'not_plain');
    expect(
      missing(
        wanted,
        decisions.map(({ invalid }) => invalid?.code),
      ),
    ).toEqual([]);
  });

  test('show both built-in reasons', () => {
    expect(
      missing(
        [REASON_INVALID, REASON_DEFAULT],
        decisions.map(({ reason }) => reason),
      ),
    ).toEqual([]);
  });
});

/** Parsed, and refused by the checker until they are supported: see semantics.md. */
const LATER_FORMS = [
  'extend {list name}',
  'import {from names}',
  'extends {bases tightenOnly}',
  'under {left negated right}',
  'regex {flags source}',
  'table {table}',
];
const LATER_VALUES = [
  'pattern=host',
  'pattern=cidr',
  'mode=unique',
  'let.open=true',
  'rule.final=true',
  'rule.shadow=true',
  'table.complete=true',
  'extends.tightenOnly=true',
  'extends.tightenOnly=false',
  'under.negated=true',
  'under.negated=false',
];

describe('the language', () => {
  const declared = declaredForms(readFileSync(join(import.meta.dirname, '../../src/ast.ts'), 'utf8'));
  const used = usedForms(
    fixtures.map(({ folder }) => parsePolicyBytes(readFileSync(join(folder, 'policy.policy')), folder).tree),
  );

  test('has the forms that are for later', () => {
    expect(declared.forms.size).toBeGreaterThan(50);
    expect(missing(LATER_FORMS, declared.forms)).toEqual([]);
    expect(missing(LATER_VALUES, declared.values)).toEqual([]);
  });

  test('every other form of the tree is used', () => {
    expect(missing(declared.forms, [...used.forms, ...LATER_FORMS])).toEqual([]);
    expect(missing(used.forms, declared.forms)).toEqual([]);
  });

  test('every other word and flag of a form is used', () => {
    expect(missing(declared.values, [...used.values, ...LATER_VALUES])).toEqual([]);
  });
});
