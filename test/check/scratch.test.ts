import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'vitest';
import { checkPolicy, compilePolicy } from '../../src/policy.ts';
import { hostOf, readCases, complete } from './case-file.ts';
const TOKEN = /"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|[A-Za-z_]\w*(?:\.[a-z_]\w*)*|\d+(?:\.\d+)?[a-z]*|==|!=|<=|>=|->|\?\?|\.\.|\s+|[\s\S]/g;
const sort = (t: string) => /^(and|or|not|is|in|has|contains|starts_with|ends_with|matches|any|all|count|first|when|unless|deny|message|let|def)$/.test(t) ? 'kw' : /^[A-Za-z_]/.test(t) ? 'word' : /^[\d"]/.test(t) ? 'const' : 'sign';
let seed = Number(process.env.SEED ?? 1);
const rnd = (n: number) => { seed = (seed * 1103515245 + 12345) % 2147483648; return Math.floor((seed / 2147483648) * n); };
it('fuzz', () => {
  const pool: Record<string, string[]> = { kw: [], word: [], const: [], sign: [] };
  const subjects: { rest: string; line: string; comb: string }[] = [];
  for (const f of readdirSync(join(import.meta.dirname, 'cases')).filter((n) => n.endsWith('.policy-cases')))
    for (const c of readCases(f)) {
      const lines = c.source.split('\n').filter((l) => !l.includes('//~'));
      const rest = lines.filter((l) => /^(let|def) /.test(l)).join('\n');
      for (const l of lines) if (/^deny \w+ (when|unless)/.test(l)) { subjects.push({ rest, line: l, comb: '' }); for (const t of l.match(TOKEN)!) if (t.trim()) pool[sort(t)]!.push(t); }
    }
  let ok = 0; const fails = new Map<string, string>();
  const until = Date.now() + 1000 * Number(process.env.SECS ?? 60); let n = 0;
  while (Date.now() < until) {
    n++;
    const s = subjects[rnd(subjects.length)]!;
    const toks = [...s.line.match(TOKEN)!];
    for (let k = 0; k <= rnd(2); k++) {
      const places = toks.flatMap((t, i) => (t.trim() && i > 3 ? [i] : []));
      const at = places[rnd(places.length)]!;
      const p = pool[sort(toks[at]!)]!;
      toks[at] = p[rnd(p.length)]!;
    }
    const lines = `${s.rest}\n${toks.join('')}`;
    const source = complete(lines);
    const host = hostOf(source);
    let stage = 'check';
    try {
      const r = checkPolicy('case.policy', host);
      if (r.typed === null) continue;
      ok++; stage = 'compile';
      const c = compilePolicy('case.policy', host);
      if (!c.ok) { const k = c.diagnostics.map((d) => d.code).join(); if (!fails.has(k)) fails.set(k, toks.join('')); }
    } catch (e) {
      const k = `${stage} ${(e as Error).message} ${(e as Error).stack?.split('\n').slice(1, 4).map((x) => x.trim().replace(/.*\//, '')).join(' < ')}`;
      if (!fails.has(k)) fails.set(k, lines);
    }
  }
  console.log(n, ok);
  for (const [k, v] of fails) console.log('FAIL', k, '\n', v);
}, 1e7);
