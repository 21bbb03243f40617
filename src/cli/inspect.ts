// policyc inspect: what is inside a policy or a bundle.

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Bundle } from '../bytecode/bundle.ts';
import { decodeBundle } from '../bytecode/codec.ts';
import { disassemble } from '../bytecode/disassemble.ts';
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
  readonly decisionTable: string | null;
  readonly disassembly: string;
}

export async function inspect(path: string, options: InspectOptions, files: Files): Promise<ExitCode> {
  const bytes = await readBytes(path, files);
  const view = isBundle(bytes) ? await bundleView(path, bytes) : await policyView(path, files);
  await print(options.format === 'json' ? `${JSON.stringify(view, null, 2)}\n` : textOf(view, path));
  return 0;
}

async function policyView(path: string, files: Files): Promise<View> {
  const [compiled, { decisionTable }] = await Promise.all([
    compileFile(path, files),
    import('../ir/render.ts'),
  ]);
  return viewOf(compiled.bytes, compiled.bundle, compiled.bounds, decisionTable(compiled.ir));
}

async function bundleView(path: string, bytes: Uint8Array): Promise<View> {
  // Loading verifies: nobody should read the code of a bundle that no evaluator accepts.
  await loadBytes(path, bytes);
  const result = decodeBundle(bytes);
  if (!result.ok) throw refusal(path, result);
  return viewOf(bytes, result.bundle, { steps: result.steps, scan: result.scan }, null);
}

function viewOf(
  bytes: Uint8Array,
  bundle: Bundle,
  bounds: View['bounds'],
  decisionTable: string | null,
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

function textOf(view: View, path: string): string {
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
    [
      'decision table',
      view.decisionTable ??
        `not part of a bundle: inspect the policy that ${displayName(path)} was compiled from`,
    ],
    ['code', view.disassembly],
  ];
  return sections
    .map(([title, text]) => `${outColors.bold(`# ${title}`)}\n${printable(text.trimEnd())}\n`)
    .join('\n');
}
