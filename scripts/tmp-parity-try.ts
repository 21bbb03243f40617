import fc from 'fast-check';
import { makeCase } from '../test/parity/policies.ts';
import { broken, SEEDS, showCase, Tally } from '../test/parity/properties.ts';
export function main(args: readonly string[]): number {
  const n = Number(args[0] ?? 50),
    seed = Number(args[1] ?? 1);
  const t0 = Date.now();
  const samples = fc.sample(SEEDS, { numRuns: n, seed });
  console.log('sampling', Date.now() - t0);
  const tally = new Tally();
  const whys = new Map<string, [number, string]>();
  let slow = 0;
  for (const s of samples) {
    const t = Date.now();
    let why: string | null;
    try {
      why = broken(s, tally);
    } catch (e) {
      why = `thrown ${(e as Error).stack?.split('\n').slice(0, 5).join('\n')}`;
    }
    if (Date.now() - t > 500) {
      slow++;
      console.log('SLOW', Date.now() - t);
      if (args[2] === 'slow') console.log(showCase(makeCase(s)));
    }
    if (why !== null) {
      const key = why
        .replace(/on \S.*\n/, '')
        .replace(/\d+/g, 'N')
        .slice(0, 150);
      const old = whys.get(key);
      const shown = `${why}\n${showCase(makeCase(s))}`;
      if (old === undefined || shown.length < old[1].length) whys.set(key, [(old?.[0] ?? 0) + 1, shown]);
    }
  }
  console.log(
    Date.now() - t0,
    'ms',
    tally.cases,
    tally.discardRate,
    tally.requests,
    tally.invalid,
    tally.defaulted,
    'slow',
    slow,
  );
  console.log(
    [...tally.refusals]
      .sort((a, b) => b[1] - a[1])
      .slice(0, 12)
      .join(' | '),
  );
  console.log('missing', tally.missing.join());
  for (const [, [count, shown]] of whys) console.log('=====', count, shown.slice(0, 3000));
  if (args[2] === 'show') for (const s of samples.slice(0, 3)) console.log(showCase(makeCase(s)));
  return 0;
}
