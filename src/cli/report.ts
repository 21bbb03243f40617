// Diagnostics as text with source frames, or as JSON.

import {
  type Args,
  type Diagnostic,
  type DiagnosticCode,
  describe,
  diagnostic,
} from '../diagnostic/diagnostic.ts';
import { type Files, STDIN } from './files.ts';
import { type ExitCode, errorColors, print, printError } from './terminal.ts';
import { oneLine } from './text-width.ts';

/** Ends a command: these diagnostics are what it has to say. Thrown and caught inside the command line only. */
export class Stop extends Error {
  readonly diagnostics: readonly Diagnostic[];
  readonly exitCode: ExitCode;
  constructor(diagnostics: readonly Diagnostic[], exitCode: ExitCode) {
    super('stop');
    this.diagnostics = diagnostics;
    this.exitCode = exitCode;
  }
}

/** The `Stop` of a file that cannot be read, written or used at all. */
export function stop(code: DiagnosticCode, path: string, args: Args = {}): Stop {
  return new Stop([diagnostic(code, { file: path, span: null }, { path: displayName(path), ...args })], 2);
}

/** Diagnostics that text output shows of one report, and code units that it shows of one argument of a message. */
const MAX_SHOWN = 50;
const MAX_ARGUMENT = 400;

/** How a path is shown. */
export function displayName(path: string): string {
  return path === STDIN ? 'standard input' : path;
}

/** A diagnostic as the JSON output shows it. Lines and columns start at 1, columns count code points, the end is exclusive. */
export function toJson(d: Diagnostic, files: Files): object {
  const { message, hint } = describe(d);
  const range = d.place.span === null ? null : (files.source(d.place.file)?.range(d.place.span) ?? null);
  return {
    code: d.code,
    severity: d.severity,
    file: d.place.file,
    pointer: d.place.pointer ?? null,
    line: range?.line ?? null,
    column: range?.column ?? null,
    endLine: range?.endLine ?? null,
    endColumn: range?.endColumn ?? null,
    message,
    hint,
    ...counterexampleOf(d),
  };
}

/** The request that breaks an invariant, for programs. */
function counterexampleOf({ code, args: { request, effect, rule, reason } }: Diagnostic): object {
  if ((code !== 'P5001' && code !== 'P5002') || typeof request !== 'string') return {};
  return { counterexample: { request: JSON.parse(request), effect, rule, reason } };
}

/** A diagnostic for people: message, place, the line with a marker under it, hint. */
export function toText(d: Diagnostic, files: Files): string {
  const { message, hint } = describe({ ...d, args: shortened(d.args) });
  const colors = errorColors;
  const accent = d.severity === 'error' ? colors.red : colors.yellow;
  const head = `${colors.bold(accent(`${d.severity}[${d.code}]`))}${colors.bold(`: ${oneLine(message)}`)}`;
  const lines = [head];
  const source = d.place.span === null ? null : files.source(d.place.file);
  const name = oneLine(displayName(d.place.file));
  let gutter = ' ';
  if (d.place.span !== null && source !== null) {
    const range = source.range(d.place.span);
    const frame = source.frame(d.place.span);
    gutter = ' '.repeat(String(frame.number).length);
    const bar = colors.dim('|');
    lines.push(
      `${gutter}${colors.dim('-->')} ${name}:${range.line}:${range.column}`,
      `${gutter} ${bar}`,
      `${colors.dim(String(frame.number))} ${bar} ${frame.line}`,
      `${gutter} ${bar} ${' '.repeat(frame.indent)}${accent('^'.repeat(frame.carets))}`,
    );
  } else if (d.place.pointer !== undefined || !message.includes(displayName(d.place.file))) {
    const pointer = d.place.pointer === undefined ? '' : `#${oneLine(d.place.pointer)}`;
    lines.push(`${gutter}${colors.dim('-->')} ${name}${pointer}`);
  }
  if (hint !== null) lines.push(`${gutter} ${colors.dim('=')} ${colors.cyan('hint')}: ${oneLine(hint)}`);
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

/** Arguments as a message shows them: a megabyte of a string literal helps nobody. */
function shortened(args: Args): Args {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [
      name,
      typeof value === 'string' && value.length > MAX_ARGUMENT
        ? `${value.slice(0, MAX_ARGUMENT).replace(/[\ud800-\udbff]$/, '')}…`
        : value,
    ]),
  );
}

/** Diagnostics as text on standard error, with a count of errors and warnings below. Of thousands only the first are shown. */
export function reportText(diagnostics: readonly Diagnostic[], files: Files): void {
  if (diagnostics.length === 0) return;
  const shown = worthShowing(diagnostics);
  printError(shown.map((d) => toText(d, files)).join('\n'));
  if (diagnostics.length === 1) return;
  const rest = diagnostics.length - shown.length;
  if (rest > 0) printError(`\n… and ${rest} more: \`policyc check --format json\` prints all\n`);
  printError(`\n${counts(diagnostics)}\n`);
}

/** The first errors and, where there is room, the first warnings, in the order of the source. */
function worthShowing(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  if (diagnostics.length <= MAX_SHOWN) return diagnostics;
  const errors = diagnostics.filter((d) => d.severity === 'error').slice(0, MAX_SHOWN);
  const warnings = diagnostics.filter((d) => d.severity === 'warning').slice(0, MAX_SHOWN - errors.length);
  const chosen = new Set([...errors, ...warnings]);
  return diagnostics.filter((d) => chosen.has(d));
}

function counts(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter((d) => d.severity === 'error').length;
  const parts = [counted(errors, 'error'), counted(diagnostics.length - errors, 'warning')];
  return parts.filter((part) => part !== null).join(', ');
}

/** Diagnostics as a JSON array on standard output. */
export async function reportJson(diagnostics: readonly Diagnostic[], files: Files): Promise<void> {
  await print(
    `${JSON.stringify(
      diagnostics.map((d) => toJson(d, files)),
      null,
      2,
    )}\n`,
  );
}

function counted(count: number, word: string): string | null {
  return count === 0 ? null : `${count} ${word}${count === 1 ? '' : 's'}`;
}
