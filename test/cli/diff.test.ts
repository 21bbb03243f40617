// policyc diff: its inputs, forms and exit codes.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, test } from 'vitest';
import schema from '../../schemas/diff-report.schema.json' with { type: 'json' };
import type { DiffReport } from '../../src/diff/report.ts';
import { NASTY, report, reportOf } from './diff-reports.ts';
import { POLICY, SCHEMA, Workspace } from './policyc.ts';

const work = new Workspace();
const read = (name: string): string => readFileSync(join(work.folder, name), 'utf8');
const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
const valid = (value: unknown): DiffReport => {
  validate(value);
  expect(validate.errors).toBeNull();
  return value as DiffReport;
};

beforeAll(async () => {
  work.write('request.schema.json', SCHEMA);
  work.write('old.policy', POLICY);
  work.write('same.policy', POLICY.replace('deny expensive', '// too much\ndeny expensive'));
  work.write('looser.policy', POLICY.replace('amount >= 100', 'amount >= 200').replace('"1.2.3"', '"1.3.0"'));
  work.write('text.policy', POLICY.replace('is too much', 'is a lot'));
  work.write('broken.policy', POLICY.replace('amount >=', 'amuont >='));
  work.write('trace.jsonl', '{"action":"read","amount":150}\n{"action":"read","amount":1}\n');
  for (const name of ['old', 'looser'])
    await work.run(['compile', `${name}.policy`, '-o', `${name}.policyb`]);
});

async function jsonOf(...args: readonly string[]): Promise<DiffReport> {
  const { stdout, stderr } = await work.run(['diff', ...args, '--format', 'json']);
  expect(stderr).toBe('');
  return valid(JSON.parse(stdout));
}

describe('the schema of the report', () => {
  test('accepts reports with everything, and with nothing', () => {
    valid(report());
    valid(reportOf(NASTY));
    valid(report({ verdict: 'no_change', cells: [], structure: [] }));
  });

  test('is closed at every depth', () => {
    const paths: (string | number)[][] = [
      [],
      ['old'],
      ['old', 'rules', 0],
      ['old', 'rules', 0, 'place'],
      ['cells', 0],
      ['cells', 0, 'region'],
      ['cells', 0, 'decisions', 0],
      ['cells', 0, 'decisions', 0, 'old'],
      ['unknowns', 0],
      ['structure', 0],
      ['trace'],
    ];
    for (const path of paths) {
      const value = structuredClone(reportOf('x')) as object;
      const place = path.reduce<object>((at, key) => (at as { [key: string]: object })[key] as object, value);
      const [key] = Object.keys(place) as [string];
      Object.assign(place, { extra: 1 });
      expect(validate(value), `${path.join('/')} with another key`).toBe(false);
      Reflect.deleteProperty(place, 'extra');
      expect(validate(value)).toBe(true);
      Reflect.deleteProperty(place, key);
      expect(validate(value), `${path.join('/')} without ${key}`).toBe(false);
    }
  });
});

describe('policies that decide alike', () => {
  test('are proved to', async () => {
    const { code, stdout, stderr } = await work.run([
      'diff',
      'old.policy',
      'same.policy',
      '--fail-on',
      'any,unknown',
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.endsWith('\n\nno semantic change (proved)\n')).toBe(true);
    const found = await jsonOf('old.policy', 'same.policy');
    expect(found).toMatchObject({
      verdict: 'no_change',
      cells: [],
      unknowns: [],
      structure: [],
      trace: null,
    });
    expect(found.old).toMatchObject({ label: 'old.policy', name: 'demo', version: '1.2.3' });
  });

  test('although a text differs', async () => {
    const found = await jsonOf('old.policy', 'text.policy');
    expect(found).toMatchObject({ verdict: 'no_change', cells: [] });
    expect(found.structure).toEqual([
      { subject: 'rule', change: 'text', old: 'expensive', new: 'expensive', details: ['message'] },
    ]);
  });

  test('as a bundle and its source, and from standard input', async () => {
    expect(await jsonOf('old.policyb', 'old.policy')).toMatchObject({ verdict: 'no_change', structure: [] });
    const { stdout } = await work.run(['diff', '-', 'old.policy'], POLICY);
    expect(stdout).toContain('\n  old standard input sha256:');
    expect(stdout).toContain('no semantic change (proved)');
  });
});

describe('a loosening', () => {
  test('has a cell with a request that shows it', async () => {
    const found = await jsonOf('old.policy', 'looser.policy', '--trace', 'trace.jsonl');
    expect(found.verdict).toBe('changed');
    expect(found.cells).toHaveLength(2);
    expect(found.cells[0]).toMatchObject({
      from: 'deny',
      to: 'allow',
      kind: 'effect',
      direction: 'loosening',
      oldRules: ['expensive'],
      newRules: ['reads'],
      changedRules: ['expensive'],
    });
    // What no rule allows is denied as before, but by the default.
    expect(found.cells[1]).toMatchObject({
      from: 'deny',
      to: 'deny',
      kind: 'reason',
      direction: 'neutral',
      oldRules: ['expensive'],
      newRules: ['default'],
    });
    const [witness] = found.cells[0]!.witnesses as { action: string; amount: number }[];
    expect(witness?.action).toBe('read');
    expect(witness?.amount).toBeGreaterThanOrEqual(100);
    expect(witness?.amount).toBeLessThan(200);
    expect(found.trace).toEqual({ requests: 2, affected: 1, perCell: [1, 0] });
    const rule = found.old.rules.find(({ name }) => name === 'expensive');
    expect(rule?.place).toEqual({ file: 'old.policy', line: 8, column: 6 });
  });

  test('is found between bundles too', async () => {
    const found = await jsonOf('old.policyb', 'looser.policyb');
    expect(found).toMatchObject({
      verdict: 'changed',
      cells: [{ direction: 'loosening' }, { direction: 'neutral' }],
    });
    expect(found.old.rules.every(({ place }) => place === null)).toBe(true);
  });

  test('fails when asked to only', async () => {
    const args = ['diff', 'old.policy', 'looser.policy'];
    expect(await work.run(args)).toMatchObject({ code: 0, stderr: '' });
    for (const conditions of [
      ['loosening'],
      ['any'],
      ['unknown,loosening'],
      ['unknown', '--fail-on', 'any'],
    ]) {
      const result = await work.run([...args, '--fail-on', ...conditions]);
      expect(result.code).toBe(1);
      expect(result.stderr).toMatch(/^failed: --fail-on (loosening|any)\n$/);
      expect(result.stdout).toMatch(/\n\nsemantic change: 2 cells \(1 loosening, 1 neutral\)\n$/);
    }
    expect((await work.run([...args, '--fail-on', 'unknown'])).code).toBe(0);
    expect((await work.run(['diff', 'looser.policy', 'old.policy', '--fail-on', 'loosening'])).code).toBe(0);
  });
});

describe('the report', () => {
  test('names rules by place, and what is written differently', async () => {
    const { structure } = await jsonOf('old.policy', 'looser.policy');
    expect(structure).toEqual([
      { subject: 'version', change: 'changed', old: '1.2.3', new: '1.3.0', details: [] },
      { subject: 'rule', change: 'changed', old: 'expensive', new: 'expensive', details: ['condition'] },
    ]);
  });

  test('is the same bytes every time', async () => {
    const args = ['diff', 'old.policy', 'looser.policy', '--format', 'json'];
    expect((await work.run(args)).stdout).toBe((await work.run(args)).stdout);
  });

  test.each([
    ['text', /^demo 1\.2\.3 → 1\.3\.0\n/],
    ['json', /^\{\n {2}"cells": /],
    ['markdown', /^### Policy diff: <code>demo 1\.2\.3 → 1\.3\.0<\/code>\n/],
    ['sarif', /^\{\n {2}"\$schema": .*sarif/],
    ['html', /^<!doctype html>\n/],
  ])('as %s goes to a file as well', async (format, beginning) => {
    const args = ['diff', 'old.policy', 'looser.policy', '--format', format];
    const { stdout } = await work.run(args);
    expect(stdout).toMatch(beginning);
    expect(stdout).not.toContain('\u001b');
    const written = await work.run([...args, '-o', `report.${format}`]);
    expect(written).toMatchObject({ code: 0, stderr: '' });
    expect(written.stdout).toMatch(new RegExp(`^wrote report\\.${format}: \\w.*\n$`));
    expect(read(`report.${format}`)).toBe(stdout);
  });
});

describe('what cannot be compared', () => {
  const fails = async (code: number, ...args: string[]): Promise<string> => {
    const result = await work.run(['diff', ...args]);
    expect({ code: result.code, stdout: result.stdout }).toEqual({ code, stdout: '' });
    return result.stderr;
  };

  test('missing files: both are named', async () => {
    const stderr = await fails(2, 'none.policy', 'gone.policyb');
    expect(stderr).toContain('error[P4001]: cannot read `none.policy`: no such file or directory\n');
    expect(stderr).toContain('error[P4001]: cannot read `gone.policyb`: no such file or directory\n');
    expect(stderr).toContain('\n2 errors\n');
  });

  test('policies with mistakes: those of both', async () => {
    work.write('worse.policy', POLICY.replace('action ==', 'acton =='));
    const stderr = await fails(1, 'broken.policy', 'worse.policy');
    expect(stderr).toContain('broken.policy:8:');
    expect(stderr).toContain('worse.policy:7:');
    expect(stderr).toContain('amuont >= 100');
    // A file that is missing weighs more than a mistake; the same mistake is said once.
    expect(await fails(2, 'broken.policy', 'none.policy')).toContain('broken.policy:8:');
    expect((await fails(1, 'broken.policy', 'broken.policy')).match(/^error\[/gm)).toHaveLength(1);
  });

  test('a damaged bundle', async () => {
    work.write('bad.policyb', readFileSync(join(work.folder, 'old.policyb')).subarray(0, 100));
    expect(await fails(2, 'bad.policyb', 'old.policy')).toMatch(
      /^error\[P4004\]: `bad\.policyb` is not a valid bundle/,
    );
  });

  test('standard input twice', async () => {
    expect(await fails(2, '-', '-')).toContain('but OLD and NEW name it\n');
    expect(await fails(2, '-', 'old.policy', '--trace', '-')).toContain('but OLD and --trace name it\n');
  });

  test('with a trace that cannot be read', async () => {
    work.write('bad.jsonl', '{"action":"read","amount":1}\n\n{"action"\n');
    expect(await fails(2, 'old.policy', 'old.policy', '--trace', 'bad.jsonl')).toMatch(
      /^error\[P4013\]: request 2 of `bad\.jsonl` is not JSON\n/,
    );
    expect(await fails(2, 'old.policy', 'old.policy', '--trace', 'none.jsonl')).toMatch(
      /^error\[P4001\]: cannot read `none\.jsonl`: no such file/,
    );
  });

  test.each([
    [['old.policy'], /missing required argument 'new'/],
    [['old.policy', 'old.policy', 'old.policy'], /too many arguments/],
    [
      ['old.policy', 'old.policy', '--format', 'xml'],
      /Allowed choices are text, json, markdown, sarif, html/,
    ],
    [['old.policy', 'old.policy', '--fail-on', 'loose'], /Allowed choices are loosening, any, unknown/],
    [['old.policy', 'old.policy', '--fail-on', 'any,'], /Allowed choices are loosening, any, unknown/],
    [['old.policy', 'old.policy', '--budget', '0'], /more than 0/],
    [['old.policy', 'old.policy', '--budget', '-1'], /more than 0/],
    [['old.policy', 'old.policy', '--budget', '1e9'], /more than 0/],
    [['old.policy', 'old.policy', '--budget', 'soon'], /more than 0/],
    [['old.policy', 'old.policy', '--wat'], /unknown option '--wat'/],
  ])('a wrong command line: %j', async (args, message) => {
    expect(await fails(2, ...args)).toMatch(message);
  });

  test('a report that cannot be written leaves nothing', async () => {
    const before = readdirSync(work.folder);
    for (const [path, reason] of [
      ['nowhere/x.md', 'no such file or directory'],
      ['.', 'it is a directory'],
      ['old.policy', 'it is an input of this command'],
      ['request.schema.json', 'it is an input of this command'],
    ] as const) {
      const stderr = await fails(2, 'old.policy', 'looser.policy', '-o', path);
      expect(stderr).toBe(`error[P4002]: cannot write \`${path}\`: ${reason}\n`);
    }
    expect(readdirSync(work.folder)).toEqual(before);
    expect(read('old.policy')).toBe(POLICY);
  });
});

test('--help says what the exit code means', async () => {
  const { code, stdout } = await work.run(['diff', '--help']);
  expect(code).toBe(0);
  expect(stdout).toContain('git:REV:PATH');
  for (const condition of ['loosening', 'any', 'unknown'])
    expect(stdout).toMatch(new RegExp(`^ {2}${condition} +\\w`, 'm'));
});
