// Writes the generated files from their sources: `npm run generate`. With `--check` it writes nothing and fails when one is stale.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAsm, moduleSource } from './build-asm.mjs';
import { loadTypeScript } from './run-ts.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Each generated file and what makes its text, in this order: the module is compiled from the constants. */
const GENERATED = [
  {
    file: 'grammar/bytecode.md',
    make: async () => (await loadTypeScript('scripts/bytecode-doc.ts')).bytecodeManual(),
  },
  {
    file: 'asm/generated.ts',
    make: async () => (await loadTypeScript('scripts/generate-asm.ts')).asmConstants(),
  },
  { file: 'src/wasm/module.generated.ts', make: async () => moduleSource(await buildAsm()) },
];

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

const check = process.argv.includes('--check');
for (const row of GENERATED) {
  const text = await row.make();
  const file = join(ROOT, row.file);
  if (read(file) === text) continue;
  if (check) {
    console.error(`${row.file} is stale: run \`npm run generate\` and commit the result`);
    process.exitCode = 1;
  } else {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    console.log(`wrote ${row.file}`);
  }
}
