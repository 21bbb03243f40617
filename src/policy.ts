// The road, and nothing else: parse → check → lower → emit. Each phase has one output type; the first that reports errors ends the way.

import type { Str } from './ast.ts';
import type { Bundle } from './bytecode/bundle.ts';
import { check, checkHeader, schemaPath } from './checker/check.ts';
import { loadSchemas } from './checker/schema.ts';
import type { SchemaSet } from './checker/shape.ts';
import type { TypedPolicy } from './checker/typed.ts';
import { type Emitted, emit } from './compiler/emit.ts';
import { checkBounds, checkHeights, reportTooLarge } from './compiler/limits-report.ts';
import { lower } from './compiler/lower.ts';
import { TooLarge } from './compiler/too-large.ts';
import { type Diagnostic, diagnostic, hasErrors } from './diagnostic/diagnostic.ts';
import type { Ir } from './ir/ir.ts';
import { parsePolicyBytes } from './parser/parse.ts';

/** How the road reads files. Paths are as given, or relative to the file that names them, with `/` between segments. */
export interface Host {
  readFile(
    path: string,
  ): { readonly ok: true; readonly bytes: Uint8Array } | { readonly ok: false; readonly reason: string };
}

export interface CheckedPolicy {
  /** Every error and warning, in the order of the source. */
  readonly diagnostics: readonly Diagnostic[];
  /** Null when there are errors. */
  readonly typed: TypedPolicy | null;
  /** Null when the schemas could not be read. */
  readonly schemas: SchemaSet | null;
}

export interface Compiled {
  readonly bytes: Uint8Array;
  readonly bundle: Bundle;
  readonly ir: Ir;
  readonly typed: TypedPolicy;
  /** Bounds on the work of one decision: node steps, and bytes of text looked at. */
  readonly bounds: { readonly steps: number; readonly scan: number };
  readonly warnings: readonly Diagnostic[];
}

export type CompileResult =
  | { readonly ok: true; readonly compiled: Compiled }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** parse → check. Never throws on what it reads. */
export function checkPolicy(path: string, host: Host): CheckedPolicy {
  const stop = (...diagnostics: Diagnostic[]): CheckedPolicy => ({ diagnostics, typed: null, schemas: null });
  const source = host.readFile(path);
  if (!source.ok)
    return stop(diagnostic('P4001', { file: path, span: null }, { path, reason: source.reason }));

  const { tree, diagnostics: parsing } = parsePolicyBytes(source.bytes, path);
  if (tree === null || hasErrors(parsing)) return stop(...parsing);

  const schema = schemaPath(tree);
  if (schema === null) return stop(...parsing, ...checkHeader(tree, path));
  const entry = relativeTo(path, schema.value);
  const loaded = loadSchemas(entry, { read: (file) => host.readFile(file) });
  const loading = loaded.diagnostics.map((d) => atRequest(d, path, schema));
  if (loaded.set === null || hasErrors(loading))
    return stop(...parsing, ...checkHeader(tree, path), ...loading);

  const { typed, diagnostics: checking } = check(tree, path, loaded.set);
  const diagnostics = [...parsing, ...loading, ...checking, ...(typed === null ? [] : checkHeights(typed))];
  return { diagnostics, typed: hasErrors(diagnostics) ? null : typed, schemas: loaded.set };
}

/** The whole road, to a bundle: a function of the source bytes, the schema bytes and the contract version only. */
export function compilePolicy(path: string, host: Host): CompileResult {
  const { typed, diagnostics } = checkPolicy(path, host);
  if (typed === null) return { ok: false, diagnostics };
  const ir = lower(typed);
  const emitted = emitOrReport(typed, ir);
  if ('code' in emitted) return { ok: false, diagnostics: [...diagnostics, emitted] };
  const warnings = [...diagnostics, ...checkBounds(typed, ir, emitted.bounds)];
  return hasErrors(warnings)
    ? { ok: false, diagnostics: warnings }
    : { ok: true, compiled: { ...emitted, ir, typed, warnings } };
}

function emitOrReport(typed: TypedPolicy, ir: Ir): Emitted | Diagnostic {
  try {
    return emit(ir);
  } catch (error) {
    if (error instanceof TooLarge) return reportTooLarge(typed, ir, error.reason);
    throw error;
  }
}

// A schema that cannot be read is an error of the line that names it; one that another schema refers to has a pointer.
function atRequest(d: Diagnostic, file: string, schema: Str): Diagnostic {
  const entry = d.code === 'P2001' && d.place.span === null && d.place.pointer === undefined;
  return entry ? { ...d, place: { file, span: schema.span } } : d;
}

/** A path that is written in `file`, from where `file` is. */
export function relativeTo(file: string, path: string): string {
  if (path.startsWith('/')) return path;
  const slash = file.lastIndexOf('/');
  return slash < 0 ? path : file.slice(0, slash + 1) + path;
}
