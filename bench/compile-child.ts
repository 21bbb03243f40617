// Compiles W2 with N rules several times: `node compile-child.mjs JOB`; prints a Measured as JSON.

import type { CompileJob, Measured } from './jobs.ts';
import { now, summary } from './measure.ts';
import { w2Bundle } from './sources.ts';

const { rules, rounds } = JSON.parse(process.argv[2]!) as CompileJob;
const times: number[] = [];
for (let i = 0; i < rounds; i++) {
  const start = now();
  w2Bundle(rules);
  times.push(now() - start);
}
const measured: Measured = { ...summary(times), first: times[0]! };
console.log(JSON.stringify(measured));
