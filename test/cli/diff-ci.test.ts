// The script that CI runs, on a repository of its own, with the program as it is built.

import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { GIT_ENV, gitIn } from './diff-git.ts';
import { POLICY, SCHEMA, Workspace } from './policyc.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples/ci');
const SCRIPT = join(EXAMPLES, 'policy-diff.sh');
const work = new Workspace();
const git = gitIn(work.folder);

function run(env: NodeJS.ProcessEnv = {}): { code: number | null; report: string; stderr: string } {
  rmSync(join(work.folder, 'report.md'), { force: true });
  const { status, stderr } = spawnSync('sh', [SCRIPT, 'main', '../report.md'], {
    // Not the root of the repository: the report is still written where the caller stands.
    cwd: join(work.folder, 'sub'),
    env: { ...process.env, ...GIT_ENV, POLICYC: `${process.execPath} ${work.bin}`, ...env },
    encoding: 'utf8',
  });
  return { code: status, report: readFileSync(join(work.folder, 'report.md'), 'utf8'), stderr };
}

function commit(): void {
  git('add', '-A', '--', 'policies', 'sub');
  git('commit', '-q', '-m', 'work');
}

const write = (name: string, content: string): string => work.write(`policies/${name}`, content);

beforeEach(() => {
  rmSync(join(work.folder, '.git'), { recursive: true, force: true });
  rmSync(join(work.folder, 'policies'), { recursive: true, force: true });
  git('init', '-q', '-b', 'main');
  work.write('sub/keep', '');
  write('request.schema.json', SCHEMA);
  write('a.policy', POLICY);
  write('b b.policy', POLICY.replace('policy demo', 'policy other'));
  commit();
  git('switch', '-q', '-c', 'branch');
});

describe('policy-diff.sh', () => {
  test('says that nothing changed', () => {
    work.write('sub/keep', 'changed');
    commit();
    expect(run()).toEqual({ code: 0, report: 'No policy changed.\n', stderr: '' });
  });

  test('compares the changed policies only, with where the branch left', () => {
    write('b b.policy', POLICY.replace('policy demo', 'policy other').replace('"1.2.3"', '"2.0.0"'));
    commit();
    // Later work on the base does not show up.
    git('switch', '-q', 'main');
    write('a.policy', POLICY.replace('deny expensive', 'allow expensive'));
    commit();
    git('switch', '-q', 'branch');
    const { report } = run();
    expect(report.match(/^### .*/gm)).toEqual(['### Policy diff: <code>other 1.2.3 → 2.0.0</code>']);
    expect(report).toContain('<code>git&#58;');
  });

  test('compares all policies when a schema changed', () => {
    write('request.schema.json', SCHEMA.replace('1000000', '2000000'));
    commit();
    expect(run().report.match(/^### .*/gm)).toEqual([
      '### Policy diff: <code>demo 1.2.3</code>',
      '### Policy diff: <code>other 1.2.3</code>',
    ]);
  });

  test('passes what is proved, and fails on a loosening', () => {
    write('a.policy', POLICY.replace('deny expensive', '// comment\ndeny expensive'));
    commit();
    const same = run();
    expect(same).toMatchObject({ code: 0, stderr: '' });
    expect(same.report).toContain('**no semantic change (proved)**');
    write('a.policy', POLICY.replace('>= 100', '>= 200'));
    commit();
    const looser = run();
    expect(looser).toMatchObject({ code: 1, stderr: 'failed: --fail-on loosening\n' });
    expect(looser.report).toContain('### Policy diff: <code>demo 1.2.3</code>');
  });

  test('names new policies, and fails on removed ones', () => {
    write('new.policy', POLICY);
    commit();
    expect(run()).toMatchObject({
      code: 0,
      report: '### New policy, nothing to compare\n\n    policies/new.policy\n\n',
    });
    rmSync(join(work.folder, 'policies/a.policy'));
    commit();
    const removed = run();
    expect(removed.code).toBe(1);
    expect(removed.report).toContain('nothing judges its requests any more\n\n    policies/a.policy\n');
  });

  test('fails where nothing can be compared: mistakes, strange names, no program', () => {
    write('a.policy', POLICY.replace('amount >=', 'amuont >='));
    write('line\nbreak.policy', POLICY);
    commit();
    const { code, report, stderr } = run();
    expect(code).toBe(2);
    expect(stderr).toContain('amuont');
    expect(report).toContain(
      '### Policy that cannot be compared\n\n    policies/a.policy\n\n    error[P3001]: ',
    );
    expect(report).toContain(
      '### Policy whose name cannot be compared\n\n    "policies/line\\nbreak.policy"\n',
    );
    expect(run({ POLICYC: join(work.folder, 'nothing') }).code).toBe(2);
  });

  test('fails without the base', () => {
    git('branch', '-q', '-D', 'main');
    const { status, stderr } = spawnSync('sh', [SCRIPT, 'main', 'report.md'], {
      cwd: work.folder,
      encoding: 'utf8',
    });
    expect(status).toBe(2);
    expect(stderr).toMatch(/main/);
  });

  test('keeps the verdicts of a report that is too long for a comment', () => {
    write('request.schema.json', SCHEMA.replace('"pay"', `"${'x'.repeat(70_000)}"`));
    commit();
    const { report } = run();
    expect(report.length).toBeLessThan(1000);
    expect(report).toMatch(/^(### Policy diff: .*\n\*\*.*\*\*\n){2}$/);
  });
});

test('the workflows run the script with values from the environment only', () => {
  const action = readFileSync(join(EXAMPLES, 'github-action.yml'), 'utf8');
  const gitlab = readFileSync(join(EXAMPLES, 'gitlab-ci.yml'), 'utf8');
  for (const text of [action, gitlab]) expect(text).toContain('sh ci/policy-diff.sh "$');
  // An expression inside a script is text of the pull request that a shell would run.
  const expressions = action.split('\n').filter((line) => line.includes('${{'));
  expect(expressions.length).toBeGreaterThan(3);
  expect(expressions.filter((line) => !/^\s+(if|[A-Z_]+): /.test(line))).toEqual([]);
  expect(action).not.toMatch(/^\s*pull_request_target:/m);
});
