// What the bench asks of a child process, and what it gets back. A process per measurement: what one variant teaches the JavaScript
// engine must not help or hurt another.

import type { Load } from './loads.ts';
import type { Workload } from './variants.ts';

export interface DecisionsJob {
  readonly kind: 'decisions';
  readonly workload: Workload;
  readonly variant: string;
  /** Files of the bundles: requests go to them in turn, with key names of their own for each. */
  readonly bundles: readonly string[];
  readonly inputs: number;
  readonly rounds: number;
}

export interface LoadJob {
  readonly kind: 'load';
  readonly load: Load['name'];
  /** Rules of W2. */
  readonly rules: number;
  readonly bundle: string;
}

export interface CompileJob {
  readonly kind: 'compile';
  readonly rules: number;
  readonly rounds: number;
}

export interface DiffJob {
  readonly kind: 'diff';
  readonly rules: number;
  /** Every how many rules one is changed; 0: one rule in the middle is. */
  readonly every: number;
  readonly rounds: number;
}

export type Job = DecisionsJob | LoadJob | CompileJob | DiffJob;

/** Nanoseconds of processor time of one call. */
export interface Measured {
  readonly median: number;
  readonly fastest: number;
  readonly slowest: number;
  /** Of the first call in the process (of many calls: their mean). */
  readonly first: number;
  /** What the numbers alone do not say. */
  readonly note?: string;
}
