// Builds the distributable: `node scripts/build.mjs` fills dist/.
//   dist/index.js      everything; the dependencies of package.json stay imports
//   dist/evaluator.js  the TypeScript evaluator alone: one file without imports, for Node, browsers and edge runtimes
//   dist/wasm.js       the WebAssembly evaluator and its host: one file without imports, for the same places
//   dist/asm.wasm      the module in it, for hosts that are not JavaScript
//   dist/cli.js        the command line; each command is a chunk of its own, so that `eval` does not load the parser
//   dist/types/        declarations
// Only esbuild and tsc run here, so that `npm ci` (which calls this as `prepare`) stays quick: the module comes from
// src/wasm/module.generated.ts, which `npm run generate` makes and the tests hold against asm/.

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const SHARED = {
  absWorkingDir: ROOT,
  bundle: true,
  format: 'esm',
  target: 'es2022',
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
};

/** dist/evaluator.js: `platform: neutral` makes an import of a Node built-in a build error. */
export function buildEvaluator(outdir) {
  return build({
    ...SHARED,
    platform: 'neutral',
    mainFields: ['module', 'main'],
    entryPoints: ['src/evaluator/evaluator.ts'],
    outfile: join(outdir, 'evaluator.js'),
  });
}

/** dist/wasm.js and dist/asm.wasm. */
export async function buildWasm(outdir) {
  const outfile = join(outdir, 'wasm.js');
  await build({
    ...SHARED,
    platform: 'neutral',
    mainFields: ['module', 'main'],
    entryPoints: ['src/wasm/host.ts'],
    outfile,
  });
  const { moduleBytes } = await import(pathToFileURL(outfile).href);
  writeFileSync(join(outdir, 'asm.wasm'), moduleBytes());
}

/** dist/cli.js and its chunks. */
export function buildCli(outdir) {
  return build({
    ...SHARED,
    platform: 'node',
    packages: 'external',
    splitting: true,
    entryPoints: { cli: 'src/cli/main.ts' },
    chunkNames: 'cli-[hash]',
    outdir,
  });
}

/** dist/index.js. */
export function buildLibrary(outdir) {
  return build({
    ...SHARED,
    platform: 'neutral',
    packages: 'external',
    entryPoints: ['src/index.ts'],
    outfile: join(outdir, 'index.js'),
  });
}

function buildTypes(outdir) {
  const require = createRequire(import.meta.url);
  const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
  const types = join(outdir, 'types');
  const run = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', types], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  if (run.status !== 0) throw new Error('tsc could not write the declarations');
  // tsc leaves `.ts` in the imports of declarations; consumers resolve `.js`.
  for (const name of readdirSync(types, { recursive: true })) {
    if (!name.endsWith('.d.ts')) continue;
    const file = join(types, name);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/((?:from |import\()["']\.{1,2}\/[^"']*)\.ts(["'])/g, '$1.js$2'));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const dist = join(ROOT, 'dist');
  try {
    rmSync(dist, { recursive: true, force: true });
    await Promise.all([buildEvaluator(dist), buildWasm(dist), buildCli(dist), buildLibrary(dist)]);
    buildTypes(dist);
  } catch (error) {
    console.error(`build failed: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}
