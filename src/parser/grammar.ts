// The grammar of files, items and groups, LL(2). Rule names are those of grammar/policy.ebnf.

import type { IToken, ParserMethod } from 'chevrotain';
import type { EffectDecl, Expr, GroupItem, Item, Param, PolicyFile, Str } from '../ast.ts';
import { RuleParser } from './grammar-rules.ts';
import { excerpt, type Report } from './report.ts';
import type { Scanned } from './scanner.ts';
import * as t from './tokens.ts';

const w = t.word;
type Rule<T, A extends unknown[] = []> = ParserMethod<A, T>;

export class PolicyParser extends RuleParser {
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

  // Declarations.

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
}
