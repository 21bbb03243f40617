// The road, and nothing else: parse → check → lower → emit. Each phase has one output type; the first that reports errors ends the way.

import type { Bundle } from './bytecode/bundle.ts';
import { check, checkHeader, schemaPath } from './checker/check.ts';
import { loadSchemas, type SchemaHost } from './checker/schema.ts';
import type { SchemaSet } from './checker/shape.ts';
import type { TypedPolicy } from './checker/typed.ts';
import { emit } from './compiler/emit.ts';
import { checkBounds, checkHeights } from './compiler/limits-report.ts';
import { lower } from './compiler/lower.ts';
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

/** Parses and checks the policy at `path`. Never throws on what it reads. */
export function checkPolicy(path: string, host: Host): CheckedPolicy {
  const file = host.readFile(path);
  if (!file.ok)
    return {
      diagnostics: [diagnostic('P4001', { file: path, span: null }, { reason: file.reason })],
      typed: null,
      schemas: null,
    };
  const parsed = parsePolicyBytes(file.bytes, path);
  if (parsed.tree === null || hasErrors(parsed.diagnostics))
    return { diagnostics: parsed.diagnostics, typed: null, schemas: null };
  const schema = schemaPath(parsed.tree);
  if (schema === null)
    return {
      diagnostics: [...parsed.diagnostics, ...checkHeader(parsed.tree, path)],
      typed: null,
      schemas: null,
    };
  const loaded = loadSchemas(relativeTo(path, schema), schemaHost(host));
  if (loaded.set === null || hasErrors(loaded.diagnostics)) {
    return {
      diagnostics: [...parsed.diagnostics, ...checkHeader(parsed.tree, path), ...loaded.diagnostics],
      typed: null,
      schemas: loaded.set,
    };
  }
  const checked = check(parsed.tree, path, loaded.set);
  const heights = checked.typed === null ? [] : checkHeights(checked.typed);
  const diagnostics = [...parsed.diagnostics, ...loaded.diagnostics, ...checked.diagnostics, ...heights];
  return { diagnostics, typed: hasErrors(diagnostics) ? null : checked.typed, schemas: loaded.set };
}

/** Compiles the policy at `path` to a bundle: a function of the source bytes, the schema bytes and the contract version only. */
export function compilePolicy(path: string, host: Host): CompileResult {
  const { diagnostics, typed } = checkPolicy(path, host);
  if (typed === null) return { ok: false, diagnostics };
  const ir = lower(typed);
  const { bytes, bundle, bounds } = emit(ir);
  const all = [...diagnostics, ...checkBounds(typed, ir, bounds)];
  if (hasErrors(all)) return { ok: false, diagnostics: all };
  return { ok: true, compiled: { bytes, bundle, ir, typed, bounds, warnings: all } };
}

function schemaHost(host: Host): SchemaHost {
  return { read: (file) => host.readFile(file) };
}

/** A path that is written in `file`, from where `file` is. */
export function relativeTo(file: string, path: string): string {
  if (path.startsWith('/')) return path;
  const slash = file.lastIndexOf('/');
  return slash < 0 ? path : file.slice(0, slash + 1) + path;
}
