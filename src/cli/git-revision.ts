// Files at a revision of a git repository, by the name `git:REV:PATH`. As in git, PATH starts at the root of the repository, or with `./`
// or `../` at the current folder; an empty REV is the index. The program `git` reads them, without a shell.

import { execFileSync } from 'node:child_process';
import { MAX_BUNDLE_BYTES } from '../bytecode/limits.ts';
import type { Host } from '../policy.ts';
import { Files, reasonOf } from './files.ts';
import { SourceText } from './source-frame.ts';

type ReadResult = ReturnType<Files['readFile']>;

const PREFIX = 'git:';

/** A name `git:REV:PATH` taken apart. */
export interface RevisionPath {
  readonly revision: string;
  readonly path: string;
}

/** Null for a name that is no `git:` name. The path is empty when the second colon is missing. */
export function parseRevisionPath(name: string): RevisionPath | null {
  if (!name.startsWith(PREFIX)) return null;
  const rest = name.slice(PREFIX.length);
  // A revision may hold colons in braces: HEAD^{/fix: typo}.
  const match = /^((?:[^:{]|\{[^}]*\}|\{)*):/s.exec(rest);
  return match === null
    ? { revision: rest, path: '' }
    : { revision: match[1]!, path: rest.slice(match[0].length) };
}

/** The name by which `Files` knows a path of a revision. */
export function revisionName(revision: string, path: string): string {
  return `${PREFIX}${revision}:${path}`;
}

/** The path from the root of the repository, without `.` and `..`; null when it leads out of it. */
export function withinRepository(path: string, folder: string): string | null {
  if (path.startsWith('/')) return null;
  const segments: string[] = [];
  const below = /^\.\.?(\/|$)/.test(path) ? `${folder}${path}` : path;
  for (const segment of below.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return null;
  }
  return segments.join('/');
}

/** Files of the working tree and of revisions, each read once. */
export class RevisionFiles extends Files {
  /** The folder in which this runs, from the root of the repository, with `/` at its end unless it is the root. */
  #folder: string | null = null;
  /** Revisions as git names their content, so that a branch that moves meanwhile does not mix two versions. */
  readonly #trees = new Map<string, string>();
  readonly #read = new Map<string, ReadResult>();
  readonly #sources = new Map<string, SourceText | null>();

  /** The files of one revision under their paths from the root of the repository. */
  revision(revision: string): Host {
    return { readFile: (path) => this.readFile(revisionName(revision, path)) };
  }

  /** The path of a `git:` name from the root of the repository, as the files that it refers to are named. */
  rootPath({ path }: RevisionPath): { readonly path: string } | { readonly reason: string } {
    try {
      if (path === '') return { reason: 'the path is missing: write git:REV:PATH' };
      if (/[\n\0]/.test(path)) return { reason: 'the path holds a line break or a NUL character' };
      const found = withinRepository(path, this.#currentFolder());
      return found === null ? { reason: 'it is outside of the repository' } : { path: found };
    } catch (error) {
      return { reason: gitReason(error) };
    }
  }

  override readFile(name: string): ReadResult {
    const parsed = parseRevisionPath(name);
    if (parsed === null) return super.readFile(name);
    const result = this.#read.get(name) ?? this.#readRevision(parsed);
    this.#read.set(name, result);
    return result;
  }

  override source(name: string): SourceText | null {
    const result = this.#read.get(name);
    if (result === undefined) return super.source(name);
    let source = this.#sources.get(name);
    if (source === undefined) {
      source = result.ok ? sourceText(result.bytes) : null;
      this.#sources.set(name, source);
    }
    return source;
  }

  #readRevision(parsed: RevisionPath): ReadResult {
    const place = this.rootPath(parsed);
    if ('reason' in place) return { ok: false, reason: place.reason };
    try {
      return this.#blob(parsed.revision, place.path);
    } catch (error) {
      return { ok: false, reason: gitReason(error) };
    }
  }

  #currentFolder(): string {
    this.#folder ??= git(['rev-parse', '--show-prefix']).toString().replace(/\n$/, '');
    return this.#folder;
  }

  #blob(revision: string, path: string): ReadResult {
    const tree = revision === '' ? '' : this.#tree(revision);
    if (tree === null) return { ok: false, reason: `git knows no revision \`${revision}\`` };
    // Links of the index cannot be followed.
    const follow = tree === '' ? [] : ['--follow-symlinks'];
    const output = git(['cat-file', '--batch', ...follow], `${tree}:${path}\n`);
    const end = output.indexOf('\n');
    const head = output.subarray(0, end).toString();
    const found = /^[0-9a-f]+ (\w+) (\d+)$/.exec(head);
    if (found?.[1] === 'blob')
      return { ok: true, bytes: Uint8Array.from(output.subarray(end + 1, end + 1 + Number(found[2]))) };
    if (found !== null) return { ok: false, reason: 'it is a directory' };
    const where = revision === '' ? 'the index' : `revision \`${revision}\``;
    if (head.startsWith('symlink '))
      return { ok: false, reason: 'it is a link that leads out of the repository' };
    return { ok: false, reason: `${where} has no such file; paths start at the root of the repository` };
  }

  #tree(revision: string): string | null {
    const known = this.#trees.get(revision);
    if (known !== undefined) return known;
    // What begins with a dash would be an option.
    if (revision.startsWith('-')) return null;
    try {
      const tree = git(['rev-parse', '--verify', '--quiet', `${revision}^{tree}`])
        .toString()
        .trim();
      this.#trees.set(revision, tree);
      return tree;
    } catch (error) {
      if (
        (error as { status?: number }).status === 1 ||
        /unknown revision|bad revision/.test(gitReason(error))
      )
        return null;
      throw error;
    }
  }
}

function sourceText(bytes: Uint8Array): SourceText | null {
  try {
    // The compiler's offsets count the byte order mark.
    return new SourceText(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return null;
  }
}

function git(args: readonly string[], input = ''): Buffer {
  return execFileSync('git', args, {
    input,
    // The answer has a line before the file; one byte more than the limit shows that a file is too large.
    maxBuffer: MAX_BUNDLE_BYTES + 4096,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0' },
  });
}

function gitReason(error: unknown): string {
  const { code, status, stderr } = error as { code?: string; status?: number | null; stderr?: Buffer };
  if (code === 'ENOENT') return 'git is not installed';
  if (code === 'ENOBUFS') return 'it is too large';
  if (typeof status !== 'number') return `git cannot be run: ${reasonOf(error)}`;
  const said = stderr?.toString().trim().split('\n')[0] ?? '';
  if (said.includes('not a git repository')) return 'the current folder is not in a git repository';
  return `git says: ${said.replace(/^fatal: /, '') || `exit code ${status}`}`;
}
