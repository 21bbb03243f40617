// The policy that `policyc analyze` reads: a source or a bundle.

import type { AnalysisSubject } from '../analyze/subject.ts';
import { decodeBundle } from '../bytecode/codec.ts';
import type { RulePlace } from '../diff/report.ts';
import { MAX_LIFT_WORK } from '../diff/sides.ts';
import type { Files } from './files.ts';
import { compileFile, isBundle, loadBytes, readBytes, refusal } from './load.ts';
import { displayName, stop } from './report.ts';

/** Throws a `Stop` when the policy has errors or the bundle does not verify. */
export async function loadSubject(path: string, files: Files): Promise<AnalysisSubject> {
  const bytes = await readBytes(path, files);
  return isBundle(bytes) ? ofBundle(path, bytes) : ofSource(path, files);
}

async function ofBundle(path: string, bytes: Uint8Array): Promise<AnalysisSubject> {
  await loadBytes(path, bytes);
  const decoded = decodeBundle(bytes);
  if (!decoded.ok) throw refusal(path, decoded);
  const { bundle } = decoded;
  if (bundle.rules.length * bundle.nodes.length > MAX_LIFT_WORK) throw stop('P4012', path);
  const { lift } = await import('../ir/lift.ts');
  const ir = lift(bundle);
  return { label: displayName(path), bytes, ir, schemas: null, typed: null, rulePlaces: new Map() };
}

async function ofSource(path: string, files: Files): Promise<AnalysisSubject> {
  const { bytes, ir, typed } = await compileFile(path, files);
  const rulePlaces = new Map<string, RulePlace['place']>();
  for (const { name, file, span } of typed.rules) {
    const range = files.source(file)?.range(span);
    if (range === undefined) continue;
    rulePlaces.set(name, { file: displayName(file), line: range.line, column: range.column });
  }
  return { label: displayName(path), bytes, ir, schemas: typed.schemas, typed, rulePlaces };
}
