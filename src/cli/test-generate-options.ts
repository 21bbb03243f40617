// The options of `policyc test` that concern `--generate`, as the command line reads them.

import { Option } from 'commander';
import { budgetOption } from './budget.ts';
import { STDIN } from './files.ts';

export const TEST_FORMATS = ['text', 'json', 'jsonl', 'policy'] as const;
export type TestFormat = (typeof TEST_FORMATS)[number];

export interface GenerateCommandOptions {
  readonly format: TestFormat;
  readonly output: string;
  /** Seconds. */
  readonly budget?: number;
}

/** As the command line gives them. */
export interface TestCommandOptions {
  readonly generate?: true;
  readonly format?: TestFormat;
  readonly output?: string;
  readonly budget?: number;
}

export const GENERATE_HELP = `
With --generate the tests in the policy are not run. Instead requests are made for one policy: few of them, which together
let every rule decide, reach the default and every effect, make every condition true and false, take the values exactly at
and next to every bound, and show for every condition two requests that differ in nothing but what it reads and that get
different decisions. Each is valid for the schema, has been decided by both evaluators, and comes with that decision.
  --format text    what was reached, and what was proved to be unreachable
  --format json    the same, with the requests
  --format jsonl   one request per line: {"name", "request", "expect": {"effect", "rule", "reason"}, "covers"}
  --format policy  test blocks, to append to the policy
Without --format the ending of -o FILE decides (.json, .jsonl, .policy).

The exit code of --generate is 0 also when something was not reached: a rule that no request can reach is no mistake of its
own, and what is unknown says nothing about the policy. Both are listed, with the reason.`;

export function generateOptions(): readonly Option[] {
  return [
    new Option('--generate', 'make requests that reach all that the policy decides'),
    new Option('-o, --output <file>', 'with --generate: where to write them'),
    budgetOption('with --generate: time for what is hard to reach'),
    new Option('--format <format>', 'output format; jsonl and policy with --generate').choices(TEST_FORMATS),
  ];
}

/** Why the options do not go together; null when they do. */
export function conflictOf(paths: readonly string[], options: TestCommandOptions): string | null {
  const { generate, format, output, budget } = options;
  if (generate) return paths.length === 1 ? null : '--generate takes one policy';
  if (output !== undefined) return '-o needs --generate';
  if (budget !== undefined) return '--budget needs --generate';
  return format === 'jsonl' || format === 'policy' ? `--format ${format} needs --generate` : null;
}

/** What is left open is decided by the name of the file. */
export function generateCommandOptions(options: TestCommandOptions): GenerateCommandOptions {
  const { output = STDIN, budget } = options;
  const ending = TEST_FORMATS.find((format) => format !== 'text' && output.endsWith(`.${format}`));
  return {
    format: options.format ?? ending ?? 'text',
    output,
    ...(budget === undefined ? {} : { budget }),
  };
}
