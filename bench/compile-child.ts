// Compiles W2 with N rules several times: `node compile-child.mjs JOB`; prints a Measured as JSON.

import type { CompileJob, Measured } from './jobs.ts';
import { summary } from './measure.ts';
import { w2Bundle } from './sources.ts';

const { rules, rounds } = JSON.parse(process.argv[2]!) as CompileJob;
const times: number[] = [];
for (let i = 0; i < rounds; i++) {
  const start = performance.now();
  w2Bundle(rules);
  times.push((performance.now() - start) * 1e6);
}
const measured: Measured = { ...summary(times), first: times[0]! };
console.log(JSON.stringify(measured));
