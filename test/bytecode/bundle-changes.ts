// Changes of one thing of a bundle, and the means to make them.

import { computeBounds } from '../../src/bytecode/bounds.ts';
import type { Bundle } from '../../src/bytecode/bundle.ts';
import { encodeBundle } from '../../src/bytecode/codec.ts';
import type { VERIFY_CODES } from '../../src/bytecode/verify-refusal.ts';
import { emit } from '../../src/compiler/emit.ts';
import type { Ir } from '../../src/ir/ir.ts';
import { richIr } from '../emit/rich-ir.ts';

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

/** The bytes of a bundle with everything in it, changed. */
export function changedBytes(change: Change, combining: Ir['combining'] = 'most_restrictive'): Uint8Array {
  const bundle = structuredClone(emit(richIr(combining)).bundle) as Mutable<Bundle>;
  change(bundle);
  let bounds = { steps: 0, scan: 0 };
  try {
    bounds = computeBounds(bundle);
  } catch {
    // A broken index: the bounds do not matter.
  }
  return encodeBundle(bundle, bounds);
}

/** What is changed, how the verifier calls it, and the change. */
export type Case = readonly [string, keyof typeof VERIFY_CODES, Change];
