// The grammar of rules, outcomes, lets and tests. Rule names are those of grammar/policy.ebnf.

import type { IToken, ParserMethod } from 'chevrotain';
import type {
  Argument,
  Clause,
  Condition,
  Demand,
  Ident,
  InvariantItem,
  JsonLiteral,
  LetItem,
  Outcome,
  RuleItem,
  TestItem,
} from '../ast.ts';
import { TableParser } from './grammar-tables.ts';
import { BOUND, EXPRESSION } from './hints.ts';
import * as t from './tokens.ts';

const w = t.word;
type Rule<T, A extends unknown[] = []> = ParserMethod<A, T>;
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What may stand after the name of a rule. */
const AFTER_RULE = ['when', 'unless', 'reason', 'severity', 'message', 'remediation', 'tags', 'with'].map(
  (x) => w(x),
);

export abstract class RuleParser extends TableParser {
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

  readonly condition: Rule<Condition> = this.RULE('condition', (): Condition => {
    const { start } = this;
    const kind = this.OR([
      { ALT: () => this.CONSUME(w('when')) },
      { ALT: () => this.CONSUME(w('unless')) },
    ]).image;
    const expr = this.SUBRULE(this.expr);
    return { kind: kind as 'when', expr, span: this.spanFrom(start) };
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

  // Invariants.

  readonly invariantItem: Rule<InvariantItem | null> = this.RULE(
    'invariantItem',
    (): InvariantItem | null => {
      const { start } = this;
      const head = this.attempt(
        () => {
          this.CONSUME(w('invariant'));
          const name = this.declared(0, 'an invariant', w('never'), w('always'));
          const demand = this.SUBRULE(this.demand);
          return { name, demand };
        },
        () => this.skipClause(),
      );
      const conditions: Condition[] = [];
      this.settleClause();
      this.MANY(() => this.clauseInto(conditions, () => this.SUBRULE(this.condition)));
      return head === null ? null : { kind: 'invariant', ...head, conditions, span: this.spanFrom(start) };
    },
  );

  readonly demand: Rule<Demand> = this.RULE('demand', (): Demand => {
    const { start } = this;
    return this.OR<Demand>({
      ERR_MSG: '`never` or `always`',
      DEF: [
        {
          ALT: () => {
            this.CONSUME(w('never'));
            return { kind: 'never', effects: this.SUBRULE(this.effectList), span: this.spanFrom(start) };
          },
        },
        {
          ALT: () => {
            this.CONSUME(w('always'));
            return this.OR2<Demand>({
              ERR_MSG: BOUND,
              DEF: [
                {
                  ALT: () => {
                    const { tokenType } = this.OR3([
                      { ALT: () => this.CONSUME(t.GreaterEq) },
                      { ALT: () => this.CONSUME(t.LessEq) },
                    ]);
                    const effect = this.SUBRULE(this.effect);
                    const kind = tokenType === t.GreaterEq ? 'atLeast' : 'atMost';
                    return { kind, effect, span: this.spanFrom(start) };
                  },
                },
                {
                  ALT: () => ({
                    kind: 'always',
                    effects: this.SUBRULE2(this.effectList),
                    span: this.spanFrom(start),
                  }),
                },
              ],
            });
          },
        },
      ],
    });
  });

  readonly effectList: Rule<Ident[]> = this.RULE('effectList', (): Ident[] => {
    const effects = [this.SUBRULE(this.effect)];
    this.MANY(() => {
      this.CONSUME(t.Comma);
      effects.push(this.SUBRULE2(this.effect));
    });
    return effects;
  });

  // Lets.

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
    const value = this.OR<LetItem['value']>({
      ERR_MSG: EXPRESSION,
      DEF: [
        {
          ALT: () => {
            this.CONSUME(w('request'));
            return { kind: 'request', json: this.json(this.CONSUME(t.Json)) };
          },
        },
        { ALT: () => ({ kind: 'table', table: this.SUBRULE(this.valueTable) }) },
        { ALT: () => ({ kind: 'expr', expr: this.SUBRULE(this.expr) }) },
      ],
    });
    return { kind: 'let', open, name, value, span: this.spanFrom(start) };
  });

  readonly groupLet: Rule<LetItem> = this.RULE('groupLet', (): LetItem => {
    const { start } = this;
    this.CONSUME(w('let'));
    const name = this.declared(0, 'a let', t.Assign);
    this.CONSUME(t.Assign);
    const value = this.OR<LetItem['value']>({
      ERR_MSG: EXPRESSION,
      DEF: [
        { ALT: () => ({ kind: 'table', table: this.SUBRULE(this.valueTable) }) },
        { ALT: () => ({ kind: 'expr', expr: this.SUBRULE(this.expr) }) },
      ],
    });
    return { kind: 'let', open: false, name, value, span: this.spanFrom(start) };
  });

  private json(token: IToken): JsonLiteral {
    return (token as t.SourceToken).payload as JsonLiteral;
  }

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
