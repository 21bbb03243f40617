// The forms of a diff report, on reports made by hand; nothing that a policy says can leave its place in them.

import fc from 'fast-check';
import pc from 'picocolors';
import { describe, expect, test } from 'vitest';
import { diffHtml } from '../../src/cli/diff-html.ts';
import { diffMarkdown, markdownText } from '../../src/cli/diff-markdown.ts';
import { failureOf } from '../../src/cli/diff-options.ts';
import { diffSarif } from '../../src/cli/diff-sarif.ts';
import { diffText } from '../../src/cli/diff-text.ts';
import { jsonText, sortedKeys, verdictLine } from '../../src/cli/diff-view.ts';
import type { DiffReport } from '../../src/diff/report.ts';
import { cell, NASTY, report, reportOf } from './diff-reports.ts';

const plain = (value: DiffReport): string => diffText(value, pc.createColors(false));
const noChange = report({ verdict: 'no_change', cells: [], structure: [] });
const unknown = report({
  verdict: 'unknown',
  cells: [],
  unknowns: [
    { question: 'another effect', reason: 'the budget of 10 s is spent' },
    { question: 'another reason', reason: 'too many cases' },
  ],
});
/** Everything that can steer, hide or reorder. Line breaks are judged by what they do. */
const INVISIBLE = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const texts = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom(...'`|<>&_*[]()#@:!~$\\{}w.\n\t\r-+=a\u202e"\'') }),
  fc.constant(NASTY),
);

describe('the verdict line', () => {
  test('is fixed', () => {
    expect(verdictLine(noChange)).toBe('no semantic change (proved)');
    expect(verdictLine(report())).toBe('semantic change: 1 cell (1 loosening)');
    const cells = (['neutral', 'mixed', 'loosening', 'tightening', 'neutral'] as const).map((direction) =>
      cell({ direction }),
    );
    expect(verdictLine(report({ cells }))).toBe(
      'semantic change: 5 cells (1 loosening, 1 mixed, 1 tightening, 2 neutral)',
    );
    expect(verdictLine(report({ unknowns: unknown.unknowns }))).toBe(
      'semantic change: 1 cell (1 loosening); 2 questions undecided',
    );
    expect(verdictLine(unknown)).toBe('unknown: another effect: the budget of 10 s is spent, and 1 more');
  });

  test('ends the text', () => {
    for (const each of [noChange, report(), unknown])
      expect(plain(each).trimEnd().split('\n').at(-1)).toBe(verdictLine(each));
  });
});

describe('--fail-on', () => {
  const of = (value: DiffReport): (string | null)[] =>
    (['loosening', 'any', 'unknown'] as const).map((condition) => failureOf(value, [condition]));
  const tightening = [cell({ direction: 'tightening' })];

  test.each<[string, DiffReport, boolean, boolean, boolean]>([
    ['no change', noChange, false, false, false],
    ['a loosening', report(), true, true, false],
    ['a mixed change', report({ cells: [cell({ direction: 'mixed' })] }), true, true, false],
    ['a tightening', report({ cells: tightening }), false, true, false],
    ['another reason', report({ cells: [cell({ direction: 'neutral' })] }), false, true, false],
    [
      'a tightening and a question',
      report({ cells: tightening, unknowns: unknown.unknowns }),
      true,
      true,
      true,
    ],
    ['unknown', unknown, true, true, true],
  ])('%s', (_, value, loosening, any, undecided) => {
    expect(of(value)).toEqual([
      loosening ? 'loosening' : null,
      any ? 'any' : null,
      undecided ? 'unknown' : null,
    ]);
  });

  test('several conditions: any of them', () => {
    expect(failureOf(report({ cells: tightening }), ['loosening', 'any'])).toBe('any');
    expect(failureOf(report(), [])).toBeNull();
  });
});

describe('text', () => {
  test('shows a cell with its rules, a request, both decisions, and what is written differently', () => {
    expect(plain(report())).toBe(`demo 1.0.0 → 1.1.0
  old git:HEAD:policies/demo.policy sha256:${'a'.repeat(64)}
  new policies/demo.policy sha256:${'a'.repeat(64)}

1. deny → allow  loosening  another effect
   old rules     dear (policies/demo.policy:7:3)
   new rules     reads (policies/demo.policy:8:3), default
   changed rules dear
   when          amount >= 100 and action == "read"
   or            every request
   or            … and further requests
   request
     {"action":"read","amount":100}
   old decision  deny, rule dear, reason DEAR, severity high
   new decision  allow, no rule, reason DEFAULT, obligations [{"who":"me"}]

changes in writing
  rule dear changed: condition
  rule a renamed to b

semantic change: 1 cell (1 loosening)
`);
  });

  test('cuts what is long and says so', () => {
    const witness = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`key${i}`, i]));
    const alternatives = Array.from({ length: 9 }, (_, i) => [`amount == ${i}`]);
    const text = plain(
      report({
        cells: [cell({ witnesses: [witness, {}, {}], region: { alternatives, complete: true } })],
        trace: { requests: 10, affected: 4, perCell: [3] },
      }),
    );
    expect(text.split('\n').length).toBeLessThan(60);
    expect(text).toContain('… 79 more lines, --format json has them');
    expect(text).toContain('and 2 more requests, --format json has them');
    expect(text).toContain('or            … 5 more');
    expect(text).toContain('in the trace  3 of 10');
    expect(text).toContain('trace: 4 of 10 requests affected');
  });

  test('names some of many rules, conditions and changes', () => {
    const names = Array.from({ length: 500 }, (_, i) => `rule${i}`);
    const alternatives = [names.map((name) => `${name} == "${'x'.repeat(1000)}"`)];
    const structure = names.map((name) => ({ ...report().structure[0]!, old: name, new: name }));
    const long = report({
      cells: [
        cell({
          oldRules: names,
          newRules: names,
          changedRules: names,
          region: { alternatives, complete: true },
        }),
      ],
      structure,
    });
    const text = plain(long);
    expect(text.length).toBeLessThan(8000);
    expect(text).toContain('rule10, rule11 and 488 more\n');
    expect(text).toContain('and … 492 more conditions\n');
    expect(text).toContain('… 440 more, --format json has them\n');
    expect(diffMarkdown({ ...long, structure: [] }).length).toBeLessThan(8000);
    expect(diffHtml({ ...long, structure: [] }).length).toBeLessThan(12_000);
  });

  test('has colours when asked only', () => {
    expect(diffText(report(), pc.createColors(true))).toContain('\u001b[31mloosening');
    expect(plain(report())).not.toContain('\u001b');
  });

  test('cannot be steered, and no text begins a line of its own', () => {
    const lines = plain(reportOf('x')).split('\n').length;
    for (const shown of [plain(reportOf(NASTY)), plain(reportOf('\u202e\u0007\n'))])
      expect(shown).not.toMatch(INVISIBLE);
    // The witness is longer, so it stands on several lines.
    expect(plain(reportOf('\n\n\n')).split('\n').length).toBe(lines);
  });
});

describe('Markdown', () => {
  test('shows the cells in a table and the rest folded', () => {
    const text = diffMarkdown(report());
    expect(text).toContain('### Policy diff: <code>demo 1.0.0 → 1.1.0</code>\n\n**semantic change: 1 cell');
    expect(text).toContain(
      '| 1 | <code>deny → allow</code> | 🔴 loosening | another effect | <code>dear</code> | <code>reads</code>, <code>default</code> |\n',
    );
    expect(text).toContain('- old rules: <code>dear</code> (<code>policies/demo.policy&#58;7</code>)\n');
    expect(text).toContain('\n```json\n{"action":"read","amount":100}\n```\n');
    expect(text.match(/<details>/g)).toHaveLength(2);
    expect(text.match(/<\/details>/g)).toHaveLength(2);
  });

  test('holds no text of a policy that could be Markdown, HTML, a link or a mention', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const safe = markdownText(text);
        expect(safe).toMatch(/^(?:[^!#$&*+:<@[\\\]^`{|}~\n]|:(?= |$)|&#\d+;)*$/);
        expect(safe).not.toMatch(/www\.|(^|[^A-Za-z0-9])_|_($|[^A-Za-z0-9])/i);
        expect(safe).not.toMatch(INVISIBLE);
      }),
    );
  });

  test('keeps its structure whatever the policies say', () => {
    // Without code and fences the same is left for every text.
    const skeleton = (text: string): string =>
      diffMarkdown(reportOf(text))
        .replace(/^(`{3,})json\n[\s\S]*?\n\1$/gm, 'FENCE')
        .replace(/<code>[^<]*<\/code>/g, 'CODE');
    const wanted = skeleton('x');
    expect(wanted).toContain('FENCE');
    fc.assert(
      fc.property(texts, (text) => {
        expect(skeleton(text)).toBe(wanted);
      }),
    );
  });

  test('has a fence that the request cannot close', () => {
    const text = diffMarkdown(report({ cells: [cell({ witnesses: [{ a: '``````' }] })] }));
    expect(text).toContain('\n```````json\n{"a":"``````"}\n```````\n');
  });

  test('names what was not decided', () => {
    expect(diffMarkdown(unknown)).toContain(
      'Undecided:\n\n- <code>another effect: the budget of 10 s is spent</code>',
    );
  });
});

describe('HTML', () => {
  const tags = (html: string): string[] => [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag);

  test('loads and runs nothing', () => {
    for (const each of [report(), reportOf(NASTY), unknown, noChange]) {
      const html = diffHtml(each);
      const names = new Set(tags(html).map((tag) => /[a-z0-9!]+/.exec(tag)?.[0]));
      for (const name of ['script', 'img', 'link', 'iframe', 'object', 'base', 'form'])
        expect(names).not.toContain(name);
      expect(tags(html).filter((tag) => /\s(on\w+|src|srcset|action|style)=/.test(tag))).toEqual([]);
      expect(tags(html).filter((tag) => /href="(?!#cell-)/.test(tag))).toEqual([]);
      expect(html).not.toMatch(/@import|url\(/);
      expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    }
  });

  test('has the same elements whatever the policies say', () => {
    const wanted = tags(diffHtml(reportOf('x')));
    fc.assert(
      fc.property(texts, (text) => {
        const html = diffHtml(reportOf(text));
        expect(tags(html)).toEqual(wanted);
        expect(html).not.toMatch(INVISIBLE);
      }),
    );
  });

  test('shows cells, requests and places', () => {
    const html = diffHtml(report());
    expect(html).toContain(
      '<td><code>deny → allow</code></td><td><span class="loosening">loosening</span></td>',
    );
    expect(html).toContain('<pre>{&#34;action&#34;:&#34;read&#34;,&#34;amount&#34;:100}</pre>');
    expect(html).toContain('<code>dear (policies/demo.policy:7:3)</code>');
    expect(html).toContain('color-scheme: light dark');
  });
});

describe('SARIF', () => {
  const runOf = (value: DiffReport) => {
    const log = JSON.parse(diffSarif(value));
    expect(log).toMatchObject({ version: '2.1.0', $schema: expect.stringContaining('sarif-2.1.0') });
    expect(log.runs).toHaveLength(1);
    const [run] = log.runs;
    expect(run.tool.driver.name).toBe('policyc');
    return run;
  };

  test('has what the format requires', () => {
    const cells = (['loosening', 'mixed', 'tightening', 'neutral'] as const).map((direction) =>
      cell({ direction }),
    );
    const run = runOf(report({ cells, unknowns: unknown.unknowns.slice(0, 1) }));
    const found = run.results.map((result: { ruleId: string; level: string }) => [
      result.ruleId,
      result.level,
    ]);
    expect(found).toEqual([
      ['loosening', 'error'],
      ['mixed', 'warning'],
      ['tightening', 'note'],
      ['neutral', 'note'],
      ['unknown', 'warning'],
    ]);
    for (const result of run.results) {
      expect(run.tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
      expect(result.message.text).not.toBe('');
      expect(result.locations.length).toBeGreaterThan(0);
      for (const { physicalLocation } of [...result.locations, ...(result.relatedLocations ?? [])])
        expect(physicalLocation.artifactLocation.uri).toBe('policies/demo.policy');
    }
  });

  test('points at the rules of the new version, or at its file', () => {
    const [first] = runOf(report()).results;
    expect(first.locations[0].physicalLocation.region).toEqual({ startLine: 8, startColumn: 3 });
    expect(first.relatedLocations[0].physicalLocation.region).toEqual({ startLine: 7, startColumn: 3 });
    const [second] = runOf(report({ cells: [cell({ newRules: ['default'] })] })).results;
    expect(second.locations).toEqual([
      { physicalLocation: { artifactLocation: { uri: 'policies/demo.policy' } } },
    ]);
    const fromStdin = report({ cells: [cell({ newRules: ['default'] })] });
    const [third] = runOf({ ...fromStdin, new: { ...fromStdin.new, label: 'standard input' } }).results;
    expect(third.locations).toEqual([]);
  });

  test('escapes what a message could take for a link or an argument', () => {
    const [result] = runOf(reportOf(NASTY)).results;
    expect(result.message.text).toContain('\\[link\\](https');
    expect(result.message.text).toContain('{{0}}');
    expect(result.message.text).not.toContain('\n');
    expect(result.locations[0].physicalLocation.artifactLocation.uri).toMatch(/^[\w%.~!*'()/-]*$/);
  });
});

describe('JSON', () => {
  test('is the report, with its keys in order, safe to print', () => {
    const value = reportOf(NASTY);
    const text = jsonText(sortedKeys(value), 2);
    expect(JSON.parse(text)).toEqual(value);
    expect(text).not.toMatch(INVISIBLE);
    expect(Object.keys(JSON.parse(text))).toEqual([
      'cells',
      'new',
      'old',
      'structure',
      'trace',
      'unknowns',
      'verdict',
    ]);
    const own = JSON.parse('{"b":1,"__proto__":2,"a":[{"d":1,"c":2}]}');
    expect(jsonText(sortedKeys(own))).toBe('{"__proto__":2,"a":[{"c":2,"d":1}],"b":1}');
  });
});
