// The grammar of types, expressions and patterns. Rule names are those of grammar/policy.ebnf; only the
// operator levels of the EBNF (and, not, rel, add, mul, coal) are one run of operators here, see precedence.ts.

import type { IToken, ParserMethod } from 'chevrotain';
import type { Expr, Ident, ListExpr, Pattern, PatternKind, TypeExpr } from '../ast.ts';
import { EXPRESSION, PATTERN } from './hints.ts';
import { MAX_NESTING } from './limits.ts';
import { Fold, patternTest, tooDeep, typeTest } from './precedence.ts';
import { RecoveringParser } from './recovery.ts';
import * as t from './tokens.ts';

const w = t.word;
type Rule<T, A extends unknown[] = []> = ParserMethod<A, T>;
type Step = { readonly name: Ident } | { readonly index: Expr; readonly depth: number; readonly end: number };

export abstract class ExpressionParser extends RecoveringParser {
  /** Nesting of the expression that a rule has just returned. */
  private depth = 0;
  /** An expression was too deep for the later phases: the tree must not be used. */
  protected overDeep = false;

  /** Every rule that builds an expression passes it through here. */
  private built<E extends Expr>(expr: E, depth: number): E {
    this.depth = depth;
    if (tooDeep(depth) && !this.overDeep && !this.RECORDING_PHASE) {
      this.overDeep = true;
      const { start } = this.spanOf(this.LA(0));
      const hint = 'name parts of it with `let`';
      this.report.add('P1304', start, start + 1, { what: 'this expression', limit: MAX_NESTING, hint });
    }
    return expr;
  }

  private spanOf(token: IToken): { start: number; end: number } {
    return this.ident(token).span;
  }

  // Types.

  readonly type: Rule<TypeExpr> = this.RULE('type', (): TypeExpr => {
    const { start } = this;
    return this.OR({
      ERR_MSG: 'a type',
      DEF: [
        {
          IGNORE_AMBIGUITIES: true,
          ALT: (): TypeExpr => {
            this.CONSUME(w('decimal'));
            let scale: number | null = null;
            this.OPTION(() => {
              this.CONSUME(t.LParen);
              scale = Number(this.CONSUME(t.Int).image);
              this.CONSUME(t.RParen);
            });
            return { kind: 'decimal', scale, span: this.spanFrom(start) };
          },
        },
        {
          IGNORE_AMBIGUITIES: true,
          ALT: (): TypeExpr => {
            const kind = this.OR2([
              { ALT: () => this.CONSUME(w('list')) },
              { ALT: () => this.CONSUME(w('map')) },
            ]).image;
            this.CONSUME(t.Less);
            const item = this.SUBRULE(this.type);
            this.CONSUME(t.Greater);
            return { kind: kind as 'list' | 'map', item, span: this.spanFrom(start) };
          },
        },
        { ALT: (): TypeExpr => this.namedType(this.CONSUME(t.Id), false) },
        { ALT: (): TypeExpr => this.namedType(this.CONSUME(t.Str_), true) },
      ],
    });
  });

  private namedType(token: IToken, quoted: boolean): TypeExpr {
    const name = this.RECORDING_PHASE || !quoted ? token.image : this.str(token).value;
    return { kind: 'named', name, quoted, span: this.spanOf(token) };
  }

  // Operators.

  readonly expr: Rule<Expr> = this.RULE('expr', (): Expr => {
    const fold = new Fold(this.report);
    this.SUBRULE(this.operand, { ARGS: [fold] });
    this.MANY(() => {
      this.OR([
        {
          ALT: () => {
            const operator = this.CONSUME(t.InfixOp);
            this.ACTION(() => fold.infix(operator.image, false, operator.startOffset));
            this.SUBRULE2(this.operand, { ARGS: [fold] });
          },
        },
        {
          ALT: () => {
            const operator = this.CONSUME(w('is'));
            let negated = false;
            this.OPTION(() => {
              this.CONSUME(w('not'));
              negated = true;
            });
            const type = this.SUBRULE(this.type);
            this.ACTION(() => fold.test('is', operator.startOffset, type.span.end, typeTest(negated, type)));
          },
        },
        { ALT: () => this.SUBRULE(this.wordTest, { ARGS: [fold] }) },
      ]);
    });
    return this.ACTION(() => this.folded(fold));
  });

  /** What stands where a comparison would be ambiguous: the list of a quantifier. */
  readonly add: Rule<Expr> = this.RULE('add', (): Expr => {
    const fold = new Fold(this.report);
    const first = this.SUBRULE(this.unary);
    this.ACTION(() => fold.operand({ expr: first, depth: this.depth }));
    this.MANY(() => {
      const operator = this.CONSUME(t.ArithmeticOp);
      this.ACTION(() => fold.infix(operator.image, false, operator.startOffset));
      const next = this.SUBRULE2(this.unary);
      this.ACTION(() => fold.operand({ expr: next, depth: this.depth }));
    });
    return this.ACTION(() => this.folded(fold));
  });

  private folded(fold: Fold): Expr {
    const { expr, depth } = fold.result();
    return this.built(expr, depth);
  }

  /** The operators that may be negated by a `not` before them. */
  private readonly wordTest: Rule<void, [Fold]> = this.RULE('wordTest', (fold: Fold) => {
    let negated = false;
    this.OPTION(() => {
      this.CONSUME(w('not'));
      negated = true;
    });
    this.OR({
      ERR_MSG: t.WordOp.LABEL as string,
      DEF: [
        {
          ALT: () => {
            const operator = this.CONSUME(t.WordOp);
            this.ACTION(() => fold.infix(operator.image, negated, operator.startOffset));
            this.SUBRULE(this.operand, { ARGS: [fold] });
          },
        },
        {
          ALT: () => {
            const operator = this.CONSUME(w('matches'));
            const pattern = this.OR2({
              ERR_MSG: PATTERN,
              DEF: [
                { ALT: (): Pattern => this.regex(this.CONSUME(t.Regex)) },
                { ALT: (): Pattern => this.SUBRULE(this.pattern) },
              ],
            });
            this.ACTION(() =>
              fold.test('matches', operator.startOffset, pattern.span.end, patternTest(negated, pattern)),
            );
          },
        },
      ],
    });
  });

  private regex(token: IToken): Pattern {
    const payload = (token as t.SourceToken).payload as { source: string; flags: string };
    return { kind: 'regex', ...payload, span: this.spanOf(token) };
  }

  readonly operand: Rule<void, [Fold]> = this.RULE('operand', (fold: Fold) => {
    this.MANY(() => {
      const not = this.CONSUME(w('not'));
      this.ACTION(() => fold.not(not.startOffset));
    });
    const expr = this.SUBRULE(this.unary);
    this.ACTION(() => fold.operand({ expr, depth: this.depth }));
  });

  readonly unary: Rule<Expr> = this.RULE('unary', (): Expr => {
    const { start } = this;
    return this.OR({
      ERR_MSG: EXPRESSION,
      DEF: [
        {
          ALT: (): Expr => {
            this.CONSUME(w('has'));
            const arg = this.SUBRULE(this.postfix);
            return this.built({ kind: 'has', arg, span: this.spanFrom(start) }, this.depth + 1);
          },
        },
        {
          ALT: (): Expr => {
            let negated = false;
            this.OPTION(() => {
              this.CONSUME(t.Minus);
              negated = true;
            });
            const arg = this.SUBRULE2(this.postfix);
            if (!negated) return arg;
            return this.built({ kind: 'negate', arg, span: this.spanFrom(start) }, this.depth + 1);
          },
        },
      ],
    });
  });

  readonly postfix: Rule<Expr> = this.RULE('postfix', (): Expr => {
    let expr = this.SUBRULE(this.primary);
    this.MANY(() => {
      const { depth } = this;
      const step = this.OR([
        {
          ALT: (): Step => {
            this.CONSUME(t.Dot);
            return { name: this.ident(this.CONSUME(t.Name)) };
          },
        },
        {
          ALT: (): Step => {
            this.CONSUME(t.LBracket);
            const index = this.SUBRULE(this.expr);
            const inner = this.depth;
            return { index, depth: inner, end: this.spanOf(this.CONSUME(t.RBracket)).end };
          },
        },
      ]);
      this.ACTION(() => {
        expr = this.stepped(expr, step, depth);
      });
    });
    return expr;
  });

  private stepped(object: Expr, step: Step, depth: number): Expr {
    const { start } = object.span;
    if ('name' in step) {
      const { name } = step;
      return this.built({ kind: 'member', object, name, span: { start, end: name.span.end } }, depth + 1);
    }
    const span = { start, end: step.end };
    return this.built({ kind: 'index', object, index: step.index, span }, Math.max(depth, step.depth) + 1);
  }

  // Operands.

  readonly primary: Rule<Expr> = this.RULE('primary', (): Expr => {
    const { start } = this;
    return this.OR({
      ERR_MSG: EXPRESSION,
      DEF: [
        { ALT: (): Expr => this.built(this.number(this.CONSUME(t.Num)), 0) },
        { ALT: (): Expr => this.built(this.duration(this.CONSUME(t.Dur)), 0) },
        { ALT: (): Expr => this.built(this.string(this.CONSUME(t.Str_)), 0) },
        { ALT: (): Expr => this.built(this.bool(this.CONSUME(w('true'))), 0) },
        { ALT: (): Expr => this.built(this.bool(this.CONSUME(w('false'))), 0) },
        { ALT: (): Expr => this.SUBRULE(this.list) },
        {
          ALT: (): Expr => {
            this.CONSUME(t.LParen);
            const inner = this.SUBRULE(this.expr);
            this.CONSUME(t.RParen);
            return this.built({ kind: 'paren', inner, span: this.spanFrom(start) }, this.depth + 1);
          },
        },
        {
          ALT: (): Expr => {
            this.CONSUME(w('request'));
            return this.built({ kind: 'request', span: this.spanFrom(start) }, 0);
          },
        },
        { ALT: (): Expr => this.SUBRULE(this.quantifier) },
        { ALT: (): Expr => this.SUBRULE(this.reference) },
      ],
    });
  });

  readonly quantifier: Rule<Expr> = this.RULE('quantifier', (): Expr => {
    const { start } = this;
    const op = this.OR([
      { ALT: () => this.CONSUME(w('any')) },
      { ALT: () => this.CONSUME(w('all')) },
      { ALT: () => this.CONSUME(w('count')) },
      { ALT: () => this.CONSUME(w('first')) },
    ]).image as 'any';
    this.CONSUME(t.LParen);
    const variable = this.declared(0, 'a variable', w('in'));
    this.CONSUME(w('in'));
    const list = this.SUBRULE(this.add);
    const depth = this.depth;
    this.CONSUME(t.Colon);
    const body = this.SUBRULE(this.expr);
    this.CONSUME(t.RParen);
    const span = this.spanFrom(start);
    return this.built(
      { kind: 'quantifier', op, variable, list, body, span },
      Math.max(depth, this.depth) + 1,
    );
  });

  readonly reference: Rule<Expr> = this.RULE('reference', (): Expr => {
    const { start } = this;
    const callee = this.ident(this.CONSUME(t.Id));
    const args: Expr[] = [];
    let depth = 0;
    this.OPTION(() => {
      this.CONSUME(t.LParen);
      args.push(this.SUBRULE(this.expr));
      depth = this.depth;
      this.MANY(() => {
        this.CONSUME(t.Comma);
        args.push(this.SUBRULE2(this.expr));
        depth = Math.max(depth, this.depth);
      });
      this.CONSUME(t.RParen);
    });
    if (args.length === 0) return this.built({ kind: 'name', name: callee.name, span: callee.span }, 0);
    return this.built({ kind: 'call', callee, args, span: this.spanFrom(start) }, depth + 1);
  });

  readonly list: Rule<ListExpr> = this.RULE('list', (): ListExpr => {
    const { start } = this;
    const items: Expr[] = [];
    let depth = 0;
    this.CONSUME(t.LBracket);
    this.OPTION(() => {
      items.push(this.SUBRULE(this.expr));
      depth = this.depth;
      this.MANY(() => {
        this.CONSUME(t.Comma);
        items.push(this.SUBRULE2(this.expr));
        depth = Math.max(depth, this.depth);
      });
      this.OPTION2(() => this.CONSUME2(t.Comma));
    });
    this.CONSUME(t.RBracket);
    return this.built({ kind: 'list', items, span: this.spanFrom(start) }, depth + 1);
  });

  protected number(token: IToken): Expr {
    return { kind: 'number', text: token.image, span: this.spanOf(token) };
  }

  protected duration(token: IToken): Expr {
    const ms = (token as t.SourceToken).payload as number;
    return { kind: 'duration', ms, text: token.image, span: this.spanOf(token) };
  }

  protected string(token: IToken): Expr {
    return { kind: 'string', str: this.str(token), span: this.spanOf(token) };
  }

  protected bool(token: IToken): Expr {
    return { kind: 'bool', value: token.tokenType === w('true'), span: this.spanOf(token) };
  }

  // Patterns.

  readonly pattern: Rule<Pattern> = this.RULE('pattern', (): Pattern => {
    const { start } = this;
    const pattern = this.OR({
      ERR_MSG: PATTERN,
      DEF: (['glob', 'dotted', 'path', 'host', 'cidr'] as const).map((kind) => ({
        ALT: (): IToken => this.CONSUME(w(kind)),
      })),
    }).image as PatternKind;
    const value = this.OR2({
      ERR_MSG: 'a string, a list or the name of a let',
      DEF: [
        { ALT: (): Ident | ListExpr | ReturnType<typeof this.str> => this.str(this.CONSUME(t.Str_)) },
        { ALT: () => this.SUBRULE(this.list) },
        { ALT: () => this.ident(this.CONSUME(t.Id)) },
      ],
    });
    return { kind: 'pattern', pattern, value, span: this.spanFrom(start) };
  });
}
