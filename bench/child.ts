// One measurement in a process of its own: `node child.mjs JOB`, the job as JSON; prints a Measured as JSON. It imports the evaluators and
// nothing of the compiler.

import { readFileSync } from 'node:fs';
import type { DecisionsJob, LoadJob, Measured } from './jobs.ts';
import { LOADS, MODULE_COMPILE } from './loads.ts';
import { measure, measureEach } from './measure.ts';
import { type Decider, inputOf, textsOf, VARIANTS } from './variants.ts';
import { renamed } from './w1.ts';

/** Where results go: an object that nobody keeps need not be made at all. */
const sink: { result: unknown } = { result: null };

async function decisions(job: DecisionsJob): Promise<Measured> {
  const variant = VARIANTS.find(({ name }) => name === job.variant)!;
  const deciders: Decider[] = [];
  for (const file of job.bundles)
    deciders.push(await variant.create(job.workload, new Uint8Array(readFileSync(file))));
  const inputs = textsOf(job.workload, job.inputs).map(
    (text, i) => inputOf(variant, renamed(text, i % deciders.length)) as never,
  );
  // The number of bundles is a power of two, so that taking turns costs next to nothing.
  const mask = deciders.length - 1;
  const pass = (): void => {
    for (let i = 0; i < inputs.length; i++) sink.result = deciders[i & mask]!(inputs[i]!);
  };
  const measured = measure(pass, inputs.length, job.rounds);
  return variant.note === undefined
    ? measured
    : { ...measured, note: variant.note((i) => deciders[i & mask]!(inputs[i]!), inputs.length) };
}

function load(job: LoadJob): Measured {
  const bytes = new Uint8Array(readFileSync(job.bundle));
  const [text] = textsOf({ name: 'W2', rules: job.rules }, 1);
  const { create } = [...LOADS, MODULE_COMPILE].find(({ name }) => name === job.load)!;
  const act = create(bytes, JSON.parse(text!));
  return measureEach(() => {
    sink.result = act();
  });
}

const job = JSON.parse(process.argv[2]!) as DecisionsJob | LoadJob;
console.log(JSON.stringify(job.kind === 'load' ? load(job) : await decisions(job)));
