// The bench: compiles the workloads, checks that all variants answer alike, measures each in a process of its own and prints ratios.
// Times differ between machines and days; what counts is the ratio to the hand-written function of the same run.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { moduleBytes } from '../src/wasm/host.ts';
import type { Job, Measured } from './jobs.ts';
import { LOADS, MODULE_COMPILE } from './loads.ts';
import { reachTable } from './reach.ts';
import { w1Bundle, w2Bundle } from './sources.ts';
import { type Section, section, table } from './table.ts';
import { answerOf, inputOf, textsOf, VARIANTS, type Workload } from './variants.ts';

const INPUTS = 2000;
const BUNDLES = [1, 2, 8];
const SIZES = [10, 100, 1000, 10_000];
const LOADED_SIZES = [20, 2000];
const COMPILED_SIZES = [500, 1000, 2000, 4000];
const COMPILATIONS = 5;
const COMPARED_SIZES = [20, 200, 2000];
const COMPARISONS = 3;
const W1: Workload = { name: 'W1', rules: 12 };

const { values: options } = parseArgs({
  options: {
    json: { type: 'string' },
    only: { type: 'string' },
    rounds: { type: 'string', default: '61' },
  },
});
const rounds = Number(options.rounds);
const folder = mkdtempSync(join(tmpdir(), 'policyc-bench-'));

/** Runs a job in a process of its own. */
function run(job: Job): Measured {
  const child = job.kind === 'compile' || job.kind === 'diff' ? `./${job.kind}-child.mjs` : './child.mjs';
  const { status, stdout } = spawnSync(
    process.execPath,
    [fileURLToPath(new URL(child, import.meta.url)), JSON.stringify(job)],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  if (status !== 0) throw new Error(`the process for ${JSON.stringify(job)} failed`);
  return JSON.parse(stdout) as Measured;
}

function bundleFile(name: string, bytes: Uint8Array): string {
  const file = join(folder, `${name}.policyb`);
  writeFileSync(file, bytes);
  return file;
}

/** Every variant gives the hand-written function's answer to every input. */
async function checkEqual(workload: Workload, bundle: string): Promise<void> {
  const bytes = new Uint8Array(readFileSync(bundle));
  const texts = textsOf(workload, INPUTS);
  let expected: readonly string[] | null = null;
  for (const variant of VARIANTS) {
    if (!variant.workloads.includes(workload.name)) continue;
    const decider = await variant.create(workload, bytes);
    const answers = texts.map((text) => answerOf(decider(inputOf(variant, text) as never)));
    expected ??= answers;
    const at = answers.findIndex((answer, i) => answer !== expected![i]);
    if (at >= 0)
      throw new Error(
        `${workload.name}: ${variant.name} answers ${answers[at]}, not ${expected[at]}, to ${texts[at]}`,
      );
  }
}

/** The variants of a workload in turn; the first one is what the others are compared with. */
function measureVariants(workload: Workload, bundles: readonly string[], only?: string): Named[] {
  return VARIANTS.filter(
    ({ name, workloads }) => workloads.includes(workload.name) && (only ?? name) === name,
  ).map(({ name }) => ({
    name,
    ...run({ kind: 'decisions', workload, variant: name, bundles, inputs: INPUTS, rounds }),
  }));
}

type Named = Measured & { name: string };

async function w1(): Promise<Section[]> {
  const copies = Array.from({ length: Math.max(...BUNDLES) }, (_, k) =>
    bundleFile(`w1-${k}`, w1Bundle(k).bytes),
  );
  await checkEqual(W1, copies[0]!);
  const rows = measureVariants(W1, copies.slice(0, 1));
  for (const k of BUNDLES.slice(1)) {
    for (const name of ['decide', 'WASM decide']) {
      const [row] = measureVariants(W1, copies.slice(0, k), name);
      rows.push({ ...row!, name: `${name}, ${k} bundles in turn` });
    }
  }
  return [section('W1: 12 rules, 9 fields, per decision', VARIANTS[0]!.name, rows)];
}

async function w2(): Promise<Section[]> {
  const sections: Section[] = [];
  const growth = new Map<string, Named[]>();
  for (const rules of SIZES) {
    const workload: Workload = { name: 'W2', rules };
    const file = bundleFile(`w2-${rules}`, w2Bundle(rules).bytes);
    await checkEqual(workload, file);
    const rows = measureVariants(workload, [file]);
    sections.push(section(`W2: ${rules} rules, per decision`, VARIANTS[0]!.name, rows));
    for (const row of rows)
      growth.set(row.name, [...(growth.get(row.name) ?? []), { ...row, name: `${row.name}, N = ${rules}` }]);
  }
  for (const [name, rows] of growth) sections.push(section(`W2: growth of ${name}`, rows[0]!.name, rows));
  return sections;
}

async function compiling(): Promise<Section[]> {
  const rows = COMPILED_SIZES.map((rules) => ({
    name: `${rules} rules`,
    ...run({ kind: 'compile', rules, rounds: COMPILATIONS }),
  }));
  return [section('compile W2', rows[0]!.name, rows)];
}

async function comparing(): Promise<Section[]> {
  return [
    ['one rule changed', 0],
    ['every tenth rule changed', 10],
  ].map(([what, every]) => {
    const rows = COMPARED_SIZES.map((rules) => ({
      name: `${rules} rules`,
      ...run({ kind: 'diff', rules, every: Number(every), rounds: COMPARISONS }),
    }));
    return section(`compare two versions of W2, ${what}`, rows[0]!.name, rows);
  });
}

async function loading(): Promise<Section[]> {
  const sections = LOADED_SIZES.map((rules) => {
    const { bytes } = w2Bundle(rules);
    const bundle = bundleFile(`load-${rules}`, bytes);
    const rows = LOADS.map(({ name }) => ({ name, ...run({ kind: 'load', load: name, rules, bundle }) }));
    return section(`load a bundle of W2: ${rules} rules, ${bytes.length} bytes`, LOADS[0]!.name, rows);
  });
  const module = moduleBytes();
  const { name } = MODULE_COMPILE;
  const bundle = bundleFile('load-module', w2Bundle(1).bytes);
  const row = { name, ...run({ kind: 'load', load: name, rules: 1, bundle }) };
  const title = `the WASM module: ${module.length} bytes, ${gzipSync(module).length} with gzip`;
  return [...sections, section(title, name, [row])];
}

const SECTIONS: { readonly [name: string]: () => Promise<Section[]> } = {
  w1,
  w2,
  compile: compiling,
  diff: comparing,
  load: loading,
};

async function main(): Promise<void> {
  const wanted = options.only?.split(',') ?? Object.keys(SECTIONS);
  const sections: Section[] = [];
  for (const name of wanted) {
    const make = SECTIONS[name];
    if (make === undefined)
      throw new Error(`--only ${name}: choose from ${Object.keys(SECTIONS).join(', ')}`);
    for (const made of await make()) {
      sections.push(made);
      console.log(table(made));
    }
  }
  console.log(reachTable(sections));
  if (options.json !== undefined) {
    const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', rounds };
    writeFileSync(options.json, `${JSON.stringify({ ...machine, sections }, null, 2)}\n`);
  }
}

try {
  await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
