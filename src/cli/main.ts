// The command line. A command is one file, loaded when it is called; this file names them, maps their outcome to an exit code, and is
// the last resort for errors: nobody sees a stack trace.

import { Command, CommanderError, Option } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { ANALYZE_HELP, analyzeOptions } from './analyze-options.ts';
import { DIFF_HELP, diffOptions } from './diff-options.ts';
import { engineOption } from './engine.ts';
import { EXPLAIN_HELP, explainOptions } from './explain-options.ts';
import { Files, STDIN } from './files.ts';
import { reportText, Stop } from './report.ts';
import { type ExitCode, guardStreams, printError } from './terminal.ts';
import {
  conflictOf,
  GENERATE_HELP,
  generateCommandOptions,
  generateOptions,
} from './test-generate-options.ts';
import { printable } from './text-width.ts';

/** Runs one command line and sets the exit code: 0 fine, 1 findings, 2 usage or input/output. */
export async function main(args: readonly string[]): Promise<void> {
  guardStreams();
  process.exitCode = await run(args);
}

async function run(args: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const files = new Files();
  try {
    await program(files, (code) => {
      exitCode = code;
    }).parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    // commander has printed its message; help and version are errors of code 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof Stop) {
      reportText(error.diagnostics, files);
      return error.exitCode;
    }
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    const text = printable(message.replace(/\s+/g, ' ').slice(0, 300));
    printError(
      `internal error (${name}): ${text}. This is a bug in policyc: please report it with the command and its input\n`,
    );
    return 2;
  }
}

const FORMAT = new Option('--format <format>', 'output format').choices(['text', 'json']).default('text');

function program(files: Files, done: (code: ExitCode) => void): Command {
  const root = new Command('policyc')
    .description('Compiler and evaluator for typed policies.')
    .version(manifest.version)
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(--help shows the usage)')
    .addHelpText(
      'after',
      '\nA file named "-" is standard input or output.\nExit codes: 0 fine, 1 findings, 2 usage or input/output.',
    );
  // Commands inherit the settings above, so they are made from the root.
  const command = (usage: string, description: string): Command =>
    root.command(usage).description(description);

  command('init [dir]', 'write a policy, its schema and requests to start from').action(
    async (dir: string | undefined) => done(await (await import('./init.ts')).init(dir ?? '.', files)),
  );

  command('check <policy...>', 'report every mistake of policies')
    .addOption(FORMAT)
    .action(async (paths, options) => done(await (await import('./check.ts')).check(paths, options, files)));

  command('compile <policy>', 'compile a policy to a bundle, or to a module that holds it')
    .option('-o, --output <file>', 'where to write the bundle')
    .addOption(
      new Option(
        '--standalone <file>',
        'write one WebAssembly module: the evaluator with the bundle',
      ).conflicts('output'),
    )
    .option('--no-prove', 'do not prove the invariants')
    .addOption(FORMAT)
    .action(async (path, options, self: Command) => {
      if (options.output === undefined && options.standalone === undefined)
        self.error("error: required option '-o, --output <file>' (or '--standalone <file>') not specified");
      done(await (await import('./compile.ts')).compile(path, options, files));
    });

  command('eval <policy-or-bundle>', 'print one decision per request, in order')
    .requiredOption(
      '-i, --input <file>',
      'requests: FILE.json (one), FILE.jsonl (one per line) or - (either)',
    )
    .addOption(engineOption('ts'))
    .addOption(new Option('--format <format>', 'output format').choices(['text', 'json']).default('json'))
    .action(async (path, options) => done(await (await import('./eval.ts')).evaluate(path, options, files)));

  const test = command(
    'test <policy...>',
    'run the tests in policies and show which rules they do not reach, or make requests that do',
  ).addHelpText('after', GENERATE_HELP);
  for (const option of [engineOption('both'), ...generateOptions()]) test.addOption(option);
  test.action(async (paths, options, self: Command) => {
    const conflict = conflictOf(paths, options);
    if (conflict !== null) self.error(`error: ${conflict}`);
    if (options.generate) {
      const { testGenerate } = await import('./test-generate.ts');
      return done(await testGenerate(paths[0], generateCommandOptions(options), files));
    }
    const { engine, format = 'text' } = options;
    return done(await (await import('./test.ts')).test(paths, { engine, format }, files));
  });

  const diff = command(
    'diff <old> <new>',
    'show which requests another version decides differently',
  ).addHelpText('after', DIFF_HELP);
  for (const option of diffOptions()) diff.addOption(option);
  diff.action(async (old, next, options) => done(await (await import('./diff.ts')).diff(old, next, options)));

  const analyze = command(
    'analyze <policy-or-bundle>',
    'find rules that never matter, gaps, overlaps and effects that no request gets',
  ).addHelpText('after', ANALYZE_HELP);
  for (const option of [FORMAT, ...analyzeOptions()]) analyze.addOption(option);
  analyze.action(async (path, options, self: Command) => {
    if (options.equivalent !== undefined && options.equivalent.length !== 2)
      self.error("error: option '--equivalent <rules...>' takes two rules: RULE_A RULE_B");
    done(await (await import('./analyze.ts')).analyze(path, options, files));
  });

  const explain = command(
    'explain <policy-or-bundle>',
    'show why a request gets its decision, and what would have to change for another',
  ).addHelpText('after', EXPLAIN_HELP);
  for (const option of [...explainOptions(), FORMAT]) explain.addOption(option);
  explain.action(async (path, options) =>
    done(await (await import('./explain.ts')).explain(path, options, files)),
  );

  command('inspect <policy-or-bundle>', 'show projection, decision table, code, bounds and hash')
    .addOption(FORMAT)
    .action(async (path, options) =>
      done(await (await import('./inspect.ts')).inspect(path, options, files)),
    );

  command('types <policy>', 'write TypeScript declarations of the request and the decision')
    .option('-o, --output <file>', 'where to write them', STDIN)
    .action(async (path, options) => done(await (await import('./types.ts')).types(path, options, files)));

  return root;
}
