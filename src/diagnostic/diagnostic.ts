// A diagnostic is data: a code, a place and arguments. Text is made from the catalogue at the edge.
// Leaf folder: it imports only the parsed tree's `Span`.

import type { Span } from '../ast.ts';
import { CHECK_CATALOG } from './catalog-check.ts';
import { INPUT_CATALOG } from './catalog-input.ts';
import { PARSE_CATALOG } from './catalog-parse.ts';
import { PROOF_CATALOG } from './catalog-proof.ts';
import { SCHEMA_CATALOG } from './catalog-schema.ts';

/** Values that a catalogue text may show. */
export type Args = { readonly [name: string]: string | number };

/** One row of a catalogue. `{name}` in a text is replaced by the argument of that name. */
export interface CatalogRow {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly hint?: string;
}
export type Catalog = { readonly [code: string]: CatalogRow };

/** Every diagnostic that the compiler can give, by code. P1: parse, P2: schema, P3: check, P4: files and bundles, P5: invariants. */
export const CATALOG = {
  ...PARSE_CATALOG,
  ...SCHEMA_CATALOG,
  ...CHECK_CATALOG,
  ...INPUT_CATALOG,
  ...PROOF_CATALOG,
} satisfies Catalog;

export type DiagnosticCode = keyof typeof CATALOG;

/** Where a diagnostic points. `span` is null when the file as a whole is meant; `pointer` is an RFC 6901 JSON pointer. */
export interface Place {
  readonly file: string;
  readonly span: Span | null;
  readonly pointer?: string;
}

export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: 'error' | 'warning';
  readonly place: Place;
  readonly args: Args;
}

/** Makes a diagnostic; its severity is the catalogue's. */
export function diagnostic(code: DiagnosticCode, place: Place, args: Args = {}): Diagnostic {
  return { code, severity: CATALOG[code].severity, place, args };
}

/** The message and, where there is one, the hint of a diagnostic, in plain English without place. */
export function describe(d: Diagnostic): { message: string; hint: string | null } {
  const row: CatalogRow = CATALOG[d.code];
  return {
    message: fill(row.message, d.args),
    hint: row.hint === undefined ? null : fill(row.hint, d.args) || null,
  };
}

function fill(text: string, args: Args): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in args ? String(args[name]) : whole));
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === 'error');
}
