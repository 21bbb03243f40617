import { it } from 'vitest';
import { checkPolicy } from '/work/main/src/policy.ts';
import { hostOf, complete } from '/work/main/test/check/case-file.ts';
it('bench', () => {
  for (const comb of ['most_restrictive', 'first_applicable'])
    for (const n of [1000, 2000, 8000]) {
      const rules = Array.from({ length: n }, (_, i) => `deny r${i} when text matches glob "a${i}*" and env == "dev" unless has labels["k${i}"]\ndeny q${i} unless has labels["z${i}"] and over(${i % 99})`).join('\n');
      const source = complete(`combining ${comb}\ndef over(x: decimal) = amount > x\n${rules}`);
      const t = performance.now();
      const r = checkPolicy('case.policy', hostOf(source));
      console.log(comb, n * 2, r.typed !== null, Math.round(performance.now() - t));
    }
}, 1e6);
