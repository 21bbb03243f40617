// Writes policies/<name>/requests.jsonl: example requests, one per line, the same on every run.
// Usage: node scripts/make-requests.mjs [name…]
import { writeFileSync } from 'node:fs';
import * as agentOps from './make-requests-agent-ops.mjs';
import * as dataPipeline from './make-requests-data-pipeline.mjs';
import * as gtaf from './make-requests-gtaf.mjs';
import { random } from './make-requests-random.mjs';
import * as shellGuard from './make-requests-shell-guard.mjs';
import * as spendLimits from './make-requests-spend-limits.mjs';

const MAKERS = {
  'agent-ops': agentOps,
  'data-pipeline': dataPipeline,
  gtaf,
  'shell-guard': shellGuard,
  'spend-limits': spendLimits,
};
const wanted = process.argv.slice(2);
for (const [name, { make }] of Object.entries(MAKERS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const lines = make(random(20_270_314)).map((request) => `${JSON.stringify(request)}\n`);
  writeFileSync(new URL(`../policies/${name}/requests.jsonl`, import.meta.url), lines.join(''));
  console.log(`${name}: ${lines.length}`);
}
