// The IR of a bundle, for the commands that ask what it means.

import { decodeBundle } from '../bytecode/codec.ts';
import type { Ir } from '../ir/ir.ts';
import { loadBytes, refusal } from './load.ts';
import { stop } from './report.ts';

/** Reads a bundle back; throws a `Stop` when it does not verify or is too large for that. */
export async function liftBundle(name: string, bytes: Uint8Array): Promise<Ir> {
  await loadBytes(name, bytes);
  const decoded = decodeBundle(bytes);
  if (!decoded.ok) throw refusal(name, decoded);
  const { bundle } = decoded;
  const { lift, MAX_LIFT_WORK } = await import('../ir/lift.ts');
  if (bundle.rules.length * bundle.nodes.length > MAX_LIFT_WORK) throw stop('P4012', name);
  return lift(bundle);
}
