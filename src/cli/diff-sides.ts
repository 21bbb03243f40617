// The inputs of a comparison: two policies, each a source, a bundle or a file of a git revision, and recorded requests.

import { type Diagnostic, diagnostic } from '../diagnostic/diagnostic.ts';
import type { RulePlace } from '../diff/report.ts';
import type { DiffSide } from '../diff/sides.ts';
import type { Json } from '../value/json.ts';
import { STDIN } from './files.ts';
import { parseRevisionPath, type RevisionFiles, revisionName } from './git-revision.ts';
import { liftBundle } from './lifted.ts';
import { isBundle, readBytes } from './load.ts';
import { displayName, Stop, stop } from './report.ts';
import { readRequests } from './request-stream.ts';
import type { ExitCode } from './terminal.ts';

/** Both versions; throws a `Stop` with the diagnostics of both when one of them cannot be compared. */
export async function loadSides(
  oldName: string,
  newName: string,
  files: RevisionFiles,
): Promise<readonly [DiffSide, DiffSide]> {
  const sides: DiffSide[] = [];
  const diagnostics: Diagnostic[] = [];
  let exitCode: ExitCode = 0;
  for (const name of [oldName, newName]) {
    try {
      sides.push(await loadSide(name, files));
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      diagnostics.push(...error.diagnostics);
      if (error.exitCode > exitCode) exitCode = error.exitCode;
    }
  }
  const [old, next] = sides;
  if (old === undefined || next === undefined) throw new Stop(distinct(diagnostics), exitCode);
  return [old, next];
}

/** The mistakes of a file that is given twice are shown once. */
function distinct(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...new Map(diagnostics.map((d) => [JSON.stringify(d), d])).values()];
}

async function loadSide(name: string, files: RevisionFiles): Promise<DiffSide> {
  const bytes = await readBytes(name, files);
  return isBundle(bytes) ? ofBundle(name, bytes) : ofSource(name, files);
}

async function ofBundle(name: string, bytes: Uint8Array): Promise<DiffSide> {
  const ir = await liftBundle(name, bytes);
  return { label: displayName(name), bytes, ir, schemas: null, rulePlaces: new Map() };
}

async function ofSource(name: string, files: RevisionFiles): Promise<DiffSide> {
  const { compilePolicy } = await import('../policy.ts');
  const { path, host, nameOf } = placeOf(name, files);
  const result = compilePolicy(path, host);
  if (!result.ok)
    throw new Stop(
      result.diagnostics.map((d) => renamed(d, nameOf)),
      1,
    );
  const { bytes, ir, typed } = result.compiled;
  const rulePlaces = new Map<string, RulePlace['place']>();
  for (const rule of typed.rules) {
    const file = nameOf(rule.file);
    const range = files.source(file)?.range(rule.span);
    if (range === undefined) continue;
    rulePlaces.set(rule.name, { file: displayName(file), line: range.line, column: range.column });
  }
  return { label: displayName(name), bytes, ir, schemas: typed.schemas, rulePlaces };
}

/** How the compiler reads a policy: what a file of a revision refers to is read from that revision, by its path in the repository. */
function placeOf(name: string, files: RevisionFiles) {
  const parsed = parseRevisionPath(name);
  if (parsed === null) return { path: name, host: files, nameOf: (file: string) => file };
  const place = files.rootPath(parsed);
  if ('reason' in place) throw stop('P4001', name, { reason: place.reason });
  return {
    path: place.path,
    host: files.revision(parsed.revision),
    nameOf: (file: string) => revisionName(parsed.revision, file),
  };
}

function renamed(d: Diagnostic, nameOf: (file: string) => string): Diagnostic {
  return { ...d, place: { ...d.place, file: nameOf(d.place.file) } };
}

/** The recorded requests of a file. */
export async function loadTrace(path: string): Promise<readonly Json[]> {
  const decoder = new TextDecoder();
  const requests: Json[] = [];
  for await (const lines of readRequests(path)) {
    for (const line of lines) {
      try {
        requests.push(JSON.parse(decoder.decode(line)));
      } catch {
        const args = { number: requests.length + 1, path: displayName(path) };
        throw new Stop([diagnostic('P4013', { file: path, span: null }, args)], 2);
      }
    }
  }
  return requests;
}

/** Refuses command lines that name standard input more than once. */
export function checkStdin(names: { readonly [argument: string]: string | undefined }): void {
  const readers = Object.keys(names).filter((argument) => names[argument] === STDIN);
  if (readers.length > 1) throw stop('P4011', STDIN, { names: readers.join(' and ') });
}
