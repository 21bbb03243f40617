// Pairs of policies whose difference is easily missed, or which differ only in how they are written.

import { describe, expect, it } from 'vitest';
import { lineOf, trueLines } from './oracle/cells.ts';
import { compare } from './oracle/engine.ts';
import { judge } from './oracle/judge.ts';
import { compileVersion, type Subject } from './oracle/subject.ts';
import { readTraps } from './oracle/trap.ts';

const TRAPS = readTraps();

function subject(version: Parameters<typeof compileVersion>[0]): Subject {
  const compiled = compileVersion(version);
  if ('evaluator' in compiled) return compiled;
  throw new Error(`does not compile: ${compiled.join()}\n${version.source}`);
}

describe('traps', () => {
  it('there are enough of them, each with its own reason', () => {
    expect(TRAPS.length).toBeGreaterThanOrEqual(40);
    expect(TRAPS.filter((trap) => trap.cells.length === 0).length).toBeGreaterThan(20);
    expect(TRAPS.filter((trap) => trap.why === '' || trap.requests.length === 0)).toEqual([]);
  });

  describe.each(TRAPS)('$name: $why', ({ old, next, cells, unknown, requests, complete }) => {
    it('the evaluator decides so', () => {
      const [before, after] = [subject(old), subject(next)];
      expect(trueLines(before, after, requests)).toEqual(cells);
    });

    it('the comparison says so', () => {
      const [before, after] = [subject(old), subject(next)];
      const report = compare(before, after);
      expect(report.unknowns.map(({ reason }) => reason)).toEqual(
        unknown.map((part) => expect.stringContaining(part)),
      );
      expect(report.cells.map(lineOf).sort()).toEqual(cells);
      expect(report.verdict).toBe(
        cells.length > 0 ? 'changed' : unknown.length > 0 ? 'unknown' : 'no_change',
      );
      expect(judge(report, { old: before, next: after, requests, complete }).problems).toEqual([]);
    });
  });
});
