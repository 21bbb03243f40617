// The grammar of items, rules and tables, LL(2). Rule names are those of grammar/policy.ebnf.

import type { IToken, ParserMethod } from 'chevrotain';
import type {
  Argument,
  Cell,
  Clause,
  Condition,
  EffectDecl,
  Expr,
  GroupItem,
  Ident,
  Item,
  JsonLiteral,
  LetItem,
  ListExpr,
  Outcome,
  Param,
  PolicyFile,
  Row,
  RuleItem,
  Str,
  TableItem,
  TestItem,
  ValueTable,
} from '../ast.ts';
import { ExpressionParser } from './grammar-expressions.ts';
import { excerpt, type Report } from './report.ts';
import type { Scanned } from './scanner.ts';
import * as t from './tokens.ts';

const w = t.word;
type Rule<T, A extends unknown[] = []> = ParserMethod<A, T>;
type Mutable<T> = { -readonly [K in keyof T]: T[K] };
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
/** What may stand after the name of a rule. */
const AFTER_RULE = ['when', 'unless', 'reason', 'severity', 'message', 'remediation', 'tags', 'with'].map(
  (x) => w(x),
);

export class PolicyParser extends ExpressionParser {
  private hopeless = false;

  constructor() {
    super();
    this.performSelfAnalysis();
  }

  /** Parses one file; null when it is no policy, or an expression is too deep to be walked. */
  parse(scanned: Scanned, partner: readonly number[], report: Report): PolicyFile | null {
    this.load(scanned, partner, report);
    this.overDeep = false;
    this.hopeless = false;
    const tree = this.file();
    this.unload();
    return this.overDeep || this.hopeless ? null : tree;
  }

  // The file.

  readonly file: Rule<PolicyFile> = this.RULE('file', (): PolicyFile => {
    const { start } = this;
    const items: Item[] = [];
    let header: Pick<PolicyFile, 'name' | 'version'> | null = null;
    if (this.RECORDING_PHASE || this.nextIs(w('policy'))) {
      header = this.attempt(
        () => this.SUBRULE(this.header),
        () => this.skipItem(0),
      );
    } else {
      this.complain('P1006', this.LA(1), { found: `\`${excerpt(this.LA(1).image)}\`` });
      this.headless = true;
      // Text that does not even begin like an item is no policy at all: one error says it.
      this.hopeless = !this.atItem();
      if (this.hopeless) this.giveUp();
    }
    this.settleItem(false);
    this.MANY(() => {
      this.guarded(items, () => this.SUBRULE(this.item));
      this.settleItem(false);
    });
    const nameless = { name: { name: '', span: { start, end: start } }, version: null };
    return { ...(header ?? nameless), items, span: this.spanFrom(start) };
  });

  /** Reads an item into the list; a failed one is reported and left out. */
  private guarded(items: Item[], read: () => Item | null): void {
    const first = this.here;
    const item = this.attempt(read, () => this.skipItem(first));
    if (item !== null) items.push(item);
  }

  readonly header: Rule<Pick<PolicyFile, 'name' | 'version'>> = this.RULE(
    'header',
    (): Pick<PolicyFile, 'name' | 'version'> => {
      this.CONSUME(w('policy'));
      const name = this.declared(0, 'a policy', w('version'), w('request'));
      let version: Str | null = null;
      this.OPTION(() => {
        this.CONSUME(w('version'));
        version = this.str(this.CONSUME(t.Str_));
      });
      return { name, version };
    },
  );

  readonly item: Rule<Item | null> = this.RULE('item', (): Item | null =>
    this.OR({
      ERR_MSG: 'an item',
      DEF: [
        { ALT: (): Item | null => this.SUBRULE(this.requestItem) },
        { ALT: () => this.SUBRULE(this.effectsItem) },
        { ALT: () => this.SUBRULE(this.severitiesItem) },
        { ALT: () => this.SUBRULE(this.combiningItem) },
        { ALT: () => this.SUBRULE(this.defaultItem) },
        { ALT: () => this.SUBRULE(this.invalidItem) },
        { ALT: () => this.SUBRULE(this.letItem) },
        { ALT: () => this.SUBRULE(this.extendItem) },
        { ALT: () => this.SUBRULE(this.defItem) },
        { ALT: () => this.SUBRULE(this.group) },
        { ALT: () => this.SUBRULE(this.table) },
        { ALT: () => this.SUBRULE(this.test) },
        { ALT: () => this.SUBRULE(this.importItem) },
        { ALT: () => this.SUBRULE(this.extendsItem) },
        { ALT: () => this.SUBRULE(this.invariantItem) },
        { ALT: () => this.SUBRULE(this.ruleItem) },
      ],
    }),
  );

  readonly requestItem: Rule<Item> = this.RULE('requestItem', (): Item => {
    const { start } = this;
    this.CONSUME(w('request'));
    this.CONSUME(w('from'));
    const schema = this.str(this.CONSUME(t.Str_));
    return { kind: 'request', schema, span: this.spanFrom(start) };
  });

  readonly effectsItem: Rule<Item> = this.RULE('effectsItem', (): Item => {
    const { start } = this;
    this.CONSUME(w('effects'));
    const effects = [this.SUBRULE(this.effectDecl)];
    this.MANY(() => {
      this.CONSUME(t.Less);
      effects.push(this.SUBRULE2(this.effectDecl));
    });
    return { kind: 'effects', effects, span: this.spanFrom(start) };
  });

  readonly effectDecl: Rule<EffectDecl> = this.RULE('effectDecl', (): EffectDecl => {
    const { start } = this;
    const name = this.declared(
      0,
      'an effect',
      t.Less,
      t.LParen,
      w('combining'),
      w('default'),
      w('severities'),
    );
    const params: Param[] = [];
    this.OPTION(() => {
      this.CONSUME(t.LParen);
      params.push(this.SUBRULE(this.effectParam));
      this.MANY(() => {
        this.CONSUME(t.Comma);
        params.push(this.SUBRULE2(this.effectParam));
      });
      this.CONSUME(t.RParen);
    });
    return { name, params, span: this.spanFrom(start) };
  });

  readonly effectParam: Rule<Param> = this.RULE('effectParam', (): Param => {
    const { start } = this;
    const name = this.ident(this.CONSUME(t.Name, { ERR_MSG: 'the name of an obligation' }));
    this.CONSUME(t.Colon);
    const type = this.SUBRULE(this.type);
    let defaultValue: Expr | null = null;
    this.OPTION(() => {
      this.CONSUME(t.Assign);
      defaultValue = this.SUBRULE(this.expr);
    });
    return { name, type, defaultValue, span: this.spanFrom(start) };
  });

  readonly severitiesItem: Rule<Item> = this.RULE('severitiesItem', (): Item => {
    const { start } = this;
    this.CONSUME(w('severities'));
    const names = [this.declared(0, 'a severity', t.Less)];
    this.MANY(() => {
      this.CONSUME(t.Less);
      names.push(this.declared(1, 'a severity', t.Less));
    });
    return { kind: 'severities', names, span: this.spanFrom(start) };
  });

  readonly combiningItem: Rule<Item> = this.RULE('combiningItem', (): Item => {
    const { start } = this;
    this.CONSUME(w('combining'));
    const algorithm = this.OR({
      ERR_MSG: '`most_restrictive` or `first_applicable`',
      DEF: [
        { ALT: () => this.CONSUME(w('most_restrictive')) },
        { ALT: () => this.CONSUME(w('first_applicable')) },
      ],
    }).image as 'most_restrictive';
    return { kind: 'combining', algorithm, span: this.spanFrom(start) };
  });

  readonly defaultItem: Rule<Item> = this.RULE('defaultItem', (): Item => {
    const { start } = this;
    this.CONSUME(w('default'));
    const outcome = this.SUBRULE(this.outcome);
    return { kind: 'default', ...outcome, span: this.spanFrom(start) };
  });

  readonly invalidItem: Rule<Item> = this.RULE('invalidItem', (): Item => {
    const { start } = this;
    this.CONSUME(w('on'));
    this.CONSUME(w('invalid'));
    const outcome = this.SUBRULE(this.outcome);
    return { kind: 'onInvalid', ...outcome, span: this.spanFrom(start) };
  });

  readonly outcome: Rule<Outcome> = this.RULE('outcome', (): Outcome => {
    const effect = this.SUBRULE(this.effect);
    let args: readonly Argument[] = [];
    this.OPTION(() => {
      args = this.SUBRULE(this.args);
    });
    const clauses: Clause[] = [];
    this.settleClause();
    this.MANY(() => this.clauseInto(clauses, () => this.SUBRULE(this.clause)));
    return { effect, args, clauses };
  });

  private clauseInto<T>(clauses: T[], read: () => T): void {
    const clause = this.attempt(read, () => this.skipClause());
    if (clause !== null) clauses.push(clause);
    this.settleClause();
  }

  // Declarations.

  readonly letItem: Rule<LetItem> = this.RULE('letItem', (): LetItem => {
    const { start } = this;
    let open = false;
    this.OPTION(() => {
      this.CONSUME(w('open'));
      open = true;
    });
    this.CONSUME(w('let'));
    const name = this.declared(0, 'a let', t.Assign);
    this.CONSUME(t.Assign);
    const value = this.OR<LetItem['value']>([
      {
        ALT: () => {
          this.CONSUME(w('request'));
          return { kind: 'request', json: this.json(this.CONSUME(t.Json)) };
        },
      },
      { ALT: () => ({ kind: 'table', table: this.SUBRULE(this.valueTable) }) },
      { ALT: () => ({ kind: 'expr', expr: this.SUBRULE(this.expr) }) },
    ]);
    return { kind: 'let', open, name, value, span: this.spanFrom(start) };
  });

  readonly groupLet: Rule<LetItem> = this.RULE('groupLet', (): LetItem => {
    const { start } = this;
    this.CONSUME(w('let'));
    const name = this.declared(0, 'a let', t.Assign);
    this.CONSUME(t.Assign);
    const value = this.OR<LetItem['value']>([
      { ALT: () => ({ kind: 'table', table: this.SUBRULE(this.valueTable) }) },
      { ALT: () => ({ kind: 'expr', expr: this.SUBRULE(this.expr) }) },
    ]);
    return { kind: 'let', open: false, name, value, span: this.spanFrom(start) };
  });

  private json(token: IToken): JsonLiteral {
    return (token as t.SourceToken).payload as JsonLiteral;
  }

  readonly extendItem: Rule<Item> = this.RULE('extendItem', (): Item => {
    const { start } = this;
    this.CONSUME(w('extend'));
    const name = this.ident(this.CONSUME(t.Id));
    this.CONSUME(w('with'));
    const list = this.SUBRULE(this.list);
    return { kind: 'extend', name, list, span: this.spanFrom(start) };
  });

  readonly defItem: Rule<Item> = this.RULE('defItem', (): Item => {
    const { start } = this;
    this.CONSUME(w('def'));
    const name = this.declared(0, 'a def', t.LParen);
    this.CONSUME(t.LParen);
    const params = [this.SUBRULE(this.param)];
    this.MANY(() => {
      this.CONSUME(t.Comma);
      params.push(this.SUBRULE2(this.param));
    });
    this.CONSUME(t.RParen);
    this.CONSUME(t.Assign);
    const body = this.SUBRULE(this.expr);
    return { kind: 'def', name, params, body, span: this.spanFrom(start) };
  });

  readonly param: Rule<Param> = this.RULE('param', (): Param => {
    const { start } = this;
    const name = this.declared(0, 'a parameter', t.Colon);
    this.CONSUME(t.Colon);
    const type = this.SUBRULE(this.type);
    return { name, type, defaultValue: null, span: this.spanFrom(start) };
  });

  readonly importItem: Rule<Item> = this.RULE('importItem', (): Item => {
    const { start } = this;
    this.CONSUME(w('import'));
    this.CONSUME(t.LCurly);
    const names = [this.ident(this.CONSUME(t.Id))];
    this.MANY(() => {
      this.CONSUME(t.Comma);
      names.push(this.ident(this.CONSUME2(t.Id)));
    });
    this.CONSUME(t.RCurly);
    this.CONSUME(w('from'));
    const from = this.str(this.CONSUME(t.Str_));
    return { kind: 'import', names, from, span: this.spanFrom(start) };
  });

  readonly extendsItem: Rule<Item> = this.RULE('extendsItem', (): Item => {
    const { start } = this;
    this.CONSUME(w('extends'));
    const bases = [this.str(this.CONSUME(t.Str_))];
    this.MANY(() => {
      this.CONSUME(t.Comma);
      bases.push(this.str(this.CONSUME2(t.Str_)));
    });
    let tightenOnly = false;
    this.OPTION(() => {
      this.CONSUME(w('tighten_only'));
      tightenOnly = true;
    });
    return { kind: 'extends', bases, tightenOnly, span: this.spanFrom(start) };
  });

  readonly invariantItem: Rule<Item> = this.RULE('invariantItem', (): Item => {
    const { start } = this;
    this.CONSUME(w('invariant'));
    const name = this.declared(0, 'an invariant', w('never'));
    this.CONSUME(w('never'));
    const effect = this.SUBRULE(this.effect);
    this.CONSUME(w('when'));
    const condition = this.SUBRULE(this.expr);
    return { kind: 'invariant', name, effect, condition, span: this.spanFrom(start) };
  });

  // Rules and groups.

  readonly group: Rule<GroupItem | null> = this.RULE('group', (): GroupItem | null => {
    const { start } = this;
    const head = this.attempt(
      () => {
        this.CONSUME(w('group'));
        const name = this.declared(0, 'a group', w('when'));
        this.CONSUME(w('when'));
        const guard = this.SUBRULE(this.expr);
        if (!this.RECORDING_PHASE && !this.nextIs(t.LCurly)) this.consume(8, t.LCurly);
        return { name, guard };
      },
      () => this.skipToBlock(),
    );
    if (!this.RECORDING_PHASE && !this.nextIs(t.LCurly)) return null;
    const open = this.CONSUME(t.LCurly);
    const items: Item[] = [];
    this.settleGroup(open);
    this.MANY(() => {
      this.guarded(items, () => this.SUBRULE(this.groupItem));
      this.settleGroup(open);
    });
    this.close(open, 'group');
    return head === null ? null : { kind: 'group', ...head, items, span: this.spanFrom(start) };
  });

  /** Items that may not stand in a group are reported and left out, unless the group only lacks its `}`. */
  private settleGroup(open: IToken): void {
    this.settleItem(true);
    while (!this.RECORDING_PHASE && this.isClosed(open) && this.atForeignItem()) {
      this.complain('P1309', this.LA(1), { found: this.LA(1).image });
      this.guarded([], () => this.subrule(9, this.item));
      this.settleItem(true);
    }
  }

  private atForeignItem(): boolean {
    const members = [w('let'), w('group'), w('table'), w('final'), w('shadow'), t.Id];
    return !this.atEnd() && !this.nextIs(t.RCurly) && !members.some((type) => this.nextIs(type));
  }

  readonly groupItem: Rule<Item | null> = this.RULE('groupItem', (): Item | null =>
    this.OR({
      ERR_MSG: 'a rule, a table, a let or a group',
      DEF: [
        { ALT: (): Item | null => this.SUBRULE(this.ruleItem) },
        { ALT: () => this.SUBRULE(this.table) },
        { ALT: () => this.SUBRULE(this.groupLet) },
        { ALT: () => this.SUBRULE(this.group) },
      ],
    }),
  );

  readonly ruleItem: Rule<RuleItem | null> = this.RULE('ruleItem', (): RuleItem | null => {
    const { start } = this;
    let final = false;
    let shadow = false;
    this.OPTION(() => {
      this.CONSUME(w('final'));
      final = true;
    });
    this.OPTION2(() => {
      this.CONSUME(w('shadow'));
      shadow = true;
    });
    const rule = this.SUBRULE(this.rule);
    return rule === null ? null : { kind: 'rule', final, shadow, ...rule, span: this.spanFrom(start) };
  });

  readonly rule: Rule<(Outcome & Pick<RuleItem, 'name' | 'conditions'>) | null> = this.RULE(
    'rule',
    (): (Outcome & Pick<RuleItem, 'name' | 'conditions'>) | null => {
      const head = this.attempt(
        () => {
          const effect = this.SUBRULE(this.effect);
          const name = this.declared(0, 'a rule', ...AFTER_RULE);
          let args: readonly Argument[] = [];
          this.OPTION(() => {
            args = this.SUBRULE(this.args);
          });
          return { effect, name, args };
        },
        () => this.skipClause(),
      );
      const conditions: Condition[] = [];
      const clauses: Clause[] = [];
      this.settleClause();
      this.MANY(() => {
        this.OR([
          { ALT: () => this.clauseInto(conditions, () => this.SUBRULE(this.condition)) },
          { ALT: () => this.clauseInto(clauses, () => this.SUBRULE(this.clause)) },
        ]);
      });
      return head === null ? null : { ...head, conditions, clauses };
    },
  );

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

  readonly condition: Rule<Condition> = this.RULE('condition', (): Condition => {
    const { start } = this;
    const kind = this.OR([
      { ALT: () => this.CONSUME(w('when')) },
      { ALT: () => this.CONSUME(w('unless')) },
    ]).image;
    const expr = this.SUBRULE(this.expr);
    return { kind: kind as 'when', expr, span: this.spanFrom(start) };
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

  // Tests.

  readonly test: Rule<TestItem> = this.RULE('test', (): TestItem => {
    const { start } = this;
    this.CONSUME(w('test'));
    const title = this.str(this.CONSUME(t.Str_));
    const open = this.CONSUME(t.LCurly);
    const request = this.SUBRULE(this.testRequest);
    this.CONSUME(w('expect'));
    const effect = this.SUBRULE(this.effect);
    const expected: Mutable<Pick<TestItem, 'rule' | 'reason'>> = { rule: null, reason: null };
    this.OPTION(() => {
      expected.rule = this.SUBRULE(this.ruleRef);
    });
    this.OPTION2(() => {
      this.CONSUME(w('reason'));
      expected.reason = this.str(this.CONSUME2(t.Str_));
    });
    if (this.RECORDING_PHASE || this.isClosed(open)) this.CONSUME(t.RCurly);
    else this.close(open, 'test');
    return { kind: 'test', title, request, effect, ...expected, span: this.spanFrom(start) };
  });

  readonly testRequest: Rule<TestItem['request']> = this.RULE('testRequest', (): TestItem['request'] => {
    this.CONSUME(w('request'));
    return this.OR<TestItem['request']>({
      ERR_MSG: 'a JSON object, the name of a let or `from "FILE"`',
      DEF: [
        { ALT: () => ({ kind: 'json', json: this.json(this.CONSUME(t.Json)) }) },
        {
          ALT: () => {
            const name = this.ident(this.CONSUME(t.Id));
            let merge: JsonLiteral | null = null;
            this.OPTION(() => {
              this.CONSUME(w('with'));
              merge = this.json(this.CONSUME2(t.Json));
            });
            return { kind: 'let', name, merge };
          },
        },
        {
          ALT: () => {
            this.CONSUME(w('from'));
            return { kind: 'file', path: this.str(this.CONSUME(t.Str_)) };
          },
        },
      ],
    });
  });

  readonly ruleRef: Rule<NonNullable<TestItem['rule']>> = this.RULE(
    'ruleRef',
    (): NonNullable<TestItem['rule']> => {
      const name = this.ident(this.CONSUME(t.Id));
      let row: Ident | null = null;
      this.OPTION(() => {
        this.CONSUME(t.Dot);
        row = this.ident(
          this.OR({
            ERR_MSG: 'the label or the number of a row',
            DEF: [{ ALT: () => this.CONSUME2(t.Id) }, { ALT: () => this.CONSUME(t.Int) }],
          }),
        );
      });
      return { name, row };
    },
  );
}
