// The parsed tree of one policy file: what is written, nothing more. No types, no resolved names.
// Leaf module: it imports nothing.

/** Half-open range of UTF-16 code units in the source text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A written name with its place. */
export interface Ident {
  readonly name: string;
  readonly span: Span;
}

/**
 * A string literal. `value` is the text after unescaping; `\*` stands in it as a plain `*` whose code-unit
 * offset is listed in `stars`, so that a pattern can tell a literal star from a wildcard.
 */
export interface Str {
  readonly value: string;
  readonly stars: readonly number[];
  readonly span: Span;
}

/** A JSON object written in the source (`request { … }`), already parsed; own keys only, in source order. */
export interface JsonLiteral {
  readonly value: { readonly [key: string]: unknown };
  readonly span: Span;
}

export interface PolicyFile {
  readonly name: Ident;
  readonly version: Str | null;
  readonly items: readonly Item[];
  readonly span: Span;
}

export type Item =
  | RequestItem
  | EffectsItem
  | SeveritiesItem
  | CombiningItem
  | DefaultItem
  | OnInvalidItem
  | LetItem
  | ExtendItem
  | DefItem
  | GroupItem
  | TableItem
  | TestItem
  | ImportItem
  | ExtendsItem
  | InvariantItem
  | RuleItem;

export interface RequestItem {
  readonly kind: 'request';
  readonly schema: Str;
  readonly span: Span;
}

export interface EffectsItem {
  readonly kind: 'effects';
  /** Weakest first. */
  readonly effects: readonly EffectDecl[];
  readonly span: Span;
}

export interface EffectDecl {
  readonly name: Ident;
  readonly params: readonly Param[];
  readonly span: Span;
}

/** A typed parameter of an effect (an obligation; may have a default) or of a `def` (never a default). */
export interface Param {
  readonly name: Ident;
  readonly type: TypeExpr;
  readonly defaultValue: Expr | null;
  readonly span: Span;
}

export type TypeExpr =
  /** `string`, `Windowed`; `quoted` when written `"string"`, which always names a `$defs` entry. */
  | { readonly kind: 'named'; readonly name: string; readonly quoted: boolean; readonly span: Span }
  /** `decimal` or `decimal(2)`. */
  | { readonly kind: 'decimal'; readonly scale: number | null; readonly span: Span }
  | { readonly kind: 'list' | 'map'; readonly item: TypeExpr; readonly span: Span };

export interface SeveritiesItem {
  readonly kind: 'severities';
  readonly names: readonly Ident[];
  readonly span: Span;
}

export interface CombiningItem {
  readonly kind: 'combining';
  readonly algorithm: 'most_restrictive' | 'first_applicable';
  readonly span: Span;
}

/** `default EFFECT …` and `on invalid EFFECT …`. */
export interface DefaultItem extends Outcome {
  readonly kind: 'default';
  readonly span: Span;
}
export interface OnInvalidItem extends Outcome {
  readonly kind: 'onInvalid';
  readonly span: Span;
}

/** An effect with its arguments and clauses: what rules, rows, `default` and `on invalid` share. */
export interface Outcome {
  readonly effect: Ident;
  readonly args: readonly Argument[];
  readonly clauses: readonly Clause[];
}

export interface Argument {
  readonly name: Ident;
  readonly value: Expr;
}

export type Clause =
  | { readonly kind: 'reason' | 'message' | 'remediation'; readonly text: Str; readonly span: Span }
  | { readonly kind: 'severity'; readonly name: Ident; readonly span: Span }
  | { readonly kind: 'tags'; readonly list: ListExpr; readonly span: Span };

export interface Condition {
  readonly kind: 'when' | 'unless';
  readonly expr: Expr;
  readonly span: Span;
}

export interface RuleItem extends Outcome {
  readonly kind: 'rule';
  readonly final: boolean;
  readonly shadow: boolean;
  readonly name: Ident;
  readonly conditions: readonly Condition[];
  readonly span: Span;
}

export interface LetItem {
  readonly kind: 'let';
  readonly open: boolean;
  readonly name: Ident;
  readonly value:
    | { readonly kind: 'expr'; readonly expr: Expr }
    | { readonly kind: 'request'; readonly json: JsonLiteral }
    | { readonly kind: 'table'; readonly table: ValueTable };
  readonly span: Span;
}

export interface ValueTable {
  readonly columns: readonly Expr[];
  readonly rows: readonly { readonly cells: readonly Cell[]; readonly result: Expr; readonly span: Span }[];
  readonly span: Span;
}

export interface ExtendItem {
  readonly kind: 'extend';
  readonly name: Ident;
  readonly list: ListExpr;
  readonly span: Span;
}

export interface DefItem {
  readonly kind: 'def';
  readonly name: Ident;
  readonly params: readonly Param[];
  readonly body: Expr;
  readonly span: Span;
}

export interface GroupItem {
  readonly kind: 'group';
  readonly name: Ident;
  readonly guard: Expr;
  /** Only `let`, `rule`, `table` and `group` items. */
  readonly items: readonly Item[];
  readonly span: Span;
}

export interface TableItem {
  readonly kind: 'table';
  readonly name: Ident;
  readonly columns: readonly Expr[];
  readonly mode: 'first' | 'unique';
  readonly complete: boolean;
  readonly rows: readonly Row[];
  readonly span: Span;
}

export interface Row extends Outcome {
  readonly label: Ident | null;
  readonly cells: readonly Cell[];
  readonly span: Span;
}

export interface Cell {
  readonly negated: boolean;
  readonly alternatives: readonly CellAlternative[];
  readonly span: Span;
}

export type CellAlternative =
  | { readonly kind: 'any' | 'absent'; readonly span: Span }
  | { readonly kind: 'compare'; readonly op: RelOp; readonly value: Expr; readonly span: Span }
  | { readonly kind: 'matches'; readonly pattern: Pattern; readonly span: Span }
  | { readonly kind: 'constant'; readonly value: Expr; readonly span: Span }
  | { readonly kind: 'range'; readonly from: Expr; readonly to: Expr; readonly span: Span };

export interface TestItem {
  readonly kind: 'test';
  readonly title: Str;
  readonly request:
    | { readonly kind: 'json'; readonly json: JsonLiteral }
    | { readonly kind: 'let'; readonly name: Ident; readonly merge: JsonLiteral | null }
    | { readonly kind: 'file'; readonly path: Str };
  readonly effect: Ident;
  /** `expect EFFECT RULE` or `expect EFFECT TABLE.ROW`; `row` is a label or a number from 1, as written. */
  readonly rule: { readonly name: Ident; readonly row: Ident | null } | null;
  readonly reason: Str | null;
  readonly span: Span;
}

export interface ImportItem {
  readonly kind: 'import';
  readonly names: readonly Ident[];
  readonly from: Str;
  readonly span: Span;
}

export interface ExtendsItem {
  readonly kind: 'extends';
  readonly bases: readonly Str[];
  readonly tightenOnly: boolean;
  readonly span: Span;
}

export interface InvariantItem {
  readonly kind: 'invariant';
  readonly name: Ident;
  readonly demand: Demand;
  readonly conditions: readonly Condition[];
  readonly span: Span;
}

/** What an invariant says of the effect: one of these, never one of these, this or a stronger one, this or a weaker one. */
export type Demand =
  | { readonly kind: 'never' | 'always'; readonly effects: readonly Ident[]; readonly span: Span }
  | { readonly kind: 'atLeast' | 'atMost'; readonly effect: Ident; readonly span: Span };

export type RelOp = '==' | '!=' | '<' | '<=' | '>' | '>=';
export type PatternKind = 'glob' | 'dotted' | 'path' | 'host' | 'cidr';

/** What stands after `matches`. A `list` holds expressions that must be strings or lets (the checker says). */
export type Pattern =
  | {
      readonly kind: 'pattern';
      readonly pattern: PatternKind;
      readonly value: Str | ListExpr | Ident;
      readonly span: Span;
    }
  | { readonly kind: 'regex'; readonly source: string; readonly flags: string; readonly span: Span };

export interface ListExpr {
  readonly kind: 'list';
  readonly items: readonly Expr[];
  readonly span: Span;
}

export type Expr =
  | { readonly kind: 'or' | 'and'; readonly args: readonly Expr[]; readonly span: Span }
  | { readonly kind: 'not'; readonly arg: Expr; readonly span: Span }
  | {
      readonly kind: 'compare';
      readonly op: RelOp;
      readonly left: Expr;
      readonly right: Expr;
      readonly span: Span;
    }
  /** `negated` for the written `not in`, `not contains` and so on. */
  | {
      readonly kind: 'in' | 'contains' | 'starts_with' | 'ends_with' | 'under';
      readonly negated: boolean;
      readonly left: Expr;
      readonly right: Expr;
      readonly span: Span;
    }
  | {
      readonly kind: 'matches';
      readonly negated: boolean;
      readonly left: Expr;
      readonly pattern: Pattern;
      readonly span: Span;
    }
  | {
      readonly kind: 'is';
      readonly negated: boolean;
      readonly left: Expr;
      readonly type: TypeExpr;
      readonly span: Span;
    }
  | {
      readonly kind: 'binary';
      readonly op: '+' | '-' | '*' | '??';
      readonly left: Expr;
      readonly right: Expr;
      readonly span: Span;
    }
  | { readonly kind: 'negate' | 'has'; readonly arg: Expr; readonly span: Span }
  | { readonly kind: 'member'; readonly object: Expr; readonly name: Ident; readonly span: Span }
  | { readonly kind: 'index'; readonly object: Expr; readonly index: Expr; readonly span: Span }
  /** `(e)`: kept, because mixing `and` and `or` without parentheses is a warning. */
  | { readonly kind: 'paren'; readonly inner: Expr; readonly span: Span }
  /** Decimal text as written: `10`, `0.50`. */
  | { readonly kind: 'number'; readonly text: string; readonly span: Span }
  /** Whole milliseconds; `text` as written. May exceed the safe range when the literal does: the checker says. */
  | { readonly kind: 'duration'; readonly ms: number; readonly text: string; readonly span: Span }
  | { readonly kind: 'string'; readonly str: Str; readonly span: Span }
  | { readonly kind: 'bool'; readonly value: boolean; readonly span: Span }
  | ListExpr
  | { readonly kind: 'request'; readonly span: Span }
  | { readonly kind: 'name'; readonly name: string; readonly span: Span }
  | { readonly kind: 'call'; readonly callee: Ident; readonly args: readonly Expr[]; readonly span: Span }
  | {
      readonly kind: 'quantifier';
      readonly op: 'any' | 'all' | 'count' | 'first';
      readonly variable: Ident;
      readonly list: Expr;
      readonly body: Expr;
      readonly span: Span;
    };
