// The options of `policyc explain`, as the command line reads them.

import { Option } from 'commander';
import { budgetOption } from './budget.ts';

export interface ExplainCommandOptions {
  readonly input: string;
  readonly format: 'text' | 'json';
  readonly rule?: string;
  readonly flip?: string;
  /** Seconds. */
  readonly budget?: number;
}

export const EXPLAIN_HELP = `
Every part of every condition is shown with its truth and the values that were read; parts on which the truth of the
whole hangs come first. --flip looks for the smallest change of the request that gives its decision another effect:
the fewest members changed, added or removed. What it finds is valid and has been decided by both evaluators.

The exit code is 1 when --flip found no such change, whether or not it is proved that there is none.`;

export function explainOptions(): readonly Option[] {
  return [
    new Option('-i, --input <file>', 'the request: FILE.json, or - for standard input').makeOptionMandatory(),
    new Option('--rule <name>', 'explain this rule only'),
    new Option('--flip <effect>', 'find the smallest change of the request that gets this effect'),
    budgetOption('time for questions that are hard to decide'),
  ];
}
