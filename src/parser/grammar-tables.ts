// The grammar of clauses, arguments and tables. Rule names are those of grammar/policy.ebnf.

import type { IToken, ParserMethod } from 'chevrotain';
import type {
  Argument,
  Cell,
  CellAlternative,
  Clause,
  Expr,
  Ident,
  ListExpr,
  RelOp,
  Row,
  TableItem,
  ValueTable,
} from '../ast.ts';
import { ExpressionParser } from './grammar-expressions.ts';
import * as t from './tokens.ts';

const w = t.word;
type Rule<T, A extends unknown[] = []> = ParserMethod<A, T>;
type ValueRow = ValueTable['rows'][number];

const CELL_STARTS = new Set([
  ...[
    t.Underscore,
    t.EqEq,
    t.NotEq,
    t.Less,
    t.LessEq,
    t.Greater,
    t.GreaterEq,
    t.Minus,
    t.Int,
    t.Fraction,
    t.Dur,
  ],
  ...[t.Str_, t.Id, w('absent'), w('matches'), w('true'), w('false'), w('not')],
]);
const beginsCell = (type: t.SourceToken['tokenType']): boolean =>
  CELL_STARTS.has(type) || type.CATEGORIES?.includes(t.Id) === true;

export abstract class TableParser extends ExpressionParser {
  // Clauses and arguments.

  readonly effect: Rule<Ident> = this.RULE(
    'effect',
    (): Ident => this.ident(this.CONSUME(t.Id, { ERR_MSG: 'the name of an effect' })),
  );

  readonly args: Rule<Argument[]> = this.RULE('args', (): Argument[] => {
    this.CONSUME(w('with'));
    const args = [this.SUBRULE(this.argument)];
    this.MANY(() => {
      this.CONSUME(t.Comma);
      args.push(this.SUBRULE2(this.argument));
    });
    return args;
  });

  readonly argument: Rule<Argument> = this.RULE('argument', (): Argument => {
    const name = this.ident(this.CONSUME(t.Name, { ERR_MSG: 'the name of an obligation' }));
    this.CONSUME(t.Colon);
    return { name, value: this.SUBRULE(this.expr) };
  });

  readonly clause: Rule<Clause> = this.RULE('clause', (): Clause => {
    const { start } = this;
    return this.OR<Clause>([
      { ALT: () => this.SUBRULE(this.rowClause) },
      {
        ALT: () => {
          this.CONSUME(w('tags'));
          const list: ListExpr = this.SUBRULE(this.list);
          return { kind: 'tags', list, span: this.spanFrom(start) };
        },
      },
    ]);
  });

  readonly rowClause: Rule<Clause> = this.RULE('rowClause', (): Clause => {
    const { start } = this;
    return this.OR<Clause>([
      { ALT: () => this.textClause(start, this.CONSUME(w('reason')), this.CONSUME(t.Str_)) },
      {
        ALT: () => {
          this.CONSUME(w('severity'));
          const name = this.ident(this.CONSUME(t.Id, { ERR_MSG: 'the name of a severity' }));
          return { kind: 'severity', name, span: this.spanFrom(start) };
        },
      },
      { ALT: () => this.textClause(start, this.CONSUME(w('message')), this.CONSUME2(t.Str_)) },
      { ALT: () => this.textClause(start, this.CONSUME(w('remediation')), this.CONSUME3(t.Str_)) },
    ]);
  });

  private textClause(start: number, word: IToken, text: IToken): Clause {
    return { kind: word.image as 'reason', text: this.str(text), span: this.spanFrom(start) };
  }

  // Tables.

  readonly table: Rule<TableItem | null> = this.RULE('table', (): TableItem | null => {
    const { start } = this;
    const head = this.attempt(
      () => this.SUBRULE(this.tableHead),
      () => this.skipToBlock(),
    );
    if (!this.RECORDING_PHASE && !this.nextIs(t.LCurly)) return null;
    const open = this.CONSUME(t.LCurly);
    const rows: Row[] = [];
    this.settleRow(beginsCell);
    this.MANY(() => this.rowInto(rows, () => this.SUBRULE(this.row)));
    this.close(open, 'table');
    return head === null ? null : { kind: 'table', ...head, rows, span: this.spanFrom(start) };
  });

  private rowInto<T>(rows: T[], read: () => T): void {
    const row = this.attempt(read, () => this.skipRow());
    if (row !== null) rows.push(row);
    this.settleRow(beginsCell);
  }

  readonly tableHead: Rule<Pick<TableItem, 'name' | 'columns' | 'mode' | 'complete'>> = this.RULE(
    'tableHead',
    (): Pick<TableItem, 'name' | 'columns' | 'mode' | 'complete'> => {
      this.CONSUME(w('table'));
      const name = this.declared(0, 'a table', t.LParen);
      const columns = this.SUBRULE(this.columns);
      const mode = this.OR({
        ERR_MSG: '`first` or `unique`',
        DEF: [{ ALT: () => this.CONSUME(w('first')) }, { ALT: () => this.CONSUME(w('unique')) }],
      }).image as 'first';
      let complete = false;
      this.OPTION(() => {
        this.CONSUME(w('complete'));
        complete = true;
      });
      if (!this.RECORDING_PHASE && !this.nextIs(t.LCurly)) this.consume(8, t.LCurly);
      return { name, columns, mode, complete };
    },
  );

  readonly columns: Rule<Expr[]> = this.RULE('columns', (): Expr[] => {
    this.CONSUME(t.LParen);
    const columns = [this.SUBRULE(this.expr)];
    this.MANY(() => {
      this.CONSUME(t.Comma);
      columns.push(this.SUBRULE2(this.expr));
    });
    this.CONSUME(t.RParen);
    return columns;
  });

  readonly row: Rule<Row> = this.RULE('row', (): Row => {
    const { start } = this;
    let label: Ident | null = null;
    this.OPTION(() => {
      label = this.ident(this.CONSUME(t.Id));
      this.CONSUME(t.Colon);
    });
    const cells = this.SUBRULE(this.cells);
    this.CONSUME(t.Arrow);
    const effect = this.SUBRULE(this.effect);
    let args: readonly Argument[] = [];
    this.OPTION2(() => {
      args = this.SUBRULE(this.rowArgs);
    });
    const clauses: Clause[] = [];
    this.MANY(() => {
      clauses.push(this.SUBRULE(this.rowClause));
    });
    return { label, cells, effect, args, clauses, span: this.spanFrom(start) };
  });

  readonly cells: Rule<Cell[]> = this.RULE('cells', (): Cell[] => {
    const cells = [this.SUBRULE(this.cell)];
    this.MANY(() => {
      this.CONSUME(t.Comma);
      cells.push(this.SUBRULE2(this.cell));
    });
    return cells;
  });

  readonly rowArgs: Rule<Argument[]> = this.RULE('rowArgs', (): Argument[] => {
    this.CONSUME(w('with'));
    const args = [this.SUBRULE(this.rowArgument)];
    this.MANY(() => {
      this.CONSUME(t.Comma);
      args.push(this.SUBRULE2(this.rowArgument));
    });
    return args;
  });

  readonly rowArgument: Rule<Argument> = this.RULE('rowArgument', (): Argument => {
    const name = this.ident(this.CONSUME(t.Name, { ERR_MSG: 'the name of an obligation' }));
    this.CONSUME(t.Colon);
    return { name, value: this.SUBRULE(this.unary) };
  });

  readonly valueTable: Rule<ValueTable> = this.RULE('valueTable', (): ValueTable => {
    const { start } = this;
    this.CONSUME(w('table'));
    const columns = this.SUBRULE(this.columns);
    const open = this.CONSUME(t.LCurly);
    const rows: ValueRow[] = [];
    this.settleRow(beginsCell);
    this.MANY(() => this.rowInto(rows, () => this.SUBRULE(this.valueRow)));
    this.close(open, 'table');
    return { columns, rows, span: this.spanFrom(start) };
  });

  readonly valueRow: Rule<ValueRow> = this.RULE('valueRow', (): ValueRow => {
    const { start } = this;
    const cells = this.SUBRULE(this.cells);
    this.CONSUME(t.Arrow);
    const result = this.SUBRULE(this.unary);
    return { cells, result, span: this.spanFrom(start) };
  });

  // Cells.

  readonly cell: Rule<Cell> = this.RULE('cell', (): Cell => {
    const { start } = this;
    let negated = false;
    this.OPTION(() => {
      this.CONSUME(w('not'));
      negated = true;
    });
    const alternatives = [this.SUBRULE(this.alt)];
    this.MANY(() => {
      this.CONSUME(t.Bar);
      alternatives.push(this.SUBRULE2(this.alt));
    });
    return { negated, alternatives, span: this.spanFrom(start) };
  });

  readonly alt: Rule<CellAlternative> = this.RULE('alt', (): CellAlternative => {
    const { start } = this;
    return this.OR({
      ERR_MSG: 'a table cell',
      DEF: [
        {
          ALT: (): CellAlternative => {
            this.CONSUME(t.Underscore);
            return { kind: 'any', span: this.spanFrom(start) };
          },
        },
        {
          ALT: (): CellAlternative => {
            this.CONSUME(w('absent'));
            return { kind: 'absent', span: this.spanFrom(start) };
          },
        },
        {
          ALT: (): CellAlternative => {
            const op = this.SUBRULE(this.relop);
            const value = this.SUBRULE(this.constant);
            return { kind: 'compare', op, value, span: this.spanFrom(start) };
          },
        },
        {
          ALT: (): CellAlternative => {
            this.CONSUME(w('matches'));
            const pattern = this.SUBRULE(this.pattern);
            return { kind: 'matches', pattern, span: this.spanFrom(start) };
          },
        },
        {
          ALT: (): CellAlternative => {
            const value = this.SUBRULE2(this.constant);
            let to: Expr | null = null;
            this.OPTION(() => {
              this.CONSUME(t.DotDot);
              to = this.SUBRULE3(this.constant);
            });
            const span = this.spanFrom(start);
            return to === null ? { kind: 'constant', value, span } : { kind: 'range', from: value, to, span };
          },
        },
      ],
    });
  });

  readonly relop: Rule<RelOp> = this.RULE('relop', (): RelOp => {
    const operators = [t.EqEq, t.NotEq, t.Less, t.LessEq, t.Greater, t.GreaterEq];
    return this.OR(operators.map((type) => ({ ALT: (): IToken => this.CONSUME(type) }))).image as RelOp;
  });

  readonly constant: Rule<Expr> = this.RULE('constant', (): Expr => {
    const { start } = this;
    return this.OR({
      ERR_MSG: 'a constant',
      DEF: [
        {
          ALT: (): Expr => {
            let negated = false;
            this.OPTION(() => {
              this.CONSUME(t.Minus);
              negated = true;
            });
            const arg = this.OR2({
              ERR_MSG: 'a number or a duration',
              DEF: [
                { ALT: (): Expr => this.number(this.CONSUME(t.Num)) },
                { ALT: (): Expr => this.duration(this.CONSUME(t.Dur)) },
              ],
            });
            return negated ? { kind: 'negate', arg, span: this.spanFrom(start) } : arg;
          },
        },
        { ALT: (): Expr => this.string(this.CONSUME(t.Str_)) },
        { ALT: (): Expr => this.bool(this.CONSUME(w('true'))) },
        { ALT: (): Expr => this.bool(this.CONSUME(w('false'))) },
        {
          ALT: (): Expr => {
            const { name, span } = this.ident(this.CONSUME(t.Id));
            return { kind: 'name', name, span };
          },
        },
      ],
    });
  });
}
