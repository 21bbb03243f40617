// The comparison of two policies: what their decisions have different, as cells with witnesses, or the proof that nothing is.

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Ir } from '../ir/ir.ts';
import type { Formula } from '../symbolic/formula.ts';
import { isSameSchema } from '../symbolic/schema-same.ts';
import { Space } from '../symbolic/space.ts';
import { argumentsOf, Cells, type FoundCell, kindOf } from './cells.ts';
import { type Changed, changedRules } from './changed.ts';
import { DEFAULT_RULE, Decisions, INVALID_RULE } from './decisions.ts';
import { Regions } from './region.ts';
import type {
  Cell,
  ComparedPolicy,
  DiffReport,
  Direction,
  StructuralChange,
  TraceShare,
  Unknown,
} from './report.ts';
import type { DiffOptions, DiffSide } from './sides.ts';
import { compareStructure } from './structure.ts';
import { summary } from './summary.ts';
import { type Witness, Witnesses } from './witness.ts';

/** Milliseconds that a comparison may take by default. */
const DEFAULT_BUDGET_MS = 60_000;

/**
 * Compares two versions of a policy. `no_change` is a proof over all requests that both versions accept; every change comes with requests
 * that both evaluators of both versions have decided. Never throws on policies that compile; bundles must verify.
 */
export function diffPolicies(old: DiffSide, next: DiffSide, options: DiffOptions = {}): DiffReport {
  const structure = compareStructure(old, next);
  const witnesses = new Witnesses(old, next);
  const comparison = isSameBundle(old, next) ? null : compare(old, next, witnesses, options);
  const cells = comparison?.cells ?? [];
  const unknowns = comparison?.unknowns ?? [];
  const named = new Set([
    ...cells.flatMap((cell) => [...cell.oldRules, ...cell.newRules, ...cell.changedRules]),
  ]);
  return {
    verdict: cells.length > 0 ? 'changed' : unknowns.length > 0 ? 'unknown' : 'no_change',
    old: comparedPolicy(old, named, structure, 'old'),
    new: comparedPolicy(next, named, structure, 'new'),
    cells,
    unknowns,
    structure,
    trace: options.trace == null ? null : shareOf(options.trace, witnesses, cells),
  };
}

function isSameBundle(old: DiffSide, next: DiffSide): boolean {
  return (
    old.bytes.length === next.bytes.length &&
    old.bytes.every((byte, at) => byte === next.bytes[at]) &&
    (old.schemas === null || next.schemas === null || isSameSchema(old.schemas, next.schemas))
  );
}

function compare(
  old: DiffSide,
  next: DiffSide,
  witnesses: Witnesses,
  options: DiffOptions,
): { readonly cells: Cell[]; readonly unknowns: Unknown[] } {
  const deadline = performance.now() + (options.budgetMs ?? DEFAULT_BUDGET_MS);
  const decisions: Decisions[] = [];
  const space = new Space(
    [old, next],
    (grounds) => {
      for (const ground of grounds) decisions.push(new Decisions(ground));
    },
    deadline,
  );
  const [before, after] = decisions as [Decisions, Decisions];
  const changed = changedRules(before, after);
  const cells = new Cells({ space, old: before, new: after, witnesses }, options.onProgress ?? (() => {}));
  cells.find(changed.region);
  cells.refusals();
  const regions = new Regions(space);
  const [accepted, acceptedNext] = space.accepted as [Formula, Formula];
  const reported = cells.cells.map((cell): Cell => {
    const base = cell.kind === 'validity' ? [] : [accepted, acceptedNext];
    const region =
      cell.condition.length === 0 ? { alternatives: [], complete: true } : regions.of(cell, base);
    return { ...reportOf(cell, old.ir, next.ir, changed), region };
  });
  return { cells: merged(reported, old.ir, next.ir), unknowns: distinct(cells.unknowns) };
}

/** Requests that are refused now and requests that are accepted now may go from one effect to another alike. */
function merged(cells: readonly Cell[], old: Ir, next: Ir): Cell[] {
  const table = new Map<string, Cell>();
  const joined = (a: readonly string[], b: readonly string[]): Set<string> => new Set([...a, ...b]);
  for (const cell of cells) {
    const key = JSON.stringify([cell.from, cell.to, cell.kind]);
    const before = table.get(key);
    table.set(
      key,
      before === undefined
        ? cell
        : {
            ...before,
            direction: before.direction === cell.direction ? cell.direction : 'mixed',
            oldRules: inOrder(old, joined(before.oldRules, cell.oldRules)),
            newRules: inOrder(next, joined(before.newRules, cell.newRules)),
            changedRules: [...joined(before.changedRules, cell.changedRules)],
            region: {
              alternatives: [...before.region.alternatives, ...cell.region.alternatives],
              complete: before.region.complete && cell.region.complete,
            },
            witnesses: [...before.witnesses, ...cell.witnesses],
            decisions: [...before.decisions, ...cell.decisions],
          },
    );
  }
  return [...table.values()];
}

function distinct(unknowns: readonly Unknown[]): Unknown[] {
  return [...new Map(unknowns.map((each) => [JSON.stringify(each), each])).values()];
}

function reportOf(cell: FoundCell, old: Ir, next: Ir, changed: Changed): Omit<Cell, 'region'> {
  return {
    from: cell.from,
    to: cell.to,
    kind: cell.kind,
    direction: directionOf(cell, old, next),
    oldRules: inOrder(old, cell.oldRules),
    newRules: inOrder(next, cell.newRules),
    changedRules: changed.names(cell.witnesses),
    witnesses: cell.witnesses.map(({ request }) => request),
    decisions: cell.witnesses.map((witness) => ({ old: summary(witness.old), new: summary(witness.new) })),
  };
}

function inOrder(ir: Ir, names: ReadonlySet<string>): string[] {
  return [...ir.rules.map(({ name }) => name), DEFAULT_RULE, INVALID_RULE].filter((name) => names.has(name));
}

function directionOf(cell: FoundCell, old: Ir, next: Ir): Direction {
  if (cell.kind === 'reason') return 'neutral';
  if (cell.kind === 'obligations') {
    const directions = new Set(cell.witnesses.map(obligationDirection));
    return directions.size === 1 ? [...directions][0]! : 'mixed';
  }
  const compared = [old, next].map((ir) => orderOf(ir, cell.from, cell.to)).filter((order) => order !== null);
  if (compared.length === 0 || new Set(compared).size > 1) return 'mixed';
  return compared[0]! < 0 ? 'tightening' : compared[0]! > 0 ? 'loosening' : 'neutral';
}

/** Sign of the difference of two effects in the declared order; null when one of them is not declared. */
function orderOf(ir: Ir, from: string, to: string): number | null {
  const index = (name: string): number => ir.effects.findIndex((effect) => effect.name === name);
  const [a, b] = [index(from), index(to)];
  return a < 0 || b < 0 ? null : Math.sign(a - b);
}

function obligationDirection(witness: Witness): Direction {
  const [before, after] = [argumentsOf(witness.old), argumentsOf(witness.new)];
  const gone = [...before].some((each) => !after.has(each));
  const come = [...after].some((each) => !before.has(each));
  return gone && come ? 'mixed' : gone ? 'loosening' : 'tightening';
}

function comparedPolicy(
  side: DiffSide,
  named: ReadonlySet<string>,
  structure: readonly StructuralChange[],
  which: 'old' | 'new',
): ComparedPolicy {
  const { ir } = side;
  const touched = new Set(structure.flatMap((change) => (change.subject === 'rule' ? [change[which]] : [])));
  return {
    label: side.label,
    name: ir.name,
    version: ir.version,
    bundle: `sha256:${bytesToHex(sha256(side.bytes))}`,
    rules: ir.rules
      .filter(({ name }) => named.has(name) || touched.has(name))
      .map((rule) => ({
        name: rule.name,
        effect: ir.effects[rule.effect]!.name,
        reason: rule.reason,
        place: side.rulePlaces.get(rule.name) ?? null,
      })),
  };
}

function shareOf(trace: Iterable<unknown>, witnesses: Witnesses, cells: readonly Cell[]): TraceShare {
  let requests = 0;
  let affected = 0;
  const perCell = cells.map(() => 0);
  for (const request of trace) {
    requests++;
    const result = witnesses.decide(request as Cell['witnesses'][number]);
    if (result.kind !== 'witness') continue;
    const kind = kindOf(result.witness);
    if (kind === null) continue;
    affected++;
    const { old, new: next } = result.witness;
    const at = cells.findIndex(
      (cell) => cell.kind === kind && cell.from === old.effect && cell.to === next.effect,
    );
    if (at >= 0) perCell[at]!++;
  }
  return { requests, affected, perCell };
}
