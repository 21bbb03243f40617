// Prints trees and diagnostics in a form that tests can state on one line.

import type { Cell, Expr, Item, Pattern, TypeExpr } from '../../src/ast.ts';
import { describe } from '../../src/diagnostic/diagnostic.ts';
import { type Parsed, parsePolicy } from '../../src/parser/parse.ts';

/** Every diagnostic as `CODE line:column "text at the place"`. */
export function places(source: string, parsed: Parsed = parsePolicy(source, 'p')): string[] {
  return parsed.diagnostics.map(({ code, place }) => {
    if (place.span === null) return code;
    const { start, end } = place.span;
    const line = source.slice(0, start).split('\n').length;
    const column = start - source.lastIndexOf('\n', start - 1);
    return `${code} ${line}:${column} ${JSON.stringify(source.slice(start, end))}`;
  });
}

/** Message and hint of every diagnostic. */
export function texts(source: string): string[] {
  return parsePolicy(source, 'p').diagnostics.map((d) => {
    const { message, hint } = describe(d);
    return hint === null ? message : `${message} (${hint})`;
  });
}

/** The items of a policy without errors. */
export function items(source: string): readonly Item[] {
  const { tree, diagnostics } = parsePolicy(source, 'p');
  if (tree === null || diagnostics.length > 0) throw new Error(`not parsed: ${texts(source).join('; ')}`);
  return tree.items;
}

/** The expression of `let x = …`. */
export function expression(text: string): string {
  const [item] = items(`policy p let x = ${text}`);
  if (item?.kind !== 'let' || item.value.kind !== 'expr') throw new Error('not an expression');
  return show(item.value.expr);
}

/** An expression with all its structure in brackets. */
export function show(e: Expr): string {
  switch (e.kind) {
    case 'or':
    case 'and':
      return `[${e.args.map(show).join(` ${e.kind} `)}]`;
    case 'not':
      return `[not ${show(e.arg)}]`;
    case 'negate':
      return `[- ${show(e.arg)}]`;
    case 'has':
      return `[has ${show(e.arg)}]`;
    case 'compare':
    case 'binary':
      return `[${show(e.left)} ${e.op} ${show(e.right)}]`;
    case 'matches':
      return `[${show(e.left)} ${e.negated ? 'not ' : ''}matches ${showPattern(e.pattern)}]`;
    case 'is':
      return `[${show(e.left)} is ${e.negated ? 'not ' : ''}${showType(e.type)}]`;
    case 'member':
      return `${show(e.object)}.${e.name.name}`;
    case 'index':
      return `${show(e.object)}{${show(e.index)}}`;
    case 'paren':
      return `(${show(e.inner)})`;
    case 'number':
      return e.text;
    case 'duration':
      return `${e.ms}ms`;
    case 'string':
      return JSON.stringify(e.str.value);
    case 'bool':
      return String(e.value);
    case 'list':
      return `list(${e.items.map(show).join(', ')})`;
    case 'request':
      return 'REQUEST';
    case 'name':
      return e.name;
    case 'call':
      return `${e.callee.name}(${e.args.map(show).join(', ')})`;
    case 'quantifier':
      return `${e.op}(${e.variable.name} in ${show(e.list)}: ${show(e.body)})`;
    default:
      return `[${show(e.left)} ${e.negated ? 'not ' : ''}${e.kind} ${show(e.right)}]`;
  }
}

export function showType(type: TypeExpr): string {
  if (type.kind === 'named') return type.quoted ? `"${type.name}"` : type.name;
  if (type.kind === 'decimal') return `decimal(${type.scale ?? '?'})`;
  return `${type.kind}<${showType(type.item)}>`;
}

function showPattern(pattern: Pattern): string {
  if (pattern.kind === 'regex') return `/${pattern.source}/${pattern.flags}`;
  const { value } = pattern;
  if ('kind' in value) return `${pattern.pattern} ${show(value)}`;
  return `${pattern.pattern} ${'name' in value ? value.name : JSON.stringify(value.value)}`;
}

export function showCell(cell: Cell): string {
  const parts = cell.alternatives.map((alt) => {
    if (alt.kind === 'compare') return `${alt.op} ${show(alt.value)}`;
    if (alt.kind === 'matches') return `matches ${showPattern(alt.pattern)}`;
    if (alt.kind === 'range') return `${show(alt.from)}..${show(alt.to)}`;
    if (alt.kind === 'constant') return show(alt.value);
    return alt.kind === 'any' ? '_' : 'absent';
  });
  return `${cell.negated ? 'not ' : ''}${parts.join(' | ')}`;
}
