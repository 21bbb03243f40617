// The options of `policyc analyze`, as the command line reads them.

import { Option } from 'commander';
import { budgetOption } from './budget.ts';

export interface AnalyzeOptions {
  readonly format: 'text' | 'json';
  /** Seconds. */
  readonly budget?: number;
  /** Two names of rules. */
  readonly equivalent?: readonly [string, string];
}

export const ANALYZE_HELP = `
Findings, exit code 1:
  dead        the condition of a rule holds for no valid request
  shadowed    a rule never decides: whenever it matches, others do
  redundant   without the rule (and with all others) nothing would be decided otherwise
  unreached   no valid request gets an effect
Information: requests that no rule matches, rules with different effects that match one request, rules with the
same condition. Everything is shown by a request, or proved; what could not be decided is listed as undecided.

With --equivalent only this question is asked: the exit code is 0 when the two rules match the same requests, which is
then proved, and 1 when they do not or when it could not be decided.`;

export function analyzeOptions(): readonly Option[] {
  return [
    budgetOption('time for questions that are hard to decide'),
    new Option('--equivalent <rules...>', 'whether two rules match the same requests: RULE_A RULE_B'),
  ];
}
