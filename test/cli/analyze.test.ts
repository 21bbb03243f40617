// policyc analyze, and the proofs of invariants in check and compile.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { build } from 'esbuild';
import pc from 'picocolors';
import { beforeAll, describe, expect, test } from 'vitest';
import schema from '../../schemas/analysis-report.schema.json' with { type: 'json' };
import type { AnalysisReport, EquivalenceReport, Shown } from '../../src/analyze/report.ts';
import { analysisText, equivalenceText } from '../../src/cli/analyze-text.ts';
import { NASTY } from './diff-reports.ts';
import { POLICY, SCHEMA, Workspace } from './policyc.ts';

const work = new Workspace();
const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
function valid<Report>(value: unknown): Report {
  validate(value);
  expect(validate.errors).toBeNull();
  return value as Report;
}

const WEAK = `${POLICY}
allow cheap when amount < 100 and action == "read"
deny huge when amount > 1000000
allow large when amount >= 200
`;
const BROKEN = `${POLICY}
invariant payments always deny when action == "pay"
invariant no_reads never allow when amount > 50
`;

beforeAll(async () => {
  work.write('request.schema.json', SCHEMA);
  work.write('demo.policy', POLICY);
  work.write('weak.policy', WEAK);
  work.write('broken.policy', BROKEN);
  work.write('kept.policy', BROKEN.replace('amount > 50', 'amount >= 100'));
  work.write('mistaken.policy', POLICY.replace('amount >=', 'amuont >='));
  await work.run(['compile', 'weak.policy', '-o', 'weak.policyb']);
});

async function jsonOf<Report>(...args: readonly string[]): Promise<Report> {
  const { stdout, stderr } = await work.run(['analyze', ...args, '--format', 'json']);
  expect(stderr).toBe('');
  return valid<Report>(JSON.parse(stdout));
}

describe('analyze', () => {
  test('finds nothing against a policy that is in order', async () => {
    const result = await work.run(['analyze', 'demo.policy']);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toMatch(/^demo 1\.2\.3\n {2}demo\.policy sha256:[0-9a-f]{64}\n/);
    expect(result.stdout).toContain('gap: some valid requests match no rule\n  request\n');
    expect(result.stdout).toContain('  allow reads and deny expensive\n');
    expect(result.stdout).toMatch(/\n\nno findings \(proved\)\n$/);
  });

  test('shows findings with their place, who decides instead, and a request', async () => {
    const result = await work.run(['analyze', 'weak.policy']);
    expect(result).toMatchObject({ code: 1, stderr: '' });
    expect(result.stdout).toContain(
      'allow cheap (weak.policy:15:7)  shadowed: it never decides, but instead reads\n  request\n',
    );
    expect(result.stdout).toContain(
      'deny huge (weak.policy:16:6)  dead: its condition holds for no valid request\n',
    );
    expect(result.stdout).toContain(
      'allow large (weak.policy:17:7)  shadowed: it never decides, but instead expensive\n',
    );
    expect(result.stdout).toMatch(/\n3 findings: 1 dead, 2 shadowed\n$/);
  });

  test('writes the report as JSON', async () => {
    const report = await jsonOf<AnalysisReport>('weak.policy');
    expect(report).toMatchObject({ kind: 'analysis', findings: 3, unknowns: [] });
    expect(report.rules.map(({ finding }) => finding)).toEqual([null, null, 'shadowed', 'dead', 'shadowed']);
    expect(report.rules[2]!.place).toEqual({ file: 'weak.policy', line: 15, column: 7 });
    const again = await work.run(['analyze', 'weak.policy', '--format', 'json']);
    expect(valid<AnalysisReport>(JSON.parse(again.stdout))).toEqual(report);
    expect(again.code).toBe(1);
  });

  test('reads bundles', async () => {
    const report = await jsonOf<AnalysisReport>('weak.policyb');
    expect(report.rules.map(({ name, place }) => [name, place])).toEqual(
      ['reads', 'expensive', 'cheap', 'huge', 'large'].map((name) => [name, null]),
    );
    expect(report.rules[3]!.finding).toBe('dead');
  });

  test('compares two rules', async () => {
    const same = await work.run(['analyze', 'weak.policy', '--equivalent', 'huge', 'huge']);
    expect(same.code).toBe(0);
    expect(same.stdout).toMatch(/\n\nequivalent \(proved\): the two rules match the same requests\n$/);
    const other = await work.run(['analyze', 'weak.policy', '--equivalent', 'expensive', 'large']);
    expect(other.code).toBe(1);
    expect(other.stdout).toContain('\nexpensive matches, large does not\n  request\n    {');
    expect(other.stdout).toContain('\nevery valid request that large matches is matched by expensive\n');
    expect(other.stdout).toMatch(/\n\nnot equivalent\n$/);
    const report = await jsonOf<EquivalenceReport>('weak.policy', '--equivalent', 'expensive', 'large');
    expect(report).toMatchObject({ kind: 'equivalence', equivalent: 'no' });
    expect((report.directions[0].witness as Shown).decision.rule).toBe('expensive');
  });

  test('refuses what it cannot use', async () => {
    const nobody = await work.run(['analyze', 'weak.policy', '--equivalent', 'huge', 'nobody']);
    expect(nobody).toMatchObject({ code: 2, stdout: '' });
    expect(nobody.stderr).toContain('error[P4014]: there is no rule `nobody` in `weak.policy`\n');
    for (const args of [
      ['weak.policy', '--equivalent', 'huge'],
      ['weak.policy', '--equivalent', 'huge', 'cheap', 'large'],
      ['weak.policy', '--budget', 'soon'],
      ['weak.policy', '--format', 'html'],
      ['none.policy'],
      [],
    ])
      expect(await work.run(['analyze', ...args]), args.join(' ')).toMatchObject({ code: 2, stdout: '' });
    const mistaken = await work.run(['analyze', 'mistaken.policy']);
    expect(mistaken).toMatchObject({ code: 1, stdout: '' });
    expect(mistaken.stderr).toContain('mistaken.policy:8:21');
  });

  test('a question that was not decided is no finding, and is named', async () => {
    const result = await work.run(['analyze', 'demo.policy', '--budget', '0.000001']);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toMatch(/\nundecided\n {2}reads: /);
    expect(result.stdout).toMatch(/\n\nno findings; \d questions undecided\n$/);
  });
});

describe('the text of an analysis', () => {
  const invisible = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
  const shown = {
    request: { note: NASTY },
    decision: { effect: NASTY, rule: NASTY, reason: NASTY, severity: NASTY, obligations: [NASTY] },
  };
  const place = { file: NASTY, line: 1, column: 1 };
  const policy = {
    label: NASTY,
    name: NASTY,
    version: NASTY,
    bundle: `sha256:${'a'.repeat(64)}`,
    combining: 'most_restrictive',
  } as const;
  const named = { name: NASTY, effect: NASTY, reason: NASTY, place };

  test('lets nothing that a policy says leave its place', () => {
    const report = valid<AnalysisReport>({
      kind: 'analysis',
      policy,
      findings: 2,
      rules: [
        {
          ...named,
          matches: 'yes',
          decides: 'no',
          matters: 'no',
          finding: 'shadowed',
          decidedBy: [NASTY],
          decidedByComplete: false,
          witness: shown,
        },
      ],
      effects: [{ name: NASTY, reached: 'no', onInvalid: false, witness: null }],
      gaps: { reached: 'yes', witness: shown },
      overlaps: {
        pairs: [{ rules: [NASTY, NASTY], effects: [NASTY, NASTY], witness: shown }],
        found: 1,
        complete: false,
        reason: NASTY,
      },
      equivalent: [[NASTY, NASTY]],
      unknowns: [{ question: NASTY, reason: NASTY }],
    });
    const text = analysisText(report, pc.createColors(false));
    expect(text).not.toMatch(invisible);
    expect(text).not.toMatch(/^# heading/m);
    expect(text).toMatch(/\n2 findings: 1 shadowed, 1 unreached; 1 question undecided\n$/);
  });

  test('the same for a comparison of rules', () => {
    const report = valid<EquivalenceReport>({
      kind: 'equivalence',
      policy,
      rules: [named, named],
      equivalent: 'unknown',
      directions: [
        { rule: NASTY, notRule: NASTY, exists: 'yes', witness: shown, reason: null },
        { rule: NASTY, notRule: NASTY, exists: 'unknown', witness: null, reason: NASTY },
      ],
    });
    const text = equivalenceText(report, pc.createColors(false));
    expect(text).not.toMatch(invisible);
    expect(text).not.toMatch(/^# heading/m);
  });
});

describe('invariants', () => {
  test('check says which do not hold, and shows a request', async () => {
    const result = await work.run(['check', 'broken.policy']);
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toContain(
      'error[P5001]: the invariant `no_reads` does not hold: reads decides allow, reason READS, for a valid request\n',
    );
    expect(result.stderr).toContain(' --> broken.policy:16:11\n');
    expect(result.stderr).toMatch(/hint: for example \{"action":"read","amount":\d+\}\n/);
    expect(result.stderr).not.toContain('payments');
    expect(await work.run(['check', 'kept.policy'])).toEqual({
      code: 0,
      stdout: 'ok kept.policy\n',
      stderr: '',
    });
  });

  test('the JSON of check has the request', async () => {
    const { code, stdout } = await work.run(['check', 'broken.policy', '--format', 'json']);
    expect(code).toBe(1);
    const [found, ...others] = JSON.parse(stdout);
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      code: 'P5001',
      line: 16,
      counterexample: { request: { action: 'read' }, effect: 'allow', rule: 'reads', reason: 'READS' },
    });
    const { amount } = found.counterexample.request;
    expect(amount > 50 && amount < 100).toBe(true);
    work.write('found.json', JSON.stringify(found.counterexample.request));
    const decided = await work.run(['eval', 'broken.policy', '-i', 'found.json', '--engine', 'both']);
    expect(JSON.parse(decided.stdout)).toMatchObject({ effect: 'allow', rule: 'reads' });
  });

  test('compile writes no bundle that breaks them, unless told not to prove', async () => {
    const refused = await work.run(['compile', 'broken.policy', '-o', 'broken.policyb']);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('error[P5001]');
    expect(existsSync(join(work.folder, 'broken.policyb'))).toBe(false);
    const json = await work.run(['compile', 'broken.policy', '-o', 'broken.policyb', '--format', 'json']);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)[0].counterexample.effect).toBe('allow');
    const forced = await work.run(['compile', 'broken.policy', '-o', 'broken.policyb', '--no-prove']);
    expect(forced).toMatchObject({ code: 0, stderr: '' });
    expect((await work.run(['compile', 'kept.policy', '-o', 'kept.policyb'])).code).toBe(0);
  });

  test('without them check loads nothing of the engine', async () => {
    const { metafile } = await build({
      absWorkingDir: fileURLToPath(new URL('../..', import.meta.url)),
      entryPoints: ['src/cli/check.ts'],
      outdir: 'unwritten',
      bundle: true,
      splitting: true,
      write: false,
      metafile: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
    });
    const entry = Object.keys(metafile.outputs).find(
      (name) => metafile.outputs[name]!.entryPoint === 'src/cli/check.ts',
    );
    // The compiler is loaded too, when a policy is read.
    const road = Object.keys(metafile.outputs).find(
      (name) => metafile.outputs[name]!.entryPoint === 'src/policy.ts',
    );
    const loaded = new Set<string>();
    const load = (name: string): void => {
      if (loaded.has(name)) return;
      loaded.add(name);
      for (const { path, kind } of metafile.outputs[name]!.imports)
        if (kind === 'import-statement' && path in metafile.outputs) load(path);
    };
    load(entry!);
    load(road!);
    const inputs = [...loaded].flatMap((name) => Object.keys(metafile.outputs[name]!.inputs));
    expect(inputs).toContain('src/compiler/lower.ts');
    expect(inputs.filter((name) => /^src\/(analyze|diff|symbolic|sat|theory|witness)\//.test(name))).toEqual(
      [],
    );
  });
});
