// POST a request, get the decision.

import module from 'policyc/asm.wasm';
import { loadBundle } from 'policyc/wasm';
import bundle from './policy.bin';

const ready = loadBundle(new Uint8Array(bundle), { module });

export default {
  async fetch(request) {
    const evaluator = await ready;
    const decision = evaluator.evaluateJson(new Uint8Array(await request.arrayBuffer()));
    return new Response(decision, { headers: { 'content-type': 'application/json' } });
  },
};
