// A git repository of its own for tests, untouched by the settings of whoever runs them.

import { execFileSync } from 'node:child_process';

export const GIT_ENV = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.org',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@example.org',
};

export function gitIn(folder: string): (...args: readonly string[]) => string {
  return (...args) =>
    execFileSync('git', args, {
      cwd: folder,
      env: { ...process.env, ...GIT_ENV },
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
    }).trim();
}
