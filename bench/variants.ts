// What is compared. To add an evaluator or a peer, add a row: everything else (equality check, child process, table) follows from it.

import { type Evaluator, loadBundle } from '../src/evaluator/evaluator.ts';
import { compileSync, loadBundleSync, moduleBytes } from '../src/wasm/host.ts';
import { type W1Request, w1ByHand, w1Texts } from './w1.ts';
import { type W2Request, w2ByHand, w2Indexed, w2Rules, w2Texts } from './w2.ts';

export interface Workload {
  readonly name: 'W1' | 'W2';
  /** Rules of W2. */
  readonly rules: number;
}

/** Judges one input; `answerOf` reads the result. */
export type Decider = (input: never) => unknown;

export interface Variant {
  readonly name: string;
  readonly workloads: readonly Workload['name'][];
  /** What a decider is given: a parsed request, or its JSON text as bytes. */
  readonly input: 'object' | 'bytes';
  /** The decider of one bundle of the workload. Whatever can be prepared is prepared here. */
  readonly create: (workload: Workload, bundle: Uint8Array) => Decider | Promise<Decider>;
  /** Says more about what was measured; `judge` gives the decision for one of the inputs. */
  readonly note?: (judge: (input: number) => unknown, inputs: number) => string;
}

const evaluator = (call: (evaluator: Evaluator) => Decider) => (_: Workload, bundle: Uint8Array) =>
  call(loadBundle(bundle));

/** The module is compiled once per process, however many bundles there are: each has an instance of its own. */
let compiled: object | null = null;

const wasm = (call: (evaluator: Evaluator) => Decider) => (_: Workload, bundle: Uint8Array) => {
  compiled ??= compileSync(moduleBytes());
  return call(loadBundleSync(bundle, compiled));
};

/** Outcomes of the slot path are shared between calls; over JSON each call makes its own. */
function path(judge: (input: number) => unknown, inputs: number): string {
  let slots = 0;
  for (let i = 0; i < inputs; i++) {
    const once = judge(i);
    if (judge(i) === once) slots++;
  }
  return slots === inputs ? 'slot path' : `slot path for ${slots} of ${inputs}, the rest over JSON`;
}

export const VARIANTS: readonly Variant[] = [
  {
    name: 'hand-written',
    workloads: ['W1', 'W2'],
    input: 'object',
    create: ({ name, rules }) =>
      name === 'W1'
        ? (request: W1Request) => w1ByHand(request)
        : (w2ByHand(w2Rules(rules)) as (request: W2Request) => unknown),
  },
  {
    name: 'hand-indexed',
    workloads: ['W2'],
    input: 'object',
    create: ({ rules }) => w2Indexed(w2Rules(rules)),
  },
  { name: 'decide', workloads: ['W1', 'W2'], input: 'object', create: evaluator((one) => one.decide) },
  { name: 'evaluate', workloads: ['W1', 'W2'], input: 'object', create: evaluator((one) => one.evaluate) },
  {
    name: 'evaluateJson',
    workloads: ['W1', 'W2'],
    input: 'bytes',
    create: evaluator((one) => one.evaluateJson),
  },
  {
    name: 'WASM decide',
    workloads: ['W1', 'W2'],
    input: 'object',
    create: wasm((one) => (request: unknown) => one.decide(request)),
    note: path,
  },
  {
    name: 'WASM evaluate',
    workloads: ['W1', 'W2'],
    input: 'object',
    create: wasm((one) => (request: unknown) => one.evaluate(request)),
  },
  {
    name: 'WASM evaluateJson',
    workloads: ['W1', 'W2'],
    input: 'bytes',
    create: wasm((one) => (json: Uint8Array) => one.evaluateJson(json)),
  },
];

/** Effect, rule and reason of any variant's result. */
export function answerOf(result: unknown): string {
  const decision = result instanceof Uint8Array ? JSON.parse(new TextDecoder().decode(result)) : result;
  const { effect, rule, reason } = decision as { effect: string; rule: string | null; reason: string };
  return `${effect} ${rule} ${reason}`;
}

/** The inputs of a workload as JSON texts. */
export function textsOf(workload: Workload, count: number): string[] {
  return workload.name === 'W1' ? w1Texts(count) : w2Texts(w2Rules(workload.rules), count);
}

/** A JSON text as the variant wants it. */
export function inputOf(variant: Variant, text: string): unknown {
  return variant.input === 'bytes' ? new TextEncoder().encode(text) : JSON.parse(text);
}
