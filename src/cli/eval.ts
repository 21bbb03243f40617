// policyc eval: one decision per request, in the order of the input.

import type { Evaluator } from '../evaluator/evaluator.ts';
import { type Files, STDIN } from './files.ts';
import { loadEvaluator } from './load.ts';
import { stop } from './report.ts';
import { readRequests } from './request-stream.ts';
import { type ExitCode, outColors, print } from './terminal.ts';
import { oneLine } from './text-width.ts';

export interface EvalOptions {
  readonly input: string;
  /** `ts` is the only evaluator at present. */
  readonly engine: 'ts';
  readonly format: 'text' | 'json';
}

const NEWLINE = new Uint8Array([0x0a]);

/** A request that is not valid still gets its decision: the exit code says only whether decisions could be given. */
export async function evaluate(path: string, options: EvalOptions, files: Files): Promise<ExitCode> {
  if (path === STDIN && options.input === STDIN) throw stop('P4007', path);
  const evaluator = await loadEvaluator(path, files);
  const decide = options.format === 'json' ? jsonLine : textLine;
  for await (const requests of readRequests(options.input)) {
    await print(Buffer.concat(requests.flatMap((request) => decide(evaluator, request))));
  }
  return 0;
}

/** The canonical bytes of the decision, as they are. */
function jsonLine(evaluator: Evaluator, request: Uint8Array): Uint8Array[] {
  return [evaluator.evaluateJson(request), NEWLINE];
}

function textLine(evaluator: Evaluator, request: Uint8Array): Uint8Array[] {
  const decision = JSON.parse(new TextDecoder().decode(evaluator.evaluateJson(request)));
  const parts = [outColors.bold(decision.effect), decision.reason];
  if (decision.rule !== null) parts.push(`rule ${decision.rule}`);
  if (decision.severity !== null) parts.push(decision.severity);
  if (decision.invalid !== null) {
    parts.push(`${decision.invalid.code} at ${decision.invalid.pointer || 'the request'}`);
  }
  if (decision.message !== null) parts.push(`"${decision.message}"`);
  return [Buffer.from(`${parts.map((part, i) => (i === 0 ? part : oneLine(part))).join('  ')}\n`)];
}
