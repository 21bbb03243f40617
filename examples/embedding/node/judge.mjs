// Judges requests, one per line: node judge.mjs < requests.jsonl

import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { loadBundle } from 'policyc/wasm';

const evaluator = await loadBundle(readFileSync(new URL('policy.policyb', import.meta.url)));
const decoder = new TextDecoder();

for await (const line of createInterface({ input: process.stdin })) {
  console.log(decoder.decode(evaluator.evaluateJson(line)));
}
