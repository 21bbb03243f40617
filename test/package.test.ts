// The discipline of the package: import direction, sizes, exports, what the evaluator ships with.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { buildEvaluator } from '../scripts/build.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

function filesUnder(folder: string, ends: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ends))
    .map((name) => join(folder, name).split(sep).join('/'))
    .sort();
}

interface Import {
  readonly from: string;
  /** A path in the project for a relative import, else the package. */
  readonly to: string;
  readonly specifier: string;
  /** `import type`: gone after compilation. */
  readonly typeOnly: boolean;
}

/** Every import and re-export of the sources: static, dynamic, and of types. */
function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const statement =
    /^(?:import|export)\b[^;']*?\bfrom '([\w@./:-]+)'|^import '([\w@./:-]+)'|\bimport\('([\w@./:-]+)'\)/gm;
  const found = text.matchAll(statement);
  return [...found].map((match) => {
    const specifier = (match[1] ?? match[2] ?? match[3]) as string;
    const to = specifier.startsWith('.') ? posix.join(dirname(file), specifier) : specifier;
    return { from: file, to, specifier, typeOnly: /^(import|export) type\b/.test(match[0]) };
  });
}

const sources = filesUnder('src', '.ts');
const imports = sources.flatMap(importsOf);

/** Folder of a source file under src; files directly in src stand for themselves. */
const area = (file: string): string => file.split('/')[1] as string;

const LEAVES = ['ast.ts', 'value', 'diagnostic', 'ir', 'bytecode'];

describe('imports', () => {
  test('are found', () => {
    expect(imports.length).toBeGreaterThan(100);
    expect(imports).toContainEqual({
      typeOnly: true,
      from: 'src/cli/load.ts',
      to: 'src/policy.ts',
      specifier: '../policy.ts',
    });
  });

  test('name a file that exists, with its ending', () => {
    const known = new Set([...sources, 'package.json']);
    expect(
      imports
        .filter(({ to }) => to.startsWith('.') || to.startsWith('src/'))
        .filter(({ to }) => !known.has(to)),
    ).toEqual([]);
  });

  test('of leaves stay within leaves', () => {
    const bad = imports.filter(
      ({ from, to }) => LEAVES.includes(area(from)) && to.startsWith('src/') && !LEAVES.includes(area(to)),
    );
    expect(bad).toEqual([]);
  });

  test('of the evaluator reach only bytecode, value and @noble/hashes', () => {
    const bad = imports
      .filter(({ from }) => area(from) === 'evaluator')
      .filter(({ to }) =>
        to.startsWith('src/')
          ? !['evaluator', 'bytecode', 'value'].includes(area(to))
          : !to.startsWith('@noble/hashes/'),
      );
    expect(bad).toEqual([]);
  });

  test('of the WebAssembly host reach only bytecode and the evaluator', () => {
    const bad = imports
      .filter(({ from }) => area(from) === 'wasm')
      .filter(({ to }) => !to.startsWith('src/') || !['wasm', 'bytecode', 'evaluator'].includes(area(to)));
    expect(bad).toEqual([]);
  });

  test('never reach the command line', () => {
    expect(imports.filter(({ from, to }) => to.startsWith('src/cli/') && area(from) !== 'cli')).toEqual([]);
  });

  test('make no cycle between folders; the leaves are one layer', () => {
    const layer = (file: string): string => (LEAVES.includes(area(file)) ? 'leaves' : area(file));
    expect(
      cycleIn(
        imports.filter(({ to }) => to.startsWith('src/')),
        layer,
      ),
    ).toBeNull();
  });

  test('make no cycle between the files of the leaves', () => {
    const loaded = imports.filter(({ from, typeOnly }) => LEAVES.includes(area(from)) && !typeOnly);
    expect(cycleIn(loaded, (file) => file)).toBeNull();
  });

  test('name only declared dependencies or Node built-ins', () => {
    const declared = Object.keys(manifest.dependencies);
    const bad = imports.filter(({ from, to }) => {
      if (to.startsWith('src/') || to === 'package.json') return false;
      if (to.startsWith('node:')) return area(from) !== 'cli';
      return !declared.some((name) => to === name || to.startsWith(`${name}/`));
    });
    expect(bad).toEqual([]);
  });
});

/** A way along imports from one place back to it, or null. Imports within a place do not count. */
function cycleIn(links: readonly Import[], place: (file: string) => string): string | null {
  const edges = new Map<string, Set<string>>();
  for (const { from, to } of links) {
    if (place(from) === place(to)) continue;
    edges.set(place(from), (edges.get(place(from)) ?? new Set()).add(place(to)));
  }
  const done = new Set<string>();
  const visit = (node: string, path: readonly string[]): string | null => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node].join(' → ');
    if (done.has(node)) return null;
    for (const next of edges.get(node) ?? []) {
      const cycle = visit(next, [...path, node]);
      if (cycle !== null) return cycle;
    }
    done.add(node);
    return null;
  };
  for (const node of edges.keys()) {
    const cycle = visit(node, []);
    if (cycle !== null) return cycle;
  }
  return null;
}

describe('files', () => {
  const all = ['src', 'test', 'scripts', 'bin'].flatMap((folder) => [
    ...filesUnder(folder, '.ts'),
    ...filesUnder(folder, '.mjs'),
    ...filesUnder(folder, '.js'),
  ]);

  test('are at most 450 lines long', () => {
    const long = all
      .map((file) => ({ file, lines: readFileSync(join(ROOT, file), 'utf8').split('\n').length - 1 }))
      .filter(({ lines }) => lines > 450);
    expect(long).toEqual([]);
  });

  test('stand in folders whose names say something', () => {
    expect(all.filter((file) => /(^|\/)(utils?|helpers?|commons?|core|misc)\//.test(file))).toEqual([]);
  });

  test('re-export nothing, but for the public API', () => {
    const barrels = sources.filter(
      (file) =>
        file !== 'src/index.ts' &&
        /^export\s+(type\s+)?(\*|\{[^}]*\})\s*from\b/m.test(readFileSync(join(ROOT, file), 'utf8')),
    );
    // The evaluator is an entry point: its file names what belongs to it.
    expect(barrels.filter((file) => file !== 'src/evaluator/evaluator.ts')).toEqual([]);
    expect(readFileSync(join(ROOT, 'src/index.ts'), 'utf8')).not.toMatch(/export \*/);
  });

  test('leave nothing unfinished', () => {
    const word = new RegExp(`(//|\\*).*\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X'].join('|')})\\b`);
    expect(all.filter((file) => word.test(readFileSync(join(ROOT, file), 'utf8')))).toEqual([]);
    const skipped = new RegExp(
      `\\b(it|test|describe)\\.(${['sk' + 'ip', 'on' + 'ly', 'to' + 'do'].join('|')})\\b`,
    );
    expect(all.filter((file) => skipped.test(readFileSync(join(ROOT, file), 'utf8')))).toEqual([]);
  });
});

describe('package', () => {
  test('every export names a file that the build writes', () => {
    const built = [
      ...['index.js', 'evaluator.js', 'wasm.js', 'asm.wasm'],
      ...['types/index.d.ts', 'types/evaluator/evaluator.d.ts', 'types/wasm/host.d.ts'],
    ].map((name) => `./dist/${name}`);
    const targets = Object.values(manifest.exports)
      .flatMap((entry) => (typeof entry === 'string' ? entry : Object.values(entry)))
      .filter((name) => name !== './package.json');
    expect(targets.sort()).toEqual(built.sort());
    for (const target of targets.filter((name) => name.endsWith('.d.ts'))) {
      const source = target.replace('./dist/types/', 'src/').replace('.d.ts', '.ts');
      expect(sources).toContain(source);
    }
  });

  test('every dependency is pinned and used', () => {
    const used = (name: string): boolean =>
      imports.some(({ to }) => to === name || to.startsWith(`${name}/`));
    for (const [name, version] of Object.entries(manifest.dependencies)) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
      expect(used(name), `${name} is imported`).toBe(true);
    }
  });

  test('the evaluator is one file without imports that runs alone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'policyc-evaluator-'));
    try {
      await buildEvaluator(folder);
      expect(readdirSync(folder)).toEqual(['evaluator.js']);
      const file = join(folder, 'evaluator.js');
      expect(readFileSync(file, 'utf8')).not.toMatch(
        /^\s*import\b|\bfrom\s*["'][^"']+["'];?$|\brequire\s*\(|\bimport\s*\(/m,
      );
      const { metafile } = await build({
        entryPoints: [file],
        bundle: true,
        write: false,
        metafile: true,
        platform: 'neutral',
      });
      expect(Object.keys(metafile.inputs).map((name) => relative(folder, name).split(sep).at(-1))).toEqual([
        'evaluator.js',
      ]);
      const { loadBundle, BundleError } = await import(file);
      expect(() => loadBundle(new Uint8Array(16))).toThrow(BundleError);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
