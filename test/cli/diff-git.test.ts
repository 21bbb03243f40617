// policyc diff on files of git revisions.

import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseRevisionPath, withinRepository } from '../../src/cli/git-revision.ts';
import { gitIn } from './diff-git.ts';
import { POLICY, SCHEMA, Workspace } from './policyc.ts';

const work = new Workspace();
const git = gitIn(work.folder);
const SAME = 'no semantic change (proved)';
const PATH = 'team/a b/demo.policy';

beforeAll(async () => {
  git('init', '-q', '-b', 'main');
  work.write('root.policy', POLICY);
  work.write('request.schema.json', SCHEMA);
  work.write(PATH, POLICY.replace('./request', '../request'));
  work.write('team/request.schema.json', SCHEMA);
  work.write('broken.policy', POLICY.replace('amount >=', 'amuont >='));
  work.write('outside.policy', POLICY.replace('./request', '../request'));
  work.write('absolute.policy', POLICY.replace('./request', `${work.folder}/request`));
  await work.run(['compile', 'root.policy', '-o', 'demo.policyb']);
  symlinkSync('root.policy', join(work.folder, 'link.policy'));
  symlinkSync('/etc/hostname', join(work.folder, 'away.policy'));
  git('add', '-A');
  git('commit', '-q', '-m', 'one: with a colon');
  git('tag', 'feature/v1.0');
  // The working tree goes on: another schema, another rule, a file less.
  work.write('request.schema.json', SCHEMA.replace('"pay"', '"drop"'));
  work.write('root.policy', POLICY.replace('>= 100', '>= 200'));
  git('add', 'root.policy');
  rmSync(join(work.folder, 'demo.policyb'));
});

async function same(old: string, next: string): Promise<void> {
  const { code, stdout, stderr } = await work.run(['diff', old, next]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain(SAME);
}

async function reason(name: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const child = work.start(['diff', name, name], env);
  child.stdin?.end();
  let stderr = '';
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  const [code] = await once(child, 'close');
  expect(code).toBe(2);
  const start = `error[P4001]: cannot read \`${name}\`: `;
  expect(stderr.slice(0, start.length)).toBe(start);
  return stderr.slice(start.length).trimEnd();
}

describe('a revision', () => {
  test.each(['HEAD', 'main', 'feature/v1.0', 'HEAD^{/one: with}', 'HEAD^0'])(
    '%s is read with its own schema',
    (revision) => same(`git:${revision}:root.policy`, 'git:HEAD:root.policy'),
  );

  test('may hold bundles, links, and paths with spaces', async () => {
    await same('git:HEAD:demo.policyb', 'git:HEAD:root.policy');
    await same('git:HEAD:link.policy', 'git:HEAD:root.policy');
    await same(`git:HEAD:${PATH}`, PATH);
  });

  test('is not the working tree, and not the index', async () => {
    const against = async (old: string): Promise<string[]> => {
      const { stdout } = await work.run(['diff', old, 'root.policy', '--format', 'json']);
      return JSON.parse(stdout).structure.map((change: { subject: string }) => change.subject);
    };
    // The index has the rule, but not the schema, of the working tree.
    expect(await against('git:HEAD:root.policy')).toEqual(['rule', 'field']);
    expect(await against('git::root.policy')).toEqual(['field']);
  });

  test('gives places in its own name', async () => {
    const { code, stdout, stderr } = await work.run(['diff', 'git:HEAD:broken.policy', 'broken.policy']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('--> git:HEAD:broken.policy:8:21\n');
    expect(stderr).toContain('--> broken.policy:8:21\n');
    expect(stderr.match(/deny expensive when amuont >= 100/g)).toHaveLength(2);
  });
});

describe('a path', () => {
  test('starts at the root of the repository, or with ./ at the current folder', () => {
    const inFolder = (name: string): string => {
      const cwd = join(work.folder, 'team');
      const { stdout, stderr } = spawnSync(process.execPath, [work.bin, 'diff', name, name], { cwd });
      return `${stdout}${stderr}`;
    };
    for (const name of ['git:HEAD:root.policy', 'git:HEAD:../root.policy', 'git:HEAD:./a b/demo.policy'])
      expect(inFolder(name)).toContain(SAME);
    expect(inFolder('git:HEAD:a b/demo.policy')).toContain('paths start at the root of the repository');
  });

  test.each([
    ['git:HEAD', 'the path is missing: write git:REV:PATH'],
    ['git:HEAD:', 'the path is missing: write git:REV:PATH'],
    ['git:nope:root.policy', 'git knows no revision `nope`'],
    ['git:--help:root.policy', 'git knows no revision `--help`'],
    ['git:HEAD:none.policy', 'revision `HEAD` has no such file; paths start at the root of the repository'],
    ['git::none.policy', 'the index has no such file; paths start at the root of the repository'],
    ['git:HEAD:root.policy/x', 'revision `HEAD` has no such file; paths start at the root of the repository'],
    ['git:HEAD:team', 'it is a directory'],
    ['git:HEAD:../root.policy', 'it is outside of the repository'],
    ['git:HEAD:team/../../x', 'it is outside of the repository'],
    ['git:HEAD:/etc/passwd', 'it is outside of the repository'],
    ['git:HEAD:away.policy', 'it is a link that leads out of the repository'],
  ])('%s cannot be read', async (name, wanted) => {
    expect(await reason(name)).toBe(wanted);
  });

  test.each(['outside', 'absolute'])('that %s.policy names is not read from the disk', async (name) => {
    const { code, stderr } = await work.run(['diff', `git:HEAD:${name}.policy`, 'root.policy']);
    expect(code).toBe(1);
    expect(stderr).toContain('it is outside of the repository');
  });
});

describe('git', () => {
  test('may be missing', async () => {
    expect(await reason('git:HEAD:root.policy', { PATH: work.folder })).toBe('git is not installed');
  });

  test('may know no repository here', async () => {
    const env = { GIT_DIR: join(work.folder, 'nowhere') };
    mkdirSync(join(work.folder, 'nowhere'), { recursive: true });
    expect(await reason('git:HEAD:root.policy', env)).toBe('the current folder is not in a git repository');
  });
});

test('names are taken apart at the colon behind the revision', () => {
  expect(parseRevisionPath('a.policy')).toBeNull();
  expect(parseRevisionPath('git:HEAD~1:a:b.policy')).toEqual({ revision: 'HEAD~1', path: 'a:b.policy' });
  expect(parseRevisionPath('git:HEAD^{/a: b}:c')).toEqual({ revision: 'HEAD^{/a: b}', path: 'c' });
  expect(parseRevisionPath('git:main@{1 day ago}:c')).toEqual({ revision: 'main@{1 day ago}', path: 'c' });
  expect(parseRevisionPath('git::c')).toEqual({ revision: '', path: 'c' });
  expect(parseRevisionPath('git:{:c')).toEqual({ revision: '{', path: 'c' });
  expect(withinRepository('a/./b//../c', 'x/')).toBe('a/c');
  expect(withinRepository('./c', 'x/y/')).toBe('x/y/c');
  expect(withinRepository('../c', 'x/y/')).toBe('x/c');
  expect(withinRepository('..c', 'x/')).toBe('..c');
  expect(withinRepository('../../c', 'x/')).toBeNull();
});
