// `npm run bench [-- --json FILE] [--rounds N] [--only SECTION]`: makes two plain modules, the bench with the compiler and the measured
// child with the evaluator alone, and runs the first one.

import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
// Inside the project, so that packages resolve.
const out = join(ROOT, 'node_modules', '.cache', 'policyc', `bench-${process.pid}`);

mkdirSync(out, { recursive: true });
try {
  await build({
    absWorkingDir: ROOT,
    entryPoints: {
      bench: 'bench/bench.ts',
      child: 'bench/child.ts',
      'compile-child': 'bench/compile-child.ts',
      'diff-child': 'bench/diff-child.ts',
    },
    outdir: out,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'warning',
  });
  const run = spawnSync(process.execPath, [join(out, 'bench.mjs'), ...process.argv.slice(2)], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  process.exitCode = run.status ?? 1;
} finally {
  rmSync(out, { recursive: true, force: true });
}
