// Writes the generated files from their sources: `npm run generate`. With `--check` it writes nothing and fails when one is stale.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadTypeScript } from './run-ts.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Each generated file, the script that makes it and the exported function that returns its text. */
const GENERATED = [
  { file: 'grammar/bytecode.md', script: 'scripts/bytecode-doc.ts', function: 'bytecodeManual' },
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
  const text = (await loadTypeScript(row.script))[row.function]();
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
