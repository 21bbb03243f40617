// A diff report as SARIF 2.1.0, for code scanning: one result per cell and per undecided question, at the rules of the new version.

import manifest from '../../package.json' with { type: 'json' };
import type { Cell, ComparedPolicy, DecisionSummary, DiffReport, Direction } from '../diff/report.ts';
import { cellTitle, KIND_TEXTS, placeOf, regionTexts, someOf } from './diff-view.ts';
import { STDIN } from './files.ts';
import { parseRevisionPath } from './git-revision.ts';
import { displayName } from './report.ts';
import { oneLine } from './text-width.ts';

type RuleId = Direction | 'unknown';

const RULES: readonly { readonly id: RuleId; readonly level: string; readonly text: string }[] = [
  { id: 'loosening', level: 'error', text: 'Requests get a weaker decision than before.' },
  { id: 'mixed', level: 'warning', text: 'Requests get a decision that is neither weaker nor stronger.' },
  { id: 'tightening', level: 'note', text: 'Requests get a stronger decision than before.' },
  { id: 'neutral', level: 'note', text: 'Requests get the same effect with another reason or severity.' },
  { id: 'unknown', level: 'warning', text: 'Whether decisions change could not be decided.' },
];

export function diffSarif(report: DiffReport): string {
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: manifest.name,
            version: manifest.version,
            rules: RULES.map(({ id, level, text }) => ({
              id,
              shortDescription: { text },
              defaultConfiguration: { level },
            })),
          },
        },
        columnKind: 'unicodeCodePoints',
        results: [
          ...report.cells.map((cell) => cellResult(report, cell)),
          ...report.unknowns.map(({ question, reason }) =>
            result('unknown', `could not be decided: ${question}: ${reason}`, [fileLocation(report.new)]),
          ),
        ],
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function cellResult(report: DiffReport, cell: Cell): object {
  const { old, new: next } = report;
  const parts = [
    `${cell.direction}: ${cellTitle(cell)} (${KIND_TEXTS[cell.kind]})`,
    `old rules ${someOf(cell.oldRules)}`,
    `new rules ${someOf(cell.newRules)}`,
  ];
  const decisions = cell.decisions[0];
  if (decisions !== undefined)
    parts.push(`for example ${brief(decisions.old)} becomes ${brief(decisions.new)}`);
  const places = locations(next, cell.newRules);
  return {
    ...result(cell.direction, parts.join('; '), places.length > 0 ? places : [fileLocation(next)]),
    relatedLocations: locations(old, cell.oldRules),
    properties: {
      when: regionTexts(cell.region),
      witnesses: cell.witnesses,
      changedRules: cell.changedRules,
    },
  };
}

function brief({ effect, reason }: DecisionSummary): string {
  return `${effect} (${reason})`;
}

function result(id: RuleId, text: string, places: readonly (object | null)[]): object {
  const ruleIndex = RULES.findIndex((rule) => rule.id === id);
  return {
    ruleId: id,
    ruleIndex,
    level: RULES[ruleIndex]!.level,
    message: { text: messageText(text) },
    locations: places.filter((place) => place !== null),
  };
}

function locations(policy: ComparedPolicy, rules: readonly string[]): object[] {
  return rules
    .map((rule) => placeOf(policy, rule))
    .filter((place) => place !== null)
    .map((place) => location(place.file, { startLine: place.line, startColumn: place.column }));
}

/** The policy as a whole, for outcomes that no rule gives; null when it has no file. */
function fileLocation({ label }: ComparedPolicy): object | null {
  return label === displayName(STDIN) ? null : location(label, null);
}

function location(file: string, region: object | null): object {
  const artifactLocation = { uri: uriOf(file) };
  return { physicalLocation: region === null ? { artifactLocation } : { artifactLocation, region } };
}

/** A file of a revision by its path in the repository; relative paths stay relative, since only the reader knows to what. */
function uriOf(file: string): string {
  const path = parseRevisionPath(file)?.path || file;
  const uri = path.toWellFormed().replace(/^\.\//, '').split('/').map(encodeURIComponent).join('/');
  return path.startsWith('/') ? `file://${uri}` : uri;
}

/** In a message braces are placeholders and brackets are links, unless they are escaped. */
function messageText(text: string): string {
  return oneLine(text)
    .replace(/[{}]/g, '$&$&')
    .replace(/[[\]\\]/g, '\\$&');
}
