// P5: invariants that do not hold; P59: invariants that could not be proved.
import type { Catalog } from './diagnostic.ts';

export const PROOF_CATALOG = {
  P5001: {
    severity: 'error',
    message: 'the invariant `{name}` does not hold: {rule} decides {effect} for a valid request',
    hint: 'the request {request} is decided {effect} by {rule}, reason {reason}',
  },
  P5002: {
    severity: 'error',
    message:
      'the invariant `{name}` does not hold: {rule} decides {effect} for a request that is not refused',
    hint: 'the request {request} is decided {effect} by {rule}, reason {reason}; the schema does not allow it, but what is read of it is valid',
  },
  P5901: {
    severity: 'warning',
    message: 'the invariant `{name}` could not be proved, and no request was found that breaks it: {reason}',
    hint: 'simplify the conditions that it is about, or claim less',
  },
} satisfies Catalog;
