// Folds a flat run of operands and operators into a tree. The grammar itself knows one level of operators only:
// with one rule per level, an expression within the nesting limit would not fit on the JavaScript stack.

import type { Expr, Pattern, RelOp, TypeExpr } from '../ast.ts';
import { MAX_NESTING } from './limits.ts';
import type { Report } from './report.ts';

/** Levels of LANGUAGE order, weakest first; a member, index, call or prefix has no level: it is an operand. */
const OR = 1;
const AND = 2;
const NOT = 3;
const RELATION = 4;
const COALESCE = 7;
const LEVELS: { readonly [operator: string]: number } = {
  or: OR,
  and: AND,
  not: NOT,
  '+': 5,
  '-': 5,
  '*': 6,
  '??': COALESCE,
};

/** An expression with its level of nesting: the operators, brackets and calls around its innermost operand. */
export interface Nested {
  readonly expr: Expr;
  readonly depth: number;
}

interface Operand extends Nested {
  /** The level of the operator at its root; 0 for a plain operand, or when a chain was already reported. */
  readonly level: number;
  /** The operator at its root, as written. */
  readonly text: string;
}

interface Operator {
  readonly text: string;
  readonly level: number;
  readonly negated: boolean;
  readonly start: number;
  /** It continues a forbidden chain, which is reported once. */
  readonly chained: boolean;
}

export class Fold {
  private readonly operands: Operand[] = [];
  private readonly operators: Operator[] = [];
  private readonly report: Report;
  constructor(report: Report) {
    this.report = report;
  }

  operand(nested: Nested): void {
    this.operands.push({ ...nested, level: 0, text: '' });
  }

  /** A `not` before an operand. */
  not(start: number): void {
    const outer = this.operators.at(-1);
    if (outer !== undefined && outer.level > NOT) {
      this.report.add('P1306', start, start + 3, { first: outer.text });
    }
    this.operators.push({ text: 'not', level: NOT, negated: false, start, chained: false });
  }

  /** An infix operator; its right operand follows. */
  infix(text: string, negated: boolean, start: number): void {
    const level = LEVELS[text] ?? RELATION;
    const chained = this.prepare(level, text, start);
    this.operators.push({ text, level, negated, start, chained });
  }

  /** `is` and `matches`: their right side is no expression. */
  test(text: string, start: number, end: number, make: (left: Expr, end: number) => Expr): void {
    const chained = this.prepare(RELATION, text, start);
    const left = this.operands.pop() as Operand;
    const level = chained ? 0 : RELATION;
    this.operands.push({ expr: make(left.expr, end), depth: left.depth + 1, level, text });
  }

  result(): Nested {
    while (this.operators.length > 0) this.reduce();
    return this.operands[0] as Operand;
  }

  /** Reduces what binds at least as strongly; true when the operator makes a forbidden chain. */
  private prepare(level: number, text: string, start: number): boolean {
    for (
      let top = this.operators.at(-1);
      top !== undefined && top.level >= level;
      top = this.operators.at(-1)
    ) {
      if (top.chained) {
        this.reduce();
        return level === RELATION || level === COALESCE;
      }
      this.reduce();
    }
    const left = this.operands.at(-1) as Operand;
    if (left.level !== level || (level !== RELATION && level !== COALESCE)) return false;
    const hint =
      level === COALESCE
        ? 'write `a ?? (b ?? c)`'
        : 'a comparison does not chain: write `a < b and b < c`, or parentheses around the inner one';
    this.report.add('P1305', start, start + text.length, { first: left.text, second: text, hint });
    return true;
  }

  private reduce(): void {
    const operator = this.operators.pop() as Operator;
    const right = this.operands.pop() as Operand;
    const level = operator.chained ? 0 : operator.level;
    const { text } = operator;
    if (text === 'not') {
      const span = { start: operator.start, end: right.expr.span.end };
      this.operands.push({
        expr: { kind: 'not', arg: right.expr, span },
        depth: right.depth + 1,
        level,
        text,
      });
      return;
    }
    const left = this.operands.pop() as Operand;
    if (text === 'or' || text === 'and') {
      this.operands.push(nary(text, left, right));
      return;
    }
    const depth = Math.max(left.depth, right.depth) + 1;
    this.operands.push({ expr: binary(operator, left.expr, right.expr), depth, level, text });
  }
}

/** `a and b and c` is one node; `(a and b) and c` keeps its parentheses and is two. */
function nary(kind: 'or' | 'and', left: Operand, right: Operand): Operand {
  const span = { start: left.expr.span.start, end: right.expr.span.end };
  const level = LEVELS[kind] as number;
  if (left.expr.kind === kind) {
    // The node was made here and is seen by nobody else yet: growing it keeps long chains linear.
    const args = left.expr.args as Expr[];
    args.push(right.expr);
    const depth = Math.max(left.depth, right.depth + 1);
    return { expr: { kind, args, span }, depth, level, text: kind };
  }
  const depth = Math.max(left.depth, right.depth) + 1;
  return { expr: { kind, args: [left.expr, right.expr], span }, depth, level, text: kind };
}

function binary(operator: Operator, left: Expr, right: Expr): Expr {
  const span = { start: left.span.start, end: right.span.end };
  const { text, negated } = operator;
  switch (text) {
    case '+':
    case '-':
    case '*':
    case '??':
      return { kind: 'binary', op: text, left, right, span };
    case 'in':
    case 'contains':
    case 'starts_with':
    case 'ends_with':
    case 'under':
      return { kind: text, negated, left, right, span };
    default:
      return { kind: 'compare', op: text as RelOp, left, right, span };
  }
}

/** `left is [not] type`. */
export function typeTest(negated: boolean, type: TypeExpr): (left: Expr, end: number) => Expr {
  return (left, end) => ({ kind: 'is', negated, left, type, span: { start: left.span.start, end } });
}

/** `left [not] matches pattern`. */
export function patternTest(negated: boolean, pattern: Pattern): (left: Expr, end: number) => Expr {
  return (left, end) => ({ kind: 'matches', negated, left, pattern, span: { start: left.span.start, end } });
}

/** True when an expression is nested more deeply than the later phases may walk. */
export function tooDeep(depth: number): boolean {
  return depth > MAX_NESTING;
}
