import fc from 'fast-check';
import { makeCase } from '../test/parity/policies.ts';
import { broken, SEEDS, showCase, Tally } from '../test/parity/properties.ts';
export function main(args: readonly string[]): number {
  const samples = fc.sample(SEEDS, { numRuns: Number(args[0]), seed: Number(args[1]) });
  const tally = new Tally();
  for (const s of samples) {
    let why: string | null = null;
    try { why = broken(s, tally); } catch (e) { why = String((e as Error).stack); }
    if (why !== null && why.includes(args[2] ?? '')) { const c = makeCase(s); console.log((why + '\n' + showCase(c)).replace(/x{200,}/g, 'XXX')); }
  }
  return 0;
}
