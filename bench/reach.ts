// What the project set out to reach, beside what a run measured.

import { moduleBytes } from '../src/wasm/host.ts';
import { type Row, type Section, time } from './table.ts';

interface Reach {
  readonly what: string;
  /** How the title of the section begins. */
  readonly section: string;
  readonly row: string;
  readonly read: (row: Row) => number;
  readonly most: number;
  readonly show: (value: number) => string;
}

const ratio = {
  read: (row: Row) => row.ratio!,
  show: (value: number) => `${value.toFixed(2)}×`,
};

const wall = {
  read: (row: Row) => row.median,
  show: time,
};

const W1 = 'W1';
const LARGEST = ', N = 10000';

const growth = (row: string): Reach => ({
  what: `${row}: W2 with 10,000 rules instead of 10`,
  section: `W2: growth of ${row}`,
  row: row + LARGEST,
  most: 1.5,
  ...ratio,
});

const REACHES: readonly Reach[] = [
  { what: 'decide, W1, × hand-written', section: W1, row: 'decide', most: 4, ...ratio },
  { what: 'evaluate, W1, × hand-written', section: W1, row: 'evaluate', most: 6, ...ratio },
  { what: 'WASM decide, W1, × hand-written', section: W1, row: 'WASM decide', most: 6, ...ratio },
  ...['decide', 'evaluate', 'WASM decide', 'WASM evaluateJson'].map(growth),
  {
    what: 'WASM: instantiate and load 20 rules',
    section: 'load a bundle of W2: 20 rules',
    row: 'WASM, a fresh instance of a compiled module',
    most: 1e6,
    ...wall,
  },
  {
    what: 'WASM module',
    section: 'the WASM module',
    row: 'compile',
    read: () => moduleBytes().length,
    most: 20 * 1024,
    show: (value) => `${value} bytes`,
  },
  {
    what: 'diff of two 200-rule policies, one rule changed',
    section: 'compare two versions of W2, one rule',
    row: '200 rules',
    most: 1e9,
    ...wall,
  },
  {
    what: 'diff of two 2,000-rule policies, one rule changed',
    section: 'compare two versions of W2, one rule',
    row: '2000 rules',
    most: 1e10,
    ...wall,
  },
  { what: 'compile 2,000 rules', section: 'compile W2', row: '2000 rules', most: 1e9, ...wall },
];

/** One line of Markdown for everything in the sections that has an aim. */
export function reachTable(sections: readonly Section[]): string {
  const lines = ['| | reach | this run | |', '|---|---:|---:|---|'];
  for (const { what, section, row, read, most, show } of REACHES) {
    const found = sections
      .find(({ title }) => title.startsWith(section))
      ?.rows.find(({ name }) => name === row);
    if (found === undefined) continue;
    const value = read(found);
    lines.push(`| ${what} | ≤ ${show(most)} | ${show(value)} | ${value <= most ? 'reached' : 'missed'} |`);
  }
  return lines.length > 2 ? `${lines.join('\n')}\n` : '';
}
