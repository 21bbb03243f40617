// policyc inspect: what is inside a policy or a bundle.

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Bundle } from '../bytecode/bundle.ts';
import { decodeBundle } from '../bytecode/codec.ts';
import { disassemble } from '../bytecode/disassemble.ts';
import type { DecisionTableRow } from '../ir/render.ts';
import type { Files } from './files.ts';
import { compileFile, isBundle, loadBytes, readBytes, refusal } from './load.ts';
import { type ProjectedPath, projectedPaths } from './projection-view.ts';
import { displayName } from './report.ts';
import { type ExitCode, outColors, print } from './terminal.ts';
import { printable } from './text-width.ts';

export interface InspectOptions {
  readonly format: 'text' | 'json';
}

interface View {
  readonly policy: string;
  readonly version: string | null;
  readonly combining: string;
  readonly effects: readonly string[];
  readonly bundle: string;
  readonly bytes: number;
  readonly bounds: { readonly steps: number; readonly scan: number };
  readonly projection: readonly ProjectedPath[];
  /** Only of a policy: a bundle holds the code, not the conditions. */
  /** Null for a bundle that is too large to read its rules back. */
  readonly decisionTable: readonly DecisionTableRow[] | null;
  readonly disassembly: string;
}

export async function inspect(path: string, options: InspectOptions, files: Files): Promise<ExitCode> {
  const bytes = await readBytes(path, files);
  const { view, table } = isBundle(bytes) ? await ofBundle(path, bytes) : await ofPolicy(path, files);
  await print(options.format === 'json' ? `${JSON.stringify(view, null, 2)}\n` : textOf(view, table));
  return 0;
}

/** The view, and its decision table as text. */
interface Inspected {
  readonly view: View;
  readonly table: string;
}

async function ofPolicy(path: string, files: Files): Promise<Inspected> {
  const [{ bytes, bundle, bounds, ir }, { decisionTable, printDecisionTable }] = await Promise.all([
    compileFile(path, files),
    import('../ir/render.ts'),
  ]);
  return { view: viewOf(bytes, bundle, bounds, decisionTable(ir)), table: printDecisionTable(ir) };
}

async function ofBundle(path: string, bytes: Uint8Array): Promise<Inspected> {
  // Loading verifies: nobody should read the code of a bundle that no evaluator accepts.
  await loadBytes(path, bytes);
  const result = decodeBundle(bytes);
  if (!result.ok) throw refusal(path, result);
  const [{ lift, MAX_LIFT_WORK }, { decisionTable, printDecisionTable }] = await Promise.all([
    import('../ir/lift.ts'),
    import('../ir/render.ts'),
  ]);
  const { bundle } = result;
  const bounds = { steps: result.steps, scan: result.scan };
  if (bundle.rules.length * bundle.nodes.length > MAX_LIFT_WORK) {
    const table = `too large to be read back from a bundle: inspect the policy that ${displayName(path)} was compiled from`;
    return { view: viewOf(bytes, bundle, bounds, null), table };
  }
  const ir = lift(bundle);
  return { view: viewOf(bytes, bundle, bounds, decisionTable(ir)), table: printDecisionTable(ir) };
}

function viewOf(
  bytes: Uint8Array,
  bundle: Bundle,
  bounds: View['bounds'],
  decisionTable: View['decisionTable'],
): View {
  return {
    policy: bundle.name,
    version: bundle.version,
    combining: bundle.combining,
    effects: bundle.effects,
    bundle: `sha256:${bytesToHex(sha256(bytes))}`,
    bytes: bytes.length,
    bounds,
    projection: projectedPaths(bundle),
    decisionTable,
    disassembly: disassemble(bundle),
  };
}

function textOf(view: View, table: string): string {
  const version = view.version === null ? '' : ` version ${JSON.stringify(view.version)}`;
  const paths = view.projection.map(
    ({ path: place, type, notes }) => [place, [type, ...notes].join(', ')] as const,
  );
  const column = Math.min(48, Math.max(0, ...paths.map(([place]) => place.length)));
  const sections: (readonly [string, string])[] = [
    [
      'policy',
      [
        `${view.policy}${version}, ${view.combining}, ${view.effects.join(' < ')}`,
        `${view.bundle}, ${view.bytes} bytes`,
        `at most ${view.bounds.steps} steps and ${view.bounds.scan} scanned bytes per decision`,
      ].join('\n'),
    ],
    ['projection', paths.map(([place, what]) => `${place.padEnd(column)}  ${what}`).join('\n')],
    ['decision table', table],
    ['code', view.disassembly],
  ];
  return sections
    .map(([title, text]) => `${outColors.bold(`# ${title}`)}\n${printable(text.trimEnd())}\n`)
    .join('\n');
}
