// What the checker accepts and rejects, told by the case files beside this test.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHECK_CATALOG } from '../../src/diagnostic/catalog-check.ts';
import { CATALOG, type Diagnostic, describe as textOf } from '../../src/diagnostic/diagnostic.ts';
import { checkPolicy, compilePolicy } from '../../src/policy.ts';
import { found, hostOf, marked, missingWords, readCases } from './case-file.ts';
import { GENERATED } from './generated-cases.ts';

const files = readdirSync(join(import.meta.dirname, 'cases')).filter((name) =>
  name.endsWith('.policy-cases'),
);
const codes = new Set<string>();

/** Checks a policy; what is free of errors is compiled too, because some limits show only then. */
function diagnose(source: string): readonly Diagnostic[] {
  const host = hostOf(source);
  const checked = checkPolicy('case.policy', host);
  if (checked.typed === null) return checked.diagnostics;
  const result = compilePolicy('case.policy', host);
  const all = result.ok ? result.compiled.warnings : result.diagnostics;
  // How large a bound is, is not what most cases are about.
  return all.filter((one) => one.code !== 'P3910' || source.includes('P3910'));
}

function verify(source: string): void {
  const diagnostics = diagnose(source);
  for (const one of diagnostics) codes.add(one.code);
  const texts = diagnostics.map((one) => `${one.code} ${textOf(one).message} (${textOf(one).hint})`);
  expect(found(source, diagnostics).sort(), texts.join('\n')).toEqual(marked(source).sort());
  expect(missingWords(source, diagnostics), texts.join('\n')).toEqual([]);
  for (const one of diagnostics) expect(openHoles(one)).toEqual([]);
}

// A text shows `{name}` itself where it explains templates.
function openHoles(one: Diagnostic): string[] {
  const row: { readonly message: string; readonly hint?: string } = CATALOG[one.code];
  const holes = [...`${row.message} ${row.hint ?? ''}`.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  const shown = Object.values(one.args).join(' ');
  const bad = /undefined|NaN|\[object/.test(shown) ? [shown] : [];
  return [...bad, ...holes.filter((hole) => !(hole in one.args) && one.code !== 'P3061')];
}

describe.each(files)('%s', (name) => {
  it.each(readCases(name))('$title', ({ source }) => verify(source));
});

describe('generated', () => {
  it.each(GENERATED)('$title', ({ source }) => verify(source));
});

it('covers every code of the checker', () => {
  expect(Object.keys(CHECK_CATALOG).filter((code) => !codes.has(code))).toEqual([]);
});
