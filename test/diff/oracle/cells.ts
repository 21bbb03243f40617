// What truly differs between two versions, request by request, by the evaluator alone.

import type { Cell, CellKind, Direction } from '../../../src/diff/report.ts';
import type { Decision } from '../../../src/evaluator/evaluator.ts';
import type { Json } from '../../../src/value/json.ts';
import { canonical } from './enumerate.ts';
import type { Subject } from './subject.ts';

export interface TrueCell {
  readonly from: string;
  readonly to: string;
  readonly kind: CellKind;
  readonly oldRules: Set<string>;
  readonly newRules: Set<string>;
  /** How the obligations of each request go; empty for the other kinds. */
  readonly moves: Set<Direction>;
  readonly example: Json;
}

export type Place = Pick<Cell, 'from' | 'to' | 'kind'>;

export function placeKey({ from, to, kind }: Place): string {
  return `${from} -> ${to} ${kind}`;
}

/** The cell of one request; null when nothing differs. */
export function placeOf(old: Decision, next: Decision): Place | null {
  const [from, to] = [old.effect, next.effect];
  if ((old.invalid === null) !== (next.invalid === null)) return { from, to, kind: 'validity' };
  if (from !== to) return { from, to, kind: 'effect' };
  if (old.reason !== next.reason || old.severity !== next.severity) return { from, to, kind: 'reason' };
  return obligationMove(old, next) === null ? null : { from, to, kind: 'obligations' };
}

/** The rule that decides, or the name of the built-in outcome. */
export function deciderOf({ invalid, rule }: Decision): string {
  return invalid !== null ? 'invalid' : (rule ?? 'default');
}

// Obligations are compared as sets of values: which rule brings them, and how often, makes no difference to who must meet them.
function obligationMove(old: Decision, next: Decision): Direction | null {
  const before = new Set(old.obligations.map(({ values }) => canonical(values)));
  const after = new Set(next.obligations.map(({ values }) => canonical(values)));
  const gone = [...before].some((one) => !after.has(one));
  const come = [...after].some((one) => !before.has(one));
  if (gone && come) return 'mixed';
  if (gone || come) return come ? 'tightening' : 'loosening';
  return null;
}

// No request of a schema, which is an object: both versions refuse it as soon as they read anything.
const REFUSED: Json = 5;

/** The cells of the requests given, and of what both versions refuse. */
export function trueCells(old: Subject, next: Subject, requests: readonly Json[]): Map<string, TrueCell> {
  const cells = new Map<string, TrueCell>();
  const add = (request: Json, before: Decision, after: Decision): void => {
    const place = placeOf(before, after);
    if (place === null) return;
    const key = placeKey(place);
    let cell = cells.get(key);
    if (cell === undefined) {
      cell = { ...place, oldRules: new Set(), newRules: new Set(), moves: new Set(), example: request };
      cells.set(key, cell);
    }
    cell.oldRules.add(deciderOf(before));
    cell.newRules.add(deciderOf(after));
    if (place.kind === 'obligations') cell.moves.add(obligationMove(before, after)!);
  };
  const before = old.evaluator.evaluate(REFUSED);
  const after = next.evaluator.evaluate(REFUSED);
  if (before.invalid !== null && after.invalid !== null) add(REFUSED, before, after);
  for (const request of requests)
    add(request, old.evaluator.evaluate(request), next.evaluator.evaluate(request));
  return cells;
}

/** Directions that a report may give for a cell; usually one. */
export function directionsOf(cell: TrueCell, old: Subject, next: Subject): readonly Direction[] {
  const { from, to, kind, moves } = cell;
  if (kind === 'obligations') return moves.size === 1 ? [...moves] : ['mixed'];
  if (from === to) return ['neutral'];
  const signs = new Set(
    [old.effects, next.effects]
      .filter((effects) => effects.includes(from) && effects.includes(to))
      .map((effects) => Math.sign(effects.indexOf(to) - effects.indexOf(from))),
  );
  if (signs.size === 0) return ['loosening', 'tightening', 'mixed'];
  if (signs.size === 2) return ['mixed'];
  return signs.has(1) ? ['tightening'] : ['loosening'];
}

/** A cell in one line, as trap files write it. */
export function lineOf(
  cell: Place & {
    readonly direction: Direction;
    readonly oldRules: Iterable<string>;
    readonly newRules: Iterable<string>;
  },
): string {
  const { from, to, kind, direction, oldRules, newRules } = cell;
  return `${from} -> ${to} ${kind} ${direction}: ${[...oldRules].join(', ')} -> ${[...newRules].join(', ')}`;
}

/** The cells of some requests as sorted lines, rules in declaration order. */
export function trueLines(old: Subject, next: Subject, requests: readonly Json[]): readonly string[] {
  const ordered = ({ rules }: Subject, names: ReadonlySet<string>): string[] =>
    [...rules, 'default', 'invalid'].filter((name) => names.has(name));
  const cells = [...trueCells(old, next, requests).values()].map((cell) =>
    lineOf({
      ...cell,
      direction: directionsOf(cell, old, next)[0]!,
      oldRules: ordered(old, cell.oldRules),
      newRules: ordered(next, cell.newRules),
    }),
  );
  return cells.sort();
}
