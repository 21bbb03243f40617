// The evaluators of a command: `--engine ts`, `wasm` or `both`.

import { Option } from 'commander';
import { diagnostic } from '../diagnostic/diagnostic.ts';
import type { BundleError, Evaluator } from '../evaluator/evaluator.ts';
import { refusal } from './load.ts';
import { displayName, Stop } from './report.ts';

const CHOICES = ['ts', 'wasm', 'both'] as const;
export type EngineChoice = (typeof CHOICES)[number];

export interface Engine {
  readonly name: 'ts' | 'wasm';
  readonly evaluator: Evaluator;
}

export function engineOption(standard: EngineChoice): Option {
  return new Option('--engine <engine>', 'evaluator; `both` compares them')
    .choices(CHOICES)
    .default(standard);
}

/** Loads a bundle; throws a `Stop` when it does not verify, or when only one of the evaluators says so. */
export async function loadEngines(
  choice: EngineChoice,
  path: string,
  bytes: Uint8Array,
): Promise<readonly Engine[]> {
  const names = choice === 'both' ? (['ts', 'wasm'] as const) : ([choice] as const);
  const loaded: (Engine | Refused)[] = [];
  for (const name of names) loaded.push(await load(name, bytes));
  const refused = loaded.filter((each) => 'error' in each);
  const engines = loaded.filter((each) => 'evaluator' in each);
  const [first] = refused;
  if (first === undefined) return engines;
  if (engines.length > 0 || refused.some(({ error }) => error.code !== first.error.code)) {
    const detail = loaded.map((each) => `${each.name}: ${'error' in each ? each.error.message : 'accepted'}`);
    const args = { path: displayName(path), detail: detail.join('; ') };
    throw new Stop([diagnostic('P4010', { file: path, span: null }, args)], 1);
  }
  throw refusal(path, first.error);
}

interface Refused {
  readonly name: Engine['name'];
  readonly error: BundleError;
}

async function load(name: Engine['name'], bytes: Uint8Array): Promise<Engine | Refused> {
  const { BundleError, loadBundle } =
    name === 'ts' ? await import('../evaluator/evaluator.ts') : await import('../wasm/host.ts');
  try {
    return { name, evaluator: await loadBundle(bytes) };
  } catch (error) {
    if (error instanceof BundleError) return { name, error };
    throw error;
  }
}
