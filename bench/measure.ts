import type { Measured } from './jobs.ts';

const WARM_UP = 400e6;
/** Short, so that most rounds see no other process. */
const ROUND = 3e6;
/** Calls that are timed one by one: so many, or for so long. */
const EACH_CALLS = 1000;
const EACH_TIME = 2e9;

/**
 * Nanoseconds of processor time of this process and its threads, so that a busy machine changes little. It comes in whole microseconds,
 * of which a round has thousands.
 */
export function now(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1e3;
}

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

/** Times every call for itself, after a warm-up: the slowest is then one call, not the mean of a round. */
export function measureEach(call: () => void): Measured {
  const start = now();
  call();
  const first = now() - start;
  while (now() - start < WARM_UP) call();
  const times: number[] = [];
  const from = now();
  while (times.length < EACH_CALLS && now() - from < EACH_TIME) {
    const before = now();
    call();
    times.push(now() - before);
  }
  return { ...summary(times), first };
}

/** Median, smallest and largest. */
export function summary(times: readonly number[]): { median: number; fastest: number; slowest: number } {
  const sorted = [...times].sort((a, b) => a - b);
  return { median: sorted[sorted.length >> 1]!, fastest: sorted[0]!, slowest: sorted.at(-1)! };
}
