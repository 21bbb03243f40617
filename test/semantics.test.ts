// grammar/semantics.md is written by hand; what it lists must be what the tables say.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as limits from '../src/bytecode/limits.ts';
import { DECISION_KEYS, INVALID_CODES, REASON_DEFAULT, REASON_INVALID } from '../src/bytecode/opcodes.ts';
import { BUILT_IN_FUNCTIONS } from '../src/checker/call.ts';
import { SUPPORTED } from '../src/checker/schema-keywords.ts';

const text = readFileSync(new URL('../grammar/semantics.md', import.meta.url), 'utf8');

/** The text of a section, by its heading. */
function section(heading: string): string {
  const start = text.indexOf(`\n${heading}\n`);
  if (start < 0) throw new Error(`no section ${heading}`);
  const level = heading.split(' ')[0] ?? '';
  const rest = text.slice(start + heading.length + 2);
  const end = rest.search(new RegExp(`^#{2,${level.length}} `, 'm'));
  return end < 0 ? rest : rest.slice(0, end);
}

/** The cells of the table rows of a text, without head and line. */
function rows(part: string): string[][] {
  return part
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .slice(1, -1)
        .split(' | ')
        .map((cell) => cell.trim()),
    );
}

const unquoted = (cell: string | undefined): string => (cell ?? '').replaceAll('`', '');

describe('semantics.md', () => {
  test('lists every limit with its value, and no other', () => {
    const listed = rows(section('## 17 Limits')).map(([name, value]) => [
      unquoted(name),
      Number(unquoted(value).replaceAll(',', '')),
    ]);
    expect(listed).toEqual(Object.entries(limits));
  });

  test('lists the codes of the projection in the order in which they are checked', () => {
    const projection = rows(section('### 14.3 Projection')).map(([code]) => unquoted(code));
    const texts = new Set(rows(section('### 14.1 Texts')).map(([code]) => unquoted(code)));
    expect(projection).toEqual(INVALID_CODES.filter((code) => code === 'utf8' || !texts.has(code)));
    expect([...texts].filter((code) => code !== 'utf8')).toEqual(
      INVALID_CODES.filter((code) => !projection.includes(code)),
    );
  });

  test('lists the keys of a decision in their order', () => {
    expect(rows(section('## 13 Decisions')).map(([key]) => unquoted(key))).toEqual([...DECISION_KEYS]);
  });

  test('names the built-in reasons, the functions and the supported schema keywords', () => {
    for (const reason of [REASON_DEFAULT, REASON_INVALID]) expect(text).toContain(`\`${reason}\``);
    for (const name of BUILT_IN_FUNCTIONS) expect(section('## 8 Expressions')).toMatch(name);
    for (const keyword of SUPPORTED) expect(section('## 3 Condition schemas')).toContain(keyword);
  });

  test('the contents lead to the sections', () => {
    const links = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
    const anchors = [...text.matchAll(/^#{2,3} (.+)$/gm)].map(([, heading]) =>
      (heading ?? '')
        .toLowerCase()
        .replace(/[^a-z0-9 -]/g, '')
        .replaceAll(' ', '-'),
    );
    expect(links.length).toBeGreaterThan(10);
    for (const link of links) expect(anchors).toContain(link);
  });
});
