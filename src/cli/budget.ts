// `--budget SECONDS`, for commands that ask hard questions.

import { InvalidArgumentError, Option } from 'commander';

/** The option, for the commands whose questions `what` describes. */
export function budgetOption(what: string): Option {
  return new Option('--budget <seconds>', what).argParser(seconds);
}

function seconds(text: string): number {
  const value = Number(text);
  // Numbers in other bases, or with an exponent, are more likely a mistake.
  if (!/^\d+(\.\d+)?$/.test(text) || value <= 0 || value > 86_400)
    throw new InvalidArgumentError('Give seconds: more than 0, at most 86400.');
  return value;
}
