// check: parsed tree + schemas → typed tree. Walks the items in order; rules make facts for what follows in first_applicable.

import type { GroupItem, Item, PolicyFile, RuleItem, Str, TableItem } from '../ast.ts';
import { MAX_NESTING, MAX_RULES } from '../bytecode/limits.ts';
import { REASON_DEFAULT, REASON_INVALID } from '../bytecode/opcodes.ts';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { typeDef } from './call.ts';
import { checkConditions } from './conditions.ts';
import { Context, type Env } from './context.ts';
import { declareItems, reportUnused } from './declare.ts';
import { checkCondition } from './expr.ts';
import { type Facts, join, NO_FACTS } from './facts.ts';
import { type Header, readEffects, readHeader, readSeverities, reportUnusedEffects } from './header.ts';
import { checkInvariant } from './invariant.ts';
import { typeLet } from './let.ts';
import { checkOutcome, type Vocabulary } from './outcome.ts';
import { rejectUnreadable } from './readable.ts';
import { Namespace, Scope } from './scope.ts';
import type { SchemaSet } from './shape.ts';
import { checkColumns, checkRow } from './table.ts';
import { checkTest } from './tests.ts';
import type { TypedExpr, TypedOutcome, TypedPolicy, TypedRule } from './typed.ts';

export interface CheckResult {
  /** Null when there are errors. */
  readonly typed: TypedPolicy | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** What `request from` names; null when the policy does not say it (an error that `checkHeader` reports). */
export function schemaPath(tree: PolicyFile): Str | null {
  const item = tree.items.find((i) => i.kind === 'request');
  return item?.kind === 'request' ? item.schema : null;
}

/** The errors that can be told without the schemas, when those cannot be loaded. */
export function checkHeader(tree: PolicyFile, file: string): readonly Diagnostic[] {
  return readHeader(tree, file).diagnostics;
}

/** Types a whole policy against its schemas. */
export function check(tree: PolicyFile, file: string, schemas: SchemaSet): CheckResult {
  const { header, diagnostics } = readHeader(tree, file);
  const positional = header.combining?.algorithm === 'first_applicable';
  const context = new Context(file, schemas, positional);
  const checker = new Checker(context, tree, header);
  const typed = checker.run();
  const all = [...diagnostics, ...context.diagnostics].sort(
    (a, b) => (a.place.span?.start ?? 0) - (b.place.span?.start ?? 0),
  );
  return { typed: all.some((d) => d.severity === 'error') ? null : typed, diagnostics: all };
}

class Checker {
  readonly #context: Context;
  readonly #tree: PolicyFile;
  readonly #header: Header;
  readonly #names = new Namespace();
  readonly #scope = new Scope(null);
  readonly #rules: TypedRule[] = [];
  /** Names of rules, also of those with errors, so that a test that names one is not wrong too. */
  readonly #ruleNames = new Set<string>();
  readonly #tables = new Map<string, string[]>();
  #vocabulary: Vocabulary = { effects: [], severities: [], usedEffects: new Set() };

  constructor(context: Context, tree: PolicyFile, header: Header) {
    this.#context = context;
    this.#tree = tree;
    this.#header = header;
  }

  run(): TypedPolicy | null {
    const { items } = this.#tree;
    declareItems(this.#context, this.#names, this.#scope, items, NO_FACTS);
    const env: Env = { facts: NO_FACTS, scope: this.#scope, mode: { kind: 'policy' } };
    const { request, effects, combining } = this.#header;
    if (request !== null)
      rejectUnreadable(this.#context, env, this.#context.schemas.root, request.schema.span, true);
    if (effects === null) return null;
    if (this.#context.positional) this.#declarationsAbove(effects, env);
    this.#vocabulary = {
      effects: readEffects(this.#context, env, effects),
      severities: readSeverities(this.#context, this.#header.severities),
      usedEffects: new Set(),
    };
    this.#items(items, env, [], 0);
    const defaultOutcome = this.#defaultOutcome(env);
    const onInvalid = this.#onInvalid(env);
    const tests = items.flatMap((item) =>
      item.kind === 'test'
        ? [checkTest(this.#context, env, this.#vocabulary, this.#ruleNames, this.#tables, item)]
        : [],
    );
    const invariants = items.flatMap((item) =>
      item.kind === 'invariant' ? [checkInvariant(this.#context, this.#scope, this.#vocabulary, item)] : [],
    );
    reportUnused(this.#context, this.#scope);
    reportUnusedEffects(this.#context, effects, this.#vocabulary);
    if (this.#rules.length > MAX_RULES)
      this.#context.report(null, 'P3052', this.#tree.name.span, { what: 'rules', max: MAX_RULES });
    if (combining === null || defaultOutcome === null || onInvalid === null) return null;
    return {
      file: this.#context.file,
      name: this.#tree.name.name,
      version: this.#tree.version?.value ?? null,
      combining: combining.algorithm,
      effects: this.#vocabulary.effects,
      severities: this.#vocabulary.severities,
      schemas: this.#context.schemas,
      rules: this.#rules,
      defaultOutcome,
      onInvalid,
      tests: tests.filter((test) => test !== null),
      invariants: invariants.filter((invariant) => invariant !== null),
    };
  }

  // Where order counts, defaults of obligations can use the lets above them; rules come later, so nothing is known yet.
  #declarationsAbove(effects: Item, env: Env): void {
    for (const item of this.#tree.items) {
      if (item === effects || item.kind === 'rule' || item.kind === 'table' || item.kind === 'group') return;
      if (item.kind === 'let' || item.kind === 'def') this.#declaration(item.name.name, env);
    }
  }

  /** Checks items in order; returns what is known behind them. */
  #items(items: readonly Item[], env: Env, guards: readonly TypedExpr[], depth: number): Facts {
    const positional = this.#context.positional;
    let { facts } = env;
    for (const item of items) {
      const here: Env = { ...env, facts: positional ? facts : env.facts };
      switch (item.kind) {
        case 'let':
        case 'def':
          this.#declaration(item.name.name, here);
          break;
        case 'rule':
          facts = this.#rule(item, here, guards);
          break;
        case 'table':
          facts = this.#table(item, here, guards);
          break;
        case 'group':
          facts = this.#group(item, here, guards, depth);
          break;
      }
    }
    return positional ? facts : env.facts;
  }

  #declaration(name: string, env: Env): void {
    const symbol = env.scope.find(name);
    if (symbol?.kind === 'let') {
      if (this.#context.positional) symbol.facts = env.facts;
      typeLet(this.#context, symbol);
    } else if (symbol?.kind === 'def') {
      if (this.#context.positional) symbol.facts = env.facts;
      typeDef(this.#context, symbol);
    }
  }

  #rule(item: RuleItem, env: Env, guards: readonly TypedExpr[]): Facts {
    const context = this.#context;
    if (item.final) context.report(env, 'P3005', item.span, { what: '`final`' });
    if (item.shadow) context.report(env, 'P3005', item.span, { what: '`shadow`' });
    const { exprs, failed, whenAll, otherwise } = checkConditions(context, item.conditions, env);
    const name = item.name.name;
    this.#ruleNames.add(name);
    const outcome = checkOutcome(
      context,
      { ...env, facts: whenAll },
      this.#vocabulary,
      item,
      'rule',
      name.toUpperCase(),
    );
    if (outcome !== null && !failed) {
      this.#rules.push({
        ...outcome,
        name,
        conditions: [...guards, ...exprs],
        table: null,
        file: context.file,
        span: item.name.span,
      });
    }
    return otherwise ?? env.facts;
  }

  #table(item: TableItem, env: Env, guards: readonly TypedExpr[]): Facts {
    const context = this.#context;
    const columns = checkColumns(context, env, item);
    const labels = new Set<string>();
    const rowNames: string[] = [];
    let { facts } = env;
    for (const [i, row] of item.rows.entries()) {
      // Rows are tried from the top under either algorithm, so a row knows that the rows above it do not hold.
      const here: Env = { ...env, facts };
      const checked = checkRow(context, here, columns, row);
      if (row.label !== null) {
        if (labels.has(row.label.name))
          context.report(env, 'P3002', row.label.span, { name: row.label.name });
        labels.add(row.label.name);
      }
      const name = `${item.name.name}.${row.label?.name ?? i + 1}`;
      rowNames.push(name);
      const reason = (row.label ?? item.name).name.toUpperCase();
      const outcome = checkOutcome(
        context,
        { ...env, facts: checked.whenTrue },
        this.#vocabulary,
        row,
        'rule',
        reason,
      );
      if (outcome !== null && checked.condition !== null) {
        const table = { name: item.name.name, cells: checked.condition };
        this.#rules.push({
          ...outcome,
          name,
          conditions: [...guards, checked.condition],
          table,
          file: context.file,
          span: row.span,
        });
      }
      facts = checked.whenFalse;
    }
    this.#tables.set(item.name.name, rowNames);
    return facts;
  }

  #group(item: GroupItem, env: Env, guards: readonly TypedExpr[], depth: number): Facts {
    const context = this.#context;
    if (depth >= MAX_NESTING)
      context.report(env, 'P3052', item.name.span, { what: 'nested groups', max: MAX_NESTING });
    const guard = checkCondition(context, item.guard, env);
    const scope = new Scope(env.scope);
    declareItems(context, this.#names, scope, item.items, guard.whenTrue);
    const inner = guard.expr === null ? guards : [...guards, guard.expr];
    const behind = this.#items(item.items, { ...env, facts: guard.whenTrue, scope }, inner, depth + 1);
    reportUnused(context, scope);
    return join(guard.whenFalse, behind);
  }

  #defaultOutcome(env: Env): TypedOutcome | null {
    const item = this.#header.defaultItem;
    return item && checkOutcome(this.#context, env, this.#vocabulary, item, 'default', REASON_DEFAULT);
  }

  #onInvalid(env: Env): TypedOutcome | null {
    const item = this.#header.onInvalid;
    if (item !== null)
      return checkOutcome(this.#context, env, this.#vocabulary, item, 'on invalid', REASON_INVALID);
    const effect = this.#vocabulary.effects.length - 1;
    const strongest = this.#vocabulary.effects[effect];
    if (strongest === undefined) return null;
    const obligations: TypedExpr[] = [];
    for (const obligation of strongest.obligations) {
      if (obligation.defaultValue === null) {
        const span = this.#header.effects?.span ?? this.#tree.span;
        return this.#context.report(null, 'P3087', span, { effect: strongest.name, name: obligation.name });
      }
      obligations.push(obligation.defaultValue);
    }
    return { effect, severity: null, reason: REASON_INVALID, message: null, remediations: [], obligations };
  }
}
