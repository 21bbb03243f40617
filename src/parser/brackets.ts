// A look at the tokens before the recursive grammar reads them: which braces belong together, and whether anything
// is nested more deeply than the grammar may recurse.

import { MAX_NESTING } from './limits.ts';
import type { Report } from './report.ts';
import * as t from './tokens.ts';

const w = t.word;
/** Words that no bracket of an expression encloses: an unclosed bracket before them is an error of its own. */
const STATEMENT_WORDS = new Set(
  [
    'when',
    'unless',
    'reason',
    'severity',
    'message',
    'remediation',
    'tags',
    'let',
    'def',
    'group',
    'table',
    'test',
  ].map((text) => w(text)),
);
const CONTAINERS = new Set([w('list'), w('map')]);

/** For each brace the index of its partner; -1 for a brace without partner and for every other token. */
export function braces(tokens: readonly t.SourceToken[]): number[] {
  const partner = new Array<number>(tokens.length).fill(-1);
  const open: number[] = [];
  tokens.forEach(({ tokenType }, i) => {
    if (tokenType === t.LCurly) open.push(i);
    if (tokenType !== t.RCurly) return;
    const start = open.pop();
    if (start === undefined) return;
    partner[start] = i;
    partner[i] = start;
  });
  return partner;
}

/** Reports the first place that is nested too deeply for the grammar; true when there is one. */
export function nestedTooDeeply(tokens: readonly t.SourceToken[], report: Report): boolean {
  let brackets = 0;
  let blocks = 0;
  let types = 0;
  for (let i = 0; i < tokens.length; i++) {
    const { tokenType } = tokens[i] as t.SourceToken;
    const previous = tokens[i - 1]?.tokenType;
    if (tokenType === t.LParen || tokenType === t.LBracket) brackets++;
    else if (tokenType === t.RParen || tokenType === t.RBracket) brackets = Math.max(0, brackets - 1);
    else if (tokenType === t.LCurly) blocks++;
    else if (tokenType === t.RCurly) blocks = Math.max(0, blocks - 1);
    else if (STATEMENT_WORDS.has(tokenType) && previous !== t.Dot) brackets = 0;
    if (tokenType === t.Less && CONTAINERS.has(previous as t.SourceToken['tokenType'])) types++;
    else if (!(CONTAINERS.has(tokenType) && previous === t.Less)) types = 0;
    if (brackets <= MAX_NESTING && blocks <= MAX_NESTING && types <= MAX_NESTING) continue;
    const what = blocks > MAX_NESTING ? 'this group' : types > MAX_NESTING ? 'this type' : 'this expression';
    const hint = what === 'this expression' ? 'name parts of it with `let`' : '';
    const { startOffset } = tokens[i] as t.SourceToken;
    report.add('P1304', startOffset, startOffset + 1, { what, limit: MAX_NESTING, hint });
    return true;
  }
  return false;
}
