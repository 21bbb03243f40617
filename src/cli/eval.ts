// policyc eval: one decision per request, in the order of the input.

import { diagnostic } from '../diagnostic/diagnostic.ts';
import { type Engine, type EngineChoice, loadEngines } from './engine.ts';
import { type Files, STDIN } from './files.ts';
import { readBundle } from './load.ts';
import { displayName, stop, toText } from './report.ts';
import { readRequests } from './request-stream.ts';
import { type ExitCode, outColors, print, printError } from './terminal.ts';
import { oneLine } from './text-width.ts';

export interface EvalOptions {
  readonly input: string;
  readonly engine: EngineChoice;
  readonly format: 'text' | 'json';
}

const NEWLINE = new Uint8Array([0x0a]);

/** Differences between the evaluators that are shown. */
const MAX_SHOWN = 20;

/**
 * A request that is not valid still gets its decision: the exit code says only whether decisions could be given, and whether the
 * evaluators agree on them.
 */
export async function evaluate(path: string, options: EvalOptions, files: Files): Promise<ExitCode> {
  if (path === STDIN && options.input === STDIN) throw stop('P4007', path);
  const engines = await loadEngines(options.engine, path, await readBundle(path, files));
  const line = options.format === 'json' ? jsonLine : textLine;
  let number = 0;
  let differences = 0;
  for await (const requests of readRequests(options.input)) {
    const lines: Uint8Array[] = [];
    for (const request of requests) {
      number++;
      const judged = judge(engines, request);
      lines.push(...line(judged.decision));
      if (judged.difference === null) continue;
      if (differences++ < MAX_SHOWN) printError(differenceText(number, judged.difference, options, files));
    }
    await print(Buffer.concat(lines));
  }
  if (differences > 0) printError(`${differences} of ${number} decisions differ\n`);
  return differences > 0 ? 1 : 0;
}

export interface Judged {
  /** The canonical bytes of the first evaluator. */
  readonly decision: Uint8Array;
  /** What each evaluator says, when not all say the same; else null. */
  readonly difference: readonly string[] | null;
}

/** The whole decision of every evaluator, compared byte by byte. */
export function judge(engines: readonly Engine[], request: Uint8Array): Judged {
  const decisions = engines.map(({ evaluator }) => Buffer.from(evaluator.evaluateJson(request)));
  const [decision = Buffer.alloc(0), ...others] = decisions;
  if (others.every((other) => other.equals(decision))) return { decision, difference: null };
  return { decision, difference: engines.map(({ name }, i) => `${name}: ${decisions[i]!.toString()}`) };
}

function differenceText(
  number: number,
  difference: readonly string[],
  { input }: EvalOptions,
  files: Files,
): string {
  const found = diagnostic('P4009', { file: input, span: null }, { number, path: displayName(input) });
  return `${toText(found, files)}${difference.map((each) => `  ${oneLine(each)}\n`).join('')}`;
}

/** The canonical bytes of the decision, as they are. */
function jsonLine(decision: Uint8Array): Uint8Array[] {
  return [decision, NEWLINE];
}

function textLine(bytes: Uint8Array): Uint8Array[] {
  const decision = JSON.parse(new TextDecoder().decode(bytes));
  const parts = [outColors.bold(decision.effect), decision.reason];
  if (decision.rule !== null) parts.push(`rule ${decision.rule}`);
  if (decision.severity !== null) parts.push(decision.severity);
  if (decision.invalid !== null) {
    parts.push(`${decision.invalid.code} at ${decision.invalid.pointer || 'the request'}`);
  }
  if (decision.message !== null) parts.push(`"${decision.message}"`);
  return [Buffer.from(`${parts.map((part, i) => (i === 0 ? part : oneLine(part))).join('  ')}\n`)];
}
