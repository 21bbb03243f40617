// The typed tree: what the checker proves and lowering consumes. Names are resolved, literals are converted, every expression has its
// type. It is a type of its own, not the parsed tree with optional fields.

import type { Span } from '../ast.ts';
import type { SchemaNode, SchemaSet } from './shape.ts';
import type { Slotted, Type } from './types.ts';

export interface TypedPolicy {
  readonly file: string;
  readonly name: string;
  readonly version: string | null;
  readonly combining: 'most_restrictive' | 'first_applicable';
  /** Weakest first. */
  readonly effects: readonly TypedEffect[];
  /** Lowest first. */
  readonly severities: readonly string[];
  readonly schemas: SchemaSet;
  /** Declaration order; groups expanded, table rows in place. */
  readonly rules: readonly TypedRule[];
  readonly defaultOutcome: TypedOutcome;
  readonly onInvalid: TypedOutcome;
  readonly tests: readonly TypedTest[];
  /** What is claimed of the decisions, in declaration order; no part of the bundle. */
  readonly invariants: readonly TypedInvariant[];
}

export interface TypedEffect {
  readonly name: string;
  readonly obligations: readonly TypedObligation[];
}

export interface TypedObligation {
  readonly name: string;
  readonly type: Type;
  /** Null when every use must say a value. */
  readonly defaultValue: TypedExpr | null;
}

export interface TypedOutcome {
  readonly effect: number;
  readonly severity: number | null;
  readonly reason: string;
  readonly message: readonly TemplatePart[] | null;
  readonly remediations: readonly string[];
  /** One per obligation of the effect, in its order, defaults filled in. */
  readonly obligations: readonly TypedExpr[];
}

export type TemplatePart = string | TypedExpr;

export interface TypedRule extends TypedOutcome {
  /** `RULE`, `TABLE.LABEL` or `TABLE.N`. */
  readonly name: string;
  readonly tags: readonly string[];
  /** Conjunction: guards of the groups around it, then its own conditions; `unless` is already negated. */
  readonly conditions: readonly TypedExpr[];
  /** Of a table row: its table, and its cells as one condition (the last of `conditions`); earlier rows pre-empt it. Null for a rule. */
  readonly table: { readonly name: string; readonly cells: TypedExpr } | null;
  readonly file: string;
  readonly span: Span;
}

/** What the effect of a decision must or must not be. */
export interface Demand {
  readonly kind: 'never' | 'always' | 'atLeast' | 'atMost';
  /** Indices of effects, in the order of the source; exactly one for `atLeast` and `atMost`. */
  readonly effects: readonly number[];
}

export interface TypedInvariant {
  readonly name: string;
  readonly demand: Demand;
  /** The valid requests that it speaks of; null: all. `unless` is already negated. */
  readonly condition: TypedExpr | null;
  readonly file: string;
  readonly span: Span;
}

export interface TypedTest {
  readonly title: string;
  readonly request:
    | { readonly kind: 'value'; readonly value: unknown }
    | { readonly kind: 'file'; readonly path: string };
  readonly effect: string;
  readonly rule: string | null;
  readonly reason: string | null;
  readonly span: Span;
}

/** An exact number: k / 10^scale. */
export interface Exact {
  readonly k: bigint;
  readonly scale: number;
}

export type Literal =
  | { readonly kind: 'string'; readonly value: string; readonly stars: readonly number[] }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'exact'; readonly value: Exact }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'timestamp'; readonly seconds: number; readonly micros: number }
  /** Days since 1970-01-01, or milliseconds. */
  | { readonly kind: 'date' | 'duration'; readonly value: number };

interface Base {
  readonly type: Type;
  /** The value may be absent. */
  readonly optional: boolean;
  readonly span: Span;
}

/** A named value. */
export interface TypedLet {
  readonly name: string;
  readonly value: TypedExpr;
  readonly span: Span;
}

/** A variable of a quantifier or a parameter of one call: identity is the object. */
export interface Binding {
  readonly name: string;
  readonly slotted: Slotted;
}

export type CompareOp = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** What `is` tests: a schema place or a built-in type. */
export type TypeTest =
  | { readonly kind: 'schema'; readonly node: SchemaNode }
  | { readonly kind: 'scalar'; readonly type: Type }
  | { readonly kind: 'null' | 'unknown' | 'object' | 'list' }
  | { readonly kind: 'listOf' | 'mapOf'; readonly item: TypeTest }
  /** Of a union: the branch is one of those that these discriminator values select. */
  | { readonly kind: 'branch'; readonly discriminator: string; readonly values: readonly string[] };

export type TypedExpr = Base &
  (
    | { readonly kind: 'literal'; readonly literal: Literal }
    | { readonly kind: 'list'; readonly items: readonly TypedExpr[] }
    // References
    | { readonly kind: 'request' }
    | { readonly kind: 'let'; readonly let: TypedLet }
    | { readonly kind: 'binding'; readonly binding: Binding }
    | { readonly kind: 'member'; readonly object: TypedExpr; readonly name: string }
    | { readonly kind: 'at'; readonly list: TypedExpr; readonly index: number }
    | { readonly kind: 'get'; readonly map: TypedExpr; readonly key: TypedExpr }
    // Conditions
    | { readonly kind: 'and' | 'or'; readonly args: readonly TypedExpr[] }
    | { readonly kind: 'not'; readonly arg: TypedExpr }
    /** Operands are of one kind: bool, string, int/decimal (any scales), number (with int), timestamp, date, duration, or difference with duration. */
    | {
        readonly kind: 'compare';
        readonly op: CompareOp;
        readonly left: TypedExpr;
        readonly right: TypedExpr;
      }
    /** Some item of `list` (a list value or a `list` of expressions) equals `item`. */
    | { readonly kind: 'in'; readonly item: TypedExpr; readonly list: TypedExpr }
    | { readonly kind: 'hasKey'; readonly key: TypedExpr; readonly object: TypedExpr }
    /** `texts`: constants, any of them; or one text known at run time. */
    | {
        readonly kind: 'text';
        readonly op: 'contains' | 'starts_with' | 'ends_with';
        readonly subject: TypedExpr;
        readonly texts: readonly string[] | TypedExpr;
      }
    /** `patterns` in the canonical writing of ir/pattern.ts; any of them. */
    | {
        readonly kind: 'matches';
        readonly pattern: 'glob' | 'dotted' | 'path';
        readonly subject: TypedExpr;
        readonly patterns: readonly string[];
      }
    | { readonly kind: 'is'; readonly subject: TypedExpr; readonly test: TypeTest }
    | { readonly kind: 'has'; readonly subject: TypedExpr }
    | {
        readonly kind: 'quantifier';
        readonly op: 'any' | 'all' | 'count' | 'first';
        readonly variable: Binding;
        readonly list: TypedExpr;
        readonly body: TypedExpr;
      }
    // Values
    | {
        readonly kind: 'arithmetic';
        readonly op: '+' | '-' | '*';
        readonly left: TypedExpr;
        readonly right: TypedExpr;
      }
    | { readonly kind: 'negate'; readonly arg: TypedExpr }
    | { readonly kind: 'coalesce'; readonly left: TypedExpr; readonly right: TypedExpr }
    | { readonly kind: 'size'; readonly arg: TypedExpr }
    | { readonly kind: 'case'; readonly op: 'lower' | 'upper'; readonly arg: TypedExpr }
    | {
        readonly kind: 'calendar';
        readonly op: 'date' | 'weekday' | 'minute_of_day';
        readonly arg: TypedExpr;
        readonly offsetMinutes: number;
      }
    /** A `def` applied: the body typed for these arguments, which it reads through `params`. */
    | {
        readonly kind: 'call';
        readonly name: string;
        readonly params: readonly Binding[];
        readonly args: readonly TypedExpr[];
        readonly body: TypedExpr;
      }
  );
