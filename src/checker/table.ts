// Decision tables: columns are typed once; each row becomes a rule whose condition is the conjunction of its cells.

import type { Cell, CellAlternative, Expr, RelOp, Row, TableItem } from '../ast.ts';
import { MAX_COLUMNS, MAX_ROWS } from '../bytecode/limits.ts';
import { typeComparison, valueFacts } from './compare.ts';
import type { Context, Env } from './context.ts';
import { check } from './expr.ts';
import { assume, type Facts, join, referenceKey } from './facts.ts';
import { patternTexts } from './patterns.ts';
import type { TypedExpr } from './typed.ts';
import { BOOL } from './types.ts';

/** The typed condition of one row and the facts on both its sides. */
export interface CheckedRow {
  readonly condition: TypedExpr | null;
  readonly whenTrue: Facts;
  readonly whenFalse: Facts;
}

/** Types the columns of a table; an entry is null after a reported error. */
export function checkColumns(context: Context, env: Env, table: TableItem): (TypedExpr | null)[] {
  if (table.mode === 'unique') context.report(env, 'P3005', table.name.span, { what: 'a `unique` table' });
  if (table.complete) context.report(env, 'P3005', table.name.span, { what: 'a `complete` table' });
  if (table.columns.length > MAX_COLUMNS)
    context.report(env, 'P3052', table.name.span, { what: 'columns', max: MAX_COLUMNS });
  if (table.rows.length > MAX_ROWS)
    context.report(env, 'P3052', table.name.span, { what: 'rows', max: MAX_ROWS });
  return table.columns.map((column) => check(context, column, env, { steps: true }).expr);
}

export function checkRow(
  context: Context,
  env: Env,
  columns: readonly (TypedExpr | null)[],
  row: Row,
): CheckedRow {
  if (row.cells.length !== columns.length) {
    context.report(env, 'P3080', row.span, { wanted: columns.length, found: row.cells.length });
    return { condition: null, whenTrue: env.facts, whenFalse: env.facts };
  }
  const conditions: TypedExpr[] = [];
  let facts = env.facts;
  let leaving: Facts | null = null;
  let failed = false;
  for (const [i, cell] of row.cells.entries()) {
    const column = columns[i];
    if (column == null) {
      failed = true;
      continue;
    }
    const checked = checkCell(context, { ...env, facts }, column, cell);
    if (checked === null) failed = true;
    else if (checked.condition !== null) {
      conditions.push(checked.condition);
      leaving = leaving === null ? checked.whenFalse : join(leaving, checked.whenFalse);
      facts = checked.whenTrue;
    }
  }
  const condition: TypedExpr | null = failed
    ? null
    : { kind: 'and', args: conditions, type: BOOL, optional: false, span: row.span };
  return { condition, whenTrue: facts, whenFalse: leaving ?? env.facts };
}

// A cell is null when it always matches; a negated cell is false for an absent value.
function checkCell(context: Context, env: Env, column: TypedExpr, cell: Cell): CheckedRow | null {
  const key = referenceKey(column);
  const there = { ...column, optional: false };
  const present = key === null ? env.facts : assume(env.facts, key, { present: true });
  const alternatives: TypedExpr[] = [];
  const values: string[] = [];
  let onlyValues = true;
  let coversAbsent = false;
  let always = false;
  for (const alternative of cell.alternatives) {
    if (!isTested(alternative)) {
      if (alternative.kind === 'any') always = true;
      else coversAbsent = true;
      if (alternative.kind === 'absent' && !column.optional && column.type.kind !== 'unknown')
        context.report(env, 'P3907', alternative.span);
    } else {
      const typed = checkAlternative(context, { ...env, facts: present }, there, alternative);
      if (typed === null) return null;
      alternatives.push(typed);
      const literal =
        typed.kind === 'compare' && typed.op === '==' && typed.right.kind === 'literal'
          ? typed.right.literal
          : null;
      if (literal?.kind === 'string') values.push(literal.value);
      else onlyValues = false;
    }
  }
  const has: TypedExpr = { kind: 'has', subject: column, type: BOOL, optional: false, span: cell.span };
  const inside: TypedExpr = { kind: 'or', args: alternatives, type: BOOL, optional: false, span: cell.span };
  if (cell.negated) {
    if (always) return cellResult(not({ ...inside, args: [], kind: 'and' }), env.facts, env.facts);
    if (coversAbsent && alternatives.length === 0) return cellResult(has, present, env.facts);
    const outside = not(inside);
    return cellResult(column.optional ? and([has, outside]) : outside, present, env.facts);
  }
  if (always) return { condition: null, whenTrue: env.facts, whenFalse: env.facts };
  const matched = column.optional ? and([has, inside]) : inside;
  if (coversAbsent)
    return cellResult(
      alternatives.length === 0 ? not(has) : { ...inside, args: [not(has), matched] },
      env.facts,
      present,
    );
  const facts = onlyValues ? valueFacts(present, there, values) : { whenTrue: present, whenFalse: env.facts };
  return cellResult(matched, facts.whenTrue, column.optional ? env.facts : facts.whenFalse);
}

function cellResult(condition: TypedExpr, whenTrue: Facts, whenFalse: Facts): CheckedRow {
  return { condition, whenTrue, whenFalse };
}

function not(arg: TypedExpr): TypedExpr {
  return { kind: 'not', arg, type: BOOL, optional: false, span: arg.span };
}

function and(args: TypedExpr[]): TypedExpr {
  return { kind: 'and', args, type: BOOL, optional: false, span: args[0]!.span };
}

type Tested = Exclude<CellAlternative, { kind: 'any' | 'absent' }>;

function isTested(alternative: CellAlternative): alternative is Tested {
  return alternative.kind !== 'any' && alternative.kind !== 'absent';
}

function checkAlternative(
  context: Context,
  env: Env,
  column: TypedExpr,
  alternative: Tested,
): TypedExpr | null {
  switch (alternative.kind) {
    case 'matches': {
      const patterns = patternTexts(context, env, alternative.pattern);
      if (patterns === null) return null;
      if (column.type.kind !== 'string')
        return context.rejectType(env, { ...column, span: alternative.span }, 'a string');
      return {
        kind: 'matches',
        pattern: patterns.kind,
        subject: column,
        patterns: patterns.texts,
        type: BOOL,
        optional: false,
        span: alternative.span,
      };
    }
    case 'compare':
      return compareCell(context, env, alternative.op, column, alternative.value, alternative.span);
    case 'range': {
      const from = compareCell(context, env, '>=', column, alternative.from, alternative.span);
      const to = from && compareCell(context, env, '<=', column, alternative.to, alternative.span);
      return from && to && and([from, to]);
    }
    case 'constant': {
      const value = check(context, alternative.value, env).expr;
      if (value === null) return null;
      if (value.kind !== 'list') return constantCell(context, env, '==', column, value, alternative.span);
      const args: TypedExpr[] = [];
      for (const item of value.items) {
        const typed = constantCell(context, env, '==', column, item, alternative.span);
        if (typed === null) return null;
        args.push(typed);
      }
      return { kind: 'or', args, type: BOOL, optional: false, span: alternative.span };
    }
  }
}

function compareCell(
  context: Context,
  env: Env,
  op: RelOp,
  column: TypedExpr,
  written: Expr,
  span: TypedExpr['span'],
): TypedExpr | null {
  const value = check(context, written, env).expr;
  return value && constantCell(context, env, op, column, value, span);
}

function constantCell(
  context: Context,
  env: Env,
  op: RelOp,
  column: TypedExpr,
  value: TypedExpr,
  span: TypedExpr['span'],
): TypedExpr | null {
  if (value.kind !== 'literal') return context.report(env, 'P3081', value.span);
  return typeComparison(context, env, op, column, value, span);
}
