// What a rule, a row, `default` and `on invalid` say: effect, obligations, reason, severity, message, remediations, tags.

import type { Argument, Clause, Outcome, Span, Str } from '../ast.ts';
import { MAX_REASON, MAX_REMEDIATIONS, MAX_TAGS } from '../bytecode/limits.ts';
import { REASON_DEFAULT, REASON_INVALID } from '../bytecode/opcodes.ts';
import { codePoints } from '../value/text.ts';
import { fitsDeclared } from './arithmetic.ts';
import { type Context, didYouMean, type Env } from './context.ts';
import { check } from './expr.ts';
import { coerce, isConstant } from './literal.ts';
import { checkTemplate, printHint } from './template.ts';
import type { TemplatePart, TypedEffect, TypedExpr, TypedObligation, TypedOutcome } from './typed.ts';
import { isAssignable, isPrintable, type Type, typeText } from './types.ts';

/** The effects and severities that a policy declares. */
export interface Vocabulary {
  readonly effects: readonly TypedEffect[];
  readonly severities: readonly string[];
  readonly usedEffects: Set<string>;
}

export type Role = 'rule' | 'default' | 'on invalid';

/** Types an outcome; null after a reported error. `reason` is the code when none is written. */
export function checkOutcome(
  context: Context,
  env: Env,
  vocabulary: Vocabulary,
  outcome: Outcome,
  role: Role,
  reason: string,
): (TypedOutcome & { readonly tags: readonly string[] }) | null {
  const effect = resolveEffect(context, vocabulary, outcome.effect);
  const clauses = checkClauses(context, env, vocabulary, outcome.clauses, role, reason, outcome.effect.span);
  if (effect === null) {
    for (const argument of outcome.args) check(context, argument.value, env);
    return null;
  }
  vocabulary.usedEffects.add(outcome.effect.name);
  const obligations = checkArguments(
    context,
    env,
    vocabulary.effects[effect]!,
    outcome.args,
    outcome.effect.span,
    role,
  );
  return clauses === null || obligations === null ? null : { effect, obligations, ...clauses };
}

export function resolveEffect(
  context: Context,
  vocabulary: Vocabulary,
  name: { readonly name: string; readonly span: Span },
): number | null {
  const index = vocabulary.effects.findIndex((effect) => effect.name === name.name);
  if (index < 0) {
    const names = vocabulary.effects.map((effect) => effect.name);
    return context.report(null, 'P3070', name.span, {
      name: name.name,
      hint: didYouMean(name.name, names) || `declared effects: ${names.join(', ')}`,
    });
  }
  return index;
}

function checkArguments(
  context: Context,
  env: Env,
  effect: TypedEffect,
  args: readonly Argument[],
  span: Span,
  role: Role,
): TypedExpr[] | null {
  const given = new Map<string, TypedExpr>();
  let failed = false;
  const seen = new Set<string>();
  for (const argument of args) {
    const { name } = argument.name;
    const obligation = effect.obligations.find((o) => o.name === name);
    if (obligation === undefined) {
      const names = effect.obligations.map((o) => o.name);
      context.report(null, 'P3071', argument.name.span, {
        effect: effect.name,
        name,
        hint: didYouMean(name, names),
      });
      failed = true;
    } else if (seen.has(name)) {
      context.report(null, 'P3072', argument.name.span, { name });
      failed = true;
    }
    seen.add(name);
    if (obligation === undefined) continue;
    const value = obligationValue(context, env, argument.value, obligation);
    if (value === null) failed = true;
    else if (role === 'on invalid' && !isConstant(value)) {
      context.report(null, 'P3073', value.span, { what: 'an argument' });
      failed = true;
    } else given.set(name, value);
  }
  const values: TypedExpr[] = [];
  for (const obligation of effect.obligations) {
    const value = given.get(obligation.name) ?? obligation.defaultValue;
    if (value !== null && value !== undefined) values.push(value);
    else if (!seen.has(obligation.name)) {
      context.report(null, 'P3074', span, { effect: effect.name, name: obligation.name });
      failed = true;
    }
  }
  return failed ? null : values;
}

/** Types a value for an obligation: a printable scalar of its type, or a list of them. */
export function obligationValue(
  context: Context,
  env: Env,
  written: Argument['value'],
  obligation: Pick<TypedObligation, 'name' | 'type'>,
): TypedExpr | null {
  const checked = check(context, written, env).expr;
  if (checked === null || context.rejectOptional(env, checked)) return null;
  const value = coerce(context, env, checked, obligation.type);
  if (value === null) return null;
  const item: Type = value.type.kind === 'list' ? value.type.item.type : value.type;
  const emptyList = value.kind === 'list' && value.items.length === 0 && obligation.type.kind === 'list';
  if (!emptyList && !isAssignable(value.type, obligation.type)) {
    return context.report(env, 'P3075', value.span, {
      name: obligation.name,
      wanted: typeText(obligation.type),
      found: typeText(value.type),
    });
  }
  if (!emptyList && !isPrintable(item)) {
    return context.report(env, 'P3062', value.span, {
      name: obligation.name,
      type: typeText(value.type),
      hint: printHint(item.kind),
    });
  }
  if (value.type.kind === 'list' && value.type.item.optional)
    return context.report(env, 'P3030', value.span, { name: 'an item of the list' });
  return fitsDeclared(context, env, value, obligation.type) ? value : null;
}

interface Clauses {
  readonly severity: number | null;
  readonly reason: string;
  readonly message: readonly TemplatePart[] | null;
  readonly remediations: readonly string[];
  readonly tags: readonly string[];
}

function checkClauses(
  context: Context,
  env: Env,
  vocabulary: Vocabulary,
  clauses: readonly Clause[],
  role: Role,
  defaultReason: string,
  at: Span,
): Clauses | null {
  const before = context.diagnostics.length;
  if (
    role === 'rule' &&
    isBuiltInReason(defaultReason) &&
    !clauses.some((clause) => clause.kind === 'reason')
  )
    context.report(null, 'P3905', at, { reason: defaultReason });
  let severity: number | null = null;
  let reason = defaultReason;
  let message: TemplatePart[] | null = null;
  let failed = false;
  const remediations: string[] = [];
  const tags: string[] = [];
  const seen = new Set<string>();
  for (const clause of clauses) {
    if (clause.kind !== 'remediation' && seen.has(clause.kind))
      context.report(null, 'P3076', clause.span, { clause: clause.kind });
    seen.add(clause.kind);
    switch (clause.kind) {
      case 'severity': {
        severity = vocabulary.severities.indexOf(clause.name.name);
        if (severity < 0) {
          const hint =
            didYouMean(clause.name.name, vocabulary.severities) ||
            `severities: ${vocabulary.severities.join(', ')}`;
          context.report(null, 'P3077', clause.name.span, { name: clause.name.name, hint });
        }
        break;
      }
      case 'reason':
        reason = checkReason(context, clause.text, role);
        break;
      case 'message':
        message = checkTemplate(context, env, clause.text);
        if (message === null) failed = true;
        else if (role === 'on invalid' && message.some((part) => typeof part !== 'string'))
          context.report(null, 'P3073', clause.span, { what: 'the message' });
        break;
      case 'remediation':
        if (plainText(context, clause.text) && !remediations.includes(clause.text.value))
          remediations.push(clause.text.value);
        if (remediations.length > MAX_REMEDIATIONS)
          context.report(null, 'P3052', clause.span, { what: 'remediations', max: MAX_REMEDIATIONS });
        break;
      case 'tags':
        checkTags(context, env, clause, tags);
        break;
    }
  }
  return failed || context.hasErrorsSince(before) ? null : { severity, reason, message, remediations, tags };
}

/** Reports `\*` in a text that is no pattern; returns whether there is none. */
function plainText(context: Context, str: Str): boolean {
  if (str.stars.length > 0) context.report(null, 'P3029', str.span);
  return str.stars.length === 0;
}

function isBuiltInReason(text: string): boolean {
  return text === REASON_INVALID || text === REASON_DEFAULT;
}

function checkReason(context: Context, str: Str, role: Role): string {
  const text = str.value;
  if (!plainText(context, str)) return text;
  const length = codePoints(text);
  if (length === 0 || length > MAX_REASON || /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u.test(text)) {
    context.report(null, 'P3078', str.span, { max: MAX_REASON });
  } else if (role === 'rule' && isBuiltInReason(text))
    context.report(null, 'P3905', str.span, { reason: text });
  else if (!/^[A-Z0-9_.]+$/.test(text)) context.report(null, 'P3906', str.span, { reason: text });
  return text;
}

function checkTags(
  context: Context,
  env: Env,
  clause: Extract<Clause, { kind: 'tags' }>,
  tags: string[],
): void {
  const list = check(context, clause.list, env).expr;
  if (list === null || list.kind !== 'list') return;
  for (const item of list.items) {
    if (item.kind !== 'literal' || item.literal.kind !== 'string') context.report(null, 'P3079', item.span);
    else if (!tags.includes(item.literal.value)) tags.push(item.literal.value);
  }
  if (tags.length > MAX_TAGS) context.report(null, 'P3052', clause.span, { what: 'tags', max: MAX_TAGS });
}
