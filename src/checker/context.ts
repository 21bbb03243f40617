// What the parts of the checker share while they walk one policy: the schemas, the diagnostics and the mode.

import type { Expr, Span } from '../ast.ts';
import {
  type Args,
  CATALOG,
  type Diagnostic,
  type DiagnosticCode,
  diagnostic,
} from '../diagnostic/diagnostic.ts';
import { type Facts, referenceKey } from './facts.ts';
import type { DefSymbol, Scope } from './scope.ts';
import type { SchemaNode, SchemaSet } from './shape.ts';
import type { Binding, TypedExpr } from './typed.ts';
import { propertyNames, typeOfNode, typeText } from './types.ts';
import { Unfolding } from './unfolding.ts';

/**
 * `policy`: ordinary code. `invariant`: the condition of one, which speaks of all requests, also of those that rules have decided.
 * `definition`: the body of a `def`, checked once for all calls: kinds, not ranges and scales.
 * `call`: the body again with the arguments of one call. What its ranges, scales and constants make wrong is reported at the call;
 * `ranges` is false inside a definition, `broken` true when the definition itself has errors, which then are not told twice.
 */
export type Mode =
  | { readonly kind: 'policy' }
  | { readonly kind: 'invariant' }
  | { readonly kind: 'definition' }
  | { readonly kind: 'call'; readonly span: Span; readonly ranges: boolean; readonly broken: boolean };

/** Whether the numbers here have the ranges they will have, not only those of declared parameters. */
export function knowsRanges(mode: Mode): boolean {
  return mode.kind === 'call' ? mode.ranges : mode.kind !== 'definition';
}

/** The point at which an expression stands. */
export interface Env {
  readonly facts: Facts;
  readonly scope: Scope;
  readonly mode: Mode;
}

/** A checked expression with the facts that its truth and its falsehood give; `expr` is null after a reported error. */
export interface Checked {
  readonly expr: TypedExpr | null;
  readonly whenTrue: Facts;
  readonly whenFalse: Facts;
}

export interface CheckOptions {
  /** Optional steps inside a postfix expression are allowed and make the result optional (`has`, `??`, `is`, table columns). */
  readonly steps?: boolean;
  /** A string literal may hold `\*`: it may be used as a pattern. */
  readonly stars?: boolean;
  /** The operation is a direct operand of a comparison: one `+` or `-` may leave the range. */
  readonly exact?: boolean;
}

export class Context {
  readonly diagnostics: Diagnostic[] = [];
  readonly file: string;
  readonly schemas: SchemaSet;
  /** `first_applicable`: lets and defs are usable only below their declaration. */
  readonly positional: boolean;
  /** Top-level properties of the request: in scope by name, so nothing else may be called so. */
  readonly properties: readonly string[];
  /** Calls expanded so far, by the written call at hand and by all. */
  expansions = 0;
  allExpansions = 0;
  readonly unfolding = new Unfolding();
  /** The limit of expansions was reached and reported. */
  exhausted = false;
  /** Defs whose bodies are being typed for a call. */
  readonly expanding = new Set<DefSymbol>();
  /** References that `is` may test: their declared type is unknown or a union. */
  readonly testable = new WeakSet<TypedExpr>();
  /** References to values that the projection does not validate, because they lie under an unknown. */
  readonly untyped = new WeakSet<TypedExpr>();
  readonly untypedBindings = new WeakSet<Binding>();
  /** What a call passes for a parameter, and the list of a variable, so that messages can name fields. */
  readonly passed = new WeakMap<Binding, TypedExpr>();
  /** Optional members of open objects already reported. */
  readonly lintedOpen = new Set<string>();
  readonly #seen = new Set<string>();

  constructor(file: string, schemas: SchemaSet, positional: boolean) {
    this.file = file;
    this.schemas = schemas;
    this.positional = positional;
    const { type } = typeOfNode(schemas.root);
    if (type.kind === 'record') this.properties = propertyNames(type.parts);
    else if (type.kind === 'union')
      this.properties = [...new Set(type.branches.flatMap((branch) => propertyNames([branch.node])))];
    else this.properties = [];
  }

  /** Reports once per code, place and arguments. An error in a body whose definition has none comes from the arguments: it is the call's. */
  report(env: Env | null, code: DiagnosticCode, span: Span, args: Args = {}): null {
    if (env?.mode.kind !== 'call') return this.#add(code, span, args);
    if (env.mode.broken || CATALOG[code].severity === 'warning') return null;
    return this.#add(code, env.mode.span, args);
  }

  /** Reports a range or scale error where ranges are known: not in a definition; in a call at the call. */
  reportRange(env: Env, code: DiagnosticCode, span: Span, args: Args): null {
    if (!knowsRanges(env.mode)) return null;
    return this.#add(code, env.mode.kind === 'call' ? env.mode.span : span, args);
  }

  /** Whether any error was reported since there were `count` diagnostics. */
  hasErrorsSince(count: number): boolean {
    return this.diagnostics.slice(count).some((d) => d.severity === 'error');
  }

  #add(code: DiagnosticCode, span: Span, args: Args): null {
    const key = `${code} ${span.start} ${span.end} ${JSON.stringify(args)}`;
    if (!this.#seen.has(key)) {
      this.#seen.add(key);
      this.diagnostics.push(diagnostic(code, { file: this.file, span }, args));
    }
    return null;
  }

  /** Reports an operand that may be absent; returns whether it was so. */
  rejectOptional(env: Env, expr: TypedExpr): boolean {
    if (!expr.optional) return false;
    if (referenceKey(expr) === null) this.report(env, 'P3089', expr.span);
    else
      this.report(env, expr.type.kind === 'unknown' ? 'P3090' : 'P3030', expr.span, { name: exprText(expr) });
    return true;
  }

  /** Reports a place of the schema that uses an unsupported keyword. */
  rejectUnsupported(env: Env, node: SchemaNode, span: Span): boolean {
    const unsupported = node.shape.unsupported;
    if (unsupported === null) return false;
    this.report(env, 'P3012', span, {
      keyword: unsupported.keyword,
      where: `${unsupported.file}#${unsupported.pointer}`,
      why: unsupported.why,
    });
    return true;
  }

  rejectType(env: Env, expr: TypedExpr, wanted: string): null {
    return this.report(env, 'P3020', expr.span, { wanted, found: typeText(expr.type) });
  }
}

/** A reference as it is written, for messages. */
export function exprText(expr: TypedExpr): string {
  switch (expr.kind) {
    case 'request':
      return 'request';
    case 'let':
      return expr.let.name;
    case 'binding':
      return expr.binding.name;
    case 'member':
      if (expr.object.kind === 'request') return expr.name;
      return /^[A-Za-z_]\w*$/.test(expr.name)
        ? `${exprText(expr.object)}.${expr.name}`
        : `${exprText(expr.object)}[${JSON.stringify(expr.name)}]`;
    case 'at':
      return `${exprText(expr.list)}[${expr.index}]`;
    case 'get':
      return `${exprText(expr.map)}[${exprText(expr.key)}]`;
    case 'literal':
      return expr.literal.kind === 'string' ? JSON.stringify(expr.literal.value) : 'the literal';
    default:
      return 'this expression';
  }
}

/** Removes written parentheses. */
export function unparen(expr: Expr): Expr {
  let inner = expr;
  while (inner.kind === 'paren') inner = inner.inner;
  return inner;
}

/** The nearest of some names, when one is near enough to be meant. */
export function nearest(name: string, candidates: Iterable<string>): string | null {
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) >= bestDistance) continue;
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** `did you mean "x"?`, or nothing. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const near = nearest(name, candidates);
  return near === null ? '' : `did you mean \`${near}\`?`;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
