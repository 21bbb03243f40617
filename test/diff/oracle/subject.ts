// One version of a policy, compiled: what the engine is given, and the evaluator that judges the engine.

import { type Evaluator, loadBundle } from '../../../src/evaluator/evaluator.ts';
import { type Compiled, compilePolicy, type Host } from '../../../src/policy.ts';
import type { Schema } from './enumerate.ts';

export interface Version {
  readonly source: string;
  readonly schema: Schema;
}

export interface Subject {
  readonly version: Version;
  readonly evaluator: Evaluator;
  /** Effects, weakest first. */
  readonly effects: readonly string[];
  /** Names of the rules in declaration order. */
  readonly rules: readonly string[];
  readonly compiled: Compiled;
  readonly host: Host;
}

export const POLICY_FILE = 'p.policy';

function hostOf({ source, schema }: Version): Host {
  const files = new Map([
    [POLICY_FILE, source],
    ['s.json', JSON.stringify(schema)],
  ]);
  return {
    readFile: (path) => {
      const text = files.get(path);
      if (text === undefined) return { ok: false, reason: 'no such file' };
      return { ok: true, bytes: new TextEncoder().encode(text) };
    },
  };
}

/** The codes of the errors when it does not compile. */
export function compileVersion(version: Version): Subject | readonly string[] {
  const host = hostOf(version);
  const result = compilePolicy(POLICY_FILE, host);
  if (!result.ok) return result.diagnostics.map(({ code, args }) => `${code} ${JSON.stringify(args)}`);
  const { bytes, ir } = result.compiled;
  return {
    version,
    evaluator: loadBundle(bytes),
    effects: ir.effects.map((effect) => effect.name),
    rules: ir.rules.map((rule) => rule.name),
    compiled: result.compiled,
    host,
  };
}
