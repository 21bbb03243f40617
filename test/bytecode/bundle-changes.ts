// Changes of one thing of a bundle, and the means to make them.

import type { Bundle } from '../../src/bytecode/bundle.ts';
import type { VERIFY_CODES } from '../../src/bytecode/verify-refusal.ts';

export type Mutable<T> = T extends Uint8Array | Uint16Array
  ? T
  : T extends object
    ? { -readonly [K in keyof T]: Mutable<T[K]> }
    : T;
export type Change = (bundle: Mutable<Bundle>) => void;

export const find = <T>(list: T[], wanted: (item: T) => boolean): T => {
  const found = list.find(wanted);
  if (found === undefined) throw new Error('not in the sample');
  return found;
};
export const nodeOf = (b: Mutable<Bundle>, op: string): Mutable<Bundle>['nodes'][number] =>
  find(b.nodes, (node) => node.op === op);
export const atomOf = (b: Mutable<Bundle>, op: string): Mutable<Bundle>['atoms'][number] =>
  find(b.atoms, (atom) => atom.op === op);
export const calcOf = (b: Mutable<Bundle>, op: string): Mutable<Bundle>['calcs'][number] =>
  find(b.calcs, (calc) => calc.op === op);
export const slotOf = (b: Mutable<Bundle>, wanted: string): Mutable<Bundle>['slots'][number] =>
  find(b.slots, (slot) => slot.key === wanted || slot.via === wanted || slot.kind === wanted);
export const set = (items: string[]): Mutable<Bundle>['sets'][number] => ({ of: 'string', items });

/** What is changed, how the verifier calls it, and the change. */
export type Case = readonly [string, keyof typeof VERIFY_CODES, Change];
