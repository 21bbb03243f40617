// A policy that is correct but has no room in a bundle: known only while the code is made, so it ends the emitter from wherever it is.

import type { LangId } from '../ir/ir.ts';

export type TooLargeReason =
  /** The code or the whole bundle. */
  | { readonly kind: 'bundle' }
  /** The automaton of a language has too many states. */
  | { readonly kind: 'language'; readonly lang: LangId };

export class TooLarge extends Error {
  readonly reason: TooLargeReason;

  constructor(reason: TooLargeReason) {
    super('the compiled policy is larger than a bundle may be');
    this.name = 'TooLarge';
    this.reason = reason;
  }
}
