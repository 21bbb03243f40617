// policyc explain: why a request gets its decision, and what would have to change for another.

import { MAX_DEPTH, MAX_REQUEST_BYTES } from '../bytecode/limits.ts';
import { diagnostic } from '../diagnostic/diagnostic.ts';
import type { Decision } from '../evaluator/evaluator.ts';
import type { FlipResult } from '../explain/flip.ts';
import type { Ir } from '../ir/ir.ts';
import type { Json } from '../value/json.ts';
import { readJson } from '../value/json-reader.ts';
import { loadSubject } from './analyze-subject.ts';
import { jsonText, sortedKeys } from './diff-view.ts';
import type { ExplainCommandOptions } from './explain-options.ts';
import { type ExplanationView, flipView } from './explain-view.ts';
import { type Files, STDIN } from './files.ts';
import { loadBytes } from './load.ts';
import { displayName, Stop, stop } from './report.ts';
import { readRequests } from './request-stream.ts';
import { type ExitCode, outColors, print } from './terminal.ts';

/** Time for `--flip`, unless the command line says otherwise. */
const BUDGET_SECONDS = 30;

type Subject = Awaited<ReturnType<typeof loadSubject>>;

export async function explain(path: string, options: ExplainCommandOptions, files: Files): Promise<ExitCode> {
  const { input, format, rule, flip: effect, budget = BUDGET_SECONDS } = options;
  if (path === STDIN && input === STDIN) throw stop('P4007', path);
  const subject = await loadSubject(path, files);
  await checkNames(path, subject.ir, rule, effect);
  const { bytes, request, isReadable } = await readRequest(input);
  const evaluator = await loadBytes(path, subject.bytes);
  const decision = JSON.parse(new TextDecoder().decode(evaluator.evaluateJson(bytes))) as Decision;
  const { explainDecision } = await import('../explain/explanation.ts');
  const narrowed = rule === undefined ? {} : { rule };
  const explained = explainDecision(subject.ir, request, decision, {
    ...narrowed,
    places: subject.rulePlaces,
  });
  const flipped = effect === undefined ? null : await flipOf(subject, request, isReadable, effect, budget);
  const { name, version } = evaluator.policy;
  const view: ExplanationView = {
    policy: { label: subject.label, name, version, bundle: evaluator.bundle },
    request,
    ...explained,
    flip: flipped === null ? null : flipView(effect!, flipped),
  };
  await print(await rendered(view, format));
  return flipped === null || flipped.kind === 'flipped' ? 0 : 1;
}

async function rendered(view: ExplanationView, format: ExplainCommandOptions['format']): Promise<string> {
  if (format === 'json') return `${jsonText(sortedKeys(view), 2)}\n`;
  const { explanationText } = await import('./explain-text.ts');
  return explanationText(view, outColors);
}

async function flipOf(
  subject: Subject,
  request: Json,
  isReadable: boolean,
  effect: string,
  budget: number,
): Promise<FlipResult> {
  const reason = 'the text of the request itself is refused, whatever its members are';
  if (!isReadable) return { kind: 'unknown', reason, atLeast: 0 };
  const { flip } = await import('../explain/flip.ts');
  return flip(subject, request, effect, budget * 1000);
}

async function checkNames(
  path: string,
  ir: Ir,
  rule: string | undefined,
  effect: string | undefined,
): Promise<void> {
  const { didYouMean } = await import('../checker/context.ts');
  const rules = ir.rules.map(({ name }) => name);
  const effects = ir.effects.map(({ name }) => name);
  if (rule !== undefined && !rules.includes(rule)) {
    const suggestion = didYouMean(rule, rules) || `\`policyc inspect\` lists the ${rules.length} rules`;
    throw stop('P4015', path, { name: rule, suggestion });
  }
  if (effect !== undefined && !effects.includes(effect))
    throw stop('P4016', path, { name: effect, effects: effects.join(' < ') });
}

interface Input {
  readonly bytes: Uint8Array;
  readonly request: Json;
  /** Evaluators read the text, too. */
  readonly isReadable: boolean;
}

/** The one request of a file. What is no JSON object is a mistake of the command line; what else is wrong with it is explained. */
async function readRequest(path: string): Promise<Input> {
  let bytes: Uint8Array | null = null;
  for await (const batch of readRequests(path)) {
    for (const each of batch) {
      if (bytes !== null) throw refused(path, 'P4017');
      bytes = each;
    }
  }
  if (bytes === null) throw refused(path, 'P4018');
  let request: Json;
  try {
    request = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Json;
  } catch {
    throw refused(path, 'P4019');
  }
  if (typeof request !== 'object' || request === null || Array.isArray(request)) throw refused(path, 'P4020');
  const read = readJson(bytes, { maxBytes: MAX_REQUEST_BYTES, maxDepth: MAX_DEPTH });
  return { bytes, request, isReadable: read.ok };
}

function refused(path: string, code: 'P4017' | 'P4018' | 'P4019' | 'P4020'): Stop {
  return new Stop([diagnostic(code, { file: path, span: null }, { path: displayName(path) })], 2);
}
