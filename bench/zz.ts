import { readFileSync } from 'node:fs';
import { decodeBundle } from '../src/bytecode/codec.ts';
import { Projection } from '../src/evaluator/projection.ts';
import { Machine } from '../src/evaluator/machine.ts';
import { measure } from './measure.ts';
import { w1Texts } from './w1.ts';
const d = decodeBundle(new Uint8Array(readFileSync('/tmp/pb/w1-0.policyb')));
if (!d.ok) throw 1;
const inputs = w1Texts(2000).map((t) => JSON.parse(t));
const m = new Machine(d.bundle);
const p: Projection = m.projection;
const s = { r: 0 };
const which = process.argv[2];
const pass = which === 'project' ? () => { for (let i = 0; i < inputs.length; i++) s.r += p.project(inputs[i]); }
 : () => { for (let i = 0; i < inputs.length; i++) { s.r += p.project(inputs[i]); m.run(true); s.r += m.hitCount; } };
const x = measure(pass, 2000, 40);
console.log(which, x.fastest.toFixed(1), x.median.toFixed(1));
