// The options of `policyc diff`, as the command line reads them.

import { InvalidArgumentError, Option } from 'commander';
import type { DiffReport } from '../diff/report.ts';
import { budgetOption } from './budget.ts';
import { STDIN } from './files.ts';

export const DIFF_FORMATS = ['text', 'json', 'markdown', 'sarif', 'html'] as const;
export type DiffFormat = (typeof DIFF_FORMATS)[number];

const CONDITIONS = ['loosening', 'any', 'unknown'] as const;
export type FailCondition = (typeof CONDITIONS)[number];

export interface DiffCommandOptions {
  readonly format: DiffFormat;
  readonly output: string;
  readonly failOn: readonly FailCondition[];
  /** Seconds. */
  readonly budget?: number;
  readonly trace?: string;
}

export const DIFF_HELP = `
OLD and NEW are policy sources, bundles, or git:REV:PATH: a file at a git revision. PATH starts at the root of the
repository, or with ./ at the current folder; an empty REV is the index. What a source refers to is read from the same
revision.

The exit code is 0 whatever the difference is, unless --fail-on makes it 1:
  loosening  some requests get a weaker decision, or gain and lose obligations (direction loosening or mixed);
             also when a question could not be decided, since a loosening cannot be excluded then
  any        some requests get another decision, or whether they do could not be decided
  unknown    a question could not be decided
A policy that has errors is exit code 1 too, and there is no report.`;

export function diffOptions(): readonly Option[] {
  return [
    new Option('--format <format>', 'output format').choices(DIFF_FORMATS).default('text'),
    new Option('-o, --output <file>', 'where to write the report').default(STDIN, 'standard output'),
    new Option(
      '--fail-on <condition>',
      'exit code 1 on loosening, any or unknown; several: repeat, or use commas',
    )
      .argParser(failConditions)
      .default([], 'never'),
    budgetOption('time for questions that are hard to decide'),
    new Option('--trace <file>', 'recorded requests, one per line: how many of them the change concerns'),
  ];
}

function failConditions(text: string, before: readonly FailCondition[]): readonly FailCondition[] {
  const found = text.split(',').map((word) => {
    const condition = CONDITIONS.find((each) => each === word.trim());
    if (condition === undefined)
      throw new InvalidArgumentError(`Allowed choices are ${CONDITIONS.join(', ')}.`);
    return condition;
  });
  return [...before, ...found];
}

/** The first condition that the report meets, or null. */
export function failureOf(report: DiffReport, conditions: readonly FailCondition[]): FailCondition | null {
  const { verdict, cells, unknowns } = report;
  const undecided = verdict === 'unknown' || unknowns.length > 0;
  const met = {
    loosening: undecided || cells.some(({ direction }) => direction === 'loosening' || direction === 'mixed'),
    any: verdict !== 'no_change',
    unknown: undecided,
  };
  return conditions.find((condition) => met[condition]) ?? null;
}
