// Runs a TypeScript script of the project: `node scripts/run-ts.mjs scripts/NAME.ts [argument…]`, from the project's root folder.

import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The script and what it imports as one module; made inside the project, so that packages resolve. */
export async function loadTypeScript(script) {
  // A name of its own for each script: Node loads a path once.
  const name = `${basename(script, '.ts')}-${process.pid}.mjs`;
  const outfile = join(ROOT, 'node_modules', '.cache', 'policyc', name);
  await build({
    absWorkingDir: ROOT,
    entryPoints: [script],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'warning',
  });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile, { force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [script, ...args] = process.argv.slice(2);
  if (script === undefined) throw new Error('usage: node scripts/run-ts.mjs SCRIPT [ARGUMENT…]');
  process.chdir(ROOT);
  process.exitCode = await (await loadTypeScript(script)).main(args);
}
