// The TypeScript evaluator: loads a bundle, then decides requests. It needs nothing of the compiler.

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Bundle } from '../bytecode/bundle.ts';
import { decodeBundle } from '../bytecode/codec.ts';
import type { Decision } from './decision.ts';
import { Engine, Policy } from './engine.ts';
import type { Outcome } from './outcome.ts';

export type { InvalidCode } from '../bytecode/opcodes.ts';
export type { Decision, Invalid, PolicyIdentity } from './decision.ts';
export type { ObligationEntry, ObligationValue, Outcome, RuleEntry } from './outcome.ts';

/**
 * Decides requests. A request is judged as the plain JSON data that it is: own properties only, prototypes and `toJSON` ignored. No
 * call throws, whatever the request is: what cannot be judged gets the policy's outcome for invalid requests.
 */
export interface Evaluator {
  /** The outcome alone; it stops behind the strongest effect that matched. Frozen, and usually shared between calls. */
  decide(request: unknown): Outcome;
  /** The whole decision as a fresh object: what `JSON.parse(evaluateJson(JSON.stringify(request)))` gives. */
  evaluate(request: unknown): Decision;
  /** The whole decision as canonical JSON (RFC 8785), for a request as JSON text. */
  evaluateJson(json: string | Uint8Array): Uint8Array;
  /** Identity of the loaded bundle: `sha256:` and the hash of its bytes. */
  readonly bundle: string;
  readonly policy: { readonly name: string; readonly version: string | null };
}

/** A bundle that does not verify. */
export class BundleError extends Error {
  override readonly name = 'BundleError';
  /** What is wrong, as a stable word. */
  readonly code: string;
  /** Byte of the bundle at which it is wrong. */
  readonly offset: number;

  constructor(code: string, message: string, offset: number) {
    super(`${message} (${code} at byte ${offset})`);
    this.code = code;
    this.offset = offset;
  }
}

/** Verifies a bundle and prepares it. Throws a `BundleError` when it does not verify. */
export function loadBundle(bytes: Uint8Array): Evaluator {
  const decoded = decodeBundle(bytes);
  if (!decoded.ok) throw new BundleError(decoded.code, decoded.message, decoded.offset);
  return createEvaluator(decoded.bundle, `sha256:${bytesToHex(sha256(bytes))}`);
}

/** An evaluator for a bundle that is known to be valid, under the given identity. Not part of the public API. */
export function createEvaluator(bundle: Bundle, hash: string): Evaluator {
  const engine = new Engine(new Policy(bundle, hash));
  return Object.freeze({
    decide: (request: unknown) => engine.decide(request),
    evaluate: (request: unknown) => engine.evaluate(request),
    evaluateJson: (json: string | Uint8Array) => engine.evaluateJson(json),
    bundle: hash,
    policy: Object.freeze({ name: bundle.name, version: bundle.version }),
  });
}
