// Diff reports made by hand, for the tests of their forms.

import type { Cell, DiffReport } from '../../src/diff/report.ts';

/** What a policy may try in its texts. */
export const NASTY = [
  '`code` | pipe || ',
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  'line\nbreak\r\n\n# heading\n- list\n```\nfence',
  '\u202Etxt.exe \u0007\u001b[31mred\u009b2J \u2028 \ud800',
  '[link](https://evil.example) www.evil.example @everyone #1 :bomb: $x$ ~~gone~~ _a_ **b** &amp; {0}',
  '</code></details></pre>-->',
  '"\'\\',
].join('\n');

export function cell(changes: Partial<Cell> = {}): Cell {
  return {
    from: 'deny',
    to: 'allow',
    kind: 'effect',
    direction: 'loosening',
    oldRules: ['dear'],
    newRules: ['reads', 'default'],
    changedRules: ['dear'],
    region: { alternatives: [['amount >= 100', 'action == "read"'], []], complete: false },
    witnesses: [{ action: 'read', amount: 100 }],
    decisions: [
      {
        old: { effect: 'deny', rule: 'dear', reason: 'DEAR', severity: 'high', obligations: [] },
        new: { effect: 'allow', rule: null, reason: 'DEFAULT', severity: null, obligations: [{ who: 'me' }] },
      },
    ],
    ...changes,
  };
}

export function report(changes: Partial<DiffReport> = {}): DiffReport {
  const rule = (name: string, line: number) => ({
    name,
    effect: 'deny',
    reason: name.toUpperCase(),
    place: { file: 'policies/demo.policy', line, column: 3 },
  });
  const policy = {
    name: 'demo',
    version: '1.0.0',
    bundle: `sha256:${'a'.repeat(64)}`,
    rules: [rule('dear', 7), rule('reads', 8)],
  };
  return {
    verdict: 'changed',
    old: { ...policy, label: 'git:HEAD:policies/demo.policy' },
    new: { ...policy, label: 'policies/demo.policy', version: '1.1.0' },
    cells: [cell()],
    unknowns: [],
    structure: [
      { subject: 'rule', change: 'changed', old: 'dear', new: 'dear', details: ['condition'] },
      { subject: 'rule', change: 'renamed', old: 'a', new: 'b', details: [] },
    ],
    trace: null,
    ...changes,
  };
}

/** A report whose every text is the given one. */
export function reportOf(text: string): DiffReport {
  const decision = {
    effect: text,
    rule: text,
    reason: text,
    severity: text,
    obligations: [{ [text]: text }],
  };
  const policy = {
    label: text,
    name: text,
    version: text,
    bundle: `sha256:${'b'.repeat(64)}`,
    rules: [{ name: text, effect: text, reason: text, place: { file: text, line: 1, column: 1 } }],
  };
  return {
    verdict: 'changed',
    old: policy,
    new: { ...policy, name: `${text}2` },
    cells: [
      cell({
        from: text,
        to: `${text}2`,
        oldRules: [text],
        newRules: [text],
        changedRules: [text],
        region: { alternatives: [[text, text]], complete: true },
        witnesses: [{ [text]: [text, { a: text }] }],
        decisions: [{ old: decision, new: decision }],
      }),
    ],
    unknowns: [{ question: text, reason: text }],
    structure: [{ subject: 'rule', change: 'renamed', old: text, new: `${text}2`, details: [text] }],
    trace: { requests: 10, affected: 3, perCell: [2] },
  };
}
