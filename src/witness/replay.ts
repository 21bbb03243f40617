// What a bundle decides, by both evaluators. A witness is only worth showing when they agree on it.

import { MAX_REQUEST_BYTES } from '../bytecode/limits.ts';
import { type Decision, type Evaluator, loadBundle, type Outcome } from '../evaluator/evaluator.ts';
import type { Json } from '../value/json.ts';
import { compileSync, loadBundleSync, moduleBytes } from '../wasm/host.ts';
import { jsonText } from '../wasm/json-text.ts';
import { canonicalJson } from './canonical-json.ts';

export type ReplayedDecision =
  | { readonly kind: 'decision'; readonly decision: Decision }
  | { readonly kind: 'disagreement'; readonly detail: string };

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The shipped module, compiled once. */
let shipped: object | null = null;

function wasmModule(): object {
  shipped ??= compileSync(moduleBytes());
  return shipped;
}

export class Replay {
  readonly #typeScript: Evaluator;
  readonly #wasm: Evaluator;

  /** Throws a `BundleError` when an evaluator refuses the bundle. */
  constructor(bundle: Uint8Array) {
    this.#typeScript = loadBundle(bundle);
    this.#wasm = loadBundleSync(bundle, wasmModule());
  }

  /** The decision on a request, as text and as data, by both evaluators. */
  decide(request: Json): ReplayedDecision {
    return replay(request, this.#typeScript, this.#wasm);
  }
}

/**
 * The decision on a request that two evaluators of one bundle agree on, in every way in which they can be asked. Data that no text says
 * (lone surrogates) or that only a text may not be (too long, too deep) is judged as text alone.
 */
export function replay(request: Json, typeScript: Evaluator, wasm: Evaluator): ReplayedDecision {
  const json = encoder.encode(canonicalJson(request));
  const expected = decoder.decode(typeScript.evaluateJson(json));
  const decision = JSON.parse(expected) as Decision;
  const outcome = outcomeText(decision);
  const onText = decoder.decode(wasm.evaluateJson(json));
  if (onText !== expected) return disagreement(expected, 'the WebAssembly evaluator on text', onText);
  if (json.length > MAX_REQUEST_BYTES || jsonText(request, MAX_REQUEST_BYTES) === null)
    return { kind: 'decision', decision };
  const answers: readonly (readonly [name: string, found: string, expected: string])[] = [
    ['the TypeScript evaluator on data', dataText(typeScript.evaluate(request)), expected],
    ['the WebAssembly evaluator on data', dataText(wasm.evaluate(request)), expected],
    ['the outcome of the TypeScript evaluator', outcomeText(typeScript.decide(request)), outcome],
    ['the outcome of the WebAssembly evaluator', outcomeText(wasm.decide(request)), outcome],
  ];
  const other = answers.find(([, found, wanted]) => found !== wanted);
  if (other === undefined) return { kind: 'decision', decision };
  const [name, found, wanted] = other;
  return disagreement(wanted, name, found);
}

function disagreement(wanted: string, name: string, found: string): ReplayedDecision {
  return { kind: 'disagreement', detail: `the TypeScript evaluator on text: ${wanted}; ${name}: ${found}` };
}

/** Whether a decision refuses its request. */
export function isInvalid(decision: Decision): boolean {
  return decision.invalid !== null;
}

function dataText(decision: Decision): string {
  return canonicalJson(decision as unknown as Json);
}

function outcomeText({ effect, reason, rule, severity, obligations }: Outcome): string {
  return canonicalJson({ effect, reason, rule, severity, obligations } as unknown as Json);
}
