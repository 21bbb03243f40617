// The declarations at the top of a policy: each at most once, the required ones exactly once; effects with their obligations.

import type { EffectsItem, Item, PolicyFile, SeveritiesItem, Span, Str } from '../ast.ts';
import { MAX_EFFECTS, MAX_NAME, MAX_OBLIGATIONS, MAX_SEVERITIES } from '../bytecode/limits.ts';
import { type Diagnostic, type DiagnosticCode, diagnostic } from '../diagnostic/diagnostic.ts';
import { codePoints } from '../value/text.ts';
import type { Context, Env } from './context.ts';
import { isConstant, literalExpr } from './literal.ts';
import { obligationValue, type Vocabulary } from './outcome.ts';
import { resolveType } from './type-name.ts';
import type { TypedEffect, TypedExpr, TypedObligation } from './typed.ts';
import { isPrintable } from './types.ts';

type Kind = Item['kind'];
type Of<K extends Kind> = Extract<Item, { kind: K }>;

export interface Header {
  readonly request: Of<'request'> | null;
  readonly effects: Of<'effects'> | null;
  readonly severities: Of<'severities'> | null;
  readonly combining: Of<'combining'> | null;
  readonly defaultItem: Of<'default'> | null;
  readonly onInvalid: Of<'onInvalid'> | null;
}

const WORDS: { readonly [kind: string]: string } = { default: 'default', onInvalid: 'on invalid' };

/** Finds the declarations; reports repeated and missing ones. */
export function readHeader(tree: PolicyFile, file: string): { header: Header; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const add = (code: DiagnosticCode, span: Span, args: { [name: string]: string | number }): void => {
    diagnostics.push(diagnostic(code, { file, span }, args));
  };
  const only = <K extends Kind>(kind: K, required: string | null): Of<K> | null => {
    const found = tree.items.filter((item): item is Of<K> => item.kind === kind);
    for (const extra of found.slice(1)) add('P3082', extra.span, { what: WORDS[kind] ?? kind });
    if (found.length === 0 && required !== null)
      add('P3083', tree.name.span, { what: WORDS[kind] ?? kind, example: required });
    return found[0] ?? null;
  };
  for (const text of plainTexts(tree)) if (text.stars.length > 0) add('P3029', text.span, {});
  if (tree.version !== null && codePoints(tree.version.value) > MAX_NAME) {
    add('P3052', tree.version.span, { what: 'characters in the version', max: MAX_NAME });
  }
  for (const item of tree.items) {
    if (item.kind === 'import' || item.kind === 'extends' || item.kind === 'extend') {
      add('P3005', item.span, { what: `\`${item.kind}\`` });
    }
  }
  const header: Header = {
    request: only('request', 'request from "request.schema.json"'),
    effects: only('effects', 'effects allow < deny'),
    severities: only('severities', null),
    combining: only('combining', 'combining most_restrictive'),
    defaultItem: only('default', 'default deny'),
    onInvalid: only('onInvalid', null),
  };
  return { header, diagnostics };
}

// Texts in which a star is a star, wherever the policy goes on from here.
function plainTexts(tree: PolicyFile): Str[] {
  return [
    ...(tree.version === null ? [] : [tree.version]),
    ...tree.items.flatMap((item) => {
      if (item.kind === 'request') return [item.schema];
      if (item.kind !== 'test') return [];
      const path = item.request.kind === 'file' ? [item.request.path] : [];
      return [item.title, ...path, ...(item.reason === null ? [] : [item.reason])];
    }),
  ];
}

const DEFAULT_SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'];

export function readSeverities(context: Context, item: SeveritiesItem | null): string[] {
  if (item === null) return DEFAULT_SEVERITIES;
  const names: string[] = [];
  for (const { name, span } of item.names) {
    if (names.includes(name)) context.report(null, 'P3002', span, { name });
    else names.push(name);
  }
  if (names.length > MAX_SEVERITIES)
    context.report(null, 'P3052', item.span, { what: 'severities', max: MAX_SEVERITIES });
  return names;
}

/** Types the effects and the constants that are defaults of their obligations. */
export function readEffects(context: Context, env: Env, item: EffectsItem): TypedEffect[] {
  const effects: TypedEffect[] = [];
  if (item.effects.length > MAX_EFFECTS)
    context.report(null, 'P3052', item.span, { what: 'effects', max: MAX_EFFECTS });
  for (const effect of item.effects) {
    if (effects.some((e) => e.name === effect.name.name))
      context.report(null, 'P3002', effect.name.span, { name: effect.name.name });
    const obligations: TypedObligation[] = [];
    if (effect.params.length > MAX_OBLIGATIONS)
      context.report(null, 'P3052', effect.span, { what: 'obligations', max: MAX_OBLIGATIONS });
    for (const param of effect.params) {
      const { name } = param.name;
      if (obligations.some((o) => o.name === name)) context.report(null, 'P3002', param.name.span, { name });
      const type = resolveType(context, env, param.type);
      if (type === null) continue;
      const item = type.kind === 'list' ? type.item.type : type;
      if (
        !isPrintable(item) ||
        (type.kind === 'decimal' && type.scale === null) ||
        (item.kind === 'decimal' && item.scale === null)
      ) {
        context.report(null, 'P3084', param.span, { name });
        continue;
      }
      obligations.push({ name, type, defaultValue: defaultValue(context, env, param, name, type) });
    }
    effects.push({ name: effect.name.name, obligations });
  }
  return effects;
}

function defaultValue(
  context: Context,
  env: Env,
  param: EffectsItem['effects'][number]['params'][number],
  name: string,
  type: TypedObligation['type'],
): TypedExpr | null {
  if (param.defaultValue === null) return null;
  const value = obligationValue(context, env, param.defaultValue, { name, type });
  if (value !== null && isConstant(value)) return value;
  if (value !== null) context.report(null, 'P3073', value.span, { what: 'a default' });
  // There is a default, although a wrong one: that it is missing must not be told too.
  return literalExpr({ kind: 'bool', value: false }, type, param.span);
}

/** Reports effects that no rule, row or default uses. */
export function reportUnusedEffects(context: Context, item: EffectsItem, vocabulary: Vocabulary): void {
  for (const effect of item.effects) {
    if (!vocabulary.usedEffects.has(effect.name.name))
      context.report(null, 'P3908', effect.name.span, { name: effect.name.name });
  }
}
