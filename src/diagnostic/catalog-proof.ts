// P5: invariants that do not hold; P59: invariants that could not be proved.
import type { Catalog } from './diagnostic.ts';

export const PROOF_CATALOG = {
  P5001: {
    severity: 'error',
    message:
      'the invariant `{name}` does not hold: {rule} decides {effect}, reason {reason}, for a valid request',
    hint: 'for example {request}',
  },
  P5002: {
    severity: 'error',
    message:
      'the invariant `{name}` does not hold: {rule} decides {effect}, reason {reason}, for a request that is not refused',
    hint: 'for example {request}; the schema does not allow it, but what is read of it is valid',
  },
  P5901: {
    severity: 'warning',
    message: 'the invariant `{name}` could not be proved, and no request was found that breaks it: {reason}',
    hint: 'simplify the conditions that it is about, or claim less',
  },
} satisfies Catalog;
