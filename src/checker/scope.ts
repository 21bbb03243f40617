// Names of one policy: lets, defs, groups, rules, tables, invariants, parameters and variables share one namespace per file.

import type { DefItem, Ident, LetItem, Param, Span } from '../ast.ts';
import type { Context, Env } from './context.ts';
import { didYouMean } from './context.ts';
import type { Facts } from './facts.ts';
import type { Binding, TypedExpr, TypedLet } from './typed.ts';
import type { Slotted, Type } from './types.ts';

export interface LetSymbol {
  readonly kind: 'let';
  readonly item: LetItem;
  readonly scope: Scope;
  /** Facts at the declaration; what the let's expression may rely on. */
  facts: Facts;
  state: 'declared' | 'checking' | 'done';
  /** Null after a reported error. */
  value: TypedLet | null;
  /** Levels of the unfolded value. */
  height: number;
  used: boolean;
}

export interface DefSymbol {
  readonly kind: 'def';
  readonly item: DefItem;
  readonly scope: Scope;
  facts: Facts;
  state: 'declared' | 'checking' | 'done';
  params: readonly { readonly ast: Param; readonly type: Type }[] | null;
  /** The body has errors of its own. */
  broken: boolean;
  used: boolean;
}

/** `let NAME = request { … }`. */
export interface RequestSymbol {
  readonly kind: 'request';
  readonly item: LetItem;
  readonly value: { readonly [key: string]: unknown };
  used: boolean;
}

/** A variable or parameter; `literal` when a call passes a constant, which stays one in the body. */
export interface BindingSymbol {
  readonly kind: 'binding';
  readonly binding: Binding;
  readonly literal: TypedExpr | null;
}

export type Symbol =
  | LetSymbol
  | DefSymbol
  | RequestSymbol
  | BindingSymbol
  | { readonly kind: 'group' | 'rule' | 'table' | 'invariant'; readonly name: string };

const VALUE_KINDS: ReadonlySet<Symbol['kind']> = new Set(['let', 'def', 'request', 'binding']);

export class Scope {
  readonly #names = new Map<string, Symbol>();
  readonly #parent: Scope | null;

  constructor(parent: Scope | null) {
    this.#parent = parent;
  }

  find(name: string): Symbol | null {
    return this.#names.get(name) ?? this.#parent?.find(name) ?? null;
  }

  declare(name: string, symbol: Symbol): void {
    this.#names.set(name, symbol);
  }

  /** Names that an expression could have meant. */
  *visible(): Iterable<string> {
    for (const [name, symbol] of this.#names)
      if (symbol.kind === 'let' || symbol.kind === 'def' || symbol.kind === 'binding') yield name;
    if (this.#parent !== null) yield* this.#parent.visible();
  }

  own(): Iterable<Symbol> {
    return this.#names.values();
  }
}

/** All names of the file, for the rule that no name is declared twice, wherever it stands. */
export class Namespace {
  readonly #taken = new Map<string, Span>();

  /** Claims a declared name; reports a duplicate and, for names that expressions use, a clash with one of the request's `properties`. */
  claim(context: Context, name: Ident, properties: readonly string[] = []): boolean {
    if (this.#taken.has(name.name)) {
      context.report(null, 'P3002', name.span, { name: name.name });
      return false;
    }
    this.#taken.set(name.name, name.span);
    if (properties.includes(name.name)) {
      context.report(null, 'P3003', name.span, { name: name.name });
      return false;
    }
    return true;
  }

  has(name: string): boolean {
    return this.#taken.has(name);
  }
}

/** Whether an expression could mean this symbol: a variable or parameter may then not be called so. */
export function isValueName(symbol: Symbol | null): boolean {
  return symbol !== null && VALUE_KINDS.has(symbol.kind);
}

/** A new scope with one variable; reports a name that is already visible or a top-level property. */
export function bindVariable(
  context: Context,
  env: Env,
  properties: readonly string[],
  name: Ident,
  slotted: Slotted,
): { scope: Scope; binding: Binding } {
  if (isValueName(env.scope.find(name.name))) context.report(env, 'P3002', name.span, { name: name.name });
  else if (properties.includes(name.name)) context.report(env, 'P3003', name.span, { name: name.name });
  const binding: Binding = { name: name.name, slotted };
  const scope = new Scope(env.scope);
  scope.declare(name.name, { kind: 'binding', binding, literal: null });
  return { scope, binding };
}

export function unknownName(
  context: Context,
  env: Env,
  name: string,
  span: Span,
  candidates: Iterable<string>,
): null {
  return context.report(env, 'P3001', span, { name, hint: didYouMean(name, candidates) });
}
