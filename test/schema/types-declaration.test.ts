import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { typeDeclarations } from '../../src/checker/types-declaration.ts';
import { loadSet } from './load.ts';

const EFFECTS = [
  { name: 'allow', obligations: [] },
  {
    name: 'ask',
    obligations: [
      { name: 'approvers', type: 'string', optional: false },
      { name: 'expires', type: 'string', optional: true },
    ],
  },
];

const set = loadSet({
  'main.json': {
    title: 'Agent action',
    type: 'object',
    additionalProperties: false,
    required: ['action', 'tree'],
    properties: {
      action: { enum: ['read', 'write'], description: 'What is done */ export const evil = 1; /*' },
      amount: { type: ['number', 'null'] },
      tree: { $ref: '#/$defs/Tree' },
      decision: { $ref: '#/$defs/Decision' },
      id: { $ref: 'parts/common.json#/$defs/Id' },
      again: { $ref: '#' },
      never: false,
      any: true,
      list: { type: 'array', items: { type: 'integer' }, minItems: 1, maxItems: 3 },
      tagged: { type: 'string', tsType: 'Evil' },
    },
    $defs: {
      Tree: { type: 'object', additionalProperties: false, properties: { left: { $ref: '#/$defs/Tree' } } },
      Decision: { type: 'boolean' },
    },
  },
  'parts/common.json': { $defs: { Id: { type: 'string', format: 'uri' } } },
});

describe('typeDeclarations', async () => {
  const text = await typeDeclarations(set, EFFECTS, 'ops');

  test('describes the request', () => {
    expect(text).toContain('export interface Request {');
    expect(text).toMatch(/action: "read" \| "write";/);
    expect(text).toMatch(/amount\?: number \| null;/);
    expect(text).toMatch(/tree: Tree;/);
    expect(text).toMatch(/left\?: Tree;/);
    expect(text).toMatch(/id\?: Id;/);
    expect(text).toMatch(/list\?: number\[\];/);
    expect(text).toMatch(/tagged\?: string;/);
    expect(text).not.toContain('Evil');
    expect(text).not.toContain('*/ export const evil');
  });

  test('describes the decision', () => {
    expect(text).toContain('export type Effect = "allow" | "ask";');
    expect(text).toContain(
      '  | Decided<"allow", never>\n  | Decided<"ask", { approvers: string; expires?: string }>;',
    );
    expect(text).toContain('name: "ops"');
  });

  test('is the same every time', async () => {
    expect(await typeDeclarations(set, EFFECTS, 'ops')).toBe(text);
  });

  test('is what the TypeScript compiler accepts', { timeout: 60_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'policyc-'));
    writeFileSync(join(folder, 'types.d.ts'), text);
    writeFileSync(
      join(folder, 'use.ts'),
      `import type { Decision, Request } from './types.js';
export const request: Request = { action: 'read', tree: { left: {} }, amount: null, any: 3, again: { action: 'write', tree: {} } };
// @ts-expect-error
export const wrong: Request = { action: 'delete', tree: {} };
export function approvers(d: Decision): string[] {
  return d.effect === 'ask' ? d.obligations.map((o) => o.values.approvers) : [];
}
`,
    );
    const tsc = join(import.meta.dirname, '../../node_modules/.bin/tsc');
    execFileSync(tsc, ['--noEmit', '--strict', '--ignoreConfig', join(folder, 'use.ts')], {
      stdio: 'inherit',
    });
  });
});

test('refers to no file', async () => {
  const alone = loadSet({
    'a.json': { $ref: 'b.json#/$defs/R' },
    'b.json': { $defs: { R: { type: 'object', properties: { x: { $ref: 'c.json' } } } } },
    'c.json': { type: 'array', items: { $ref: '#' } },
  });
  expect(await typeDeclarations(alone, EFFECTS, 'p')).toMatch(/x\?: C;[\s\S]*export type C = C\[\];|x\?: C;/);
});
