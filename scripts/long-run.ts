// Random tests that run until their time is over: what the command lines of `fuzz` and `fuzz-diff` share.

const PROGRESS_MS = 30_000;

/**
 * Runs batches with one seed after the other: `--minutes N --seed S`. Answers false after a wrong command line. `summary` is printed to
 * standard error now and then, and to standard output at the end.
 */
export function longRun(
  name: string,
  args: readonly string[],
  batch: (seed: number) => void,
  summary: (nextSeed: number) => string,
): boolean {
  const minutes = Number(option(args, '--minutes') ?? 5);
  let seed = Number(option(args, '--seed') ?? Date.now() % 2 ** 31);
  if (!(minutes > 0) || !Number.isSafeInteger(seed)) {
    console.error(`usage: npm run ${name} -- --minutes N --seed S`);
    return false;
  }
  const end = Date.now() + minutes * 60_000;
  let progress = Date.now();
  for (; Date.now() < end; seed++) {
    batch(seed);
    if (Date.now() - progress > PROGRESS_MS) {
      progress = Date.now();
      console.error(summary(seed));
    }
  }
  console.log(summary(seed));
  return true;
}

function option(args: readonly string[], name: string): string | undefined {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args[at + 1];
}
