import type { Measured } from './jobs.ts';

const WARM_UP = 400e6;
/** Short, so that most rounds see no other process. */
const ROUND = 3e6;

const now = (): number => Number(process.hrtime.bigint());

/** Times `pass`, which makes `calls` calls. */
export function measure(pass: () => void, calls: number, rounds: number): Measured {
  const start = now();
  pass();
  const first = (now() - start) / calls;
  let passes = 0;
  while (now() - start < WARM_UP) {
    pass();
    passes++;
  }
  const perRound = Math.max(1, Math.round((passes * ROUND) / (now() - start)));
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const from = now();
    for (let i = 0; i < perRound; i++) pass();
    times.push((now() - from) / (perRound * calls));
  }
  return { ...summary(times), first };
}

/** Median, smallest and largest. */
export function summary(times: readonly number[]): { median: number; fastest: number; slowest: number } {
  const sorted = [...times].sort((a, b) => a - b);
  return { median: sorted[sorted.length >> 1]!, fastest: sorted[0]!, slowest: sorted.at(-1)! };
}
