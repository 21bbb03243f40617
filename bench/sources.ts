// The workloads as bundles.

import { readFileSync } from 'node:fs';
import { type Compiled, compilePolicy } from '../src/policy.ts';
import { renamed } from './w1.ts';
import { W2_SCHEMA, w2Policy, w2Rules } from './w2.ts';

/** Compiles texts instead of files. */
export function compileTexts(policy: string, schemaPath: string, schema: string): Compiled {
  const files = new Map([
    ['bench.policy', policy],
    [schemaPath, schema],
  ]);
  const result = compilePolicy('bench.policy', {
    readFile: (file) => {
      const text = files.get(file);
      return text === undefined
        ? { ok: false, reason: 'not there' }
        : { ok: true, bytes: new TextEncoder().encode(text) };
    },
  });
  if (result.ok) return result.compiled;
  throw new Error(
    `a policy of the bench does not compile: ${JSON.stringify(result.diagnostics.slice(0, 3))}`,
  );
}

/** W1 with the key names of the given copy. */
export function w1Bundle(copy: number): Compiled {
  const policy = renamed(readFileSync('bench/w1.policy', 'utf8'), copy);
  return compileTexts(policy, 'w1.schema.json', renamed(readFileSync('bench/w1.schema.json', 'utf8'), copy));
}

export function w2Bundle(rules: number): Compiled {
  return compileTexts(w2Policy(w2Rules(rules)), 'w2.schema.json', W2_SCHEMA);
}
