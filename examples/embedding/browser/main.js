// Judges what the text area holds, whenever it changes.

import { loadBundle } from '/dist/wasm.js';

const response = await fetch('policy.policyb');
const evaluator = await loadBundle(new Uint8Array(await response.arrayBuffer()));
const [input, effect, output] = ['request', 'effect', 'decision'].map((id) => document.getElementById(id));

function judge() {
  const decision = JSON.parse(new TextDecoder().decode(evaluator.evaluateJson(input.value)));
  effect.textContent = `${decision.effect}: ${decision.reason}`;
  output.textContent = JSON.stringify(decision, null, 2);
}

input.addEventListener('input', judge);
judge();
