// What the grammar's rules stand on: error messages in the words of the language, and recovery. An error leaves the
// rule by Chevrotain's exception up to the nearest `attempt`, which reports it once and skips to the next place
// where reading makes sense: a clause word, the `}` of the block, or the start of an item.

import {
  EmbeddedActionsParser,
  EOF,
  type IParserErrorMessageProvider,
  type IToken,
  isRecognitionException,
  type TokenType,
} from 'chevrotain';
import type { Ident, Span, Str } from '../ast.ts';
import { hintFor, missingHint } from './hints.ts';
import { excerpt, Report } from './report.ts';
import type { Scanned } from './scanner.ts';
import * as t from './tokens.ts';

const w = t.word;
const CLAUSE_WORDS = new Set(
  ['when', 'unless', 'reason', 'severity', 'message', 'remediation', 'tags'].map((text) => w(text)),
);
const ITEM_WORDS = new Set(
  [
    ...[
      'request',
      'effects',
      'severities',
      'combining',
      'default',
      'on',
      'open',
      'let',
      'extend',
      'def',
      'group',
    ],
    ...['table', 'test', 'import', 'extends', 'invariant', 'final', 'shadow'],
  ].map((text) => w(text)),
);
/** Item words that also stand inside expressions or clauses: what must follow them at the start of an item. */
const FOLLOWED_BY = new Map<TokenType, TokenType>([
  [w('request'), w('from')],
  [w('on'), w('invalid')],
  [w('open'), w('let')],
  [w('table'), t.Id],
]);
/** Tokens after which a name is not the effect of a rule. */
const BEFORE_NAME = new Set<TokenType>([
  ...[t.Dot, t.Less, t.Greater],
  ...['matches', 'severity', 'expect', 'never', 'default', 'invalid', 'is'].map((text) => w(text)),
]);

const OPERATOR_WORDS = new Set([w('is'), w('not'), w('matches')]);

/** Only the phrase of what was expected; the sentence is made in `syntaxError`. */
const PHRASES: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected }) => expected.LABEL ?? expected.name,
  buildNotAllInputParsedMessage: () => 'the end of the file',
  buildNoViableAltMessage: ({ customUserDescription }) => customUserDescription ?? 'something else',
  buildEarlyExitMessage: ({ customUserDescription }) => customUserDescription ?? 'something else',
};

export abstract class RecoveringParser extends EmbeddedActionsParser {
  protected report = new Report('');
  private tokens: readonly t.SourceToken[] = [];
  /** For each `{` the index of its `}` and the other way round; -1 for one without partner. */
  private partner: readonly number[] = [];
  private effects: ReadonlySet<string> = new Set();
  private lastError = -1;
  /** The file does not begin with `policy`, which was reported. */
  protected headless = false;

  constructor() {
    super(t.VOCABULARY, { maxLookahead: 2, recoveryEnabled: false, errorMessageProvider: PHRASES });
  }

  /** Makes the parser ready for one file. */
  protected load(scanned: Scanned, partner: readonly number[], report: Report): void {
    const { tokens } = scanned;
    // Chevrotain appends its own end markers to the array.
    this.input = tokens.slice();
    this.tokens = tokens;
    this.partner = partner;
    this.effects = declaredEffects(tokens);
    this.report = report;
    this.lastError = scanned.endTainted ? tokens.length : -1;
    this.headless = false;
  }

  /** Forgets the file, so that a long-lived parser does not keep it alive. */
  protected unload(): void {
    this.load({ tokens: [], endTainted: false }, [], new Report(''));
  }

  // Places and tokens.

  /** Index of the next token; the number of tokens at the end. */
  protected get here(): number {
    const token = this.LA(1);
    return token.tokenType === EOF ? this.tokens.length : (token as t.SourceToken).index;
  }

  protected get start(): number {
    return this.LA(1).startOffset;
  }

  /** The span from `start` to the last token that was read. */
  protected spanFrom(start: number): Span {
    return { start, end: (this.LA(0).endOffset ?? 0) + 1 };
  }

  protected nextIs(type: TokenType, ahead = 1): boolean {
    return this.isA(this.LA(ahead), type);
  }

  private isA(token: IToken | undefined, type: TokenType): boolean {
    if (token === undefined) return false;
    return token.tokenType === type || (token.tokenType.CATEGORIES ?? []).includes(type);
  }

  protected ident(token: IToken): Ident {
    return { name: token.image, span: { start: token.startOffset, end: (token.endOffset ?? 0) + 1 } };
  }

  protected str(token: IToken): Str {
    return (token as t.SourceToken).payload as Str;
  }

  /**
   * The name that a declaration gives. A reserved word in its place is reported and read as the name when `follows`
   * comes after it; otherwise the name is missing.
   */
  protected declared(index: number, what: string, ...follows: TokenType[]): Ident {
    const token = this.LA(1);
    if (!this.RECORDING_PHASE && t.isReserved(token.tokenType)) {
      const after = this.LA(2);
      if (follows.some((type) => this.isA(after, type))) {
        this.complain('P1303', token, { found: token.image, what });
        this.SKIP_TOKEN();
        return this.ident(token);
      }
    }
    return this.ident(this.consume(index, t.Id, { ERR_MSG: `the name of ${what}` }));
  }

  // Errors.

  /** Reports at a token, once for each token and not directly behind something unreadable. */
  protected complain(
    code: 'P1006' | 'P1301' | 'P1302' | 'P1303' | 'P1308' | 'P1309' | 'P1310',
    token: IToken,
    args: Args,
  ): void {
    const index = token.tokenType === EOF ? this.tokens.length : (token as t.SourceToken).index;
    const repeated = index === this.lastError || (token as t.SourceToken).tainted === true;
    this.lastError = index;
    if (repeated) return;
    const end = this.tokens.at(-1)?.endOffset ?? -1;
    if (token.tokenType === EOF) this.report.add(code, end + 1, end + 1, args);
    else this.report.add(code, token.startOffset, (token.endOffset as number) + 1, args);
  }

  /** Runs a part of a rule; an error in it is reported, `recover` finds the way on, and the result is null. */
  protected attempt<T>(part: () => T, recover: () => void): T | null {
    if (this.RECORDING_PHASE) return part();
    try {
      return part();
    } catch (error) {
      if (!(error instanceof Error) || !isRecognitionException(error)) throw error;
      this.syntaxError((error as Error & { token: IToken }).token, error.message);
      recover();
      return null;
    }
  }

  private syntaxError(token: IToken, expected: string): void {
    const previous = this.LA(0);
    const hint = missingHint(expected, token, previous) || hintFor(token, previous);
    this.complain('P1301', token, { expected, after: after(previous), found: shown(token), hint });
  }

  private unexpected(): void {
    const token = this.LA(1);
    const previous = this.LA(0);
    const args = { found: shown(token), after: after(previous), hint: hintFor(token, previous) };
    this.complain('P1302', token, args);
  }

  // Recovery.

  /** Jumps to the end when no further error would be shown. */
  private gaveUp(): boolean {
    if (this.report.full) this.giveUp();
    return this.report.full;
  }

  private skip(): void {
    if (this.gaveUp()) return;
    // A block that nobody reads is skipped as a whole.
    const { here } = this;
    const close = this.nextIs(t.LCurly) ? (this.partner[here] as number) : -1;
    this.skipTo(close < 0 ? here + 1 : close + 1);
  }

  private skipTo(index: number): void {
    while (this.here < index) this.SKIP_TOKEN();
  }

  protected atClause(): boolean {
    return (
      CLAUSE_WORDS.has(this.LA(1).tokenType) &&
      this.LA(0).tokenType !== t.Dot &&
      this.LA(2).tokenType !== t.Colon
    );
  }

  /** True where an item certainly begins: also in the middle of text that could not be read. */
  protected atItem(): boolean {
    const token = this.LA(1) as t.SourceToken;
    const next = this.LA(2);
    const previous = this.LA(0).tokenType;
    if (ITEM_WORDS.has(token.tokenType)) {
      const needed = FOLLOWED_BY.get(token.tokenType);
      if (previous === t.Dot || next.tokenType === t.Colon) return false;
      return needed === undefined || this.isA(next, needed);
    }
    if (token.tokenType === w('policy')) return previous !== t.Dot && token.firstOnLine;
    if (!this.isA(token, t.Id) || BEFORE_NAME.has(previous)) return false;
    if (this.isA(next, t.Id)) return token.firstOnLine || this.effects.has(token.image);
    return (
      token.firstOnLine && this.effects.has(token.image) && t.isReserved(next.tokenType) && !isOperator(next)
    );
  }

  /** True where an item may begin after a complete one. */
  private mayBeginItem(): boolean {
    const token = this.LA(1);
    if (ITEM_WORDS.has(token.tokenType) || token.tokenType === w('policy')) return true;
    if (!this.isA(token, t.Id)) return false;
    const next = this.LA(2);
    if (this.isA(next, t.Id) || this.effects.has(token.image)) return true;
    return (token as t.SourceToken).firstOnLine && t.isReserved(next.tokenType) && !isOperator(next);
  }

  protected atEnd(): boolean {
    return this.LA(1).tokenType === EOF;
  }

  /** Gives the whole file up. */
  protected giveUp(): void {
    this.skipTo(this.tokens.length);
  }

  /** Skips out of the failed item that began at token `first`. */
  protected skipItem(first: number): void {
    if (this.gaveUp()) return;
    for (let i = first; i < this.here; i++) {
      const close = this.partner[i] as number;
      if (this.tokens[i]?.tokenType === t.LCurly && close >= this.here) {
        this.skipTo(close + 1);
        return;
      }
    }
    if (this.here === first) this.skip();
    while (!this.atEnd() && !this.nextIs(t.RCurly) && !this.atItem()) this.skip();
  }

  /** Skips to the next clause of a rule, or out of the rule. */
  protected skipClause(): void {
    if (this.gaveUp()) return;
    while (!this.atEnd() && !this.nextIs(t.RCurly) && !this.atClause() && !this.atItem()) this.skip();
  }

  /** Skips to the `{` of a block whose head cannot be read; false when there is none. */
  protected skipToBlock(): boolean {
    while (!this.atEnd() && !this.nextIs(t.RCurly) && !this.nextIs(t.LCurly) && !this.atItem()) this.skip();
    return this.nextIs(t.LCurly);
  }

  /** Skips to the next row of a table: a line that does not go on with a clause. */
  protected skipRow(): void {
    if (this.gaveUp()) return;
    do {
      if (this.atEnd() || this.nextIs(t.RCurly)) return;
      this.skip();
    } while (!((this.LA(1) as t.SourceToken).firstOnLine && !this.atClause()) && !this.atItem());
  }

  /** After a clause: what follows must be a clause, an item or the end of the block. */
  protected settleClause(): void {
    if (this.RECORDING_PHASE) return;
    while (!this.atEnd() && !this.nextIs(t.RCurly) && !this.atClause() && !this.mayBeginItem()) {
      this.unexpected();
      this.skip();
      this.skipClause();
    }
  }

  /** After an item: what follows must be an item, or the end of the block. */
  protected settleItem(inGroup: boolean): void {
    if (this.RECORDING_PHASE) return;
    while (!this.atEnd() && (this.nextIs(w('policy')) || !this.mayBeginItem())) {
      if (this.nextIs(w('policy'))) this.secondHeader();
      else if (!this.nextIs(t.RCurly)) this.unexpected();
      else if (inGroup) return;
      else this.complain('P1308', this.LA(1), {});
      this.skip();
      while (!this.atEnd() && !this.nextIs(t.RCurly) && !this.atItem()) this.skip();
    }
  }

  /** A header in the middle of the file; that it is missing at the beginning was reported there. */
  private secondHeader(): void {
    if (this.headless) this.headless = false;
    else this.complain('P1310', this.LA(1), {});
  }

  /** After a row: what follows must be a row or the end of the table. */
  protected settleRow(begins: (type: TokenType) => boolean): void {
    if (this.RECORDING_PHASE) return;
    for (;;) {
      const labelled = t.isReserved(this.LA(1).tokenType) && this.nextIs(t.Colon, 2);
      if (labelled) {
        this.complain('P1303', this.LA(1), { found: this.LA(1).image, what: 'a row' });
        this.skipTo(this.here + 2);
      } else if (this.atEnd() || this.nextIs(t.RCurly) || this.atItem() || begins(this.LA(1).tokenType))
        return;
      else {
        this.unexpected();
        this.skipRow();
      }
    }
  }

  /** The `}` of a block; a missing one is reported at its `{`. */
  protected close(open: IToken, what: string): void {
    if (this.RECORDING_PHASE || this.nextIs(t.RCurly)) {
      this.consume(9, t.RCurly);
      return;
    }
    if (this.here === this.lastError) return;
    this.lastError = this.here;
    this.report.add('P1307', open.startOffset, open.startOffset + 1, { what });
  }

  /** True when the block that `open` begins has its `}`. */
  protected isClosed(open: IToken): boolean {
    return (this.partner[(open as t.SourceToken).index] as number) >= 0;
  }
}

type Args = { readonly [name: string]: string | number };

/** The names between `effects` and the end of its list: what can begin a rule. */
function declaredEffects(tokens: readonly t.SourceToken[]): Set<string> {
  const names = new Set<string>();
  const effects = w('effects');
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i]?.tokenType !== effects || tokens[i - 1]?.tokenType === t.Dot) continue;
    for (let depth = 0; ++i < tokens.length; ) {
      const type = (tokens[i] as t.SourceToken).tokenType;
      const previous = (tokens[i - 1] as t.SourceToken).tokenType;
      if (type === t.LParen) depth++;
      else if (type === t.RParen) depth--;
      else if (depth > 0 || type === t.Less) continue;
      else if (previous === effects || previous === t.Less) names.add((tokens[i] as t.SourceToken).image);
      else break;
    }
  }
  return names;
}

/** A reserved word that goes on with an expression. */
function isOperator(token: IToken): boolean {
  const { CATEGORIES = [] } = token.tokenType;
  return (
    CATEGORIES.includes(t.InfixOp) || CATEGORIES.includes(t.WordOp) || OPERATOR_WORDS.has(token.tokenType)
  );
}

function after(previous: IToken): string {
  return previous.tokenType === EOF ? '' : ` after ${shown(previous)}`;
}

/** A token as a message shows it. */
function shown(token: IToken): string {
  if (token.tokenType === EOF) return 'the end of the file';
  if (token.tokenType === t.Json) return 'a JSON object';
  return `\`${excerpt(token.image)}\``;
}
