import type { Measured } from './jobs.ts';

/** One measurement in a report. */
export interface Row extends Measured {
  readonly name: string;
  /** Median relative to the row that the section compares with; null where nothing is compared. */
  readonly ratio: number | null;
}

export interface Section {
  readonly title: string;
  /** What the ratio says. */
  readonly ratio: string;
  readonly rows: readonly Row[];
}

/** The rows, each compared with the one of the given name. */
export function section(
  title: string,
  base: string,
  rows: readonly (Measured & { name: string })[],
): Section {
  const reference = rows.find(({ name }) => name === base)!.median;
  return { title, ratio: `× ${base}`, rows: rows.map((row) => ({ ...row, ratio: row.median / reference })) };
}

/** Columns of words: the name and the note. */
const LEFT: ReadonlySet<number> = new Set([0, 6]);

/** The section as lines of text. */
export function table({ title, ratio, rows }: Section): string {
  const lines = [['', 'median', 'fastest', 'slowest', 'first', ratio, '']];
  for (const row of rows) {
    const times = [row.median, row.fastest, row.slowest, row.first].map(time);
    lines.push([row.name, ...times, row.ratio === null ? '' : row.ratio.toFixed(2), row.note ?? '']);
  }
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const text = lines.map((line) =>
    line
      .map((cell, i) => (LEFT.has(i) ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd(),
  );
  return [title, ...text.map((line) => `  ${line}`), ''].join('\n');
}

/** Nanoseconds in the unit that reads best. */
export function time(ns: number): string {
  if (ns < 1e3) return `${ns.toFixed(1)} ns`;
  return ns < 1e6 ? `${(ns / 1e3).toFixed(2)} µs` : `${(ns / 1e6).toFixed(2)} ms`;
}
