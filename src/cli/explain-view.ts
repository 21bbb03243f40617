// An explanation as the JSON output shows it: every key is always there, null or [] stands for none.

import type { Decision } from '../evaluator/evaluator.ts';
import type { Change } from '../explain/change.ts';
import type { Explanation } from '../explain/explanation.ts';
import type { FlipResult } from '../explain/flip.ts';
import type { Json } from '../value/json.ts';

export interface ChangeView {
  readonly pointer: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Null when the member is added. */
  readonly old: Json;
  /** Null when the member is removed. */
  readonly new: Json;
}

export interface FlipView {
  readonly effect: string;
  readonly result: 'flipped' | 'impossible' | 'unknown';
  readonly changes: readonly ChangeView[];
  /** Proved: fewer members cannot do it. */
  readonly minimal: boolean;
  /** Proved: at least so many members must change; null when it is impossible. */
  readonly atLeast: number | null;
  /** Other changes of as many members. */
  readonly others: readonly (readonly ChangeView[])[];
  readonly request: Json;
  readonly decision: Decision | null;
  /** Why nothing was found out. */
  readonly reason: string | null;
}

export interface ExplanationView extends Explanation {
  readonly policy: {
    readonly label: string;
    readonly name: string;
    readonly version: string | null;
    readonly bundle: string;
  };
  readonly request: Json;
  readonly flip: FlipView | null;
}

export function flipView(effect: string, result: FlipResult): FlipView {
  const nothing = {
    effect,
    changes: [],
    minimal: false,
    atLeast: null,
    others: [],
    request: null,
    decision: null,
    reason: null,
  };
  switch (result.kind) {
    case 'impossible':
      return { ...nothing, result: 'impossible' };
    case 'unknown':
      return { ...nothing, result: 'unknown', atLeast: result.atLeast, reason: result.reason };
    case 'flipped': {
      const { minimal, atLeast, request, decision } = result;
      const changes = changesView(result.changes);
      const others = result.others.map(changesView);
      return { ...nothing, result: 'flipped', changes, minimal, atLeast, others, request, decision };
    }
  }
}

function changesView(changes: readonly Change[]): readonly ChangeView[] {
  return changes.map(({ pointer, old, new: next }) => ({
    pointer,
    change: old === undefined ? 'added' : next === undefined ? 'removed' : 'changed',
    old: old ?? null,
    new: next ?? null,
  }));
}
