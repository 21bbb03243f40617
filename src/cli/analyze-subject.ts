// The policy that `policyc analyze` reads: a source or a bundle.

import type { AnalysisSubject } from '../analyze/subject.ts';
import type { RulePlace } from '../diff/report.ts';
import type { Files } from './files.ts';
import { liftBundle } from './lifted.ts';
import { compileFile, isBundle, readBytes } from './load.ts';
import { displayName } from './report.ts';

/** Throws a `Stop` when the policy has errors or the bundle does not verify. */
export async function loadSubject(path: string, files: Files): Promise<AnalysisSubject> {
  const bytes = await readBytes(path, files);
  return isBundle(bytes) ? ofBundle(path, bytes) : ofSource(path, files);
}

async function ofBundle(path: string, bytes: Uint8Array): Promise<AnalysisSubject> {
  const ir = await liftBundle(path, bytes);
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
