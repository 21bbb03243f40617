// Compares two versions of W2 several times: `node diff-child.mjs JOB`; prints a Measured as JSON. Compilation is not counted.

import { diffPolicies } from '../src/diff/diff.ts';
import type { DiffSide } from '../src/diff/sides.ts';
import type { DiffJob, Measured } from './jobs.ts';
import { now, summary } from './measure.ts';
import { compileTexts } from './sources.ts';
import { W2_SCHEMA, w2Policy, w2Rules } from './w2.ts';

const { rules, every, rounds } = JSON.parse(process.argv[2]!) as DiffJob;

function side(label: string, policy: string): DiffSide {
  const { bytes, ir, typed } = compileTexts(policy, 'w2.schema.json', W2_SCHEMA);
  return { label, bytes, ir, schemas: typed.schemas, rulePlaces: new Map() };
}

const before = w2Rules(rules);
const isChanged = (at: number): boolean =>
  every === 0 ? at === Math.floor(rules / 2) : at % every === every - 1;
const after = before.map((rule, at) => (isChanged(at) ? { ...rule, amount: rule.amount + 10 } : rule));
const [old, next] = [side('old', w2Policy(before)), side('new', w2Policy(after))];

const times: number[] = [];
let note = '';
for (let i = 0; i < rounds; i++) {
  const start = now();
  const report = diffPolicies(old, next);
  times.push(now() - start);
  note = `${report.verdict}, ${report.cells.length} cells, ${report.unknowns.length} unknown`;
}
const measured: Measured = { ...summary(times), first: times[0]!, note };
console.log(JSON.stringify(measured));
