// Holds the report of a comparison against what is true.

import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Cell, DiffReport } from '../../../src/diff/report.ts';
import type { Decision } from '../../../src/evaluator/evaluator.ts';
import type { Json } from '../../../src/value/json.ts';
import { deciderOf, directionsOf, placeKey, placeOf, type TrueCell, trueCells } from './cells.ts';
import { canonical, type Schema } from './enumerate.ts';
import type { Subject } from './subject.ts';

export interface Judged {
  /** Why the report is wrong; empty when it is right. */
  readonly problems: readonly string[];
  /** The report leaves a question open. */
  readonly undecided: boolean;
  readonly cells: number;
}

export interface Ground {
  readonly old: Subject;
  readonly next: Subject;
  readonly requests: readonly Json[];
  /** The requests are all that there are; otherwise a sample. */
  readonly complete: boolean;
  /** Requests that only one of the two schemas allows. Where both versions decide them all the same, a report may count them or not. */
  readonly oneSided?: ReadonlySet<Json>;
}

/** What a report must say, and what it may say. */
interface Truth {
  readonly must: ReadonlyMap<string, TrueCell>;
  readonly may: ReadonlyMap<string, TrueCell>;
}

function truthOf({ old, next, requests, oneSided }: Ground): Truth {
  const may = trueCells(old, next, requests);
  if (oneSided === undefined || oneSided.size === 0) return { must: may, may };
  const counts = (request: Json): boolean => {
    if (!oneSided.has(request)) return true;
    const place = placeOf(old.evaluator.evaluate(request), next.evaluator.evaluate(request));
    return place?.kind === 'validity';
  };
  return { must: trueCells(old, next, requests.filter(counts)), may };
}

/**
 * With all requests at hand and no open question a report must be exactly right. From a sample, or beside open questions, nothing more
 * can be asked than that what it says is true, and that (without open questions) it says all that the sample shows.
 */
export function judge(report: DiffReport, ground: Ground): Judged {
  const truth = truthOf(ground);
  const undecided = report.unknowns.length > 0;
  const isMember = membership(ground);
  const problems = [
    ...verdictProblems(report, truth, undecided),
    ...report.cells.flatMap((cell) => cellProblems(cell, ground, isMember)),
  ];
  const reported = byPlace(report.cells, problems);
  for (const [key, cell] of truth.must)
    if (!reported.has(key) && !undecided)
      problems.push(`missing: ${key}, as for ${JSON.stringify(cell.example)}`);
  for (const [key, said] of reported) problems.push(...comparison(key, said, truth, ground, undecided));
  return { problems, undecided, cells: truth.must.size };
}

// Who refuses (the old version, the new one, both, none) may set cells with the same effects apart: here they are one.
function byPlace(cells: readonly Cell[], problems: string[]): ReadonlyMap<string, Cell> {
  const found = new Map<string, Cell>();
  const seen = new Set<string>();
  for (const cell of cells) {
    const key = placeKey(cell);
    const apart = `${key} ${cell.oldRules.includes('invalid')} ${cell.newRules.includes('invalid')}`;
    if (seen.has(apart)) problems.push(`${key}: reported twice`);
    seen.add(apart);
    const other = found.get(key);
    const oldRules = [...(other?.oldRules ?? []), ...cell.oldRules];
    const newRules = [...(other?.newRules ?? []), ...cell.newRules];
    found.set(key, other === undefined ? cell : { ...cell, oldRules, newRules });
  }
  return found;
}

function verdictProblems(
  { verdict, cells, unknowns }: DiffReport,
  { must }: Truth,
  undecided: boolean,
): string[] {
  const should = cells.length > 0 ? 'changed' : undecided ? 'unknown' : 'no_change';
  const problems: string[] = [];
  if (verdict !== should)
    problems.push(`verdict ${verdict} with ${cells.length} cells and ${unknowns.length} unknowns`);
  if (verdict === 'no_change' && must.size > 0) problems.push('verdict no_change, which is not true');
  return problems;
}

// That a cell is there, its rules and its direction.
function comparison(
  key: string,
  said: Cell,
  truth: Truth,
  { old, next, complete }: Ground,
  undecided: boolean,
): string[] {
  const [must, may] = [truth.must.get(key), truth.may.get(key)];
  if (may === undefined) return complete ? [`not true: ${key}`] : [];
  const problems: string[] = [];
  const compare = (what: 'oldRules' | 'newRules'): void => {
    const names = said[what];
    const extra = names.filter((name) => !may[what].has(name));
    const lacking = [...(must?.[what] ?? [])].filter((name) => !names.includes(name));
    if (complete && extra.length > 0)
      problems.push(`${key}: ${what} has ${extra}, which decides nothing in it`);
    if (!undecided && lacking.length > 0) problems.push(`${key}: ${what} lacks ${lacking}`);
  };
  compare('oldRules');
  compare('newRules');
  // From a part of its requests the direction of obligations cannot be told.
  if (said.kind === 'obligations' && (!complete || undecided)) return problems;
  const directions = [must ?? may, may].flatMap((cell) => directionsOf(cell, old, next));
  if (!directions.includes(said.direction))
    problems.push(`${key}: direction ${said.direction} instead of ${directions[0]}`);
  return problems;
}

function cellProblems(cell: Cell, { old, next }: Ground, isMember: (request: Json) => boolean): string[] {
  const key = placeKey(cell);
  const problems: string[] = [];
  if (cell.witnesses.length === 0) problems.push(`${key}: no witness`);
  if (cell.decisions.length !== cell.witnesses.length)
    problems.push(`${key}: decisions do not fit witnesses`);
  cell.witnesses.forEach((witness, i) => {
    const text = JSON.stringify(witness);
    const [before, after] = [old.evaluator.evaluate(witness), next.evaluator.evaluate(witness)];
    const place = placeOf(before, after);
    if (place === null || placeKey(place) !== key)
      problems.push(`${key}: witness ${text} ${place === null ? 'shows nothing' : placeKey(place)}`);
    const refusedByBoth = before.invalid !== null && after.invalid !== null;
    if (!refusedByBoth && !isMember(witness)) problems.push(`${key}: witness ${text} is no valid request`);
    if (!cell.oldRules.includes(deciderOf(before)))
      problems.push(`${key}: oldRules lacks the one that decides ${text}`);
    if (!cell.newRules.includes(deciderOf(after)))
      problems.push(`${key}: newRules lacks the one that decides ${text}`);
    const said = cell.decisions[i];
    if (said !== undefined && !(agrees(said.old, before) && agrees(said.new, after)))
      problems.push(`${key}: the decisions given for ${text} are not the evaluator's`);
  });
  for (const [names, { rules }] of [[cell.oldRules, old] as const, [cell.newRules, next] as const]) {
    if (new Set(names).size < names.length) problems.push(`${key}: names a rule twice: ${names}`);
    const places = names.map((name) => rules.indexOf(name)).filter((place) => place >= 0);
    if (places.some((place, i) => i > 0 && place < places[i - 1]!))
      problems.push(`${key}: rules not in declaration order: ${names}`);
  }
  for (const name of cell.changedRules)
    if (!old.rules.includes(name) && !next.rules.includes(name))
      problems.push(`${key}: changedRules names ${name}, which is no rule`);
  return problems;
}

function agrees(said: Cell['decisions'][number]['old'], real: Decision): boolean {
  const { effect, rule, reason, severity } = real;
  const same = said.effect === effect && said.rule === rule && said.reason === reason;
  return same && said.severity === severity && said.obligations.length === real.obligations.length;
}

/** Validity under the schema of one of the versions. Ajv, so that the enumeration is not its own judge where it is a sample. */
function membership({ old, next, requests, complete }: Ground): (request: Json) => boolean {
  if (complete) {
    let members: Set<string> | null = null;
    return (request) => {
      members ??= new Set(requests.map(canonical));
      return members.has(canonical(request));
    };
  }
  let validators: readonly ((request: Json) => boolean)[] | null = null;
  return (request) => {
    validators ??= [old, next].map(({ version }) => validator(version.schema));
    return validators.some((isValid) => isValid(request));
  };
}

/** Validation by another implementation of JSON Schema. */
export function validator(schema: Schema): (request: Json) => boolean {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, multipleOfPrecision: 9 });
  const validate = ajv.compile(schema);
  return (request) => validate(request) === true;
}
