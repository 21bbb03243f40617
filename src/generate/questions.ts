// Questions to the space of requests, answered by a sample.

import { type Formula, TRUE } from '../symbolic/formula.ts';
import { MISPREDICTED, type Space } from '../symbolic/space.ts';
import type { Sample, Samples } from './samples.ts';

export type Reply =
  | { readonly kind: 'found'; readonly sample: Sample }
  /** Proved: the schema allows no such request. */
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly reason: string };

export const OUT_OF_TIME = 'the time ran out';

export class Questions {
  readonly space: Space;
  readonly samples: Samples;
  readonly #deadline: number;

  constructor(space: Space, samples: Samples, deadline: number) {
    this.space = space;
    this.samples = samples;
    this.#deadline = deadline;
  }

  get isLate(): boolean {
    return performance.now() > this.#deadline;
  }

  /**
   * A request for which the conditions hold. `isRight`: what must then be true of its sample. `hint`: what makes such requests easier to
   * find where long lists are asked about, and is no part of the question.
   */
  ask(conditions: readonly Formula[], isRight: (sample: Sample) => boolean, hint: Formula = TRUE): Reply {
    if (hint !== TRUE) {
      const reply = this.#answer([...conditions, hint], isRight);
      if (reply.kind === 'found') return reply;
    }
    return this.#answer(conditions, isRight);
  }

  #answer(conditions: readonly Formula[], isRight: (sample: Sample) => boolean): Reply {
    if (this.isLate) return { kind: 'unknown', reason: OUT_OF_TIME };
    const { space } = this;
    const answer = space.ask<Sample>([...space.accepted, ...space.demanded, ...conditions], [], (plan) => {
      const sampled = this.samples.complete(plan);
      if (sampled.kind === 'refused') return sampled;
      if (isRight(sampled.sample)) return { kind: 'accepted', found: sampled.sample };
      return MISPREDICTED;
    });
    if (answer.kind === 'found') return { kind: 'found', sample: answer.found };
    if (answer.kind === 'none') return { kind: 'none' };
    return { kind: 'unknown', reason: this.isLate ? OUT_OF_TIME : answer.reason };
  }
}
